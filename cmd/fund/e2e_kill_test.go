package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fund/handlers/webtest"
)

// smallForm is an application that can be filed.
func smallForm(title string) map[string]any {
	return map[string]any{"title": title, "round": "HT26", "scheme": "skolutbyte", "applicant": map[string]any{"school": "Baldergymnasiet"},
		"partner":      map[string]any{"name": "Gymnázium Labská", "city": "Pardubice", "country": "Tjeckien"},
		"activity":     map[string]any{"type": "outgoing_group", "start": "2027-04-12", "end": "2027-04-18", "programme_days": 5},
		"participants": map[string]any{"pupils": 20, "staff": 2},
		"budget":       []any{map[string]any{"line": 1, "code": "RES", "text": "Tåg", "qty": 20, "unit_price": 1500, "amount": 30000}}, "requested": 20000}
}

// act takes an action with the application's present version.
func (p *program) act(who, id, action string, body map[string]any) {
	p.t.Helper()
	p.api(who, http.MethodPost, "/applications/"+id+"/actions/"+action, body, p.api(who, http.MethodGet, "/applications/"+id, nil)["version"])
}

// TestE2EKilledWhileWriting: the server dies in the middle of a sentence. The page says that it is not
// saved, keeps what is typed, and saves it when the server is back.
func TestE2EKilledWhileWriting(t *testing.T) {
	b := webtest.Start(t)
	p := start(t, "FUND_SEED=empty", "FUND_NOW=2026-08-01T09:00:00+02:00")
	p.round()
	p.clock("2026-09-10T10:00:00+02:00")
	id := fmt.Sprint(p.api("teacher", http.MethodPost, "/applications", smallForm("Energi och demokrati"))["id"])
	teacher := p.as(b, "teacher", webtest.Options{})
	teacher.open("/applications/" + id + "/edit/purpose")
	teacher.Fill("Sammanfattning", "Vi åker till Pardubice. ")
	teacher.Wait(`document.querySelector("[data-draft-saved]").textContent.startsWith("Sparat ")`)

	p.kill()
	teacher.Fill("Sammanfattning", "Vi åker till Pardubice. Där bygger vi ett vattenhjul.")
	teacher.Wait(`!document.querySelector("[data-draft-trouble]").hidden && document.querySelector("[data-draft-trouble] p").textContent.includes("Ingen kontakt med tjänsten")`)
	teacher.Fill("Syfte", "Att jämföra två städer.") // writing goes on meanwhile
	if got := teacher.Value("Sammanfattning"); got != "Vi åker till Pardubice. Där bygger vi ett vattenhjul." {
		t.Errorf("while the server is away the field holds %q", got)
	}
	if got := teacher.Eval(`JSON.stringify(Object.keys(localStorage).filter((k) => k.startsWith("fund:")).length)`); got != "1" {
		t.Errorf("%s texts wait in the browser, want 1", got)
	}

	p.again()
	// The browser tries again by itself, at most 30 s apart.
	for end := time.Now().Add(time.Minute); teacher.Eval(`String(document.querySelector("[data-draft-trouble]").hidden)`) != "true"; {
		if time.Now().After(end) {
			t.Fatalf("never saved: %s", teacher.Text())
		}
		teacher.Wait(`document.visibilityState == "visible"`)
	}
	teacher.Wait(`document.querySelector("[data-draft-saved]").textContent.startsWith("Sparat ")`)
	// What waited goes first, what was typed meanwhile within two seconds after it.
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		text := p.api("teacher", http.MethodGet, "/applications/"+id, nil)["text"].(map[string]any)
		if text["summary"] == "Vi åker till Pardubice. Där bygger vi ett vattenhjul." && text["purpose"] == "Att jämföra två städer." {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("kept %v", text)
		}
	}

	// It dies again, and the browser is closed before it is back: the next visit sends what waited.
	p.kill()
	teacher.Fill("Syfte", "Att jämföra två städer och deras floder.")
	teacher.Wait(`!document.querySelector("[data-draft-trouble]").hidden && document.querySelector("[data-draft-trouble] p").textContent.includes("Ingen kontakt med tjänsten")`)
	teacher.Open("about:blank") // the page is gone, and with it its tries
	p.again()
	teacher.Open(p.url + "/applications/" + id + "/edit/purpose") // it draws itself anew when the text is saved
	teacher.Wait(`document.querySelector("[data-draft-news]")?.textContent.includes("nu sparat")`)
	if got := teacher.Value("Syfte"); got != "Att jämföra två städer och deras floder." {
		t.Errorf("the next visit shows %q", got)
	}
	teacher.check()
}

// crash stands between browser and program, and kills the program at an instant
// of the next filing.
type crash struct {
	p     *program
	armed atomic.Int32 // 0: passes all on; else one of the instants below
	done  chan struct{}
}

// The instants of a filing at which the program is killed.
const (
	crashArriving  = iota + 1 // the request is under way
	crashAnswering            // it is done, and the answer never comes
)

func (c *crash) serve(t *testing.T) string {
	at, err := url.Parse(c.p.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(at) }, ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { cut(w) }}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Origin") // the program knows the browser's address as another one
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		when := int32(0)
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/check") {
			when = c.armed.Swap(0)
		}
		switch when {
		case crashArriving:
			ctx, stop := context.WithCancel(r.Context())
			defer stop()
			sent := make(chan struct{})
			go func() { defer close(sent); proxy.ServeHTTP(httptest.NewRecorder(), r.WithContext(ctx)) }()
			c.p.kill()
			<-sent
			cut(w)
			close(c.done)
		case crashAnswering:
			proxy.ServeHTTP(httptest.NewRecorder(), r)
			c.p.kill()
			cut(w)
			close(c.done)
		default:
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// cut ends a connection without an answer.
func cut(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		conn.Close()
	}
}

// TestE2EKilledWhileFiling: the server dies between the click and the answer. Whatever came of the
// request, the way back shows it, pressing again is harmless, and one application is filed once.
func TestE2EKilledWhileFiling(t *testing.T) {
	b := webtest.Start(t)
	p := start(t, "FUND_SEED=empty", "FUND_NOW=2026-08-01T09:00:00+02:00")
	p.round()
	p.clock("2026-09-10T10:00:00+02:00")
	for _, when := range []int32{crashArriving, crashAnswering} {
		id := fmt.Sprint(p.api("teacher", http.MethodPost, "/applications", smallForm(fmt.Sprintf("Energi %d", when)))["id"])
		p.act("teacher", id, "request_approval", map[string]any{})
		p.act("principal", id, "approve", map[string]any{"statement": "Tillstyrks."})
		c := &crash{p: p, done: make(chan struct{})}
		through := c.serve(t)
		check := through + "/applications/" + id + "/check"
		teacher := &visit{Tab: b.Tab(t, webtest.Options{}), p: p, lang: "sv"}
		teacher.Open(through + "/sign-in?lang=sv&q=teacher@")
		teacher.Click(names["teacher"])
		teacher.Open(check)
		c.armed.Store(when)
		teacher.Eval(`([...document.querySelectorAll("button")].find((b) => b.textContent.trim() === "Skicka in").click(), "")`)
		<-c.done
		p.again()
		teacher.Wait(`!document.querySelector("main")`) // the browser's own page: no answer

		// The teacher goes back, and presses again if the page still asks for it.
		teacher.Open(check)
		filed := teacher.Eval(`String([...document.querySelectorAll("button")].every((b) => b.textContent.trim() !== "Skicka in"))`)
		if when == crashAnswering && filed != "true" {
			t.Errorf("it was filed, and the page asks to file it again:\n%s", teacher.Text())
		}
		if filed != "true" {
			teacher.Click("Skicka in")
		}
		teacher.Open(through + "/applications/" + id + "/receipt")
		teacher.See("Ansökan är inskickad", fmt.Sprintf("IF 2026-000%d", when))
		receipt := regexp.MustCompile(`/receipts/[0-9a-f-]+`)
		codes := receipt.FindAllString(teacher.HTML(), -1)
		if len(codes) != 1 {
			t.Errorf("killed at %d: receipts %v, want one", when, codes)
		}
		app := p.api("officer", http.MethodGet, "/applications/"+id, nil)
		if app["dnr"] != fmt.Sprintf("IF 2026-000%d", when) {
			t.Errorf("killed at %d: number %v", when, app["dnr"])
		}
		submits := 0
		for _, e := range p.api("officer", http.MethodGet, "/applications/"+id+"/events", nil)["items"].([]any) {
			if e.(map[string]any)["action"] == "submit" {
				submits++
			}
		}
		if submits != 1 {
			t.Errorf("killed at %d: filed %d times", when, submits)
		}
	}
	if items := p.api("officer", http.MethodGet, "/applications", nil)["items"].([]any); len(items) != 2 {
		t.Errorf("%d applications are filed, want 2", len(items))
	}
	p.clock("") // the receipts' jobs find their rows
}
