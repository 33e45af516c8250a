package workflow

import (
	"slices"
	"strings"
)

// orders are the files that pay, or book, when somebody reads them in a second time.
var orders = []string{"pain.001.001.03.xml", "pain.001.001.09.xml", "sie.si", "bokforingsorder.csv", "utbetalningar.csv"}

// BankOrder tells whether a file of a batch is an order to the bank. A batch has it in
// two versions with the same ids, and only one of them may be handed over.
func BankOrder(name string) bool { return strings.HasPrefix(name, "pain.001.") }

// WhyAgain tells whether a person must say why before a page gives them a file of the
// batch, and by which word: it was handed over ("sent"), the batch was cancelled
// ("cancelled"), or the same payments were fetched in the other version ("other").
// fetched are the files that have been fetched (design/payments.md, section 1).
func (b Batch) WhyAgain(name string, fetched []string) string {
	if !slices.Contains(orders, name) {
		return ""
	}
	switch b.State {
	case BatchSent, BatchSettled:
		return "sent"
	case BatchCancelled:
		return "cancelled"
	}
	if BankOrder(name) && slices.ContainsFunc(fetched, func(f string) bool { return BankOrder(f) && f != name }) {
		return "other"
	}
	return ""
}

// Twins lists the references of payments that go to the same account with the same
// amount: one of them may be a mistake, which the first attest must look at.
func (b Batch) Twins() (twins [][]string) {
	type target struct {
		account PayInto
		ore     int64
	}
	seen := map[target][]string{}
	var order []target
	for _, l := range b.Lines {
		if !l.Bank() {
			continue
		}
		to := target{PayInto{Method: l.Account.Method, Bankgiro: l.Account.Bankgiro, Plusgiro: l.Account.Plusgiro, Clearing: l.Account.Clearing, Account: l.Account.Account, IBAN: l.Account.IBAN}, int64(l.Amount)}
		if len(seen[to]) == 0 {
			order = append(order, to)
		}
		seen[to] = append(seen[to], l.Reference)
	}
	for _, to := range order {
		if len(seen[to]) > 1 {
			twins = append(twins, seen[to])
		}
	}
	return twins
}

// ByHand lists the payments that a person may note as paid with a voucher: first those
// of the books, which no bank tells of.
func (b Batch) ByHand() (lines []BatchLine) {
	for _, internal := range []bool{true, false} {
		for _, l := range b.Lines {
			if l.Bank() != internal && slices.Contains(paymentMoves[PayPaid], l.Status) && !l.Disputed {
				lines = append(lines, l)
			}
		}
	}
	return lines
}
