package workflow

import "fund/workflow/money"

// What a bank profile says where nobody has written another number (design/payments.md, 3).
const (
	defaultPerMessage = 10_000 // payments
	defaultDaysAhead  = 90     // calendar days from today to the execution day

	mostPerMessage = 100_000
	mostDaysAhead  = 366
	mostNamed      = 20 // payments in one refusal
)

// PerMessage is how many payments the bank takes in one message.
func (b BankProfile) PerMessage() int { return orDefault(b.MaxPayments, defaultPerMessage) }

// DaysAhead is how many days before its execution the bank takes a payment.
func (b BankProfile) DaysAhead() int { return orDefault(b.MaxDays, defaultDaysAhead) }

func orDefault(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// checkLimits lists what is wrong with the numbers; 0 is nobody's word.
func (b BankProfile) checkLimits() (v Violations) {
	if b.MaxPayments < 0 || b.MaxPayments > mostPerMessage {
		v = append(v, Violation{Field: "bank.max_payments", Code: "range", Args: map[string]any{"Min": 1, "Max": mostPerMessage}})
	}
	if b.MaxDays < 0 || b.MaxDays > mostDaysAhead {
		v = append(v, Violation{Field: "bank.max_days", Code: "range", Args: map[string]any{"Min": 1, "Max": mostDaysAhead}})
	}
	if b.MaxKronor < 0 {
		v = append(v, Violation{Field: "bank.max_kronor", Code: "positive"})
	}
	return v
}

// Takes refuses a batch that the bank would refuse: an execution day too far away, or a
// payment above the largest amount. What goes by the books alone has no such limits.
func (b BankProfile) Takes(execution, today Date, lines []BatchLine) (v Violations) {
	day := false
	for _, l := range lines {
		if !l.Bank() {
			continue
		}
		if !day && execution.After(today.AddDays(b.DaysAhead())) {
			day = true
			v = append(v, Violation{
				Field: "pay_date",
				Code:  "bank_days_ahead",
				Args:  map[string]any{"Days": b.DaysAhead(), "Last": today.AddDays(b.DaysAhead()).String()},
			})
		}
		if b.MaxKronor > 0 && l.Amount > money.Kronor(b.MaxKronor) && len(v) < mostNamed {
			v = append(
				v,
				Violation{Field: "applications", Code: "bank_amount", Args: map[string]any{"DNR": l.DNR, "Application": l.Application, "Max": b.MaxKronor}},
			)
		}
	}
	return v
}

// TakesStill is Takes for a batch that is attested: the profile may have changed since
// it was composed, and then no field is at fault.
func (b BankProfile) TakesStill(execution, today Date, sum *LineSum) error {
	if v := b.Takes(execution, today, []BatchLine{sum.largest}); sum.Bank() && len(v) > 0 {
		return Refused{Code: v[0].Code, Args: v[0].Args}
	}
	return nil
}
