package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"fund/handlers/webtest"
)

// way is one application as the people around it meet it, at one kind of screen.
type way struct {
	*program
	b    *webtest.Browser
	o    webtest.Options
	keys bool
	id   string
}

// ways are the kinds of screen: a phone without scripts and a keyboard alone, and in
// long runs (make long) a mouse and a phone too.
func ways(p *program, b *webtest.Browser) map[string]*way {
	all := map[string]*way{
		"keyboard":              {program: p, b: b, o: webtest.Options{Width: 1280}, keys: true},
		"phone without scripts": {program: p, b: b, o: webtest.Options{Width: 360, WithoutJS: true}},
	}
	if os.Getenv("FUND_TEST_LONG") != "" {
		all["desktop"] = &way{program: p, b: b, o: webtest.Options{Width: 1280}}
		all["phone"] = &way{program: p, b: b, o: webtest.Options{Width: 360}}
	}
	return all
}

// TestE2EWaysAroundTheApplication walks what is done with an application when it is written,
// at each kind of screen: the principal's word by the mailed link, filing too late,
// questions, and another teacher who takes over.
func TestE2EWaysAroundTheApplication(t *testing.T) {
	b := webtest.Start(t)
	p := start(t, "FUND_SEED=empty", "FUND_NOW=2026-08-01T09:00:00+02:00")
	p.round()
	p.clock("2026-09-10T10:00:00+02:00")
	all := ways(p, b)
	// each lets all walk a part of the way beside each other, from an instant on.
	each := func(part, at string, walk func(*way)) {
		p.clock(at)
		if !t.Run(part, func(t *testing.T) {
			for name, w := range all {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					walk(w.of(t))
				})
			}
		}) {
			t.FailNow() // the next part goes on from there
		}
	}
	for name, w := range all {
		w.id = fmt.Sprint(p.api("teacher", http.MethodPost, "/applications", smallForm("Energi: "+name))["id"])
	}
	each("to the principal", "", (*way).ask)
	each("returned", "", (*way).giveBack)
	each("approved", "", (*way).approve)
	each("late", "2026-10-01T00:00:05+02:00", (*way).fileLate)
	p.clock("") // what follows a filing is done, so that a version stays
	for _, w := range all {
		w.act("officer", w.id, "request_completion", map[string]any{"due_on": "2026-10-20", "points": []any{map[string]any{"field": "requested", "text": "Räcker mindre?"}}})
	}
	each("questions", "2026-10-06T10:00:00+02:00", (*way).answer)
	each("the money again", "", (*way).approveMoney)
	each("handed over", "", (*way).handOver)
	each("taken over", "", (*way).takeOver)
}

// of is the way as a part of a test goes on with it.
func (w *way) of(t *testing.T) *way {
	on := *w
	on.program = &program{t: t, url: w.url, data: w.data, bin: w.bin, env: w.env}
	return &on
}

// anybody is at the screen, reads Swedish and isn't signed in.
func (w *way) anybody() webtest.Hand {
	w.t.Helper()
	h := webtest.Hand{Tab: w.b.Tab(w.t, w.o), Keys: w.keys}
	h.Open(w.url + "/sign-in?lang=sv")
	return h
}

// open signs somebody in and goes to an address of the program.
func (w *way) open(who, path string) webtest.Hand {
	w.t.Helper()
	h := webtest.Hand{Tab: w.b.Tab(w.t, w.o), Keys: w.keys}
	h.Open(w.url + "/sign-in?" + url.Values{"lang": {"sv"}, "q": {who + "@"}, "next": {path}}.Encode())
	h.Click(names[who])
	return h
}

// fits: nothing sticks out, and axe finds nothing.
func (w *way) fits(h webtest.Hand) {
	w.t.Helper()
	if px, culprit := h.SideScroll(); px > 0 {
		w.t.Errorf("%s scrolls %d px sideways: %s", h.URL(), px, culprit)
	}
	if w.o.WithoutJS {
		return // axe is a script itself
	}
	for _, fault := range h.Axe() {
		w.t.Errorf("%s: %s", h.URL(), fault)
	}
}

// mailed is the last link of a kind that somebody was mailed about the application.
func (w *way) mailed(to, path string) string {
	w.t.Helper()
	query := url.Values{"to": {to + "@example.org"}, "application": {w.id}, "limit": {"100"}}
	link := regexp.MustCompile(regexp.QuoteMeta(w.url+path+w.id) + `\b\S*`)
	last, newest := "", 0.0
	for _, x := range w.api("admin", http.MethodGet, "/rehearsal/mail?"+query.Encode(), nil)["items"].([]any) {
		m := x.(map[string]any)
		if found := link.FindString(m["body"].(string)); found != "" && m["id"].(float64) > newest {
			last, newest = found, m["id"].(float64)
		}
	}
	if last == "" {
		w.t.Fatalf("%s was mailed no link to %s%s", to, path, w.id)
	}
	return last
}

func (w *way) now() map[string]any {
	w.t.Helper()
	return w.api("officer", http.MethodGet, "/applications/"+w.id, nil)
}

func (w *way) ask() {
	teacher := w.open("teacher", "/applications/"+w.id+"/check")
	w.fits(teacher)
	teacher.Click("Skicka till rektor")
	teacher.See("Rektor")
}

// giveBack: the mailed link leads through the sign-in to the page and changes nothing;
// a return names the fields and why, and both stay when it is refused.
func (w *way) giveBack() {
	link := w.mailed("principal", "/approve/")
	before := w.api("principal", http.MethodGet, "/applications/"+w.id, nil)["version"]
	principal := w.anybody()
	principal.Open(link)
	principal.See("Logga in")
	principal.Click(names["principal"])
	principal.See("Energi: ", "Godkänn")
	w.fits(principal)
	if now := w.api("principal", http.MethodGet, "/applications/"+w.id, nil)["version"]; now != before {
		w.t.Errorf("opening the mailed link made version %v of %v", now, before)
	}
	principal.Unfold("Peka ut delar av ansökan")
	principal.Choose("Sökt belopp")
	principal.Click("Skicka tillbaka")
	principal.See("Skäl")
	if got := principal.Value("Sökt belopp"); got != "true" {
		w.t.Errorf("after the refusal the chosen field is %s", got)
	}
	w.fits(principal)
	principal.Fill("Skäl om du skickar tillbaka", "Räcker inte 18 000 kr?")
	principal.Click("Skicka tillbaka")

	teacher := w.open("teacher", "/applications/"+w.id)
	teacher.See("Rektor har skickat tillbaka ansökan", "Räcker inte 18 000 kr?", "Sökt belopp", "Rektor vill ändra")
	w.fits(teacher)
	teacher.Click("Budget och finansiering")
	teacher.See("Rektor vill att du ändrar: ", "Räcker inte 18 000 kr?")
	teacher.Fill("Hur mycket söker ni?", "18000")
	teacher.Click("Spara och gå till alla delar")
	teacher.Click("Kontrollera och skicka")
	teacher.Click("Skicka till rektor")
}

// approve: from the mail to the end it is two clicks, the link and the button.
func (w *way) approve() {
	principal := w.open("principal", "/tasks")
	principal.Open(w.mailed("principal", "/approve/"))
	principal.See("Det här har ändrats sedan en rektor svarade", "Sökt belopp")
	w.fits(principal)
	principal.Click("Godkänn")
	principal.NotSee("Räcker inte")
	if got := w.api("teacher", http.MethodGet, "/applications/"+w.id, nil); got["state"] != "approved" {
		w.t.Errorf("two clicks lead to %v", got["state"])
	}
}

// fileLate: past the deadline the page says so, takes the application and marks it.
func (w *way) fileLate() {
	teacher := w.open("teacher", "/applications/"+w.id+"/check")
	teacher.See("Ansökningstiden gick ut", "Vi tar emot ansökan ändå")
	w.fits(teacher)
	teacher.Click("Skicka in")
	teacher.See("Ansökan är inskickad", "2026-10-01 kl. 00.00.05")
	w.fits(teacher)
	code := regexp.MustCompile(`/receipts/[0-9a-f-]+`).FindString(teacher.HTML())
	anybody := w.anybody()
	anybody.Open(w.url + code)
	anybody.See("Kvittensen är äkta", "2026-10-01 kl. 00.00.05")
	w.fits(anybody)
	officer := w.open("officer", "/cases/"+w.id)
	officer.See("Sen")
}

// answer: long after, the late application is still open; only the field that is
// asked about can be changed, and both sides see it as it was and as it is.
func (w *way) answer() {
	if got := w.now(); got["state"] != "completion_requested" || !strings.Contains(fmt.Sprint(got["flags"]), "late") {
		w.t.Errorf("the late application is %v %v", got["state"], got["flags"])
	}
	teacher := w.open("teacher", "/tasks")
	teacher.Open(w.mailed("teacher", "/applications/"))
	teacher.Click("Svara på frågorna")
	teacher.See("Räcker mindre?", "Ni har inte ändrat något än")
	w.fits(teacher)
	teacher.Click("Ändra")
	fields := teacher.Eval(`[...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")].map((e) => e.name).join(" ")`)
	if fields != "requested" {
		w.t.Errorf("open are %q, want the one that is asked about", fields)
	}
	w.fits(teacher)
	teacher.Fill("Hur mycket söker ni?", "tusen")
	teacher.Click("Spara och gå till frågorna")
	if got := teacher.Value("Hur mycket söker ni?"); got != "tusen" {
		w.t.Errorf("after the refusal the field holds %q", got)
	}
	teacher.Fill("Hur mycket söker ni?", "19 000")
	teacher.Click("Spara och gå till frågorna")
	teacher.See("Förut", "18 000 kr", "19 000 kr")
	w.fits(teacher)
	teacher.Click("Skicka svaret")
	teacher.Fill("Meddelande till handläggaren", "Vi räknade fel.")
	teacher.Click("Skicka svaret")
	teacher.NotSee("Svara på frågorna")
	officer := w.open("officer", "/cases/"+w.id)
	officer.See("Vi räknade fel.")
	officer.Open(w.url + "/cases/" + w.id + "/versions/2")
	officer.See("18 000 kr", "19 000 kr")
	w.fits(officer)
}

// approveMoney: as the answer changed the money, a principal is asked again.
func (w *way) approveMoney() {
	principal := w.open("principal", "/tasks")
	principal.Open(w.mailed("principal", "/approve/"))
	principal.See("Det här har ändrats sedan en rektor svarade", "Sökt belopp")
	w.fits(principal)
	principal.Click("Godkänn")
	if flags := fmt.Sprint(w.now()["flags"]); strings.Contains(flags, "unapproved") {
		w.t.Errorf("approved, and the flags are %s", flags)
	}
}

// handOver: the principal gives the application to a colleague.
func (w *way) handOver() {
	principal := w.open("principal", "/hand-over")
	w.fits(principal)
	principal.Open(w.url + "/hand-over/" + w.id)
	principal.Fill("Den nya sökandens e-postadress", "teacher2@example.org")
	principal.Fill("Skäl", "Läraren har bytt skola.")
	principal.Click("Ge över ansökan")
	principal.See("Ingen lärare på skolan")
	if got := principal.Value("Skäl"); got != "Läraren har bytt skola." {
		w.t.Errorf("after the refusal the reason is %q", got)
	}
	w.fits(principal)
	principal.Fill("Den nya sökandens e-postadress", "teacher.baldergymnasiet@example.org")
	principal.Click("Ge över ansökan")
	principal.See("gav över ansökan")
}

// takeOver: who took over reads it by the mailed link, and who gave it away no longer.
func (w *way) takeOver() {
	taker := w.open("teacher.baldergymnasiet", "/tasks")
	taker.Open(w.mailed("teacher.baldergymnasiet", "/applications/"))
	taker.See("Energi: ", "Ärendets väg")
	w.fits(taker)
	giver := w.open("teacher", "/applications/"+w.id)
	giver.NotSee("Energi: ")
}
