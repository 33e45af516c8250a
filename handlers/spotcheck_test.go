package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fund/sql/sqltest"
	"fund/workflow"
)

// TestSpotCheckIsTheOfficesUntilItAsks: the report is late and costs half of the plan. The officer is told why and
// finds the point ready; the school and its principal read nothing of it, on pages or in the API, before it is sent.
func TestSpotCheckIsTheOfficesUntilItAsks(t *testing.T) {
	t.Parallel()
	v := newSchool(t).reported()
	v.at("2027-01-15T09:00:00+01:00")
	v.act("teacher", v.path, "submit_report", `{"pupils":20,"staff":2,"start":"2026-09-07","end":"2026-09-12","actual":[{"line":1,"amount":22000}],"external_grants_received":0,"texts":{"summary":"Bra."},"publish":true}`)
	page, office := fmt.Sprintf("/reports/%d", v.id), fmt.Sprintf("/cases/%d", v.id)
	api := func(who string) string {
		return fmt.Sprint(v.call(who, http.MethodGet, v.path, "").want(200).body, v.call(who, http.MethodGet, v.path+"/events", "").want(200).body)
	}
	if !strings.Contains(api("officer"), "spot_check") {
		t.Errorf("the officer's answer has no draw: %s", api("officer"))
	}
	for _, path := range []string{page, office} {
		v.says(v.get("officer", path, 200), "Stickprov:", "rapporten kom för sent; en kostnad skiljer sig mer än 20 procent från budgeten", "av en miljon")
	}
	for _, who := range []string{"teacher", "principal"} {
		said := api(who)
		for _, path := range []string{page, v.path, v.path + "/check"} {
			said += v.get(who, path, 200)
		}
		if !strings.Contains(said, "submit_report") {
			t.Errorf("%s: the filing is not in the history", who)
		}
		for _, word := range []string{"spot_check", "tickprov", "av en miljon", workflow.SpotLate + "]"} {
			if strings.Contains(said, word) {
				t.Errorf("%s reads %q", who, word)
			}
		}
	}
	do := fmt.Sprintf("/do/%d/return_report", v.id)
	if m := v.markup("officer", httptest.NewRequest(http.MethodGet, do, nil), 200); !strings.Contains(m, "Ladda upp kvitton eller fakturor") {
		t.Error("no point is ready")
	}
	v.act("officer", v.path, "return_report", `{"points":[{"field":"actual","text":"Ladda upp kvitton."}]}`)
	v.says(v.get("teacher", page, 200), "Ladda upp kvitton.")
}

// TestPaidBeforeIsAnotherCaseOfTheSchool: its own payments don't count, a paid one of another case does.
func TestPaidBeforeIsAnotherCaseOfTheSchool(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	var other int64
	if _, err := fmt.Sscanf(v.filed(), "/applications/%d", &other); err != nil {
		t.Fatal(err)
	}
	v.reported()
	run := func(statement string, id int64) {
		if err := sqltest.Exec(v.url, fmt.Sprintf(statement, id)); err != nil {
			t.Fatal(err)
		}
	}
	before := func() bool {
		k, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
		if err != nil {
			t.Fatal(err)
		}
		return k.Facts.PaidBefore
	}
	const paid = `UPDATE payments SET status = 'paid', paid_on = '2026-06-01' WHERE application = %d`
	run(paid, v.id)
	run(`INSERT INTO payments (application, n, share, amount, last, status, channel) VALUES (%d, 1, 1, 0, true, 'planned', 'internal')`, other)
	if before() {
		t.Error("known by its own payment, or by a planned one")
	}
	run(paid, other)
	if !before() {
		t.Error("another case of the school was paid, and it is not known")
	}
}

// TestSpotSecretIsToldAfterwards: its hash is public from the beginning, the secret and the counts when no first report can come, and then the draw can be made again.
func TestSpotSecretIsToldAfterwards(t *testing.T) {
	t.Parallel()
	v := newSchool(t).reported()
	const round = "/rounds/VT26"
	before := v.call("teacher", http.MethodGet, round, "").want(200).has("spot_check.seed", "<nil>").has("spot_check.drawn", "<nil>")
	hash := fmt.Sprint(before.at("spot_check.seed_sha256"))
	v.says(v.get("teacher", "/statistics", 200), "Stickprov av slutrapporter", "Antalen visas när")
	if csv := string(v.file("", "/statistics.csv", "text/csv")); strings.Contains(csv, "Stickprov av") {
		t.Errorf("counted before the secret is told:\n%s", csv)
	}
	v.act("teacher", v.path, "submit_report", `{"pupils":20,"staff":2,"start":"2026-09-07","end":"2026-09-12","actual":[{"line":1,"amount":44000}],"external_grants_received":0,"texts":{"summary":"Bra."},"publish":true}`)
	after := v.call("teacher", http.MethodGet, round, "").want(200).has("spot_check.seed_sha256", hash).has("spot_check.reports", "1")
	seed := fmt.Sprint(after.at("spot_check.seed"))
	if workflow.SeedHash(seed) != hash || len(seed) != 64 {
		t.Fatalf("the secret %s is not that of %s", seed, hash)
	}
	k, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
	if err != nil {
		t.Fatal(err)
	}
	if s := k.App.Report.SpotCheck; s.SeedSHA256 != hash || s.Number != workflow.SpotNumber(seed, "VT26 "+k.App.DNR) {
		t.Errorf("the draw can't be made again: %+v", s)
	}
	v.says(v.get("teacher", "/statistics", 200), seed, "av 1 rapporter utlottade")
	n := map[bool]string{true: "1", false: "0"}
	for path, head := range map[string]string{"/statistics.csv": "Stickprov av slutrapporter;Våren;", "/statistics.csv?lang=en": "Spot checks of final reports;"} {
		csv := string(v.file("", path, "text/csv"))
		if !strings.Contains(csv, head) || strings.Count(csv, head[:strings.Index(head, ";")+1]) != 7 {
			t.Errorf("%s has not the spot checks:\n%s", path, csv)
		}
	}
	csv := string(v.file("", "/statistics.csv", "text/csv"))
	for measure, want := range map[string]string{"Rapporter i lottningen": "1", "Utlottade": n[k.App.Report.SpotCheck.Drawn], "Granskade, inte godkända än": n[len(k.App.Report.SpotCheck.Reasons) > 0], "Granskade och godkända": "0"} {
		if !strings.Contains(csv, ";"+measure+";"+want+";Rapporter som lottades ut") {
			t.Errorf("%s isn't %s:\n%s", measure, want, csv)
		}
	}
	if err := sqltest.Exec(v.url, "UPDATE spot_seeds SET seed = sha256('x')"); err == nil {
		t.Error("the secret could be changed")
	}
}
