package workflow

import (
	"slices"
	"strings"
	"time"
)

// Refs are the rows that a form points at, looked up by the store.
type Refs struct {
	Round  Round
	Scheme Scheme
	School *School
}

// Wants names the round, the school and the unit code that the form points at.
func (f Form) Wants() (round, school, unitCode string) {
	return f.Round, strings.TrimSpace(f.Applicant.School), strings.TrimSpace(f.Applicant.SchoolUnitCode)
}

// NewDraft begins an application. A draft without a round or a known school is
// kept; it just can't be filed. A teacher or principal of the school may begin one, or
// somebody of an outside organisation; others are Forbidden. A round that is
// unknown gives Violations, one that is not open Refused.
func NewDraft(refs Refs, by Actor, form Form, at time.Time) (Outcome, error) {
	by = by.Own() // an application is written in one's own name
	if !by.Is(Teacher) && !by.Is(External) && !by.Is(Principal) {
		return Outcome{}, Forbidden{Code: "role"}
	}
	if refs.School != nil && !by.Belongs(refs.School.ID) {
		return Outcome{}, Forbidden{Code: "other_school"}
	}
	if err := opened(refs.Round, form, at); err != nil {
		return Outcome{}, err
	}
	app := begin(refs, by, form, at)
	return Outcome{App: app, Event: Event{At: at, Actor: by.ID, By: by.Email, Action: ActSave, To: Draft, Data: map[string]any{"new": true}}}, nil
}

// opened refuses a round that is not open for drafts and filings.
func opened(r Round, form Form, at time.Time) error {
	if form.Round != "" && r.ID == "" {
		return Violations{{Field: "round", Code: "unknown_round"}}
	}
	if r.ID != "" && !r.Open(at) {
		return Refused{Code: "round_not_open", Args: map[string]any{"Round": r.Called()}}
	}
	return nil
}

func begin(refs Refs, by Actor, form Form, at time.Time) Application {
	if form.Scheme == "" {
		form.Scheme = refs.Scheme.Code
	}
	app := Application{State: Draft, Version: 1, Scheme: refs.Scheme.Code, Round: refs.Round.ID, Channel: "web", CreatedAt: at, Form: form,
		ApplicantID: by.ID, ApplicantEmail: by.Email, ApplicantName: by.Name, Account: Account{Version: 1}}
	app.bind(refs)
	return app
}

// bind points the application at the rows that its form names.
func (a *Application) bind(refs Refs) {
	a.SchoolID, a.OrgNo = 0, ""
	if refs.School != nil {
		a.SchoolID = refs.School.ID
	} else if a.Form.Applicant.Organisation != "" {
		a.OrgNo = PlainOrgNo(a.Form.Applicant.OrgNo)
	}
	a.Round, a.Scheme = refs.Round.ID, refs.Scheme.Code
}

// NewPaper files an application that came on paper, with its own arrival
// instant (FL 22 §). The officer registers it (others are Forbidden); the applicant is
// the school. What NewDraft refuses, and what keeps a form from being filed, it refuses too.
func NewPaper(c Case, by Actor, form Form, received, at time.Time) (Outcome, error) {
	if !by.Is(Officer) {
		return Outcome{}, Forbidden{Code: "role"}
	}
	if err := opened(c.Round, form, at); err != nil {
		return Outcome{}, err
	}
	if received.IsZero() {
		return Outcome{}, Violations{{Field: "received_at", Code: "required"}}
	}
	if received.After(at) {
		return Outcome{}, Violations{{Field: "received_at", Code: "in_future"}}
	}
	app := begin(Refs{c.Round, c.Scheme, c.School}, by, form, at)
	app.Channel, app.ApplicantID, app.ApplicantEmail, app.ApplicantName = "paper", 0, form.Applicant.ContactEmail, ""
	c.App = app
	if v := c.stops(); len(v) > 0 {
		return Outcome{}, v
	}
	t := newTurn(c, by, at)
	t.file(received)
	t.App.State = Submitted
	return Outcome{App: t.App, Event: Event{At: at, Actor: by.ID, By: by.Email, Action: ActFilePaper, To: Submitted, Data: t.data},
		Jobs: t.jobs, Filed: true}, nil
}

// Save changes the form by a JSON Merge Patch: a PATCH, or one saved step.
type Save struct {
	Patch []byte
	Refs  *Refs // set by the store for the changed form
	form  Form
}

func (Save) Action() Action { return ActSave }

// Preview gives the form as it would be, for looking up what it points at.
func (s Save) Preview(f Form) (Form, bool) {
	out, v := MergePatch(f, s.Patch)
	return out, len(v) == 0
}

func (s *Save) check(t *turn) {
	form, v := MergePatch(t.App.Form, s.Patch)
	t.faults = append(t.faults, v...)
	if len(v) > 0 {
		return
	}
	if t.App.State == CompletionRequested {
		for _, path := range PatchedFields(s.Patch) {
			if !slices.ContainsFunc(t.App.Completion.Points, func(p Point) bool { return under(path, patchable(p.Field)) }) {
				t.fault(path, "not_asked_for")
			}
		}
	}
	if was := t.App.Form.Scheme; was != "" && form.Scheme != was {
		t.fault("scheme", "fixed_field")
	}
	if s.Refs != nil {
		if s.Refs.School != nil && s.Refs.School.ID != t.App.SchoolID && !t.by.Own().Belongs(s.Refs.School.ID) {
			t.fault("applicant.school", "other_school")
		}
		if form.Round != "" && s.Refs.Round.ID == "" {
			t.fault("round", "unknown_round")
		}
	}
	s.form = form
}

// patchable is the field that a patch must name to change this one: lists are
// replaced whole, so "budget[2].amount" opens the budget.
func patchable(field string) string {
	whole, _, _ := strings.Cut(field, "[")
	return whole
}

// next: a change of money after the approval voids it (RF-02); anything else keeps the state.
func (s *Save) next(t *turn) State {
	if t.from == Approved && s.form.Money() != t.App.Approval.Money {
		return Draft
	}
	return t.from
}

func (s *Save) apply(t *turn) {
	before := t.App.Form
	t.App.Form = s.form
	if s.Refs != nil && !t.App.IsFiled() {
		t.App.bind(*s.Refs)
	}
	if before.Applicant.Payment != s.form.Applicant.Payment {
		t.App.Account = Account{Version: t.App.Account.Version + 1}
	}
	if t.App.State == Draft {
		t.App.Approval = nil
	}
	if t.App.State == CompletionRequested {
		t.App.Completion.Changed = true
	}
	t.note("fields", PatchedFields(s.Patch))
}
