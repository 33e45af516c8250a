package handlers

import (
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

func testRenderer(t testing.TB) *Renderer {
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

// checkHTML holds a page against what every page must be.
func checkHTML(t testing.TB, html string) {
	t.Helper()
	for _, fault := range faultsOf(t, html) {
		t.Error(fault)
	}
}

func faultsOf(t testing.TB, html string) (faults []string) {
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
