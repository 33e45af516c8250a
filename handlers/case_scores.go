package handlers

import (
	"fmt"

	"fund/workflow"
	"fund/workflow/lang"
)

// reviewTables are the scores that this person may read.
func reviewTables(l lang.Lang, k workflow.Case, by workflow.Actor, called func(email string) string) []Table {
	if !workflow.SeesAssessment(k, by) {
		return nil
	}
	t := Table{Caption: lang.T(l, "case.scores"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "case.criterion")}}}
	reviews := workflow.VisibleReviews(k, by)
	for _, r := range reviews {
		t.Head = append(t.Head, Column{Text: called(r.Reviewer), Sum: true})
	}
	if k.App.Consensus != nil {
		t.Head = append(t.Head, Column{Text: lang.T(l, "case.consensus"), Sum: true})
	}
	if len(t.Head) == 1 {
		return nil
	}
	total := Row{Cells: []Cell{{Text: lang.T(l, "case.total")}}}
	for _, name := range k.Round.Rules.Criteria() {
		row := Row{Cells: []Cell{{Text: name + " " + lang.T(l, "criterion."+name)}}}
		for _, r := range reviews {
			row.Cells = append(row.Cells, Cell{Text: rating(r.Ratings, name)})
		}
		if k.App.Consensus != nil {
			row.Cells = append(row.Cells, Cell{Text: rating(k.App.Consensus.Ratings, name)})
		}
		t.Rows = append(t.Rows, row)
	}
	for _, r := range reviews {
		total.Cells = append(total.Cells, reviewTotal(l, k, r))
	}
	if k.App.Consensus != nil {
		total.Cells = append(total.Cells, Cell{Text: lang.Number(l, int64(workflow.Score(k.App.Consensus.Ratings, k.Round.Rules)))})
	}
	t.Foot = []Row{total}
	return []Table{t}
}

// reviewTotal is a reviewer's score; of one not handed in, by when it was promised.
func reviewTotal(l lang.Lang, k workflow.Case, r workflow.Review) Cell {
	if !r.Done() {
		due := workflow.AddBankDays(workflow.DateOf(r.AssignedAt), k.Round.Rules.AssessmentDays)
		return Cell{Text: lang.T(l, "case.review.open"), Note: lang.T(l, "tasks.by", lang.Args{"Day": lang.ShortDay(l, due.String())})}
	}
	return Cell{Text: lang.Number(l, int64(workflow.Score(r.Ratings, k.Round.Rules)))}
}

// reviewComments are the reasons for the scores that this person may read.
func reviewComments(k workflow.Case, by workflow.Actor, called func(email string) string) (list []Quote) {
	if !workflow.SeesAssessment(k, by) {
		return nil
	}
	for _, name := range k.Round.Rules.Criteria() {
		for _, r := range workflow.VisibleReviews(k, by) {
			if r.Comments[name] != "" {
				list = append(list, Quote{Term: name, Text: r.Comments[name], By: called(r.Reviewer)})
			}
		}
	}
	return list
}

// commentsByCriterion names each criterion in full, once, above all that was written about it.
func commentsByCriterion(l lang.Lang, list []Quote) []Quote {
	last := ""
	for i, x := range list {
		list[i].Term = ""
		if x.Term != last {
			list[i].Term = x.Term + " " + lang.T(l, "criterion."+x.Term)
		}
		last = x.Term
	}
	return list
}

func rating(r map[string]int, name string) string {
	if v, ok := r[name]; ok {
		return fmt.Sprint(v)
	}
	return "–"
}
