package handlers

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"fund/sql"
	"fund/workflow"
)

// Attacks: what somebody who means no good would try. Each of them worked once.

// TestScenariosHideWhatIsGone: a case is gone for who is in conflict, also from the saved scenarios of its round.
func TestScenariosHideWhatIsGone(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	made := v.call("officer", http.MethodPost, "/rounds/VT26/allocations", `{"method":"ranking"}`).want(201)
	path := fmt.Sprintf("/rounds/VT26/allocations/%v", made.at("id"))
	v.call("secretary", http.MethodGet, path, "").want(200).has("results.0.application", v.id)
	tag := v.call("secretary", http.MethodGet, v.path, "").want(200).tag()
	v.call("secretary", http.MethodPost, v.path+"/actions/declare_interest", `{"conflict":true,"reason":"Släkt."}`, "If-Match", tag).want(200)
	v.call("secretary", http.MethodGet, v.path, "").want(404)
	if n := len(v.call("secretary", http.MethodGet, path, "").want(200).at("results").([]any)); n != 0 {
		t.Errorf("the scenario shows %d cases to who is in conflict with its only one", n)
	}
	list := v.call("secretary", http.MethodGet, "/rounds/VT26/allocations", "").want(200)
	if n := len(list.at("items.0.results").([]any)); n != 0 {
		t.Errorf("the list of scenarios shows %d cases", n)
	}
	v.call("officer", http.MethodGet, path, "").want(200).has("results.0.application", v.id)
}

// TestOfficersReportWaitsForTheDecision: on the pages as in the API.
func TestOfficersReportWaitsForTheDecision(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	var id int64
	err := v.store.InTx(t.Context(), func(tx *sql.Tx) (err error) {
		id, err = tx.AddDocument(t.Context(), sql.DocumentRow{Application: v.id, Kind: "officer_report", Name: "t.pdf", Title: "Tjänsteskrivelse", Type: "application/pdf"}, []byte("%PDF-1.4 inre"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/applications/%d/documents/%d", v.id, id)
	v.call("teacher", http.MethodGet, path, "").want(404)
	v.call("officer", http.MethodGet, path, "").want(200)
	v.send("teacher", httptest.NewRequest(http.MethodGet, path, nil), 404)
	if text := v.get("teacher", fmt.Sprintf("/applications/%d", v.id), 200); strings.Contains(text, "Tjänsteskrivelse") {
		t.Error("the school's page names the officer's report before the decision")
	}
}

// ask sends a form as a stranger from an address.
func (v *school) ask(from, path string, header map[string]string, pairs ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.RemoteAddr = from
	for k, x := range header {
		req.Header.Set(k, x)
	}
	w := httptest.NewRecorder()
	v.pages.ServeHTTP(w, req)
	return w
}

// TestNobodyIsManySenders: a header that anyone can write makes no new sender of who writes too much.
func TestNobodyIsManySenders(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	idea := []string{"kind", "question", "name", "Kim", "email", "kim@example.net", "question", "Får vi åka?"}
	last := 0
	for i := range 7 {
		last = v.ask("203.0.113.7:4711", "/ideas", map[string]string{"X-Forwarded-For": fmt.Sprintf("198.51.100.%d", i), "X-Real-Ip": fmt.Sprintf("198.51.100.%d", i)}, idea...).Code
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the seventh idea of one sender in a row answers %d, want 429", last)
	}
	if code := v.ask("203.0.113.8:4711", "/ideas", nil, idea...).Code; code != http.StatusSeeOther {
		t.Errorf("another sender is answered %d", code)
	}
}

// TestNobodysMailboxIsFilled: who asks for a sign-in again and again gets no more mails, and the page says the same.
func TestNobodysMailboxIsFilled(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	site := *v.site
	site.Rehearsal = false
	v.pages = site.Handler()
	count := func() int {
		rows, _, err := v.store.RehearsalMail(t.Context(), "teacher@example.org", 0, 500, 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	before, first := count(), ""
	for i := range 12 {
		w := v.ask("203.0.113.7:4711", "/sign-in", nil, "email", "teacher@example.org")
		if w.Code != http.StatusOK {
			t.Fatalf("time %d: %d", i, w.Code)
		}
		if text := pageText(t, w.Body.String()); first == "" {
			first = text
		} else if text != first {
			t.Fatalf("time %d: the page tells that there were too many: %s", i, text)
		}
	}
	if n := count() - before; n < 1 || n > 5 {
		t.Errorf("%d mails after twelve questions, want five at most", n)
	}
}

// TestWayBackStaysHere: the page that sent a form may name no other site to go back to.
func TestWayBackStaysHere(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	req := v.formOf("teacher", fmt.Sprintf("/do/%d/%s", v.id, workflow.ActDecide))
	req.Header.Set("Referer", "http://fund.test//evil.example/x")
	if html := v.markup("teacher", req, http.StatusForbidden); strings.Contains(html, `href="//evil.example`) {
		t.Error("the way back leads to another site")
	}
	for next, want := range map[string]string{"/cases?a=b": "/cases?a=b", "//evil.example": "/tasks", "///evil.example": "/tasks", `/\evil.example`: "/tasks", "https://evil.example/": "/tasks",
		"javascript:alert(1)": "/tasks", "/a\nb": "/tasks", "cases": "/tasks", "": "/tasks"} {
		if got := localPath(next); got != want {
			t.Errorf("localPath(%q) = %q, want %q", next, got, want)
		}
	}
}

// TestWhatCannotBeReadIsTheSendersFault: no character and no broken form makes
// the service stumble.
func TestWhatCannotBeReadIsTheSendersFault(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	for path, want := range map[string]int{"/cases?q=%00": 400, "/cases?q=%ff": 400, "/cases?round=a%00": 400, "/rounds/%00": 404, "/rounds/a%00/ranking": 404, "/rehearsal/mail?to=%00": 400, "/registry?q=%00": 400} {
		v.send("officer", httptest.NewRequest(http.MethodGet, path, nil), want)
	}
	v.call("officer", http.MethodGet, "/rounds/%00", "").want(404)
	v.call("officer", http.MethodGet, "/applications?q=%00", "").want(400)
	for body, want := range map[string]int{`{"title":"a\u0000b"}`: 422, `{"applicant":{"school":"\u0000"}}`: 422, `{"title":"a \\u0000 b"}`: 201, `{"requested":1e300}`: 422,
		`{"budget":[{"line":1,"code":"RES","amount":9223372036854775807}]}`: 422, `{"participants":{"pupils":1000000000001}}`: 422, `{"requested":1000000000000}`: 201} {
		v.call("teacher", http.MethodPost, "/applications", body).want(want)
	}
	v.call("teacher", http.MethodPost, "/applications", `{"budget":[{"line":1,"code":"RES","amount":9223372036854775807}]}`).want(422).has("errors.0.field", "budget[0].amount")
	for name, f := range map[string]struct {
		kind, body string
		want       int
	}{"escape": {"application/x-www-form-urlencoded", "a=%zz", 400}, "no boundary": {"multipart/form-data", "x", 400}, "cut off": {"multipart/form-data; boundary=x", "--x\r\nfoo", 400},
		"NUL": {"application/x-www-form-urlencoded", "kind=question&name=a%00&email=a@example.net&question=b%00", 303}, "too large": {"application/x-www-form-urlencoded", "a=" + strings.Repeat("x", formLimit), 413}} {
		req := httptest.NewRequest(http.MethodPost, "/ideas", strings.NewReader(f.body))
		req.Header.Set("Content-Type", f.kind)
		w := httptest.NewRecorder()
		if v.pages.ServeHTTP(w, req); w.Code != f.want {
			t.Errorf("%s: %d, want %d", name, w.Code, f.want)
		}
	}
}

// TestHeadIsGetWithoutBody: watchers and link checkers ask so.
func TestHeadIsGetWithoutBody(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	for path, want := range map[string]int{"/": 200, "/registry": 200, "/healthz": 200, "/sign-in": 200, "/nowhere": 404} {
		w := httptest.NewRecorder()
		if v.pages.ServeHTTP(w, httptest.NewRequest(http.MethodHead, path, nil)); w.Code != want {
			t.Errorf("HEAD %s: %d, want %d", path, w.Code, want)
		}
	}
	w := httptest.NewRecorder()
	v.pages.ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/cases?a=b", nil))
	if got := w.Header().Get("Location"); got != "/sign-in?next=%2Fcases%3Fa%3Db" {
		t.Errorf("HEAD /cases leads to %q", got)
	}
}

// TestSlowBodyIsCutOff: who sends a byte now and then keeps no connection for ever.
func TestSlowBodyIsCutOff(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	site := *v.site
	site.bodyTime = 50 * time.Millisecond
	srv := httptest.NewServer(site.Handler())
	t.Cleanup(srv.Close)
	c, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	fmt.Fprint(c, "POST /ideas HTTP/1.1\r\nHost: fund.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nkind=")
	if err := c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	answer, err := bufio.NewReader(c).ReadString('\n')
	if err != nil || !strings.Contains(answer, " 400 ") {
		t.Errorf("a body that never ends: %q %v", answer, err)
	}
}

// TestFileIsNamedForWhatItIs: a page or a program with a PDF's first bytes is no such
// thing where it is fetched, and no sign turns the letters of its name round.
func TestFileIsNamedForWhatItIs(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.round("VT26")
	id := st.draft().at("id")
	for i, tt := range []struct{ name, want string }{
		{"Plan A.PDF", "Plan A.PDF"},
		{"plan.hta", "plan.hta.pdf"},
		{"plan\u202efdp.exe", "planfdp.exe.pdf"},
		{"plan", "plan.pdf"},
		{"..", "...pdf"},
	} {
		st.upload("teacher", id, "other", tt.name, pdf).want(http.StatusCreated).has(fmt.Sprintf("attachments.%d.name", i), tt.want)
	}
}
