package handlers

import (
	"net/http"
	"regexp"
	"sync/atomic"
	"testing"

	"fund/handlers/webtest"
	"fund/sql/sqltest"
)

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
			j := journey{v, cutNetwork(t, v.pages, new(atomic.Bool)), func(who string) webtest.Hand { return webtest.Hand{} }, func(webtest.Hand) {}}
			j.open = func(who string) webtest.Hand {
				h := webtest.Hand{Tab: b.Tab(t, x.Options), Keys: x.keys}
				if who != "" {
					v.get(who, "/tasks", http.StatusOK)
					h.SetCookie(j.url, sessionCookie, v.cookies[who])
				}
				h.Open(j.url + "/tasks?lang=sv")
				return h
			}
			j.fits = func(h webtest.Hand) {
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
	open func(who string) webtest.Hand
	fits func(webtest.Hand)
}

func (j journey) access() {
	const who = "ny.larare@skola.example"
	h := j.open("")
	h.Open(j.url + "/access?lang=sv")
	h.Fill("Ditt namn", "Ny Lärare")
	h.Fill("E-postadress i tjänsten", who)
	if h.Keys {
		h.To("Skola", true)
		h.Press("B")
	} else {
		h.Select("Skola", "Baldergymnasiet")
	}
	h.Fill("Vad du arbetar med på skolan", "Lärare i franska")
	h.Click("Skicka länken")
	h.See("Se i din e-post")
	mails, _, err := j.store.RehearsalMail(j.t.Context(), who, 0, 10, 0)
	if err != nil || len(mails) != 1 {
		j.t.Fatalf("mails %v %v", mails, err)
	}
	h.Open(j.url + regexp.MustCompile(`/access/confirm\?word=\w+`).FindString(mails[0].Body))
	h.Click("Ja, det är jag")
	h.See("Tack, adressen är bekräftad")
	j.fits(h)
	officer := j.open("officer")
	officer.Open(j.url + "/access/requests")
	officer.Click("Ny Lärare")
	officer.Click("Ja, ge tillgång")
	officer.See("Personen har fått tillgång")
}

func (j journey) writers(teacher webtest.Hand) {
	teacher.Open(j.url + j.path)
	teacher.Click("Vilka som skriver")
	p, err := j.store.PersonByEmail(j.t.Context(), colleague+"@example.org")
	if err != nil {
		j.t.Fatal(err)
	}
	teacher.Click("Ta bort " + p.Name)
	teacher.Fill("Kollegans e-postadress", "ingen@example.org")
	teacher.Click("Lägg till medskribent")
	if got := teacher.Value("Kollegans e-postadress"); got != "ingen@example.org" {
		j.t.Errorf("the refused address is %q", got)
	}
	teacher.Fill("Kollegans e-postadress", colleague+"@example.org")
	teacher.Click("Lägg till medskribent")
	teacher.See("Medskribent " + p.Name)
	j.fits(teacher)
}

// clash: both wrote in one field, and the page shows both and asks.
func (j journey) clash(teacher webtest.Hand) {
	teacher.Open(j.url + j.path + "/edit/purpose")
	j.autosave(colleague, "purpose", filled(j.drawn(colleague, "purpose"), "text.purpose", "Bos syfte."))
	teacher.Fill("Syfte", "Annas syfte.")
	teacher.Click("Spara och fortsätt")
	teacher.See("Ni har skrivit i samma fält", "Annas syfte.", "Bos syfte.")
	j.fits(teacher)
	teacher.Choose("Det jag skrev")
	teacher.Click("Spara valet")
	if got := j.form().Text.Purpose; got != "Annas syfte." {
		j.t.Errorf("kept %q", got)
	}
}

// signedOut: the sign-in ran out; what was sent waits for the next one.
func (j journey) signedOut(teacher webtest.Hand) {
	teacher.Open(j.url + j.path + "/edit/care")
	if err := sqltest.Exec(j.school.url, "UPDATE sessions SET seen_at = seen_at - interval '9 hours'"); err != nil {
		j.t.Fatal(err)
	}
	teacher.Fill("Risker och hur de hanteras", "En reserv finns.")
	teacher.Click("Spara och gå till alla delar")
	teacher.See("Du har blivit utloggad.", "finns kvar")
	j.fits(teacher)
	if *pictures != "" {
		teacher.SaveScreenshot(360, *pictures+"/parked-360.png")
	}
	teacher.Click("Elin Marklund")
	teacher.See("Kontrollera och skicka")
	if got := j.form().Text.Risk; got != "En reserv finns." {
		j.t.Errorf("kept %q after the sign-in", got)
	}
}

// signedOutBeside: the sign-in was ended in another tab; what was sent waits for the next one.
func (j journey) signedOutBeside(teacher webtest.Hand, o webtest.Options) {
	teacher.Open(j.url + j.path + "/edit/care")
	beside := webtest.Hand{Tab: teacher.Beside(o), Keys: teacher.Keys}
	beside.Open(j.url + "/tasks")
	beside.Click("Logga ut")
	beside.See("Du är utloggad")
	teacher.Fill("Risker och hur de hanteras", "Två reserver finns.")
	teacher.Click("Spara och gå till alla delar")
	teacher.See("Du har blivit utloggad.", "finns kvar")
	j.fits(teacher)
	teacher.Click("Elin Marklund")
	teacher.See("Kontrollera och skicka")
	if got := j.form().Text.Risk; got != "Två reserver finns." {
		j.t.Errorf("kept %q after signing out in another tab", got)
	}
}
