package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// deskHref is the page of the officer's or the decider's own for an action; "" where the general form does.
func deskHref(k workflow.Case, a workflow.Action) string {
	pages := map[workflow.Action]string{
		workflow.ActPropose:           "propose",
		workflow.ActRuleEligibility:   "eligibility",
		workflow.ActRequestCompletion: "completion",
		workflow.ActAssignReviewers:   "reviewers",
	}
	if page, ok := pages[a]; ok {
		return fmt.Sprintf("/cases/%d/%s", k.App.ID, page)
	}
	if a == workflow.ActMessage {
		return fmt.Sprintf("/cases/%d/messages", k.App.ID)
	}
	if a == workflow.ActSetConsensus {
		return fmt.Sprintf("/reviews/%d", k.App.ID)
	}
	if a == workflow.ActDecide {
		return fmt.Sprintf("/decisions/%d", k.App.ID)
	}
	return ""
}

// deskTop is what the pages of preparing a case have in common.
func (s *Server) deskTop(c *gin.Context, k workflow.Case, f *Form, action workflow.Action) (Page, error) {
	p, err := s.newPage(c, "action."+string(action))
	if err != nil {
		return p, err
	}
	p.Over, p.Tags, p.Errors = k.App.DNR+" "+k.App.Form.Title, []Tag{StateTag(p.Lang, k.App.State, false)}, f.Errors
	p.Back = &Link{Text: lang.T(p.Lang, "act.back"), Href: fmt.Sprintf("/cases/%d", k.App.ID)}
	if key := "act." + string(action) + ".lead"; lang.Has(p.Lang, key) {
		p.Lead = lang.T(p.Lang, key)
	}
	return p, nil
}

// deskOpen reads the case and an empty form for an action that must be open now.
func (s *Server) deskOpen(c *gin.Context, a workflow.Action) (workflow.Case, *Form, workflow.Date, error) {
	k, f, err := s.grantOpen(c, a)
	if err != nil {
		return k, f, workflow.Date{}, err
	}
	now, err := s.store.Now(c.Request.Context())
	return k, f, workflow.DateOf(now), err
}

// letterOffice is what a letter must know, for a page in a language.
func (s *Server) letterOffice(c *gin.Context, l lang.Lang) notice.Office {
	return notice.Office{Lang: l, Email: s.Contact, Web: s.BaseURL, Name: func(email string) string {
		if email == "" {
			return lang.T(l, "decide.signs_here")
		}
		return s.calledBy(c, email)
	}}
}

// draftedLetter is the decision's letter as it would be sent with the form's
// words, and what keeps it from being sent. nil: the words don't hold yet.
func (s *Server) draftedLetter(c *gin.Context, k workflow.Case, f *Form, cmd workflow.DecideGrant) (*Letter, error) {
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return nil, err
	}
	then, wrong := workflow.PreviewDecision(k, actorOf(c), cmd, now)
	if len(wrong) > 0 {
		f.Refuse(wrong)
		return nil, nil
	}
	o, err := s.ownWords(c.Request.Context(), s.letterOffice(c, notice.LangOf(k)), now)
	if err != nil {
		return nil, err
	}
	n := notice.Decision(then, o)
	if f.OK() { // else what is missing is said at its field
		f.failLetter(k, actorOf(c), n.Faults())
	}
	letter := letterOf(n)
	letter.Preview = true
	return &letter, nil
}

// words are the controls of a proposal and of a decision.
type words struct {
	Outcome, Amount, Reasons, Text, Child Field
	StateAid                              *Field // of a project only
	Conditions                            RowSet
	Max                                   string
}

func wordsOf(l lang.Lang, f *Form, k workflow.Case, today workflow.Date, outcomesNow []string) words {
	most := workflow.Compute(k, today).MaxGrant
	field := func(name, kind string) Field {
		return Field{Form: f, Name: name, Kind: kind, Label: lang.T(l, "field."+name)}
	}
	w := words{
		Outcome:    field("outcome", "radios"),
		Amount:     field("amount", "money"),
		Reasons:    field("reasons", "checks"),
		Text:       field("text", "area"),
		Child:      field("child", "area"),
		Conditions: f.RowSet("conditions", "two", 0, nil, conditions.cells...),
		Max:        lang.Money(l, most),
	}
	w.Outcome.Options = Options(l, "outcome", outcomesNow...)
	w.Amount.Hint = lang.T(l, "decide.amount_hint", lang.Args{"Max": lang.Money(l, most), "Requested": lang.Money(l, k.App.LastRequested())})
	w.Reasons.Options, w.Reasons.Hint = Options(l, "reason", decisionReasons(f)...), lang.T(l, "decide.reasons_hint")
	w.Text.Hint, w.Text.Height = lang.T(l, "decide.text_hint"), 6
	w.Child.Hint, w.Child.Height, w.Child.Optional = lang.T(l, "decide.child_hint", lang.Args{"Words": lang.T(l, childKey(k, f.Raw("outcome")))}), 3, true
	if k.Scheme.NotesStateAid() {
		aid := field(stateAid.name, "select")
		aid.Options, aid.Empty, aid.Hint, aid.Optional = Options(
			l,
			stateAid.prefix,
			stateAid.values...), lang.T(
			l,
			"decide.state_aid.none",
		), lang.T(
			l,
			"decide.state_aid.hint",
		), true
		w.StateAid = &aid
	}
	return w
}

// childKey are the letter's own words about the best interests of the child.
func childKey(k workflow.Case, outcome string) string {
	return notice.ChildKey(k.Scheme, outcome != workflow.Rejected && outcome != workflow.Dismissed)
}

// potAfter is the round's money with this sum in it. What an earlier decision still holds is not counted twice.
func (s *Server) potAfter(c *gin.Context, l lang.Lang, k workflow.Case, sum int64) (Pot, *Note, error) {
	m, err := s.store.RoundMoney(c.Request.Context(), k.App.Round)
	if err != nil {
		return Pot{}, nil, err
	}
	take := max(0, sum-k.App.PaidNet())
	pot := roundPot(l, k.App.Round, m)
	i := slices.IndexFunc(pot.Parts, func(p PotPart) bool { return p.Kind == "left" })
	pot.Parts[i].Amount = max(0, m.Available-take)
	this, over := PotPart{Kind: "this", Text: lang.T(l, "decide.this"), Amount: min(take, max(0, m.Available))}, (*Note)(nil)
	if take > m.Available {
		this.Text = lang.T(l, "decide.this_fits")
		over = &Note{Kind: "bad", Strong: lang.T(l, "decide.over_budget", lang.Args{"Over": lang.Money(l, take-m.Available)})}
	}
	pot.Parts = slices.Insert(pot.Parts, i, this)
	return pot, over, nil
}

// proposePage is the officer's proposal, with what it leads to.
type proposePage struct {
	Page
	Form     *Form
	Post     string
	Words    words
	Limits   []Fact
	Decider  string
	Facts    []Fact
	Pot      Pot
	TooMuch  *Note // more than the round has left
	Findings []FindingView
	Similar  []Fact
	Letter   *Letter
	Chosen   *Note // what the round's chosen scenario gives
}

func (s *Server) showPropose(c *gin.Context) error {
	k, f, today, err := s.deskOpen(c, workflow.ActPropose)
	if err != nil {
		return err
	}
	prefillProposal(f, prior{k: k, today: today})
	x, err := s.chosenFor(c.Request.Context(), f.Lang, actorOf(c), k)
	if err != nil {
		return err
	}
	prefillChosen(f, k, x, today)
	f.Set("from", c.Query("from"))
	return s.drawPropose(c, http.StatusOK, k, f, nil)
}

func (s *Server) postPropose(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	if _, pressed := f.ChangeRows(); pressed {
		return s.drawPropose(c, http.StatusOK, k, f, nil)
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	x, err := s.chosenFor(c.Request.Context(), f.Lang, actorOf(c), k)
	if err != nil {
		return err
	}
	draft := newForm(c)
	prefillProposal(draft, prior{k: k, today: workflow.DateOf(now)})
	prefillChosen(draft, k, x, workflow.DateOf(now))
	zeroDraft(f, draft)
	body := readDo(f, workflow.ActPropose, k.Round.Rules)
	cmd, err := decideOf(f, body)
	if err != nil {
		return err
	}
	checkOutcome(f, k, workflow.DateOf(now))
	letter, err := s.draftedLetter(c, k, f, cmd)
	if err != nil {
		return err
	}
	if !f.OK() {
		return s.drawPropose(c, http.StatusUnprocessableEntity, k, f, letter)
	}
	if f.Raw("do") == "preview" {
		return s.drawPropose(c, http.StatusOK, k, f, letter)
	}
	status, err := s.takeBody(c, &k, f, workflow.ActPropose, body)
	if err != nil {
		return err
	}
	if status != 0 {
		return s.drawPropose(c, status, k, f, letter)
	}
	return s.afterProposal(c, k, f)
}

func (s *Server) drawPropose(c *gin.Context, status int, k workflow.Case, f *Form, letter *Letter) error {
	p, err := s.deskTop(c, k, f, workflow.ActPropose)
	if err != nil {
		return err
	}
	l, today := p.Lang, workflow.DateOf(p.Now)
	open := outcomes.values
	if k.App.State == workflow.UnderCheck && !k.Scheme.DirectProposal {
		open = []string{workflow.Rejected, workflow.Dismissed} // nothing is assessed yet
	}
	page := proposePage{
		Page:     p,
		Form:     f,
		Post:     fmt.Sprintf("/cases/%d/propose", k.App.ID),
		Words:    wordsOf(l, f, k, today, open),
		Limits:   limitSums(l, k, today),
		Facts:    caseFacts(l, k),
		Findings: s.findingViews(c, l, k, today),
		Letter:   letter,
	}
	sum := typedSum(f, k)
	page.Decider = lang.T(l, "body."+k.BodyFor(sum))
	if page.Pot, page.TooMuch, err = s.potAfter(c, l, k, sum); err != nil {
		return err
	}
	if page.Similar, err = s.similarFacts(c, l, k); err != nil {
		return err
	}
	x, err := s.chosenFor(c.Request.Context(), l, actorOf(c), k)
	if err != nil {
		return err
	}
	if page.Chosen = chosenNote(l, x); page.Chosen != nil {
		page.Chosen.Links = []Link{{Text: lang.T(l, "decide.chosen.see"), Href: "/rounds/" + k.App.Round + "/ranking"}}
	}
	return s.page(c, status, "case/propose", page)
}

// zeroDraft makes the sum of a refusal zero where it is still the draft's: whoever turns
// to a refusal need not empty a field that the program has filled.
func zeroDraft(f, draft *Form) {
	if o := f.Raw("outcome"); o != workflow.Rejected && o != workflow.Dismissed {
		return
	}
	if now, was := f.Kronor("amount"), draft.Kronor("amount"); now != nil && was != nil && *now == *was {
		f.SetKronor("amount", new(int64))
	}
}

// typedSum is the sum in the form, where it can be read.
func typedSum(f *Form, k workflow.Case) int64 {
	n := ReadForm(f.Lang, f.values).Kronor("amount")
	if n == nil || *n < 0 {
		return 0
	}
	return *n
}

// decideOf reads a body as a decision; what can't be read is noted in the form.
func decideOf(f *Form, body map[string]any) (workflow.DecideGrant, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return workflow.DecideGrant{}, fmt.Errorf("decision: %w", err)
	}
	cmd, err := workflow.ParseCommand(workflow.ActDecide, raw)
	if again, err := refusedForm(f, err); err != nil {
		return workflow.DecideGrant{}, err
	} else if again {
		return workflow.DecideGrant{}, nil
	}
	return *cmd.(*workflow.DecideGrant), nil
}
