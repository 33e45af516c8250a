package lang

import (
	"fmt"
	"regexp"
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
