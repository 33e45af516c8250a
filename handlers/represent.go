package handlers

import (
	"encoding/json"
	"fmt"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// moment is a moment as the API writes it: RFC 3339 with Stockholm's offset, null for none.
type moment time.Time

// MarshalJSON writes whole seconds where there are no others.
func (t moment) MarshalJSON() ([]byte, error) {
	if time.Time(t).IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(time.Time(t).In(workflow.Stockholm()).Format(time.RFC3339Nano))
}

// UnmarshalJSON reads what the API writes, and local times and days besides.
func (t *moment) UnmarshalJSON(raw []byte) error {
	var s *string
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	if s == nil || *s == "" {
		*t = moment{}
		return nil
	}
	got, err := workflow.ParseInstant(*s)
	if err != nil {
		return fmt.Errorf("instant: %w", err)
	}
	*t = moment(got)
	return nil
}

// momentOf gives a moment that may be missing.
func momentOf(t *time.Time) moment {
	if t == nil {
		return moment{}
	}
	return moment(*t)
}

// applicationJSON is an application as one caller sees it now (contract.md,
// "GET /applications/{id} answers"). What does not exist, or is not for this
// caller, is left out.
type applicationJSON struct {
	ID         int64    `json:"id" doc:"Number of the application, the same for its whole life."`
	DNR        *string  `json:"dnr" doc:"Registration number; null until filed."`
	State      string   `json:"state" enum:"state"`
	Flags      []string `json:"flags" doc:"What is worth knowing at a glance." enum:"flag"`
	Version    int64    `json:"version" doc:"Rises by one with every event; the ETag."`
	Channel    string   `json:"channel" doc:"web or paper."`
	ReceivedAt moment   `json:"received_at" doc:"When it was received (FL 22 §); null until filed."`
	CreatedAt  moment   `json:"created_at"`
	workflow.Form
	Applicant    applicantJSON     `json:"applicant"`
	Attachments  []attachmentJSON  `json:"attachments"`
	Computed     workflow.Computed `json:"computed" doc:"What the rules come to today."`
	Findings     []findingJSON     `json:"findings" doc:"What a person should look at. A rule that is met has none."`
	Actions      []workflow.Action `json:"allowed_actions" doc:"What this caller can do now."`
	Interest     *interestJSON     `json:"interest,omitempty" doc:"The caller's own declaration."`
	Approval     *approvalJSON     `json:"approval,omitempty"`
	Returned     *returnedJSON     `json:"returned,omitempty"`
	Completion   *completionJSON   `json:"completion,omitempty"`
	Officer      string            `json:"officer,omitempty" doc:"Address of who prepares the case; for the office only."`
	Eligible     *bool             `json:"eligible,omitempty" doc:"The officer's ruling as a whole."`
	Rulings      []rulingJSON      `json:"rulings,omitempty"`
	Assessment   *assessmentJSON   `json:"assessment,omitempty" doc:"For the applicant only after the decision."`
	Proposal     *proposalJSON     `json:"proposal,omitempty" doc:"For the applicant only after the decision."`
	Decision     *decisionJSON     `json:"decision,omitempty"`
	Letter       *letterJSON       `json:"letter,omitempty" doc:"The letter of the decision was held, or is; for the office only."`
	Annulled     []decisionJSON    `json:"annulled,omitempty" doc:"Earlier decisions that a court annulled."`
	Corrections  []correctionJSON  `json:"corrections,omitempty"`
	Appeal       *appealJSON       `json:"appeal,omitempty"`
	Account      accountJSON       `json:"account" doc:"How far the payee's account is verified."`
	Advisory     []advisoryJSON    `json:"advisory,omitempty"`
	Changes      []changeJSON      `json:"changes"`
	Payments     []paymentJSON     `json:"payments" doc:"The plan at the decision, and what became of it."`
	Report       *reportJSON       `json:"report,omitempty"`
	Settlement   *settlementJSON   `json:"settlement,omitempty"`
	Cancellation *cancellationJSON `json:"cancellation,omitempty"`
	Recovery     *recoveryJSON     `json:"recovery,omitempty"`
	Overpayments []overpaymentJSON `json:"overpayments,omitempty" doc:"What the bank sent a second time: a claim beside the grant, never part of what is paid."`
	Documents    []documentJSON    `json:"documents"`
}

type applicantJSON struct {
	workflow.ApplicantForm
	Name     string `json:"applicant_name,omitempty" doc:"Who drafted it."`
	Level    string `json:"level,omitempty" enum:"level" doc:"School form, from the register."`
	Operator string `json:"operator,omitempty" doc:"kommunal, fristående or extern; from the register."`
}

type attachmentJSON struct {
	ID     int64  `json:"id"`
	Kind   string `json:"kind" enum:"attachment"`
	Name   string `json:"name"`
	Type   string `json:"type" doc:"Content type, judged by the content."`
	Size   int64  `json:"size" doc:"Bytes."`
	SHA256 string `json:"sha256"`
	Scan   string `json:"scan" doc:"clean, not_scanned, waiting or infected."`
	At     moment `json:"at"`

	ConsentAt moment `json:"consent_at,omitzero" doc:"Of a photo in a report: when it was declared that no pupil can be recognised without a guardian's consent."`
}

type findingJSON struct {
	Rule      string `json:"rule" doc:"RF-01 … RF-27, or a word for what has no such rule."`
	Code      string `json:"code"`
	Severity  string `json:"severity" doc:"stop, warning or info."`
	Field     string `json:"field"`
	MessageSV string `json:"message_sv"`
	MessageEN string `json:"message_en"`
}

type interestJSON struct {
	Conflict bool `json:"conflict"`
}

type approvalJSON struct {
	By        string `json:"by"`
	At        moment `json:"at"`
	Statement string `json:"statement,omitempty"`
	Role      string `json:"role,omitempty" doc:"economist, where the school's economist answered for a report's money; else the principal."`
}

type returnedJSON struct {
	By     string   `json:"by"`
	At     moment   `json:"at"`
	Reason string   `json:"reason"`
	Fields []string `json:"fields"`
}

type completionJSON struct {
	Points   []workflow.Point `json:"points"`
	AskedAt  moment           `json:"asked_at"`
	DueOn    workflow.Date    `json:"due_on"`
	Extended int              `json:"extended_days"`
	Answered bool             `json:"answered"`
	Expired  bool             `json:"expired"`
	Message  string           `json:"message,omitempty"`
}

type rulingJSON struct {
	Rule   string `json:"rule"`
	Met    bool   `json:"met"`
	Reason string `json:"reason,omitempty"`
	By     string `json:"by"`
	At     moment `json:"at"`
}

type assessmentJSON struct {
	Reviews    []reviewJSON   `json:"reviews"`
	Consensus  map[string]int `json:"consensus,omitempty" doc:"Ratings that the reviewers agree on."`
	Comment    string         `json:"comment,omitempty"`
	Total      *int           `json:"total,omitempty" doc:"Weighted sum of the consensus."`
	Passed     *bool          `json:"passed,omitempty" doc:"Total and every rating reach the thresholds (RF-15)."`
	Difference *int           `json:"difference,omitempty" doc:"Largest difference between two reviewers."`
	Voided     []voidedJSON   `json:"voided" doc:"Scores of people who turned out to be in conflict of interest."`
}

type reviewJSON struct {
	Reviewer    string            `json:"reviewer" doc:"E-mail address."`
	Ratings     map[string]int    `json:"ratings"`
	Comments    map[string]string `json:"comments"`
	Total       *int              `json:"total" doc:"Null until handed in."`
	Suggested   *int64            `json:"suggested" doc:"Whole kronor."`
	SubmittedAt moment            `json:"submitted_at"`
}

type voidedJSON struct {
	reviewJSON
	Reason string `json:"reason"`
}

type conditionJSON struct {
	N     int           `json:"n"`
	Text  string        `json:"text"`
	DueOn workflow.Date `json:"due_on"`
	Met   *bool         `json:"met" doc:"Null until the officer has ruled."`
	Note  string        `json:"note,omitempty"`
}

type proposalJSON struct {
	Outcome    string          `json:"outcome" enum:"outcome"`
	Amount     int64           `json:"amount" doc:"Whole kronor."`
	Reasons    []string        `json:"reasons" enum:"reason"`
	Text       string          `json:"text"`
	Conditions []conditionJSON `json:"conditions"`
	Child      string          `json:"child,omitempty" doc:"Best interests of the child, where other words than the letter's own were used."`
	By         string          `json:"by"`
	At         moment          `json:"at"`
}

type decisionJSON struct {
	Outcome        string            `json:"outcome" enum:"outcome"`
	Granted        int64             `json:"granted" doc:"Whole kronor."`
	Body           string            `json:"body" doc:"DELEGATE, COMMITTEE or BOARD (RF-17)."`
	Reasons        []string          `json:"reasons" enum:"reason"`
	Text           string            `json:"text"`
	DecidedBy      string            `json:"decided_by"`
	DecidedAt      moment            `json:"decided_at"`
	DelegationItem string            `json:"delegation_item,omitempty"`
	Meeting        *workflow.Meeting `json:"meeting,omitempty"`
	Conditions     []conditionJSON   `json:"conditions"`
	Child          string            `json:"child,omitempty"`
	AcceptedAt     moment            `json:"accepted_at"`
	NoticePostedOn workflow.Date     `json:"notice_posted_on"`
	LastAppealDay  workflow.Date     `json:"last_appeal_day"`
	LegalForceOn   workflow.Date     `json:"legal_force_on" doc:"Null before the notice and while appealed in time."`
	Annulled       bool              `json:"annulled,omitempty" doc:"A court annulled it: the case is handled again, and nothing new is decided yet."`
}

type correctionJSON struct {
	N      int    `json:"n"`
	Was    string `json:"was"`
	Is     string `json:"is"`
	Reason string `json:"reason"`
	By     string `json:"by"`
	At     moment `json:"at"`
}

type appealJSON struct {
	ReceivedOn workflow.Date      `json:"received_on"`
	Text       string             `json:"text,omitempty"`
	InTime     bool               `json:"in_time"`
	Forwarded  workflow.Date      `json:"forwarded_on" doc:"When it was passed on to the court."`
	Judgment   *workflow.Judgment `json:"judgment"`
}

type accountJSON struct {
	Version       int           `json:"version" doc:"Rises when the account is changed."`
	Verified      bool          `json:"verified" doc:"Two people have checked it."`
	Verifications int           `json:"verifications"`
	ChangedOn     workflow.Date `json:"changed_on" doc:"Changed after the decision: starts the cool-off."`
}

type advisoryJSON struct {
	Level  string        `json:"level" doc:"none, avoid_unnecessary or avoid_all."`
	Source string        `json:"source"`
	On     workflow.Date `json:"on"`
}

type changeJSON struct {
	N         int             `json:"n"`
	Type      string          `json:"type"`
	ShiftDays *int            `json:"shift_days" doc:"How many days the trip moves."`
	Proposed  json.RawMessage `json:"proposed" doc:"A merge patch of the form."`
	Cause     string          `json:"cause" doc:"own or outside."`
	Reason    string          `json:"reason"`
	Level     string          `json:"level" doc:"Who decides: OFFICER, or the body of the decision (RF-20)."`
	AskedAt   moment          `json:"asked_at"`
	Outcome   *string         `json:"outcome" doc:"approved or refused; null while it waits."`
	DecidedBy *string         `json:"decided_by" doc:"DELEGATE, COMMITTEE, BOARD or OFFICER."`
	DecidedAt moment          `json:"decided_at"`
	Answer    string          `json:"answer,omitempty"`
}

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
	MandatoryFee     bool                      `json:"mandatory_fee,omitempty" doc:"A pupil had to pay (RF-11)."`
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
	Cause      string          `json:"cause" doc:"no_report, settlement or annulled."`
	Amount     *int64          `json:"amount" doc:"The decided sum; null before."`
	DueOn      workflow.Date   `json:"due_on"`
	Reason     string          `json:"reason,omitempty"`
	Body       string          `json:"body,omitempty"`
	DecidedBy  string          `json:"decided_by,omitempty"`
	DecidedAt  moment          `json:"decided_at"`
	Statement  *statementJSON  `json:"statement" doc:"What the school was asked and said before the decision; null: not asked."`
	Repaid     int64           `json:"repaid"`
	WrittenOff int64           `json:"written_off"`
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

type documentJSON struct {
	ID       int64  `json:"id"`
	Kind     string `json:"kind" enum:"document"`
	Title    string `json:"title"`
	Corrects *int64 `json:"corrects" doc:"The corrected document's id."`
	At       moment `json:"at"`
	SHA256   string `json:"sha256"`
}

// represent shows a case to one caller.
func represent(c workflow.Case, by workflow.Actor, now time.Time) applicationJSON {
	a, today := c.App, workflow.DateOf(now)
	inside := workflow.SeesAssessment(c, by)
	out := applicationJSON{
		ID: a.ID, State: string(a.State), Flags: workflow.Flags(c), Version: a.Version, Channel: a.Channel,
		ReceivedAt: moment(a.ReceivedAt), CreatedAt: moment(a.CreatedAt), Form: a.Form, Computed: workflow.Compute(c, today),
		Actions: workflow.Allowed(c, by, now), Attachments: []attachmentJSON{}, Findings: representFindings(workflow.VisibleFindings(c, by, today)),
		Changes: []changeJSON{}, Payments: []paymentJSON{}, Documents: []documentJSON{},
	}
	out.DNR = textOrNull(a.DNR)
	out.Form.Budget, out.Form.Funding = orEmpty(a.Form.Budget), orEmpty(a.Form.Funding)
	if !inside {
		out.Computed.Suggested = nil
	}
	out.Applicant = applicantJSON{ApplicantForm: a.Form.Applicant, Name: a.ApplicantName, Level: c.Level()}
	if c.School != nil {
		out.Applicant.Operator = c.School.Operator
		out.Applicant.School, out.Applicant.SchoolUnitCode = c.School.Name, c.School.UnitCode
	}
	for _, x := range a.Attachments {
		file := attachmentJSON{ID: x.ID, Kind: x.Kind, Name: x.Name, Type: x.Type, Size: x.Size, SHA256: x.SHA256, Scan: x.Scan, At: moment(x.At)}
		if x.Consent != nil {
			file.ConsentAt = moment(x.Consent.At)
		}
		out.Attachments = append(out.Attachments, file)
	}
	for _, i := range a.Interests {
		if i.Person == by.ID && !by.Machine {
			out.Interest = &interestJSON{i.Conflict}
		}
	}
	for _, d := range workflow.VisibleDocuments(c, by) {
		out.Documents = append(out.Documents, documentJSON{d.ID, d.Kind, d.Title, idOrNull(d.Corrects), moment(d.At), d.SHA256})
	}
	representPreparation(&out, c, by, inside)
	representDecision(&out, c)
	representMoney(&out, c, today)
	return out
}

func representFindings(list []workflow.Finding) []findingJSON {
	out := make([]findingJSON, 0, len(list))
	for _, f := range list {
		out = append(out, findingJSON{f.RuleName(), f.Code, f.Severity, f.Field, SayFinding(lang.SV, f), SayFinding(lang.EN, f)})
	}
	return out
}

type letterJSON struct {
	Held       bool   `json:"held" doc:"It waits: those who apply see the case as proposed."`
	Reason     string `json:"reason"`
	By         string `json:"by"`
	At         moment `json:"at"`
	ReleasedAt moment `json:"released_at"`
}

// representPreparation fills what comes before the decision.
func representPreparation(out *applicationJSON, c workflow.Case, by workflow.Actor, inside bool) {
	a := c.App
	out.Approval = representApproval(a.Approval)
	if r := a.Returned; r != nil {
		out.Returned = &returnedJSON{r.By, moment(r.At), r.Reason, orEmpty(r.Fields)}
	}
	if k := a.Completion; k != nil {
		out.Completion = &completionJSON{orEmpty(k.Points), moment(k.AskedAt), k.DueOn, k.Extended, k.Answered, k.Expired, k.Message}
	}
	if !inside {
		return
	}
	if by.Office() {
		out.Officer = a.Officer
	}
	out.Eligible = a.Eligible
	for _, r := range a.Rulings {
		out.Rulings = append(out.Rulings, rulingJSON{r.Rule, r.Met, r.Reason, r.By, moment(r.At)})
	}
	out.Assessment = representAssessment(c, by)
	if h := a.Letter; h != nil && by.Office() {
		out.Letter = &letterJSON{h.Waits(), h.Reason, h.By, moment(h.At), moment(h.ReleasedAt)}
	}
	if p := a.Proposal; p != nil {
		out.Proposal = &proposalJSON{p.Outcome, p.Amount, orEmpty(p.Reasons), p.Text, representConditions(p.Conditions), p.Child, p.By, moment(p.At)}
	}
}

func representApproval(a *workflow.Approval) *approvalJSON {
	if a == nil {
		return nil
	}
	return &approvalJSON{a.By, moment(a.At), a.Statement, string(a.Role)}
}

// representAssessment shows a reviewer who has not handed in nothing but the own review.
func representAssessment(c workflow.Case, by workflow.Actor) *assessmentJSON {
	a := c.App
	if len(a.Reviews) == 0 && len(a.Voided) == 0 && a.Consensus == nil {
		return nil
	}
	out := &assessmentJSON{Reviews: []reviewJSON{}, Voided: []voidedJSON{}}
	visible := workflow.VisibleReviews(c, by)
	for _, r := range visible {
		out.Reviews = append(out.Reviews, representReview(r, c.Round.Rules))
	}
	if len(visible) < len(a.Reviews) {
		return out
	}
	for _, r := range a.Voided {
		out.Voided = append(out.Voided, voidedJSON{representReview(r, c.Round.Rules), r.Reason})
	}
	s := workflow.Assess(c)
	out.Total, out.Passed = s.Total, s.Passed
	if _, done := a.ReviewsDone(); done > 1 {
		out.Difference = &s.Difference
	}
	if k := a.Consensus; k != nil {
		out.Consensus, out.Comment = k.Ratings, k.Comment
	}
	return out
}

func representReview(r workflow.Review, rules workflow.Rules) reviewJSON {
	out := reviewJSON{r.Reviewer, r.Ratings, r.Comments, nil, r.Suggested, moment(r.SubmittedAt)}
	if out.Ratings == nil {
		out.Ratings = map[string]int{}
	}
	if out.Comments == nil {
		out.Comments = map[string]string{}
	}
	if r.Done() {
		total := workflow.Score(r.Ratings, rules)
		out.Total = &total
	}
	return out
}

func representConditions(list []workflow.Condition) []conditionJSON {
	out := make([]conditionJSON, 0, len(list))
	for _, k := range list {
		out = append(out, conditionJSON{k.N, k.Text, k.DueOn, k.Met, k.Note})
	}
	return out
}

// representDecision fills the decision and what may happen to it.
func representDecision(out *applicationJSON, c workflow.Case) {
	a := c.App
	if a.Decision != nil {
		d := decisionOf(*a.Decision)
		d.LegalForceOn = a.LegalForceOn()
		out.Decision = &d
	} else if n := len(a.Annulled); n > 0 { // kept until a new one takes its place
		d := decisionOf(a.Annulled[n-1])
		d.Annulled = true
		out.Decision = &d
	}
	for _, d := range a.Annulled {
		out.Annulled = append(out.Annulled, decisionOf(d))
	}
	for _, k := range a.Corrections {
		out.Corrections = append(out.Corrections, correctionJSON{k.N, k.Was, k.Is, k.Reason, k.By, moment(k.At)})
	}
	if p := a.Appeal; p != nil {
		out.Appeal = &appealJSON{p.ReceivedOn, p.Text, p.InTime, p.ForwardedOn, p.Judgment}
	}
	for _, k := range a.Advisory {
		out.Advisory = append(out.Advisory, advisoryJSON{k.Level, k.Source, k.On})
	}
	for _, k := range a.Changes {
		out.Changes = append(out.Changes, changeJSON{k.N, k.Type, k.ShiftDays, json.RawMessage(k.Proposed), k.Cause, k.Reason, k.Level,
			moment(k.AskedAt), textOrNull(k.Outcome), textOrNull(k.DecidedBy), moment(k.DecidedAt), k.Answer})
	}
}

func decisionOf(d workflow.Decision) decisionJSON {
	return decisionJSON{Outcome: d.Outcome, Granted: d.Granted, Body: d.Body, Reasons: orEmpty(d.Reasons), Text: d.Text, DecidedBy: d.DecidedBy,
		DecidedAt: moment(d.DecidedAt), DelegationItem: d.DelegationItem, Meeting: d.Meeting, Conditions: representConditions(d.Conditions), Child: d.Child,
		AcceptedAt: moment(d.AcceptedAt), NoticePostedOn: d.NoticePostedOn, LastAppealDay: d.LastAppealDay}
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
		Repaid: r.Repaid(), WrittenOff: r.WrittenOff(), Repayments: []repaymentJSON{}, Proposed: idOrNull(r.Proposed)}
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

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func idOrNull(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}
