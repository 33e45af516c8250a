package bankfile

import (
	"context"
	"slices"
	"strings"

	"fund/jobs/bank"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/money"
)

// credit is money that came in and is no return. It pays a claim whose OCR it carries with exactly what the
// claim waits for (payments.md §7); with another reference, or another sum, a person says so.
func (j *judge) credit(ctx context.Context, l bank.Line, m bank.Match) error {
	text := squeeze(l.CreditorRef + " " + l.Remittance + " " + l.EndToEndID)
	var hits []*sql.OpenClaim
	for i := range j.claims {
		if names(j.claims[i], text, l.References()) {
			hits = append(hits, &j.claims[i])
		}
	}
	if len(hits) == 0 {
		return j.keep(l, m)
	}
	out := row(l, bank.Match{Outcome: bank.Proposed, Problem: bank.ProblemRepayment})
	if len(hits) > 1 {
		out.Problem = string(bank.ProblemSeveral)
	} else {
		c := hits[0]
		out.Claim = c.Application
		if outcome, err := j.repays(ctx, l, c); err != nil {
			return err
		} else if outcome != "" {
			out.Outcome, out.Problem = string(outcome), ""
		} else if l.Currency != "SEK" || l.AmountOre%money.Kronor(1) != 0 || !c.Recovery.Expects(kronor(l)) {
			out.Problem = string(bank.ProblemOtherAmount)
		}
	}
	out.Waits = out.Outcome == string(bank.Proposed)
	j.lines = append(j.lines, out)
	return nil
}

func kronor(l bank.Line) int64 { return int64(l.AmountOre / money.Kronor(1)) }

// repays lets a credit pay a claim, or says that it tells again what is noted. No outcome: a person must say.
func (j *judge) repays(ctx context.Context, l bank.Line, c *sql.OpenClaim) (bank.Outcome, error) {
	day, err := workflow.ParseDate(l.BookingDay)
	if err != nil || day.After(j.today) || !j.records || !byOCR(*c, l.References()) || l.Currency != "SEK" || l.AmountOre%money.Kronor(1) != 0 {
		return "", nil
	}
	sum := kronor(l)
	for _, p := range c.Recovery.Repayments {
		if p.Amount == sum && withinBankDays(p.On.String(), l.BookingDay) { // perhaps the same money, told by a notification and by the statement
			if l.BankRef != "" && p.Reference == l.BankRef {
				return bank.Confirmed, nil
			}
			return "", nil
		}
	}
	k, err := j.tx.Case(ctx, c.Application)
	if err != nil || !c.Recovery.Expects(sum) || sum > k.App.StillOut() {
		return "", err
	}
	j.effects = append(j.effects, effect{c.Application, &workflow.BankRepayment{RecordRepayment: workflow.RecordRepayment{Amount: sum, On: day, Reference: l.BankRef}, Line: l.N}})
	c.Recovery.Repayments = append(slices.Clone(c.Recovery.Repayments), workflow.Repayment{Amount: sum, On: day, Reference: l.BankRef})
	return bank.Applied, nil
}

// names tells whether a credit says which claim it pays: by the case's number or the
// claim's in its text, or by the claim's OCR as a reference of its own.
func names(c sql.OpenClaim, text string, references []string) bool {
	dnr := squeeze(c.DNR)
	return dnr != "" && strings.Contains(text, dnr) || strings.Contains(text, squeeze(claimed(c).ClaimNumber())) || byOCR(c, references)
}

// byOCR tells whether a reference is the claim's OCR.
func byOCR(c sql.OpenClaim, references []string) bool {
	ocr := claimed(c).ClaimOCR()
	return slices.ContainsFunc(references, func(r string) bool { return squeeze(r) == ocr })
}

func claimed(c sql.OpenClaim) workflow.Application {
	return workflow.Application{ID: c.Application, Recovery: &c.Recovery}
}

// squeeze leaves letters and digits, so that IF 2026-0101 and if2026/0101 are the same.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, strings.ToUpper(s))
}
