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

// Reported is a decision on delegation that is reported to a meeting.
type Reported struct {
	Case   workflow.Case
	At     time.Time
	Action workflow.Action
	By     string // address
}

// Proposal is the written proposal to the committee (tjänsteskrivelse): facts,
// findings, the officer's words and what is proposed.
func Proposal(c workflow.Case, findings []string, at time.Time, o Office) Notice {
	p := c.App.Proposal
	n := o.begin(c, KindProposal, p.At)
	n.To = []string{o.t("body."+c.DecisionBody(), nil)}
	args := o.words(c)
	n.Title = o.t("notice.proposal.title", args)
	n.Facts = append(n.Facts, Fact{o.t("notice.fact.presented_by", nil), o.name(p.By)}, Fact{o.t("notice.proposal.applicant", nil), Payee(c)}, Fact{o.t("notice.sum.requested", nil), o.money(c.App.LastRequested())},
		Fact{o.t("notice.fact.received", nil), lang.Date(o.Lang, c.App.ReceivedAt)})
	if args["Days"] != "" {
		n.Facts = append(n.Facts, Fact{o.t("fact.trip", nil), args["Days"].(string)})
	}
	what := o.t("notice.proposal.what", lang.Args{"Outcome": strings.ToLower(o.t("outcome."+p.Outcome, nil)), "Body": o.t("body."+c.DecisionBody(), nil)})
	if p.Amount > 0 {
		what = o.t("notice.proposal.grant", lang.Args{"Body": o.t("body."+c.DecisionBody(), nil), "Payee": Payee(c), "Amount": o.money(p.Amount), "Title": c.App.Form.Title})
	}
	section := Section{Heading: o.t("notice.proposal.heading", nil), Paragraphs: []string{what}, Numbered: true}
	for _, k := range p.Conditions {
		section.Points = append(section.Points, k.Text)
	}
	n.Sections = append(n.Sections, section)
	reasons := Section{Heading: o.t("notice.reasons", nil), Paragraphs: []string{p.Text}}
	for _, code := range p.Reasons {
		reasons.Points = append(reasons.Points, o.t("reason."+code, nil)+" ("+code+").")
	}
	n.Sections = append(n.Sections, reasons)
	if s := strings.TrimSpace(c.App.Form.Text.Summary); s != "" {
		n.Sections = append(n.Sections, Section{Heading: o.t("notice.proposal.case", nil), Paragraphs: []string{s}})
	}
	if a := c.App.Consensus; a != nil {
		n.Sections = append(n.Sections, Section{Heading: o.t("notice.proposal.assessment", nil), Paragraphs: []string{
			o.t("notice.proposal.score", lang.Args{"Sum": workflow.Score(a.Ratings, c.Round.Rules), "Least": c.Round.Rules.ThresholdTotal}), a.Comment}})
	}
	if len(findings) > 0 {
		n.Sections = append(n.Sections, Section{Heading: o.t("notice.proposal.findings", nil), Points: findings})
	}
	child := workflow.Decision{Outcome: p.Outcome, Child: p.Child}
	n.Sections = append(n.Sections, o.child(&child))
	n.Signature = []string{o.name(p.By), o.t("role.officer", nil)}
	return n
}

// Minutes are the words of a meeting's minutes about the fund's cases: who was
// there, what was proposed and decided in each case, who left the room, and the
// list of decisions on delegation (KL 5:65–69, 6:40).
func Minutes(m workflow.Sitting, agenda []workflow.Case, reported []Reported, at time.Time, o Office) Notice {
	n := Notice{Kind: KindMinutes, Lang: o.Lang, Over: o.t("document."+KindMinutes, nil), Date: at}
	n.Title = o.t("notice.minutes.title", lang.Args{"Body": o.t("body."+m.Body, nil), "Day": o.day(m.Day)})
	n.To = []string{o.t("body."+m.Body, nil)}
	fact := func(key, value string) {
		if strings.TrimSpace(value) != "" {
			n.Facts = append(n.Facts, Fact{o.t(key, nil), value})
		}
	}
	fact("notice.minutes.day", o.day(m.Day))
	fact("notice.minutes.present", strings.Join(m.Present, ", "))
	fact("notice.minutes.chair", m.Chair)
	fact("notice.minutes.adjuster", m.Adjuster)
	if !m.ApprovedOn.IsZero() {
		fact("notice.minutes.approved", o.day(m.ApprovedOn))
	}
	for _, c := range agenda {
		n.Sections = append(n.Sections, o.item(m, c))
	}
	n.Sections = append(n.Sections, o.reported(m, reported)...)
	for _, who := range []string{m.Chair, m.Adjuster} {
		if who != "" {
			n.Signature = append(n.Signature, who)
		}
	}
	return n
}

// item is one case in the minutes.
func (o Office) item(m workflow.Sitting, c workflow.Case) Section {
	args := o.words(c)
	s := Section{Heading: o.t("notice.minutes.item", lang.Args{"Item": m.ItemNo(c.App.ID), "DNR": c.App.DNR, "Title": c.App.Form.Title})}
	meet := m.Meeting(c.App.ID)
	d := c.App.Decision
	if d != nil && d.Meeting != nil {
		meet = *d.Meeting
	}
	if len(meet.Conflicted) > 0 {
		s.Paragraphs = append(s.Paragraphs, o.t("notice.minutes.conflict", lang.Args{"Names": lang.List(o.Lang, meet.Conflicted)}))
	}
	if p := c.App.Proposal; p != nil {
		s.Paragraphs = append(s.Paragraphs, o.t("notice.minutes.proposed", lang.Args{"Who": o.name(p.By), "What": o.outcome(p.Outcome, p.Amount)}))
	}
	switch {
	case d != nil && d.Meeting != nil && d.Meeting.Date == m.Day:
		args["What"] = o.outcome(d.Outcome, d.Granted)
		s.Paragraphs = append(s.Paragraphs, o.t("notice.minutes.decided", lang.Args{"Body": o.t("body."+m.Body, nil), "What": o.outcome(d.Outcome, d.Granted)}), d.Text)
		for _, k := range d.Conditions {
			s.Points = append(s.Points, k.Text)
		}
	case c.App.Proposal == nil:
		s.Paragraphs = append(s.Paragraphs, o.t("notice.minutes.remitted", nil))
	default:
		s.Paragraphs = append(s.Paragraphs, o.t("notice.minutes.open", nil))
	}
	return s
}

func (o Office) outcome(outcome string, sum int64) string {
	what := strings.ToLower(o.t("outcome."+outcome, nil))
	if sum > 0 {
		what += ", " + o.money(sum)
	}
	return what
}

// reported is the list "Anmälan av delegationsbeslut", item by item of the
// delegation order; what names no item (changes, recoveries) comes last.
func (o Office) reported(m workflow.Sitting, list []Reported) []Section {
	s := Section{Heading: o.t("notice.minutes.delegated", lang.Args{"Item": fmt.Sprintf("§ %d", max(m.FirstItem, 1)+len(m.Agenda))})}
	if len(list) == 0 {
		s.Paragraphs = []string{o.t("notice.minutes.delegated.none", nil)}
		return []Section{s}
	}
	s.Paragraphs = []string{o.t("notice.minutes.delegated.text", nil)}
	lines, items := map[string][]string{}, []string{}
	for _, r := range list {
		what, item := o.t("action."+string(r.Action), nil), ""
		if d := r.Case.App.Decision; r.Action == workflow.ActDecide && d != nil {
			what, item = o.outcome(d.Outcome, d.Granted), strings.TrimSpace(d.DelegationItem)
		}
		if len(lines[item]) == 0 {
			items = append(items, item)
		}
		lines[item] = append(lines[item], o.t("notice.minutes.delegated.line", lang.Args{"DNR": r.Case.App.DNR, "Payee": Payee(r.Case), "What": what, "Day": lang.Date(o.Lang, r.At), "Who": o.name(r.By)}))
	}
	slices.SortFunc(items, func(a, b string) int {
		if (a == "") != (b == "") {
			return cmp.Compare(len(b), len(a)) // without an item: last
		}
		return cmp.Compare(a, b)
	})
	out := []Section{s}
	for _, item := range items {
		heading := o.t("notice.minutes.delegated.rest", nil)
		if item != "" {
			heading = o.t("notice.minutes.delegated.item", lang.Args{"Item": item})
		}
		out = append(out, Section{Heading: heading, Points: lines[item]})
	}
	return out
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
		for _, p := range s.After {
			line("%s", p)
		}
	}
	if len(n.Signature) > 0 {
		line("\n%s", strings.Join(n.Signature, "\n"))
	}
	return b.String()
}

// Board is the text for the municipality's notice board: which minutes, when
// the notice goes up and comes down. It names cases by number and no person (KL 8:9–12).
func Board(m workflow.Sitting, numbers []string, posted, down workflow.Date, o Office) string {
	lines := []string{o.t("notice.board.title", nil), "", o.t("notice.board.body", nil) + ": " + o.t("body."+m.Body, nil), o.t("notice.board.day", nil) + ": " + o.day(m.Day)}
	if !m.ApprovedOn.IsZero() {
		lines = append(lines, o.t("notice.board.approved", nil)+": "+o.day(m.ApprovedOn))
	}
	lines = append(lines, o.t("notice.board.posted", nil)+": "+o.day(posted), o.t("notice.board.down", nil)+": "+o.day(down))
	if len(numbers) > 0 {
		lines = append(lines, o.t("notice.board.cases", nil)+": "+strings.Join(numbers, ", "))
	}
	return strings.Join(append(lines, o.t("notice.board.kept", nil), o.t("notice.board.appeal", nil)), "\n")
}
