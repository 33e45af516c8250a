package workflow

import "slices"

// orders are the files, beside those to the bank, that pay or book when somebody reads them in a second time.
var orders = []string{"sie.si", "bokforingsorder.csv", "utbetalningar.csv"}

// BankOrder tells whether a file of a batch is an order to the bank. A batch has it in
// two versions with the same ids, and only one of them may be handed over; a large batch
// has several in each version.
func BankOrder(name string) bool {
	_, _, ok := PaymentFilePart(name)
	return ok
}

// WhyAgain tells whether a person must say why before a page gives them a file of the
// batch, and by which word: it was handed over ("sent"), the batch was cancelled
// ("cancelled"), or payments were fetched in the other version ("other"): a batch goes to
// the bank in one version, all its messages.
// fetched are the files that have been fetched (design/payments.md, section 1).
func (b Batch) WhyAgain(name string, fetched []string) string {
	version, _, bank := PaymentFilePart(name)
	if !bank && !slices.Contains(orders, name) {
		return ""
	}
	switch b.State {
	case BatchSent, BatchSettled:
		return "sent"
	case BatchCancelled:
		return "cancelled"
	}
	other := func(f string) bool {
		v, _, ok := PaymentFilePart(f)
		return ok && v != version
	}
	if bank && slices.ContainsFunc(fetched, other) {
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
