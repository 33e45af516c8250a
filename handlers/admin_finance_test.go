package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// financeForm is what the page would send, with changes.
func financeForm(pairs ...string) url.Values {
	f := url.Values{"payer.name": {"Skellefteå kommun"}, "payer.org_no": {"212000-2643"}, "payer.town": {"Skellefteå"}, "payer.iban": {"SE13 5000 0000 0536 8123 4566"},
		"payer.bankgiro": {"991-2346"}, "payer.bic": {"ESSESESS"}, "bank.version": {"03"}, "bank.letters": {"swedish"}, "bank.swedbank_form": {"iban"}, "bank.paid_on": {"status"},
		"bank.batch_booking": {"1"}, "cutoff_hour": {"11"}, "books.by": {"Fonden"}, "books.checksum": {"1"}, "language": {"sv"},
		"coding.1.row": {"1"}, "coding.1.event": {"instalment"}, "coding.1.channel": {"internal"}, "coding.1.debit": {"1010/920/4519/IF/{project}//140"}, "coding.1.credit": {"{cost_centre}/450/3519/IF/{project}//110"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

func (v *school) sendForm(who, path string, form url.Values, want int) string {
	v.t.Helper()
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(who, req, want)
}

func TestFinanceSettingsOfTheAdministrator(t *testing.T) {
	t.Parallel()
	k := payable(t, 2)
	v := pagesOf(k)
	v.get("finance1", "/admin/finance", 403)
	v.says(v.get("admin", "/admin/finance", 200), "Beloppsgränser", "Ersättare", "Kodsträngar", "pain.001.001.09")
	v.says(v.sendForm("admin", "/admin/finance", financeForm("payer.iban", "SE99", "limits.1.email", "nobody@example.org", "limits.1.kronor", "1 000",
		"coding.1.debit", "1010/4519"), 422), "Ingen har den adressen.", "sju delar")
	limits := []string{"limits.1.email", "finance1@example.org", "limits.1.kronor", "6 000", "substitutes.1.email", "officer@example.org", "substitutes.1.role", "finance2",
		"substitutes.1.for", "finance2@example.org", "substitutes.1.from", "2026-07-06", "substitutes.1.until", "2026-07-06"}
	k.call("officer", http.MethodGet, "/payout-batches", "").want(403)
	v.sendForm("admin", "/admin/finance", financeForm(limits...), 303)
	s, err := k.store.FinanceSettings(t.Context())
	if err != nil || s.Bank.Version != "03" || s.CutoffHour != 11 || s.Payer.Bankgiro != "9912346" || len(s.Limits) != 1 || s.Coding[0].Debit.Konto.Name != "Lämnade bidrag, internt" {
		t.Fatalf("%+v %v", s, err)
	}

	// 10 100 kr is above finance1's limit; the substitute has none, and is another person.
	made := k.call("officer", http.MethodPost, "/payout-batches", fmt.Sprintf(`{"applications":[%d,%d],"pay_date":"2026-07-06"}`, k.payees[0].app, k.payees[1].app)).want(201)
	path := fmt.Sprintf("/payout-batches/%v/actions/", made.at("id"))
	k.call("finance1", http.MethodPost, path+"attest1", "{}", "If-Match", made.tag()).want(403).has("code", "attest_limit")
	pagePath := fmt.Sprintf("/payouts/%v", made.at("id"))
	v.says(v.get("finance1", pagePath, 200), "Du kan inte göra attest 1.", "Underlaget är större än din gräns på 6 000 kr.")
	r := k.call("finance2", http.MethodPost, path+"attest1", "{}", "If-Match", made.tag()).want(200)
	k.call("finance1", http.MethodPost, path+"attest2", "{}", "If-Match", r.tag()).want(403).has("code", "attest_limit")
	k.call("finance2", http.MethodPost, path+"attest2", "{}", "If-Match", r.tag()).want(403).has("code", "four_eyes")
	v.says(v.get("finance2", pagePath, 200), "Du kan inte göra attest 2.", "Du har redan gjort den ena delen.")
	k.call("officer", http.MethodPost, path+"attest2", "{}", "If-Match", r.tag()).want(200).has("state", "attested_2")
}

// An empty row that is skipped moves no fault to another row, and none stands twice.
func TestFinanceFaultsStandAtTheirRows(t *testing.T) {
	t.Parallel()
	v := pagesOf(payable(t, 1))
	page := v.sendForm("admin", "/admin/finance", financeForm("coding.1.debit", "", "coding.1.credit", "",
		"coding.2.row", "1", "coding.2.event", "instalment", "coding.2.debit", "1010/4519", "coding.2.credit", "{cost_centre}/450/3519/IF/{project}//110",
		"limits.1.row", "1", "limits.2.email", "finance1@example.org", "limits.2.kronor", "-5"), 422)
	for part, want := range map[string]int{"sju delar": 2, "Rad 1, debet": 1, "Rad 2": 0, "Rad 1, högst, kronor": 1} { // in the summary and at the field
		if got := strings.Count(page, part); got != want {
			t.Errorf("%q stands %d times, want %d", part, got, want)
		}
	}
	page = v.sendForm("admin", "/admin/finance", financeForm("coding.1.debit", "1010/4519", "coding.1.credit", "x"), 422)
	v.says(page, "Fel: Debet: Skriv sju delar", "Fel: Kredit: Skriv sju delar") // which is which, below the row
}
