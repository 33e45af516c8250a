package workflow

import (
	"encoding/json"
	"slices"
)

// RequestChange asks for other dates, another partner, other numbers … before it happens (RF-20).
type RequestChange struct {
	Type     string    `json:"type"`
	Proposed RawObject `json:"proposed"`
	Cause    string    `json:"cause"`
	Reason   string    `json:"reason"`
}

func (RequestChange) Action() Action { return ActRequestChange }

func (RequestChange) guard(t *turn) error {
	if !t.App.Decision.Favourable() {
		return Refused{Code: "nothing_granted"}
	}
	if t.App.ChangeOpen() != nil {
		return Refused{Code: "change_open"}
	}
	if t.App.Cancelled != nil {
		return Refused{Code: "cancelled"}
	}
	return nil
}

// changeable are the parts of the form that a change may touch. What is asked
// for, by whom and in which round never changes after the decision.
var changeable = []string{"activity", "partner", "participants", "text", "budget", "funding", "voluntary"}

// ChangeTypes lists what a change may be called.
var ChangeTypes = []string{"dates", "partner", "country", "participants", "staff", "programme", "budget"}

func (k *RequestChange) check(t *turn) {
	if !slices.Contains(ChangeTypes, k.Type) {
		t.fault("type", "choice")
	}
	if !slices.Contains([]string{"own", "outside"}, k.Cause) {
		t.fault("cause", "choice")
	}
	t.needText("reason", k.Reason)
	paths := PatchedFields(k.Proposed)
	if len(paths) == 0 {
		t.fault("proposed", "required")
		return
	}
	for _, path := range paths {
		if !slices.ContainsFunc(changeable, func(f string) bool { return under(path, f) }) {
			t.fault("proposed."+path, "not_this_change")
		}
	}
	form, v := MergePatch(t.App.Form, k.Proposed)
	for _, x := range v {
		t.fault("proposed."+x.Field, x.Code)
	}
	if len(v) > 0 {
		return
	}
	after := t.Case
	after.App.Form = form
	for _, x := range after.stops() {
		moved := x.Code == "dates_order" && slices.Contains(paths, "activity.start") // the last day is wrong by the first
		if moved || slices.ContainsFunc(paths, func(p string) bool { return under(x.Field, p) || under(p, x.Field) }) {
			x.Field = "proposed." + x.Field
			t.faults = append(t.faults, x)
		}
	}
}

func (k *RequestChange) apply(t *turn) {
	form, _ := MergePatch(t.App.Form, k.Proposed)
	c := Change{N: len(t.App.Changes) + 1, Type: k.Type, Proposed: k.Proposed, Cause: k.Cause, Reason: k.Reason, AskedAt: t.at}
	c.ShiftDays = shift(t.App.Form, form)
	c.Level = t.changeLevel(form)
	t.App.Changes = append(t.App.Changes, c)
	t.mail("other", "officer")
	if c.Level != ByItself {
		t.mail("other", "decider")
	}
	t.note("n", c.N, "type", k.Type, "proposed", json.RawMessage(k.Proposed), "level", c.Level)
}

// shift is how many days the trip moves: its first day, or the last where only that moves. Nil: it doesn't.
func shift(before, after Form) *int {
	s1, e1, ok1 := before.Activity.Days()
	s2, e2, ok2 := after.Activity.Days()
	if !ok1 || !ok2 || s1 == s2 && e1 == e2 {
		return nil
	}
	days := s1.DaysUntil(s2)
	if days == 0 {
		days = e1.DaysUntil(e2)
	}
	return &days
}

// changeLevel says who decides a change (RF-20): the officer small ones, the
// decider everything else. It looks at what is changed, not at what it is called.
func (c Case) changeLevel(after Form) string {
	before, r := c.App.Form, c.Round.Rules
	up := c.App.Decision.Body
	if days := shift(before, after); days != nil {
		s1, e1, _ := before.Activity.Days()
		s2, e2, _ := after.Activity.Days()
		moved := max(abs(s1.DaysUntil(s2)), abs(e1.DaysUntil(e2)))
		from, to := c.Round.TripFrom, c.Round.TripTo
		if moved > r.ChangeOfficerDays || !from.IsZero() && s2.Before(from) || !to.IsZero() && s2.After(to) {
			return up
		}
	}
	if before.Partner != after.Partner || before.Activity.Type != after.Activity.Type {
		return up
	}
	if p := num(before.Participants.Pupils); p > 0 && !r.ChangePupilDrop.AtMost(p-num(after.Participants.Pupils), p) {
		return up
	}
	if p := num(before.Participants.VisitingPupils); p > 0 && !r.ChangePupilDrop.AtMost(p-num(after.Participants.VisitingPupils), p) {
		return up
	}
	if !r.ChangeLineShare.AtMost(movedBetweenLines(before, after), before.TotalCost()) {
		return up
	}
	return ByItself
}

// movedBetweenLines is the money that lines gain: what one line loses another gains.
func movedBetweenLines(before, after Form) int64 {
	was := map[int64]int64{}
	for _, l := range before.Lines() {
		was[l.Line] += l.Sum()
	}
	var gained, lost int64
	for _, l := range after.Lines() {
		if d := l.Sum() - was[l.Line]; d > 0 {
			gained += d
		} else {
			lost -= d
		}
		delete(was, l.Line)
	}
	for _, left := range was {
		lost += left
	}
	return max(gained, lost)
}

func abs(n int) int { return max(n, -n) }

// DecideChange answers a change. Never a higher sum.
type DecideChange struct {
	Outcome string   `json:"outcome"`
	Reason  string   `json:"reason"`
	Meeting *Meeting `json:"meeting,omitempty"` // where the committee or the board answered (KL 5:65–69)
}

func (DecideChange) Action() Action { return ActDecideChange }

func (DecideChange) guard(t *turn) error {
	if t.App.ChangeOpen() == nil {
		return Refused{Code: "no_change"}
	}
	return nil
}

// may: the officer decides small changes; who decided the grant decides the others, and may decide the small ones.
func (DecideChange) may(t *turn) error {
	c := t.App.ChangeOpen()
	if c == nil || t.App.Decision == nil {
		return nil
	}
	if c.Level == ByItself && t.by.Is(Officer) {
		return nil
	}
	return t.decides(t.changeBody())
}

// changeBody is who answers a change that isn't the officer's: who decided the
// grant, or the committee where the head of office did and is in conflict (KL 6:28).
func (c Case) changeBody() string {
	if c.App.Decision.Body == Delegate && c.Facts.HeadConflict {
		return Committee
	}
	return c.App.Decision.Body
}

func (k *DecideChange) check(t *turn) {
	if k.Outcome != "approved" && k.Outcome != "refused" {
		t.fault("outcome", "choice")
	}
	t.needText("reason", k.Reason)
	switch {
	case k.Meeting == nil:
	case !meets(t.changeAnswerer(t.by)):
		t.fault("meeting", "no_meeting")
	case k.Meeting.Urgent != nil:
		t.fault("meeting.urgent", "unknown_field")
	default:
		t.checkMeeting(k.Meeting)
	}
}

// changeAnswerer is who answers the open change when this person does.
func (c Case) changeAnswerer(by Actor) string {
	if x := c.App.ChangeOpen(); x.Level == ByItself && by.Is(Officer) {
		return ByItself
	}
	return c.changeBody()
}

// meets tells whether a body decides at meetings.
func meets(body string) bool { return body == Committee || body == Board }

// ChangeAtMeeting is the body at whose meeting the open change is answered when this person records it; "" where no meeting answers it.
func ChangeAtMeeting(c Case, by Actor) string {
	if c.App.ChangeOpen() == nil || c.App.Decision == nil || !meets(c.changeAnswerer(by)) {
		return ""
	}
	return c.changeAnswerer(by)
}

func (k *DecideChange) apply(t *turn) {
	by := t.changeAnswerer(t.by)
	c := t.App.ChangeOpen()
	c.Outcome, c.Answer, c.Decider, c.DecidedAt, c.DecidedBy, c.Meeting = k.Outcome, k.Reason, t.by.Email, t.at, by, k.Meeting
	t.note("n", c.N, "outcome", k.Outcome, "reason", k.Reason, "decided_by", c.DecidedBy)
	if m := c.Meeting; m != nil {
		m.Present, m.Conflicted = list(m.Present), list(m.Conflicted)
		t.note("meeting_date", m.Date)
	}
	t.job(JobAmendmentLetter, t.at, "n", c.N)
	t.mail("change_decided", "applicant", "principal")
	if k.Outcome == "approved" {
		before := t.App.Form.Activity
		c.Was = replacedBy(t.App.Form, c.Proposed)
		t.App.Form, _ = MergePatch(t.App.Form, c.Proposed)
		if before.Start != t.App.Form.Activity.Start || before.End != t.App.Form.Activity.End {
			t.moveEarliest()
			t.travelJobs()
		}
	}
	t.checkPayableLater()
}

// replacedBy is the merge patch that takes a patch back: what the form holds where the patch writes.
func replacedBy(f Form, patch RawObject) RawObject {
	var held, change any
	raw, err := json.Marshal(f)
	if err != nil || decodeNumbers(raw, &held) != nil || decodeNumbers(patch, &change) != nil {
		return nil
	}
	raw, err = json.Marshal(heldWhere(held, change))
	if err != nil {
		return nil
	}
	return raw
}

func heldWhere(held, change any) any {
	c, patches := change.(map[string]any)
	h, holds := held.(map[string]any)
	if !patches || !holds {
		return held
	}
	out := map[string]any{}
	for key, v := range c {
		out[key] = heldWhere(h[key], v)
	}
	return out
}

// ChangeForms are the form before the change with that number, and with it: as it
// became where the change was approved, else as it would have become.
func (a Application) ChangeForms(number int) (before, after Form) {
	before = a.Form
	for i := len(a.Changes) - 1; i >= number-1; i-- {
		x := a.Changes[i]
		after = before
		if x.Outcome == "approved" && len(x.Was) > 0 {
			before, _ = MergePatch(before, x.Was)
		}
	}
	if x := a.Changes[number-1]; x.Outcome != "approved" {
		after, _ = MergePatch(before, x.Proposed)
	}
	return before, after
}

// overtakeChange ends a change that nobody had answered when the case took a way on which there is nothing left to
// change; else it could never be closed. The word says which way: it is the program's own, no person's answer.
func (t *turn) overtakeChange(by string) {
	if c := t.App.ChangeOpen(); c != nil {
		c.Outcome, c.Answer, c.DecidedAt = "refused", by, t.at
	}
}

// Overtaken tells whether the case took another way before anyone answered: Answer is then the program's own word.
func (c Change) Overtaken() bool { return !c.Open() && c.Decider == "" }

// moveEarliest counts the earliest day of what is still planned from the new first day; a paid instalment keeps its day.
func (t *turn) moveEarliest() {
	start, _, ok := t.App.Form.Activity.Days()
	for i := range t.App.Payments {
		if p := &t.App.Payments[i]; ok && !p.Earliest.IsZero() && (p.Status == PayPlanned || p.Failed()) {
			p.Earliest = start.AddDays(-t.Round.Rules.EarliestPaymentDays)
		}
	}
}
