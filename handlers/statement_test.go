package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"fund/workflow"
)

// TestStatementOverTheAPI: the officer asks, the school reads what and by when and answers on its page, and who decides reads the answer.
func TestStatementOverTheAPI(t *testing.T) {
	t.Parallel()
	const teacher = "teacher.yrkesgymnasiet-skelleftea"
	k := counting(t, 1)
	p := k.payees[0]
	k.bring(k.says(p, "debit", 1)).want(http.StatusOK)
	v := pagesOf(k)
	v.id, v.path = p.app, fmt.Sprintf("/applications/%d", p.app)
	v.at("2027-04-08T08:00:00+02:00")
	v.machine(workflow.StartTravel{})
	v.machine(workflow.EndTravel{})
	v.post(teacher, fmt.Sprintf("/do/%d/give_statement", v.id), http.StatusConflict, "text", "Nej.")
	recover := fmt.Sprintf("/do/%d/decide_recovery", v.id)
	if page := v.get("head", recover, http.StatusOK); !strings.Contains(page, "Då går inte: besluta om återkrav.") || strings.Contains(page, "Belopp kr") {
		t.Errorf("before anything is proposed the form reads %q", page)
	}
	v.machine(workflow.ProposeRecovery{})
	for _, page := range [][2]string{{"officer", fmt.Sprintf("/cases/%d", v.id)}, {teacher, v.path}} {
		v.says(v.get(page[0], page[1], http.StatusOK), "Återkrav föreslaget")
	}
	v.says(v.get("officer", recover, http.StatusOK), "Din roll kan inte göra det här.")
	offers := func(who, action string) bool {
		return slices.Contains(v.call(who, http.MethodGet, v.path, "").want(http.StatusOK).body["allowed_actions"].([]any), any(action))
	}
	if !offers("officer", "ask_statement") || offers(teacher, "give_statement") {
		t.Error("before it is asked")
	}
	ask, give := fmt.Sprintf("/do/%d/ask_statement", v.id), fmt.Sprintf("/do/%d/give_statement", v.id)
	v.get("officer", ask, http.StatusOK)
	v.act("officer", v.path, "ask_statement", `{"reason":"Ingen resa?"}`).has("recovery.statement.due_on", "2027-04-22").has("recovery.statement.given_at", "<nil>")
	if !offers(teacher, "give_statement") || !offers("principal.yrkesgymnasiet-skelleftea", "give_statement") || offers("officer", "give_statement") || !offers("officer", "record_statement") || !offers("registrar", "record_statement") || offers(teacher, "record_statement") {
		t.Error("after it is asked")
	}
	v.says(v.get(teacher, v.path, http.StatusOK), "Yttra er senast", "22 april 2027")
	v.says(v.get(teacher, v.path, http.StatusOK), "Skickar ni in slutrapporten innan dess faller förslaget", "Skriv slutrapporten")
	v.says(v.get(teacher, "/tasks", http.StatusOK), "Yttra er")
	v.says(v.get("head", "/tasks", http.StatusOK), "Sökanden har till och med 22 april 2027 på sig")
	v.says(v.get("head", fmt.Sprintf("/do/%d/decide_recovery", v.id), http.StatusOK), "Sökanden har till och med 22 april 2027 på sig")
	v.says(v.get(teacher, give, http.StatusOK), "Ert yttrande", "Ingen resa?", "22 april 2027")
	v.says(v.post(teacher, give, http.StatusUnprocessableEntity, "text", ""), "Ert yttrande")
	v.post(teacher, give, http.StatusSeeOther, "text", "Vi reste. Rapporten kommer.")
	v.call("officer", http.MethodGet, v.path, "").want(http.StatusOK).has("recovery.statement.text", "Vi reste. Rapporten kommer.").has("recovery.statement.given_by", teacher+"@example.org")
	v.says(v.get("head", fmt.Sprintf("/do/%d/decide_recovery", v.id), http.StatusOK), "Vi reste. Rapporten kommer.")
	v.says(v.get("officer", fmt.Sprintf("/cases/%d", v.id), http.StatusOK), "Vi reste. Rapporten kommer.")
	v.says(v.get(teacher, v.path+"/settlement", http.StatusOK), "Vi reste. Rapporten kommer.")
	v.says(v.get(teacher, v.path, http.StatusOK), "Ni har yttrat er")
	v.act("head", v.path, "decide_recovery", `{"amount":5000,"due_on":"2027-05-10","reason":"Ingen rapport."}`).has("recovery.statement.text", "Vi reste. Rapporten kommer.")
}

// TestStatementOnPaper: the office enters what came as a letter, with the day it came; the school, who decides and a disclosure read it.
func TestStatementOnPaper(t *testing.T) {
	t.Parallel()
	const teacher = "teacher.yrkesgymnasiet-skelleftea"
	k := counting(t, 1)
	p := k.payees[0]
	k.bring(k.says(p, "debit", 1)).want(http.StatusOK)
	v := pagesOf(k)
	v.id, v.path = p.app, fmt.Sprintf("/applications/%d", p.app)
	v.at("2027-04-08T08:00:00+02:00")
	v.machine(workflow.StartTravel{})
	v.machine(workflow.EndTravel{})
	v.machine(workflow.ProposeRecovery{})
	v.act("officer", v.path, "ask_statement", "{}")
	enter := fmt.Sprintf("/do/%d/record_statement", v.id)
	v.says(v.get("registrar", enter, http.StatusOK), "Dag då det kom in", "Sökandens yttrande")
	v.says(v.post("registrar", enter, http.StatusUnprocessableEntity, "received_on", "2027-04-09", "text", "Vi reste."), "Vi reste.")
	v.post("registrar", enter, http.StatusSeeOther, "received_on", "2027-04-06", "text", "Vi reste. Rapporten kommer.")
	v.call("officer", http.MethodGet, v.path, "").want(http.StatusOK).has("recovery.statement.received_on", "2027-04-06").has("recovery.statement.entered_by", "registrar@example.org")
	for _, page := range [][2]string{{"head", fmt.Sprintf("/do/%d/decide_recovery", v.id)}, {"officer", fmt.Sprintf("/cases/%d", v.id)}, {teacher, v.path + "/settlement"}} {
		v.says(v.get(page[0], page[1], http.StatusOK), "Vi reste. Rapporten kommer.", "6 april 2027", "registrar@example.org")
	}
	copied := v.fill("registrar", fmt.Sprintf("/archive/cases/%d/disclosure", v.id), http.StatusOK, "words", "Rapporten kommer", "ground", "osl_21_7", "reason", "Prövat.", "do", "preview")
	v.says(copied, "Sökandens yttrande om återkrav", "Vi reste. [****]")
}
