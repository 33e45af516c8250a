package mail

import (
	_ "embed"
	"fmt"
	"html/template"
	"regexp"
	"strings"
	"sync"

	"fund/workflow/lang"
)

//go:embed mail.html
var layout string

var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("mail").Parse(layout))
})

// blank is an empty line between two paragraphs.
var blank = regexp.MustCompile(`\n\s*\n`)

// HTML gives the HTML part: tables and inline styles, as mail programs need.
func (m Message) HTML() (string, error) {
	var b strings.Builder
	err := page().Execute(&b, struct {
		Lang, Title, Name, Heading string
		Text, After, Footer        [][]string
		Button                     *Button
	}{
		string(m.language()), m.subject(), lang.T(m.Lang, "app.name"), strings.TrimSpace(m.Heading),
		paragraphs(m.Text), paragraphs(m.After), paragraphs(m.footer()), m.Button,
	})
	if err != nil {
		return "", fmt.Errorf("mail %s as html: %w", m.ID, err)
	}
	return b.String(), nil
}

// paragraphs cuts a text at its empty lines, and each part into its lines.
func paragraphs(s string) [][]string {
	var all [][]string
	for _, p := range blank.Split(strings.TrimSpace(lines(s)), -1) {
		if p != "" {
			all = append(all, strings.Split(p, "\n"))
		}
	}
	return all
}
