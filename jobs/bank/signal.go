package bank

// SignalKind is what a line says to the payment it was matched to.
type SignalKind string

// The kinds of signal.
const (
	SaysNothing   SignalKind = "nothing"       // no status, or PART
	SaysInfo      SignalKind = "informational" // shown, moves nothing
	SaysPerson    SignalKind = "person"        // only a person can tell
	SaysStatus    SignalKind = "status"        // of Rank
	SaysReject    SignalKind = "reject"
	SaysDuplicate SignalKind = "duplicate" // refused as known: paid or not, nobody knows
	SaysDebit     SignalKind = "debit"     // booked out
	SaysReturn    SignalKind = "return"    // booked in again
)

// Signal is a line in short, as the table of Next reads it.
type Signal struct {
	Kind SignalKind
	Rank int
	// Problem says why a person must look; Task that one must.
	Problem Problem
	Task    bool
}

func (l Line) rejects() bool {
	return l.Kind == Pain002 && (l.Status == "RJCT" || l.Status == "CANC")
}

// echo says that a payment line names no payment and says no more than the level above
// it, whose own line counts. Some banks write the sum of a PmtInf so.
func (l Line) echo() bool {
	return l.Kind == Pain002 && l.Level == OnePayment && l.Inherited != "" && l.UETR+l.EndToEndID+l.InstructionID == ""
}

// Signal reads a line. A booked credit is a return here: it was matched to a payment
// of ours by its id. Credits that Find does not match so are not asked.
func (l Line) Signal() Signal {
	if l.echo() {
		return Signal{Kind: SaysInfo}
	}
	if l.HasAmount && l.Currency != "SEK" {
		return Signal{Kind: SaysPerson, Problem: ProblemCurrency, Task: true}
	}
	if l.Problem == ProblemAmountForm {
		return Signal{Kind: SaysPerson, Problem: ProblemAmountForm, Task: true}
	}
	if l.Kind == Pain002 {
		return l.statusSignal()
	}
	return l.bookingSignal()
}

func (l Line) statusSignal() Signal {
	if open, ok := payeeChecks[l.Status]; ok {
		s := Signal{Kind: SaysInfo, Task: open}
		if open {
			s.Problem = ProblemPayeeCheck
		}
		return s
	}
	switch {
	case l.Status == "":
		return Signal{Kind: SaysNothing, Problem: ProblemNoStatus}
	case l.Status == "PART":
		return Signal{Kind: SaysNothing}
	case l.rejects() && l.Duplicate():
		return Signal{Kind: SaysDuplicate, Problem: ProblemDuplicate, Task: true}
	case l.rejects():
		return Signal{Kind: SaysReject}
	case Rank(l.Status) > 0:
		return Signal{Kind: SaysStatus, Rank: Rank(l.Status)}
	case l.Status == "BLCK":
		return Signal{Kind: SaysNothing, Problem: ProblemBlocked, Task: true}
	}
	return Signal{Kind: SaysNothing, Problem: ProblemUnknownStatus, Task: true}
}

func (l Line) bookingSignal() Signal {
	switch {
	case l.Status == "PDNG", l.Status == "INFO", l.Status == "FUTR":
		return Signal{Kind: SaysInfo}
	case !l.Booked:
		return Signal{Kind: SaysNothing, Problem: ProblemUnknownStatus, Task: true}
	case !l.HasAmount:
		return Signal{Kind: SaysPerson, Problem: ProblemNoAmount, Task: true}
	case l.Direction == Debit && l.Return:
		return Signal{Kind: SaysPerson, Problem: ProblemTakenBack, Task: true}
	case l.Direction == Debit:
		return Signal{Kind: SaysDebit}
	case l.Direction == Credit:
		return Signal{Kind: SaysReturn}
	}
	return Signal{Kind: SaysPerson, Problem: ProblemNoDirection, Task: true}
}
