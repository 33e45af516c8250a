package workflow

import (
	"fmt"
	"strings"
	"time"
)

// RequestCompletion asks the applicant for more and opens the named fields (RF-14).
type RequestCompletion struct {
	Points []Point `json:"points"`
	DueOn  Date    `json:"due_on"`
}

func (RequestCompletion) Action() Action { return ActRequestCompletion }

func (k *RequestCompletion) check(t *turn) {
	if len(k.Points) == 0 {
		t.fault("points", "required")
	}
	for i, p := range k.Points {
		if strings.TrimSpace(p.Field) == "" {
			t.fault(fmt.Sprintf("points[%d].field", i), "required")
		}
		t.needText(fmt.Sprintf("points[%d].text", i), p.Text)
	}
	if !k.DueOn.IsZero() && k.DueOn.Before(t.today()) {
		t.fault("due_on", "in_past")
	}
}

func (k *RequestCompletion) apply(t *turn) {
	t.takeOn()
	due := k.DueOn
	if due.IsZero() {
		due = t.today().AddDays(t.Round.Rules.CompletionDays)
	}
	t.App.Completion = &Completion{Points: k.Points, AskedAt: t.at, DueOn: due}
	t.mail("completion_asked", "applicant")
	t.completionJobs(t.today(), due)
	t.note("points", k.Points, "due_on", due)
}

// completionJobs reminds at half time and looks when the day has passed.
func (t *turn) completionJobs(from, due Date) {
	if from.DaysUntil(due) > 1 {
		t.job(JobCompletionHalf, halfTime(from, due), "due_on", due.String())
	}
	t.job(JobCompletionEnd, due.End(), "due_on", due.String())
}

// halfTime is the morning of the day in the middle between asking and the last day.
func halfTime(from, due Date) time.Time { return from.AddDays(from.DaysUntil(due)/2).At(7, 0) }

// ExtendCompletion gives more time, once (RF-14).
type ExtendCompletion struct {
	Days   int    `json:"days"`
	Reason string `json:"reason"`
}

func (ExtendCompletion) Action() Action { return ActExtendCompletion }

func (k *ExtendCompletion) guard(t *turn) error {
	if t.App.Completion.Extended > 0 {
		return Refused{Code: "extended_already"}
	}
	return nil
}

func (k *ExtendCompletion) check(t *turn) {
	limit := t.Round.Rules.CompletionExtensionDays
	if k.Days < 1 || k.Days > limit {
		t.ruleFault("RF-14", "days", "range", "Min", 1, "Max", limit)
	}
	t.needText("reason", k.Reason)
}

func (k *ExtendCompletion) apply(t *turn) {
	c := t.App.Completion
	asked := DateOf(c.AskedAt)
	reminded := !t.at.Before(halfTime(asked, c.DueOn))
	c.Extended, c.DueOn = k.Days, c.DueOn.AddDays(k.Days)
	if reminded { // once is enough
		t.job(JobCompletionEnd, c.DueOn.End(), "due_on", c.DueOn.String())
	} else {
		t.completionJobs(asked, c.DueOn)
	}
	t.mail("completion_asked", "applicant")
	t.note("days", k.Days, "reason", k.Reason, "due_on", c.DueOn)
}

// Complete answers the request; what was changed becomes the next version.
type Complete struct {
	Message string `json:"message"`
}

func (Complete) Action() Action { return ActComplete }

func (k *Complete) check(t *turn) {
	t.noPersonalNumber("message", k.Message)
	t.faults = append(t.faults, t.stops()...)
}

func (k *Complete) apply(t *turn) {
	t.App.Completion.Answered, t.App.Completion.Message = true, k.Message
	t.answer()
	t.mail("other", "officer")
	t.note("message", k.Message)
}

// answer makes the next version. Money changed since the principal saw it asks
// the principal again, while the first approval still counts for RF-13.
func (t *turn) answer() {
	money := t.App.Form.Money()
	changed := t.App.Filed[len(t.App.Filed)-1].Money != money
	t.App.Eligible = nil
	t.newVersion(t.at)
	if t.Scheme.NeedsPrincipal && changed && (t.App.Approval == nil || t.App.Approval.Money != money) {
		t.App.Unapproved = true
		t.mail("principal_asked", "principal")
	}
}

// ExpireCompletion is the machine taking the case back when the day has passed.
type ExpireCompletion struct{}

func (ExpireCompletion) Action() Action { return ActExpireCompletion }

func (ExpireCompletion) guard(t *turn) error {
	if !t.today().After(t.App.Completion.DueOn) {
		return Refused{Code: "not_yet"}
	}
	return nil
}

func (ExpireCompletion) apply(t *turn) {
	t.App.Completion.Expired = true
	if t.App.Completion.Changed { // what was written is judged, so it is kept as a version too
		t.answer()
	}
	t.mail("other", "officer")
}
