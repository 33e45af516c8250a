package handlers

import (
	"time"

	"fund/workflow"
)

// The structs that the partials in templates/parts take. Text in them is text:
// it is escaped, and may hold line breaks only where it says so.

// Link is a way to somewhere. Hidden is added for screen readers, so that the
// same word is not said again and again: "Ändra" + " sökt belopp".
type Link struct {
	Text   string
	Href   string
	Hidden string
	Lang   string // where the text is in another language
}

// Button sends a form, or with Href leads on and looks like a button.
// Variant: "" (the page's one primary), secondary, warm. Color: "" or danger.
type Button struct {
	Text    string
	Name    string
	Value   string
	Href    string
	Variant string
	Color   string
	Icon    string
	Hidden  string
}

// Tag is a state or a flag in one or two words. Color: neutral, info, success,
// warning, danger.
type Tag struct {
	Text    string
	Color   string
	Outline bool
}

// Note is a message. Kind: "" information, good, warn, bad. Strong is its first
// sentence; Title makes it a heading of level 2 instead.
type Note struct {
	Kind   string
	Title  string
	Strong string
	Text   string
	Items  []string
	Links  []Link
}

// Empty says that a list is empty, and what will come there and when.
type Empty struct {
	Title string
	Text  string
	Link  *Link
}

// Task is a section of an application or a report. Done shows a tick and a
// word, otherwise Tag shows how far it is.
type Task struct {
	Text string
	Href string // "" for one that cannot be opened yet
	Hint string
	Done bool
	Tag  *Tag
}

// Answer is a row of what was answered. Value may hold line breaks. Change is
// the address where it can be changed ("" for no link).
type Answer struct {
	Term   string
	Value  string
	Items  []string // a numbered list instead of, or after, Value
	Note   string
	Links  []Link
	Tag    *Tag
	Change string
	Was    *string // the value before, shown as "Förut": of a completion
}

// Fact is a short pair. Total draws a line above it in sums, Strong marks the
// one that rules. At makes the value a moment. Hash is shown whole, small.
type Fact struct {
	Term   string
	Value  string
	Note   string
	Links  []Link
	Tag    *Tag
	At     time.Time
	Hash   string
	Strong bool
	Total  bool
}

// FindingView is what the machine found, and beside it what a person made of
// it. Severity: stop, warning, info, ok.
type FindingView struct {
	Severity string
	Text     string
	Rule     string // RF-09
	Detail   string
	Ruling   string // "Räknas bort."
	By       string // "Karin Holmlund, 27 mars"
	Link     *Link  // "Bedöm"
}

// PathStep is a stage of a case. State: past, now, fell (it was not needed, or never happened: When says so), "" (to come).
type PathStep struct {
	Text  string
	When  string
	State string
}

// HistoryItem is an event. Auto: by the program. Form says how the moment is
// written (see instantForms); "" is datetime.
type HistoryItem struct {
	At    time.Time
	Form  string
	Text  string
	Note  string
	Auto  bool
	Links []Link
}

// Todo is something that waits for the reader. Urgency: "", soon, late.
type Todo struct {
	Count   int
	Text    string
	Href    string
	Detail  string
	When    string
	Due     workflow.Date // orders the list; none: last
	Urgency string
}

// Step is a numbered stage in running text.
type Step struct {
	Title string
	Text  string
}

// View is a choice of list, with the number of cases in it.
type View struct {
	Text    string
	Href    string
	Count   int
	NoCount bool
	Current bool
}

// Pager is below a list. Empty Next and Previous: there is no more.
type Pager struct {
	Shown    int
	Total    int // 0: not counted
	Previous string
	Next     string
}

// Table is any table. Stack makes each row a block on a phone; it needs Head.
// Class is added to the table: queue, scenarios, presence.
type Table struct {
	Caption     string
	HideCaption bool
	Class       string
	Stack       bool
	Head        []Column
	Rows        []Row
	Foot        []Row
}

// Column is a heading. Sum aligns it and its cells to the end.
type Column struct {
	Text   string
	Sum    bool
	Hidden bool // for screen readers only
}

// Row is a row of a table; its first cell is its heading.
type Row struct {
	Class string
	Cells []Cell
}

// Cell is what stands in a table. Class: late, soon, diff. Note is small and
// below. At makes the text a moment in the manner of Form.
type Cell struct {
	Text   string
	Strong bool
	Class  string
	Links  []Link
	Note   string
	Tags   []Tag
	At     time.Time
	Form   string
	Hash   string
	Input  *Field // a control: of kind money, number, text, check
	Button *Button
	Drop   *Button // beside Button: takes the row away
}

// Criterion is the guide as a choice, with the application's words beside it.
type Criterion struct {
	Form    *Form
	Code    string // K1, also the heading's id
	Title   string
	Weight  string // "Vikt 5"
	Name    string // of the rating
	Grades  []Option
	Comment Field
	Warn    string // shown above the comment
	From    string // heading of the quotes: "Ur ansökan"
	Quotes  []Quote
}

// Quote is some words of somebody. By may be empty.
type Quote struct {
	Term  string
	Text  string
	By    string
	Links []Link
}

// Log is a list of everything that was sent and decided, newest first.
type Log struct {
	Items []LogItem
}

// LogItem is an event of a log; Year makes it a heading instead.
type LogItem struct {
	Year string
	At   time.Time
	Form string
	Text string
	Kind string // "Brev", "Kvittens, mejl till dig och rektor"
	Link *Link
}

// Sign is an attest: what was checked, by whom and when. Open: not yet made.
type Sign struct {
	ID     string
	Title  string
	Checks []string
	Name   string
	At     time.Time
	Open   bool
	Note   string // what the signer wrote
	Text   string
}

// Panel is the confirmation after something was sent in. It holds the page's
// h1, so Page.Bare is true.
type Panel struct {
	Title string
	Text  string
	Big   string
}

// Letter is a letter on screen, with the words of its PDF.
type Letter struct {
	Preview  bool   // below the page's own headings
	Lang     string // language of all that has no Speech
	Owner    string
	Unit     string
	Kind     string // BESLUT
	Facts    []Fact
	To       []string
	Title    string
	Speech   string // language of the title, where it is not the letter's
	Granted  *Granted
	Sections []LetterSection
	Signed   []string
	Foot     []Fact
}

// LetterSection is a part with a heading ("" for none).
type LetterSection struct {
	Speech     string // language, where it is not the letter's
	Title      string
	Paragraphs []string
	Items      []string
	Numbered   bool
	Table      *Table
}

// StoredFile is a file that is there already. Remove is the value of the row's
// button that takes it away ("" for none).
type StoredFile struct {
	Name   string
	Href   string
	Size   int64
	Note   string
	Remove string
}

// RowSet is a set of rows that can be added to, taken from and moved, made
// with Form.RowSet. Layout: budget, funding, goals, programme … (a grid of
// app.css), or stack for fields below each other.
type RowSet struct {
	ID     string
	Name   string
	Label  string // id of the heading that names the group
	Layout string
	Head   []string
	Rows   []FormRow
	Add    string // words of the button
	Focus  string // id of the row that a button just made, moved or led to; the script goes there
	Order  bool   // rows can be moved
	Total  *RowsTotal
}

// FormRow is a row: its controls, its sum, what is wrong with it.
type FormRow struct {
	N      int
	Name   string // "Rad 2"
	ID     string
	Mark   string // name of the hidden field that keeps an empty row
	Fields []Field
	Sum    string
	SumFor string // label of the sum on a phone
	Note   string
	Faults []FieldError
	First  bool
	Last   bool
}
