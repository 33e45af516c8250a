package handlers

import (
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

type unmetJSON struct {
	Code   string `json:"code" enum:"unmet"`
	TextSV string `json:"text_sv"`
	TextEN string `json:"text_en"`
}

type paymentJSON struct {
	ID       int64         `json:"id"`
	N        int           `json:"n"`
	Share    money.Share   `json:"share" doc:"Fraction of the grant."`
	Amount   int64         `json:"amount" doc:"Whole kronor, as planned at the decision."`
	Pay      *int64        `json:"pay,omitempty" doc:"Whole kronor that really go out, where a settlement changed it."`
	Earliest workflow.Date `json:"earliest" doc:"Null for the last instalment."`
	Status   string        `json:"status" enum:"payment_status"`
	Channel  string        `json:"channel" enum:"method"`
	PaidOn   workflow.Date `json:"paid_on"`
	Voucher  string        `json:"voucher,omitempty"`
	Batch    *int64        `json:"batch"`
	EndToEnd string        `json:"end_to_end_id,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	Unmet    []unmetJSON   `json:"unmet" doc:"Why it can't be paid now."`
}

type reportJSON struct {
	Pupils           int64                     `json:"pupils"`
	Staff            int64                     `json:"staff"`
	Start            workflow.Date             `json:"start"`
	End              workflow.Date             `json:"end"`
	Actual           []workflow.ActualLine     `json:"actual"`
	ActualEligible   *int64                    `json:"actual_eligible_cost" doc:"Whole kronor, as reported in one sum."`
	ExternalReceived int64                     `json:"external_grants_received"`
	JointShare       *money.Share              `json:"joint_share,omitempty"`
	Voluntary        *int64                    `json:"voluntary_contributions,omitempty" doc:"Whole kronor."`
	MandatoryFee     *bool                     `json:"mandatory_fee" doc:"Whether a pupil had to pay (RF-11); null: not answered."`
	Texts            map[string]string         `json:"texts"`
	Goals            []workflow.GoalResult     `json:"goals,omitempty" doc:"How each goal of the application was reached: full, partly, no."`
	Publish          bool                      `json:"publish"`
	SubmittedAt      moment                    `json:"submitted_at"`
	FirstSubmitted   moment                    `json:"first_submitted_at"`
	Approval         *approvalJSON             `json:"approval" doc:"The word of the principal, or of the school's economist, about the money."`
	ReturnedPoints   []workflow.Point          `json:"returned_points,omitempty"`
	ReturnDueOn      workflow.Date             `json:"return_due_on"`
	AcceptedAt       moment                    `json:"accepted_at"`
	Remark           string                    `json:"remark,omitempty"`
	Disallowed       []workflow.DisallowedLine `json:"disallowed,omitempty"`
}

type settlementJSON struct {
	Entitlement  int64  `json:"entitlement" doc:"Whole kronor that the school may keep (RF-23)."`
	FinalPayment int64  `json:"final_payment"`
	Repay        int64  `json:"repay"`
	By           string `json:"by"`
	At           moment `json:"at"`
}

type cancellationJSON struct {
	workflow.CancellationSum
	UnavoidableCost int64  `json:"unavoidable_cost"`
	Refunds         int64  `json:"refunds"`
	Reason          string `json:"reason"`
	At              moment `json:"at"`
}

type statementJSON struct {
	Reason  string        `json:"reason,omitempty"`
	DueOn   workflow.Date `json:"due_on" doc:"Day by which the school may answer."`
	AskedAt moment        `json:"asked_at"`
	Text    string        `json:"text,omitempty" doc:"The school's own words."`
	GivenBy string        `json:"given_by,omitempty"`
	GivenAt moment        `json:"given_at" doc:"null: not answered."`

	ReceivedOn workflow.Date `json:"received_on" doc:"Day on which it came to the office, which entered it; null: the school wrote it here."`
	EnteredBy  string        `json:"entered_by,omitempty" doc:"Who of the office entered it."`
}

type recoveryJSON struct {
	Proposed   *int64          `json:"proposed" doc:"The machine's sum, whole kronor."`
	Cause      string          `json:"cause" doc:"no_report, report_unanswered (sent back and not filed again), settlement or annulled."`
	Amount     *int64          `json:"amount" doc:"The decided sum; null before."`
	DueOn      workflow.Date   `json:"due_on"`
	Reason     string          `json:"reason,omitempty"`
	Body       string          `json:"body,omitempty"`
	DecidedBy  string          `json:"decided_by,omitempty"`
	DecidedAt  moment          `json:"decided_at"`
	Statement  *statementJSON  `json:"statement" doc:"What the school was asked and said before the decision; null: not asked."`
	Repaid     int64           `json:"repaid"`
	WrittenOff int64           `json:"written_off"`
	Returned   int64           `json:"returned,omitempty" doc:"What the bank sent back of the payments that are claimed: nobody has it to repay."`
	Repayments []repaymentJSON `json:"repayments"`
}

type overpaymentJSON struct {
	Payment int64         `json:"payment" doc:"The payment's id."`
	N       int           `json:"n" doc:"The instalment."`
	Amount  int64         `json:"amount" doc:"Whole kronor."`
	On      workflow.Date `json:"on" doc:"The day of the booking."`
	End     string        `json:"end" doc:"returned, repaid or written_off; empty while the money is away."`
	EndOn   workflow.Date `json:"end_on"`
}

type repaymentJSON struct {
	Amount    int64         `json:"amount"`
	On        workflow.Date `json:"on"`
	Reference string        `json:"reference"`
}

// representMoney fills payments, report, settlement and what follows.
func representMoney(out *applicationJSON, c workflow.Case, today workflow.Date) {
	a := c.App
	out.Account = accountJSON{a.Account.Version, a.Account.Verified(), len(a.Account.Verifications), a.Account.ChangedOn}
	for _, p := range a.Payments {
		pay := paymentJSON{ID: p.ID, N: p.N, Share: p.Share, Amount: p.Amount, Pay: p.Pay, Earliest: p.Earliest,
			Status: workflow.PaymentStatus(c, p, today), Channel: p.Channel, PaidOn: p.PaidOn, Voucher: p.Voucher,
			Batch: idOrNull(p.Batch), EndToEnd: p.Reference, Reason: p.Reason, Unmet: []unmetJSON{}}
		for _, u := range workflow.UnmetFor(c, p, today) {
			pay.Unmet = append(pay.Unmet, unmetJSON{u.Code, SayUnmet(lang.SV, u), SayUnmet(lang.EN, u)})
		}
		out.Payments = append(out.Payments, pay)
	}
	if r := a.Report; r != nil {
		out.Report = &reportJSON{Pupils: r.Pupils, Staff: r.Staff, Start: r.Start, End: r.End, Actual: orEmpty(r.Actual),
			ActualEligible: r.ActualEligibleCost, ExternalReceived: r.ExternalReceived, JointShare: r.JointShare, Voluntary: r.Voluntary, MandatoryFee: r.MandatoryFee, Texts: r.Texts, Goals: r.Goals, Publish: r.Publish,
			SubmittedAt: moment(r.SubmittedAt), FirstSubmitted: moment(r.FirstSubmittedAt), Approval: representApproval(r.Approval),
			ReturnedPoints: r.ReturnedPoints, ReturnDueOn: r.ReturnDueOn, AcceptedAt: moment(r.AcceptedAt), Remark: r.Remark, Disallowed: r.Disallowed}
		if out.Report.Texts == nil {
			out.Report.Texts = map[string]string{}
		}
	}
	if s := a.Settlement; s != nil {
		out.Settlement = &settlementJSON{s.Entitlement, s.FinalPayment, s.Repay, s.By, moment(s.At)}
	}
	if k := a.Cancelled; k != nil && a.Decision != nil {
		sum := workflow.Cancel(c)
		if s := a.Settlement; s != nil { // what was settled stays, whatever is repaid afterwards
			sum.Entitlement, sum.Repay = s.Entitlement, s.Repay
		}
		out.Cancellation = &cancellationJSON{sum, k.UnavoidableCost, k.Refunds, k.Reason, moment(k.At)}
	}
	out.Recovery = representRecovery(a.Recovery)
	for _, o := range a.Overpayments {
		out.Overpayments = append(out.Overpayments, overpaymentJSON{o.Payment, o.N, o.Amount, o.On, o.End, o.EndOn})
	}
}

func representRecovery(r *workflow.Recovery) *recoveryJSON {
	if r == nil {
		return nil
	}
	out := &recoveryJSON{Cause: r.Cause, DueOn: r.DueOn, Reason: r.Reason, Body: r.Body, DecidedBy: r.DecidedBy, DecidedAt: moment(r.DecidedAt),
		Repaid: r.Repaid(), WrittenOff: r.WrittenOff(), Returned: r.Returned, Repayments: []repaymentJSON{}, Proposed: idOrNull(r.Proposed)}
	if !r.DecidedAt.IsZero() {
		out.Amount = &r.Amount
	}
	if x := r.Statement; x != nil {
		out.Statement = &statementJSON{x.Reason, x.DueOn, moment(x.AskedAt), x.Text, x.GivenBy, moment(x.GivenAt), x.ReceivedOn, x.EnteredBy}
	}
	for _, p := range r.Repayments {
		out.Repayments = append(out.Repayments, repaymentJSON{p.Amount, p.On, p.Reference})
	}
	return out
}

type accountJSON struct {
	Version       int           `json:"version" doc:"Rises when the account is changed."`
	Verified      bool          `json:"verified" doc:"Two people have checked it."`
	Verifications int           `json:"verifications"`
	ChangedOn     workflow.Date `json:"changed_on" doc:"Changed after the decision: starts the cool-off."`
}
