package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"fund/handlers/webtest"
)

// keys is somebody who has only a keyboard.
type keys struct {
	*webtest.Tab
	t *testing.T
}

// to presses Tab until the named stop. Every stop on the way must show that it
// has the focus and come after the one before it.
func (k keys) to(name string) {
	k.t.Helper()
	var way []string
	for range 150 {
		s := k.TabKey()
		if s.Fault != "" {
			k.t.Errorf("%s: %q: %s", k.URL(), s.Name, s.Fault)
		}
		if s.Name == name || strings.HasPrefix(s.Name, name) {
			return
		}
		if way = append(way, s.Name); s.Name == "" {
			break // past the last: the next Tab would be in the browser's own window
		}
	}
	k.t.Fatalf("Tab never comes to %q on %s, but to %q", name, k.URL(), way)
}

// write goes to fields, in the order of the page, and types.
func (k keys) write(pairs ...string) {
	k.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		k.to(pairs[i])
		k.Press(pairs[i+1])
	}
}

// press goes to a button or link and presses Enter.
func (k keys) press(name string) {
	k.t.Helper()
	k.to(name)
	k.Leave(kb.Enter)
}

// signIn: the skip link is the first stop, and it leads past the menu.
func (p *program) signInByKeys(b *webtest.Browser, who string) keys {
	k := keys{b.Tab(p.t, webtest.Options{}), p.t}
	k.Open(p.url + "/sign-in?lang=sv&q=" + who + "@")
	if s := k.TabKey(); s.Name != "Hoppa till innehållet" || s.Fault != "" {
		p.t.Errorf("the first stop is %q (%s)", s.Name, s.Fault)
	}
	k.Press(kb.Enter)
	k.Wait(`document.activeElement.id === "content"`)
	k.press(names[who])
	return k
}

// TestE2EKeyboardAlone walks from the sign-in to the receipt with key events only.
func TestE2EKeyboardAlone(t *testing.T) {
	b := webtest.Start(t)
	p := start(t, "FUND_SEED=empty", "FUND_NOW=2026-08-01T09:00:00+02:00")
	p.round()
	p.clock("2026-09-10T10:00:00+02:00")
	k := p.signInByKeys(b, "teacher")
	k.Open(p.url + "/apply")
	k.press("Börja en ansökan")
	application := regexp.MustCompile(`/applications/\d+`).FindString(k.URL())
	k.press("Skola, kontakt och konto")
	k.write("Projektets namn", "Energi i två städer", "Din roll", "Lärare", "Telefon i tjänsten", "0910-73 00 00", "Rektor som ska godkänna", "Johan Sehlstedt")
	k.press("Spara och fortsätt")
	k.write("Partnerskolans namn", "Gymnázium Labská", "Ort", "Pardubice", "Land", "Tjeckien")
	k.write("Orten är en vänort", " ")
	k.write("Kontakt på partnerskolan, i tjänsten", "Jana Nováková")
	k.press("Spara och fortsätt")
	k.to("Elevgrupp reser")
	k.Press(" ")
	k.Press(kb.ArrowDown) // arrows choose among radio buttons
	k.Wait(`document.activeElement.checked && document.activeElement.value === "hosting"`)
	k.Press(kb.ArrowUp)
	k.write("Första resdag", "2027-04-12", "Sista resdag", "2027-04-18", "Resdagar", "2", "Programdagar, utan resdagar", "5")
	k.press("Spara och fortsätt")

	// A fault: the list of faults has the focus, and leads to the field.
	k.write("Antal elever", "tjugo")
	k.Leave(kb.Enter)
	k.Wait(`document.activeElement.matches(".ds-error-summary")`)
	k.to("Antal elever:")
	k.Press(kb.Enter)
	k.Wait(`document.activeElement.name === "participants.pupils"`)
	k.Eval(`(document.activeElement.select(), "")`)
	k.Press("24")
	k.write("Medföljande personal", "3")
	k.press("Spara och fortsätt")

	k.write("Sammanfattning", "Eleverna arbetar en vecka.", "Syfte", "Att jämföra.", "Mål, rad 1", "Alla redovisar", "Så mäter vi, rad 1", "24 redovisningar")
	k.press("Lägg till mål")
	k.Wait(`document.activeElement.name === "text.goals.2.goal"`)
	k.Press("Ett mål till")
	k.write("Så mäter vi, rad 2", "Samtal")
	k.press("Flytta upp")
	k.Wait(`document.activeElement.name === "text.goals.1.goal" && document.activeElement.value === "Ett mål till"`)
	k.press("Ta bort")
	k.Wait(`document.activeElement.name === "text.goals.1.goal" && document.activeElement.value === "Alla redovisar"`)
	k.to("Utbildning och kompetens")
	k.Press(" ")
	k.press("Spara och fortsätt")
	k.write("Förberedelser", "Sex lektioner.", "Dag, rad 1", "12 april", "Vad ni gör, rad 1", "Lektioner.")
	k.press("Spara och fortsätt")
	k.write("Alla ska kunna följa med", "Öppet för alla.")
	k.press("Spara och fortsätt")
	k.write("Kostnadsslag, rad 1", "R", "Beskrivning, rad 1", "Tåg", "Antal, rad 1", "27", "Pris, kr, rad 1", "1000")
	k.write("Hur mycket söker ni?", "20000")
	k.press("Spara och fortsätt")
	for _, kind := range []string{"A", "R"} {
		k.to("Vad är det för fil?")
		k.Press(kind)
		k.to("Fil")
		k.ChooseFile(paper(t, "papper"+kind))
		k.press("Ladda upp filen")
		k.See("papper" + kind + ".pdf")
	}
	k.press("Fortsätt")
	for _, label := range []string{"Ingen elev måste betala", "Jag arbetar på skolan", "Ansökan innehåller inga uppgifter", "Jag vet att ansökan blir"} {
		k.to(label)
		k.Press(" ")
	}
	k.press("Spara och gå till alla delar")
	k.press("Kontrollera och skicka")
	k.See("Energi i två städer", "Alla redovisar", "papperR.pdf")
	k.NotSee("Ett mål till")
	k.press("Skicka till rektor")

	head := p.signInByKeys(b, "principal")
	head.press("Godkänn: Energi i två städer")
	head.write("Ditt ställningstagande", "Jag står bakom den.")
	head.press("Godkänn")

	k.Open(p.url + application + "/check")
	k.press("Skicka in")
	k.See("Ansökan är inskickad")
	got := p.api("teacher", http.MethodGet, application, nil)
	if n := len(got["attachments"].([]any)); got["dnr"] != "IF 2026-0001" || n != 2 {
		t.Errorf("%v is filed with %d files", got["dnr"], n)
	}
}
