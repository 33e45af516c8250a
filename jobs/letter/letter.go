package letter

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"fund/workflow/lang"
)

// Letter is what stands in a letter, in words ready to be read. Only Title and
// Date must be there.
type Letter struct {
	Lang      lang.Lang
	Speech    string // language of the words, where it is not Lang
	Title     string // the heading, and the title of the file
	Over      string // what kind of letter it is: Beslut, Kvittens
	Date      time.Time
	DNR       string
	Recipient []string // one line each
	Facts     []Fact   // short pairs under the heading
	Sum       *Sum     // the answer, drawn large
	Sections  []Section
	Signature []string // the first line is who signs, in bold
	Footer    string   // lines; an empty line begins a new column, at most four

	Municipality string // in the letter head; by default lang's app.municipality
	Unit         string // under it; by default lang's app.office
}

// Fact is a label and what it says.
type Fact struct{ Label, Value string }

// Sum is the answer of a decision: a line before, the amount, a line after.
type Sum struct{ Before, Amount, After string }

// Section is a part of the letter under a heading of its own. Its parts are
// drawn in the order of the fields; each may be empty.
type Section struct {
	Speech     string // language of the section's words, where it is not the letter's Lang
	Heading    string
	Paragraphs []string
	Points     []string // a list
	Numbered   bool     // the list has numbers, as conditions have
	Rows       []Fact
	Bars       *Bars // a drawing of what the table says
	Table      *Table
	After      []string // paragraphs below the table
}

// Table is a table of texts. The first column is set to the left, the others
// to the right, as sums are.
type Table struct {
	Head  []string
	Rows  [][]string
	Total []string // a last row in bold
}

// ErrIncomplete says that a letter has no title or no date.
var ErrIncomplete = errors.New("a letter needs a title and a date")

// Encode writes the letter as PDF. It can be called by many at once.
func Encode(w io.Writer, l Letter) error {
	if l.Title == "" || l.Date.IsZero() {
		return ErrIncomplete
	}
	// The first pass only counts the pages, so that each can say "2 (3)".
	count, err := draw(l, 0)
	if err != nil {
		return err
	}
	pages := count.pdf.PageNo()
	p, err := draw(l, pages)
	if err != nil {
		return err
	}
	var raw bytes.Buffer
	if err := p.pdf.Output(&raw); err != nil {
		return fmt.Errorf("letter %q: %w", l.Title, err)
	}
	made, err := p.archived(raw.Bytes())
	if err != nil {
		return fmt.Errorf("letter %q: %w", l.Title, err)
	}
	if _, err := w.Write(made); err != nil {
		return fmt.Errorf("letter %q: %w", l.Title, err)
	}
	return nil
}
