package bank

import (
	"fmt"
	"strings"

	"fund/workflow/money"
)

// Candidate is a payment of ours that a line may mean.
type Candidate struct {
	Payment       int64
	EndToEndID    string
	InstructionID string
	UETR          string
	PmtInfID      string
	MsgID         string
	AmountOre     money.SEK
	// CreditorRef is the payee's OCR or RF that we sent along, "" if none.
	CreditorRef string
	Status      PaymentStatus
}

// MatchKey is what a line and a payment have in common.
type MatchKey string

// The keys, in the order in which they are tried.
const (
	ByUETR        MatchKey = "uetr"
	ByEndToEnd    MatchKey = "end_to_end_id"
	ByInstruction MatchKey = "instruction_id"
	ByPmtInf      MatchKey = "pmtinf_id"  // with the amount, unique in the group
	ByMessage     MatchKey = "message_id" // with the amount, unique in the message
	ByReference   MatchKey = "reference"  // creditor reference or a reference in the text, with the amount
	ByAmount      MatchKey = "amount"     // with the day ± 5 bank days: proposals only
)

// Lookup gives the payments whose field of the key equals value. For ByReference it
// is CreditorRef or EndToEndID. For ByAmount, value is the amount as 12500.00 and the
// caller adds the days around the line's booking day (± 5 bank days).
type Lookup func(key MatchKey, value string) ([]Candidate, error)

// Match is what was found for a line.
type Match struct {
	// Outcome is Applied when Payment is the one hit (what the line does to it, Next says),
	// or Conflict, Proposed, Unknown or Informational.
	Outcome Outcome
	By      MatchKey
	Payment Candidate
	// Candidates are for a person to choose from.
	Candidates []Candidate
	Problem    Problem
}

// maxCandidates is how many payments a person is shown.
const maxCandidates = 20

// Find matches a line of level OnePayment or OneEntry to one payment: at the first key
// with a unique hit of the same amount. An equal id with another amount is never
// applied: a conflict, or for a return a proposal. A pain.002 line without amount is
// matched by its ids alone. Levels are for Covers, batches without details for Bulk.
func Find(line Line, lookup Lookup) (Match, error) {
	s := line.Signal()
	if s.Kind == SaysInfo && (line.Kind != Pain002 || line.echo()) {
		return Match{Outcome: Informational}, nil
	}
	several := []Candidate{}
	for _, try := range line.keys() {
		found, err := lookup(try.key, try.value)
		if err != nil {
			return Match{}, fmt.Errorf("find payment by %s: %w", try.key, err)
		}
		same := line.sameAmount(found, try.exact)
		switch {
		case len(same) == 1:
			return line.hit(try.key, same[0], s), nil
		case try.id && len(found) == 1:
			return line.otherAmount(try.key, found[0]), nil
		}
		several = append(several, same...)
	}
	return line.propose(several, lookup)
}

type try struct {
	key   MatchKey
	value string
	id    bool // the key names one payment by itself
	exact bool // the amount must be there and equal
}

// keys are the line's own keys in order. A credit is ours by its ids alone, unless the bank
// marks it as a return: any other may be a school's repayment.
func (l Line) keys() []try {
	camt := l.Kind != Pain002
	out := []try{
		{ByUETR, l.UETR, true, camt},
		{ByEndToEnd, l.EndToEndID, true, camt},
		{ByInstruction, l.InstructionID, true, camt},
	}
	if l.Direction != Credit || l.Return {
		out = append(out, try{ByPmtInf, l.PmtInfID, false, true}, try{ByMessage, l.MsgID, false, true})
		for _, r := range l.References() {
			out = append(out, try{ByReference, r, false, true})
		}
	}
	used := out[:0]
	for _, t := range out {
		if t.value != "" {
			used = append(used, t)
		}
	}
	return used
}

func (l Line) sameAmount(found []Candidate, exact bool) []Candidate {
	var same []Candidate
	for _, c := range found {
		switch {
		case l.HasAmount && l.Currency == "SEK" && l.AmountOre == c.AmountOre:
		case !l.HasAmount && !exact && l.Problem != ProblemAmountForm:
		default:
			continue
		}
		same = append(same, c)
	}
	return same
}

// hit is a unique payment; a signal that only a person can read stays a proposal.
func (l Line) hit(key MatchKey, c Candidate, s Signal) Match {
	if s.Kind == SaysPerson {
		return Match{Outcome: Proposed, By: key, Candidates: []Candidate{c}, Problem: s.Problem}
	}
	return Match{Outcome: Applied, By: key, Payment: c}
}

func (l Line) otherAmount(key MatchKey, c Candidate) Match {
	m := Match{Outcome: Conflict, By: key, Payment: c, Candidates: []Candidate{c}, Problem: ProblemOtherAmount}
	switch {
	case l.HasAmount && l.Currency != "SEK":
		m.Outcome, m.Problem, m.Payment = Proposed, ProblemCurrency, Candidate{}
	case !l.HasAmount:
		m.Outcome, m.Problem, m.Payment = Proposed, ProblemNoAmount, Candidate{}
	case l.Direction == Credit:
		m.Outcome, m.Payment = Proposed, Candidate{}
	}
	return m
}

// propose collects what a person may choose from. A debit without any reference stays
// unknown: its amount alone says nothing.
func (l Line) propose(several []Candidate, lookup Lookup) (Match, error) {
	if len(several) == 0 && l.HasAmount && l.Currency == "SEK" && l.named() {
		found, err := lookup(ByAmount, l.AmountOre.Decimal())
		if err != nil {
			return Match{}, fmt.Errorf("find payment by %s: %w", ByAmount, err)
		}
		several = l.sameAmount(found, true)
	}
	var out []Candidate
	seen := map[int64]bool{}
	for _, c := range several {
		if !seen[c.Payment] && len(out) < maxCandidates {
			seen[c.Payment] = true
			out = append(out, c)
		}
	}
	m := Match{Outcome: Proposed, By: ByAmount, Candidates: out, Problem: ProblemSeveral}
	if s := l.Signal(); len(out) == 0 && s.Kind == SaysInfo { // it moves nothing, whatever it is about
		return Match{Outcome: Informational, Problem: s.Problem}, nil
	}
	if len(out) == 0 {
		m = Match{Outcome: Unknown, Problem: ProblemNotFound}
		if !l.named() {
			m.Problem = ProblemNoReference
		}
	}
	if l.Problem != "" && l.Problem != ProblemNoStatus {
		m.Problem = l.Problem
	}
	return m, nil
}

func (l Line) named() bool {
	return l.UETR+l.EndToEndID+l.InstructionID+l.PmtInfID+l.MsgID+l.CreditorRef+l.Remittance != ""
}

// maxReferences is how many words of a text are looked up.
const maxReferences = 20

// References are the creditor reference and the words of the text that can be one:
// at least five letters, digits and hyphens with a digit among them.
func (l Line) References() []string {
	var out []string
	add := func(s string) {
		for _, had := range out {
			if had == s {
				return
			}
		}
		if len(out) < maxReferences {
			out = append(out, s)
		}
	}
	if bare := strings.Join(strings.Fields(l.CreditorRef), ""); bare != "" {
		add(bare)
		// Banks fill an OCR up with zeros from the left.
		if short := strings.TrimLeft(bare, "0"); short != "" {
			add(short)
		}
	}
	for _, w := range referenceWords(l.Remittance) {
		add(w)
	}
	return out
}

// referenceWords are the words of a text that can be a reference.
func referenceWords(text string) (out []string) {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool {
		return !(r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
	}) {
		w = strings.Trim(w, "-")
		if len(w) >= 5 && len(w) <= 35 && strings.ContainsAny(w, "0123456789") {
			out = append(out, w)
		}
	}
	return out
}

// OwnID says that an id has our own form: IFyy-Unnnnnn of a payment, IFyy-Knnnnnn of a
// claim, or IF-YYYYMMDD-NNNN of a message and what stands under it.
func OwnID(id string) bool {
	return len(id) >= 5 && strings.HasPrefix(id, "IF") && (id[2] == '-' || id[4] == '-')
}

// ownReferences are the ids in our own form in a text that is meant for people: some banks
// write the reference nowhere else.
func ownReferences(text string) (out []string) {
	for _, w := range referenceWords(text) {
		if OwnID(w) {
			out = append(out, w)
		}
	}
	return out
}

// Covers says that a line of level OneGroup or WholeMessage speaks of a payment. The
// caller leaves out payments that an earlier line of the same message hit.
func Covers(line Line, c Candidate) bool {
	switch line.Level {
	case OneGroup:
		return line.PmtInfID != "" && line.PmtInfID == c.PmtInfID && (line.MsgID == "" || line.MsgID == c.MsgID)
	case WholeMessage:
		return line.MsgID != "" && line.MsgID == c.MsgID
	}
	return false
}

// Bulk matches a booked batch without details to the payments of its group (those whose
// PmtInfID is the line's, else MsgID). If the amount is the group's sum less the
// rejected, all remaining ones are hit; if not, a person picks.
func Bulk(line Line, group []Candidate) Match {
	var rest []Candidate
	var sum []money.SEK
	for _, c := range group {
		if c.Status == Rejected || c.Status == Dropped || line.PmtInfID != "" && c.PmtInfID != line.PmtInfID {
			continue
		}
		if line.PmtInfID == "" && c.MsgID != line.MsgID {
			continue
		}
		rest, sum = append(rest, c), append(sum, c.AmountOre)
	}
	s := line.Signal()
	total, err := money.Sum(sum...)
	switch {
	case s.Kind == SaysInfo:
		return Match{Outcome: Informational}
	case len(rest) == 0:
		return Match{Outcome: Unknown, Problem: ProblemNotFound}
	case s.Kind != SaysDebit:
		return Match{Outcome: Proposed, Candidates: rest, Problem: orElse(s.Problem, ProblemGroupSum)}
	case err != nil, total != line.AmountOre:
		return Match{Outcome: Proposed, By: ByPmtInf, Candidates: rest, Problem: ProblemGroupSum}
	}
	return Match{Outcome: Applied, By: ByPmtInf, Candidates: rest}
}

func orElse(a, b Problem) Problem {
	if a != "" {
		return a
	}
	return b
}
