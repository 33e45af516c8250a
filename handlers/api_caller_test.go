package handlers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
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

// stage is a server on a database of its own, and what it says of itself.
type stage struct {
	t       testing.TB
	store   *sql.Store
	url     string // of the database
	server  *Server
	handler http.Handler
	doc     *document
	tokens  map[string]string
}

func newStage(t testing.TB) *stage {
	t.Helper()
	store, url := sqltest.OpenURL(t)
	s := New(Deps{Store: store, Rehearsal: true, BaseURL: "http://fund.test", Wall: time.Now})
	return &stage{t: t, store: store, url: url, server: s, handler: s.Handler(), doc: described(t, s), tokens: map[string]string{}}
}

// reply is an answer, read.
type reply struct {
	t      testing.TB
	call   string
	status int
	header http.Header
	raw    []byte
	body   map[string]any
}

// at follows a dotted path; a number is an index.
func (r reply) at(path string) any {
	var v any = r.body
	for _, part := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[part]
		case []any:
			var i int
			if _, err := fmt.Sscan(part, &i); err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func (r reply) want(status int) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s: got %d, want %d: %.800s", r.call, r.status, status, r.raw)
	}
	return r
}

func (r reply) has(path string, want any) reply {
	r.t.Helper()
	if got := fmt.Sprint(r.at(path)); got != fmt.Sprint(want) {
		r.t.Errorf("%s: %s is %s, want %v: %.800s", r.call, path, got, want, r.raw)
	}
	return r
}

func (r reply) tag() string { return r.header.Get("ETag") }

// header lines are name, value pairs.
func (st *stage) call(who, method, path, body string, header ...string) reply {
	st.t.Helper()
	req := httptest.NewRequest(method, apiPrefix+path, strings.NewReader(body))
	if who != "" {
		req.Header.Set("Authorization", "Bearer "+st.token(who))
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return st.do(req, method+" "+path+" as "+who)
}

func (st *stage) token(who string) string {
	st.t.Helper()
	if st.tokens[who] == "" {
		p, err := st.store.PersonByEmail(st.t.Context(), who+"@example.org")
		if err != nil {
			st.t.Fatal(err)
		}
		if st.tokens[who], err = st.store.NewToken(st.t.Context(), p.ID); err != nil {
			st.t.Fatal(err)
		}
	}
	return st.tokens[who]
}

// do sends a request, and holds every answer against the API's own description.
func (st *stage) do(req *http.Request, call string) reply {
	st.t.Helper()
	w := httptest.NewRecorder()
	st.handler.ServeHTTP(w, req)
	r := reply{t: st.t, call: call, status: w.Code, header: w.Header(), raw: w.Body.Bytes()}
	if strings.Contains(w.Header().Get("Content-Type"), "json") {
		var tree any
		if err := json.Unmarshal(r.raw, &tree); err != nil {
			st.t.Fatalf("%s: %v: %s", call, err, r.raw)
		}
		r.body, _ = tree.(map[string]any)
		st.doc.answers(st.t, req, r)
	}
	return r
}

// upload sends a file of the kind.
func (st *stage) upload(who string, id any, kind, name string, file []byte, header ...string) reply {
	st.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.WriteField("kind", kind); err != nil {
		st.t.Fatal(err)
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		st.t.Fatal(err)
	}
	if _, err := io.Copy(part, bytes.NewReader(file)); err != nil {
		st.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		st.t.Fatal(err)
	}
	return st.call(who, http.MethodPost, fmt.Sprintf("/applications/%v/attachments", id), b.String(), append(header, "Content-Type", w.FormDataContentType())...)
}

// pdf is as little as a reader of types takes for a PDF.
var pdf = []byte("%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")

// round publishes a round that is open at the stage's first instant.
func (st *stage) round(id string) { st.t.Helper(); st.roundWith(id, "{}") }

// roundWith has numbers of its own.
func (st *stage) roundWith(id, parameters string) {
	st.t.Helper()
	r := st.call("admin", http.MethodPost, "/rounds", `{"id":"`+id+`","scheme":"skolutbyte","name":"Våren","opens":"2026-01-05","closes":"2026-03-31T23:59:59",
		"trip_start_from":"2026-06-01","trip_start_to":"2026-11-30","budget":400000,"parameters":`+parameters+`}`).want(201)
	st.call("admin", http.MethodPost, "/rounds/"+id+"/actions/publish", "", "If-Match", r.tag()).want(200).has("state", "published")
}

// form is an application that can be filed.
const goodForm = `{"title":"Möte i Brahestad","scheme":"skolutbyte","round":"VT26",
 "applicant":{"school":"Baldergymnasiet","applicant_role":"lärare","contact_email":"teacher@example.org","principal_name":"Rektor","payment":{"method":"internal","cost_centre":"4711"}},
 "partner":{"name":"Brahestads gymnasium","city":"Brahestad","country":"Finland","sister_city":true,"letter_of_intent":{"date":"2026-01-08"}},
 "activity":{"type":"outgoing_group","start":"2026-09-07","end":"2026-09-12","programme_days":4,"travel_days":2,"joint_share":0.6},
 "participants":{"pupils":20,"staff":2},
 "text":{"summary":"Ett möte.","goals":[{"goal":"Alla talar finska","indicator":"Antal samtal"}],"strategy_link":["Utbildning och kompetens"],"risk":"Genomgången.","programme":[{"day":"1","text":"Dag ett"}]},
 "budget":[{"line":1,"code":"RES","qty":22,"unit_price":2000,"amount":44000}],"funding":[],"requested":30000,"voluntary":0,
 "declarations":{"no_mandatory_fee":true,"public_record":true}}`

// draft makes one as the teacher.
func (st *stage) draft() reply {
	st.t.Helper()
	return st.call("teacher", http.MethodPost, "/applications", goodForm).want(201)
}

// filed takes one through the principal to the office.
func (st *stage) filed() (path string) {
	st.t.Helper()
	path = fmt.Sprintf("/applications/%v", st.draft().at("id"))
	st.act("teacher", path, "request_approval", "{}")
	st.act("principal", path, "approve", `{"statement":"Tillstyrks."}`)
	st.act("teacher", path, "submit", "{}")
	var id int64
	if _, err := fmt.Sscanf(path, "/applications/%d", &id); err != nil {
		st.t.Fatal(err)
	}
	if _, err := st.store.Apply(st.t.Context(), sql.Ref{ID: id}, workflow.Machine(), workflow.TakeUp{}); err != nil {
		st.t.Fatal(err)
	}
	return path
}

// act takes an action with the present ETag.
func (st *stage) act(who, path, action, body string) reply {
	st.t.Helper()
	tag := st.call(who, http.MethodGet, path, "").want(200).tag()
	return st.call(who, http.MethodPost, path+"/actions/"+action, body, "If-Match", tag).want(200)
}
