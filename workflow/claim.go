package workflow

import (
	"fmt"
	"slices"

	"fund/workflow/checkdigit"
	"fund/workflow/money"
)

// ClaimPart is a part of a claim with a day of its own: an instalment plan for an applicant outside the municipality.
type ClaimPart struct {
	DueOn  Date  `json:"due_on"`
	Amount int64 `json:"amount"`
}

// ClaimReminderDays are the days around each due day on which a claim is reminded of [P].
var ClaimReminderDays = []int{-7, 1, 14}

// Parts are the days of a decided claim: those of its plan, or the one.
func (r *Recovery) Parts() []ClaimPart {
	if len(r.Plan) > 0 {
		return r.Plan
	}
	return []ClaimPart{{r.DueOn, r.Amount}}
}

// Owed is what should have come by the end of a day and has not. Whole kronor.
func (r *Recovery) Owed(day Date) int64 {
	owed := -r.Repaid() - r.WrittenOff() - r.Returned
	for _, p := range r.Parts() {
		if !p.DueOn.After(day) {
			owed += p.Amount
		}
	}
	return max(0, owed)
}

// DueNext is the day of the first part that has not come wholly; once all have, the claim's last day.
func (r *Recovery) DueNext() Date {
	for _, p := range r.Parts() {
		if r.Owed(p.DueOn) > 0 {
			return p.DueOn
		}
	}
	return r.DueOn
}

// Expects tells whether an amount is what a claim waits for: all that is left of it, or of its
// plan what is left up to the end of one of the parts.
func (r *Recovery) Expects(amount int64) bool {
	upTo := -r.Repaid() - r.WrittenOff() - r.Returned
	for _, p := range r.Parts() {
		if upTo += p.Amount; amount > 0 && upTo == amount {
			return true
		}
	}
	return false
}

// checkPlan holds an instalment plan against the claim: rising days, the last of
// them that of the claim, and parts that add up to it. A school of the
// municipality pays by one booking and has none.
func (k *DecideRecovery) checkPlan(t *turn) {
	if len(k.Instalments) == 0 {
		return
	}
	if Channel(t.Case) == "internal" {
		t.fault("instalments", "plan_internal")
		return
	}
	var sum int64
	last := t.today().AddDays(-1)
	for i, p := range k.Instalments {
		if p.Amount <= 0 {
			t.fault(fmt.Sprintf("instalments[%d].amount", i), "positive")
		}
		if !p.DueOn.After(last) {
			t.fault(fmt.Sprintf("instalments[%d].due_on", i), "dates_rise")
		}
		last, sum = p.DueOn, sum+p.Amount
	}
	if sum != k.Amount {
		t.fault("instalments", "plan_sum", "Amount", k.Amount)
	}
	if last != k.DueOn {
		t.fault("instalments", "plan_last", "Day", k.DueOn.String())
	}
}

// claimJobs arms the reminders of each part.
func (t *turn) claimJobs() {
	for _, p := range t.App.Recovery.Parts() {
		for _, offset := range ClaimReminderDays {
			if at := p.DueOn.AddDays(offset).At(7, 0); at.After(t.at) {
				t.job(JobClaimReminder, at, "due_on", p.DueOn.String(), "offset_days", offset)
			}
		}
	}
}

// Claimed says whether somebody has decided that money shall come back.
func (a Application) Claimed() bool { return a.Recovery != nil && !a.Recovery.DecidedAt.IsZero() }

// Why finance must say why it wants a file of a claim once more.
const (
	ClaimTaken      = "claim"       // this file has been fetched
	ClaimTakenOther = "claim_other" // another of them has: each books or bills the whole claim
)

// ClaimAgain tells whether a person must say why before a page gives them a file of a
// claim, and by which word; fetched are those of its files that have been fetched.
func ClaimAgain(name string, fetched []string) string {
	switch {
	case slices.Contains(fetched, name):
		return ClaimTaken
	case len(fetched) > 0:
		return ClaimTakenOther
	}
	return ""
}

// ClaimNumber is what finance calls a decided claim: IFyy-Knnnnnn, of the year of the
// decision and the case, which has one claim at a time (design/payments.md, 7).
func (a Application) ClaimNumber() string {
	return fmt.Sprintf("IF%02d-K%06d", DateOf(a.Recovery.DecidedAt).Year()%100, a.ID)
}

// ClaimOCR is the same as digits that an invoice carries, with their check digit (mod 10).
func (a Application) ClaimOCR() string {
	digits := fmt.Sprintf("%02d%06d", DateOf(a.Recovery.DecidedAt).Year()%100, a.ID)
	return digits + checkdigit.Mod10Digit(digits)
}

// ClaimLine is a decided claim as a line for the books; the amount is what was decided.
func ClaimLine(c Case) BatchLine {
	l := LineOf(c)
	l.Reference, l.Amount = c.App.ClaimNumber(), money.Kronor(c.App.Recovery.Amount)
	return l
}

// ClaimOrgNo is the organisation number of who is to repay; empty for a unit of the municipality.
func ClaimOrgNo(c Case) string {
	if c.School != nil {
		return FormatOrgNo(c.School.OperatorOrg)
	}
	return FormatOrgNo(c.App.OrgNo)
}
