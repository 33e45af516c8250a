package handlers

import (
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"fund/handlers/webtest"
	"fund/sql/sqltest"
)

// hand is somebody at a screen, with a mouse or with a keyboard alone.
type hand struct {
	*webtest.Tab
	t    *testing.T
	keys bool
}

// to presses Tab until the stop whose name begins like this: of a field, as the list of faults has links of its name.
func (h hand) to(name string, field bool) {
	h.t.Helper()
	var way []string
	for range 120 {
		s := h.TabKey()
		if s.Fault != "" {
			h.t.Errorf("%s: %q: %s", h.URL(), s.Name, s.Fault)
		}
		if strings.HasPrefix(s.Name, name) && (!field || h.Eval(`String("value" in document.activeElement)`) == "true") {
			return
		}
		if way = append(way, s.Name); s.Name == "" && len(way) > 1 {
			break
		}
	}
	h.t.Fatalf("Tab never comes to %q on %s, but to %q", name, h.URL(), way)
}

func (h hand) write(label, text string) {
	h.t.Helper()
	if !h.keys {
		h.Fill(label, text)
		return
	}
	h.to(label, true)
	h.Eval(`(document.activeElement.select?.(), "")`)
	h.Press(text)
}

func (h hand) choose(label string) {
	h.t.Helper()
	if !h.keys {
		h.Choose(label)
		return
	}
	h.to(label, true)
	h.Press(" ")
}

func (h hand) press(text string) {
	h.t.Helper()
	if !h.keys {
		h.Click(text)
		return
	}
	h.to(text, false)
	h.Leave(kb.Enter)
}

// TestJourneysByKeyboardAndWithoutScripts walks what a teacher does around the
// writing itself, with a keyboard alone and on a phone without scripts: access,
// writers, two in one field, a sign-in that ran out, one that was ended in another tab.
func TestJourneysByKeyboardAndWithoutScripts(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	for name, x := range map[string]struct {
		webtest.Options
		keys bool
	}{
		"keyboard":              {Options: webtest.Options{Width: 1280}, keys: true},
		"phone without scripts": {Options: webtest.Options{Width: 360, WithoutJS: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := writing(t)
			j := journey{v, cutNetwork(t, v.pages, new(atomic.Bool)), func(who string) hand { return hand{} }, func(hand) {}}
			j.open = func(who string) hand {
				h := hand{b.Tab(t, x.Options), t, x.keys}
				if who != "" {
					v.get(who, "/tasks", http.StatusOK)
					h.SetCookie(j.url, sessionCookie, v.cookies[who])
				}
				h.Open(j.url + "/tasks?lang=sv")
				return h
			}
			j.fits = func(h hand) {
				t.Helper()
				if px, culprit := h.SideScroll(); px > 0 {
					t.Errorf("%s scrolls %d px sideways: %s", h.URL(), px, culprit)
				}
				if !x.WithoutJS {
					for _, fault := range h.Axe() {
						t.Errorf("%s: %s", h.URL(), fault)
					}
				}
			}
			j.access()
			teacher := j.open("teacher")
			j.writers(teacher)
			j.clash(teacher)
			j.signedOut(teacher)
			j.signedOutBeside(teacher, x.Options)
		})
	}
}

type journey struct {
	*school
	url  string
	open func(who string) hand
	fits func(hand)
}

func (j journey) access() {
	const who = "ny.larare@skola.example"
	h := j.open("")
	h.Open(j.url + "/access?lang=sv")
	h.write("Ditt namn", "Ny Lärare")
	h.write("E-postadress i tjänsten", who)
	if h.keys {
		h.to("Skola", true)
		h.Press("B")
	} else {
		h.Select("Skola", "Baldergymnasiet")
	}
	h.write("Vad du arbetar med på skolan", "Lärare i franska")
	h.press("Skicka länken")
	h.See("Se i din e-post")
	mails, _, err := j.store.RehearsalMail(j.t.Context(), who, 0, 10, 0)
	if err != nil || len(mails) != 1 {
		j.t.Fatalf("mails %v %v", mails, err)
	}
	h.Open(j.url + regexp.MustCompile(`/access/confirm\?word=\w+`).FindString(mails[0].Body))
	h.press("Ja, det är jag")
	h.See("Tack, adressen är bekräftad")
	j.fits(h)
	officer := j.open("officer")
	officer.Open(j.url + "/access/requests")
	officer.press("Ny Lärare")
	officer.press("Ja, ge tillgång")
	officer.See("Personen har fått tillgång")
}

func (j journey) writers(teacher hand) {
	teacher.Open(j.url + j.path)
	teacher.press("Vilka som skriver")
	p, err := j.store.PersonByEmail(j.t.Context(), colleague+"@example.org")
	if err != nil {
		j.t.Fatal(err)
	}
	teacher.press("Ta bort " + p.Name)
	teacher.write("Kollegans e-postadress", "ingen@example.org")
	teacher.press("Lägg till medskribent")
	if got := teacher.Value("Kollegans e-postadress"); got != "ingen@example.org" {
		j.t.Errorf("the refused address is %q", got)
	}
	teacher.write("Kollegans e-postadress", colleague+"@example.org")
	teacher.press("Lägg till medskribent")
	teacher.See("Medskribent " + p.Name)
	j.fits(teacher)
}

// clash: both wrote in one field, and the page shows both and asks.
func (j journey) clash(teacher hand) {
	teacher.Open(j.url + j.path + "/edit/purpose")
	j.autosave(colleague, "purpose", filled(j.drawn(colleague, "purpose"), "text.purpose", "Bos syfte."))
	teacher.write("Syfte", "Annas syfte.")
	teacher.press("Spara och fortsätt")
	teacher.See("Ni har skrivit i samma fält", "Annas syfte.", "Bos syfte.")
	j.fits(teacher)
	teacher.choose("Det jag skrev")
	teacher.press("Spara valet")
	if got := j.form().Text.Purpose; got != "Annas syfte." {
		j.t.Errorf("kept %q", got)
	}
}

// signedOut: the sign-in ran out; what was sent waits for the next one.
func (j journey) signedOut(teacher hand) {
	teacher.Open(j.url + j.path + "/edit/care")
	if err := sqltest.Exec(j.school.url, "UPDATE sessions SET seen_at = seen_at - interval '9 hours'"); err != nil {
		j.t.Fatal(err)
	}
	teacher.write("Risker och hur de hanteras", "En reserv finns.")
	teacher.press("Spara och gå till alla delar")
	teacher.See("Du har blivit utloggad.", "finns kvar")
	j.fits(teacher)
	if *pictures != "" {
		teacher.SaveScreenshot(360, *pictures+"/parked-360.png")
	}
	teacher.press("Elin Marklund")
	teacher.See("Kontrollera och skicka")
	if got := j.form().Text.Risk; got != "En reserv finns." {
		j.t.Errorf("kept %q after the sign-in", got)
	}
}

// signedOutBeside: the sign-in was ended in another tab; what was sent waits for the next one.
func (j journey) signedOutBeside(teacher hand, o webtest.Options) {
	teacher.Open(j.url + j.path + "/edit/care")
	beside := hand{teacher.Beside(o), teacher.t, teacher.keys}
	beside.Open(j.url + "/tasks")
	beside.press("Logga ut")
	beside.See("Du är utloggad")
	teacher.write("Risker och hur de hanteras", "Två reserver finns.")
	teacher.press("Spara och gå till alla delar")
	teacher.See("Du har blivit utloggad.", "finns kvar")
	j.fits(teacher)
	teacher.press("Elin Marklund")
	teacher.See("Kontrollera och skicka")
	if got := j.form().Text.Risk; got != "Två reserver finns." {
		j.t.Errorf("kept %q after signing out in another tab", got)
	}
}
