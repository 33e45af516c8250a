package notice

import (
	"strings"
	"time"
	"unicode"

	"fund/workflow"
	"fund/workflow/lang"
)

// Kinds of notices; also the kinds of the documents that hold them (document.<kind>).
const (
	KindReceipt     = "receipt"
	KindDecision    = "decision"
	KindCorrection  = "correction"
	KindAmendment   = "amendment"
	KindRecovery    = "recovery"
	KindTranslation = "translation"
)

// Notice is a letter as words in order.
type Notice struct {
	Kind      string
	Lang      lang.Lang
	Speech    string // language of the title where it is none that the service speaks: fi, se
	Over      string // what kind of letter it is: Beslut
	Title     string // the heading
	Date      time.Time
	DNR       string
	To        []string // one line each
	Facts     []Fact
	Sum       *Sum // the answer, to be set large
	Sections  []Section
	Signature []string // the first line is who signs
	Foot      []Fact   // who to turn to

	holes map[string]string // of the office
}

// Fact is a label and what it says.
type Fact struct{ Label, Value string }

// Sum is a line before the amount, the amount, and a line after it.
type Sum struct{ Before, Amount, After string }

// Section is a part under its own heading; its fields stand in their order.
type Section struct {
	Speech     string // language, where it is none that the service speaks
	Heading    string
	Field      string // the decision's own field that the paragraphs are: text, child
	Paragraphs []string
	Points     []string
	Numbered   bool
	Bars       *Bars // a drawing of the table's numbers, for the paper; a page has its own
	Table      *Table
	After      []string
}

// Table is texts in columns; the first row is its head, Total its last.
type Table struct {
	Head  []string
	Rows  [][]string
	Total []string
}

// Bars are numbers to look at: a bar each, of one part or several (Key), as long as its
// share of Most (0: the longest). Nothing stands in them that the table does not say.
type Bars struct {
	Rows []Bar
	Most int64
	Key  []string
}

// Bar is one of them; Mark is a line across it, as of a promise.
type Bar struct {
	Label, Value string
	Parts        []int64
	Mark         int64
}

// Office is what a letter must know besides the case.
type Office struct {
	Lang  lang.Lang
	Email string                    // where to ask
	Web   string                    // where the service is
	Name  func(email string) string // a person's name by address; nil: the address is shown
	Texts map[string]string         // the office's own words by key, in this language

	holes map[string]string // own words of the letter in the making that have a hole, with their key
}

// LangOf is the language that the applicant asked for: Swedish unless it is English.
func LangOf(c workflow.Case) lang.Lang { return lang.Parse(c.App.Form.Applicant.Language) }

// Payee is who applies, as it is called in letters: the school or the organisation.
func Payee(c workflow.Case) string {
	switch {
	case c.School != nil:
		return c.School.Name
	case c.App.Form.Applicant.Organisation != "":
		return c.App.Form.Applicant.Organisation
	}
	return c.App.Form.Applicant.School
}

// t is the office's own words for a place of a letter, or the program's.
func (o Office) t(key string, args lang.Args) string {
	if own := o.Texts[key]; own != "" {
		said := lang.Fill(own, args)
		if o.holes != nil && hole.MatchString(said) {
			o.holes[said] = key
		}
		return said
	}
	return lang.T(o.Lang, key, args)
}

func (o Office) money(kronor int64) string { return lang.Money(o.Lang, kronor) }

func (o Office) day(d workflow.Date) string { return lang.Day(o.Lang, d.String()) }

func (o Office) name(email string) string {
	if o.Name != nil {
		if name := o.Name(email); name != "" {
			return name
		}
	}
	return email
}

// paragraphs are what somebody wrote, line for line where they began a new one.
func paragraphs(text string) (list []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	if len(list) == 0 {
		return []string{""} // an empty place that keeps the letter from being sent
	}
	return list
}

// begin is what all letters have in common.
func (o Office) begin(c workflow.Case, kind string, at time.Time) Notice {
	n := Notice{Kind: kind, Lang: o.Lang, Over: o.t("document."+kind, nil), Date: at, DNR: c.App.DNR, holes: o.holes}
	for _, line := range []string{Payee(c), c.App.ApplicantName, address(c)} {
		if line != "" {
			n.To = append(n.To, line)
		}
	}
	n.Foot = append(n.Foot, Fact{lang.T(o.Lang, "app.municipality"), lang.T(o.Lang, "app.office")})
	if o.Email != "" {
		n.Foot = append(n.Foot, Fact{o.t("notice.foot.email", nil), o.Email})
	}
	if o.Web != "" {
		n.Foot = append(n.Foot, Fact{o.t("notice.foot.web", nil), strings.TrimPrefix(strings.TrimPrefix(o.Web, "https://"), "http://")})
	}
	return n
}

// address is where the applicant is written to.
func address(c workflow.Case) string {
	if c.App.Form.Applicant.ContactEmail != "" {
		return c.App.Form.Applicant.ContactEmail
	}
	return c.App.ApplicantEmail
}

// words are the places that most texts use.
func (o Office) words(c workflow.Case) lang.Args {
	return lang.Args{"DNR": c.App.DNR, "Title": c.App.Form.Title, "Payee": Payee(c), "Email": o.Email, "Days": days(o.Lang, c)}
}

// days is when the exchange takes place; empty where the form says no days.
func days(l lang.Lang, c workflow.Case) string {
	start, end, ok := c.App.Form.Activity.Days()
	if !ok {
		return ""
	}
	return lang.Days(l, start.String(), end.String())
}

// questions is the part that says who answers.
func (o Office) questions(c workflow.Case) Section {
	return Section{Heading: o.t("notice.questions", nil), Paragraphs: []string{o.t("notice.questions.text", o.words(c))}}
}

// appeal tells how the decision is tested in court: legality review, by any
// member of the municipality, within three weeks from the notice (KL 13).
func (o Office) appeal(d *workflow.Decision) Section {
	s := Section{Heading: o.t("notice.appeal", nil), Paragraphs: []string{o.t("notice.appeal.how", nil)}}
	if d != nil && !d.LastAppealDay.IsZero() {
		s.Paragraphs = append(s.Paragraphs, o.t("notice.appeal.last", lang.Args{"Posted": o.day(d.NoticePostedOn), "Last": o.day(d.LastAppealDay)}))
	} else {
		s.Paragraphs = append(s.Paragraphs, o.t("notice.appeal.later", nil))
	}
	s.Paragraphs = append(s.Paragraphs, o.t("notice.appeal.court", nil))
	return s
}

// inside is what a body is called inside a sentence or after "for".
func (o Office) inside(body string) string {
	name := []rune(o.t("body."+body, nil))
	name[0] = unicode.ToLower(name[0])
	return string(name)
}

// signed tells who answers for the decision: a logged step of a signed-in person.
func (o Office) signed(email, body string, at time.Time) []string {
	key, name := "notice.signed.for", o.inside(body)
	if body == workflow.Delegate {
		key, name = "notice.signed.delegate", o.t("body."+body, nil)
	}
	return []string{o.name(email), o.t(key, lang.Args{"Body": name}), o.t("notice.signed.how", lang.Args{"At": lang.Stamp(o.Lang, at)})}
}
