package workflow

// ProposeRecovery is the machine's proposal when no report came (RF-22), or no answer to one that was
// sent back (domain 8, step 16). It claims nothing.
type ProposeRecovery struct{}

func (ProposeRecovery) Action() Action { return ActProposeRecovery }

func (ProposeRecovery) guard(t *turn) error {
	due := t.ReportDay()
	if due.IsZero() || t.App.Recovery != nil || t.App.Report != nil && t.App.State != ReportReturned || t.App.PaidNet() <= 0 || t.App.Cancelled != nil ||
		t.today().Before(due.AddDays(t.Round.Rules.RecoveryAfterDays)) {
		return Refused{Code: "not_yet"}
	}
	return nil
}

func (ProposeRecovery) apply(t *turn) {
	t.App.Recovery = &Recovery{Proposed: t.App.PaidNet(), Cause: CauseNoReport}
	if t.App.Report != nil {
		t.App.Recovery.Cause = CauseUnanswered
	}
	t.mail("other", "officer", "decider")
	t.note("proposed", t.App.Recovery.Proposed, "cause", t.App.Recovery.Cause)
}

// DecideRecovery claims money back, at the level of the amount (RF-17).
type DecideRecovery struct {
	Amount int64  `json:"amount"`
	DueOn  Date   `json:"due_on"`
	Reason string `json:"reason"`
	// Instalments may divide the claim on an applicant outside the municipality; the last is due on DueOn.
	Instalments []ClaimPart `json:"instalments,omitempty"`
}

func (DecideRecovery) Action() Action { return ActDecideRecovery }

func (DecideRecovery) guard(t *turn) error {
	if r := t.App.Recovery; r == nil || r.Proposed == 0 || !r.DecidedAt.IsZero() {
		return Refused{Code: "no_recovery"}
	}
	if unreported(t.App.State) && t.underWay() {
		return Refused{Code: "payment_under_way"}
	}
	return nil
}

// may: before the body is known the proposed sum tells the level, then the decided one.
func (k *DecideRecovery) may(t *turn) error {
	if r := t.App.Recovery; t.App.State != Settled && (r == nil || r.Proposed == 0) {
		return WrongState{State: t.App.State, Action: ActDecideRecovery}
	}
	sum := k.Amount
	if t.App.Recovery != nil {
		sum = max(sum, t.App.Recovery.Proposed*int64(boolInt(!t.body)))
	}
	return t.decides(t.bodyFor(sum))
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (k *DecideRecovery) check(t *turn) {
	if k.Amount <= 0 {
		t.fault("amount", "positive")
	} else if paid := t.App.StillOut(); k.Amount > paid {
		t.fault("amount", "over_paid", "Max", paid)
	}
	if k.DueOn.IsZero() {
		t.fault("due_on", "required")
	} else if k.DueOn.Before(t.today()) {
		t.fault("due_on", "in_past")
	}
	t.needText("reason", k.Reason)
	k.checkPlan(t)
}

func (k *DecideRecovery) next(t *turn) State {
	if unreported(t.from) {
		return Settled
	}
	return t.from
}

// unreported are the states in which a claim is decided without a settlement before it.
func unreported(s State) bool { return s == ReportDue || s == ReportReturned }

func (k *DecideRecovery) apply(t *turn) {
	a := &t.App
	r := a.Recovery
	r.Amount, r.DueOn, r.Reason, r.DecidedBy, r.DecidedAt, r.Body = k.Amount, k.DueOn, k.Reason, t.by.Email, t.at, t.bodyFor(k.Amount)
	if unreported(t.from) {
		a.Settlement = &Settlement{Entitlement: a.PaidNet() - k.Amount, Repay: k.Amount, By: t.by.Email, At: t.at}
		t.dropPlanned()
		t.overtakeChange("recovered")
	}
	r.Plan = k.Instalments
	t.claimJobs()
	t.job(JobRecoveryLetter, t.at)
	t.job(JobClaimFiles, t.at)
	t.mail("recovery", "applicant", "principal")
	t.note("amount", k.Amount, "due_on", k.DueOn, "reason", k.Reason, "body", r.Body, "instalments", len(r.Plan))
}

// RecordRepayment notes money that came back.
type RecordRepayment struct {
	Amount    int64  `json:"amount"`
	On        Date   `json:"on"`
	Reference string `json:"reference"`
	Payment   int64  `json:"payment,omitempty"` // of a second payout; 0: the claim, or the only one that is open
}

func (RecordRepayment) Action() Action { return ActRecordRepayment }

func (k *RecordRepayment) guard(t *turn) error { return t.mayComeBack(k.Payment) }

// mayComeBack: there is something to get back or to give up.
func (t *turn) mayComeBack(payment int64) error {
	if t.claimed(payment) != nil {
		return nil
	}
	if payment != 0 {
		return Refused{Code: "no_overpayment"}
	}
	if r := t.App.Recovery; r == nil || r.DecidedAt.IsZero() || !r.Open() {
		return Refused{Code: "no_recovery"}
	}
	if t.left() <= 0 { // the bank sent the payment back: there is nothing to claim until it is issued anew
		return Refused{Code: "payment_open"}
	}
	return nil
}

// left is what is still claimed, and never more than what the school still has.
func (t *turn) left() int64 {
	return min(t.App.Recovery.Left(), t.App.StillOut())
}

func (k *RecordRepayment) check(t *turn) {
	if o := t.claimed(k.Payment); k.Amount <= 0 {
		t.fault("amount", "positive")
	} else if o != nil {
		t.whole(o, k.Amount)
	} else if k.Amount > t.left() {
		t.fault("amount", "over_claim", "Max", t.left())
	}
	if k.On.IsZero() {
		t.fault("on", "required")
	} else if k.On.After(t.today()) {
		t.fault("on", "in_future")
	}
	t.needText("reference", k.Reference)
}

func (k *RecordRepayment) apply(t *turn) {
	if o := t.claimed(k.Payment); o != nil {
		t.overpaidBack(o, OverpaidRepaid, k.On, k.Reference)
		t.note("amount", k.Amount, "on", k.On, "reference", k.Reference)
		return
	}
	t.repaid(k, t.by.Email)
}

func (t *turn) repaid(k *RecordRepayment, by string) {
	r := t.App.Recovery
	r.Repayments = append(r.Repayments, Repayment{Amount: k.Amount, On: k.On, Reference: k.Reference, By: by, At: t.at})
	t.moveOn(k.On, "repaid", AccPaid, AccAvailable, k.Amount)
	t.note("amount", k.Amount, "on", k.On, "reference", k.Reference)
	t.job(JobRecheckSchool, t.at, "school", t.App.SchoolID)
}

// BankRepayment is a repayment that the bank tells of: a credit with the claim's OCR and exactly what the claim
// waits for (payments.md §7). All others a person records.
type BankRepayment struct {
	RecordRepayment
	File     int64 // the line that says so
	Line     int
	Uploader string // who brought the file
}

func (BankRepayment) Action() Action { return ActBankRepayment }

func (k *BankRepayment) guard(t *turn) error {
	if err := t.mayComeBack(0); err != nil || !t.body {
		return err
	}
	if t.claimed(0) != nil || !t.App.Recovery.Expects(k.Amount) {
		return Refused{Code: "other_amount", Args: map[string]any{"Reference": t.App.ClaimNumber()}}
	}
	return nil
}

func (k *BankRepayment) apply(t *turn) {
	t.repaid(&k.RecordRepayment, k.Uploader)
	t.note("file", k.File, "line", k.Line, "uploaded_by", k.Uploader)
}

// WriteOffClaim gives a claim up.
type WriteOffClaim struct {
	Amount  int64  `json:"amount"`
	Reason  string `json:"reason"`
	Payment int64  `json:"payment,omitempty"` // as of RecordRepayment
}

func (WriteOffClaim) Action() Action { return ActWriteOff }

func (k *WriteOffClaim) guard(t *turn) error { return t.mayComeBack(k.Payment) }

func (k *WriteOffClaim) check(t *turn) {
	if o := t.claimed(k.Payment); k.Amount <= 0 {
		t.fault("amount", "positive")
	} else if o != nil {
		t.whole(o, k.Amount)
	} else if k.Amount > t.left() {
		t.fault("amount", "over_claim", "Max", t.left())
	}
	t.needText("reason", k.Reason)
}

func (k *WriteOffClaim) apply(t *turn) {
	if o := t.claimed(k.Payment); o != nil {
		t.overpaidBack(o, OverpaidWrittenOff, t.today(), k.Reason)
		t.note("amount", k.Amount, "reason", k.Reason)
		return
	}
	r := t.App.Recovery
	r.WriteOffs = append(r.WriteOffs, WriteOff{Amount: k.Amount, Reason: k.Reason, By: t.by.Email, At: t.at})
	t.move("written_off", AccPaid, AccWrittenOff, k.Amount)
	t.note("amount", k.Amount, "reason", k.Reason)
	t.job(JobRecheckSchool, t.at, "school", t.App.SchoolID)
}
