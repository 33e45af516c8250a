package handlers

import (
	"fmt"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// doBeside is what stands beside an action's form, where it is more than the facts of the case.
type doBeside struct {
	facts    []factsOf // before those of the case
	note     func(lang.Lang, workflow.Case, workflow.Date) *Note
	rows     bool // the reckoning in words
	findings bool // what the machine has found, for the office
	quotes   bool // what the applicant and the other reviewers wrote
	danger   bool // something ends, or money is given up
}

// factsOf are the facts of a case that an action turns on.
type factsOf func(*Server, *gin.Context, lang.Lang, workflow.Case) []Fact

var doBesides = map[workflow.Action]doBeside{
	workflow.ActRuleEligibility:    {findings: true},
	workflow.ActRequestCompletion:  {findings: true},
	workflow.ActSaveReview:         {quotes: true},
	workflow.ActSubmitReview:       {quotes: true},
	workflow.ActSetConsensus:       {quotes: true},
	workflow.ActPropose:            {findings: true},
	workflow.ActDecide:             {findings: true},
	workflow.ActTakeBack:           {facts: []factsOf{(*Server).undoneFacts}},
	workflow.ActEnterTranslation:   {facts: []factsOf{(*Server).translationFacts}},
	workflow.ActVerifyAccount:      {facts: []factsOf{(*Server).accountFacts}},
	workflow.ActExtendReport:       {facts: []factsOf{ofCase(reportDueFacts)}},
	workflow.ActAcceptReport:       {note: unansweredNote, findings: true},
	workflow.ActSettle:             {facts: []factsOf{ofCase(cancelledFacts)}, rows: true},
	workflow.ActAskStatement:       {facts: []factsOf{ofCase(statementFacts)}},
	workflow.ActGiveStatement:      {facts: []factsOf{ofCase(statementFacts)}},
	workflow.ActRecordStatement:    {facts: []factsOf{ofCase(statementFacts)}},
	workflow.ActDecideRecovery:     {facts: []factsOf{ofCase(cancelledFacts), ofCase(statementFacts)}, note: heardNote, rows: true, findings: true},
	workflow.ActWithdraw:           {danger: true},
	workflow.ActLapse:              {danger: true},
	workflow.ActDecline:            {danger: true},
	workflow.ActReportCancellation: {danger: true},
	workflow.ActWriteOff:           {danger: true},
}

// ofCase takes facts that need nothing but the case.
func ofCase(facts func(lang.Lang, workflow.Case) []Fact) factsOf {
	return func(_ *Server, _ *gin.Context, l lang.Lang, k workflow.Case) []Fact { return facts(l, k) }
}

// besides puts beside an action's form what its decision turns on.
func (s *Server) besides(c *gin.Context, page *doPage, k workflow.Case, action workflow.Action) error {
	l, by, today, x := page.Lang, actorOf(c), workflow.DateOf(page.Now), doBesides[action]
	page.Danger = x.danger
	for _, facts := range x.facts {
		page.Facts = append(page.Facts, facts(s, c, l, k)...)
	}
	page.Facts = append(page.Facts, caseFacts(l, k)...)
	page.Sums = s.doSums(l, k, by, action, today)
	if x.note != nil {
		page.Note = x.note(l, k, today)
	}
	if x.rows {
		rows := reckon(l, k)
		page.Rows = &rows
	}
	if x.findings && by.Office() {
		page.Findings = s.findingViews(c, l, k, today)
	}
	if x.quotes {
		page.Quotes = s.reviewQuotes(c, l, k, by)
	}
	switch {
	case action == workflow.ActDecideChange:
		return s.askedChange(c, page, k, today)
	case action == workflow.ActEnterTranslation && k.App.Translation.Open():
		letter, err := s.letterBeside(c, k)
		page.Letter, page.LetterTitle = letter, lang.T(l, "translation.beside")
		return err
	}
	return nil
}

// askedChange shows the change that is asked for, why, and who answers it when.
func (s *Server) askedChange(c *gin.Context, page *doPage, k workflow.Case, today workflow.Date) error {
	x := k.App.ChangeOpen()
	if x == nil {
		return nil
	}
	sittings, err := s.nextSittings(c, today)
	if err != nil {
		return err
	}
	l := page.Lang
	if after, wrong := workflow.MergePatch(k.App.Form, x.Proposed); len(wrong) == 0 {
		page.Changes = changeRows(l, k, after)
	}
	page.Asked = []Fact{
		{Term: lang.T(l, "grant.change.cause"), Value: lang.T(l, "grant.cause."+x.Cause)},
		{Term: lang.T(l, "grant.change.why"), Value: x.Reason},
		{
			Term:  lang.T(l, "grant.change.who"),
			Value: lang.T(l, "body."+x.Level),
			Note:  changeByWords(l, k.Round.Rules, x.Level, workflow.DateOf(x.AskedAt), sittings),
		},
	}
	return nil
}

// undoneFacts tell whose step is taken back.
func (s *Server) undoneFacts(c *gin.Context, l lang.Lang, k workflow.Case) []Fact {
	u := k.App.Undoable()
	if u == nil {
		return nil
	}
	return []Fact{{Term: lang.T(l, "act.take_back.what"), Value: s.calledBy(c, u.By) + " " + lang.T(l, "done."+string(u.Action))}}
}

// reviewQuotes are the application's words beside the scores, and what the others wrote where it may be read.
func (s *Server) reviewQuotes(c *gin.Context, l lang.Lang, k workflow.Case, by workflow.Actor) (list []Quote) {
	t := k.App.Form.Text
	for _, q := range []struct{ key, text string }{{"text.summary", t.Summary}, {"text.background", t.Background}, {"text.purpose", t.Purpose}, {"text.curriculum_link", t.CurriculumLink},
		{"text.preparation", t.Preparation}, {"text.inclusion", t.Inclusion}, {"text.risk", t.Risk}, {"text.climate", t.Climate}, {"text.dissemination", t.Dissemination}, {"activity.reciprocal", k.App.Form.Activity.Reciprocal}} {
		if q.text != "" {
			list = append(list, Quote{Term: lang.T(l, "ask."+q.key), Text: q.text})
		}
	}
	for _, r := range workflow.VisibleReviews(k, by) {
		if r.Person == by.ID || !r.Done() {
			continue
		}
		for _, name := range k.Round.Rules.Criteria() {
			list = append(list, Quote{Term: name + ": " + fmt.Sprint(r.Ratings[name]), Text: r.Comments[name], By: s.calledBy(c, r.Reviewer)})
		}
	}
	return list
}
