package handlers

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// exchangeScheme is the scheme that the front page explains and reckons with.
const exchangeScheme = "skolutbyte"

// limitLevels are the school forms of the front page's table and calculator, in the order of the page.
var limitLevels = []string{"grundskola", "anpassad_grundskola", "gymnasieskola", "anpassad_gymnasieskola"}

type startPage struct {
	Page
	Form   *Form
	Rounds []startRound
	Limits Table
	Steps  []Step
	None   *Empty // no round for schools is open
	Tally  *Tally
	In     bool
}

// startRound is an open round, or one that is coming, with its days and its money.
type startRound struct {
	ID, Title string
	Facts     []Fact
	Dated     bool
}

// showStart is the front page: the fund, the open rounds, the limits and the calculator.
func (s *Server) showStart(c *gin.Context) error {
	p, err := s.newPage(c, "start.title")
	if err != nil {
		return err
	}
	p.Lead = lang.T(p.Lang, "start.lead")
	page := startPage{
		Page: p,
		Form: ReadForm(p.Lang, c.Request.URL.Query()),
		In:   actorOf(c).ID != 0,
	}
	open, err := s.openRounds(c, p)
	if err != nil {
		return err
	}
	rules, err := s.startRules(c, open)
	if err != nil {
		return err
	}
	coming, err := s.comingRounds(c, p)
	if err != nil {
		return err
	}
	page.None = noneOpen(p.Lang, open, coming)
	for _, r := range slices.Concat(open, coming) {
		page.Rounds = append(page.Rounds, r.onStart(p.Lang))
	}
	page.Limits, page.Steps = startLimits(p.Lang, rules), startSteps(p.Lang, rules)
	if page.Form.Has("level") {
		page.Tally = calculate(page.Form, rules, workflow.DateOf(p.Now))
	}
	page.Errors = page.Form.Errors
	return s.page(c, http.StatusOK, "public/start", page)
}

// startRules are those of the exchanges' open round, or else the newest.
func (s *Server) startRules(c *gin.Context, open []roundChoice) (workflow.Rules, error) {
	for _, r := range open {
		if r.Scheme == exchangeScheme {
			return r.Round.Rules, nil
		}
	}
	set, err := s.store.NewestRules(c.Request.Context(), exchangeScheme)
	if err != nil {
		return workflow.Rules{}, err
	}
	return workflow.DecodeRules(set.Rules)
}

func (r roundChoice) onStart(l lang.Lang) startRound {
	x := startRound{ID: r.ID, Dated: r.Dated, Title: lang.T(l, "start.round", lang.Args{"Name": r.Name})}
	closes := lang.T(l, "apply.rolling")
	if end := r.Round.Deadline(0); !end.IsZero() {
		closes = lang.LongDateTime(l, end)
	}
	x.Facts = []Fact{{Term: lang.T(l, "start.closes"), Value: closes}}
	if r.Round.ExtendedForAll() {
		x.Facts = append(x.Facts, Fact{Term: lang.T(l, "start.extended"), Value: r.Round.ExtendReason})
	}
	if r.Opens != "" {
		x.Title = r.Name
		x.Facts = append([]Fact{{Term: lang.T(l, "start.opens"), Value: lang.LongDateTime(l, r.Round.OpensAt)}}, x.Facts...)
	}
	if !r.Round.TripFrom.IsZero() {
		x.Facts = append(x.Facts, Fact{Term: lang.T(l, "start.window"), Value: lang.Days(l, r.Round.TripFrom.String(), r.Round.TripTo.String())})
	}
	if !r.Round.Meeting.IsZero() {
		x.Facts = append(x.Facts, Fact{Term: lang.T(l, "start.meeting"), Value: lang.LongDate(l, r.Round.Meeting.At(0, 0))})
	}
	if r.Round.Budget > 0 {
		x.Facts = append(x.Facts, Fact{Term: lang.T(l, "start.budget"), Value: lang.Money(l, r.Round.Budget)})
	}
	return x
}

// startLimits are the limits of a grant (RF-06, RF-07, RF-08), in whole kronor.
func startLimits(l lang.Lang, rules workflow.Rules) Table {
	t := Table{
		Caption:     lang.T(l, "start.limits"),
		HideCaption: true,
		Head:        []Column{{Text: lang.T(l, "start.limit")}, {Text: lang.T(l, "start.limit.most"), Sum: true}},
	}
	row := func(text, note, sum string) {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: text, Note: note}, {Text: sum}}})
	}
	for _, level := range limitLevels {
		if most := rules.CapPerPupil[level]; most > 0 {
			row(lang.T(l, "start.limit.pupil", lang.Args{"Level": lang.T(l, "level."+level)}), "", lang.Money(l, most))
		}
	}
	if rules.CapPerStaff > 0 && rules.StaffPerPupils > 0 {
		row(
			lang.T(l, "start.limit.staff"),
			lang.T(l, "start.limit.staff.note", lang.Args{"Pupils": rules.StaffPerPupils, "Min": rules.StaffMin}),
			lang.Money(l, rules.CapPerStaff),
		)
	}
	row(lang.T(l, "start.limit.share"), "", lang.PercentWords(l, rules.ShareCap))
	if most := rules.MaxPerApplication; most != nil {
		row(lang.T(l, "start.limit.application"), "", lang.Money(l, *most))
	}
	return t
}

// startSteps tell how it goes from the first word to the report.
func startSteps(l lang.Lang, rules workflow.Rules) []Step {
	args := lang.Args{"Reviewers": rules.Reviewers, "Check": rules.CheckDays, "Earliest": rules.EarliestPaymentDays, "Report": rules.ReportDays}
	var steps []Step
	for _, key := range []string{"start.step.write", "start.step.principal", "start.step.assess", "start.step.decision", "start.step.report"} {
		steps = append(steps, Step{Title: lang.T(l, key+".h"), Text: lang.T(l, key, args)})
	}
	return steps
}

// calculate asks the one calculator about an exchange that is only imagined;
// nil when something can't be read, as a sum of the rest would be believed.
func calculate(f *Form, rules workflow.Rules, today workflow.Date) *Tally {
	cost := intOf(f.notBelowZero("cost", f.Kronor("cost")))
	k := workflow.Case{School: &workflow.School{Level: f.Text("level")}, Round: workflow.Round{Rules: rules}}
	external := f.notBelowZero("external", f.Kronor("external"))
	k.App.Form = workflow.Form{
		Activity:     workflow.Activity{Type: "outgoing_group"},
		Participants: workflow.Participants{Pupils: f.notBelowZero("pupils", f.Int("pupils")), Staff: f.notBelowZero("staff", f.Int("staff"))},
		Requested:    &cost,
		Budget:       []workflow.BudgetLine{{Line: 1, Code: "RES", Amount: &cost}},
	}
	if external != nil {
		k.App.Form.Funding = []workflow.Funding{{Type: "external_grant", Status: "confirmed", Amount: external}}
	}
	if !f.OK() {
		return nil
	}
	if cost == 0 || intOf(k.App.Form.Participants.Pupils) == 0 {
		return &Tally{ID: "tally", Title: lang.T(f.Lang, "tally.title"), Why: lang.T(f.Lang, "tally.empty")}
	}
	n := workflow.Compute(k, today)
	t := &Tally{
		ID:     "tally",
		Title:  lang.T(f.Lang, "tally.title"),
		Answer: lang.T(f.Lang, "tally.answer", lang.Args{"Sum": lang.Money(f.Lang, n.MaxGrant)}),
		Why:    lang.T(f.Lang, "tally.why."+n.Ruling),
	}
	for _, x := range limitSums(f.Lang, k, today) {
		if !x.Total && x.Term != lang.T(f.Lang, "limit.requested") {
			t.Limits = append(t.Limits, Limit{Text: x.Term, Sum: x.Value, Low: x.Strong})
		}
	}
	return t
}
