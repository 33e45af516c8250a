package handlers

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// builtClasses are the beginnings of class names that are made when a page is
// drawn: what comes after stands as a word of its own (Layout: "stack", Kind: "left").
var builtClasses = []string{"rows-", "pot-"}

// TestEveryClassIsDrawn: a class in the stylesheet that no template, script or
// handler has a word for styles nothing.
func TestEveryClassIsDrawn(t *testing.T) {
	t.Parallel()
	words := map[string]bool{}
	word := regexp.MustCompile(`[\w-]+`)
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".html") && !strings.HasSuffix(path, ".js") {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, w := range word.FindAllString(string(raw), -1) {
			words[w] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	css := regexp.MustCompile(`(?s)/\*.*?\*/|"[^"]*"|url\([^)]*\)|\{[^{}]*\}`).ReplaceAllString(string(raw), " ")
	classes := regexp.MustCompile(`\.([a-zA-Z][\w-]*)`).FindAllStringSubmatch(css, -1)
	if len(classes) < 300 {
		t.Fatalf("only %d classes are read", len(classes))
	}
	drawn := func(name string) bool {
		if words[name] {
			return true
		}
		for _, begin := range builtClasses {
			if rest, ok := strings.CutPrefix(name, begin); ok && words[rest] {
				return true
			}
		}
		return false
	}
	for _, c := range classes {
		if !drawn(c[1]) {
			t.Errorf(".%s is drawn nowhere", c[1])
		}
	}
}
