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
// kept; it just can't be filed. Who may begin one: a teacher of the school, or
// somebody of an outside organisation.
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
		a.OrgNo = a.Form.Applicant.OrgNo
	}
	a.Round, a.Scheme = refs.Round.ID, refs.Scheme.Code
}

// NewPaper files an application that came on paper, with its own arrival
// instant (FL 22 §). The officer registers it; the applicant is the school.
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

// Attach adds a file, or replaces one of the same kind when it names it.
type Attach struct {
	File     Attachment
	Replaces int64
}

func (Attach) Action() Action { return ActAttach }

// may: the officer adds the papers of an application that came on paper, and of no other.
func (k *Attach) may(t *turn) error {
	if t.App.Channel != "paper" && !t.App.IsApplicant(t.by.Person) {
		return Forbidden{Code: "role"}
	}
	return nil
}

func (k *Attach) check(t *turn) {
	if !slices.Contains(AttachmentKinds, k.File.Kind) {
		t.fault("kind", "choice")
	}
	if k.Replaces == 0 {
		return
	}
	i := slices.IndexFunc(t.App.Attachments, func(x Attachment) bool { return x.ID == k.Replaces })
	switch {
	case i < 0:
		t.fault("replaces", "unknown")
	case t.App.IsFiled() && (t.App.State != CompletionRequested || !t.App.Attachments[i].At.After(t.App.Completion.AskedAt)):
		t.fault("replaces", "already_filed") // what was filed stays; a new file stands beside it
	}
}

func (k *Attach) apply(t *turn) {
	if k.Replaces != 0 {
		t.App.Attachments = slices.DeleteFunc(t.App.Attachments, func(x Attachment) bool { return x.ID == k.Replaces })
	}
	t.App.Attachments = append(t.App.Attachments, k.File)
	t.note("attachment", k.File.ID, "kind", k.File.Kind, "name", k.File.Name, "sha256", k.File.SHA256)
	if k.File.Consent != nil {
		t.note("consent", true)
	}
}

// FileScanned is what the virus scanner said of a file, at once or when it answered again.
type FileScanned struct {
	ID   int64
	Scan string // clean | infected
}

func (FileScanned) Action() Action { return ActScanFile }

func (k *FileScanned) apply(t *turn) {
	for i := range t.App.Attachments {
		if t.App.Attachments[i].ID == k.ID {
			t.App.Attachments[i].Scan = k.Scan
			t.note("kind", t.App.Attachments[i].Kind)
		}
	}
	t.note("attachment", k.ID, "scan", k.Scan)
	if k.Scan == "infected" {
		t.mail("other", "applicant")
	}
}

// Detach takes a file out of a draft, or out of a named point of a completion.
type Detach struct{ ID int64 }

func (Detach) Action() Action { return ActDetach }

func (k *Detach) check(t *turn) {
	i := slices.IndexFunc(t.App.Attachments, func(x Attachment) bool { return x.ID == k.ID })
	if i < 0 {
		t.fault("attachment", "unknown")
		return
	}
	if t.App.State == CompletionRequested && !t.App.Attachments[i].At.After(t.App.Completion.AskedAt) {
		t.fault("attachment", "already_filed")
	}
}

func (k *Detach) apply(t *turn) {
	t.App.Attachments = slices.DeleteFunc(t.App.Attachments, func(x Attachment) bool { return x.ID == k.ID })
	t.note("attachment", k.ID)
}

// InviteWriter lets a colleague at the same school write with the applicant.
type InviteWriter struct {
	Email string `json:"email"`
}

func (InviteWriter) Action() Action    { return ActInvite }
func (k InviteWriter) Names() []string { return []string{k.Email} }

func (k *InviteWriter) check(t *turn) {
	p, ok := t.Facts.People[k.Email]
	if !ok || !p.At(Teacher, t.App.SchoolID) {
		t.fault("email", "no_colleague")
	}
}

func (k *InviteWriter) apply(t *turn) {
	p := t.Facts.People[k.Email]
	if !slices.Contains(t.App.Writers, p.ID) {
		t.App.Writers = append(t.App.Writers, p.ID)
	}
	t.note("writer", p.Email)
}

// RequestApproval sends the draft to the principal (RF-02).
type RequestApproval struct{}

func (RequestApproval) Action() Action { return ActRequestApproval }

func (RequestApproval) guard(t *turn) error {
	if !t.Scheme.NeedsPrincipal {
		return Refused{Code: "no_principal_needed"}
	}
	if t.Round.ID != "" && !t.Round.Open(t.at) {
		return Refused{Code: "round_not_open", Args: map[string]any{"Round": t.Round.Called()}}
	}
	return nil
}

func (RequestApproval) check(t *turn) { t.faults = append(t.faults, t.stops()...) }

func (RequestApproval) apply(t *turn) {
	t.App.Returned = nil
	t.mail("principal_asked", "principal")
}

// Approve is the principal's word: for the application, later for changed
// money while unapproved is flagged, and for a report's money. The last may
// also be the word of the school's economist (domain 9.4).
type Approve struct {
	Statement string `json:"statement"`
}

func (Approve) Action() Action { return ActApprove }

func (Approve) may(t *turn) error { return t.notTheirOwn(ActApprove) }

// notTheirOwn: nobody answers for an application or a report of their own, nor as
// the substitute of somebody who can't either (RF-02).
func (t *turn) notTheirOwn(action Action) error {
	if t.App.IsApplicant(t.by.Person) || t.reportWaits() && t.App.Report.By != "" && t.App.Report.By == t.by.Email {
		return Forbidden{Code: "own_application"}
	}
	own := t.by.Own()
	if t.holds(own, ByPrincipal) || t.reportWaits() && t.holds(own, ByEconomist) {
		return nil
	}
	lent := slices.DeleteFunc(slices.Clone(t.by.Acting), func(x Acting) bool { return x.at() != RoleAt{Principal, t.App.SchoolID} })
	if len(lent) > 0 && !slices.ContainsFunc(lent, func(x Acting) bool { return !t.neverLent(x, action) }) {
		return Forbidden{Code: "lenders_application"}
	}
	return nil
}

// guard: the economist answers for a report's money, and for nothing of the application.
func (k *Approve) guard(t *turn) error {
	if t.reportWaits() || (t.App.State == AwaitingPrincipal || t.App.Unapproved) && t.holds(t.by, ByPrincipal) {
		return nil
	}
	return WrongState{t.App.State, ActApprove, nil}
}

// reportWaits tells whether a filed report waits for the school's word about its money.
func (t *turn) reportWaits() bool {
	return t.App.State == ReportSubmitted && t.App.Report != nil && t.App.Report.Approval == nil
}

func (k *Approve) apply(t *turn) {
	word := Approval{By: t.by.Email, At: t.at, Statement: k.Statement, Money: t.App.Form.Money(), For: t.actingFor()}
	if t.reportWaits() {
		if word.For == "" && !t.holds(t.by.Own(), ByPrincipal) {
			word.Role = Economist
			t.note("role", string(Economist))
		}
		t.App.Report.Approval = &word
		t.note("report", true)
		t.mail("other", "officer")
		return
	}
	t.App.Approval, t.App.Unapproved = &word, false
	t.mail("other", "applicant")
}

// ReturnToApplicant gives the draft back with a reason.
type ReturnToApplicant struct {
	Reason string   `json:"reason"`
	Fields []string `json:"fields"`
}

func (ReturnToApplicant) Action() Action { return ActReturn }

// may: who wrote it asked for another's word; they can't take that away themselves.
func (ReturnToApplicant) may(t *turn) error { return t.notTheirOwn(ActReturn) }

func (k *ReturnToApplicant) check(t *turn) { t.needText("reason", k.Reason) }

func (k *ReturnToApplicant) apply(t *turn) {
	t.App.Returned = &Returned{By: t.by.Email, At: t.at, Reason: k.Reason, Fields: k.Fields, For: t.actingFor()}
	t.mail("other", "applicant")
}

// Submit files the application: from now on it is received (FL 22 §) and public.
// Arrived is when the request reached the service; zero: now. It counts, and
// not when its turn came.
type Submit struct {
	Arrived time.Time `json:"-"`
}

// longestWait is how long before its turn a request may have arrived.
const longestWait = 2 * time.Minute

// received is when the filing counts as received.
func (k Submit) received(at time.Time) time.Time {
	if k.Arrived.IsZero() || k.Arrived.After(at) || at.Sub(k.Arrived) > longestWait {
		return at
	}
	return k.Arrived
}

func (Submit) Action() Action { return ActSubmit }

func (Submit) guard(t *turn) error {
	if t.Round.ID != "" && !t.Round.Open(t.at) {
		return Refused{Code: "round_not_open", Args: map[string]any{"Round": t.Round.Called()}}
	}
	return nil
}

func (Submit) check(t *turn) { t.faults = append(t.faults, t.stops()...) }

func (k Submit) apply(t *turn) { t.file(k.received(t.at)) }

// file makes the first unchangeable version, numbers the case and sets off what follows.
func (t *turn) file(received time.Time) {
	a := &t.App
	a.ReceivedAt, a.DNR = received, t.Facts.NextDNR
	a.Unapproved = t.Scheme.NeedsPrincipal && a.Approval == nil
	t.newVersion(received)
	t.job(JobTakeUp, t.at)
	t.job(JobReceipt, t.at)
	t.mail("receipt", "applicant", "principal")
	if a.Unapproved {
		t.mail("principal_asked", "principal")
	}
	t.note("dnr", a.DNR, "received_at", received.Format(time.RFC3339))
}

func (t *turn) newVersion(received time.Time) {
	t.App.Filed = append(t.App.Filed, Filed{N: len(t.App.Filed) + 1, ReceivedAt: received, Requested: num(t.App.Form.Requested), Money: t.App.Form.Money()})
	t.filed = true
}

// TakeUp is the machine's first step with a filed case.
type TakeUp struct{}

func (TakeUp) Action() Action { return ActTakeUp }

// Withdraw takes the application back, any time before the decision (RF-26).
type Withdraw struct {
	Reason string `json:"reason"`
}

func (Withdraw) Action() Action { return ActWithdraw }

func (k *Withdraw) apply(t *turn) {
	t.note("reason", k.Reason)
	t.App.Proposal = nil
	if t.App.IsFiled() {
		t.mail("other", "officer")
	}
}

// Discontinue closes a withdrawn case without examination.
type Discontinue struct {
	Reason string `json:"reason"`
}

func (Discontinue) Action() Action { return ActDiscontinue }

func (k *Discontinue) guard(t *turn) error {
	if !t.App.IsFiled() {
		return Refused{Code: "never_filed"}
	}
	if t.App.Recovery.Open() { // of an annulled decision: what was paid under it is still to come back
		return Refused{Code: "recovery_open"}
	}
	if t.App.Overpaid(0) != nil {
		return Refused{Code: "overpayment_open"}
	}
	return nil
}

func (k *Discontinue) apply(t *turn) {
	t.note("reason", k.Reason)
	t.mail("closed", "applicant")
}

// Register attaches the outside diary's number.
type Register struct {
	DNR string `json:"dnr"`
}

func (Register) Action() Action { return ActRegister }

func (k *Register) check(t *turn) { t.needText("dnr", k.DNR) }

func (k *Register) apply(t *turn) {
	t.note("dnr", k.DNR, "before", t.App.DNR)
	t.App.DNR = strings.TrimSpace(k.DNR)
}

// needText notes a missing text, and personal numbers in one (RF-25).
func (t *turn) needText(field, text string) {
	if strings.TrimSpace(text) == "" {
		t.fault(field, "required")
		return
	}
	t.noPersonalNumber(field, text)
}

func (t *turn) noPersonalNumber(field, text string) {
	if _, _, found := FindPersonalNumber(text); found {
		t.ruleFault("RF-25", field, "personal_number")
	}
}
