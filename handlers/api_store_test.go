package handlers

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
)

// TestADraftBecomesACase walks an application from the form to the office over HTTP.
func TestADraftBecomesACase(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.round("VT26")
	d := st.draft().has("state", "draft").has("version", 1).has("applicant.level", "gymnasieskola").has("computed.eligible_cost", 44000).has("dnr", nil)
	path := fmt.Sprintf("/applications/%v", d.at("id"))
	if got := d.header.Get("Location"); got != apiPrefix+path || d.tag() != `"1"` {
		t.Errorf("Location %q, ETag %q", got, d.tag())
	}
	st.call("teacher", http.MethodPatch, path, `{"requested":31000}`, "If-Match", d.tag(), "Content-Type", mergePatch).want(200).has("requested", 31000).has("version", 2)

	up := st.upload("teacher", d.at("id"), "letter_of_intent", "Avsikt å.pdf", pdf).want(201).has("attachments.0.kind", "letter_of_intent").has("attachments.0.type", "application/pdf")
	file := st.call("teacher", http.MethodGet, fmt.Sprintf("%s/attachments/%v", path, up.at("attachments.0.id")), "").want(200)
	if !bytes.Equal(file.raw, pdf) || file.tag() != fmt.Sprintf(`"%v"`, up.at("attachments.0.sha256")) {
		t.Errorf("the file came back as %q with ETag %s", file.raw, file.tag())
	}
	if got := file.header.Get("Content-Disposition"); !strings.Contains(got, `filename*=UTF-8''Avsikt%20%C3%A5.pdf`) {
		t.Errorf("Content-Disposition is %s", got)
	}
	st.act("teacher", path, "request_approval", "")
	back := st.act("principal", path, "return_to_applicant", `{"reason":"Skriv mer om budgeten."}`) // out of the principal's sight now
	back.has("state", "draft").has("returned.reason", "Skriv mer om budgeten.")
	st.call("principal", http.MethodGet, path, "").want(404)
	st.act("teacher", path, "request_approval", "{}")
	st.act("principal", path, "approve", `{"statement":"Ja."}`).has("state", "approved")
	st.act("teacher", path, "submit", "{}").has("state", "submitted")

	st.call("officer", http.MethodGet, path+"/versions/1", "").want(200).has("n", 1).has("requested", 31000).has("title", "Möte i Brahestad")
	st.call("officer", http.MethodGet, path+"/versions/2", "").want(404)
	events := st.call("officer", http.MethodGet, path+"/events?limit=3", "").want(200).has("items.0.version", 1)
	if got := events.header.Get("Link"); !strings.Contains(got, `rel="next"`) || !strings.Contains(got, "after=") {
		t.Errorf("Link is %q", got)
	}
	next, _, _ := strings.Cut(strings.TrimPrefix(events.header.Get("Link"), "<"+apiPrefix), ">")
	st.call("officer", http.MethodGet, next, "").want(200).has("items.0.version", 4)
	st.call("officer", http.MethodGet, path+"/mails", "").want(200)
	st.call("officer", http.MethodGet, "/applications?school=Baldergymnasiet&round=VT26", "").want(200).has("items.0.id", d.at("id"))
	st.call("officer", http.MethodGet, "/applications?school=Ingenskolan", "").want(200).has("items", "[]")
	st.call("teacher2", http.MethodGet, "/applications", "").want(200).has("items", "[]")
	st.call("auditor", http.MethodGet, "/audit/verify", "").want(200).has("ok", true).has("cases", 1)
	st.call("teacher", http.MethodGet, "/audit/verify", "").want(403)
}

// TestPaperIsFiledAtOnce by its own instant.
func TestPaperIsFiledAtOnce(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.round("VT26")
	paper := `{"channel":"paper","received_at":"2026-01-09T10:00:00",` + goodForm[1:]
	st.call("officer", http.MethodPost, "/applications", paper).want(201).has("state", "submitted").has("channel", "paper").has("received_at", "2026-01-09T10:00:00+01:00")
	st.call("teacher", http.MethodPost, "/applications", paper).want(403)
	st.call("teacher", http.MethodPost, "/applications", `{"channel":"paper","colour":1}`).want(403)
	st.call("officer", http.MethodPost, "/applications", `{"channel":"paper","colour":1}`).want(422).has("errors.0.field", "colour")
	st.call("officer", http.MethodPost, "/applications", goodForm).want(403)
}

// TestRefusalsComeInOrder: what the caller may not know or do wins over what is wrong with the body.
func TestRefusalsComeInOrder(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.round("VT26")
	d := st.draft()
	path := fmt.Sprintf("/applications/%v", d.at("id"))
	filed := st.filed()
	office := st.call("officer", http.MethodGet, filed, "").want(200).tag()
	for _, tt := range []struct {
		who, method, path, body, ifMatch string
		want                             int
	}{
		{"", "POST", path + "/actions/submit", "{", "", 401},
		{"", "GET", "/no/such/thing", "", "", 401},
		{"teacher", "GET", "/no/such/thing", "", "", 404},
		{"teacher", "DELETE", "/me", "", "", 405},
		{"teacher2", "POST", path + "/actions/submit", "{", d.tag(), 404},
		{"teacher", "POST", path + "/actions/no_such_action", "{}", d.tag(), 404},
		{"teacher", "POST", "/applications/999/actions/submit", "{}", d.tag(), 404},
		{"teacher", "GET", "/applications/abc", "", "", 404},
		{"teacher", "POST", path + "/actions/decide", `{"amount":"x"}`, "", 403},
		{"teacher", "POST", path + "/actions/submit_report", `{"pupils":"x"}`, "", 428},
		{"teacher", "POST", path + "/actions/submit_report", `{"pupils":"x"}`, `"0"`, 412},
		{"teacher", "POST", path + "/actions/submit_report", `{"pupils":"x"}`, `"99"`, 412},
		{"teacher", "POST", path + "/actions/submit_report", `{"pupils":"x"}`, d.tag(), 409},
		{"teacher", "POST", path + "/actions/withdraw", `{"colour":1}`, d.tag(), 422},
		{"teacher", "POST", path + "/actions/withdraw", `[]`, d.tag(), 422},
		{"officer", "POST", filed + "/actions/request_completion", `{"points":"x"}`, office, 422},
		{"officer", "POST", filed + "/actions/request_completion", `{"points":[]}`, office, 422},
		{"officer", "POST", filed + "/actions/assign_reviewers", `{"reviewers":7}`, office, 409}, // not ruled eligible yet
		{"teacher", "PATCH", filed, `{"title":"x"}`, office, 409},
		{"teacher", "PATCH", path, `{"title":"x"}`, "", 428},
		{"teacher", "PATCH", path, `{"title":`, "", 428},
		{"teacher", "PATCH", path, `{"title":`, d.tag(), 422},
		{"teacher", "PATCH", path, `{"title":7}`, d.tag(), 422},
		{"teacher", "PATCH", path, `{"colour":7}`, d.tag(), 422},
		{"officer", "PATCH", "/rounds/XX", `{"budget":"x"}`, "", 404},
		{"teacher", "PATCH", "/rounds/VT26", `{"budget":"x"}`, "", 403},
		{"admin", "PATCH", "/rounds/VT26", `{"budget":"x"}`, "", 428},
		{"admin", "PATCH", "/rounds/VT26", `{"budget":"x"}`, `"1"`, 412},
		{"admin", "PATCH", "/rounds/VT26", `{"budget":"x"}`, `"2"`, 422},
		{"admin", "POST", "/rounds/VT26/actions/extend", `{"colour":1}`, `"2"`, 422},
		{"admin", "POST", "/rounds/VT26/actions/publish", `{}`, `"2"`, 409},
		{"teacher", "POST", "/rounds/VT26/actions/close", `{"colour":1}`, "", 403},
		{"teacher", "POST", "/payout-batches", `{"colour":1}`, "", 403},
		{"finance1", "POST", "/payout-batches", `{}`, "", 422},
		{"finance1", "GET", "/payout-batches/7", "", "", 404},
		{"teacher", "GET", "/people", "", "", 403},
		{"teacher", "PUT", "/schools", `{`, "", 403},
		{"admin", "POST", "/rehearsal/clock", `{"now":"2020-01-01T00:00:00Z"}`, "", 409},
		{"admin", "POST", "/rehearsal/clock", `{"now":"soon"}`, "", 422},
	} {
		header := []string{}
		if tt.ifMatch != "" {
			header = append(header, "If-Match", tt.ifMatch)
		}
		r := st.call(tt.who, tt.method, tt.path, tt.body, header...)
		if r.status != tt.want || r.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s as %s with %s, If-Match %q: got %d %s, want %d: %.400s", tt.method, tt.path, tt.who, tt.body, tt.ifMatch, r.status,
				r.header.Get("Content-Type"), tt.want, r.raw)
		}
	}
}

// TestForeignContent: what says to be no JSON is refused, after everything that is refused before a body is looked at.
func TestForeignContent(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.round("VT26")
	path := fmt.Sprintf("/applications/%v", st.draft().at("id"))
	for kind, want := range map[string]int{"text/plain": 415, "application/xml": 415, "multipart/form-data; boundary=x": 415, "nonsense;": 415,
		"application/vnd.fund+json": 200, "application/json; charset=utf-8": 200, "application/x-www-form-urlencoded": 200} {
		now := st.call("teacher", http.MethodGet, path, "")
		r := st.call("teacher", http.MethodPatch, path, `{"title":"Ny"}`, "If-Match", now.tag(), "Content-Type", kind).want(want)
		if want == 415 && r.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: answered with %s", kind, r.header.Get("Content-Type"))
		}
	}
	xml := []string{"Content-Type", "application/xml"}
	st.call("teacher2", http.MethodPatch, path, `<a/>`, xml...).want(404)
	st.call("teacher", http.MethodPatch, path, `<a/>`, xml...).want(428)
	st.call("teacher", http.MethodPost, path+"/actions/complete", `<a/>`, append(xml, "If-Match", st.call("teacher", http.MethodGet, path, "").tag())...).want(409)
	st.call("officer", http.MethodPost, "/payout-batches", `<a/>`, xml...).want(403)
	st.call("finance1", http.MethodPost, "/payout-batches", `<a/>`, xml...).want(415)
	st.call("teacher", http.MethodPost, "/applications", `{"activity":{"joint_share":"0.5"}}`).want(422).has("errors.0.field", "activity.joint_share").has("errors.0.rule", "wrong_type")
	st.call("teacher", http.MethodGet, "/applications?q=NY", "").want(200).has("items.0.title", "Ny")
	st.call("teacher", http.MethodPatch, path, `{"title":"Ödehyltan"}`, "If-Match", st.call("teacher", http.MethodGet, path, "").tag()).want(200)
	st.call("teacher", http.MethodGet, "/applications?q=%C3%96DE", "").want(200).has("items.0.title", "Ödehyltan") // Ö is a letter too
	st.call("teacher", http.MethodGet, "/applications?q=%25", "").want(200).has("items", "[]")                     // a sign of LIKE is a sign
}

// TestNothingAnswersStrangers walks every route without a token.
func TestNothingAnswersStrangers(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	open := map[string]bool{"/openapi.json": true, "/open-data/360giving.json": true}
	for _, r := range st.server.routes().(*gin.Engine).Routes() {
		path, ok := strings.CutPrefix(r.Path, apiPrefix)
		if !ok {
			continue
		}
		want := http.StatusUnauthorized
		if open[path] {
			want = http.StatusOK
		}
		for _, token := range []string{"", "Bearer wrong", "Basic dGVhY2hlcg=="} {
			req := httptest.NewRequest(r.Method, apiPrefix+ginParam.ReplaceAllString(path, "1"), strings.NewReader("{}"))
			req.Header.Set("Idempotency-Key", "stranger")
			if token != "" {
				req.Header.Set("Authorization", token)
			}
			if got := st.do(req, r.Method+" "+path).status; got != want {
				t.Errorf("%s %s with %q: got %d, want %d", r.Method, path, token, got, want)
			}
		}
	}
}

// TestAKeyMakesAPostHappenOnce, whoever comes at the same time, and another body is refused.
func TestAKeyMakesAPostHappenOnce(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.round("VT26")
	st.token("teacher")
	answers := make([]reply, 6)
	var wait sync.WaitGroup
	for i := range answers {
		wait.Go(func() {
			answers[i] = st.call("teacher", http.MethodPost, "/applications", goodForm, "Idempotency-Key", "one")
		})
	}
	wait.Wait()
	replayed := 0
	for _, r := range answers {
		r.want(201)
		if !bytes.Equal(r.raw, answers[0].raw) || r.tag() != answers[0].tag() || r.header.Get("Location") != answers[0].header.Get("Location") {
			t.Errorf("the same key gave another answer: %.200s", r.raw)
		}
		if r.header.Get("Idempotency-Replayed") != "" {
			replayed++
		}
	}
	if replayed != len(answers)-1 {
		t.Errorf("%d of %d answers were repeats", replayed, len(answers))
	}
	st.call("teacher", http.MethodPost, "/applications", strings.Replace(goodForm, "Möte", "Resa", 1), "Idempotency-Key", "one").want(422).
		has("type", "/problems/idempotency-key-reused")
	st.call("teacher", http.MethodGet, "/applications", "").want(200).has("items.1", nil)
	// A key is the person's own.
	st.call("external", http.MethodPost, "/applications", goodForm, "Idempotency-Key", "one").want(403)

	path := fmt.Sprintf("/applications/%v", answers[0].at("id"))
	asked := func() reply {
		return st.call("teacher", http.MethodPost, path+"/actions/request_approval", "{}", "Idempotency-Key", "two", "If-Match", `"1"`)
	}
	first := asked().want(200).has("state", "awaiting_principal")
	if again := asked().want(200); !bytes.Equal(again.raw, first.raw) { // although version 1 is stale by now
		t.Errorf("the repeat says %.200s", again.raw)
	}
	st.call("teacher", http.MethodPost, path+"/actions/withdraw", "{}", "Idempotency-Key", "bad key ").want(400)
	// A refusal is not kept: the same request goes well when its time has come.
	refused := func() reply {
		return st.call("principal", http.MethodPost, path+"/actions/approve", "{}", "Idempotency-Key", "three", "If-Match", `"2"`)
	}
	st.call("principal", http.MethodPost, path+"/actions/approve", "{}", "Idempotency-Key", "three", "If-Match", `"9"`).want(412)
	refused().want(200).has("state", "approved")
}

// TestALostAnswerIsMadeAnew: the effect was stored, the answer was not.
func TestALostAnswerIsMadeAnew(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.round("VT26")
	d := st.draft()
	w := httptest.NewRecorder()
	c, _ := gin.CreateTestContext(w)
	c.Request = httptest.NewRequest(http.MethodPost, "/", nil)
	p, err := st.store.PersonByEmail(t.Context(), "teacher@example.org")
	if err != nil {
		t.Fatal(err)
	}
	c.Set(actorKey, workflow.Act(p))
	var id int64
	if _, err := fmt.Sscan(fmt.Sprint(d.at("id")), &id); err != nil {
		t.Fatal(err)
	}
	st.server.resend(c, id, nil)
	if w.Code != http.StatusCreated || !bytes.Equal(w.Body.Bytes(), d.raw) {
		t.Errorf("got %d %.200s, want what was answered first", w.Code, w.Body)
	}
}

// TestFilesAreJudgedByContent, not by their names, and what is taken is small.
func TestFilesAreJudgedByContent(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.round("VT26")
	id := st.draft().at("id")
	var docx bytes.Buffer
	z := zip.NewWriter(&docx)
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml"} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(`<?xml version="1.0"?><a/>`)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	large := append(bytes.Clone(pdf), make([]byte, sql.MaxFile)...)
	for _, tt := range []struct {
		name  string
		kind  string
		file  []byte
		want  int
		field string
	}{
		{"a.pdf", "programme", pdf, 201, ""},
		{"a.exe", "other", pdf, 201, ""},
		{"b.docx", "other", docx.Bytes(), 201, ""},
		{"c.pdf", "programme", []byte("no PDF at all"), 422, "file"},
		{"d.pdf", "programme", nil, 422, "file"},
		{"e.html", "other", []byte("<html><script>alert(1)</script></html>"), 422, "file"},
		{"f.pdf", "no_such_kind", pdf, 422, "kind"},
		{"g.pdf", "", pdf, 422, "kind"},
		{"h.pdf", "other", large, 422, "file"},
	} {
		r := st.upload("teacher", id, tt.kind, tt.name, tt.file).want(tt.want)
		if tt.field != "" {
			r.has("errors.0.field", tt.field)
		}
	}
	st.upload("teacher2", id, "programme", "c.pdf", []byte("no PDF")).want(404) // knows of no case, whatever the file is
	st.upload("teacher", id, "programme", "a.pdf", pdf, "If-Match", `"1"`).want(412)
	st.call("teacher", http.MethodPost, fmt.Sprintf("/applications/%v/attachments", id), `{"kind":"other"}`).want(422)
}

// TestConflictEndsTheSight: the declaration is answered, and then the case is gone.
func TestConflictEndsTheSight(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.round("VT26")
	path := st.filed()
	st.call("registrar", http.MethodPost, path+"/actions/declare_interest", `{"conflict":false}`).want(200).has("interest.conflict", false).has("state", "under_check")
	r := st.call("registrar", http.MethodPost, path+"/actions/declare_interest", `{"conflict":true,"reason":"Syskon"}`).want(200).has("interest.conflict", true)
	if len(r.body) != 2 || r.tag() == "" {
		t.Errorf("got %s with ETag %s", r.raw, r.tag())
	}
	st.call("registrar", http.MethodGet, path, "").want(404)
}

func TestRoundsAreWrittenAndFrozen(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	r := st.call("head", http.MethodPost, "/rounds", `{"id":"HT26","scheme":"skolutbyte","name":"Hösten","opens":"2026-01-01","closes":"2026-09-30","budget":1000,
		"parameters":{"max_per_application":null,"report_days":30}}`).want(201).
		has("state", "draft").has("opens", "2026-01-01T00:00:00+01:00").has("closes", "2026-09-30T23:59:59+02:00").
		has("parameters.max_per_application", nil).has("parameters.report_days", 30).has("frozen", false)
	st.call("teacher", http.MethodGet, "/rounds/HT26", "").want(404)
	st.call("teacher", http.MethodGet, "/rounds", "").want(200).has("items", "[]")
	st.call("admin", http.MethodPost, "/rounds", `{"id":"HT26","scheme":"skolutbyte","name":"Hösten","opens":"2026-01-01"}`).want(422).has("errors.0.field", "id")
	st.call("admin", http.MethodPost, "/rounds", `{"id":"X","scheme":"skolutbyte","name":"X","opens":"2026-01-01","parameters":{"raport_days":1}}`).want(422).
		has("errors.0.field", "parameters.raport_days")
	r = st.call("admin", http.MethodPatch, "/rounds/HT26", `{"closes":null,"parameters":{"report_days":null}}`, "If-Match", r.tag()).want(200).
		has("closes", nil).has("parameters.report_days", 60).has("parameters.max_per_application", nil)
	st.call("admin", http.MethodPost, "/rounds/HT26/actions/publish", "{}", "If-Match", r.tag()).want(200)
	st.call("teacher", http.MethodPost, "/applications", strings.Replace(goodForm, "VT26", "HT26", 1)).want(201)
	r = st.call("admin", http.MethodGet, "/rounds/HT26", "").want(200)
	for _, who := range []string{"[99]", `["1","99"]`} {
		st.call("admin", http.MethodPost, "/rounds/HT26/actions/extend", `{"closes":"2026-10-15","reason":"Avbrott","for":`+who+`}`, "If-Match", r.tag()).want(422).has("errors.0.field", "for")
	}
	r = st.call("admin", http.MethodPost, "/rounds/HT26/actions/extend", `{"closes":"2026-10-14","reason":"Avbrott","for":[1]}`, "If-Match", r.tag()).want(200).
		has("extensions.0.closes", "2026-10-14T23:59:59+02:00")
	r = st.call("admin", http.MethodPost, "/rounds/HT26/actions/extend", `{"closes":"2026-10-15T12:00:00","reason":"Avbrott","for":["1"]}`, "If-Match", r.tag()).want(200).
		has("extensions.0.application", 1)
	r = st.call("admin", http.MethodPost, "/rounds/HT26/actions/close", "{}", "If-Match", r.tag()).want(200)
	r = st.call("admin", http.MethodPatch, "/rounds/HT26", `{"closes":"2099-01-01T12:00:00"}`, "If-Match", r.tag()).want(200)
	st.call("admin", http.MethodPost, "/rounds/HT26/actions/extend", `{"closes":"2026-01-01T12:00:00","reason":"x","for":"all"}`, "If-Match", r.tag()).want(422).has("errors.0.field", "closes")
	st.call("admin", http.MethodPost, "/rounds/HT26/actions/extend", `{"closes":"2098-01-01T12:00:00","reason":"Stängd för tidigt","for":"all"}`, "If-Match", r.tag()).want(200).
		has("closes", "2098-01-01T12:00:00+01:00").has("closed_at", nil)
	st.call("officer", http.MethodPost, "/rounds/HT26/allocations", `{"method":"ranking"}`).want(201).has("total", 0).has("results", "[]")
	st.call("teacher", http.MethodPost, "/rounds/HT26/allocations", `{"method":7}`).want(403)
	st.call("officer", http.MethodPost, "/rounds/HT26/allocations", `{"method":"lots"}`).want(422).has("errors.0.field", "method")
	st.call("officer", http.MethodPost, "/rounds/HT26/allocations", `{"method":"level_floor"}`).want(422).has("errors.0.field", "level_floor")
	st.call("officer", http.MethodPost, "/rounds/HT26/allocations", `{"method":"level_floor","level_floor":-1}`).want(422).has("errors.0.field", "level_floor")
	st.call("officer", http.MethodGet, "/rounds/HT26/allocations", "").want(200).has("items.0.id", 1)
	st.call("officer", http.MethodPost, "/rounds/HT26/allocations", `{"method":"level_floor","level_floor":1000}`).want(201).has("level_floor", 1000)
}

// TestFrozenRulesMayBeSaidAgain: who reads a round, changes its name and gives all of it back changes no rule.
func TestFrozenRulesMayBeSaidAgain(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	r := st.call("admin", http.MethodPost, "/rounds", `{"id":"HT26","scheme":"skolutbyte","name":"Hösten","opens":"2026-01-01","closes":"2026-09-30","parameters":{"report_days":30}}`).want(201)
	st.call("admin", http.MethodPost, "/rounds/HT26/actions/publish", "{}", "If-Match", r.tag()).want(200)
	made := st.call("teacher", http.MethodPost, "/applications", strings.Replace(goodForm, "VT26", "HT26", 1)).want(201)
	st.call("teacher", http.MethodPost, fmt.Sprintf("/applications/%v/actions/submit", made.at("id")), "{}", "If-Match", made.tag()).want(200)
	r = st.call("admin", http.MethodGet, "/rounds/HT26", "").want(200).has("frozen", true)
	all, err := json.Marshal(map[string]any{"name": "Hösten 2026", "parameters": r.at("parameters")})
	if err != nil {
		t.Fatal(err)
	}
	r = st.call("admin", http.MethodPatch, "/rounds/HT26", string(all), "If-Match", r.tag()).want(200).has("name", "Hösten 2026").has("parameters.report_days", 30)
	for _, change := range []string{`{"report_days":31}`, `{"report_days":null}`, `{"share_cap":0.5,"report_days":30}`} {
		st.call("admin", http.MethodPatch, "/rounds/HT26", `{"parameters":`+change+`}`, "If-Match", r.tag()).want(409)
	}
}

func TestRegisterIsTheAdministrators(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.call("teacher", http.MethodGet, "/me", "").want(200).has("email", "teacher@example.org").has("roles.0.role", "teacher").has("schools.0.name", "Baldergymnasiet")
	schools := st.call("teacher", http.MethodGet, "/schools?limit=2", "").want(200).has("items.0.blocked", false)
	if schools.header.Get("Link") == "" {
		t.Error("a cut list has no Link")
	}
	one := st.call("admin", http.MethodPut, "/schools", `{"items":[{"name":"Nya skolan","level":"grundskola","operator":"kommunal"}]}`, "If-Match", schools.tag()).want(200)
	st.call("admin", http.MethodPut, "/schools", `{"items":[]}`, "If-Match", schools.tag()).want(412)
	st.call("admin", http.MethodPut, "/schools", `[{"name":"","level":"grundskola"}]`, "If-Match", one.tag()).want(422).has("errors.0.field", "items[0].name")
	st.call("admin", http.MethodPut, "/schools", `[{"name":"Nya skolan","level":"gymnasium"}]`, "If-Match", one.tag()).want(422).has("errors.0.field", "items[0].level").has("errors.0.rule", "choice")
	st.call("admin", http.MethodPut, "/schools", `[{"name":"Nya skolan","level":"grundskola","active_from":"2026-08-01","active_to":"2026-07-31"}]`, "If-Match", one.tag()).want(422).has("errors.0.field", "items[0].active_to")
	p := st.call("admin", http.MethodPost, "/people", `{"email":"ny@example.org","name":"Ny","roles":[{"role":"teacher","school":"Nya skolan"}]}`).want(201)
	path := fmt.Sprintf("/people/%v", p.at("id"))
	st.call("admin", http.MethodPatch, path, `{"name":"Nyare"}`).want(200).has("name", "Nyare").has("email", "ny@example.org").has("roles.0.role", "teacher")
	st.call("admin", http.MethodPatch, path, `{"name":"Äldre"}`, "If-Match", p.tag()).want(412)
	st.call("admin", http.MethodPost, "/people", `{"email":"ny@example.org","name":"En till","roles":[]}`).want(422).has("errors.0.field", "email")
	st.call("admin", http.MethodPost, "/people", `{"email":"x@example.org","name":"X","roles":[{"role":"teacher","school":"Ingen"}]}`).want(422).has("errors.0.field", "roles[0].school")
	st.call("ny", http.MethodGet, "/me", "").want(200).has("schools.0.name", "Nya skolan")
}

// TestServiceAnswersForItself: health, readiness, numbers, and headers that browsers need.
func TestServiceAnswersForItself(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		st.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if w := get(path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"status":"ok"`) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if w := get("/metrics"); !strings.Contains(w.Body.String(), `fund_http_request_duration_seconds_count{area="/healthz",method="GET",status="200"} 1`) {
		t.Errorf("/metrics does not count: %.300s", w.Body)
	}
	w := get("/api/v1/openapi.json")
	for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "X-Request-Id", "Referrer-Policy"} {
		if w.Header().Get(name) == "" {
			t.Errorf("%s is missing", name)
		}
	}
	foreign := httptest.NewRequest(http.MethodPost, "http://fund.test/sign-out", nil)
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	out := httptest.NewRecorder()
	if st.handler.ServeHTTP(out, foreign); out.Code != http.StatusForbidden {
		t.Errorf("a foreign page could post: %d", out.Code)
	}
	st.call("teacher", http.MethodGet, "/rehearsal/clock", "").want(200).has("frozen", true)
	st.call("teacher", http.MethodGet, "/rehearsal/mail", "").want(200).has("items", "[]")
	st.call("", http.MethodGet, "/open-data/360giving.json", "").want(200).has("grants", "[]")
}

// TestWhoAssessesIsTheOffices: before the decision the applicant reads that the office took a step, not who did or why.
func TestWhoAssessesIsTheOffices(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.round("VT26")
	path := st.filed()
	st.act("officer", path, "rule_eligibility", `{"eligible":true,"rulings":[]}`)
	st.act("officer", path, "assign_reviewers", `{"reviewers":["reviewer1@example.org"]}`)
	st.call("reviewer1", http.MethodPost, path+"/actions/declare_interest", `{"conflict":false}`).want(200)
	for who, seen := range map[string]bool{"teacher": false, "officer": true} {
		raw := string(st.call(who, http.MethodGet, path+"/events", "").want(200).raw)
		if strings.Contains(raw, "reviewer1@example.org") != seen || !strings.Contains(raw, `"declare_interest"`) {
			t.Errorf("%s reads %s", who, raw)
		}
	}
}
