package handlers

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"fund/workflow"
	"fund/workflow/lang"
)

// file fetches a download and checks its type.
func (v *school) file(who, path, contentType string) []byte {
	v.t.Helper()
	req := httptest.NewRequest(http.MethodGet, path, nil)
	if who != "" {
		v.get(who, "/tasks", 200) // signs in
		req.AddCookie(&http.Cookie{Name: sessionCookie, Value: v.cookies[who]})
	}
	w := httptest.NewRecorder()
	v.pages.ServeHTTP(w, req)
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), contentType) {
		v.t.Fatalf("GET %s: %d %s\n%s", path, w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	return w.Body.Bytes()
}

func TestStatisticsTellTheSameInEveryForm(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.says(v.get("officer", "/statistics", 200), "Det finns inget att räkna än")
	v.get("officer", "/statistics/yearly/2026", 404)
	v.decided().act("teacher", v.path, "accept_conditions", "{}")
	page := v.get("officer", "/statistics", 200)
	v.says(page, "30 000 kr", "Så mycket har fonden beviljat", "Finland får 100 procent av pengarna", "Gymnasieskola", "Årsrapport 2026", "Skydd för små grupper")
	if raw := v.file("", "/statistics", "text/html"); !bytes.Contains(raw, []byte(`<rect class="p-2"`)) {
		t.Error("no column is drawn")
	}
	v.says(v.get("officer", "/statistics?from=2027", 200), "Det finns inget att räkna än")
	v.says(v.get("officer", "/statistics?lang=en", 200), "What the fund has granted", "Fewer than five")
	csv := string(v.file("", "/statistics.csv", "text/csv"))
	if !strings.Contains(csv, "Land;Finland;Beviljat (kr);30000;") || strings.Contains(csv, "Elin") {
		t.Errorf("CSV says %s", csv)
	}
	for line, def := range map[string]string{"Land;Finland;Elever;20;": "Antal som reste", "Land;Finland;Beviljat (kr);30000;": "Hela kronor enligt besluten", "Sammanfattning;Sökt (kr);Värde;": "senast skickades in", "Del till fristående skolor;2026;Kommunal (kr);30000;": "Hela kronor"} {
		if _, rest, ok := strings.Cut(csv, line); !ok || !strings.Contains(strings.SplitN(rest, "\n", 2)[0], def) {
			t.Errorf("%s is not defined by its own measure (%s)", line, def)
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader(v.file("", "/statistics.xlsx?lang=en", "application/vnd.openxml")))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got, err := book.GetCellValue("Country", "D1"); err != nil || got != "Granted (SEK)" {
		t.Errorf("the sum's heading is %q (%v)", got, err)
	}
	if got, err := book.GetCellValue("Country", "D2"); err != nil || got != "30000" {
		t.Errorf("the workbook says %q (%v)", got, err)
	}
	if rows, err := book.GetRows("Definitions"); err != nil || len(rows) < 10 {
		t.Errorf("%d definitions (%v)", len(rows), err)
	}
	v.says(v.get("officer", "/statistics/yearly/2026", 200), "Internationella fonden 2026", "30 000 kr", "till ett utbyte eller projekt", "Kommunstyrelsen")
	v.paper("", "/statistics/yearly/2026/report.pdf")
	v.paper("finance1", "/payouts/reconciliation.pdf")
}

func TestRegistryShowsWhatTheSchoolLetsBeRead(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.says(v.get("officer", "/registry", 200), "Inga bidrag passar urvalet")
	public := "/registry" + strings.TrimPrefix(v.path, "/applications")
	v.get("officer", public, 404)
	v.reported()
	v.says(v.get("officer", "/registry", 200), "Baldergymnasiet: Möte i Brahestad", "30 000 kr", "1 bidrag")
	v.says(v.get("officer", "/registry?country=Finland&q=brahestad", 200), "1 bidrag")
	v.says(v.get("officer", "/registry?country=Norge", 200), "Inga bidrag passar urvalet")
	v.says(v.get("officer", public, 200), "När slutrapporten är godkänd")
	csv := string(v.file("", "/registry.csv?country=Finland", "text/csv"))
	if !strings.Contains(csv, ";Sökt (kr);Beviljat (kr);Utbetalt och behållet (kr);Sammanfattning;") {
		t.Errorf("the headings are %q", strings.SplitN(csv, "\n", 2)[0])
	}
	if !strings.Contains(csv, "Möte i Brahestad") || strings.Contains(csv, "Elin Marklund") || strings.Count(csv, "\n") != 2 {
		t.Errorf("CSV says %s", csv)
	}
	v.act("teacher", v.path, "submit_report", `{"pupils":20,"staff":2,"start":"2026-09-07","end":"2026-09-12","actual":[{"line":1,"amount":36000}],"external_grants_received":0,"texts":{"summary":"Vi lärde oss finska.","learned":"Börja tidigare."},"publish":true}`)
	if page := v.get("officer", public, 200); strings.Contains(page, "Börja tidigare.") {
		t.Error("a report that is not accepted is public")
	}
	v.act("principal", v.path, "approve", `{}`)
	v.act("officer", v.path, "accept_report", `{}`)
	v.says(v.get("officer", public, 200), "Vi lärde oss finska.", "Börja tidigare.")
	v.says(v.get("officer", "/registry", 200), "Läs vad skolan lärde sig", "Redovisat")
}

func TestReportAnswersEachGoal(t *testing.T) {
	t.Parallel()
	v := newSchool(t).reported()
	page := "/reports" + strings.TrimPrefix(v.path, "/applications")
	typed := []string{"start", "2026-09-07", "end", "2026-09-12", "pupils", "20", "staff", "2", "actual.1.amount", "36 000", "actual.1.voucher", "V 12", "external_grants_received", "0", "texts.summary", "Bra.", "publish", "yes"}
	v.says(v.get("teacher", page, 200), "Målen, ett i taget", "Nådde ni mål 1?")
	v.says(v.post("teacher", page, 422, append(typed, "goals.1.reached", "kanske")...), "Nådde ni mål 1?")
	v.post("teacher", page, 303, append(typed, "goals.1.reached", "partly", "goals.1.text", "Hälften talade finska.")...)
	v.says(v.get("officer", page, 200), "Målen, ett i taget", "Delvis", "Hälften talade finska.")
	v.call("teacher", http.MethodGet, v.path, "").want(200).has("report.goals.0.reached", "partly")
}

// actor is who somebody of the rehearsal is.
func (v *school) actor(who string) workflow.Actor {
	v.t.Helper()
	p, err := v.store.PersonByEmail(v.t.Context(), who+"@example.org")
	if err != nil {
		v.t.Fatal(err)
	}
	return workflow.Act(p)
}

// TestAreaSharesAreOfAllTheMoney: a grant about two areas stands in both, so their sum is more than the money; a share is of the money.
func TestAreaSharesAreOfAllTheMoney(t *testing.T) {
	t.Parallel()
	groups := []workflow.StatGroup{{Key: "Bo och leva", Granted: 60000}, {Key: "Arbetssätt", Granted: 60000}}
	plots := plotsOf(lang.SV, workflow.Statistics{Total: workflow.StatGroup{Granted: 100000}, Areas: groups, Countries: groups[:1]})
	i := slices.IndexFunc(plots, func(p Plot) bool { return p.ID == "areas" })
	if want := "60 procent av pengarna gäller Bo och leva"; i < 0 || plots[i].Title != want {
		t.Errorf("the plots are %+v, want one with the title %q", plots, want)
	}
}
