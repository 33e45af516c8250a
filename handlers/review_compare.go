package handlers

import (
	"cmp"
	"fmt"
	"slices"

	"fund/workflow"
	"fund/workflow/lang"
	"github.com/gin-gonic/gin"
)

// comparePage is what all reviewers said, and what they agree on.
type comparePage struct {
	Page
	Form      *Form
	Scores    Table
	Wide      *Note
	Strict    []Fact // each reviewer's raw total beside the corrected one, for the office
	Consensus string // where the form is sent; "" where it is not this person's
	Comment   *Quote // what was agreed before
	Rank      string
	Assign    *Link
	Voided    []Fact
	Limits    []Fact
	Facts     []Fact
	Words     []Quote
	Case      Link
}

// drawCompare shows every assessment that this person may read, with the form for what was agreed.
func (s *Server) drawCompare(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.reviewTop(c, k, f)
	if err != nil {
		return err
	}
	l, by, r := p.Lang, actorOf(c), k.Round.Rules
	p.Tags = []Tag{StateTag(l, k.App.State, false)}
	page := comparePage{Page: p, Form: f, Facts: caseFacts(l, k), Limits: limitSums(l, k, workflow.DateOf(p.Now)), Words: reviewWords(l, k),
		Case: Link{Text: lang.T(l, "decisions.case"), Href: fmt.Sprintf("/cases/%d", k.App.ID)}}
	open := workflow.Allowed(k, by, p.Now)
	if slices.Contains(open, workflow.ActSetConsensus) {
		page.Consensus = fmt.Sprintf("/reviews/%d/consensus", k.App.ID)
	}
	if slices.Contains(open, workflow.ActRank) {
		page.Rank = fmt.Sprintf("/reviews/%d/rank", k.App.ID)
	}
	if slices.Contains(open, workflow.ActAssignReviewers) {
		page.Assign = &Link{Text: lang.T(l, "action.assign_reviewers"), Href: deskHref(k, workflow.ActAssignReviewers)}
	}
	page.Scores = s.scoreTable(c, l, k, f, page.Consensus != "")
	if page.Strict, err = s.strictness(c, l, k); err != nil {
		return err
	}
	if x := k.App.Consensus; x != nil {
		page.Comment = &Quote{Text: x.Comment, By: s.calledBy(c, x.By) + ", " + lang.DateTime(l, x.At)}
	}
	a := workflow.Assess(k)
	all, n := k.App.ReviewsDone()
	switch args := (lang.Args{"N": a.Difference, "Max": r.ScoreDifferenceMax}); {
	case n < r.Reviewers || !all:
		page.Wide = &Note{Text: lang.T(l, "assess.wait", lang.Args{"Done": n, "Count": max(r.Reviewers, len(k.App.Reviews))})}
		if k.App.ReviewOf(by.ID) != nil { // who is late, and how far the others are apart, is the office's
			break
		}
		if a.Wide { // a third was asked
			page.Wide = &Note{Kind: "warn", Strong: lang.T(l, "assess.wide", args), Text: page.Wide.Text}
		}
		if late := s.lateWords(c, l, k, workflow.DateOf(p.Now)); late != "" {
			page.Wide = &Note{Kind: "warn", Strong: cmp.Or(page.Wide.Strong, page.Wide.Text), Text: late}
		} else if n > 0 {
			page.Wide.Text += " " + lang.T(l, "assess.missing", lang.Args{"Names": s.namesOf(c, l, undone(k))}) + "."
		}
	case a.Wide && k.App.ReviewOf(by.ID) != nil && !a.Settled: // the office calls for a third, or for a meeting
		page.Wide = &Note{Kind: "warn", Strong: lang.T(l, "assess.wide", args), Text: lang.T(l, "assess.wide.reviewer")}
	case a.Wide && a.Settled:
		page.Wide = &Note{Strong: lang.T(l, "assess.wide", args), Text: lang.T(l, "assess.wide.settled", lang.Args{"Count": n})}
	case a.Wide && n > r.Reviewers:
		page.Wide = &Note{Kind: "warn", Strong: lang.T(l, "assess.wide", args), Text: lang.T(l, "assess.wide.third", lang.Args{"Count": n})}
	case a.Wide:
		page.Wide = &Note{Kind: "warn", Strong: lang.T(l, "assess.wide", args), Text: lang.T(l, "assess.wide.text")}
	default:
		page.Wide = &Note{Text: lang.T(l, "assess.near", args)}
	}
	for _, v := range k.App.Voided {
		page.Voided = append(page.Voided, Fact{Term: s.calledBy(c, v.Reviewer), Value: lang.T(l, "assess.voided"), Note: v.Reason})
	}
	return s.page(c, status, "review/compare", page)
}

// reviewWords are the application's words, criterion by criterion.
func reviewWords(l lang.Lang, k workflow.Case) (list []Quote) {
	for _, name := range k.Round.Rules.Criteria() {
		for _, q := range criterionQuotes(l, k, name) {
			if q.Text != "" {
				list = append(list, Quote{Term: name + " " + q.Term, Text: q.Text})
			}
		}
	}
	return list
}

// scoreTable sets the assessments side by side; with form the last column asks for what was agreed.
func (s *Server) scoreTable(c *gin.Context, l lang.Lang, k workflow.Case, f *Form, form bool) Table {
	r, reviews := k.Round.Rules, workflow.VisibleReviews(k, actorOf(c))
	t := Table{Caption: lang.T(l, "case.scores"), HideCaption: true, Stack: true, Class: "assessed", Head: []Column{{Text: lang.T(l, "case.criterion")}}}
	total := Row{Cells: []Cell{{Text: lang.T(l, "case.total")}}}
	for _, v := range reviews {
		t.Head = append(t.Head, Column{Text: s.calledBy(c, v.Reviewer)})
		sum := Cell{Text: "–"}
		if v.Done() {
			sum = Cell{Text: fmt.Sprint(workflow.Score(v.Ratings, r)), Strong: true}
			if v.Suggested != nil {
				sum.Note = lang.T(l, "assess.suggests", lang.Args{"Sum": lang.Money(l, *v.Suggested)})
			}
		}
		total.Cells = append(total.Cells, sum)
	}
	agreed := k.App.Consensus
	if form || agreed != nil {
		t.Head = append(t.Head, Column{Text: lang.T(l, "case.consensus")})
		sum := Cell{Text: "–"}
		if agreed != nil {
			sum = Cell{Text: fmt.Sprint(workflow.Score(agreed.Ratings, r)), Strong: true, Note: lang.T(l, "assess.least", lang.Args{"N": r.ThresholdTotal})}
		}
		total.Cells = append(total.Cells, sum)
	}
	for _, name := range r.Criteria() {
		row := Row{Cells: []Cell{{Text: name + " " + lang.T(l, "criterion."+name), Note: lang.T(l, "assess.weight", lang.Args{"N": r.CriteriaWeights[name]})}}}
		for _, v := range reviews {
			x := Cell{Text: "–"}
			if v.Done() {
				x = Cell{Text: rating(v.Ratings, name), Strong: true, Note: v.Comments[name]}
			}
			row.Cells = append(row.Cells, x)
		}
		switch {
		case form:
			field := Field{
				Form:  f,
				Name:  "ratings." + name,
				Kind:  "select",
				Label: lang.T(l, "assess.agreed", lang.Args{"Code": name}),
				Quiet: true,
				Empty: "–",
				Width: "w4",
			}
			for v := range r.RatingMax + 1 {
				field.Options = append(field.Options, Option{Value: fmt.Sprint(v), Text: fmt.Sprint(v)})
			}
			row.Cells = append(row.Cells, Cell{Input: &field})
		case agreed != nil:
			row.Cells = append(row.Cells, Cell{Text: rating(agreed.Ratings, name), Strong: true})
		}
		t.Rows = append(t.Rows, row)
	}
	t.Foot = []Row{total}
	return t
}

// postConsensus keeps what the reviewers agree on.
func (s *Server) postConsensus(c *gin.Context) error {
	return s.compared(c, workflow.ActSetConsensus, "assess.agreed_saved", func(k workflow.Case) string { return fmt.Sprintf("/reviews/%d", k.App.ID) })
}

// compared takes an action of the compare page, and leads on.
func (s *Server) compared(c *gin.Context, action workflow.Action, flash string, to func(workflow.Case) string) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	status, err := s.takeAct(c, &k, f, action)
	if err != nil {
		return err
	}
	if status != 0 {
		return s.drawCompare(c, status, k, f)
	}
	return s.see(c, to(k), flash)
}
