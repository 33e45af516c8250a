package handlers

import (
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// changeSection is one change: what was asked for beside what was, why, and the answer.
func changeSection(l lang.Lang, k workflow.Case, x workflow.Change) notice.Section {
	out := notice.Section{Heading: lang.T(l, "disclosure.change", lang.Args{"What": lang.T(l, "change."+x.Type), "Day": lang.Date(l, x.AskedAt)})}
	before, after := k.App.ChangeForms(x.N)
	k.App.Form = before
	t := notice.Table{Head: []string{lang.T(l, "grant.change.field"), lang.T(l, "grant.change.was"), lang.T(l, "disclosure.change.asked")}}
	for _, r := range changeRows(l, k, after) {
		if !r.Same {
			t.Rows = append(t.Rows, []string{r.Term, oneLine(orText(r.Was, "–")), oneLine(orText(r.Now, "–"))})
		}
	}
	if len(t.Rows) > 0 {
		out.Table = &t
	}
	outcome := lang.T(l, "case.change.open")
	if x.Outcome != "" {
		outcome = lang.T(l, "change_outcome."+x.Outcome)
	}
	if x.Overtaken() {
		x.Answer = "" // the program's own word, no person's
	}
	out.After = []string{x.Reason, strings.TrimSpace(outcome + ". " + x.Answer)}
	return out
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// reportSections are a report beside the plan, as its page shows it; name says what people are called.
func reportSections(l lang.Lang, k workflow.Case, r workflow.Report, name func(email string) string) []notice.Section {
	k.App.Report = &r
	costs := tableSection(lang.T(l, "reports.costs"), actualTable(l, k))
	for _, d := range r.Disallowed {
		i := slices.IndexFunc(k.App.Form.Lines(), func(b workflow.BudgetLine) bool { return b.Line == d.Line })
		if i < 0 {
			continue
		}
		costs.After = append(costs.After, lineText(l, k.App.Form.Lines()[i])+": "+
			lang.T(l, "grant.report.disallowed", lang.Args{"Sum": lang.Money(l, d.Amount), "Reason": d.Reason}))
	}
	goals := notice.Section{Heading: lang.T(l, "grant.goals")}
	for _, a := range goalAnswers(l, k) {
		goals.Points = append(goals.Points, factLine(Fact{Term: a.Term, Value: a.Value, Note: a.Note}))
	}
	out := []notice.Section{tableSection(lang.T(l, "disclosure.report", lang.Args{"At": lang.DateTime(l, r.SubmittedAt)}), planTable(l, k)), costs, goals}
	for _, field := range append(slices.Clone(reportTexts), othersOf(r.Texts)...) {
		if text := r.Texts[field]; text != "" {
			out = append(out, notice.Section{Heading: lang.T(l, "field.texts."+field), Paragraphs: strings.Split(text, "\n")})
		}
	}
	asked := notice.Section{Heading: lang.T(l, "grant.report.asked")}
	for _, p := range r.ReturnedPoints {
		asked.Points = append(asked.Points, returnedPoint(l, p))
	}
	out = append(out, asked)
	if note := reportApproval(l, k, name); note.Strong != "" {
		out = append(out, notice.Section{Heading: lang.T(l, "disclosure.report.answer"), Paragraphs: []string{note.Strong, note.Text}})
	}
	return out
}

// othersOf are the texts that the report's page has no place for; an older form may have had them.
func othersOf(texts map[string]string) []string {
	return slices.DeleteFunc(sortedKeys(texts), func(name string) bool { return slices.Contains(reportTexts, name) })
}

// endSections are the settlement, a step a line, and each claim with what became of it.
func endSections(l lang.Lang, k workflow.Case, name func(email string) string) (out []notice.Section) {
	if x := k.App.Settlement; x != nil {
		s := notice.Section{Heading: lang.T(l, "case.settlement"), Table: &notice.Table{Head: []string{lang.T(l, "disclosure.step"), lang.T(l, "disclosure.sum")}}}
		rows := reckon(l, k)
		for _, r := range rows.Rows {
			s.Table.Rows = append(s.Table.Rows, []string{withWhy(r), r.Sum})
		}
		for _, r := range rows.Foot {
			s.Table.Total = []string{r.Text, r.Sum}
			s.After = append(s.After, r.Why)
		}
		s.After = append(s.After, lang.T(l, "disclosure.settled", lang.Args{"Who": name(x.By), "Day": lang.Date(l, x.At)}))
		out = append(out, s)
	}
	for _, r := range append(append([]workflow.Recovery{}, k.App.Recoveries...), recoveryOf(k.App)...) {
		if !r.DecidedAt.IsZero() {
			out = append(out, claimSection(l, r, name))
		}
	}
	return out
}

// withWhy is a step with how it was counted.
func withWhy(r ReckonRow) string {
	if r.Why == "" {
		return r.Text
	}
	return r.Text + " (" + r.Why + ")"
}

// claimSection is a decided claim: its instalments, what came back, and what was given up and why.
func claimSection(l lang.Lang, r workflow.Recovery, name func(email string) string) notice.Section {
	out := notice.Section{Heading: lang.T(l, "disclosure.claim", lang.Args{"Sum": lang.Money(l, r.Amount), "Day": lang.Date(l, r.DecidedAt)})}
	put := func(key string, on, sum string, note string) {
		out.Points = append(out.Points, factLine(Fact{Term: lang.T(l, key), Value: on + ", " + sum, Note: note}))
	}
	for _, p := range r.Parts() {
		put("grant.claim.due", lang.Day(l, p.DueOn.String()), lang.Money(l, p.Amount), "")
	}
	for _, x := range r.Repayments {
		put("disclosure.claim.repaid", lang.Day(l, x.On.String()), lang.Money(l, x.Amount), x.Reference)
	}
	for _, x := range r.WriteOffs {
		put("sum.written_off", lang.Date(l, x.At), lang.Money(l, x.Amount), name(x.By)+": "+x.Reason)
	}
	if r.Returned > 0 {
		out.Points = append(out.Points, factLine(Fact{Term: lang.T(l, "sum.returned"), Value: lang.Money(l, r.Returned)}))
	}
	out.After = []string{lang.T(l, "grant.claim.left") + ": " + lang.Money(l, r.Left())}
	return out
}
