package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fund/sql/sqltest"
	"fund/workflow"
)

// A credit with a claim's OCR and exactly what the claim waits for is recorded at once, part by part, until the claim
// has ended (payments.md §7). What another file tells again adds nothing; another sum waits for a person.
func TestACreditWithOCRAndExactAmountPaysTheClaim(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	p := k.payees[0]
	k.bring(k.says(p, "debit", 1)).want(200)
	path := fmt.Sprintf("/applications/%d", p.app)
	sqltest.Freeze(t, k.url, time.Date(2027, 4, 8, 6, 0, 0, 0, time.UTC))
	k.machine(p.app, workflow.StartTravel{})
	k.machine(p.app, workflow.EndTravel{})
	k.machine(p.app, workflow.ProposeRecovery{})
	k.act("head", path, "decide_recovery", `{"amount":5000,"due_on":"2027-06-01","reason":"Ingen rapport.","instalments":[{"due_on":"2027-05-01","amount":2000},{"due_on":"2027-05-15","amount":2000},{"due_on":"2027-06-01","amount":1000}]}`)
	c, err := k.store.Case(t.Context(), workflow.Machine(), p.app)
	if err != nil {
		t.Fatal(err)
	}
	credit := func(kronor int, day, number string, nonce int) string {
		return strings.NewReplacer("<EndToEndId>"+p.reference+"</EndToEndId>", "<EndToEndId>NOTPROVIDED</EndToEndId><AcctSvcrRef>"+number+"</AcctSvcrRef>",
			"<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>", "<RmtInf><Strd><CdtrRefInf><Ref>000"+c.App.ClaimOCR()+"</Ref></CdtrRefInf></Strd></RmtInf>",
			"5000.00", fmt.Sprintf("%d.00", kronor), "2026-07-07", day).Replace(k.says(p, "return", nonce))
	}
	repaid := func(want int) {
		t.Helper()
		k.call("officer", http.MethodGet, path, "").want(200).has("recovery.repaid", want)
	}
	k.bring(credit(1500, "2027-04-07", "R0", 10)).want(200).has("lines.0.outcome", "proposed").has("lines.0.problem", "other_amount").has("lines.0.claim", p.app)
	repaid(0)
	r := k.bring(credit(2000, "2027-04-07", "R1", 11)).want(200).has("lines.0.outcome", "applied").has("lines.0.problem", nil).has("lines.0.claim", p.app).has("lines.0.waits", false)
	repaid(2000)
	v := pagesOf(k)
	v.says(v.get("finance1", fmt.Sprintf("/payouts/bank/%v", r.at("id")), 200), "Genomförd")
	k.bring(credit(2000, "2027-04-07", "R1", 11)).want(200).has("repeated", true)
	statement := strings.NewReplacer("camt.054.001.08", "camt.053.001.08", "BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt", "Ntfctn", "Stmt")
	k.bring(statement.Replace(credit(2000, "2027-04-08", "R1", 12))).want(200).has("lines.0.outcome", "confirmed").has("lines.0.claim", p.app)
	repaid(2000)
	// The same sum a day later under another number: the second part already, or the first one told twice? A person says.
	k.bring(credit(2000, "2027-04-08", "R2", 13)).want(200).has("lines.0.outcome", "proposed").has("lines.0.problem", "repayment").has("lines.0.waits", true)
	repaid(2000)
	sqltest.Freeze(t, k.url, time.Date(2027, 5, 18, 6, 0, 0, 0, time.UTC))
	v.says(v.get("finance1", "/payouts", 200), "Återkrav som är sena", "Sen: 2 000 kr skulle ha kommit", "3 000 kr kvar, senast")
	v.says(v.get("finance1", "/tasks", 200), "Anteckna återbetalning", "senast 15 maj") // the day of the part that waits
	k.bring(credit(2000, "2027-05-17", "R3", 14)).want(200).has("lines.0.outcome", "applied")
	repaid(4000)

	settings, err := k.store.FinanceSettings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	settings.Bank.Repayments = "by_hand"
	admin, err := k.store.PersonByEmail(t.Context(), "admin@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if err := k.store.SaveFinanceSettings(t.Context(), workflow.Act(admin), settings); err != nil {
		t.Fatal(err)
	}
	r = k.bring(credit(1000, "2027-05-17", "R4", 15)).want(200).has("lines.0.outcome", "proposed").has("lines.0.problem", "repayment")
	repaid(4000)
	k.call("finance1", http.MethodPost, fmt.Sprintf("/payment-status/%v/lines/1/match", r.at("id")), fmt.Sprintf(`{"application":%d,"reason":"Stämmer."}`, p.app)).want(200)
	k.call("officer", http.MethodGet, path, "").want(200).has("recovery.repaid", 5000).has("flags", []any{})
	k.act("officer", path, "close", `{}`)
	money, err := k.store.RoundMoney(t.Context(), "VT26")
	if err != nil {
		t.Fatal(err)
	}
	if money.Paid != 0 || money.Available != money.Budget {
		t.Errorf("what came back is not in the round's pot: %+v", money)
	}
}
