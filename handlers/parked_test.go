package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"fund/sql/sqltest"
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
	v.says(pageText(t, w.Body.String()), "Något behöver rättas i det du skickade", "Fel: Resan (öppnas", "Fel: Deltagare (öppnas", "Fel: Deltagare, 2 (öppnas")
	words := strings.Split(tabs.cookies[parkedCookie], ".")
	if len(words) != 3 {
		t.Fatalf("the browser keeps %q, want three words", words)
	}
	for i, want := range []string{`value="två"`, `value="tjugofyra"`, `value="tjugofem"`} {
		if !strings.Contains(w.Body.String(), words[i]) {
			t.Errorf("the page doesn't lead to post %d", i+1)
		}
		if page := tabs.send(http.MethodPost, "/sign-in/refused", url.Values{"word": {words[i]}}); !strings.Contains(page.Body.String(), want) {
			t.Errorf("post %d: %d without %s", i+1, page.Code, want)
		}
	}
	if tabs.cookies[parkedCookie] != "" {
		t.Errorf("the browser keeps %v", tabs.cookies)
	}
	if page := tabs.send(http.MethodPost, "/sign-in/refused", url.Values{"word": {words[0]}}); page.Code != http.StatusNotFound {
		t.Errorf("a post that was taken answers %d, want 404", page.Code)
	}
}
