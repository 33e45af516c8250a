package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"fund/handlers/webtest"
	"fund/workflow/lang"
)

// album is a folder of pictures: of those that README and docs show, or of all.
type album struct {
	folder string
	all    bool
	shown  map[string]bool
}

// newAlbum is the folder that FUND_TEST_PICTURES names; FUND_TEST_LONG asks for all.
func newAlbum(t *testing.T) album {
	a := album{folder: os.Getenv("FUND_TEST_PICTURES"), all: os.Getenv("FUND_TEST_LONG") != "", shown: map[string]bool{}}
	if a.folder == "" {
		t.Skip("takes pictures only when FUND_TEST_PICTURES names a folder")
	}
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`pictures/([a-z0-9-]+\.png)`).FindAllStringSubmatch(string(text), -1) {
			a.shown[m[1]] = true
		}
	}
	return a
}

// take pictures the page as it stands, on a desktop and on a phone.
func (a album) take(tab *webtest.Tab, name string) {
	for _, width := range []int{1280, 360} {
		if file := fmt.Sprintf("%s-%d.png", name, width); a.all || a.shown[file] {
			tab.SaveScreenshot(width, filepath.Join(a.folder, file))
			delete(a.shown, file)
		}
	}
	tab.Resize(1280)
}

// TestPictures takes the pictures of the README and the manual from the full rehearsal.
func TestPictures(t *testing.T) {
	a := newAlbum(t)
	b := webtest.Start(t)
	p := start(t, "FUND_SEED=full")
	id := func(who, title string) string {
		got := p.api(who, http.MethodGet, "/applications?q="+url.QueryEscape(title), nil)["items"].([]any)
		if len(got) != 1 {
			t.Fatalf("%d cases are called %s", len(got), title)
		}
		return fmt.Sprint(got[0].(map[string]any)["id"])
	}
	proposed, draft, granted := id("officer", "Energi och demokrati"), id("teacher", "Fjärilar och fredstankar"), id("teacher2", "Språk och hav")
	for _, x := range []struct{ who, path, name string }{
		{"", "/", "start"}, {"", "/sign-in", "sign-in"}, {"officer", "/tasks", "tasks"}, {"officer", "/cases", "cases"}, {"officer", "/cases/" + proposed, "case"},
		{"teacher", "/applications/" + draft, "application"}, {"teacher", "/applications/" + draft + "/edit/budget", "budget"}, {"secretary", "/decisions/" + proposed, "decision"},
		{"finance1", "/payouts", "payouts"}, {"finance1", "/payouts/12", "batch"}, {"officer", "/rounds/HT26/ranking", "ranking"}, {"teacher2", "/applications/" + granted, "grant"},
		{"", "/statistics", "statistics"},
	} {
		tab := b.Tab(t, webtest.Options{Width: 1280})
		tab.Open(p.url + "/?lang=sv")
		if x.who != "" {
			tab = p.clicked(b, x.who, webtest.Options{}).Tab
		}
		tab.Open(p.url + x.path)
		a.take(tab, x.name)
	}
	p.formPictures(b, a)
	for file := range a.shown {
		t.Errorf("%s is shown and not taken", file)
	}
}

// clicked signs in by the rehearsal's one click, without a look at the pages on the way.
func (p *program) clicked(b *webtest.Browser, who string, o webtest.Options) *visit {
	p.t.Helper()
	v := &visit{Tab: b.Tab(p.t, o), p: p, lang: lang.SV}
	v.Open(p.url + "/sign-in?lang=sv&q=" + who + "@")
	v.Click(names[who])
	return v
}

// formPictures takes the form in all its states, from the empty page to the answered completion.
func (p *program) formPictures(b *webtest.Browser, a album) {
	form := smallForm("Vatten som förenar")
	form["round"] = "VT27"
	form["activity"] = map[string]any{"type": "outgoing_group", "start": "2027-09-06", "end": "2027-09-12", "programme_days": 5}
	id := fmt.Sprint(p.api("teacher", http.MethodPost, "/applications", form)["id"])
	path := "/applications/" + id
	patch := func(text string) {
		p.api("teacher", http.MethodPatch, path, map[string]any{"text": map[string]any{"purpose": text}}, p.api("teacher", http.MethodGet, path, nil)["version"])
	}
	teacher := p.clicked(b, "teacher", webtest.Options{})
	show := func(at, name string) { teacher.Open(p.url + path + at); a.take(teacher.Tab, "form-"+name) }
	for _, step := range []string{"school", "partner", "activity", "participants", "purpose", "programme", "care", "budget", "files", "declarations"} {
		show("/edit/"+step, step)
	}
	show("", "sections")
	show("/check", "check")

	teacher.Open(p.url + path + "/edit/purpose")
	teacher.Fill("Syfte", "Att jämföra två städer.")
	teacher.Wait(`document.querySelector("[data-draft-saved]").textContent.startsWith("Sparat ")`)
	a.take(teacher.Tab, "form-saved")
	teacher.Eval(`(window.fetch = () => Promise.reject(new TypeError("no network")), "")`)
	teacher.Fill("Syfte", "Att jämföra två städer och deras floder.")
	teacher.Wait(`!document.querySelector("[data-draft-trouble]").hidden`)
	a.take(teacher.Tab, "form-offline")
	teacher.Open(p.url + path + "/edit/participants")
	teacher.Fill("Antal elever", "tjugo")
	teacher.Click("Spara och fortsätt")
	a.take(teacher.Tab, "form-errors")

	// Two people in one field: without scripts the second is asked at the click.
	other := p.clicked(b, "teacher", webtest.Options{WithoutJS: true})
	other.Open(p.url + path + "/edit/purpose")
	patch("Att lära oss om vatten.")
	other.Fill("Syfte", "Att mäta vattnet i två floder.")
	other.Click("Spara och fortsätt")
	other.See("Ni har skrivit i samma fält")
	a.take(other.Tab, "form-conflict")

	p.act("teacher", id, "request_approval", map[string]any{})
	show("", "waiting")
	show("/edit/budget", "locked")
	principal := p.clicked(b, "principal", webtest.Options{})
	principal.Open(p.url + "/approve/" + id)
	a.take(principal.Tab, "approve")
	p.act("principal", id, "return_to_applicant", map[string]any{"reason": "Vem är reserv om en vuxen blir sjuk?", "fields": []string{"text.risk"}})
	show("", "returned")
	show("/edit/care", "returned-field")
	p.act("teacher", id, "request_approval", map[string]any{})
	p.act("principal", id, "approve", map[string]any{"statement": "Tillstyrks."})
	show("/check", "approved")
	teacher.Click("Skicka in")
	a.take(teacher.Tab, "receipt")
	show("", "filed")
	p.act("officer", id, "request_completion", map[string]any{"points": []any{map[string]any{"field": "requested", "text": "Räcker mindre?"}, map[string]any{"field": "attachments.risk_assessment", "text": "Riskanalysen saknas."}}, "due_on": "2026-11-20"})
	show("", "completion")
	show("/complete", "questions")
	teacher.Click("Ändra")
	a.take(teacher.Tab, "form-question")
	teacher.Fill("Hur mycket söker ni?", "18 000")
	teacher.Click("Spara och gå till frågorna")
	a.take(teacher.Tab, "form-before-now")
}
