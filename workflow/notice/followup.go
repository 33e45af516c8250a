package notice

import (
	"fund/workflow"
	"fund/workflow/lang"
)

// Correction is the letter that mends an obvious slip in a decision; the
// decision itself stays as it was sent (FL 36 §).
func Correction(c workflow.Case, k workflow.Correction, o Office) Notice {
	n := o.begin(c, KindCorrection, k.At)
	args := o.words(c)
	n.Title = o.t("notice.correction.title", args)
	if k.N > 1 {
		args["N"] = k.N
		n.Title = o.t("notice.correction.title_next", args)
	}
	if d := c.App.Decision; d != nil {
		n.Facts = append(n.Facts, Fact{o.t("notice.fact.decided", nil), lang.Date(o.Lang, d.DecidedAt)})
	}
	n.Facts = append(n.Facts, Fact{o.t("notice.fact.corrected", nil), lang.Date(o.Lang, k.At)})
	n.Sections = []Section{
		{Heading: o.t("notice.correction.was", nil), Paragraphs: []string{k.Was}},
		{Heading: o.t("notice.correction.is", nil), Paragraphs: []string{k.Is}},
		{Heading: o.t("notice.correction.reason", nil), Paragraphs: []string{k.Reason, o.t("notice.correction.rest", nil)}},
		o.questions(c),
	}
	n.Signature = []string{o.name(k.By), o.t("notice.signed.officer", nil), o.t("notice.signed.how_correction", lang.Args{"At": lang.Stamp(o.Lang, k.At)})}
	return n
}

// Recovery is the letter that claims money back (RF-21…RF-23); the case must have a decided recovery.
func Recovery(c workflow.Case, o Office) Notice {
	r := c.App.Recovery
	n := o.begin(c, KindRecovery, r.DecidedAt)
	args := o.words(c)
	args["Body"], args["Due"] = o.t("body."+r.Body, nil), o.day(r.DueOn)
	after, pay, help, due := "notice.recovery.after", "notice.recovery.pay."+channelWord(c), helpKey(c), o.day(r.DueOn)
	if len(r.Plan) > 0 { // the last day alone would hide that money is due before it
		args["First"], args["Count"] = o.day(r.Plan[0].DueOn), len(r.Plan)
		after, pay, help = "notice.recovery.after.parts", "notice.recovery.pay.parts", "notice.recovery.help.parts"
		due = o.t("notice.recovery.due.parts", args)
	}
	n.Title = o.t("notice.recovery.title", args)
	n.Sum = &Sum{Before: o.t("notice.recovery.before", args), Amount: o.money(r.Amount), After: o.t(after, args)}
	n.Facts = []Fact{{o.t("notice.fact.decided", nil), lang.Date(o.Lang, r.DecidedAt)}, {o.t("notice.fact.decided_by", nil), args["Body"].(string)},
		{o.t("notice.fact.pay_by", nil), due}}
	n.Sections = []Section{
		{Heading: o.t("notice.reasons", nil), Paragraphs: []string{o.t("notice.recovery.cause."+causeOf(c), nil), r.Reason}, Table: o.claim(c)},
		{
			Heading:    o.t("notice.recovery.pay", nil),
			Paragraphs: []string{o.t(pay, args), o.t(help, args)},
			Table:      o.parts(r),
		},
		o.appeal(nil),
		o.questions(c),
	}
	n.Signature = o.signed(r.DecidedBy, r.Body, r.DecidedAt)
	return n
}

// helpKey are the words on what to do when something is wrong: who is booked inside the
// municipality can't be given instalments.
func helpKey(c workflow.Case) string {
	if channelWord(c) == "internal" {
		return "notice.recovery.help.internal"
	}
	return "notice.recovery.help"
}

// parts are the days of an instalment plan; nil where all is due at once.
func (o Office) parts(r *workflow.Recovery) *Table {
	if len(r.Plan) == 0 {
		return nil
	}
	t := &Table{Head: []string{o.t("notice.fact.pay_by", nil), o.t("notice.sum.kronor", nil)}}
	for _, p := range r.Plan {
		t.Rows = append(t.Rows, []string{o.day(p.DueOn), lang.Number(o.Lang, p.Amount)})
	}
	return t
}

// causeOf is why money is claimed, as a word of the letter.
func causeOf(c workflow.Case) string {
	if c.App.Cancelled != nil && c.App.Recovery.Cause == "settlement" {
		return "cancelled"
	}
	return c.App.Recovery.Cause
}

// channelWord tells schools of the municipality from those that get an invoice.
func channelWord(c workflow.Case) string {
	if workflow.Channel(c) == "internal" {
		return "internal"
	}
	return "invoice"
}

// claim shows how the claimed sum was found.
func (o Office) claim(c workflow.Case) *Table {
	r := c.App.Recovery
	t := &Table{Head: []string{o.t("notice.sum", nil), o.t("notice.sum.kronor", nil)}}
	row := func(key string, kronor int64) {
		t.Rows = append(t.Rows, []string{o.t(key, nil), lang.Number(o.Lang, kronor)})
	}
	if c.App.Decision.Favourable() {
		row("notice.sum.granted", c.App.Decision.Granted)
	}
	row("notice.sum.paid", c.App.PaidOut())
	if s := c.App.Settlement; s != nil {
		row("notice.sum.entitled", s.Entitlement)
	}
	t.Total = []string{o.t("notice.sum.repay", nil), lang.Number(o.Lang, r.Amount)}
	return t
}
