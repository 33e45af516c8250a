package notice

import (
	"fmt"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
)

// Amendment is the letter that answers the request for a change with that number
// (RF-20): what was asked and why, the answer and its reasons, and what follows.
// The decision on the grant stays as it was sent; this letter stands beside it.
func Amendment(c workflow.Case, number int, o Office) Notice {
	x := c.App.Changes[number-1]
	before, after := c.App.ChangeForms(number)
	n := o.begin(c, KindAmendment, x.DecidedAt)
	args := o.words(c)
	n.Title = o.t("notice.amendment.title", args)
	n.Facts = []Fact{{o.t("notice.fact.outcome", nil), o.t("change_outcome."+x.Outcome, nil)}, {o.t("notice.fact.decided", nil), o.answeredOn(x)},
		{o.t("notice.fact.decided_by", nil), o.t("body."+x.DecidedBy, nil)}, {o.t("notice.amendment.asked", nil), lang.Date(o.Lang, x.AskedAt)}}
	if d := c.App.Decision; d != nil {
		n.Facts = append(n.Facts, Fact{o.t("notice.amendment.first", nil), lang.Date(o.Lang, d.DecidedAt)})
		args["Granted"] = o.money(d.Granted)
	}
	answer := Section{
		Heading:    o.t("notice.amendment.answer", nil),
		Paragraphs: []string{o.t("notice.amendment."+x.Outcome, args)},
		Table:      o.changed(before, after, x),
	}
	if x.Outcome == "approved" {
		then := c
		then.App.Form = after
		if day := then.ReportDueOn(); !day.IsZero() {
			answer.After = append(answer.After, o.t("notice.amendment.report", lang.Args{"Day": o.day(day)}))
		}
		answer.After = append(answer.After, o.t("notice.amendment.rest", nil))
	}
	n.Sections = append([]Section{answer}, o.newTexts(before, after)...)
	n.Sections = append(n.Sections, Section{Heading: o.t("notice.reasons", nil), Paragraphs: paragraphs(x.Answer)},
		Section{Heading: o.t("notice.amendment.why", nil), Paragraphs: paragraphs(x.Reason)}, o.appeal(nil), o.questions(c))
	if x.DecidedBy == workflow.ByItself {
		n.Signature = []string{o.name(x.Decider), o.t("notice.signed.officer", nil), o.t("notice.signed.how", lang.Args{"At": lang.Stamp(o.Lang, x.DecidedAt)})}
	} else {
		n.Signature = o.decided(&workflow.Decision{DecidedBy: x.Decider, Body: x.DecidedBy, DecidedAt: x.DecidedAt, Meeting: x.Meeting})
	}
	return n
}

// answeredOn is the day of the answer: of the meeting, with its paragraph, where one gave it.
func (o Office) answeredOn(x workflow.Change) string {
	if x.Meeting == nil {
		return lang.Date(o.Lang, x.DecidedAt)
	}
	return onDay(o.day(x.Meeting.Date), x.Meeting.ItemNo)
}

// AmendmentOf finds the letter that answered the change with that number; nil until it is made.
func AmendmentOf(documents []workflow.Document, number int) *workflow.Document {
	i := slices.IndexFunc(documents, func(d workflow.Document) bool { return d.Kind == KindAmendment && d.Answers == number })
	if i < 0 {
		return nil
	}
	return &documents[i]
}

// changed is what the change alters in few words, a row each; nil where it alters longer texts alone.
func (o Office) changed(before, after workflow.Form, x workflow.Change) *Table {
	now := "notice.amendment.now"
	if x.Outcome != "approved" {
		now = "notice.amendment.wanted"
	}
	t := &Table{Head: []string{o.t("notice.amendment.field", nil), o.t("notice.amendment.was", nil), o.t(now, nil)}}
	row := func(label, was, now string) {
		if was != now {
			t.Rows = append(t.Rows, []string{label, orDash(was), orDash(now)})
		}
	}
	was := o.shortFields(before)
	for i, f := range o.shortFields(after) {
		row(f.Label, was[i].Value, f.Value)
	}
	lines := map[int64]string{}
	for _, b := range before.Lines() {
		lines[b.Line] = o.money(b.Sum())
	}
	for _, b := range after.Lines() {
		label := b.Text
		if key := "budget." + b.Code; label == "" && lang.Has(o.Lang, key) {
			label = o.t(key, nil)
		}
		row(label, lines[b.Line], o.money(b.Sum()))
		delete(lines, b.Line)
	}
	for _, b := range before.Lines() {
		if sum, gone := lines[b.Line]; gone {
			row(b.Text, sum, "")
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}

// shortFields are the fields that a change may be about and that fit a table, always in the same order.
func (o Office) shortFields(f workflow.Form) (list []Fact) {
	put := func(path, value string) { list = append(list, Fact{o.t("field."+path, nil), value}) }
	count := func(path string, n *int64) {
		if n == nil {
			put(path, "")
			return
		}
		put(path, lang.Number(o.Lang, *n))
	}
	day := func(path, text string) {
		if d, err := workflow.ParseDate(text); err == nil {
			text = o.day(d)
		}
		put(path, text)
	}
	day("activity.start", f.Activity.Start)
	day("activity.end", f.Activity.End)
	put("partner.name", f.Partner.Name)
	put("partner.city", f.Partner.City)
	put("partner.country", lang.Country(o.Lang, f.Partner.Country))
	count("participants.pupils", f.Participants.Pupils)
	count("participants.visiting_pupils", f.Participants.VisitingPupils)
	count("participants.staff", f.Participants.Staff)
	count("activity.travel_days", f.Activity.TravelDays)
	count("activity.programme_days", f.Activity.ProgrammeDays)
	return list
}

// newTexts are the longer texts that the change brings, each under its own heading.
func (o Office) newTexts(before, after workflow.Form) (list []Section) {
	if !slices.Equal(before.Text.Programme, after.Text.Programme) {
		s := Section{Heading: o.t("field.text.programme", nil)}
		for _, d := range after.Text.Programme {
			s.Points = append(s.Points, strings.Trim(fmt.Sprintf("%s: %s", d.Day, d.Text), ": "))
		}
		if len(s.Points) > 0 {
			list = append(list, s)
		}
	}
	if after.Text.Preparation != before.Text.Preparation && strings.TrimSpace(after.Text.Preparation) != "" {
		list = append(list, Section{Heading: o.t("field.text.preparation", nil), Paragraphs: paragraphs(after.Text.Preparation)})
	}
	return list
}

func orDash(text string) string {
	if strings.TrimSpace(text) == "" {
		return "–"
	}
	return text
}
