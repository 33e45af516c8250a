package handlers

import (
	"bytes"
	"errors"
	"html/template"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"text/template/parse"
	"time"

	"github.com/PuerkitoBio/goquery"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// TestEveryWordInTemplatesExists walks the templates for {{t "key"}} and
// {{plural "key"}}: a word that is missing shows before anybody opens the page.
func TestEveryWordInTemplatesExists(t *testing.T) {
	t.Parallel()
	r := testRenderer(t)
	for l, s := range r.sets {
		check := func(name string, set *template.Template) {
			for _, x := range set.Templates() {
				if x.Tree == nil {
					continue
				}
				walk(x.Tree.Root, func(n parse.Node) {
					call, ok := n.(*parse.CommandNode)
					if !ok || len(call.Args) < 2 {
						return
					}
					fn, isName := call.Args[0].(*parse.IdentifierNode)
					key, isText := call.Args[1].(*parse.StringNode)
					if isName && isText && (fn.Ident == "t" || fn.Ident == "plural") && !lang.Has(l, key.Text) {
						t.Errorf("%s, %s: no word %s in %s", name, x.Name(), key.Text, l)
					}
				})
			}
		}
		check("parts", s.parts)
		for name, page := range s.pages {
			check(name, page)
		}
	}
}

// TestNothingLiesIdleInTemplates finds parts that no page draws, functions that no template calls
// and pages that no route shows.
func TestNothingLiesIdleInTemplates(t *testing.T) {
	t.Parallel()
	s := testRenderer(t).sets[lang.SV]
	called := map[string]bool{"layout": true, "counted": true} // by Render and RenderPart
	note := func(x *template.Template) {
		for _, x := range x.Templates() {
			if x.Tree == nil {
				continue
			}
			walk(x.Tree.Root, func(n parse.Node) {
				switch n := n.(type) {
				case *parse.TemplateNode:
					called[n.Name] = true
				case *parse.IdentifierNode:
					called["func "+n.Ident] = true
				}
			})
		}
	}
	note(s.parts)
	for _, page := range s.pages {
		note(page)
	}
	for _, x := range s.parts.Templates() {
		if x.Tree != nil && !strings.HasSuffix(x.Name(), ".html") && !called[x.Name()] {
			t.Errorf("part %s is drawn nowhere", x.Name())
		}
	}
	for name := range funcs(lang.SV, nil) {
		if !called["func "+name] {
			t.Errorf("function %s is called nowhere", name)
		}
	}
	for name := range s.pages {
		if shown := sourceHolds(t, `"`+name+`"`); !shown {
			t.Errorf("page %s is shown nowhere", name)
		}
	}
}

// sourceHolds says whether the folder's program text, without its tests, has the words.
func sourceHolds(t *testing.T, words string) bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, []byte(words)) {
			return true
		}
	}
	return false
}

func parseOne(t *testing.T, page string) error {
	t.Helper()
	static, err := NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	_, err = newRenderer(fstest.MapFS{
		"layout.html":  {Data: []byte(`{{define "layout"}}{{template "content" .}}{{end}}{{define "content"}}{{end}}`)},
		"parts/a.html": {Data: []byte(`{{define "known"}}{{end}}`)}, "room/page.html": {Data: []byte(page)},
	}, static)
	return err
}

func TestFaultInATemplateStopsTheStart(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		`{{define "content"}}{{if .A}}{{range .B}}{{template "tasx" .}}{{end}}{{end}}{{end}}`: "tasx",
		`{{define "content"}}{{if}}{{end}}`:                                                   "room/page",
		`{{define "content"}}{{nofunction 1}}{{end}}`:                                         "nofunction",
	} {
		if err := parseOne(t, page); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one that names %s", page, err, want)
		}
	}
	if err := parseOne(t, `{{define "content"}}{{template "known"}}{{end}}`); err != nil {
		t.Errorf("a good page: %v", err)
	}
}

func TestPageThatCannotBeDrawnWritesNothing(t *testing.T) {
	t.Parallel()
	r, _ := galleryRenderer(t)
	w := httptest.NewRecorder()
	if err := r.Render(w, 200, "gallery/parts", sampleReceipt(samplePage(lang.SV))); err == nil || w.Body.Len() > 0 {
		t.Errorf("error %v, %d bytes written; want an error and none", err, w.Body.Len())
	}
	if err := r.Render(w, 200, "gallery/none", samplePage(lang.SV)); !errors.Is(err, errNoPage) {
		t.Errorf("error %v, want %v", err, errNoPage)
	}
}

func TestEveryPageOfARehearsalSaysSo(t *testing.T) {
	t.Parallel()
	r, _ := galleryRenderer(t)
	for _, rehearsal := range []bool{true, false} {
		for _, l := range lang.All() {
			p := samplePage(l)
			p.Rehearsal = rehearsal
			w := httptest.NewRecorder()
			if err := r.Render(w, 200, "gallery/letter", sampleLetter(p)); err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(w.Body.String(), "ÖVNING / REHEARSAL"); got != rehearsal {
				t.Errorf("rehearsal %v in %s: banner %v", rehearsal, l, got)
			}
		}
	}
}

func TestRefusedFormSaysSoFirst(t *testing.T) {
	t.Parallel()
	p := samplePage(lang.SV)
	p.Title, p.Tab = "Budget och finansiering", ""
	if got, want := p.DocTitle(), "Budget och finansiering – Internationella fonden, Skellefteå kommun"; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
	p.Errors = []FieldError{{Field: "title", Message: "x"}}
	if got := p.DocTitle(); !strings.HasPrefix(got, "Fel: Budget") {
		t.Errorf("title %q, want Fel: first", got)
	}
	p.Lang = lang.EN
	if got := p.DocTitle(); !strings.HasPrefix(got, "Error: ") {
		t.Errorf("title %q, want Error: first", got)
	}
}

func TestLanguageIsWhatWasAskedThenRemembered(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, query, cookie, accept string
		want                        lang.Lang
		chosen                      bool
	}{
		{name: "nothing", want: lang.SV},
		{name: "query", query: "?lang=en", cookie: "sv", want: lang.EN, chosen: true},
		{name: "cookie before browser", cookie: "sv", accept: "en-GB", want: lang.SV},
		{name: "browser", accept: "en-GB,en;q=0.9", want: lang.EN},
		{name: "unknown query", query: "?lang=xx", cookie: "en", want: lang.EN},
	} {
		r := httptest.NewRequest("GET", "/"+tt.query, nil)
		r.Header.Set("Accept-Language", tt.accept)
		if tt.cookie != "" {
			r.AddCookie(LangCookie(lang.Lang(tt.cookie), true))
		}
		if got, chosen := LangOf(r); got != tt.want || chosen != tt.chosen {
			t.Errorf("%s: %s (chosen %v), want %s (%v)", tt.name, got, chosen, tt.want, tt.chosen)
		}
	}
}

func TestLanguageSwitchKeepsThePlace(t *testing.T) {
	t.Parallel()
	p := samplePage(lang.SV)
	p.Path, p.Query = "/cases", map[string][]string{"view": {"mine"}, "lang": {"sv"}}
	if got, want := p.InLang(lang.EN), "/cases?lang=en&view=mine"; got != want {
		t.Errorf("InLang = %s, want %s", got, want)
	}
	if got, want := p.SignIn(), "/sign-in?next=%2Fcases%3Flang%3Dsv%26view%3Dmine"; got != want {
		t.Errorf("SignIn = %s, want %s", got, want)
	}
}

func TestFunctionsSayWhatTheyAreGiven(t *testing.T) {
	t.Parallel()
	static, err := NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	var none *int64
	n := int64(81_000)
	data := map[string]any{
		"n": n, "p": &n, "none": none, "ore": money.SEK(8_100_050), "whole": money.Kronor(5), "zero": time.Time{},
		"t": time.Date(2026, 9, 30, 21, 59, 0, 0, time.UTC), "d": workflow.NewDate(2027, 4, 12), "evil": "<b>&",
	}
	for text, want := range map[string]string{
		`{{money .n}}|{{money .p}}|{{money .none}}`:       "81 000 kr|81 000 kr|–",
		`{{money .ore}}|{{money .whole}}`:                 "81 000,50 kr|5 kr",
		`{{at "longdatetime" .t}}`:                        `<time datetime="2026-09-30T23:59:00+02:00">onsdag 30 september 2026 kl. 23.59</time>`,
		`{{at "date" .d}}{{at "date" .zero}}`:             `<time datetime="2027-04-12">12 april 2027</time>`,
		`{{at "date" "2027-04-12"}}`:                      `<time datetime="2027-04-12">12 april 2027</time>`,
		`<a href="{{query "/c" "a" "1&2" "b" ""}}">x</a>`: `<a href="/c?a=1%262">x</a>`,
		`{{t "form.row" "N" .evil}}`:                      "Rad &lt;b&gt;&amp;",
	} {
		var b strings.Builder
		err := template.Must(template.New("").Funcs(funcs(lang.SV, static)).Parse(text)).Execute(&b, data)
		if got := strings.ReplaceAll(b.String(), "\u00a0", " "); err != nil || got != want {
			t.Errorf("%s gives %s (%v), want %s", text, got, err, want)
		}
	}
	for _, text := range []string{`{{money "x"}}`, `{{at "never" .t}}`, `{{at "date" "någon gång"}}`, `{{dict "a"}}`, `{{static "none.css"}}`, `{{template "x" (field nil "n" "lable" "x")}}{{define "x"}}{{end}}`} {
		var b strings.Builder
		if err := template.Must(template.New("").Funcs(funcs(lang.SV, static)).Parse(text)).Execute(&b, data); err == nil {
			t.Errorf("%s gives %q, want an error", text, b.String())
		}
	}
}

func TestPotIsNeverFullerThanFull(t *testing.T) {
	t.Parallel()
	p := Pot{Total: 100, Parts: []PotPart{{"granted", "", 80}, {"this", "", 0}, {"proposed", "", 40}}}
	want := []PotRect{{"granted", "0.000%", "66.416%"}, {"proposed", "66.666%", "33.083%"}}
	if got := p.Rects(); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("drawn %v, want %v", got, want)
	}
	if got := (Pot{}).Rects(); got != nil {
		t.Errorf("an empty pot draws %v", got)
	}
}

func TestEveryStateHasItsWordAndColour(t *testing.T) {
	t.Parallel()
	for s := range stateColors {
		for _, l := range lang.All() {
			for _, applicant := range []bool{true, false} {
				if tag := StateTag(l, s, applicant); strings.Contains(tag.Text, "⟦") || tag.Color == "" {
					t.Errorf("%s in %s: %+v", s, l, tag)
				}
			}
		}
	}
}

// TestChecksOfPagesSeeFaults breaks a good page in each way and looks whether
// the check of all pages notices.
func TestChecksOfPagesSeeFaults(t *testing.T) {
	t.Parallel()
	r, _ := galleryRenderer(t)
	w := httptest.NewRecorder()
	if err := r.Render(w, 200, "gallery/receipt", sampleReceipt(samplePage(lang.SV))); err != nil {
		t.Fatal(err)
	}
	good := w.Body.String()
	if faults := faultsOf(t, good); len(faults) > 0 {
		t.Fatalf("the good page has %v", faults)
	}
	for add, want := range map[string]string{
		`<h1>Two</h1>`: "2 h1", `<p style="color:red">x</p>`: "inline style", `<i id="content"></i>`: "id twice",
		`<input name="a" id="a">`: "without a label", `<label for="b">B</label><input id="b">`: "without a name",
		`<p aria-describedby="gone">x</p>`: "gone", `<a href="#nowhere">x</a>`: "nowhere", `<a href="/x"></a>`: "empty a",
		`⟦a.key⟧`: "missing word", `<form><button name="row" value="remove:a:1">x</button></form>`: "Enter would press",
	} {
		faults := strings.Join(faultsOf(t, strings.Replace(good, "</main>", add+"</main>", 1)), "\n")
		if !strings.Contains(faults, want) {
			t.Errorf("%s: faults %q, want one about %q", add, faults, want)
		}
	}
}

func TestSignOutIsNoLink(t *testing.T) {
	t.Parallel()
	r, _ := galleryRenderer(t)
	w := httptest.NewRecorder()
	if err := r.Render(w, 200, "gallery/letter", sampleLetter(samplePage(lang.SV))); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if n := doc.Find(`form[action="/sign-out"][method="post"]`).Length(); n != 2 {
		t.Errorf("%d forms sign out, want 2 (header and footer): GET changes nothing", n)
	}
}
