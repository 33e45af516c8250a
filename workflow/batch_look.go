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

// CanBePaid are the states in which a person may note a payment as paid.
func CanBePaid() []string { return slices.Clone(paymentMoves[PayPaid]) }

// CanBeReplaced are the states in which a payment may be issued anew.
func CanBeReplaced() []string { return slices.Clone(paymentMoves[PayReplaced]) }
