package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// TestFinancePageAnswersInOneLook: what to do, what is on its way, what failed, what is left.
func TestFinancePageAnswersInOneLook(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	v := pagesOf(k)
	page := v.get("finance1", "/payouts", 200)
	v.says(page, "10 100,00 kr", "1 underlag är inte klart", "Inget har gått fel", "389 900 kr kvar av 400 000 kr i alla omgångar", "juli 2026", "Svar från banken eller verifikation")
	if strings.Contains(page, "@example.org") {
		t.Error("the page calls people by their addresses")
	}
	v.uploadBank("finance1", k.says(k.payees[0], "RJCT:AC04", 1), 303)
	v.says(v.get("finance1", "/payouts", 200), "Gick fel1", "betalning att reda ut", "Kontot är avslutat.")
	v.says(v.get("finance1", fmt.Sprintf("/payouts/%d", k.batch), 200), "Banken sade nejKontot är avslutat.", "be mottagaren byta konto")
	v.uploadBank("finance1", k.says(k.payees[1], "debit", 2), 303)
	v.says(v.get("finance1", "/payouts", 200), "Avslutade underlag", "Avslutad")
}

// TestFinanceCountsWhatWaits: two cases that can be paid are two things to do, on one line.
func TestFinanceCountsWhatWaits(t *testing.T) {
	t.Parallel()
	v := pagesOf(payable(t, 2))
	v.says(v.get("finance1", "/payouts", 200), "Att göra idag2saker väntar på dig", "Att göra idag2Kan betalas nu")
}

// TestAConflictIsOneThingToDo: the payment that the bank contradicts itself about, and the
// line that does so, wait for one decision.
func TestAConflictIsOneThingToDo(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	v := pagesOf(k)
	v.uploadBank("finance1", k.says(k.payees[0], "RJCT:AC04", 1), 303)
	v.uploadBank("finance1", k.says(k.payees[0], "debit", 2), 303)
	v.says(v.get("finance1", "/payouts", 200), "Att göra idag1sak väntar på dig", "Betald, fast den är avvisad.", "1 rad väntar")
}

// TestTheSecondWindowReadsTheBatchAsItStands: who presses an attest that is given already
// reads so on the batch's page, and so does who is refused.
func TestTheSecondWindowReadsTheBatchAsItStands(t *testing.T) {
	t.Parallel()
	k := payable(t, 1)
	v := pagesOf(k)
	made := k.call("finance1", http.MethodPost, "/payout-batches", fmt.Sprintf(`{"applications":[%d],"pay_date":"2026-07-06"}`, k.payees[0].app)).want(201)
	path, version := fmt.Sprintf("/payouts/%v", made.at("id")), fmt.Sprint(made.body["version"])
	attest := []string{"version", version}
	for _, name := range workflow.BatchChecks {
		attest = append(attest, "checks."+name, "1")
	}
	v.postAs("finance1", path+"/attest1", 303, attest...)
	page := v.postAs("finance2", path+"/attest1", 409, attest...)
	v.says(page, "det du tryckte på är inte gjort", "Attest 2, beslut", "Rätt mottagare och konto")
	page = v.postAs("finance2", path+"/cancel", 409, "version", version, "reason", "Fel betaldag.")
	v.says(page, "det du tryckte på är inte gjort", "Fel betaldag.")
	version = fmt.Sprint(k.call("finance1", http.MethodGet, fmt.Sprintf("/payout-batches/%v", made.at("id")), "").body["version"])
	v.postAs("finance2", path+"/cancel", 303, "version", version, "reason", "Fel betaldag.")
	if page := v.get("finance2", path, 200); strings.Contains(page, "Planerad") || strings.Count(page, "Makulerad") < 2 {
		t.Errorf("a cancelled batch reads %q", page)
	}
}

// TestFileIsNotFetchedAgainWithoutAReason: once the files are handed over, a page gives
// one that pays or books only to somebody who says why, and keeps that.
func TestFileIsNotFetchedAgainWithoutAReason(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	v := pagesOf(k)
	path := fmt.Sprintf("/payouts/%d/files/sie.si", k.batch)
	v.says(v.get("finance1", path, 200), "Filen är redan lämnad.", "Hämta filen")
	v.says(v.post("finance1", path, 422, "reason", " "), "Skäl", "Fyll i")
	if got := v.markup("finance1", v.formOf("finance1", path, "reason", "Ekonomisystemet tappade den."), 200); got != "x" {
		t.Errorf("the file is %q", got)
	}
	kept := v.raw("finance1", http.MethodPost, path, "reason=Igen", "Content-Type", "application/x-www-form-urlencoded").Header().Get("Cache-Control")
	if kept != "no-store" {
		t.Errorf("a payment file may be kept on the way: Cache-Control %q", kept)
	}
	v.says(v.get("finance2", fmt.Sprintf("/payouts/%d", k.batch), 200), "(Ekonomisystemet tappade den.)")
	v.postAs("teacher", path, 403, "reason", "Nyfiken.")
	k.call("finance1", http.MethodGet, fmt.Sprintf("/payout-batches/%d/files/sie.si", k.batch), "").want(200) // systems take it as they did
}

// TestOnlyTickedPaymentsAreNotedAsPaid: a voucher counts for what a person ticks.
func TestOnlyTickedPaymentsAreNotedAsPaid(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	v := pagesOf(k)
	path := fmt.Sprintf("/payouts/%d", k.batch)
	version := fmt.Sprint(k.call("finance1", http.MethodGet, "/payout-batches/"+fmt.Sprint(k.batch), "").body["version"])
	v.says(v.post("finance1", path+"/mark_paid", 422, "version", version, "paid_on", "2026-07-07", "voucher", "V 1"), "Välj minst en utbetalning.")
	v.says(v.post("finance1", path+"/mark_paid", 422, "version", version, "paid_on", "2036-07-07", "voucher", "", fmt.Sprintf("pay.%d", k.payees[0].payment), "1"), "Dag då det bokfördes: Dagen har inte varit än.", "Verifikationsnummer: Fyll i det här.")
	v.post("finance1", path+"/mark_paid", 303, "version", version, "paid_on", "2026-07-07", "voucher", "V 1", fmt.Sprintf("pay.%d", k.payees[0].payment), "1")
	if got := k.status(k.payees[0]) + ", " + k.status(k.payees[1]); got != "paid 2026-07-07, sent" {
		t.Error(got)
	}
}

// TestBatchSaysWhatHasComeInTheWay: a block laid after the batch was composed is seen by who attests.
func TestBatchSaysWhatHasComeInTheWay(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	v := pagesOf(k)
	c, err := k.store.Case(t.Context(), workflow.Machine(), k.payees[0].app)
	if err != nil {
		t.Fatal(err)
	}
	p := c.App.Payments[0]
	p.Status = workflow.PayInBatch
	if got := workflow.UnmetInBatch(c, p, workflow.DateOf(c.App.Decision.DecidedAt)); len(got) > 0 && got[0].Code == "blocked" {
		t.Fatal(got)
	}
	c.Facts.Blocked = true
	if got := workflow.UnmetInBatch(c, p, workflow.NewDate(2026, time.July, 7)); len(got) != 1 || got[0].Code != "blocked" {
		t.Errorf("unmet %v, want blocked", got)
	}
	if got := workflow.UnmetFor(c, p, workflow.NewDate(2026, time.July, 7)); len(got) != 0 {
		t.Errorf("what is in a batch is not planned: %v", got)
	}
	v.get("finance1", fmt.Sprintf("/payouts/%d", k.batch), 200)
}

// TestPotOverTime: months in which nothing moved stand as the one before, and rounds are added up.
func TestPotOverTime(t *testing.T) {
	round := func(months ...sql.Month) sql.Reconciled { return sql.Reconciled{Months: months} }
	all := []sql.Reconciled{round(sql.Month{Month: "2026-01", Total: 100, Left: 100}, sql.Month{Month: "2026-04", Total: 100, Left: 40, Reserved: 50, Net: 10}), round(sql.Month{Month: "2026-03", Total: 7, Left: 7})}
	var got []int64
	for _, m := range everyMonth(all, "2025-12", "2026-05") {
		got = append(got, m.Left, m.Total)
	}
	if want := []int64{0, 0, 100, 100, 100, 100, 107, 107, 47, 107, 47, 107}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("left and total %v, want %v", got, want)
	}
	plot := allPots(lang.SV, all, time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC))
	if len(plot.Table.Rows) != 5 || plot.Table.Rows[0].Cells[0].Text != "januari 2026" {
		t.Errorf("%d months from %v, want 5 from januari 2026", len(plot.Table.Rows), plot.Table.Rows[0].Cells[0].Text)
	}
}

// TestFilesFetchedByTheAPIAreNoted: who has had a file stands on the batch's page,
// whichever way it was fetched.
func TestFilesFetchedByTheAPIAreNoted(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	v := pagesOf(k)
	named := func() int {
		return strings.Count(v.get("auditor", fmt.Sprintf("/payouts/%d", k.batch), http.StatusOK), "Mikael Hedlund")
	}
	before := named()
	k.call("finance2", http.MethodGet, fmt.Sprintf("/payout-batches/%d/files/sie.si", k.batch), "").want(http.StatusOK)
	if got := named(); got != before+1 {
		t.Errorf("finance2 is named %d times on the page after a file was fetched, want %d", got, before+1)
	}
}

// TestACancelledBatchSaysWhoCancelledIt: and when, beside why.
func TestACancelledBatchSaysWhoCancelledIt(t *testing.T) {
	t.Parallel()
	b := workflow.Batch{State: workflow.BatchCancelled, Reason: "Fel dag.", Cancelled: &workflow.Cancelling{By: "finance2@example.org", At: time.Date(2026, time.July, 7, 8, 30, 0, 0, time.UTC)}}
	var page batchPage
	page.facts(lang.SV, b, workflow.ChannelSum{}, false, func(email string) string { return "<" + email + ">" })
	got := ""
	for _, f := range page.Facts {
		got += f.Term + ": " + f.Value + " " + f.Note + "\n"
	}
	for _, want := range []string{"Makulerad av: <finance2@example.org> 7\u00a0juli 2026", "Skäl: Fel dag."} {
		if !strings.Contains(strings.ReplaceAll(got, "\u00a0", " "), strings.ReplaceAll(want, "\u00a0", " ")) {
			t.Errorf("the page says\n%s\nwithout %q", got, want)
		}
	}
}
