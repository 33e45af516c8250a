package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"fund/sql/sqltest"
)

// TestAMonthIsSignedOnce: one finance person signs a month that is over; the figures stay
// as they were, and what is booked in it later is shown as a difference.
func TestAMonthIsSignedOnce(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	v := pagesOf(k)
	const july, page = "/payouts/reconciliation/2026-07", "/payouts/reconciliation"
	k.bring(k.says(k.payees[0], "debit", 1)).want(200).has("lines.0.outcome", "applied")
	v.says(v.get("finance1", july, 200), "Månaden är inte slut", "Betalt 5 000 kr", "Raderna bakom talen")
	v.sendForm("finance1", july, url.Values{}, 409)
	v.get("finance1", page+"/2026-13", 404)
	v.get("finance1", page+"/2031-01", 200) // as it stands: nothing moved
	v.get("finance1", page+"/2019-01", 404) // before there was any round
	v.get("officer", july, 403)

	sqltest.Freeze(t, k.url, time.Date(2026, 8, 3, 6, 0, 0, 0, time.UTC))
	v.sendForm("auditor", july, url.Values{}, 403)
	v.says(v.get("auditor", july, 200), "Inte signerad")
	v.says(v.get("finance1", july, 200), "Signera månaden")
	v.sendForm("finance1", july, url.Values{"note": {""}}, 303)
	v.sendForm("finance2", july, url.Values{"note": {"En gång till."}}, 409)
	signed := v.get("finance2", july, 200)
	v.says(signed, "Signerad av", "SHA-256")
	if strings.Contains(signed, "Signera månaden") {
		t.Error("a month can be signed twice with the same figures")
	}
	v.says(v.get("finance1", page, 200), "Signering", "augusti 2026", "juli 2026")

	// Told in August, booked in July: the month as booked is another.
	k.bring(k.says(k.payees[1], "debit", 2)).want(200).has("lines.0.outcome", "applied")
	v.says(v.get("finance1", july, 200), "Ändrat sedan signeringen", "Betalt (bokfört i månaden)", "10 100 kr", "Signera månaden")
	v.says(v.get("finance1", page, 200), "Ja, antal tal: ")
	v.says(v.sendForm("finance2", july, url.Values{"note": {" "}}, 422), "Fyll i det här.")
	v.sendForm("finance2", july, url.Values{"note": {"Bankens fil kom i augusti."}}, 303)
	again := v.get("finance2", july, 200)
	v.says(again, "Förklaring: Bankens fil kom i augusti.")
	if strings.Contains(again, "Ändrat sedan signeringen") {
		t.Error("the difference stays after the new signature")
	}
	v.says(v.get("finance1", page+"/2026-08", 200), "Infört", "7 juli 2026")
	v.reconciledFiles(v.get("finance1", page, 200), "VT26", "Mikael Hedlund", 10_100)
	if err := sqltest.Exec(k.url, `UPDATE month_signatures SET note = 'x'`); err == nil {
		t.Error("a signature was changed")
	}
}
