package bank

// PaymentStatus is where a payment stands. The words are those of the payments' table.
type PaymentStatus string

// The statuses of a payment.
const (
	Planned  PaymentStatus = "planned"
	Payable  PaymentStatus = "payable"
	InBatch  PaymentStatus = "in_batch"
	Exported PaymentStatus = "exported"
	Sent     PaymentStatus = "sent"
	Accepted PaymentStatus = "accepted"
	Unclear  PaymentStatus = "unclear"
	Paid     PaymentStatus = "paid"
	Rejected PaymentStatus = "rejected"
	Returned PaymentStatus = "returned"
	Replaced PaymentStatus = "replaced"
	Dropped  PaymentStatus = "dropped"
)

// Outcome is what a line did.
type Outcome string

// The outcomes.
const (
	Applied       Outcome = "applied"
	Confirmed     Outcome = "confirmed"
	NoChange      Outcome = "no_change"
	Unknown       Outcome = "unknown"
	Proposed      Outcome = "proposed"
	Conflict      Outcome = "conflict"
	Informational Outcome = "informational"
	NotOurs       Outcome = "not_ours"
)

// ranks order the statuses of pain.002, as files arrive in any order.
var ranks = map[string]int{
	"RCVD": 1, "PDNG": 1,
	"ACTC": 2, "PATC": 2,
	"ACCP": 3, "ACFC": 3, "ACWC": 3,
	"ACSP": 4, "ACPD": 4, "ACWP": 4, "ACFW": 4,
	"ACSC": 5,
	"ACCC": 6,
}

// settled is the lowest rank that says that the money has gone.
const settled = 5

// Rank is the rank 1…6 of a pain.002 status, 0 for one that has none.
func Rank(code string) int { return ranks[code] }

// payeeChecks are the statuses of the verification of payee: neither accepted nor
// rejected. True for those that a person should look at.
var payeeChecks = map[string]bool{
	"RVCM": true, "RVNM": true,
	"RVNC": false, "RVMC": false, "RCVC": false, "RVNA": false,
}

// Policy is what the municipality's bank profile says of statuses.
type Policy struct {
	// PaidOnBooking waits for camt: ACSC and ACCC make a payment accepted only.
	// ISO says that these codes are no financial information.
	PaidOnBooking bool
}

// Becomes is the payment status that a rank gives.
func (p Policy) Becomes(rank int) PaymentStatus {
	switch {
	case rank <= 2:
		return Sent
	case rank < settled || p.PaidOnBooking:
		return Accepted
	}
	return Paid
}

// rank is the highest rank that is no news to a payment.
func (s PaymentStatus) rank() int {
	switch s {
	case Sent:
		return 2
	case Accepted:
		return 4
	case Paid:
		return settled
	}
	return 0
}
