package handlers

import (
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
)

// reportTexts are the written parts of a report, in order (domain 9.4); the officer misses those marked in findings.
var reportTexts = []string{
	"summary",
	"deviations",
	workflow.DifferencesText,
	"goals",
	"voices",
	"learned",
	"dissemination",
	"fund_named",
	"continuation",
	"incidents",
}

// reportLengths are how long they may be, in characters, where 3,000 is too much.
var reportLengths = map[string]int{"deviations": 1000, workflow.DifferencesText: 1000, "voices": 800, "continuation": 600, "incidents": 600}

// reportWords are their controls: two beside what they explain, and the rest.
func reportWords(l lang.Lang, k workflow.Case, f *Form) (deviations, differences Field, rest []Field) {
	for _, name := range reportTexts {
		if name == "goals" && len(k.App.Form.Text.Goals) > 0 && f.Raw("texts.goals") == "" {
			continue // they are asked one by one
		}
		x := Field{
			Form:     f,
			Name:     "texts." + name,
			Label:    lang.T(l, "field.texts."+name),
			Max:      3000,
			Height:   4,
			Optional: name != "summary" && name != "fund_named",
		}
		if n := reportLengths[name]; n > 0 {
			x.Max, x.Height = n, 3
		}
		if key := "grant.report." + name + ".hint"; lang.Has(l, key) {
			x.Hint = lang.T(l, key, lang.Args{"Percent": k.Round.Rules.ReportLineDifference.Percent()})
		}
		switch name {
		case "deviations":
			deviations = x
		case workflow.DifferencesText:
			x.Optional = f.Fault(x.Name) == "" // asked for, it is no longer as one likes
			differences = x
		default:
			rest = append(rest, x)
		}
	}
	return deviations, differences, rest
}

// asReported is the report as it would be filed, for what is computed from it.
func asReported(cmd *workflow.SubmitReport) *workflow.Report {
	return &workflow.Report{
		Pupils:           intOf(cmd.Pupils),
		Staff:            intOf(cmd.Staff),
		Start:            cmd.Start,
		End:              cmd.End,
		Actual:           cmd.Actual,
		ExternalReceived: cmd.ExternalReceived,
		Texts:            cmd.Texts,
	}
}

// wantReasons asks for a word on costs that came out far from the budget. Over
// the API the office sees it as a finding.
func wantReasons(f *Form, k workflow.Case, cmd *workflow.SubmitReport) {
	k.App.Report = asReported(cmd)
	if lines := workflow.Unexplained(k); len(lines) > 0 {
		var names []string
		for _, n := range lines {
			for _, b := range k.App.Form.Lines() {
				if b.Line == n {
					names = append(names, lineText(f.Lang, b))
				}
			}
		}
		f.Fail(
			"texts."+workflow.DifferencesText,
			"grant.report.explain",
			lang.Args{"Lines": strings.Join(names, ", "), "Percent": k.Round.Rules.ReportLineDifference.Percent()},
		)
	}
}
