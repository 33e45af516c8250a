package workflow

import "fmt"

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
