package handlers

import (
	"fmt"
	"slices"

	"fund/workflow"
	"fund/workflow/lang"
)

// reached are the answers to whether a goal was reached, the best first.
var reached = []string{workflow.ReachedFull, workflow.ReachedPartly, workflow.ReachedNot}

// goalFields are the two controls that answer one goal of the application.
type goalFields struct {
	Goal      string
	Indicator string
	Reached   Field
	Text      Field
}

func goalField(n int, part string) string { return fmt.Sprintf("goals.%d.%s", n, part) }

// goalRows are the application's goals, to be answered one by one (domain 9.4).
func goalRows(l lang.Lang, k workflow.Case, f *Form) (rows []goalFields) {
	for i, g := range k.App.Form.Text.Goals {
		n := i + 1
		rows = append(rows, goalFields{Goal: g.Goal, Indicator: g.Indicator,
			Reached: Field{
				Form:    f,
				Name:    goalField(n, "reached"),
				Label:   lang.T(l, "grant.goal.reached", lang.Args{"N": n}),
				Options: Options(l, "reached", reached...),
				Inline:  true,
			},
			Text: Field{Form: f, Name: goalField(n, "text"), Label: lang.T(l, "grant.goal.text", lang.Args{"N": n}), Max: 500, Height: 2, Optional: true}})
	}
	return rows
}

// readGoals reads the answers. A goal without one is no fault of the form: the officer sees it as a finding.
func readGoals(f *Form, goals []workflow.Goal) (list []workflow.GoalResult) {
	for i := range goals {
		n := i + 1
		x := workflow.GoalResult{Goal: int64(n), Reached: f.Raw(goalField(n, "reached")), Text: f.Text(goalField(n, "text"))}
		switch {
		case slices.Contains(reached, x.Reached):
			list = append(list, x)
		case x.Reached != "":
			f.Fail(goalField(n, "reached"), "violation.choice")
		}
	}
	return list
}

// fillGoals shows the answers of a report that was returned.
func fillGoals(f *Form, r *workflow.Report) {
	for _, g := range r.Goals {
		f.Set(goalField(int(g.Goal), "reached"), g.Reached)
		f.Set(goalField(int(g.Goal), "text"), g.Text)
	}
}

// goalAnswers are the goals with the school's answers, for those who read the report.
func goalAnswers(l lang.Lang, k workflow.Case) (list []Answer) {
	goals := k.App.Form.Text.Goals
	for _, g := range k.App.Report.Goals {
		if g.Goal < 1 || g.Goal > int64(len(goals)) {
			continue
		}
		list = append(list, Answer{Term: goals[g.Goal-1].Goal, Value: lang.T(l, "reached."+g.Reached), Note: g.Text})
	}
	return list
}
