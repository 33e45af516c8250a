package notice

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
)

// Kinds of the papers of a meeting.
const (
	KindProposal = "proposal"
	KindMinutes  = "minutes"
)

// Reported is a decision on delegation, or of the chair, that is reported to a meeting.
type Reported struct {
	Case   workflow.Case
	At     time.Time
	Action workflow.Action
	By     string // address
}

// Record is what a meeting is told and what it did besides deciding.
type Record struct {
	Reported []Reported
	Remitted map[int64]string // why a case was sent back, by application
	Changed  []workflow.Case  // whose changes it answered
	Answered []int            // paragraphs of all those answers, also in cases that the reader may not know of
}

// Proposal is the written proposal to the committee (tjänsteskrivelse): facts,
// findings, the officer's words and what is proposed.
func Proposal(c workflow.Case, findings []string, at time.Time, o Office) Notice {
	p := c.App.Proposal
	n := o.begin(c, KindProposal, p.At)
	n.To = []string{o.t("body."+c.DecisionBody(), nil)}
	args := o.words(c)
	n.Title = o.t("notice.proposal.title", args)
	n.Facts = append(
		n.Facts,
		Fact{o.t("notice.fact.presented_by", nil), o.name(p.By)},
		Fact{o.t("notice.proposal.applicant", nil), Payee(c)},
		Fact{o.t("notice.sum.requested", nil), o.money(c.App.LastRequested())},
		Fact{o.t("notice.fact.received", nil), lang.Date(o.Lang, c.App.ReceivedAt)},
	)
	if args["Days"] != "" {
		n.Facts = append(n.Facts, Fact{o.t("fact.trip", nil), args["Days"].(string)})
	}
	what := o.t("notice.proposal.what", lang.Args{"Outcome": strings.ToLower(o.t("outcome."+p.Outcome, nil)), "Body": o.t("body."+c.DecisionBody(), nil)})
	if p.Amount > 0 {
		what = o.t(
			"notice.proposal.grant",
			lang.Args{"Body": o.t("body."+c.DecisionBody(), nil), "Payee": Payee(c), "Amount": o.money(p.Amount), "Title": c.App.Form.Title},
		)
	}
	section := Section{Heading: o.t("notice.proposal.heading", nil), Paragraphs: []string{what}, Numbered: true}
	for _, k := range p.Conditions {
		section.Points = append(section.Points, o.condition(k))
	}
	n.Sections = append(n.Sections, section)
	reasons := Section{Heading: o.t("notice.reasons", nil), Paragraphs: paragraphs(p.Text)}
	reasons.Points = o.reasonWords(p.Reasons)
	n.Sections = append(n.Sections, reasons)
	if s := strings.TrimSpace(c.App.Form.Text.Summary); s != "" {
		n.Sections = append(n.Sections, Section{Heading: o.t("notice.proposal.case", nil), Paragraphs: paragraphs(s)})
	}
	if a := c.App.Consensus; a != nil {
		n.Sections = append(n.Sections, Section{Heading: o.t("notice.proposal.assessment", nil), Paragraphs: []string{
			o.t("notice.proposal.score", lang.Args{"Sum": workflow.Score(a.Ratings, c.Round.Rules), "Least": c.Round.Rules.ThresholdTotal}), a.Comment}})
	}
	if len(findings) > 0 {
		n.Sections = append(n.Sections, Section{Heading: o.t("notice.proposal.findings", nil), Points: findings})
	}
	if p.StateAid != "" {
		n.Sections = append(n.Sections, Section{Heading: o.t("field.state_aid_basis", nil), Paragraphs: []string{o.t("state_aid."+p.StateAid, nil)}})
	}
	child := workflow.Decision{Outcome: p.Outcome, Child: p.Child}
	n.Sections = append(n.Sections, o.child(c, &child))
	n.Signature = []string{o.name(p.By), o.t("role.officer", nil)}
	return n
}

// Minutes are the words of a meeting's minutes about the fund's cases: who was
// there, what was proposed and decided in each case, who left the room or was
// against, and the list of decisions on delegation (KL 5:65–69, 6:40).
func Minutes(m workflow.Sitting, agenda []workflow.Case, r Record, at time.Time, o Office) Notice {
	n := Notice{Kind: KindMinutes, Lang: o.Lang, Over: o.t("document."+KindMinutes, nil), Date: at}
	n.Title = o.t("notice.minutes.title", lang.Args{"Body": o.inside(m.Body), "Day": o.day(m.Day)})
	n.To = []string{o.t("body."+m.Body, nil)}
	fact := func(key, value string) {
		if strings.TrimSpace(value) != "" {
			n.Facts = append(n.Facts, Fact{o.t(key, nil), value})
		}
	}
	fact("notice.minutes.day", o.day(m.Day))
	fact("notice.minutes.present", strings.Join(m.Present, "; "))
	fact("notice.minutes.chair", m.Chair)
	fact("notice.minutes.adjuster", m.Adjuster)
	if !m.ApprovedOn.IsZero() {
		fact("notice.minutes.approved", o.day(m.ApprovedOn))
	}
	items := o.changes(m, r.Changed)
	for _, c := range agenda {
		meet := m.Meeting(c.App.ID)
		items = append(items, item{meet.Paragraph(), o.item(m, c, r.Remitted)})
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.number, b.number) })
	for _, x := range items {
		n.Sections = append(n.Sections, x.Section)
	}
	n.Sections = append(n.Sections, o.reported(m, r.Reported, m.NextItem(r.Answered))...)
	for _, who := range []string{m.Chair, m.Adjuster} {
		if who != "" {
			n.Signature = append(n.Signature, who)
		}
	}
	return n
}

// item is a paragraph of the minutes with its number; 0 where it was noted without one.
type item struct {
	number int
	Section
}

// item is one case in the minutes.
func (o Office) item(m workflow.Sitting, c workflow.Case, remitted map[int64]string) Section {
	s := Section{Heading: o.t("notice.minutes.item", lang.Args{"Item": lang.Item(m.ItemNo(c.App.ID)), "DNR": c.App.DNR, "Title": c.App.Form.Title})}
	say := func(key string, args lang.Args) { s.Paragraphs = append(s.Paragraphs, o.t(key, args)) }
	meet, d := m.Meeting(c.App.ID), m.Decided(c)
	if d != nil {
		meet = *d.Meeting
	}
	if len(meet.Conflicted) > 0 {
		say("notice.minutes.conflict", lang.Args{"Names": lang.List(o.Lang, meet.Conflicted)})
	}
	if p := c.App.Proposal; p != nil && (d == nil || d == c.App.Decision) {
		say("notice.minutes.proposed", lang.Args{"Who": o.name(p.By), "What": o.outcome(p.Outcome, p.Amount)})
	}
	why, back := remitted[c.App.ID]
	switch {
	case d != nil:
		say("notice.minutes.decided", lang.Args{"Body": o.t("body."+m.Body, nil), "What": o.outcome(d.Outcome, d.Granted)})
		s.Paragraphs = append(s.Paragraphs, paragraphs(d.Text)...)
		if len(d.Reasons) > 0 {
			say("notice.minutes.reasons", lang.Args{"Reasons": lang.List(o.Lang, o.reasonWords(d.Reasons))})
		}
		say("notice.minutes.child", lang.Args{"Words": strings.Join(o.child(c, d).Paragraphs, " ")})
		for _, k := range d.Conditions {
			s.Points = append(s.Points, o.condition(k))
		}
		for _, r := range meet.Reservations {
			s.After = append(s.After, o.t("notice.minutes.reservation", lang.Args{"Words": r}))
		}
	case back:
		say("notice.minutes.remitted", lang.Args{"Reason": sentence(why)})
	case c.App.State == workflow.Proposed:
		say("notice.minutes.open", nil)
	default:
		say("notice.minutes.untreated", nil)
	}
	return s
}

// changes are the answers of the meeting to changes of granted exchanges.
func (o Office) changes(m workflow.Sitting, cases []workflow.Case) (list []item) {
	for _, c := range cases {
		for _, x := range m.Changes(c) {
			s := Section{Heading: o.t("notice.minutes.item", lang.Args{"Item": lang.Item(x.Meeting.ItemNo), "DNR": c.App.DNR, "Title": c.App.Form.Title})}
			if len(x.Meeting.Conflicted) > 0 {
				s.Paragraphs = append(s.Paragraphs, o.t("notice.minutes.conflict", lang.Args{"Names": lang.List(o.Lang, x.Meeting.Conflicted)}))
			}
			s.Paragraphs = append(s.Paragraphs, o.t("notice.minutes.change", lang.Args{"What": strings.ToLower(o.t("change."+x.Type, nil))}),
				o.t("notice.minutes.decided", lang.Args{"Body": o.t("body."+m.Body, nil), "What": o.t("notice.minutes.change."+x.Outcome, nil)}))
			s.Paragraphs = append(s.Paragraphs, paragraphs(x.Answer)...)
			for _, r := range x.Meeting.Reservations {
				s.After = append(s.After, o.t("notice.minutes.reservation", lang.Args{"Words": r}))
			}
			list = append(list, item{x.Meeting.Paragraph(), s})
		}
	}
	return list
}

// reasonWords are coded reasons in words, each with its code.
func (o Office) reasonWords(codes []string) (list []string) {
	for _, code := range codes {
		list = append(list, o.t("reason."+code, nil)+" ("+code+")")
	}
	return list
}

func (o Office) outcome(outcome string, sum int64) string {
	what := strings.ToLower(o.t("outcome."+outcome, nil))
	if sum > 0 {
		what += ", " + o.money(sum)
	}
	return what
}

// reported is the list "Anmälan av delegationsbeslut": what the chair decided
// alone, then item by item of the delegation order; what names no item (changes,
// recoveries) comes last. Only the committee has delegated, so a board's list
// stands there when it is not empty.
func (o Office) reported(m workflow.Sitting, list []Reported, number int) []Section {
	if m.Body != workflow.Committee && len(list) == 0 {
		return nil
	}
	s := Section{Heading: o.t("notice.minutes.delegated", lang.Args{"Item": lang.Item(fmt.Sprint(number))})}
	if len(list) == 0 {
		s.Paragraphs = []string{o.t("notice.minutes.delegated.none", nil)}
		return []Section{s}
	}
	s.Paragraphs = []string{o.t("notice.minutes.delegated.text", nil)}
	lines, items := map[string][]string{}, []string{}
	for _, r := range list {
		heading, line := o.reportedLine(r)
		if len(lines[heading]) == 0 {
			items = append(items, heading)
		}
		lines[heading] = append(lines[heading], line)
	}
	chair, rest := o.t("notice.minutes.urgent", nil), o.t("notice.minutes.delegated.rest", nil)
	place := map[string]int{chair: -1, rest: 1}
	slices.SortFunc(items, func(a, b string) int { return cmp.Or(cmp.Compare(place[a], place[b]), cmp.Compare(a, b)) })
	out := []Section{s}
	for _, heading := range items {
		out = append(out, Section{Heading: heading, Points: lines[heading]})
	}
	return out
}

// reportedLine is one decision of the list, and the heading that it stands under.
func (o Office) reportedLine(r Reported) (heading, line string) {
	what, who := o.t("notice.minutes.did."+string(r.Action), nil), o.name(r.By)
	if claim := r.Case.App.Recovery; r.Action == workflow.ActDecideRecovery && claim != nil && claim.Amount > 0 {
		what += ", " + o.money(claim.Amount)
	}
	heading = o.t("notice.minutes.delegated.rest", nil)
	if d := r.Case.App.Decision; r.Action == workflow.ActDecide && d != nil {
		what = o.outcome(d.Outcome, d.Granted)
		if item := strings.TrimSpace(d.DelegationItem); item != "" {
			heading = o.t("notice.minutes.delegated.item", lang.Args{"Item": item})
		}
		if d.Meeting.Alone() {
			heading, who = o.t("notice.minutes.urgent", nil), d.Meeting.Urgent.Chair
		}
	}
	return heading, o.t(
		"notice.minutes.delegated.line",
		lang.Args{"DNR": r.Case.App.DNR, "Payee": Payee(r.Case), "What": what, "Day": lang.Date(o.Lang, r.At), "Who": who},
	)
}

// Text is a notice as plain text, to be put into other systems.
func (n Notice) Text() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s", n.Title)
	for _, f := range n.Facts {
		line("%s: %s", f.Label, f.Value)
	}
	for _, s := range n.Sections {
		line("\n%s", s.Heading)
		for _, p := range s.Paragraphs {
			line("%s", p)
		}
		for i, p := range s.Points {
			if s.Numbered {
				line("%d. %s", i+1, p)
			} else {
				line("- %s", p)
			}
		}
		if s.Table != nil {
			for _, row := range s.Table.lines() {
				line("- %s", row)
			}
		}
		for _, p := range s.After {
			line("%s", p)
		}
	}
	if len(n.Signature) > 0 {
		line("\n%s", strings.Join(n.Signature, "\n"))
	}
	return b.String()
}

// lines are the rows as text: what a row is about, and then what stands in each
// column, by the column's name where there are several.
func (t *Table) lines() (list []string) {
	rows := t.Rows
	if len(t.Total) > 0 {
		rows = append(slices.Clone(rows), t.Total)
	}
	for _, row := range rows {
		var parts []string
		for i := 1; i < len(row); i++ {
			switch {
			case row[i] == "":
			case len(row) > 2 && i < len(t.Head):
				parts = append(parts, t.Head[i]+" "+row[i])
			default:
				parts = append(parts, row[i])
			}
		}
		if len(row) > 0 {
			list = append(list, strings.TrimSpace(withMark(row[0])+strings.Join(parts, "; ")))
		}
	}
	return list
}

// withMark is a label with what follows it: a question needs no colon.
func withMark(label string) string {
	if strings.HasSuffix(label, "?") {
		return label + " "
	}
	return label + ": "
}

// Board is the text for the municipality's notice board: which minutes, when
// the notice goes up and comes down. It names cases by number and no person (KL 8:9–12).
func Board(m workflow.Sitting, numbers []string, posted, last workflow.Date, o Office) string {
	lines := []string{
		o.t("notice.board.title", nil),
		"",
		o.t("notice.board.body", nil) + ": " + o.t("body."+m.Body, nil),
		o.t("notice.board.day", nil) + ": " + o.day(m.Day),
	}
	if !m.ApprovedOn.IsZero() {
		lines = append(lines, o.t("notice.board.approved", nil)+": "+o.day(m.ApprovedOn))
	}
	lines = append(
		lines,
		o.t("notice.board.posted", nil)+": "+o.day(posted),
		o.t("notice.board.last", nil)+": "+o.day(last),
		o.t("notice.board.down", nil)+": "+o.day(last.AddDays(1)),
	)
	if len(numbers) > 0 {
		lines = append(lines, o.t("notice.board.cases", nil)+": "+strings.Join(numbers, ", "))
	}
	return strings.Join(append(lines, o.t("notice.board.kept", nil), o.t("notice.board.appeal", nil)), "\n")
}
