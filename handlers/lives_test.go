package handlers

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// life is a case that random people push about through the API.
type life struct {
	*stage
	r      *rand.Rand
	id     int64
	path   string
	now    time.Time
	k      workflow.Case // as it was before the step
	actors map[string]workflow.Actor
	done   map[workflow.Action]int // steps that were taken, by people and by the program
	plot   plot
}

// plot leans a life towards what chance alone seldom brings: what it wishes is
// mostly done as soon as it is open, what it shuns never is.
type plot struct{ wish, shun []workflow.Action }

// back are the ways in which money comes back, or doesn't.
var back = []workflow.Action{workflow.ActSettle, workflow.ActDecideRecovery, workflow.ActRecordRepayment, workflow.ActWriteOff}

// plots are taken in turn: a report with little spent, a change and then no trip, no report at all, and pure chance.
var plots = []plot{
	{wish: append([]workflow.Action{workflow.ActSubmitReport, workflow.ActAcceptReport}, back...), shun: append([]workflow.Action{workflow.ActRecordAppeal}, endings...)},
	{wish: append([]workflow.Action{workflow.ActRequestChange, workflow.ActDecideChange, workflow.ActReportCancellation}, back...), shun: []workflow.Action{workflow.ActWithdraw, workflow.ActDecline, workflow.ActLapse, workflow.ActRemitBack, workflow.ActRecordAppeal, workflow.ActSubmitReport}},
	{wish: back, shun: append([]workflow.Action{workflow.ActSubmitReport, workflow.ActRecordAppeal, workflow.ActExtendReport}, endings...)},
	{},
}

var lifePeople = []string{"teacher", "principal", "officer", "reviewer1", "reviewer2", "head", "secretary", "finance1", "finance2", "registrar", "auditor"}

var (
	// endings end a life, or lead it back.
	endings = []workflow.Action{workflow.ActWithdraw, workflow.ActDecline, workflow.ActLapse, workflow.ActRemitBack, workflow.ActReportCancellation}
	// rarely are actions that change little.
	rarely = []workflow.Action{workflow.ActRequestCompletion, workflow.ActRegister, workflow.ActTakeBack, workflow.ActCorrect, workflow.ActRecordNotice, workflow.ActRecordAppeal, workflow.ActChangeAccount,
		workflow.ActRequestChange, workflow.ActSaveReview, workflow.ActMessage, workflow.ActAssignOfficer, workflow.ActAssignReviewers}
)

// TestRandomLivesThroughTheAPI walks random lives over real HTTP and PostgreSQL:
// every answer is as described, none is a fault of ours, what allowed_actions
// offers is never refused for role, level or state, and in the end the log is
// whole and the ledger says what the cases say.
func TestRandomLivesThroughTheAPI(t *testing.T) {
	t.Parallel()
	lives := 5
	if os.Getenv("FUND_TEST_LONG") != "" {
		lives = 200
	}
	reached, done := map[workflow.State]bool{}, map[workflow.Action]int{}
	for n := range lives {
		st := newStage(t) // a school gets one grant a round (RF-08), so each life has a round of its own
		st.round("VT26")
		l := &life{stage: st, r: rand.New(rand.NewPCG(26, uint64(n))), now: time.Date(2026, 2, 1, 9, 0, 0, 0, time.UTC), actors: map[string]workflow.Actor{}, done: done, plot: plots[n%len(plots)]}
		l.clock(0)
		l.path = st.filed()
		if _, err := fmt.Sscanf(l.path, "/applications/%d", &l.id); err != nil {
			t.Fatal(err)
		}
		steps := 220
		if len(l.plot.wish) > 0 { // chance seldom comes past the decision: these begin when the money is paid
			l.paid()
			steps = 70
		}
		for range steps {
			l.step()
			reached[l.k.App.State] = true
		}
		l.ledger()
		if audit, err := st.store.VerifyAudit(t.Context()); err != nil || len(audit.Broken) > 0 {
			t.Errorf("the log of life %d: %+v, %v", n, audit, err)
		}
	}
	// The equation is worth something only if money really moved in every way.
	for _, a := range []workflow.Action{workflow.ActRequestChange, workflow.ActDecideChange, workflow.ActReportCancellation, workflow.ActSettle, workflow.ActDecideRecovery, workflow.ActRecordRepayment, workflow.ActWriteOff} {
		if done[a] == 0 {
			t.Errorf("no life had %s: %v", a, done)
		}
	}
	if len(reached) < 10 || done[workflow.ActMovePayment] < 3 {
		t.Errorf("the lives reached only %v, and the program did %v", reached, done)
	}
}

// paid walks the life to a grant of 30 000 kr that is paid, on 12 July.
func (l *life) paid() {
	l.t.Helper()
	(&school{stage: l.stage, id: l.id, path: l.path}).decided()
	l.act("officer", l.path, "rule_condition", `{"condition":1,"met":true,"note":"Sett."}`)
	l.act("teacher", l.path, "accept_conditions", "{}")
	for _, who := range []string{"finance1", "finance2"} {
		l.act(who, l.path, "verify_account", `{"called_back":true,"note":"Ringt."}`)
	}
	l.now = time.Date(2026, 7, 12, 9, 0, 0, 0, time.UTC)
	l.clock(0)
	l.act("officer", l.path, "check_advisory", `{"level":"none","source":"UD","on":"2026-07-12"}`)
	for _, cmd := range []workflow.Command{&workflow.MakePayable{}, &workflow.MovePayment{N: 1, To: workflow.PayInBatch, Batch: 1}, &workflow.MovePayment{N: 1, To: workflow.PayExported, Batch: 1},
		&workflow.MovePayment{N: 1, To: workflow.PayPaid, On: workflow.DateOf(l.now), Batch: 1, Voucher: "V 1"}} {
		if _, err := l.store.Apply(l.t.Context(), sql.Ref{ID: l.id}, workflow.Machine(), cmd); err != nil {
			l.t.Fatal(cmd.Action(), err)
		}
		l.done[cmd.Action()]++
	}
}

func (l *life) clock(days int) {
	l.now = l.now.AddDate(0, 0, days)
	sqltest.Freeze(l.t, l.url, l.now)
}

// step lets time pass, the program take a step, or somebody do something.
func (l *life) step() {
	l.t.Helper()
	if l.r.IntN(8) == 0 {
		l.clock([]int{1, 7, 40}[l.r.IntN(3)])
	}
	k, err := l.store.Case(l.t.Context(), workflow.Machine(), l.id)
	if err != nil {
		l.t.Fatal(err)
	}
	l.k = k
	if l.r.IntN(3) == 0 {
		l.machine()
		return
	}
	who, action := l.choose()
	if who == "" {
		return
	}
	seen := l.call(who, http.MethodGet, l.path, "").want(200)
	open := []string{}
	for _, a := range seen.body["allowed_actions"].([]any) {
		open = append(open, a.(string))
	}
	body := l.body(action)
	got := l.call(who, http.MethodPost, l.path+"/actions/"+action, body, "If-Match", seen.tag())
	switch offered := slices.Contains(open, action); {
	case got.status < 300:
		l.done[workflow.Action(action)]++
		if !offered && action != "declare_interest" {
			l.t.Fatalf("%s was not open to %s in %s, but: %d", action, who, k.App.State, got.status)
		}
	case got.status >= 500:
		l.t.Fatalf("%s %s: %d %s", got.call, body, got.status, got.raw)
	case offered && (got.status == http.StatusForbidden || got.status == http.StatusNotFound) && action != "decide_recovery":
		l.t.Fatalf("%s was open to %s in %s, but: %d %s", action, who, k.App.State, got.status, got.raw)
	}
}

// choose picks who does what: mostly what leads on, sometimes what is rare, and
// now and then what is not open at all.
func (l *life) choose() (who, action string) {
	var on, rare, wished, any [][2]string
	for _, who := range lifePeople {
		by := l.actor(who)
		if !workflow.Sees(l.k, by) {
			continue
		}
		if a := workflow.Public()[l.r.IntN(len(workflow.Public()))]; !slices.Contains(l.plot.shun, a) {
			any = append(any, [2]string{who, string(a)})
		}
		for _, a := range workflow.Allowed(l.k, by, l.now) {
			switch {
			case slices.Contains(l.plot.shun, a):
			case a == workflow.ActReportCancellation && len(l.plot.wish) > 0 && len(l.k.App.Changes) < 2: // the changes come first
			case slices.Contains(l.plot.wish, a):
				wished = append(wished, [2]string{who, string(a)})
			case slices.Contains(endings, a) && l.r.IntN(15) > 0:
			case slices.Contains(rarely, a) || a == workflow.ActDeclareInterest && (!by.Is(workflow.Reviewer) || l.k.App.Declared(by.ID)):
				rare = append(rare, [2]string{who, string(a)})
			default:
				on = append(on, [2]string{who, string(a)})
			}
		}
	}
	list := on
	if dice := l.r.IntN(10); dice == 0 || len(on) == 0 && dice < 5 {
		list = any
	} else if dice < 3 || len(on) == 0 {
		list = rare
	}
	if len(wished) > 0 && l.r.IntN(3) > 0 {
		list = wished
	}
	if len(list) == 0 {
		return "", ""
	}
	x := list[l.r.IntN(len(list))]
	return x[0], x[1]
}

func (l *life) actor(who string) workflow.Actor {
	l.t.Helper()
	if by, ok := l.actors[who]; ok {
		return by
	}
	p, err := l.store.PersonByEmail(l.t.Context(), who+"@example.org")
	if err != nil {
		l.t.Fatal(err)
	}
	l.actors[who] = workflow.Act(p)
	return l.actors[who]
}

// machine takes a step of the program that is open, if there is one.
func (l *life) machine() {
	l.t.Helper()
	k, today := l.k, workflow.DateOf(l.now)
	list := []workflow.Command{&workflow.ExpireCompletion{}, &workflow.MakePayable{}, &workflow.StartTravel{}, &workflow.EndTravel{}, &workflow.ProposeRecovery{}}
	for _, p := range k.App.Payments {
		list = append(list, &workflow.MovePayment{N: p.N, To: workflow.PayInBatch, Batch: 1}, &workflow.MovePayment{N: p.N, To: workflow.PayExported, Batch: 1},
			&workflow.MovePayment{N: p.N, To: workflow.PayPaid, On: today, Batch: 1, Voucher: "V 1"})
	}
	if _, end, ok := k.App.Form.Activity.Days(); ok && l.r.IntN(4) == 0 && slices.Contains([]workflow.State{workflow.Payable, workflow.Paid1, workflow.Travelling}, k.App.State) && l.now.Before(end.At(9, 0)) {
		l.now = end.AddDays(l.r.IntN(3)-1).At(9, 0)
		l.clock(0)
	}
	if due := k.ReportDueOn().AddDays(k.Round.Rules.RecoveryAfterDays).At(9, 0); k.App.State == workflow.ReportDue && l.r.IntN(6) == 0 && l.now.Before(due) {
		l.now = due // so long nobody reported
		l.clock(0)
	}
	for _, p := range k.App.Payments { // a life is short: it comes to the day of a payment sooner than by chance
		if p.Live() && !p.Earliest.IsZero() && l.now.Before(p.Earliest.At(9, 0)) && l.r.IntN(4) == 0 {
			l.now = p.Earliest.At(9, 0)
			l.clock(0)
		}
	}
	for _, i := range l.r.Perm(len(list)) {
		_, err := l.store.Apply(l.t.Context(), sql.Ref{ID: l.id}, workflow.Machine(), list[i])
		if err == nil {
			l.done[list[i].Action()]++
			return
		}
	}
}

// pick gives one of the choices.
func (l *life) pick(choices ...string) string { return choices[l.r.IntN(len(choices))] }

// body makes a body that fits often, and sometimes not.
func (l *life) body(action string) string {
	today := workflow.DateOf(l.now)
	near := func(most int64) int64 { return []int64{most, most, max(0, most/2), most + 1, -1}[l.r.IntN(5)] }
	words := strings.Repeat("Väl motiverat. ", 10)
	comments := fmt.Sprintf(`"comments":{"K1":%q,"K2":%q,"K3":%q,"K4":%q,"K5":%q}`, words, words, words, words, words)
	ratings := `"ratings":` + l.pick(`{"K1":4,"K2":4,"K3":4,"K4":4,"K5":4}`, `{"K1":4,"K2":4,"K3":4,"K4":4,"K5":4}`, `{"K1":5,"K2":3,"K3":4,"K4":4,"K5":4}`, `{"K1":2}`, `{"K1":9,"K2":"x"}`)
	proposal := fmt.Sprintf(`"outcome":"granted","amount":%d,"reasons":[],"text":"Bra utbyte.","conditions":%s`, near(workflow.Compute(l.k, today).MaxGrant), l.pick("[]", "[]", `[{"text":"Visa en plan.","due_on":"2026-08-01"}]`))
	if l.r.IntN(8) == 0 {
		proposal = `"outcome":"rejected","amount":0,"reasons":["R-QUAL"],"text":"Räcker inte."`
	}
	var claim, repay int64
	if r := l.k.App.Recovery; r != nil {
		claim = r.Left()
	}
	if x := l.k.App.Settlement; x != nil {
		repay = x.Repay
	}
	bodies := map[string]string{"message": `{"text":"En fråga om resan."}`, "assign_officer": `{"officer":"officer@example.org"}`,
		"approve": `{"statement":"Stämmer."}`, "rule_eligibility": l.pick(`{"eligible":true,"rulings":[]}`, `{"eligible":true}`, `{"eligible":false,"rulings":[{"rule":"RF-01","met":false,"reason":"x"}]}`, `{"rulings":7}`),
		"request_completion": `{"points":[{"field":"text.risk","text":"Mer."}]}`, "extend_completion": fmt.Sprintf(`{"days":%d,"reason":"Lov."}`, l.r.IntN(9)), "complete": l.pick(`{}`, `{"message":"Klart."}`),
		"assign_reviewers": l.pick(`{"reviewers":["reviewer1@example.org","reviewer2@example.org"]}`, `{"reviewers":["reviewer3@example.org"]}`, `{"reviewers":["nobody@example.org"]}`),
		"declare_interest": l.pick(`{"conflict":false}`, `{"conflict":false}`, `{"conflict":false}`, `{"reason":"x"}`), "save_review": "{" + ratings + "}", "submit_review": "{" + ratings + "," + comments + "}",
		"set_consensus": "{" + ratings + `,"comment":"Enigt."}`, "propose": "{" + proposal + "}", "remit_back": `{"reason":"Mer underlag."}`, "take_back": `{"reason":"Fel rad."}`, "register": `{"dnr":"KS 2026/7"}`,
		"decide":  "{" + proposal + `,"delegation_item":"3.1","meeting":{"date":"` + today.String() + `","item_no":"7","present":["A","B"],"conflicted":[]}}`,
		"correct": `{"was":"Brahe","is":"Brahestad","reason":"Skrivfel."}`, "record_notice": fmt.Sprintf(`{"posted_on":"%s"}`, today.AddDays(-l.r.IntN(4))), "record_appeal": fmt.Sprintf(`{"received_on":"%s"}`, today),
		"record_judgment": fmt.Sprintf(`{"on":"%s","outcome":"%s"}`, today, l.pick("upheld", "upheld", "annulled", "dismissed")), "rule_condition": fmt.Sprintf(`{"condition":%d,"met":%t,"note":"Sett."}`, 1+l.r.IntN(2), l.r.IntN(4) > 0),
		"change_account": l.pick(`{"payment":{"method":"internal","cost_centre":"4712"}}`, `{"payment":{"method":"bankgiro","bankgiro":"991-2346"}}`, `{"payment":{"method":"bankgiro","bankgiro":"1"}}`),
		"verify_account": `{"called_back":true,"note":"Ringt."}`, "check_advisory": fmt.Sprintf(`{"level":"%s","source":"UD","on":"%s"}`, l.pick("none", "none", "none", "avoid_all"), today),
		"request_change": fmt.Sprintf(`{"type":"%s","proposed":%s,"cause":"outside","reason":"Prov."}`, l.pick("dates", "participants", "staff"), l.pick(`{"activity":{"start":"2026-09-14","end":"2026-09-19"}}`, `{"participants":{"pupils":12}}`, `{"requested":1}`)),
		"decide_change":  fmt.Sprintf(`{"outcome":"%s","reason":"Går bra."}`, l.pick("approved", "refused")), "report_cancellation": fmt.Sprintf(`{"cause":"%s","unavoidable_cost":%d,"refunds":2000,"reason":"Strejk."}`, l.pick("own", "outside"), l.r.IntN(40000)),
		"submit_report": fmt.Sprintf(`{"pupils":%d,"staff":2,"start":"2026-09-07","end":"2026-09-12","actual":[{"line":1,"amount":%d,"voucher":"V"}],"external_grants_received":%d,"texts":{"summary":"Bra."},"publish":true}`, l.r.IntN(21), l.r.IntN(60000), l.r.IntN(3)*1000),
		"return_report": `{"points":[{"field":"text","text":"Mer."}]}`, "accept_report": l.pick(`{}`, `{"remark":"Fint."}`, `{"disallowed":[{"line":1,"amount":100,"reason":"Privat."}]}`, `{"disallowed":[{"line":9,"amount":-1}]}`),
		"ask_statement": fmt.Sprintf(`{"due_on":"%s"}`, today.AddDays(l.r.IntN(20)-1)), "give_statement": l.pick(`{"text":"Vi bestrider kravet."}`, `{"text":""}`),
		"decide_recovery": fmt.Sprintf(`{"amount":%d,"due_on":"%s","reason":"Inte använt."}`, near(max(repay, 1)), today.AddDays(30)), "record_repayment": fmt.Sprintf(`{"amount":%d,"on":"%s","reference":"F 1"}`, near(claim), today),
		"write_off": fmt.Sprintf(`{"amount":%d,"reason":"Litet."}`, near(claim)), "return_to_applicant": `{"reason":"Mer."}`, "discontinue": `{"reason":"Tillbaka."}`, "decline": `{"reason":"Nej."}`, "lapse": `{"reason":"Ingen svarade."}`,
	}
	if l.r.IntN(25) == 0 {
		return l.pick("{", "[]", `{"x":1}`, `{"amount":"många"}`, "null", `{"points":[null]}`)
	}
	if body, ok := bodies[action]; ok {
		if !json.Valid([]byte(body)) {
			l.t.Fatalf("the test's own body for %s is no JSON: %s", action, body)
		}
		return body
	}
	return "{}"
}

// ledger compares the round's account with the payments of all its cases.
func (l *life) ledger() {
	l.t.Helper()
	cases, _, err := l.store.FullCases(l.t.Context(), workflow.Machine(), sql.CaseFilter{Limit: 500})
	if err != nil {
		l.t.Fatal(err)
	}
	var reserved, paid, off int64
	for _, k := range cases {
		for _, p := range k.App.Payments {
			if p.Live() || p.Failed() {
				reserved += p.Sum()
			}
		}
		paid += k.App.PaidNet()
		for _, r := range k.App.Recoveries {
			off += r.WrittenOff()
		}
		if k.App.Recovery != nil {
			off += k.App.Recovery.WrittenOff()
		}
	}
	m, err := l.store.RoundMoney(l.t.Context(), "VT26")
	if err != nil {
		l.t.Fatal(err)
	}
	if m.Reserved != reserved || m.Paid != paid-off || m.WrittenOff != off || m.Available+m.Reserved+m.Paid+m.WrittenOff != m.Budget {
		l.t.Errorf("the ledger says %+v, the cases reserved %d, paid %d, written off %d", m, reserved, paid-off, off)
	}
}
