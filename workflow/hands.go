package workflow

import (
	"slices"
	"strings"
)

// RemoveWriter takes a co-writer out again. Who applies may remove anyone, a
// co-writer only themselves.
type RemoveWriter struct{ Person int64 }

func (RemoveWriter) Action() Action { return ActRemoveWriter }

func (k *RemoveWriter) may(t *turn) error {
	if t.by.ID != t.App.ApplicantID && t.by.ID != k.Person {
		return Forbidden{Code: "main_writer"}
	}
	return nil
}

func (k *RemoveWriter) check(t *turn) {
	if !slices.Contains(t.App.Writers, k.Person) {
		t.fault("person", "unknown")
	}
}

func (k *RemoveWriter) apply(t *turn) {
	t.App.Writers = slices.DeleteFunc(t.App.Writers, func(id int64) bool { return id == k.Person })
	t.note("writer", k.Person)
}

// HandOver gives the application to another teacher of the school, as when
// somebody leaves: the school owns it. The principal does it, or the office.
type HandOver struct {
	Email  string
	Reason string
}

func (HandOver) Action() Action    { return ActHandOver }
func (k HandOver) Names() []string { return []string{k.Email} }

// MayHandOver tells whether somebody may give the application to a colleague.
// A principal may without reading a draft, and so may the office.
func MayHandOver(c Case, by Actor) bool {
	return c.App.SchoolID != 0 && c.App.Channel != "paper" && (by.At(Principal, c.App.SchoolID) || by.Is(Officer) && !c.App.InConflict(by.ID))
}

func (k *HandOver) may(t *turn) error {
	if !MayHandOver(t.Case, t.by) {
		return Forbidden{Code: "role"}
	}
	return nil
}

func (k *HandOver) check(t *turn) {
	p, ok := t.Facts.People[k.Email]
	switch {
	case !ok || !p.At(Teacher, t.App.SchoolID):
		t.fault("email", "no_colleague")
	case p.ID == t.App.ApplicantID:
		t.fault("email", "already_applicant")
	}
	t.needText("reason", k.Reason)
}

func (k *HandOver) apply(t *turn) {
	p, before := t.Facts.People[k.Email], t.App.ApplicantEmail
	t.note("to", p.Email, "before", before, "reason", strings.TrimSpace(k.Reason))
	t.App.ApplicantID, t.App.ApplicantEmail, t.App.ApplicantName = p.ID, p.Email, p.Name
	t.App.Writers = slices.DeleteFunc(t.App.Writers, func(id int64) bool { return id == p.ID })
	if strings.EqualFold(t.App.Form.Applicant.ContactEmail, before) {
		t.App.Form.Applicant.ContactEmail, t.App.Form.Applicant.ContactPhone = p.Email, ""
	}
	t.mail("other", "applicant")
}

// CopyForm is a new draft from an earlier application: what the school is and
// wants is kept, what belongs to that time is not. Days, sums that others gave,
// assurances and the letter's date are written anew.
func CopyForm(f Form, round string) Form {
	f = Application{Form: f}.Clone().Form
	f.Round = round
	f.Activity.Start, f.Activity.End, f.Partner.LetterOfIntent = "", "", LetterOfIntent{}
	f.Declarations, f.Requested, f.Voluntary = Declarations{}, nil, nil
	for i := range f.Text.Programme {
		f.Text.Programme[i].Day = ""
	}
	f.Funding = slices.DeleteFunc(f.Funding, func(x Funding) bool { return x.Type != "own" && x.Type != "in_kind" })
	for i := range f.Funding {
		f.Funding[i].Status, f.Funding[i].Covers = "planned", nil
	}
	return f
}
