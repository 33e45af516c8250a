package bank

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Lines as short words, for tables: a pain.002 status, RJCT:code, or a booking.
func said(word string) Line {
	status, reason, _ := strings.Cut(word, ":")
	l := Line{Kind: Pain002, Level: OnePayment, Status: status, Reason: reason}
	if reason != "" {
		l.Reasons = []string{reason}
	}
	switch word {
	case "debit", "return":
		l = Line{Kind: Camt054, Level: OnePayment, Status: "BOOK", Booked: true, AmountOre: 12500, HasAmount: true, Currency: "SEK", Direction: Debit}
		if word == "return" {
			l.Direction = Credit
		}
	}
	return l
}

// reissuable says that the payment's instalment may be paid by a new payment: it is
// rejected or returned and nothing contradicts that.
func (s Standing) reissuable() bool {
	return (s.Status == Rejected || s.Status == Returned) && !s.disputed()
}

// disputed says that no new payment may be made and nothing closed before finance decided.
func (s Standing) disputed() bool {
	return s.Open || s.ReturnWaits || s.Status == Unclear
}

func TestRanks(t *testing.T) {
	t.Parallel()
	rows := []struct {
		codes string
		rank  int
		to    PaymentStatus
	}{
		{"RCVD PDNG", 1, Sent},
		{"ACTC PATC", 2, Sent},
		{"ACCP ACFC ACWC", 3, Accepted},
		{"ACSP ACPD ACWP ACFW", 4, Accepted},
		{"ACSC", 5, Paid},
		{"ACCC", 6, Paid},
		{"RJCT CANC", 0, Rejected},
	}
	for _, row := range rows {
		for _, code := range strings.Fields(row.codes) {
			if Rank(code) != row.rank {
				t.Errorf("%s has rank %d", code, Rank(code))
			}
			to, r := Next(Standing{Status: Exported}, said(code), Policy{})
			if to.Status != row.to || r.Outcome != Applied || to.disputed() {
				t.Errorf("%s: %+v %+v", code, to, r)
			}
		}
	}
	for code, want := range map[string]Ruling{
		"BLCK": {Outcome: NoChange, Problem: ProblemBlocked, Task: true},
		"XXXX": {Outcome: NoChange, Problem: ProblemUnknownStatus, Task: true},
		"ACIS": {Outcome: NoChange, Problem: ProblemUnknownStatus, Task: true},
		"PART": {Outcome: NoChange},
		"":     {Outcome: NoChange, Problem: ProblemNoStatus},
		"RVCM": {Outcome: Informational, Problem: ProblemPayeeCheck, Task: true},
		"RVNM": {Outcome: Informational, Problem: ProblemPayeeCheck, Task: true},
		"RVNC": {Outcome: Informational},
		"RVMC": {Outcome: Informational},
		"RCVC": {Outcome: Informational},
		"RVNA": {Outcome: Informational},
	} {
		if to, r := Next(Standing{Status: Sent}, said(code), Policy{}); to != (Standing{Status: Sent}) || r != want {
			t.Errorf("%q: %+v %+v", code, to, r)
		}
	}
}

func TestWhatMayReplaceWhat(t *testing.T) {
	t.Parallel()
	dup := "RJCT:DU01"
	rows := []struct {
		now    PaymentStatus
		says   string
		to     PaymentStatus
		did    Outcome
		open   bool
		reason Problem
	}{
		{Exported, "RCVD", Sent, Applied, false, ""},
		{Sent, "RCVD", Sent, NoChange, false, ""},
		{Sent, "ACTC", Sent, NoChange, false, ""},
		{Sent, "ACCP", Accepted, Applied, false, ""},
		{Accepted, "ACTC", Accepted, NoChange, false, ""},
		{Accepted, "ACSP", Accepted, NoChange, false, ""},
		{Accepted, "ACSC", Paid, Applied, false, ""},
		{Exported, "RJCT:AC01", Rejected, Applied, false, ""},
		{Sent, "CANC", Rejected, Applied, false, ""},
		{Accepted, "RJCT", Rejected, Applied, false, ""},
		{Exported, dup, Unclear, Applied, false, ProblemDuplicate},
		{Accepted, "RJCT:AM05", Unclear, Applied, false, ProblemDuplicate},
		{Accepted, "RJCT:DUPL", Unclear, Applied, false, ProblemDuplicate},
		{Exported, "debit", Paid, Applied, false, ""},
		{Accepted, "debit", Paid, Applied, false, ""},
		{Sent, "return", Sent, Conflict, false, ProblemReturnBeforeDebit},

		{Paid, "ACTC", Paid, NoChange, false, ""},
		{Paid, "ACSC", Paid, NoChange, false, ""},
		{Paid, "ACCC", Paid, Confirmed, false, ""},
		{Paid, "RJCT", Paid, Conflict, true, ProblemRejectedThoughPaid},
		{Paid, dup, Paid, Conflict, true, ProblemRejectedThoughPaid},
		{Paid, "debit", Paid, Confirmed, false, ""},
		{Paid, "return", Returned, Applied, false, ""},

		{Rejected, "ACSP", Rejected, NoChange, false, ""},
		{Rejected, "ACSC", Rejected, Conflict, true, ProblemPaidThoughRejected},
		{Rejected, "RJCT", Rejected, NoChange, false, ""},
		{Rejected, dup, Rejected, Conflict, true, ProblemDuplicate},
		{Rejected, "debit", Rejected, Conflict, true, ProblemPaidThoughRejected},
		{Rejected, "return", Rejected, Conflict, true, ProblemReturnThoughNoPay},

		{Returned, "ACTC", Returned, NoChange, false, ""},
		{Returned, "ACCC", Returned, NoChange, false, ""},
		{Returned, "RJCT", Returned, NoChange, false, ""},
		{Returned, "debit", Returned, NoChange, false, ""},
		{Returned, "return", Returned, NoChange, false, ""},

		{Replaced, "ACSP", Replaced, NoChange, false, ""},
		{Replaced, "ACCC", Replaced, Conflict, true, ProblemPaidThoughReplaced},
		{Replaced, "RJCT", Replaced, NoChange, false, ""},
		{Replaced, "debit", Replaced, Conflict, true, ProblemPaidThoughReplaced},
		{Replaced, "return", Replaced, Applied, false, ""},

		{Unclear, "ACSP", Unclear, NoChange, false, ""},
		{Unclear, "RJCT", Unclear, NoChange, false, ""},
		{Unclear, "ACSC", Unclear, Conflict, true, ProblemUnclear},
		{Unclear, "debit", Unclear, Conflict, true, ProblemUnclear},
		{Unclear, "return", Unclear, Conflict, true, ProblemUnclear},

		{Planned, "ACTC", Planned, Conflict, true, ProblemNotSent},
		{Payable, "debit", Payable, Conflict, true, ProblemNotSent},
		{InBatch, "RJCT", InBatch, Conflict, true, ProblemNotSent},
		{Dropped, "return", Dropped, Conflict, true, ProblemNotSent},
	}
	for _, row := range rows {
		to, r := Next(Standing{Status: row.now}, said(row.says), Policy{})
		if to.Status != row.to || r.Outcome != row.did || to.Open != row.open || r.Problem != row.reason {
			t.Errorf("%s ← %s: %+v %+v", row.now, row.says, to, r)
		}
		if r.Outcome == Conflict && (to.reissuable() || !to.disputed() || !r.Task) {
			t.Errorf("%s ← %s: a conflict does not stop re-issue", row.now, row.says)
		}
	}
}

func TestPaidOnBooking(t *testing.T) {
	t.Parallel()
	wait := Policy{PaidOnBooking: true}
	to, r := Next(Standing{Status: Sent}, said("ACSC"), wait)
	if to.Status != Accepted || r.Outcome != Applied {
		t.Errorf("ACSC: %+v %+v", to, r)
	}
	if to, r = Next(to, said("ACCC"), wait); to.Status != Accepted || r.Outcome != NoChange {
		t.Errorf("ACCC: %+v %+v", to, r)
	}
	if to, r = Next(to, said("debit"), wait); to.Status != Paid || r.Outcome != Applied {
		t.Errorf("debit: %+v %+v", to, r)
	}
}

// A return that came first takes effect with the debit.
func TestReturnWaitsForItsDebit(t *testing.T) {
	t.Parallel()
	for _, second := range []string{"debit", "ACSC"} {
		now, _ := Next(Standing{Status: Accepted}, said("return"), Policy{})
		if !now.disputed() || now.reissuable() {
			t.Errorf("a return that waits: %+v", now)
		}
		to, r := Next(now, said(second), Policy{})
		if to != (Standing{Status: Returned}) || !r.Released || r.Outcome != Applied || !to.reissuable() {
			t.Errorf("%s: %+v %+v", second, to, r)
		}
	}
}

// A line that only a person can read moves nothing.
func TestPersonDecides(t *testing.T) {
	t.Parallel()
	euro, bare, back := said("debit"), said("debit"), said("debit")
	euro.Currency = "EUR"
	bare.HasAmount, bare.AmountOre = false, 0
	back.Return = true
	future := said("debit")
	future.Status, future.Booked = "FUTR", false
	odd := said("ACSC")
	odd.Problem = ProblemAmountForm
	for want, l := range map[Problem]Line{ProblemCurrency: euro, ProblemNoAmount: bare, ProblemTakenBack: back, ProblemAmountForm: odd, "": future} {
		for _, s := range []PaymentStatus{Exported, Paid, Rejected, Returned, Replaced, Unclear, Planned} {
			to, r := Next(Standing{Status: s}, l, Policy{})
			if to != (Standing{Status: s}) || r.Problem != want || (r.Outcome != Proposed) != (want == "") {
				t.Errorf("%s ← %+v: %+v %+v", s, l, to, r)
			}
		}
	}
}

func fold(words []string, policy Policy) Standing {
	now := Standing{Status: Exported}
	for _, w := range words {
		now, _ = Next(now, said(w), policy)
	}
	return now
}

var vocabulary = []string{"RCVD", "PDNG", "ACTC", "ACCP", "ACSP", "ACSC", "ACCC", "RJCT", "CANC", "RJCT:AC04", "RJCT:DU01", "debit", "return", "BLCK", "PART", "RVNM"}

// Files arrive in any order and twice. What the bank said without contradicting
// itself gives one standing; what contradicts itself stays with a person in any order.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 6).Draw(rt, "said")
		policy := Policy{PaidOnBooking: rapid.Bool().Draw(rt, "paid on booking")}
		other := rapid.Permutation(words).Draw(rt, "other order")
		other = append(other, rapid.SliceOf(rapid.SampledFrom(words)).Draw(rt, "again")...)
		a, b := fold(words, policy), fold(other, policy)

		says := func(list ...string) bool {
			for _, w := range words {
				for _, l := range list {
					if w == l {
						return true
					}
				}
			}
			return false
		}
		refused := says("RJCT", "CANC", "RJCT:AC04")
		duplicate := says("RJCT:DU01")
		gone := says("debit") || !policy.PaidOnBooking && says("ACSC", "ACCC")
		back := says("return")
		switch {
		case !a.disputed() && !b.disputed() && a.Status != b.Status:
			rt.Fatalf("two settled ends: %+v %+v", a, b)
		case !refused && !duplicate && a != b:
			rt.Fatalf("no refusal, two ends: %+v %+v", a, b)
		case refused && !duplicate && !says("debit", "ACSC", "ACCC", "return") && (a != b || a.Status != Rejected || a.disputed()):
			rt.Fatalf("a plain refusal: %+v %+v", a, b)
		case duplicate && (a.reissuable() || b.reissuable()) && !(gone && back):
			rt.Fatalf("a duplicate may be paid again: %+v %+v", a, b)
		case gone && !back && (a.reissuable() || b.reissuable()):
			rt.Fatalf("paid, not returned, and may be paid again: %+v %+v", a, b)
		case gone && !back && refused && !(a.disputed() && b.disputed()):
			rt.Fatalf("a contradiction that nobody is asked about: %+v %+v", a, b)
		}
	})
}

// All orders of each three words, without chance.
func TestOrderOfThree(t *testing.T) {
	t.Parallel()
	orders := [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}
	for _, a := range vocabulary {
		for _, b := range vocabulary {
			for _, c := range vocabulary {
				settledAs := map[PaymentStatus]string{}
				w := [3]string{a, b, c}
				for _, o := range orders {
					list := []string{w[o[0]], w[o[1]], w[o[2]]}
					if end := fold(list, Policy{}); !end.disputed() {
						settledAs[end.Status] = fmt.Sprint(list)
					}
				}
				if len(settledAs) > 1 {
					t.Errorf("order decides: %v", settledAs)
				}
			}
		}
	}
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"DU01", "DU02", "DU03", "DU04", "DU05", "AM05", "DUPL"} {
		if !said("RJCT:" + code).Duplicate() {
			t.Errorf("%s is no duplicate", code)
		}
	}
	text := func(reason, text string) Line {
		l := said("RJCT:" + reason)
		l.Text = text
		return l
	}
	for _, l := range []Line{text("NARR", "Instruction ID 1 already exist"), text("", "Duplicate message"), text("MS03", "Dubblett av tidigare fil")} {
		if l.Signal().Kind != SaysDuplicate {
			t.Errorf("%q %q is taken for a plain refusal", l.Reason, l.Text)
		}
	}
	for _, l := range []Line{text("AC04", "Kontot finns redan avslutat"), text("NARR", "Konto saknas"), said("RJCT:AC01")} {
		if l.Signal().Kind != SaysReject {
			t.Errorf("%q %q is no plain refusal", l.Reason, l.Text)
		}
	}
}
