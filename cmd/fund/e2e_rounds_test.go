package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"fund/handlers/webtest"
)

// everyone are the people whose every page is opened.
var everyone = []string{"teacher", "teacher2", "principal", "officer", "reviewer1", "head", "secretary", "finance1", "finance2", "registrar", "auditor", "admin", "external"}

var (
	hrefs = regexp.MustCompile(`href="(/[^"#]*)"`)
	ids   = regexp.MustCompile(`\d+`)
)

// TestE2EEveryLink signs in as everyone on the full rehearsal and follows every
// link: no page may fail or lack words, and each kind of page must please axe
// and fit 320 CSS pixels (contract.md §4), in both languages.
func TestE2EEveryLink(t *testing.T) {
	b := webtest.Start(t)
	p := start(t, "FUND_SEED=full")
	kinds := map[string]bool{}
	for _, who := range everyone {
		tab := b.Tab(t, webtest.Options{Width: 1280})
		tab.Open(p.url + "/sign-in?lang=sv&q=" + who + "@")
		tab.Eval(`document.querySelector('input[value="` + who + `@example.org"]').form.querySelector("button").click(), ""`)
		tab.Wait(`location.pathname == "/tasks"`)
		todo, seen := []string{"/", "/tasks"}, map[string]bool{}
		for len(todo) > 0 && len(seen) < 60 {
			path := todo[0]
			todo = todo[1:]
			kind := ids.ReplaceAllString(strings.Split(path, "?")[0], "N")
			if seen[path] || kinds[who+kind] {
				continue
			}
			seen[path], kinds[who+kind] = true, true
			got := tab.Eval(`(function(){var r=new XMLHttpRequest();r.open("GET","` + path + `",false);r.send();return r.status+" "+(r.getResponseHeader("Content-Type")||"")+"\n"+r.responseText})()`)
			head, html, _ := strings.Cut(got, "\n")
			if !strings.HasPrefix(head, "200") {
				t.Errorf("%s as %s: %s", path, who, head)
				continue
			}
			if !strings.Contains(head, "text/html") {
				continue // a file, whose bytes may happen to be those of ⟦
			}
			if strings.Contains(html, "⟦") {
				t.Errorf("%s as %s lacks words: %s", path, who, regexp.MustCompile(`⟦[^⟧]*⟧`).FindString(html))
			}
			for _, m := range hrefs.FindAllStringSubmatch(html, -1) {
				if next := strings.ReplaceAll(m[1], "&amp;", "&"); !strings.HasPrefix(next, "/static") && !strings.HasPrefix(next, "/api") && !strings.Contains(next, "lang=") {
					todo = append(todo, next)
				}
			}
			if kinds[kind] {
				continue
			}
			kinds[kind] = true
			for _, l := range []string{"sv", "en"} {
				join := "?"
				if strings.Contains(path, "?") {
					join = "&"
				}
				tab.Open(p.url + path + join + "lang=" + l)
				if strings.Contains(tab.Text(), "⟦") {
					t.Errorf("%s in %s lacks words", path, l)
				}
				for _, fault := range tab.Axe() {
					t.Errorf("%s as %s in %s: %s", path, who, l, fault)
				}
			}
			tab.Resize(320)
			if px, culprit := tab.SideScroll(); px > 0 {
				t.Errorf("%s as %s scrolls %d px sideways at 320: %s", path, who, px, culprit)
			}
			tab.Resize(1280)
			tab.Open(p.url + "/tasks?lang=sv")
		}
	}
	list := []string{}
	for kind := range kinds {
		if strings.HasPrefix(kind, "/") {
			list = append(list, kind)
		}
	}
	slices.Sort(list)
	if len(list) < 40 {
		t.Errorf("only %d kinds of pages were met: %v", len(list), list)
	}
}
