package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"fund/workflow"
)

// returned is the case when its report, of the principal's approval, was sent back on 20 October 2026 with the days until 3 November.
func (v *school) returned() *school {
	v.t.Helper()
	v.reported().at("2026-10-20T09:00:00+02:00")
	v.act("teacher", v.path, "submit_report", `{"pupils":20,"staff":2,"start":"2026-09-07","end":"2026-09-12","actual":[{"line":1,"amount":40000}],"external_grants_received":0,"texts":{"summary":"Bra."},"publish":false}`)
	v.says(v.get("officer", v.office(), 200), "Rektor eller skolans ekonom godkänner pengarna.")
	v.act("principal", v.path, "approve", `{}`)
	v.says(v.get("officer", v.office(), 200), "Läs rapporten och ta ställning till den.")
	v.act("officer", v.path, "return_report", `{"points":[{"field":"actual","text":"Kvitton saknas."}]}`)
	return v
}

// TestReturnedReportIsJudgedAsItStands: while the school has its days the office waits, and says until when; then
// the report can be judged, and who does it reads what was not answered.
func TestReturnedReportIsJudgedAsItStands(t *testing.T) {
	t.Parallel()
	v := newSchool(t).returned()
	do := fmt.Sprintf("/do/%d/", v.id)
	home := v.get("officer", v.office(), 200)
	v.says(home, "Sökanden rättar rapporten, senast tisdag 3 november 2026.", "Läs slutrapporten", "senast 3 november")
	v.says(v.get("officer", do+"extend_report", 200), "Slutrapport senast", "tisdag 3 november 2026")
	v.says(v.get("teacher", v.path, 200), "Ändra i rapporten senast tisdag 3 november 2026.")
	if strings.Contains(v.get("head", do+"decide_recovery", 200), "Avbetalning") {
		t.Error("a school of the municipality is offered instalments, which are then refused")
	}
	v.get("officer", do+"accept_report", 200)
	v.post("officer", do+"accept_report", http.StatusConflict)
	if strings.Contains(v.get("officer", "/tasks", 200), "Godkänn rapporten") {
		t.Error("a report that the school is mending is a task of the office")
	}

	v.at("2026-11-04T09:00:00+01:00")
	v.says(v.get("officer", v.office(), 200), "Sökanden svarade inte senast tisdag 3 november 2026. Bedöm rapporten som den är, eller ge mer tid.")
	v.says(v.get("officer", "/tasks", 200), "Godkänn rapporten")
	v.says(v.get("teacher", v.path, 200), "Rapporten skulle ha kommit tillbaka tisdag 3 november 2026.", "Annars bedöms den som den är")
	v.says(v.get("officer", do+"accept_report", 200), "Rapporten bedöms som den är.", "Kvitton saknas.")
	v.post("officer", do+"accept_report", http.StatusSeeOther, "disallowed.1.row", "1", "disallowed.1.line", "1", "disallowed.1.amount", "4000", "disallowed.1.reason", "Inga kvitton.")
	if got := v.state(); got != "report_accepted" {
		t.Errorf("state %v", got)
	}
	v.says(v.get("officer", fmt.Sprintf("/reports/%d", v.id), 200), "4 000 kr godtas inte: Inga kvitton.")
}

// TestReturnedReportIsClaimedFor: ninety days after the day of the return everything is proposed to come back. The
// pages say proposal until somebody has decided, and why, and reckon nothing by the report that was not mended.
func TestReturnedReportIsClaimedFor(t *testing.T) {
	t.Parallel()
	const teacher, principal = "teacher.yrkesgymnasiet-skelleftea", "principal.yrkesgymnasiet-skelleftea"
	k := counting(t, 1)
	p := k.payees[0]
	k.bring(k.says(p, "debit", 1)).want(http.StatusOK)
	v := pagesOf(k)
	v.id, v.path = p.app, fmt.Sprintf("/applications/%d", p.app)
	v.at("2027-04-08T08:00:00+02:00")
	v.machine(workflow.StartTravel{})
	v.machine(workflow.EndTravel{})
	end := v.call("officer", http.MethodGet, v.path, "").want(200).at("activity.end")
	v.act(teacher, v.path, "submit_report", fmt.Sprintf(`{"pupils":20,"staff":2,"start":%q,"end":%q,"actual_eligible_cost":40000,"external_grants_received":0,"texts":{"summary":"Bra."},"publish":true}`, end, end))
	v.act("officer", v.path, "return_report", `{"points":[{"field":"actual","text":"Kvitton saknas."}],"due_on":"2027-04-22"}`)
	v.at("2027-06-30T08:00:00+02:00")
	v.says(v.get("officer", fmt.Sprintf("/cases/%d", v.id), 200), "ingen på skolan har godkänt pengarna", "att hela bidraget betalas tillbaka")
	v.at("2027-12-30T08:00:00+01:00")
	v.machine(workflow.ProposeRecovery{})
	v.call("officer", http.MethodGet, v.path, "").want(200).has("recovery.cause", "report_unanswered")
	page := v.get(teacher, v.path+"/settlement", 200)
	v.says(page, "Ni kan få betala tillbaka", "Slutrapporten skickades tillbaka och har inte kommit in rättad.", "Ni har rätt till0 kr")
	if strings.Contains(page, "Vår högsta andel") {
		t.Errorf("everything is claimed, and the page reckons by the report: %s", page)
	}
	v.says(v.get(principal, v.path, 200), "eftersom rapporten inte har kommit tillbaka rättad")
	v.says(v.get("head", "/decisions", 200), "Besluta om återkrav", "5 000 kr", "Chefen för Internationella enheten")
	v.says(v.get("head", fmt.Sprintf("/do/%d/decide_recovery", v.id), 200), "Avbetalning")
	v.says(v.post("head", fmt.Sprintf("/do/%d/decide_recovery", v.id), 200, "do", "preview", "amount", "5 000", "due_on", "2028-01-30", "reason", "Inget svar."), "Så blir brevet", "30 januari 2028", "Inget svar.")
	v.act("head", v.path, "decide_recovery", `{"amount":5000,"due_on":"2028-01-30","reason":"Inget svar."}`)
	v.says(v.get(teacher, v.path+"/settlement", 200), "Ni betalar tillbaka 5 000 kr")
	v.says(v.get("head", fmt.Sprintf("/cases/%d", v.id), 200), "Läs slutrapporten", "Slutavräkningen")
}
