package handlers

import (
	"io/fs"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"fund/workflow/lang"
)

// sharedRenderer is parsed once for all tests.
var sharedRenderer = sync.OnceValues(func() (*Renderer, error) {
	static, err := NewStatic()
	if err != nil {
		return nil, err
	}
	return NewRenderer(static)
})

func testRenderer(t *testing.T) *Renderer {
	t.Helper()
	r, err := sharedRenderer()
	if err != nil {
		t.Fatalf("renderer: %v", err)
	}
	return r
}

// samplePage is a Page as a signed-in person of a rehearsal gets it.
func samplePage(l lang.Lang) Page {
	return Page{
		Lang: l, Title: "Sample", Path: "/sample", Person: &Visitor{Name: "Elin Marklund", As: "Baldergymnasiet"},
		Nav:     []NavItem{{Text: "Mina ansökningar", Href: "/apply", Current: true}, {Text: "Mina uppgifter", Href: "/cases", Count: 7}},
		Contact: "internationella.fonden@example.org", Rehearsal: true,
		Now: time.Date(2026, 9, 18, 12, 12, 5, 0, time.UTC), Back: &Link{Text: "Alla delar", Href: "/apply"},
	}
}

// renderString renders a page and gives its HTML.
func renderString(t *testing.T, name string, page rendered) string {
	t.Helper()
	w := httptest.NewRecorder()
	if err := testRenderer(t).Render(w, 200, name, page); err != nil {
		t.Fatalf("%s in %s: %v", name, page.common().Lang, err)
	}
	return w.Body.String()
}

// testRoom renders every template of a room in both languages, each from its
// sample, and checks what holds for all pages. A template without a sample
// fails, and so does a sample without its template. The key is the page's name
// without the room; more samples of one page are "budget#refused".
func testRoom(t *testing.T, room string, samples map[string]func(Page) rendered) {
	t.Helper()
	shown := map[string]bool{}
	for key, sample := range samples {
		name, _, _ := strings.Cut(key, "#")
		shown[name] = true
		for _, l := range lang.All() {
			t.Run(key+"/"+string(l), func(t *testing.T) {
				t.Parallel()
				checkHTML(t, renderString(t, room+"/"+name, sample(samplePage(l))))
			})
		}
	}
	files, err := fs.Glob(templateFiles, "templates/"+room+"/*.html")
	if err != nil || len(files) == 0 {
		t.Fatalf("room %s has no templates (%v)", room, err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(path.Base(file), ".html"); !shown[name] {
			t.Errorf("template %s/%s has no sample", room, name)
		}
	}
}

// checkHTML holds a page against what every page must be.
func checkHTML(t *testing.T, html string) {
	t.Helper()
	for _, fault := range faultsOf(t, html) {
		t.Error(fault)
	}
}

func faultsOf(t *testing.T, html string) (faults []string) {
	t.Helper()
	fault := func(parts ...string) { faults = append(faults, strings.Join(parts, "")) }
	if i := strings.Index(html, "⟦"); i >= 0 {
		fault("missing word: ", html[i:min(i+80, len(html))])
	}
	if strings.Contains(html, "ZgotmplZ") {
		fault("html/template refused a value (ZgotmplZ)")
	}
	if !strings.HasSuffix(strings.TrimSpace(html), "</html>") {
		fault("page does not end")
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatalf("read HTML: %v", err)
	}
	if n := doc.Find("h1").Length(); n != 1 {
		fault("page has ", lang.Number(lang.EN, int64(n)), " h1")
	}
	if doc.Find("main#content").Length() != 1 {
		fault("no main with the id content, where the skip link leads")
	}
	if doc.Find("[style], style").Length() > 0 || doc.Find("script:not([src])").Length() > 0 {
		fault("inline style or script, which the content security policy forbids")
	}
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if ids[id] {
			fault("id twice: ", id)
		}
		ids[id] = true
	})
	for _, attr := range []string{"aria-describedby", "aria-labelledby", "for"} {
		doc.Find("[" + attr + "]").Each(func(_ int, s *goquery.Selection) {
			for id := range strings.FieldsSeq(s.AttrOr(attr, "")) {
				if !ids[id] {
					fault(attr, " names ", id, ", which is not there")
				}
			}
		})
	}
	doc.Find(`a[href^="#"]`).Each(func(_ int, s *goquery.Selection) {
		if id := s.AttrOr("href", "")[1:]; id != "" && !ids[id] {
			fault("link to #", id, ", which is not there: ", s.Text())
		}
	})
	doc.Find("input, select, textarea").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("type", "") == "hidden" {
			return
		}
		id := s.AttrOr("id", "")
		if id == "" || (doc.Find(`label[for="`+id+`"]`).Length() == 0 && s.AttrOr("aria-label", "") == "") {
			fault("control without a label: ", s.AttrOr("name", id))
		}
		if s.AttrOr("name", "") == "" {
			fault("control without a name: ", id)
		}
	})
	doc.Find("form").Each(func(_ int, s *goquery.Selection) {
		if first := s.Find("button").First(); s.Find(`button[name="row"]`).Length() > 0 && first.AttrOr("name", "") == "row" {
			fault("Enter would press the row button ", first.AttrOr("value", ""), `: put {{template "enter" …}} first in the form`)
		}
	})
	doc.Find("h1, h2, h3, a, button, label, legend, th").Each(func(_ int, s *goquery.Selection) {
		if strings.TrimSpace(s.Text()) == "" && s.AttrOr("aria-label", "") == "" {
			fault("empty ", goquery.NodeName(s), " ", s.AttrOr("id", ""), s.AttrOr("href", ""))
		}
	})
	return faults
}
