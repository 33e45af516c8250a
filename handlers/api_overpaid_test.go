package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"fund/workflow"
)

// match says what a line of a file is about.
func (k *counter) match(file reply, line int, body string, want int) reply {
	k.t.Helper()
	return k.call("finance1", http.MethodPost, fmt.Sprintf("/payment-status/%v/lines/%d/match", file.at("id"), line), body).want(want)
}

// replaced lets the bank refuse a payment and finance issue it anew; the new one is
// planned again and in no batch.
func (k *counter) replaced(p payee) (compose string) {
	k.t.Helper()
	k.bring(k.says(p, "RJCT:AC04", 1)).want(200)
	path := fmt.Sprintf("/payout-batches/%d", k.batch)
	tag := k.call("finance1", http.MethodGet, path, "").want(200).tag()
	k.call("finance1", http.MethodPost, path+"/actions/reissue", fmt.Sprintf(`{"payments":[%d],"reason":"Nytt konto."}`, p.payment), "If-Match", tag).want(200)
	return fmt.Sprintf(`{"applications":[%d],"pay_date":"2026-07-08"}`, p.app)
}

// balances are the round's accounts of second payouts, and what is paid.
func (k *counter) balances(want string) {
	k.t.Helper()
	who, err := k.store.PersonByEmail(k.t.Context(), "finance1@example.org")
	if err != nil {
		k.t.Fatal(err)
	}
	all, err := k.store.Reconcile(k.t.Context(), workflow.Act(who))
	if err != nil || len(all) != 1 {
		k.t.Fatalf("%d rounds (%v)", len(all), err)
	}
	s := all[0].Sum
	if got := fmt.Sprintf("paid %d, claim %d, taken %d, written off %d", s.Net, s.Claim, s.Overpaid, s.WrittenOff); got != want || !all[0].Holds() {
		k.t.Errorf("the ledger says %s (holds: %v), want %s", got, all[0].Holds(), want)
	}
	k.books()
}

// The bank paid the first after all, and the one in its place was paid too.
func TestTwoPayoutsOfOneInstalmentAreAClaim(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	first := k.payees[0]
	k.replaced(first)
	k.exportedOn(k.payees, "2026-07-08")
	second := k.payees[0]
	r := k.bring(k.says(first, "debit", 2)).want(200).has("lines.0.problem", "paid_although_replaced")
	// The new one is at the bank: nobody knows yet whether the money goes twice.
	said := fmt.Sprintf(`{"payment":"%s","paid":true,"reason":"Banken har bekräftat båda."}`, first.reference)
	k.match(r, 1, said, 409).has("code", "payment_under_way")
	k.bring(k.says(second, "debit", 3)).want(200)
	k.match(r, 1, said, 200).has("lines.0.waits", false)
	k.balances("paid 5000, claim 5000, taken 5000, written off 0")

	app := fmt.Sprintf("/applications/%d", first.app)
	k.call("finance1", http.MethodGet, app, "").want(200).has("overpayments.0.amount", 5000).has("overpayments.0.end", "")
	tag := k.call("finance1", http.MethodGet, app, "").want(200).tag()
	k.call("finance1", http.MethodPost, app+"/actions/record_repayment", `{"amount":400,"on":"2026-07-06","reference":"V9"}`, "If-Match", tag).want(422).has("errors.0.field", "amount")
	k.call("finance1", http.MethodPost, app+"/actions/record_repayment", `{"amount":5000,"on":"2026-07-06","reference":"V9","payment":999}`, "If-Match", tag).want(409).has("code", "no_overpayment")
	k.call("finance1", http.MethodPost, app+"/actions/record_repayment", `{"amount":5000,"on":"2026-07-06","reference":"V9"}`, "If-Match", tag).want(200).has("overpayments.0.end", "repaid")
	k.balances("paid 5000, claim 0, taken 0, written off 0")
}

// The bank paid the first after all, and nothing has been sent in its place.
func TestAReplacedPaymentThatWasPaidTakesItsPlaceAgain(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	p := k.payees[0]
	compose := k.replaced(p)
	r := k.bring(k.says(p, "debit", 2)).want(200).has("lines.0.problem", "paid_although_replaced")
	k.match(r, 1, fmt.Sprintf(`{"payment":%d,"paid":true,"reason":"Banken har bekräftat."}`, p.payment), 200)
	if got := k.status(p); got != "paid 2026-07-07" {
		t.Error(got)
	}
	k.balances("paid 5000, claim 0, taken 0, written off 0")
	k.call("finance1", http.MethodPost, "/payout-batches", compose).want(409).has("code", "not_payable")
}

// One payment, debited twice, and the second sent back by the bank.
func TestASecondDebitIsAskedAbout(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	p := k.payees[0]
	first := k.says(p, "debit", 1)
	k.bring(first).want(200).has("lines.0.outcome", "applied")
	// The statement of the next days tells the same.
	k.bring(strings.Replace(k.says(p, "debit", 2), "<BookgDt><Dt>2026-07-07", "<BookgDt><Dt>2026-07-08", 1)).want(200).has("lines.0.outcome", "confirmed")
	later := func(nonce int) string {
		return strings.Replace(k.says(p, "debit", nonce), "<BookgDt><Dt>2026-07-07", fmt.Sprintf("<BookgDt><Dt>2026-07-%d", 13+nonce), 1)
	}
	r := k.bring(later(3)).want(200).has("lines.0.outcome", "conflict").has("lines.0.problem", "paid_twice")
	if got := k.status(p); !strings.Contains(got, "in doubt") {
		t.Errorf("the payment is %s", got)
	}
	k.match(r, 1, `{"dismiss":true,"reason":"Banken visar samma bokning igen."}`, 200)
	if got := k.status(p); got != "paid 2026-07-07" {
		t.Errorf("after the doubt is ended: %s", got)
	}
	k.balances("paid 5000, claim 0, taken 0, written off 0")
	r = k.bring(later(9)).want(200).has("lines.0.problem", "paid_twice")
	k.match(r, 1, fmt.Sprintf(`{"payment":%d,"paid":true,"reason":"Banken har betalat två gånger."}`, p.payment), 200)
	k.balances("paid 5000, claim 5000, taken 5000, written off 0")
	k.bring(k.says(p, "return:DUPL", 11)).want(200).has("lines.0.outcome", "applied")
	if got := k.status(p); got != "paid 2026-07-07" {
		t.Errorf("after the second came back: %s", got)
	}
	k.balances("paid 5000, claim 0, taken 0, written off 0")
}

// Two debits of one payment in one statement, each with the bank's own number.
func TestTwoDebitsInOneStatement(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	p := k.payees[0]
	one := k.says(p, "debit", 1)
	a, b := strings.Index(one, "<Ntry>"), strings.Index(one, "</Ntfctn>")
	entry := one[a:b]
	numbered := func(n string) string {
		return strings.Replace(entry, "<BkTxCd/>", "<AcctSvcrRef>"+n+"</AcctSvcrRef><BkTxCd/>", 1)
	}
	k.bring(one[:a]+numbered("A")+numbered("A")+numbered("B")+one[b:]).want(200).
		has("lines.0.outcome", "applied").has("lines.1.outcome", "confirmed").has("lines.2.outcome", "conflict").has("lines.2.problem", "paid_twice")
	k.balances("paid 5000, claim 0, taken 0, written off 0")
}
