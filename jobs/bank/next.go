package bank

// Standing is what is known of a payment before or after a line.
type Standing struct {
	Status PaymentStatus
	// ReturnWaits says that a return was booked in before any debit was known. It is
	// applied by itself when the payment becomes paid.
	ReturnWaits bool
	// Open says that a conflict waits for finance to decide in words.
	Open bool
}

// Ruling is what a line did to a payment.
type Ruling struct {
	Outcome Outcome
	Problem Problem
	// Task says that a person must be asked.
	Task bool
	// Released says that the return that waited took effect with this line: its own
	// line, a conflict until now, becomes applied.
	Released bool
}

// Next tells what a line does to a payment that it was matched to, by rank and not
// by time. A conflict changes no status; it sets Open.
//
// Two cells of the table are read so: a rejection stands above all statuses that do
// not say that the money has gone (so RJCT before or after ACSP is the same), and a
// refusal as duplicate is no rejection: it leads to unclear, and contradicts
// a rejection as it does a payment, for then nobody knows what the bank did.
func Next(now Standing, line Line, policy Policy) (Standing, Ruling) {
	s := line.Signal()
	switch s.Kind {
	case SaysNothing:
		return now, Ruling{Outcome: NoChange, Problem: s.Problem, Task: s.Task}
	case SaysInfo:
		return now, Ruling{Outcome: Informational, Problem: s.Problem, Task: s.Task}
	case SaysPerson:
		return now, Ruling{Outcome: Proposed, Problem: s.Problem, Task: s.Task}
	}
	switch now.Status {
	case Exported, Sent, Accepted:
		return now.moving(s, policy)
	case Paid:
		return now.paid(s)
	case Rejected:
		return now.rejected(s)
	case Returned:
		return now, Ruling{Outcome: NoChange}
	case Replaced:
		return now.replaced(s)
	case Unclear:
		return now.unclear(s)
	}
	return now.conflict(ProblemNotSent)
}

func (n Standing) conflict(p Problem) (Standing, Ruling) {
	n.Open = true
	return n, Ruling{Outcome: Conflict, Problem: p, Task: true}
}

func (n Standing) becomes(status PaymentStatus) (Standing, Ruling) {
	n.Status = status
	r := Ruling{Outcome: Applied}
	if status == Paid && n.ReturnWaits {
		n.Status, n.ReturnWaits, r.Released = Returned, false, true
	}
	return n, r
}

func (n Standing) moving(s Signal, policy Policy) (Standing, Ruling) {
	switch s.Kind {
	case SaysReject:
		return n.becomes(Rejected)
	case SaysDuplicate:
		to, r := n.becomes(Unclear)
		r.Problem, r.Task = ProblemDuplicate, true
		return to, r
	case SaysDebit:
		return n.becomes(Paid)
	case SaysReturn:
		n.ReturnWaits = true
		return n, Ruling{Outcome: Conflict, Problem: ProblemReturnBeforeDebit, Task: true}
	}
	to := policy.Becomes(s.Rank)
	if s.Rank <= n.Status.rank() || to == n.Status {
		return n, Ruling{Outcome: NoChange}
	}
	return n.becomes(to)
}

func (n Standing) paid(s Signal) (Standing, Ruling) {
	switch s.Kind {
	case SaysReject, SaysDuplicate:
		return n.conflict(ProblemRejectedThoughPaid)
	case SaysDebit:
		return n, Ruling{Outcome: Confirmed}
	case SaysReturn:
		return n.becomes(Returned)
	}
	if s.Rank <= n.Status.rank() {
		return n, Ruling{Outcome: NoChange}
	}
	return n, Ruling{Outcome: Confirmed}
}

func (n Standing) rejected(s Signal) (Standing, Ruling) {
	switch {
	case s.Kind == SaysDebit, s.Kind == SaysStatus && s.Rank >= settled:
		return n.conflict(ProblemPaidThoughRejected)
	case s.Kind == SaysReturn:
		return n.conflict(ProblemReturnThoughNoPay)
	case s.Kind == SaysDuplicate:
		return n.conflict(ProblemDuplicate)
	}
	return n, Ruling{Outcome: NoChange}
}

// replaced keeps its status: the instalment lives on in a new payment. A return is
// the old payment's and is booked on it.
func (n Standing) replaced(s Signal) (Standing, Ruling) {
	switch {
	case s.Kind == SaysDebit, s.Kind == SaysStatus && s.Rank >= settled:
		return n.conflict(ProblemPaidThoughReplaced)
	case s.Kind == SaysReturn:
		return n, Ruling{Outcome: Applied}
	}
	return n, Ruling{Outcome: NoChange}
}

// unclear is left by finance alone; what arrives meanwhile helps them decide.
func (n Standing) unclear(s Signal) (Standing, Ruling) {
	switch {
	case s.Kind == SaysDebit, s.Kind == SaysReturn, s.Kind == SaysStatus && s.Rank >= settled:
		return n.conflict(ProblemUnclear)
	}
	return n, Ruling{Outcome: NoChange}
}
