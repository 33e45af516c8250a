package notice

import (
	"fund/workflow"
	"fund/workflow/lang"
)

// Translation is the decision's words in a language that the service does not
// write, as the translator gave them, in the frame of a letter: what it is a
// translation of, and that the decision itself is what counts. c has the decision.
func Translation(c workflow.Case, x workflow.Translation, o Office) Notice {
	n := o.begin(c, KindTranslation, x.EnteredAt)
	n.Speech, n.Title = x.Lang, x.Title
	language := o.t("language."+x.Lang, nil)
	if d := c.App.Decision; d != nil {
		n.Facts = append(n.Facts, Fact{o.t("notice.fact.decided", nil), lang.Date(o.Lang, d.DecidedAt)})
	}
	n.Facts = append(n.Facts, Fact{o.t("notice.translation.language", nil), language})
	n.Sections = []Section{
		{Speech: x.Lang, Paragraphs: paragraphs(x.Text)},
		{Heading: o.t("notice.translation.about", nil), Paragraphs: []string{o.t("notice.translation.counts", nil)}},
	}
	n.Signature = []string{o.name(x.EnteredBy), o.t("app.office", nil), o.t("notice.signed.how_translation", lang.Args{"At": lang.Stamp(o.Lang, x.EnteredAt)})}
	return n
}
