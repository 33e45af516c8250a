package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"fund/workflow"
)

// matrix is a server with cases in different stages and everyone who may knock.
type matrix struct {
	*school
	cases map[string]int64
	who   []string
	known map[int64]workflow.Case
	actor map[string]workflow.Actor
}

// nowhereID is a case that nobody has.
const nowhereID = 987654

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	v := newSchool(t).decided()
	m := &matrix{school: v, cases: map[string]int64{"decided": v.id}, who: []string{"teacher", "teacher2", "principal", "economist", "officer", "reviewer1", "reviewer2", "reviewer3", "head",
		"secretary", "finance1", "finance2", "registrar", "auditor", "admin", "external", "teacher.floraskolan", "principal.floraskolan", "deputy"}, known: map[int64]workflow.Case{}, actor: map[string]workflow.Actor{}}
	v.postAs("principal", "/substitutes", http.StatusSeeOther, "substitute", "deputy@example.org", "name", "Didrik Deputy", "first", "2026-01-10", "last", "2026-03-31")
	id := func(path string) (n int64) {
		if _, err := fmt.Sscanf(path, "/applications/%d", &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	m.cases["draft"] = id(fmt.Sprintf("/applications/%v", v.draft().at("id")))
	waiting := fmt.Sprintf("/applications/%v", v.draft().at("id"))
	v.act("teacher", waiting, "request_approval", "{}")
	m.cases["waiting"] = id(waiting)
	checked := v.filed()
	m.cases["checked"] = id(checked)
	assessed := v.filed()
	v.act("officer", assessed, "rule_eligibility", `{"eligible":true,"rulings":[]}`)
	v.act("officer", assessed, "assign_reviewers", `{"reviewers":["reviewer1@example.org","reviewer2@example.org"]}`)
	m.cases["assessed"] = id(assessed)
	for _, who := range []string{"reviewer2", "head", "finance1"} {
		tag := v.call("officer", http.MethodGet, assessed, "").want(200).tag()
		v.call(who, http.MethodPost, assessed+"/actions/declare_interest", `{"conflict":true,"reason":"Släkt."}`, "If-Match", tag)
	}
	return m
}

// all is the number of events of all cases: nothing that is refused may add one.
func (m *matrix) all() (n int) {
	m.t.Helper()
	for _, id := range m.cases {
		events, err := m.store.Events(m.t.Context(), workflow.Machine(), id)
		if err != nil {
			m.t.Fatal(err)
		}
		n += len(events)
	}
	return n
}

// address fills the parameters of a route.
func address(path string, id int64) string {
	path = strings.Replace(path, ":id", fmt.Sprint(id), 1)
	for _, name := range []string{":aid", ":n", ":did", ":name"} {
		path = strings.Replace(path, name, "1", 1)
	}
	if strings.HasPrefix(path, "/do/") {
		path = strings.Replace(path, ":action", string(workflow.ActWithdraw), 1)
	}
	return ginParam.ReplaceAllString(path, "1")
}

// aboutCases tells whether the :id of an address is a case's.
func aboutCases(path string) bool {
	for _, room := range []string{"/api/v1/applications/", "/applications/", "/cases/", "/approve/", "/reviews/", "/decisions/", "/reports/", "/do/"} {
		if strings.HasPrefix(path, room+":id") {
			return true
		}
	}
	return false
}

// knock sends a request as a person of the pages or of the API.
func (m *matrix) knock(who, method, path, tag string) (int, string) {
	m.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader("{}"))
	if strings.HasPrefix(path, apiPrefix) {
		req.Header.Set("Authorization", "Bearer "+m.token(who))
		req.Header.Set("If-Match", tag)
	} else {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.AddCookie(&http.Cookie{Name: sessionCookie, Value: m.session(who)})
	}
	w := httptest.NewRecorder()
	m.pages.ServeHTTP(w, req)
	return w.Code, w.Body.String()
}

func (m *matrix) session(who string) string {
	m.t.Helper()
	if m.cookies[who] == "" {
		p, err := m.store.PersonByEmail(m.t.Context(), who+"@example.org")
		if err != nil {
			m.t.Fatal(err)
		}
		if m.cookies[who], err = m.store.NewSession(m.t.Context(), p.ID); err != nil {
			m.t.Fatal(err)
		}
	}
	return m.cookies[who]
}

// seen gives the case and the actor, and whether the one may know of the other.
func (m *matrix) seen(who string, id int64) (workflow.Case, workflow.Actor, bool) {
	m.t.Helper()
	k, ok := m.known[id]
	if !ok {
		var err error
		if k, err = m.store.Case(m.t.Context(), workflow.Machine(), id); err != nil {
			m.t.Fatal(err)
		}
		m.known[id] = k
	}
	by, ok := m.actor[who]
	if !ok {
		var err error
		if by, err = m.store.ActorByToken(m.t.Context(), m.token(who)); err != nil {
			m.t.Fatal(err)
		}
		m.actor[who] = by
	}
	return k, by, workflow.Sees(k, by)
}

// declaring is the one thing that the office's people may do to a case that they
// can't read: a conflict of interest is told before one is given the case.
const declaring = apiPrefix + "/applications/:id/actions/declare_interest"

// TestWhoMayNotKnowLearnsNothing sends everyone to every address of every case.
// Where the policy's table shows somebody nothing, the answer is that of a case
// that does not exist, and none of the case's words are in it.
func TestWhoMayNotKnowLearnsNothing(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	before, asked, declared := m.all(), 0, map[int64]int{}
	tags := map[int64]string{}
	for _, id := range m.cases {
		k, _, _ := m.seen("officer", id)
		tags[id] = etag(k.App.Version)
	}
	for _, r := range m.site.routes().(*gin.Engine).Routes() {
		if !aboutCases(r.Path) {
			continue
		}
		for _, who := range m.who {
			none, _ := m.knock(who, r.Method, address(r.Path, nowhereID), `"1"`)
			if none < 400 {
				t.Errorf("%s %s as %s for a case that does not exist: %d", r.Method, r.Path, who, none)
			}
			for stage, id := range m.cases {
				k, _, sees := m.seen(who, id)
				if sees {
					continue
				}
				asked++
				status, body := m.knock(who, r.Method, address(r.Path, id), tags[id])
				if status == http.StatusOK && r.Path == declaring { // whoever may be asked to take part can say that they must not
					declared[id]++
				} else if status != none {
					t.Errorf("%s %s as %s for the %s case: %d, but %d for none", r.Method, r.Path, who, stage, status, none)
				}
				if strings.Contains(body, k.App.Form.Title) || k.App.DNR != "" && strings.Contains(body, k.App.DNR) {
					t.Errorf("%s %s as %s tells of the %s case", r.Method, r.Path, who, stage)
				}
			}
		}
	}
	if asked < 2000 {
		t.Errorf("only %d questions were asked", asked)
	}
	if declared[m.cases["draft"]] > 0 || declared[m.cases["waiting"]] > 0 {
		t.Error("an interest was declared in what is not filed")
	}
	for _, n := range declared {
		before += n
	}
	if after := m.all(); after != before {
		t.Errorf("%d events were written by people who may not know of the case", after-before)
	}
}

// TestWhatIsNotOpenIsRefused sends everyone to every action of the cases they
// see: what the table does not open to them now is refused, and leaves no trace.
func TestWhatIsNotOpenIsRefused(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	before, refused := m.all(), map[int]int{}
	now, err := m.store.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range m.who {
		for stage, id := range m.cases {
			k, by, sees := m.seen(who, id)
			if !sees {
				continue
			}
			open := workflow.Allowed(k, by, now)
			for _, a := range workflow.Public() {
				if slices.Contains(open, a) || a == workflow.ActDeclareInterest {
					continue
				}
				status, body := m.knock(who, http.MethodPost, fmt.Sprintf("%s/applications/%d/actions/%s", apiPrefix, id, a), etag(k.App.Version))
				refused[status]++
				if status != http.StatusForbidden && status != http.StatusConflict && status != http.StatusUnprocessableEntity {
					t.Errorf("%s as %s on the %s case: %d %.200s", a, who, stage, status, body)
				}
				if page, _ := m.knock(who, http.MethodPost, fmt.Sprintf("/do/%d/%s", id, a), ""); page < 400 {
					t.Errorf("/do/…/%s as %s on the %s case: %d", a, who, stage, page)
				}
			}
		}
	}
	if refused[http.StatusForbidden] < 100 || refused[http.StatusConflict] < 20 {
		t.Errorf("refused %v: too few to mean anything", refused)
	}
	if after := m.all(); after != before {
		t.Errorf("%d events were written by refused actions", after-before)
	}
}

// TestRoomsAreForTheirRoles opens every page without a case as everyone.
func TestRoomsAreForTheirRoles(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	let, kept := 0, 0
	for _, r := range m.site.pageRoutes() {
		if r.method != http.MethodGet || r.open || strings.Contains(r.path, ":") {
			continue
		}
		for _, who := range m.who {
			_, by, _ := m.seen(who, m.cases["draft"])
			if r.own {
				by = by.Own()
			}
			may := len(r.roles) == 0 || slices.ContainsFunc(r.roles, by.Is)
			status, _ := m.knock(who, http.MethodGet, r.path, "")
			switch {
			case may && status >= 400:
				t.Errorf("%s as %s: %d", r.path, who, status)
			case !may && status != http.StatusForbidden:
				t.Errorf("%s as %s: %d, want 403", r.path, who, status)
			case may:
				let++
			default:
				kept++
			}
		}
		w := httptest.NewRecorder()
		m.pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, r.path, nil))
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in?") {
			t.Errorf("%s as a stranger: %d to %q", r.path, w.Code, w.Header().Get("Location"))
		}
	}
	if let < 50 || kept < 50 {
		t.Errorf("%d let in, %d kept out: too few to mean anything", let, kept)
	}
}
