package lang

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// place finds {{.Name}}. Nothing else may stand in double braces: words hold
// no conditions, so that they can be translated by people who do not program.
var place = regexp.MustCompile(`\{\{\s*\.([A-Za-z]+)\s*\}\}`)

// places reads texts for go-i18n. It does less than text/template, a good deal
// quicker, and shows a missing argument instead of "<no value>".
type places struct{}

// Cacheable says that go-i18n may keep what Parse made.
func (places) Cacheable() bool { return true }

// Fill puts the arguments into a text that comes from elsewhere than the files:
// the office's own words. What can't be read as one comes back as it is.
func Fill(src string, args Args) string {
	t, err := places{}.Parse(src, "", "")
	if err != nil {
		return src
	}
	said, err := t.Execute(args)
	if err != nil {
		return src
	}
	return said
}

// Places lists the names of a text's places in order, each once. ok is false
// where something else than {{.Name}} stands in braces.
func Places(src string) (names []string, ok bool) {
	rest := place.ReplaceAllString(src, "")
	for _, hit := range place.FindAllStringSubmatch(src, -1) {
		if !slices.Contains(names, hit[1]) {
			names = append(names, hit[1])
		}
	}
	return names, !strings.ContainsAny(rest, "{}")
}

// Parse cuts the text at its places.
func (places) Parse(src, _, _ string) (template.ParsedTemplate, error) {
	var p text
	from := 0
	for _, hit := range place.FindAllStringSubmatchIndex(src, -1) {
		p = append(p, piece{fixed: src[from:hit[0]], name: src[hit[2]:hit[3]]})
		from = hit[1]
	}
	p = append(p, piece{fixed: src[from:]})
	for _, piece := range p {
		if strings.Contains(piece.fixed, "{{") {
			return nil, fmt.Errorf("text %.60q: only {{.Name}} may stand in braces", src)
		}
	}
	return p, nil
}

// text is fixed words, each followed by a place; the last place is empty.
type text []piece

type piece struct{ fixed, name string }

// Execute fills the places.
func (t text) Execute(data any) (string, error) {
	args, _ := data.(Args)
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.fixed)
		if p.name == "" {
			continue
		}
		switch v := args[p.name].(type) {
		case nil:
			b.WriteString("⟦" + p.name + "⟧")
		case string:
			b.WriteString(v)
		default:
			fmt.Fprint(&b, v)
		}
	}
	return b.String(), nil
}
