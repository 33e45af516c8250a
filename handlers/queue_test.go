package handlers

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestQueueGoesOnWhereItWas: the filter survives a visit, and is found again by its saved name.
func TestQueueGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	if text := v.get("officer", "/cases?view=all&who=none", 200); !strings.Contains(text, "Möte i Brahestad") {
		t.Errorf("the unassigned case is not listed: %s", text)
	}
	req := httptest.NewRequest(http.MethodGet, "/cases", nil)
	req.AddCookie(&http.Cookie{Name: queueCookie, Value: url.QueryEscape("view=check&who=none&evil=1")})
	req.AddCookie(&http.Cookie{Name: sessionCookie, Value: v.cookies["officer"]})
	w := httptest.NewRecorder()
	v.pages.ServeHTTP(w, req)
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != "/cases?view=check&who=none" {
		t.Errorf("led to %q with %d", got, w.Code)
	}
	v.post("officer", "/cases/views", 422, "keep", "view=all&who=none", "name", " ")
	v.post("officer", "/cases/views", 303, "keep", "view=all&who=none", "name", "Ingens")
	if text := v.get("officer", "/cases?view=all", 200); !strings.Contains(text, "Ingens") || !strings.Contains(text, "arbetsdagar") {
		t.Errorf("saved view or clock missing: %s", text)
	}
	v.post("officer", v.office()+"/take", 303)
	if text := v.get("officer", v.office(), 200); strings.Contains(text, "Ta ärendet") || !strings.Contains(text, "Byt handläggare") {
		t.Errorf("not taken: %s", text)
	}
	if text := v.get("officer", "/cases?view=all&who=none", 200); strings.Contains(text, "Möte i Brahestad") {
		t.Errorf("still nobody's: %s", text)
	}
}

// TestTheDeskShowsAColleaguesCases: from the workload and from the filter, which keeps who was chosen.
func TestTheDeskShowsAColleaguesCases(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.post("officer", v.office()+"/take", 303)
	desk := v.raw("head", http.MethodGet, "/cases?view=open", "").Body.String()
	link := regexp.MustCompile(`href="(/cases\?view=open&amp;who=(\d+))">Karin Holmlund</a>`).FindStringSubmatch(desk)
	if link == nil {
		t.Fatalf("the workload leads to no officer's cases: %s", desk)
	}
	theirs := v.raw("head", http.MethodGet, html.UnescapeString(link[1]), "").Body.String()
	if !strings.Contains(theirs, "Möte i Brahestad") || !strings.Contains(theirs, `<option value="`+link[2]+`" selected>Karin Holmlund</option>`) {
		t.Errorf("the colleague's cases, or who is chosen, are not shown: %s", theirs)
	}
	if own := v.raw("officer", http.MethodGet, "/cases?view=open", "").Body.String(); strings.Contains(own, `<option value="`+link[2]+`"`) {
		t.Error("one's own cases are offered twice")
	}
}

// office is the case's page for the office.
func (v *school) office() string { return strings.Replace(v.path, "applications", "cases", 1) }

// TestACaseIsNotOfferedToWhoIsTied: an officer with a tie to the school reads why the case can't become theirs instead
// of a button that would refuse, and nobody is offered to give it to them; for the other officer it is there as ever.
func TestACaseIsNotOfferedToWhoIsTied(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.says(v.get("officer", v.office(), 200), "Ta ärendet")
	schools, err := v.store.Schools(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range schools {
		if x.Name == "Baldergymnasiet" {
			v.plain("officer", "/ties", 303, "kind", "employer", "school", fmt.Sprint(x.ID))
		}
	}
	text := v.get("officer", v.office(), 200)
	v.says(text, "Ärendet kan inte bli ditt, för du är jävig.", "Har uppgett en koppling till skolan")
	if strings.Contains(text, "Ta ärendet") {
		t.Error("the button stands there all the same")
	}
	v.post("officer", v.office()+"/take", 409)
	form := fmt.Sprintf("/do/%d/assign_officer", v.id)
	if text := v.get("officer", form, 200); strings.Contains(text, "Karin Holmlund") {
		t.Errorf("offered to be given it: %s", text)
	}
}
