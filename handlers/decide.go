package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// decisionPage is a proposal as it is read aloud, and for the decider the form of the decision.
type decisionPage struct {
	Page
	Form     *Form
	Post     string // "" where the decision is not this person's
	Words    words
	Meeting  bool
	Urgent   bool  // the chair decides alone (KL 6:39)
	Gone     bool  // it is no proposal any more; what was typed stands to be copied
	How      *Link // the other way to decide
	Remit    *Button
	Seen     string // what the shown letter says; the decision must say the same
	Letter   *Letter
	Sends    string // when the letter goes
	Held     bool   // it waits whatever the decider presses
	Speak    string
	Proposal []Fact
	Reasons  []string
	Facts    []Fact
	Limits   []Fact
	Pot      Pot
	TooMuch  *Note // more than the round has left
	Findings []FindingView
	Similar  []Fact
	Links    []Link
	Why      *Note
	Told     *Note
	Items    []Option // of the delegation order that fit
	Unfit    []Fact   // those that don't, and why
}

// showDecision is a proposal with the facts beside it, and the letter as it would be sent.
func (s *Server) showDecision(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	if k.App.Proposal == nil || k.App.State != workflow.Proposed {
		return s.drawCase(c, k)
	}
	f := formFor(c, k)
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	today := workflow.DateOf(now)
	prefillProposal(f, prior{k: k, today: today})
	if k.DecisionBody() != workflow.Delegate {
		s.prefillMeeting(c, f, k, today)
	} else if items, _, err := s.itemChoice(c, f.Lang, f, k, today); err != nil {
		return err
	} else if len(items) == 1 {
		f.Set("delegation_item", items[0].Value)
	}
	cmd, err := decideOf(f, decisionBody(f, k))
	if err != nil {
		return err
	}
	letter, err := s.draftedLetter(c, k, f, cmd)
	if err != nil {
		return err
	}
	return s.drawDecision(c, http.StatusOK, k, f, letter, nil)
}

// decisionBody reads the decision's body; only what belongs to its level.
func decisionBody(f *Form, k workflow.Case) map[string]any {
	body := readDo(f, workflow.ActDecide, k.Round.Rules)
	if k.DecisionBody() == workflow.Delegate {
		delete(body, "meeting")
		return body
	}
	delete(body, "delegation_item")
	if m, ok := body["meeting"].(map[string]any); ok && f.Raw("how") == "urgent" {
		delete(m, "item_no")
	} else if ok {
		delete(m, "urgent")
	}
	return body
}

// saying is a mark of everything that a decision's letter says. Who was there
// and who was against stand in the minutes alone.
func saying(body map[string]any) (string, error) {
	body = maps.Clone(body)
	if m, ok := body["meeting"].(map[string]any); ok {
		m = maps.Clone(m)
		for _, name := range []string{"present", "conflicted", "reservations"} {
			delete(m, name)
		}
		body["meeting"] = m
	}
	raw, err := json.Marshal(body) // maps are written in order of their names
	if err != nil {
		return "", fmt.Errorf("decision: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8]), nil
}

// postDecision decides. The letter that the decider has seen must be the one
// that will be sent: after a change it is shown once more, before anything is decided.
func (s *Server) postDecision(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	if k.App.Proposal == nil || k.App.State != workflow.Proposed {
		return s.decidedBefore(c, k, f)
	}
	if _, pressed := f.ChangeRows(); pressed {
		return s.drawDecision(c, http.StatusOK, k, f, nil, nil)
	}
	draft := newForm(c)
	draft.SetKronor("amount", &k.App.Proposal.Amount)
	zeroDraft(f, draft)
	body := decisionBody(f, k)
	cmd, err := decideOf(f, body)
	if err != nil {
		return err
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	checkOutcome(f, k, workflow.DateOf(now))
	checkMeeting(f, k)
	letter, err := s.draftedLetter(c, k, f, cmd)
	if err != nil {
		return err
	}
	if !f.OK() || f.Raw("do") != "preview" { // nobody is asked to read a letter again and then told of a fault
		if err := s.tellRest(c, k, f, &cmd); err != nil {
			return err
		}
	}
	if !f.OK() {
		return s.drawDecision(c, http.StatusUnprocessableEntity, k, f, letter, nil)
	}
	mark, err := saying(body)
	if err != nil {
		return err
	}
	switch {
	case f.Raw("do") == "preview":
		return s.drawDecision(c, http.StatusOK, k, f, letter, nil)
	case f.Raw("seen") != mark:
		l, _ := LangOf(c.Request)
		return s.drawDecision(c, http.StatusOK, k, f, letter, &Note{Kind: "warn", Strong: lang.T(l, "decide.changed"), Text: lang.T(l, "decide.changed.text")})
	}
	if f.Raw("do") == "decide_hold" { // the letter is the same, only later: it is no part of what was seen
		body["hold_letter"] = lang.T(f.Lang, "decide.hold.reason")
	}
	status, err := s.takeBody(c, &k, f, workflow.ActDecide, body)
	if err != nil {
		return err
	}
	if status == http.StatusConflict && k.App.State != workflow.Proposed {
		return s.decidedBefore(c, k, f)
	}
	if status != 0 {
		return s.drawDecision(c, status, k, f, letter, nil)
	}
	if err := s.carryPresence(c, k.App.ID, k.DecisionBody(), f); err != nil {
		return err
	}
	return s.afterDecision(c, k, f)
}

func (s *Server) drawDecision(c *gin.Context, status int, k workflow.Case, f *Form, letter *Letter, told *Note) error {
	p, err := s.newPage(c, "decisions.proposal")
	if err != nil {
		return err
	}
	l, by, today, x := p.Lang, actorOf(c), workflow.DateOf(p.Now), k.App.Proposal
	p.Title, p.Over, p.Tags, p.Errors = k.App.Form.Title, strings.TrimSpace(
		lang.Item(f.Raw("meeting.item_no"))+" "+k.App.DNR,
	), []Tag{
		StateTag(l, k.App.State, false),
	}, f.Errors
	if p.Back, err = s.decisionBack(c, l, f); err != nil {
		return err
	}
	page := decisionPage{
		Page:     p,
		Form:     f,
		Told:     told,
		Letter:   letter,
		Facts:    caseFacts(l, k),
		Limits:   limitSums(l, k, today),
		Findings: s.findingViews(c, l, k, today),
		Meeting:  k.DecisionBody() != workflow.Delegate,
	}
	if x != nil {
		page.Speak, page.Proposal, page.Reasons = x.Text, s.proposalFacts(c, l, k), reasonWords(l, x.Reasons)
	}
	if page.Seen, err = saying(decisionBody(f, k)); err != nil {
		return err
	}
	page.Words = wordsOf(l, f, k, today, outcomes.values)
	if !page.Meeting {
		if page.Items, page.Unfit, err = s.itemChoice(c, l, f, k, today); err != nil {
			return err
		}
	}
	if page.Pot, page.TooMuch, err = s.potAfter(c, l, k, typedSum(f, k)); err != nil {
		return err
	}
	page.Sends, page.Held = s.letterGoes(c, l, k, f)
	page.Urgent, page.Gone = f.Raw("how") == "urgent", k.App.State != workflow.Proposed
	open := workflow.Allowed(k, by, p.Now)
	if slices.Contains(open, workflow.ActDecide) || status >= 400 && (by.Is(workflow.Head) || by.Is(workflow.Secretary)) {
		page.Post = fmt.Sprintf("/decisions/%d", k.App.ID)
	} else {
		page.Why = &Note{Strong: lang.T(l, "decisions.not_you", lang.Args{"Body": lang.T(l, "body."+k.DecisionBody())})}
		if k.Facts.Blocked {
			page.Why = &Note{Kind: "warn", Strong: SayRefused(l, workflow.Refused{Code: "blocked"})}
		}
	}
	if slices.Contains(open, workflow.ActRemitBack) {
		page.Remit = &Button{Text: lang.T(l, "action.remit_back"), Href: remitHref(k, f), Variant: "secondary"}
	}
	if page.Meeting && page.Post != "" && !page.Gone {
		page.How = howLink(l, k, f)
	}
	page.Links = append(page.Links, Link{Text: lang.T(l, "document.proposal") + " (PDF)", Href: fmt.Sprintf("/cases/%d/proposal.pdf", k.App.ID)})
	page.Links = append(page.Links, Link{Text: lang.T(l, "decisions.case"), Href: fmt.Sprintf("/cases/%d", k.App.ID)})
	if page.Similar, err = s.similarFacts(c, l, k); err != nil {
		return err
	}
	return s.page(c, status, "decision/proposal", page)
}

// proposalFacts are the proposal in short.
func (s *Server) proposalFacts(c *gin.Context, l lang.Lang, k workflow.Case) []Fact {
	x := k.App.Proposal
	facts := []Fact{
		{Term: lang.T(l, "field.outcome"), Value: lang.T(l, "outcome."+x.Outcome)},
		{Term: lang.T(l, "field.amount"), Value: lang.Money(l, x.Amount), Strong: true},
		{Term: lang.T(l, "fact.decider"), Value: lang.T(l, "body."+k.DecisionBody()), Note: sentUp(l, k)},
		{Term: lang.T(l, "decisions.by"), Value: s.calledBy(c, x.By)},
	}
	for _, cond := range x.Conditions {
		by := ""
		if !cond.DueOn.IsZero() {
			by = lang.T(l, "tasks.by", lang.Args{"Day": lang.Day(l, cond.DueOn.String())})
		}
		facts = append(facts, Fact{Term: lang.T(l, "field.conditions.text"), Value: cond.Text, Note: by})
	}
	if x.StateAid != "" {
		facts = append(facts, Fact{Term: lang.T(l, "field.state_aid_basis"), Value: lang.T(l, "state_aid."+x.StateAid)})
	}
	child := x.Child
	if child == "" {
		child = lang.T(l, childKey(k, x.Outcome))
	}
	return append(facts, Fact{Term: lang.T(l, "notice.child"), Value: child})
}

// sentUp says why the committee decides a case that is small enough for the head.
func sentUp(l lang.Lang, k workflow.Case) string {
	if k.SentUp() {
		return lang.T(l, "decide.sent_up")
	}
	return ""
}

func reasonWords(l lang.Lang, codes []string) (list []string) {
	for _, r := range codes {
		list = append(list, lang.T(l, "reason."+r)+" ("+r+")")
	}
	return list
}
