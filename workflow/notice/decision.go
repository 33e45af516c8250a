package notice

import (
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
)

// Decision is the letter about a decision; the case must have one. For a page
// that shows the letter later, the case's form should be that of the last filed
// version, as changes granted afterwards change the form of the case.
func Decision(c workflow.Case, o Office) Notice {
	d := c.App.Decision
	o.holes = map[string]string{}
	n := o.begin(c, KindDecision, d.DecidedAt)
	args := o.words(c)
	args["Body"] = o.t("body."+d.Body, nil)
	args["Requested"] = o.money(c.App.LastRequested())
	n.Title = o.t("notice.decision.title", args)
	n.Facts = o.decisionFacts(c)
	if d.Favourable() {
		n.Sum = &Sum{Before: o.t("notice.decision.grants", args), Amount: o.money(d.Granted), After: o.t("notice.decision.for", args)}
		if args["Days"] != "" {
			n.Sum.After = o.t("notice.decision.for_days", args)
		}
	} else {
		n.Sections = append(n.Sections, Section{Heading: o.t("notice.decision.answer", nil), Paragraphs: []string{o.t("notice.decision."+d.Outcome, args)}})
	}
	n.Sections = append(n.Sections, o.reasons(c))
	n.Sections = append(n.Sections, o.child(c, d))
	if d.Favourable() {
		n.Sections = append(n.Sections, o.conditions(c), o.plan(c), o.accept(c))
	}
	n.Sections = append(n.Sections, o.appeal(d), o.questions(c))
	n.Signature = o.decided(d)
	return n
}

// LetterOf finds the letter of the decision with that number; nil until it is made. A
// letter without a number is older than the numbers: its instant tells which one it is.
func LetterOf(a workflow.Application, number int) *workflow.Document {
	d, next := a.DecisionNumbered(number), a.DecisionNumbered(number+1)
	if d == nil {
		return nil
	}
	for i := range a.Documents {
		x := &a.Documents[i]
		if x.Kind != KindDecision {
			continue
		}
		byTime := x.Answers == 0 && !x.At.Before(d.DecidedAt) && (next == nil || x.At.Before(next.DecidedAt))
		if x.Answers == number || byTime {
			return x
		}
	}
	return nil
}

// decided tells who answers for the decision: the head, or else the meeting or
// the chair in whose name somebody recorded it.
func (o Office) decided(d *workflow.Decision) []string {
	m, body := d.Meeting, o.inside(d.Body)
	switch {
	case m.Alone():
		return []string{m.Urgent.Chair, o.t("notice.signed.chair", lang.Args{"Body": body}),
			o.t("notice.signed.how_chair", lang.Args{"Day": o.day(m.Date), "Who": o.name(d.DecidedBy), "At": lang.Stamp(o.Lang, d.DecidedAt)})}
	case m != nil:
		return []string{
			o.name(d.DecidedBy),
			o.t("notice.signed.for", lang.Args{"Body": body}),
			o.t("notice.signed.how_meeting", lang.Args{"Day": o.day(m.Date), "At": lang.Stamp(o.Lang, d.DecidedAt)}),
		}
	}
	return o.signed(d.DecidedBy, d.Body, d.DecidedAt)
}

func (o Office) decisionFacts(c workflow.Case) []Fact {
	d := c.App.Decision
	on := lang.Date(o.Lang, d.DecidedAt)
	by := o.t("body."+d.Body, nil)
	switch {
	case d.Meeting.Alone():
		on, by = o.day(d.Meeting.Date), o.t("notice.fact.chair", lang.Args{"Body": by, "Chair": d.Meeting.Urgent.Chair})
	case d.Meeting != nil && !d.Meeting.Date.IsZero(): // a proposal may be written before the meeting has a day
		on = o.day(d.Meeting.Date)
		on = onDay(on, d.Meeting.ItemNo)
	}
	facts := []Fact{{o.t("notice.fact.outcome", nil), o.t("outcome."+d.Outcome, nil)}, {o.t("notice.fact.decided", nil), on},
		{o.t("notice.fact.decided_by", nil), by}}
	if d.DelegationItem != "" {
		facts = append(facts, Fact{o.t("notice.fact.delegation", nil), d.DelegationItem})
	}
	if d.StateAid != "" && d.Favourable() {
		facts = append(facts, Fact{o.t("field.state_aid_basis", nil), o.t("state_aid."+d.StateAid, nil)})
	}
	if p := c.App.Proposal; p != nil && p.By != "" {
		facts = append(facts, Fact{o.t("notice.fact.presented_by", nil), o.name(p.By)})
	}
	return append(facts, Fact{o.t("notice.fact.received", nil), lang.Date(o.Lang, c.App.ReceivedAt)})
}

// onDay adds the paragraph to the day of a meeting; before the meeting there is none.
func onDay(day, item string) string {
	if item = lang.Item(item); item != "" {
		day += ", " + item
	}
	return day
}

// reasons are the decision's own words, the coded reasons in words, and how the sum was found.
func (o Office) reasons(c workflow.Case) Section {
	d := c.App.Decision
	s := Section{Heading: o.t("notice.reasons", nil), Field: "text", Paragraphs: paragraphs(d.Text)}
	if len(d.Reasons) > 0 {
		s.Paragraphs = append(s.Paragraphs, o.t("notice.reasons.list", nil))
		s.Points = o.reasonWords(d.Reasons)
	}
	if d.Favourable() {
		s.Table = o.arithmetic(c)
	}
	if d.Meeting.Alone() {
		s.After = append(s.After, o.t("notice.reasons.urgent", lang.Args{"Reason": sentence(d.Meeting.Urgent.Reason)}))
	}
	if c.Round.RuleSet > 0 {
		s.After = append(s.After, o.t("notice.reasons.rules", lang.Args{"Round": RoundName(o.Lang, c.Round), "Version": c.Round.RuleSet}))
	}
	return s
}

// arithmetic shows the limits that the granted sum lies under (RF-06…RF-10), as they were on the day of the decision.
func (o Office) arithmetic(c workflow.Case) *Table {
	d := c.App.Decision
	n := workflow.Compute(c, workflow.DateOf(d.DecidedAt))
	t := &Table{Head: []string{o.t("notice.sum", nil), o.t("notice.sum.kronor", nil)}}
	row := func(key string, kronor int64, args lang.Args) {
		t.Rows = append(t.Rows, []string{o.t(key, args), lang.Number(o.Lang, kronor)})
	}
	row("notice.sum.total", n.TotalCost, nil)
	row("notice.sum.eligible", n.EligibleCost, nil)
	if n.PerHeadCap != nil {
		row("notice.sum.per_head", *n.PerHeadCap, nil)
	}
	row("notice.sum.share", n.ShareCap, lang.Args{"Share": lang.Percent(o.Lang, c.Round.Rules.ShareCap)})
	if n.ExternalGrants > 0 {
		row("notice.sum.external", n.ExternalGrants, nil)
		row("notice.sum.gap", n.Gap, nil)
	}
	if n.MaxPerApp != nil {
		row("notice.sum.max", *n.MaxPerApp, nil)
	}
	row("notice.sum.requested", c.App.LastRequested(), nil)
	t.Total = []string{o.t("notice.sum.granted", nil), lang.Number(o.Lang, d.Granted)}
	return t
}

// child is the line on the best interests of the child (Convention on the Rights of the Child, 2018:1197).
func (o Office) child(c workflow.Case, d *workflow.Decision) Section {
	words := o.t(ChildKey(c.Scheme, d.Favourable()), nil)
	if d.Child != "" {
		words = d.Child
	}
	return Section{Heading: o.t("notice.child", nil), Field: "child", Paragraphs: paragraphs(words)}
}

// ChildKey are the letter's own words about the best interests of the child: a scheme's
// kind of applicant has its own where the school's would not fit, as an association's
// project has no group of pupils.
func ChildKey(s workflow.Scheme, favourable bool) string {
	key := "notice.child.refused"
	if favourable {
		key = "notice.child.granted"
	}
	return schemeKey(s, key)
}

// schemeKey is the key of the words for the scheme's kind of applicant, where it has its own.
func schemeKey(s workflow.Scheme, key string) string {
	if own := key + "." + s.Applicant; lang.Has(lang.SV, own) {
		return own
	}
	return key
}

// condition is one of the decision's own conditions, with its last day.
func (o Office) condition(k workflow.Condition) string {
	if k.DueOn.IsZero() {
		return k.Text
	}
	return sentence(k.Text) + " " + o.t("notice.conditions.by", lang.Args{"Day": o.day(k.DueOn)})
}

// sentence is what somebody wrote with its full stop, as more words come after it.
func sentence(text string) string {
	if text = strings.TrimSpace(text); text != "" && !strings.ContainsAny(text[len(text)-1:], ".!?") {
		text += "."
	}
	return text
}

// conditions are the decision's own and then those that every grant has.
func (o Office) conditions(c workflow.Case) Section {
	d := c.App.Decision
	s := Section{Heading: o.t("notice.conditions", nil), Numbered: true}
	for _, k := range d.Conditions {
		s.Points = append(s.Points, o.condition(k))
	}
	s.Points = append(
		s.Points,
		o.t("notice.conditions.accept", lang.Args{"Day": o.day(AcceptBy(c))}),
		o.t(schemeKey(c.Scheme, "notice.conditions.change"), nil),
	)
	c.App.ReportExtensions = nil // the letter says what held when it was written
	if due := workflow.Compute(c, workflow.DateOf(d.DecidedAt)).ReportDue; !due.IsZero() {
		s.Points = append(s.Points, o.t("notice.conditions.report", lang.Args{"Day": o.day(due)}))
	}
	s.Points = append(
		s.Points,
		o.t(schemeKey(c.Scheme, "notice.conditions.name"), nil),
		o.t(schemeKey(c.Scheme, "notice.conditions.repay"), lang.Args{"Least": o.money(c.Round.Rules.RepayMinimum)}),
	)
	return s
}

// AcceptBy is the last day to accept the conditions (RF-19).
func AcceptBy(c workflow.Case) workflow.Date { return c.AcceptBy() }

// plan tells when which part is paid, and where to (RF-19). Dropped and
// replaced instalments belong to another time.
func (o Office) plan(c workflow.Case) Section {
	s := Section{Heading: o.t("notice.plan", nil)}
	into := c.App.Form.Applicant.Payment
	switch {
	case workflow.Channel(c) != "internal":
		s.Paragraphs = append(s.Paragraphs, o.t("notice.plan.bank", lang.Args{"Method": o.t("method."+workflow.Channel(c), nil)}))
	case into.CostCentre != "" && into.Project != "":
		s.Paragraphs = append(s.Paragraphs, o.t("notice.plan.internal_project", lang.Args{"CostCentre": into.CostCentre, "Project": into.Project}))
	case into.CostCentre != "":
		s.Paragraphs = append(s.Paragraphs, o.t("notice.plan.internal", lang.Args{"CostCentre": into.CostCentre}))
	}
	var parts []workflow.Payment
	for _, p := range c.App.Payments {
		if p.Status != workflow.PayReplaced && p.Status != workflow.PayDropped {
			parts = append(parts, p)
		}
	}
	for i, p := range parts {
		args := lang.Args{"N": i + 1, "Amount": o.money(p.Amount), "Day": o.day(p.Earliest)}
		// A day that has come when it is decided says nothing of when the money comes.
		noDay := p.Earliest.IsZero() || c.App.Decision != nil && !p.Earliest.After(workflow.DateOf(c.App.Decision.DecidedAt))
		switch {
		case p.Last:
			s.Points = append(s.Points, o.t(schemeKey(c.Scheme, "notice.plan.last"), args))
		case noDay && len(parts) == 1:
			s.Points = append(s.Points, o.t("notice.plan.whole_ready", args))
		case noDay:
			s.Points = append(s.Points, o.t("notice.plan.when_ready", args))
		case len(parts) == 1:
			s.Points = append(s.Points, o.t("notice.plan.whole", args))
		default:
			s.Points = append(s.Points, o.t("notice.plan.part", args))
		}
	}
	s.After = []string{o.t(schemeKey(c.Scheme, "notice.plan.before"), nil)}
	return s
}

// accept tells how the school says yes.
func (o Office) accept(c workflow.Case) Section {
	args := o.words(c)
	args["Day"] = o.day(AcceptBy(c))
	return Section{Heading: o.t("notice.accept", nil), Paragraphs: []string{o.t(schemeKey(c.Scheme, "notice.accept.how"), args)}}
}
