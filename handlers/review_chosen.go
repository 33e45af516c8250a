package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// chosenShare is what the round's chosen scenario gives a case; a whole krona each.
type chosenShare struct {
	workflow.Allotment
	Name   string // of the scenario
	Method string
}

// scenarioName is what a saved scenario is called.
func scenarioName(l lang.Lang, a sql.AllocationRow) string {
	if a.Name != "" {
		return a.Name
	}
	return lang.T(l, "rank.scenario", lang.Args{"N": a.ID})
}

// methodName says how a scenario shares out, with the floor where it has one.
func methodName(l lang.Lang, a sql.AllocationRow) string {
	name := lang.T(l, "ranking.method."+a.Method)
	if a.Floor > 0 {
		name += " " + lang.Money(l, a.Floor)
	}
	return name
}

// chosenFor finds what the chosen scenario gives a case that waits for a proposal; nil where none was
// chosen, or the case came into the ranking later.
func (s *Server) chosenFor(ctx context.Context, l lang.Lang, by workflow.Actor, k workflow.Case) (*chosenShare, error) {
	if k.App.State != workflow.Ranked {
		return nil, nil
	}
	saved, err := s.store.Allocations(ctx, by, k.App.Round)
	if err != nil {
		return nil, err
	}
	for _, a := range saved {
		if !a.Chosen {
			continue
		}
		for _, r := range a.Results {
			if r.Application == k.App.ID {
				return &chosenShare{Allotment: r, Name: scenarioName(l, a), Method: a.Method}, nil
			}
		}
	}
	return nil, nil
}

// prefillChosen drafts the proposal's reasons from what the reviewers agreed on, where
// the letter is Swedish as they are, and its sum from the chosen scenario. A case that
// the money does not reach has no sum: what then is for the officer to say.
func prefillChosen(f *Form, k workflow.Case, x *chosenShare, today workflow.Date) {
	if k.App.Proposal != nil {
		return
	}
	letter, text := notice.LangOf(k), ""
	if a := k.App.Consensus; a != nil && letter == lang.SV {
		text = a.Comment
	}
	f.Set("text", text)
	if x == nil {
		return
	}
	s := workflow.Compute(k, today).Suggested
	switch {
	case s == nil || s.Granted == 0: // the rules refuse it, whatever the money
	case x.Reserve:
		f.Set("outcome", "")
		f.Set("amount", "")
		f.Set("reasons", []string{})
	case x.Amount > 0 && x.Amount < s.Granted:
		f.Set("outcome", workflow.PartiallyGranted)
		f.SetKronor("amount", &x.Amount)
		short := lang.T(letter, "decide.short."+shortOf(x.Method), lang.Args{"Sum": lang.Money(letter, s.Granted)})
		f.Set("text", strings.TrimSpace(text+" "+short))
	}
}

// shortOf says in which way the money was too short: for everybody the same, or for the last in the order.
func shortOf(method string) string {
	if method == workflow.MethodProportional {
		return "share"
	}
	return "rest"
}

// chosenNote tells the officer what the chosen scenario says of the case.
func chosenNote(l lang.Lang, x *chosenShare) *Note {
	switch {
	case x == nil:
		return nil
	case x.Reserve:
		return &Note{Kind: "warn", Strong: lang.T(l, "decide.chosen.reserve", lang.Args{"Name": x.Name}), Text: lang.T(l, "decide.chosen.reserve.text")}
	}
	return &Note{Strong: lang.T(l, "decide.chosen", lang.Args{"Name": x.Name, "Sum": lang.Money(l, x.Amount)}), Text: lang.T(l, "decide.chosen.text")}
}

// rankEffects adds up each scenario for school forms, and for the areas that the
// applications name; one that names two areas counts in both.
func rankEffects(l lang.Lang, cases []workflow.Case, shown []sql.AllocationRow) (tables []Table) {
	if len(shown) == 0 || len(cases) == 0 {
		return nil
	}
	for _, by := range []struct {
		key  string
		name func(string) string
		of   func(workflow.Case) []string
	}{
		{"level", levelName(l), func(k workflow.Case) []string { return []string{k.Level()} }},
		{"area", shortArea(l), workflow.Case.Areas},
	} {
		t := Table{
			Caption: lang.T(l, "rank.effect."+by.key),
			Stack:   true,
			Head:    []Column{{Text: lang.T(l, "rank.effect.head."+by.key)}, {Text: lang.T(l, "rank.effect.cases"), Sum: true}},
		}
		for _, a := range shown {
			t.Head = append(t.Head, Column{Text: scenarioName(l, a), Sum: true})
		}
		var groups []string
		of := map[string][]int64{}
		for _, k := range cases {
			for _, g := range by.of(k) {
				if !slices.Contains(groups, g) {
					groups = append(groups, g)
				}
				of[g] = append(of[g], k.App.ID)
			}
		}
		for _, g := range groups {
			row := Row{Cells: []Cell{{Text: by.name(g)}, {Text: fmt.Sprint(len(of[g]))}}}
			for _, a := range shown {
				sum, n := int64(0), 0
				for _, r := range a.Results {
					if slices.Contains(of[g], r.Application) && r.Amount > 0 {
						sum, n = sum+r.Amount, n+1
					}
				}
				row.Cells = append(row.Cells, Cell{Text: lang.Money(l, sum), Note: lang.T(l, "rank.effect.get", lang.Args{"Count": n})})
			}
			t.Rows = append(t.Rows, row)
		}
		if len(t.Rows) > 0 {
			tables = append(tables, t)
		}
	}
	return tables
}

// proposedNow says what a proposal that lies says, where the chosen scenario gives another sum.
func proposedNow(l lang.Lang, k workflow.Case, chosen *sql.AllocationRow) string {
	p := k.App.Proposal
	if p == nil || k.App.State != workflow.Proposed || chosen == nil || !chosen.Chosen {
		return ""
	}
	for _, r := range chosen.Results {
		if r.Application == k.App.ID && r.Amount != p.Amount {
			return lang.T(l, "rank.proposed", lang.Args{"Sum": lang.Money(l, p.Amount)})
		}
	}
	return ""
}

// afterProposal leads to where the officer came from: the ranking, with the next case, or the case.
func (s *Server) afterProposal(c *gin.Context, k workflow.Case, f *Form) error {
	if f.Raw("from") == "ranking" {
		return s.see(c, "/rounds/"+k.App.Round+"/ranking", "rank.proposed.one", lang.Args{"Title": k.App.Form.Title})
	}
	return s.see(c, fmt.Sprintf("/cases/%d", k.App.ID), "done.propose")
}
