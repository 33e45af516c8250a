package handlers

import (
	"bytes"
	dbsql "database/sql"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// pagesOf gives a counter pages.
func pagesOf(k *counter) *school {
	k.t.Helper()
	static, err := NewStatic()
	if err != nil {
		k.t.Fatal(err)
	}
	s := New(Deps{Store: k.store, Render: testRenderer(k.t), Static: static, Rehearsal: true, BaseURL: "http://fund.test", Wall: time.Now, Log: slog.New(slog.NewTextHandler(k.t.Output(), nil))})
	return &school{stage: k.stage, pages: s.Handler(), cookies: map[string]string{}, path: fmt.Sprintf("/applications/%d", k.payees[0].app)}
}

// uploadBank brings a file through the page.
func (v *school) uploadBank(who, body string, want int) string {
	v.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "svar.xml")
	if err != nil {
		v.t.Fatal(err)
	}
	if _, err := io.WriteString(part, body); err != nil {
		v.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		v.t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, "/payouts/bank", &b)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return v.send(who, req, want)
}

func TestAnswersFromTheBankOnPages(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	v := pagesOf(k)
	p := k.payees[0]
	v.says(v.get("finance1", "/payouts/bank", 200), "Inga filer än", "Läs in filen")
	v.says(v.uploadBank("finance1", "nonsens", 422), "ingen hel XML-fil")
	v.uploadBank("finance1", k.says(p, "RJCT:AC04", 1), 303)
	v.uploadBank("finance1", strings.ReplaceAll(k.says(k.payees[1], "debit", 2), k.payees[1].reference, "IF26-U999999"), 303)
	v.says(v.get("finance1", "/payouts/bank", 200), "Kontot är avslutat.", p.reference, "1 rad väntar", "Kunde inte läsas")
	v.says(v.get("finance1", "/tasks", 200), "Banken sade nej: "+p.reference, "Kontot är avslutat.", "Rader från banken att koppla")
	v.says(v.get("finance1", "/payouts", 200), "Svar från banken")
	v.says(v.get("auditor", "/payouts/bank/3", 200), "IF26-U999999", "Koppla")
	v.get("teacher", "/payouts/bank/3", 403)
	v.says(v.get("finance1", "/payouts/bank/3/lines/1", 200), "Vad gäller raden?", k.payees[1].reference)
	v.says(v.post("finance1", "/payouts/bank/3/lines/1", 422, "what", "payment", "payment", "", "reason", "Banken skrev fel."), "Betalning", "Banken skrev fel.")
	v.post("finance1", "/payouts/bank/3/lines/1", 303, "what", "payment", "payment", fmt.Sprint(k.payees[1].payment), "reason", "Banken skrev fel.")
	if got := k.status(k.payees[1]); got != "paid 2026-07-07" {
		t.Error(got)
	}
	v.says(v.get("finance1", "/payouts/bank/3/lines/1", 200), "Kopplad av", "Banken skrev fel.")
	v.says(v.get("finance1", fmt.Sprintf("/payouts/%d", k.batch), 200), "Betala "+p.reference+" igen")
	// Whoever must ask for another account finds the case, and there the bank's reason.
	for _, page := range []string{"/payouts", fmt.Sprintf("/payouts/%d", k.batch)} {
		if html := v.raw("finance1", "GET", page, "").Body.String(); !strings.Contains(html, fmt.Sprintf(`href="/cases/%d"`, p.app)) {
			t.Errorf("%s leads to no case", page)
		}
	}
	v.says(v.get("finance1", fmt.Sprintf("/cases/%d", p.app), 200), "Banken sade nejKontot är avslutat.")
	b := k.call("finance1", http.MethodGet, fmt.Sprintf("/payout-batches/%d", k.batch), "")
	v.post("finance1", fmt.Sprintf("/payouts/%d/reissue", k.batch), 303, "version", fmt.Sprint(b.body["version"]), fmt.Sprintf("again.%d", p.payment), "1", "again_reason", "Nytt konto.")
	if got := k.status(p); got != "replaced" {
		t.Error(got)
	}
}

// TestIncomingMoneyIsOnlyProposed: a claim's reference proposes a repayment, which a person records.
func TestIncomingMoneyIsOnlyProposed(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	p := k.payees[0]
	k.bring(k.says(p, "debit", 1)).want(200)
	path := fmt.Sprintf("/applications/%d", p.app)
	sqltest.Freeze(t, k.url, time.Date(2027, 4, 8, 6, 0, 0, 0, time.UTC))
	k.machine(p.app, workflow.StartTravel{})
	k.machine(p.app, workflow.EndTravel{})
	k.machine(p.app, workflow.ProposeRecovery{})
	k.act("head", path, "decide_recovery", `{"amount":5000,"due_on":"2027-05-01","reason":"Ingen rapport."}`)
	dnr := fmt.Sprint(k.call("officer", http.MethodGet, path, "").at("dnr"))
	credit := strings.NewReplacer("<EndToEndId>"+p.reference+"</EndToEndId>", "<EndToEndId>NOTPROVIDED</EndToEndId>", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>",
		"<RmtInf><Ustrd>Retur "+strings.ToLower(dnr)+"</Ustrd></RmtInf>", "2026-07-07", "2027-04-07").Replace(k.says(p, "return", 2))
	r := k.bring(credit).want(200).has("lines.0.outcome", "proposed").has("lines.0.problem", "repayment").has("lines.0.claim", p.app).has("lines.0.payment", "<nil>")
	k.call("officer", http.MethodGet, path, "").want(200).has("recovery.repaid", 0)
	match := fmt.Sprintf("/payment-status/%v/lines/1/match", r.at("id"))
	k.call("finance2", http.MethodPost, match, fmt.Sprintf(`{"application":%d,"reason":"Stämmer."}`, p.app)).want(403)
	k.call("finance1", http.MethodPost, match, fmt.Sprintf(`{"application":%d,"reason":"Stämmer."}`, p.app)).want(200).has("lines.0.waits", false)
	k.call("officer", http.MethodGet, path, "").want(200).has("recovery.repaid", 5000)
	k.bring(credit).want(200).has("repeated", true)
	k.call("officer", http.MethodGet, path, "").want(200).has("recovery.repaid", 5000)
}

// TestReconciliationFollowsTheLedger: page, workbook and PDF have the same sums, and they hold.
func TestReconciliationFollowsTheLedger(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	v := pagesOf(k)
	k.bring(k.says(k.payees[0], "debit", 1)).want(200)
	k.bring(k.says(k.payees[0], "return", 2)).want(200)
	k.bring(k.says(k.payees[1], "debit", 3)).want(200)
	p, err := k.store.PersonByEmail(t.Context(), "auditor@example.org")
	if err != nil {
		t.Fatal(err)
	}
	all, err := k.store.Reconcile(t.Context(), workflow.Act(p))
	if err != nil || len(all) != 1 || !all[0].Holds() {
		t.Fatalf("%+v %v", all, err)
	}
	if got := all[0].Sum; got.Total != 400000 || got.Paid != 10100 || got.Returned != 5000 || got.Net != 5100 || got.Reserved != 5000 || got.Left != 400000-10100 {
		t.Errorf("sums %+v", got)
	}
	v.says(v.get("auditor", "/payouts/reconciliation", 200), "10 100 kr", "389 900 kr", "juli 2026", "inte kontrollerats")
	for _, kind := range []string{"xlsx", "pdf"} {
		v.file("finance2", "/payouts/reconciliation."+kind, "application/")
		v.get("officer", "/payouts/reconciliation."+kind, 403)
	}
}

// TestSelfCheckFindsWhatIsWrong breaks the books behind the program's back, one way after the other.
func TestSelfCheckFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	v := pagesOf(k)
	k.bring(k.says(k.payees[0], "debit", 1)).want(200)
	check := func() map[string]bool {
		wrong := map[string]bool{}
		if err := k.store.InTx(t.Context(), func(tx *sql.Tx) error {
			got, err := tx.RunSelfCheck(t.Context())
			for _, c := range got.Checks {
				if len(c.Items) > 0 {
					wrong[c.Code] = true
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return wrong
	}
	if wrong := check(); len(wrong) > 0 {
		t.Fatalf("sound books: %v", wrong)
	}
	v.says(v.get("finance1", "/payouts/reconciliation", 200), "Böckerna stämde", "Håller")
	v.says(v.get("finance1", "/payouts", 200), "Stämde 8 juli")
	db, err := dbsql.Open("postgres", k.url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, wrong := range [][2]string{
		{"sums", `UPDATE payments SET pay = amount - 1`},
		{"unanswered", `UPDATE batches SET record = jsonb_set(record, '{sent_on}', '"2026-06-01"')`},
		{"years", `UPDATE payments SET paid_on = '2027-01-02' WHERE status = 'paid'`},
		{"undecided", `UPDATE applications SET record = record - 'decision'`},
		{"paid", `UPDATE payments SET status = 'paid', paid_on = '2026-07-07' WHERE status = 'sent'`},
		{"balances", `UPDATE round_balances SET balance = balance + 1 WHERE account = 'paid'`},
		{"lines", `UPDATE batch_lines SET live = false`},
	} {
		code, statement := wrong[0], wrong[1]
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		if wrong := check(); !wrong[code] {
			t.Errorf("%s: not found; found %v", code, wrong)
		}
	}
	v.says(v.get("finance1", "/payouts/reconciliation", 200), "Böckerna stämmer inte")
}
