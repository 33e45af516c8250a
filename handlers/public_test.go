package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// publicAddresses are all that tells the public of grants.
func (v *school) publicAddresses() []string {
	grant := "/registry" + strings.TrimPrefix(v.path, "/applications")
	return []string{"/statistics", "/statistics?from=2026&operator=kommunal", "/statistics.csv", "/statistics.xlsx", "/statistics/yearly/2026", "/statistics/yearly/2026/report.pdf",
		"/registry", "/registry?country=Finland&q=brahestad", "/registry.csv", grant, apiPrefix + "/open-data/360giving.json", "/open-data/grants.csv", "/open-data/dcat.jsonld"}
}

// anyone reads an address without signing in.
func (v *school) anyone(path string) (int, string) {
	v.t.Helper()
	w := httptest.NewRecorder()
	v.pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// drawn is the hash of a round's secret for its spot checks, which says nothing of anybody.
var drawn = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// TestSmallGroupsAreToldNowhere: with three pupils or four, everything that is
// public is the same, byte by byte.
func TestSmallGroupsAreToldNowhere(t *testing.T) {
	t.Parallel()
	told := map[int]map[string]string{}
	for _, pupils := range []int{3, 4, 20} {
		v := newSchoolWith(t, `{"spot_check_share":0}`).reported() // what is drawn by chance differs by chance
		v.act("teacher", v.path, "submit_report", fmt.Sprintf(`{"pupils":%d,"staff":2,"start":"2026-09-07","end":"2026-09-12","actual":[{"line":1,"amount":36000}],"external_grants_received":0,"texts":{"summary":"Bra."},"publish":true}`, pupils))
		v.act("principal", v.path, "approve", `{}`)
		v.act("officer", v.path, "accept_report", `{}`)
		told[pupils] = map[string]string{}
		for _, path := range v.publicAddresses() {
			code, body := v.anyone(path)
			if code != 200 {
				t.Fatalf("GET %s: %d", path, code)
			}
			told[pupils][path] = drawn.ReplaceAllString(body, "")
		}
	}
	differ := 0
	for path, body := range told[3] {
		if body != told[4][path] {
			t.Errorf("%s gives away whether they were three or four: %s", path, firstDifference(body, told[4][path]))
		}
		if body != told[20][path] {
			differ++
		}
	}
	if differ < 7 { // statistics, registry and report tell of twenty
		t.Errorf("only %d addresses tell of twenty pupils", differ)
	}
	if !strings.Contains(told[3]["/statistics"], "färre än 5") || !strings.Contains(told[20]["/registry"], "20 elever") {
		t.Error("the pages don't say how many there were")
	}
}

// firstDifference shows where two texts part.
func firstDifference(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return fmt.Sprintf("…%q against …%q", a[max(0, n-80):min(len(a), n+40)], b[max(0, n-80):min(len(b), n+40)])
}

// TestUntoldDecisionIsNotPublic: as long as nobody was told, no public address
// says that there is a decision; then all of them do.
func TestUntoldDecisionIsNotPublic(t *testing.T) {
	t.Parallel()
	for name, hold := range map[string]bool{"fresh": false, "held": true} {
		v := newSchool(t).ranked()
		proposal := `"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]`
		v.act("officer", v.path, "propose", "{"+proposal+"}")
		if hold {
			v.act("head", v.path, "hold_letter", `{"reason":"Alla besked samma dag."}`)
		}
		v.act("head", v.path, "decide", "{"+proposal+`,"delegation_item":"3.1"}`)
		for _, path := range v.publicAddresses() {
			code, body := v.anyone(path)
			if strings.HasPrefix(path, "/registry/") || strings.Contains(path, "/yearly/") {
				if code != 404 {
					t.Errorf("%s: GET %s: %d", name, path, code)
				}
				continue
			}
			if code != 200 || strings.Contains(body, "Möte i Brahestad") || strings.Contains(body, "30\u00a0000") || strings.Contains(body, "Beviljat (kr);30000") {
				t.Errorf("%s: GET %s: %d tells of the decision", name, path, code)
			}
		}
		if hold {
			v.act("head", v.path, "release_letter", "{}")
		}
		v.act("teacher", v.path, "accept_conditions", "{}")
		for _, path := range v.publicAddresses() {
			if code, _ := v.anyone(path); code != 200 {
				t.Errorf("%s: told, GET %s: %d", name, path, code)
			}
		}
		if _, body := v.anyone("/statistics"); !strings.Contains(body, "30\u00a0000") {
			t.Errorf("%s: told, and not counted", name)
		}
	}
}

// TestContactIsTheOffices: who runs the service says where questions go, and every
// page, letter on screen and answer gives that address.
func TestContactIsTheOffices(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.site.Contact = "fonden@kommun.example"
	read := map[string]string{}
	for _, path := range []string{"/", "/ideas", "/open-data/dcat.jsonld"} {
		_, read[path] = v.anyone(path)
	}
	letter := fmt.Sprintf("/applications/%d/decision", v.id)
	read[letter] = v.get("teacher", letter, http.StatusOK)
	for path, body := range read {
		if strings.Contains(body, "internationella.fonden@") || !strings.Contains(body, v.site.Contact) {
			t.Errorf("%s gives another address than %s", path, v.site.Contact)
		}
	}
}
