package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow/lang"
)

func TestPostOfAnExpiredSignInIsReplayed(t *testing.T) {
	t.Parallel()
	v := writing(t)
	form := filled(v.drawn("teacher", "purpose"), "text.purpose", "Skrivet innan klockan gick ut.", "go", "back")
	expire := func() {
		if err := sqltest.Exec(v.url, "UPDATE sessions SET seen_at = seen_at - interval '9 hours'"); err != nil {
			t.Fatal(err)
		}
	}
	expire()
	if w := v.raw("teacher", http.MethodPost, v.path+"/save/purpose", form.Encode(), "Accept", "application/json"); w.Code != http.StatusUnauthorized {
		t.Errorf("the script is answered %d, want 401", w.Code)
	}
	w := v.raw("teacher", http.MethodPost, v.path+"/edit/purpose", form.Encode())
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
		t.Fatalf("post: %d %s", w.Code, w.Header().Get("Location"))
	}
	parked := ""
	for _, c := range w.Result().Cookies() {
		if c.Name == parkedCookie {
			parked = c.Value
		}
	}
	if parked == "" {
		t.Fatal("the post is not parked")
	}
	signIn := func(who string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(url.Values{"email": {who + "@example.org"}, "next": {"/tasks"}}.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.AddCookie(&http.Cookie{Name: parkedCookie, Value: parked})
		w := httptest.NewRecorder()
		v.pages.ServeHTTP(w, req)
		return w
	}
	if w := signIn("teacher2"); w.Header().Get("Location") != "/tasks" {
		t.Errorf("somebody else is led to %s", w.Header().Get("Location"))
	}
	if w := signIn("teacher"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != v.path {
		t.Errorf("after the sign-in: %d %s", w.Code, w.Header().Get("Location"))
	}
	if got := v.form().Text.Purpose; got != "Skrivet innan klockan gick ut." {
		t.Errorf("kept %q", got)
	}
	if w := signIn("teacher"); w.Header().Get("Location") != "/tasks" {
		t.Errorf("replayed twice: %s", w.Header().Get("Location"))
	}
}

// jar is a browser without scripts: all its tabs share the cookies.
type jar struct {
	v       *school
	cookies map[string]string
}

func (j jar) send(method, path string, form url.Values) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range j.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	j.v.pages.ServeHTTP(w, req)
	for _, c := range w.Result().Cookies() {
		if j.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(j.cookies, c.Name)
		}
	}
	return w
}

func (j jar) signIn(who string) *httptest.ResponseRecorder {
	return j.send(http.MethodPost, "/sign-in", url.Values{"email": {who + "@example.org"}, "next": {"/tasks"}})
}

// One tab signs out, another one sends what was typed: it waits for the same
// person's next sign-in, and the session that ended opens nothing more.
func TestPostAfterSigningOutInAnotherTabIsReplayed(t *testing.T) {
	t.Parallel()
	v := writing(t)
	form := filled(v.drawn("teacher", "purpose"), "text.purpose", "Skrivet före utloggningen.", "go", "back")
	tabs := jar{v, map[string]string{}}
	tabs.signIn("teacher")
	ended := tabs.cookies[sessionCookie]
	tabs.send(http.MethodPost, "/sign-out", nil)
	w := tabs.send(http.MethodPost, v.path+"/edit/purpose", form)
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
		t.Fatalf("post: %d %s", w.Code, w.Header().Get("Location"))
	}
	v.says(pageText(t, tabs.send(http.MethodGet, w.Header().Get("Location"), nil).Body.String()), "Det du skickade finns kvar.")
	if w := tabs.signIn("teacher"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != v.path {
		t.Errorf("after the sign-in: %d %s", w.Code, w.Header().Get("Location"))
	}
	if got := v.form().Text.Purpose; got != "Skrivet före utloggningen." {
		t.Errorf("kept %q", got)
	}
	if tabs.cookies[leftCookie] != "" || tabs.cookies[parkedCookie] != "" {
		t.Errorf("the browser keeps %v", tabs.cookies)
	}
	for range 2 {
		old := jar{v, map[string]string{sessionCookie: ended}}
		if w := old.send(http.MethodGet, v.path, nil); w.Code != http.StatusSeeOther {
			t.Errorf("the ended session opens the page: %d", w.Code)
		}
	}
}

// Two tabs send after the sign-in ended: one sign-in takes both posts, in their order.
func TestPostsOfTwoTabsAreReplayed(t *testing.T) {
	t.Parallel()
	v := writing(t)
	purpose := filled(v.drawn("teacher", "purpose"), "text.purpose", "Skrivet i den ena fliken.", "go", "back")
	care := filled(v.drawn("teacher", "care"), "text.risk", "Skrivet i den andra fliken.", "go", "back")
	tabs := jar{v, map[string]string{}}
	tabs.signIn("teacher")
	tabs.send(http.MethodPost, "/sign-out", nil)
	tabs.send(http.MethodPost, v.path+"/edit/purpose", purpose)
	tabs.send(http.MethodPost, v.path+"/edit/care", care)
	if w := tabs.signIn("teacher2"); w.Header().Get("Location") != "/tasks" {
		t.Errorf("somebody else is led to %s", w.Header().Get("Location"))
	}
	w := tabs.signIn("teacher")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != v.path {
		t.Errorf("after the sign-in: %d %s", w.Code, w.Header().Get("Location"))
	}
	v.says(pageText(t, tabs.send(http.MethodGet, v.path, nil).Body.String()), "Allt du skickade när du var utloggad är mottaget: 2 formulär.")
	if got := v.form().Text; got.Purpose != "Skrivet i den ena fliken." || got.Risk != "Skrivet i den andra fliken." {
		t.Errorf("kept %q and %q", got.Purpose, got.Risk)
	}
	if tabs.cookies[parkedCookie] != "" {
		t.Errorf("the browser keeps %v", tabs.cookies)
	}
}

// What can't be taken as it was is shown as it was: one at once, several from a page that leads to each.
func TestRefusedPostsOfTwoTabsAreShown(t *testing.T) {
	t.Parallel()
	v := writing(t)
	good := filled(v.drawn("teacher", "purpose"), "text.purpose", "Skrivet i en flik.", "go", "back")
	trip := filled(v.drawn("teacher", "activity"), "activity.travel_days", "två", "go", "back")
	people := filled(v.drawn("teacher", "participants"), "participants.pupils", "tjugofyra", "go", "back")
	tabs := jar{v, map[string]string{}}
	tabs.signIn("teacher")
	tabs.send(http.MethodPost, "/sign-out", nil)
	tabs.send(http.MethodPost, v.path+"/edit/activity", trip)
	tabs.send(http.MethodPost, v.path+"/edit/purpose", good)
	w := tabs.signIn("teacher")
	v.says(pageText(t, w.Body.String()), "Skriv ett helt antal med siffror")
	if !strings.Contains(w.Body.String(), `value="två"`) || v.form().Text.Purpose != "Skrivet i en flik." {
		t.Errorf("one is refused: %d, the other is %q", w.Code, v.form().Text.Purpose)
	}

	tabs.send(http.MethodPost, "/sign-out", nil)
	tabs.send(http.MethodPost, v.path+"/edit/activity", trip)
	tabs.send(http.MethodPost, v.path+"/edit/participants", people)
	tabs.send(http.MethodPost, v.path+"/edit/participants", filled(people, "participants.pupils", "tjugofem"))
	w = tabs.signIn("teacher")
	about := v.form().Title // which case it is of
	if strings.Contains(pageText(t, w.Body.String()), "Fel: ") {
		t.Error("the post is called by its fault")
	}
	v.says(pageText(t, w.Body.String()), "Något behöver rättas i det du skickade", "Resan, "+about, "Deltagare, "+about, "Deltagare, "+about+", 2")
	ids := regexp.MustCompile(`name="id" value="(\d+)"`).FindAllStringSubmatch(w.Body.String(), -1)
	if len(ids) != 8 || tabs.cookies[parkedCookie] != "" { // the one before is there as well; each has two buttons
		t.Fatalf("the page leads to %v, the browser keeps %v", ids, tabs.cookies)
	}
	for i, want := range []string{`value="två"`, `value="två"`, `value="tjugofyra"`, `value="tjugofem"`} {
		for range 2 { // opening it takes nothing away
			if page := tabs.send(http.MethodPost, "/sign-in/refused", url.Values{"id": {ids[2*i][1]}, "go": {"open"}}); !strings.Contains(page.Body.String(), want) {
				t.Errorf("post %d: %d without %s", i+1, page.Code, want)
			}
		}
	}
}

var mendForm = regexp.MustCompile(`action="(/applications/\d+/edit/activity\?refused=\d+)"`)

// A refused post outlives its tab: it stands among the tasks, can be read and opened, and is kept
// until what mends it was taken, or its sender lets it go.
func TestARefusedPostIsKeptUntilItIsMendedOrLetGo(t *testing.T) {
	t.Parallel()
	v := writing(t)
	trip := filled(v.drawn("teacher", "activity"), "activity.travel_days", "två resdagar", "go", "back")
	tabs := jar{v, map[string]string{}}
	park := func() string {
		tabs.signIn("teacher")
		tabs.send(http.MethodPost, "/sign-out", nil)
		tabs.send(http.MethodPost, v.path+"/edit/activity", trip)
		return tabs.signIn("teacher").Body.String()
	}
	kept := func() string { return pageText(t, tabs.send(http.MethodGet, "/sign-in/refused", nil).Body.String()) }
	tasks := func() string { return pageText(t, tabs.send(http.MethodGet, "/tasks", nil).Body.String()) }
	page := park()
	v.says(pageText(t, page), "Det du skrev finns kvar, även om du stänger sidan")

	// Another browser, another day: the tab is gone.
	if err := sqltest.Exec(v.url, "UPDATE parked_posts SET created_at = created_at - interval '40 days'"); err != nil {
		t.Fatal(err)
	}
	tabs = jar{v, map[string]string{}}
	tabs.signIn("teacher")
	v.says(tasks(), "Något behöver rättas i det du skickade")
	v.says(kept(), "Resan, "+v.form().Title, "Det du skrev", "två resdagar")
	other := jar{v, map[string]string{}}
	other.signIn("teacher2")
	if text := pageText(t, other.send(http.MethodGet, "/sign-in/refused", nil).Body.String()); strings.Contains(text, "två resdagar") {
		t.Error("somebody else reads it")
	}

	// Refused again, and then taken.
	at := mendForm.FindStringSubmatch(page)
	if at == nil {
		t.Fatal("the form doesn't say which post it mends")
	}
	again := tabs.send(http.MethodPost, at[1], trip)
	if !strings.Contains(again.Body.String(), at[1]) {
		t.Error("the form that was refused again doesn't say which post it mends")
	}
	v.says(kept(), "två resdagar")
	if w := tabs.send(http.MethodPost, at[1], filled(trip, "activity.travel_days", "2")); w.Code != http.StatusSeeOther || w.Header().Get("Location") != v.path {
		t.Fatalf("mended: %d %s", w.Code, w.Header().Get("Location"))
	}
	if text := kept() + tasks(); strings.Contains(text, "två resdagar") || strings.Contains(text, "Något behöver rättas i det du skickade Skickat") {
		t.Errorf("kept after it was taken: %s", text)
	}

	park()
	id := regexp.MustCompile(`name="id" value="(\d+)"`).FindStringSubmatch(tabs.send(http.MethodGet, "/sign-in/refused", nil).Body.String())
	if id == nil {
		t.Fatal("the second one is not kept")
	}
	if w := other.send(http.MethodPost, "/sign-in/refused", url.Values{"id": {id[1]}, "go": {"drop"}}); w.Code != http.StatusNotFound {
		t.Errorf("somebody else lets it go: %d", w.Code)
	}
	v.says(kept(), "två resdagar")
	tabs.send(http.MethodPost, "/sign-in/refused", url.Values{"id": {id[1]}, "go": {"drop"}})
	v.says(kept(), "Det finns inget att rätta")
	if strings.Contains(kept(), "Något behöver rättas") {
		t.Error("an empty list says that something is to be mended")
	}
}

// TestWrittenChoicesAreReadInWords: a kept form shows what was chosen as its own page does.
func TestWrittenChoicesAreReadInWords(t *testing.T) {
	t.Parallel()
	got := written(lang.SV, sql.ParkedPost{ContentType: "application/x-www-form-urlencoded", Body: []byte("type=dates&cause=own&reason=Flyget+inst%C3%A4llt&version=3")})
	want := []Answer{{Term: "Vad ska ändras", Value: "Flytta resan"}, {Term: "Vad är orsaken", Value: "Egna skäl"}, {Term: fieldWord(lang.SV, "reason"), Value: "Flyget inställt"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
