package workflow

import "slices"

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
	return WrongState{State: t.App.State, Action: ActApprove}
}

// reportWaits tells whether a filed report waits for the school's word about its money.
func (t *turn) reportWaits() bool {
	return t.App.State == ReportSubmitted && t.App.Report != nil && t.App.Report.Approval == nil
}

func (k *Approve) check(t *turn) { t.noPersonalNumber("statement", k.Statement) }

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
