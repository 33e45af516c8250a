package handlers

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fund/sql/sqltest"
	"fund/workflow"
)

// TestRepaymentFromTheBankIsBackInThePot walks a claim to the last krona: the letter's number comes back in a camt
// file, finance connects the line on its page, and the money is seen by school, officer, finance and in the round's pot.
func TestRepaymentFromTheBankIsBackInThePot(t *testing.T) {
	t.Parallel()
	const teacher = "teacher.yrkesgymnasiet-skelleftea"
	k := counting(t, 1)
	p := k.payees[0]
	k.bring(k.says(p, "debit", 1)).want(200)
	v := pagesOf(k)
	v.id, v.path = p.app, fmt.Sprintf("/applications/%d", p.app)
	sqltest.Freeze(t, k.url, time.Date(2027, 4, 8, 6, 0, 0, 0, time.UTC))
	k.machine(p.app, workflow.StartTravel{})
	k.machine(p.app, workflow.EndTravel{})
	k.machine(p.app, workflow.ProposeRecovery{})
	k.act("head", v.path, "decide_recovery", `{"amount":5000,"due_on":"2027-05-01","reason":"Ingen rapport."}`)
	whole := k.call("officer", http.MethodGet, v.path, "").want(200)
	if !strings.Contains(fmt.Sprint(whole.at("flags")), "recovery_open") {
		t.Fatal("no claim is open")
	}
	dnr, round := fmt.Sprint(whole.at("dnr")), fmt.Sprint(whole.at("round"))
	money := func() (available, paid int64) {
		t.Helper()
		m, err := k.store.RoundMoney(t.Context(), round)
		if err != nil {
			t.Fatal(err)
		}
		return m.Available, m.Paid
	}
	available, paid := money()
	v.says(v.get(teacher, v.path+"/settlement", 200), "5 000 kr", "1 maj 2027")
	page := v.get("finance1", "/payouts", 200)
	name := fmt.Sprintf("IF27-K%06d", p.app)
	v.says(page, "Fakturaunderlag, "+name+".csv", name+".xlsx")
	csv := fmt.Sprintf("/payouts/claims/%d/%s.csv", p.app, name)
	first := string(v.file("finance1", csv, "text/csv"))
	v.says(first, name, dnr, "5000,00", "2027-05-01")
	page = v.get("finance1", "/payouts", 200)
	v.says(page, "Underlagens filer", "Eva Stenlund", fmt.Sprintf("%x", sha256.Sum256([]byte(first))))
	for _, x := range [][2]string{{csv, "redan hämtad"}, {strings.TrimSuffix(csv, ".csv") + ".xlsx", "hämtat i den andra filen"}} {
		v.says(v.get("finance2", x[0], 200), x[1], "Skriv varför")
		v.says(v.post("finance2", x[0], 422), x[1])
	}
	again, w := v.formOf("finance2", csv, "reason", "Den första bilagan gick förlorad."), httptest.NewRecorder()
	again.AddCookie(&http.Cookie{Name: sessionCookie, Value: v.cookies["finance2"]})
	if v.pages.ServeHTTP(w, again); w.Code != 200 || w.Body.String() != first {
		t.Errorf("fetched again: %d %q, first %q", w.Code, w.Body, first)
	}
	v.says(v.get("finance1", "/payouts", 200), "Den första bilagan gick förlorad.")
	v.get("finance1", fmt.Sprintf("/payouts/claims/%d/%s.si", p.app, name), 404) // that is for a unit of the municipality
	v.get(teacher, fmt.Sprintf("/payouts/claims/%d/%s.csv", p.app, name), 403)
	credit := strings.NewReplacer("<EndToEndId>"+p.reference+"</EndToEndId>", "<EndToEndId>NOTPROVIDED</EndToEndId>", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>",
		"<RmtInf><Ustrd>"+dnr+"</Ustrd></RmtInf>", "2026-07-07", "2027-04-07").Replace(k.says(p, "return", 2))
	file := k.bring(credit).want(200).has("lines.0.problem", "repayment")
	v.says(v.get("finance1", "/tasks", 200), "Rader från banken att koppla")
	line := fmt.Sprintf("/payouts/bank/%v/lines/1", file.at("id"))
	v.says(v.get("finance1", line, 200), dnr, "5 000")
	v.post("finance1", line, 303, "what", "claim", "claim", fmt.Sprint(p.app), "application", fmt.Sprint(p.app), "reason", "Numret stämmer.")
	k.call("officer", http.MethodGet, v.path, "").want(200).has("recovery.repaid", 5000)
	if a, b := money(); a != available+5000 || b != paid-5000 {
		t.Errorf("the pot has %d and %d is paid, before %d and %d", a, b, available, paid)
	}
	for _, page := range [][2]string{{teacher, v.path + "/settlement"}, {"officer", v.path + "/settlement"}} {
		v.says(v.get(page[0], page[1], 200), "Ni har betalat tillbaka 5 000 kr", "7 april 2027", "Kvar att betala0 kr")
	}
	if strings.Contains(fmt.Sprint(k.call("officer", http.MethodGet, v.path, "").at("flags")), "recovery_open") {
		t.Error("the claim is still open")
	}
	if all, err := k.store.Reconcile(t.Context(), workflow.Machine()); err != nil || len(all) != 1 || !all[0].Holds() {
		t.Errorf("the books: %+v %v", all, err)
	}
	v.says(v.get("head", "/rounds/"+round, 200), "Kvar")
	k.act("officer", v.path, "close", "{}").has("state", "closed")
}

// TestBankSendsBackWhatWasRepaid: the bank's return of a payment of which the school has repaid a part moves nothing, for
// the books would say that less than nothing is with the school. The line waits and says what to do, and the claim ends.
func TestBankSendsBackWhatWasRepaid(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	p := k.payees[0]
	k.bring(k.says(p, "debit", 1)).want(200)
	v := pagesOf(k)
	v.id, v.path = p.app, fmt.Sprintf("/applications/%d", p.app)
	sqltest.Freeze(t, k.url, time.Date(2027, 4, 8, 6, 0, 0, 0, time.UTC))
	k.machine(p.app, workflow.StartTravel{})
	k.machine(p.app, workflow.EndTravel{})
	k.machine(p.app, workflow.ProposeRecovery{})
	k.act("head", v.path, "decide_recovery", `{"amount":5000,"due_on":"2027-05-01","reason":"Ingen rapport."}`)
	k.act("finance1", v.path, "record_repayment", `{"amount":2000,"on":"2027-04-08","reference":"F 1"}`)
	file := k.bring(k.says(p, "return", 2)).want(200).has("lines.0.problem", "already_back")
	k.call("officer", http.MethodGet, v.path, "").want(200).has("payments.0.status", "paid").has("recovery.repaid", 2000)
	line := fmt.Sprintf("/payouts/bank/%v/lines/1", file.at("id"))
	v.says(v.get("finance1", line, 200), "skolan har redan betalat tillbaka")
	v.says(v.post("finance1", line, 409, "what", "payment", "payment", fmt.Sprint(p.payment), "application", fmt.Sprint(p.app), "reason", "Det är den."), "Banken skickar tillbaka 5 000 kr, men bara 3 000 kr är kvar hos skolan")
	k.act("finance1", v.path, "record_repayment", `{"amount":3000,"on":"2027-04-08","reference":"Bankens retur"}`)
	v.post("finance1", line, 303, "what", "dismiss", "reason", "Antecknad som återbetalning. Resten är lämnad till skolan.")
	if all, err := k.store.Reconcile(t.Context(), workflow.Machine()); err != nil || len(all) != 1 || !all[0].Holds() {
		t.Errorf("the books: %+v %v", all, err)
	}
	k.act("officer", v.path, "close", "{}").has("state", "closed")
}
