package handlers

import (
	"fmt"
	"strings"
	"testing"
)

// A booking on another account than the profile's moves no payment, whatever id it carries
// (payments.md §6). Where it is a debit of ours, finance is told in words and says what it is.
func TestABookingOnAnotherAccountMovesNothing(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	v := pagesOf(k)
	p, q := k.payees[0], k.payees[1]
	before := k.status(p)
	foreign := func(body string) string {
		return strings.Replace(body, "SE1350000000053681234566", "SE7460000000000401234568", 1)
	}
	r := k.bring(foreign(k.says(p, "debit", 1))).want(200).has("lines.0.outcome", "not_ours").has("lines.0.problem", "other_account").has("lines.0.waits", true).
		has("lines.0.payment", nil).has("findings.0.code", "other_account")
	if got := k.status(p); got != before {
		t.Errorf("a debit on a foreign account: %s, was %s", got, before)
	}
	k.bring(foreign(k.says(p, "return", 2))).want(200).has("lines.0.outcome", "not_ours").has("lines.0.waits", true)
	k.bring(foreign(strings.ReplaceAll(k.says(q, "return", 3), "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>", ""))).want(200).
		has("lines.0.outcome", "not_ours").has("lines.0.problem", nil).has("lines.0.waits", false).has("findings.0.code", "other_account")
	k.bring(foreign(strings.ReplaceAll(k.says(q, "debit", 4), q.reference, "ANNAN"))).want(200).
		has("lines.0.outcome", "not_ours").has("lines.0.problem", nil).has("lines.0.waits", false).has("findings", []any{})
	if a, b := k.status(p), k.status(q); a != before || b != before {
		t.Errorf("%s and %s, were %s", a, b, before)
	}

	page := fmt.Sprintf("/payouts/bank/%v", r.at("id"))
	v.says(v.get("finance1", page, 200), "Inte vårt", "En rad med vår referens står på ett annat konto", "Vår referens står på en rad på ett annat konto än kommunens")
	v.says(v.get("finance1", page+"/lines/1", 200), "ange det i bankprofilen", "SE7460000000000401234568", p.reference)
	// The municipality has changed its account: a person lets the line hold.
	k.call("finance1", "POST", fmt.Sprintf("/payment-status/%v/lines/1/match", r.at("id")), fmt.Sprintf(`{"payment":"%s","reason":"Kontot är vårt nya."}`, p.reference)).want(200).
		has("lines.0.outcome", "applied").has("lines.0.waits", false)
	if got := k.status(p); got != "paid 2026-07-07" {
		t.Error(got)
	}
	k.books()
}

// Our own account is ours in each form in which a bank writes it.
func TestOurAccountInTheBanksForm(t *testing.T) {
	t.Parallel()
	for i, account := range []string{"SE13 5000 0000 0536 8123 4566", "5368-1234566", "53681234566", "000053681234566", "9912346", "991-2346", "0009912346"} {
		k := counting(t, 1)
		body := strings.Replace(k.says(k.payees[0], "debit", i+1), "<IBAN>SE1350000000053681234566</IBAN>", "<Othr><Id>"+account+"</Id></Othr>", 1)
		k.bring(body).want(200).has("lines.0.outcome", "applied")
	}
}
