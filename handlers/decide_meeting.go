package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// prefillMeeting starts from the meeting where the case is on the agenda, else
// from the round's day; where the chair decides alone, from today.
func (s *Server) prefillMeeting(c *gin.Context, f *Form, k workflow.Case, today workflow.Date) {
	f.Set("meeting.date", today)
	if c.Query("how") == "urgent" {
		f.Set("how", "urgent")
		return
	}
	if day := k.Round.Meeting; !day.IsZero() && !day.After(today) {
		f.Set("meeting.date", day)
	}
	m, here, err := s.meetingFor(c, k, today)
	if err != nil {
		return // the form is filled in by hand
	}
	meet := m.Meeting(k.App.ID)
	f.Set("meeting.date", meet.Date)
	f.Set("meeting.present", strings.Join(meet.Present, "\n"))
	f.Set("meeting.conflicted", strings.Join(meet.Conflicted, "\n"))
	f.Set("meeting.item_no", meet.ItemNo)
	if here {
		f.Set("from_meeting", m.ID)
	}
}

// meetingFor is the meeting that the page was opened from (here), else the newest one since the proposal
// that has the case on its agenda, else the one of the round's day: who was there need not be typed again.
func (s *Server) meetingFor(c *gin.Context, k workflow.Case, today workflow.Date) (m workflow.Sitting, here bool, err error) {
	ctx := c.Request.Context()
	if id, err := strconv.ParseInt(c.Query("meeting"), 10, 64); err == nil {
		if m, err := s.store.Sitting(ctx, id); err != nil || slices.Contains(m.Agenda, k.App.ID) {
			return m, true, err
		}
	}
	list, err := s.store.Sittings(ctx)
	if err != nil {
		return m, false, err
	}
	proposed := workflow.DateOf(k.App.Proposal.At)
	for _, m := range list { // newest first
		if m.Body == k.DecisionBody() && !m.Day.After(today) && !m.Day.Before(proposed) && slices.Contains(m.Agenda, k.App.ID) {
			return m, false, nil
		}
	}
	if day := k.Round.Meeting; !day.IsZero() && !day.After(today) {
		m, err = s.store.SittingOn(ctx, k.DecisionBody(), day)
		return m, false, err
	}
	return m, false, workflow.ErrNotFound
}

// carryPresence notes in the meeting who took part in its first decision, where nobody has noted it
// there: the next case and the minutes have it from the meeting, and it is typed once. The decision
// stands whatever comes of this; a meeting that somebody else has just saved is left as they saved it.
func (s *Server) carryPresence(c *gin.Context, app int64, body string, f *Form) error {
	ctx, day := c.Request.Context(), f.Date("meeting.date")
	if day.IsZero() || body == "" || f.Raw("how") == "urgent" {
		return nil
	}
	m, err := s.store.SittingOn(ctx, body, day)
	if errors.Is(err, workflow.ErrNotFound) || err == nil && len(m.Present) > 0 {
		return nil
	}
	if err != nil {
		return err
	}
	m.Present = f.lines("meeting.present")
	for _, name := range f.lines("meeting.conflicted") {
		if !slices.Contains(m.Present, name) {
			m.Present = append(m.Present, name)
		}
		if slices.Contains(m.Agenda, app) {
			m.Conflicts = append(m.Conflicts, workflow.SittingConflict{Name: name, Application: app})
		}
	}
	err = s.store.SaveSitting(ctx, actorOf(c), m)
	var (
		wrong workflow.Violations
		not   workflow.Forbidden
	)
	if errors.Is(err, workflow.ErrStale) || errors.As(err, &wrong) || errors.As(err, &not) {
		return nil
	}
	return err
}

// meetingFrom is the meeting that the page was opened from; none is no fault.
func (s *Server) meetingFrom(c *gin.Context, f *Form) (m workflow.Sitting, ok bool) {
	id, err := strconv.ParseInt(f.Raw("from_meeting"), 10, 64)
	if err != nil {
		return m, false
	}
	m, err = s.store.Sitting(c.Request.Context(), id)
	return m, err == nil
}

// letterGoes says whether the letter goes with the decision, or why it will wait.
func (s *Server) letterGoes(c *gin.Context, l lang.Lang, k workflow.Case, f *Form) (text string, held bool) {
	why := k.Round.HoldLetters
	if m, ok := s.meetingFrom(c, f); ok && why == "" {
		why = m.HoldLetters
	}
	if k.App.Letter.Waits() {
		why = k.App.Letter.Reason
	}
	if why == "" {
		return schemeWord(l, forOrganisation(k), "decide.letter.lead"), false
	}
	return lang.T(l, "decide.letter.held", lang.Args{"Reason": why}), true
}

// decisionBack leads back to where the decider came from.
func (s *Server) decisionBack(c *gin.Context, l lang.Lang, f *Form) (*Link, error) {
	m, ok := s.meetingFrom(c, f)
	if !ok {
		return &Link{Text: lang.T(l, "menu.decisions"), Href: "/decisions"}, nil
	}
	return &Link{
		Text: lang.T(l, "meeting.title", lang.Args{"Body": lang.T(l, "body."+m.Body), "Day": lang.LongDay(l, m.Day.String())}),
		Href: fmt.Sprintf("/meetings/%d", m.ID),
	}, nil
}

// afterDecision leads on: to the meeting's next case, or to the case.
func (s *Server) afterDecision(c *gin.Context, k workflow.Case, f *Form) error {
	said := "decided.sent"
	if _, held := s.letterGoes(c, f.Lang, k, f); held || f.Raw("do") == "decide_hold" {
		said = "decided.held"
	}
	if m, ok := s.meetingFrom(c, f); ok {
		return s.see(c, fmt.Sprintf("/meetings/%d", m.ID), said)
	}
	return s.see(c, fmt.Sprintf("/cases/%d", k.App.ID), said)
}

// decidedBefore answers a decision on what is no proposal any more. The same
// button pressed twice is no fault; else what was typed is shown beside what holds.
func (s *Server) decidedBefore(c *gin.Context, k workflow.Case, f *Form) error {
	cmd, err := decideOf(f, decisionBody(f, k))
	if err != nil {
		return err
	}
	d := k.App.Decision
	if d != nil && d.DecidedBy == actorOf(c).Email && d.Outcome == cmd.Outcome && d.Granted == cmd.Amount && d.Text == cmd.Text {
		return s.afterDecision(c, k, f)
	}
	l := f.Lang
	now := lang.T(l, "state."+string(k.App.State))
	if d != nil {
		now = lang.T(l, "outcome."+d.Outcome)
		if d.Granted > 0 {
			now += ", " + lang.Money(l, d.Granted)
		}
	}
	note := &Note{Kind: "warn", Strong: lang.T(l, "decide.gone"), Text: lang.T(l, "decide.gone.text", lang.Args{"Now": now}),
		Links: []Link{{Text: lang.T(l, "decisions.case"), Href: fmt.Sprintf("/cases/%d", k.App.ID)}}}
	return s.drawDecision(c, http.StatusConflict, k, f, nil, note)
}

// howLink leads to the form for a meeting's decision, or to that for the chair's alone.
func howLink(l lang.Lang, k workflow.Case, f *Form) *Link {
	at := fmt.Sprintf("/decisions/%d", k.App.ID)
	if f.Raw("how") == "urgent" {
		return &Link{Text: lang.T(l, "decide.at_meeting"), Href: at}
	}
	if f.Raw("from_meeting") != "" {
		return nil
	}
	return &Link{Text: lang.T(l, "decide.urgent"), Href: at + "?how=urgent"}
}

// remitHref leads to sending the proposal back, from the meeting where there is one.
func remitHref(k workflow.Case, f *Form) string {
	at := fmt.Sprintf("/do/%d/remit_back", k.App.ID)
	if id := f.Raw("from_meeting"); id != "" {
		at += "?meeting=" + id
	}
	return at
}

// prefillRemit says which meeting sends the case back, where it is on one's agenda.
func (s *Server) prefillRemit(c *gin.Context, f *Form, k workflow.Case, today workflow.Date) {
	f.Set("from_meeting", c.Query("meeting"))
	m, ok := s.meetingFrom(c, f)
	if !ok || !slices.Contains(m.Agenda, k.App.ID) {
		f.Set("from_meeting", "")
		return
	}
	if !m.Day.After(today) { // a day to come would be refused
		f.Set("meeting_date", m.Day)
	}
}

// checkMeeting asks who took part, as the minutes must say it (KL 5:66), or who
// decided alone and why.
func checkMeeting(f *Form, k workflow.Case) {
	if k.DecisionBody() == workflow.Delegate {
		return
	}
	if f.Raw("how") == "urgent" {
		f.Need("meeting.urgent.chair")
		f.Need("meeting.urgent.reason")
	} else if f.Text("meeting.present") == "" {
		f.Fail("meeting.present", "decide.need_present")
	}
}

// checkOutcome holds outcome and sum together, and asks for a coded reason
// where the rules lower the sum. Where less is granted than the rules allow, the
// grounds in free text say why; of a refusal the workflow asks itself.
func checkOutcome(f *Form, k workflow.Case, today workflow.Date) {
	sum, asked := typedSum(f, k), k.App.HighestRequested()
	switch outcome := f.Raw("outcome"); {
	case outcome == workflow.Granted && sum > 0 && sum < asked:
		f.Fail("outcome", "decide.is_partial", lang.Args{"Requested": lang.Money(f.Lang, asked)})
	case outcome == workflow.PartiallyGranted && sum > 0 && sum >= asked:
		f.Fail("outcome", "decide.is_whole")
	case outcome == workflow.PartiallyGranted && len(f.All("reasons")) == 0 && sum == workflow.Compute(k, today).MaxGrant:
		f.Fail("reasons", "decide.need_reason")
	case (outcome == workflow.Rejected || outcome == workflow.Dismissed) && f.Chosen("reasons", "R-CAP"):
		f.Fail("reasons", "decide.cap_refuses_none", lang.Args{"Reason": lang.T(f.Lang, "reason.R-CAP")})
	}
}

// decisionReasons are the coded reasons of a decision on an application. Money
// that was not used and a trip that did not take place come later, in a claim.
func decisionReasons(f *Form) (codes []string) {
	for _, code := range workflow.Reasons {
		if code != "R-UNUSED" && code != "R-CANCEL" || f.Chosen("reasons", code) {
			codes = append(codes, code)
		}
	}
	return codes
}
