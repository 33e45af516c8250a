package bankfile

import (
	"context"
	"encoding/json"
	"slices"

	"fund/jobs/bank"
	"fund/jobs/reading"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/money"
)

// judge finds what each line of a file leads to, with the batches that the file
// speaks of locked. It writes nothing before write.
type judge struct {
	tx       *sql.Tx
	today    workflow.Date
	policy   bank.Policy
	records  bool     // a repayment with a claim's OCR and exact amount
	accounts []string // the payer's own: IBAN and bankgiro
	file     bank.File
	findings []bank.Finding

	payments []sql.BankPayment
	index    map[bank.MatchKey]map[string][]int // into payments
	standing map[int64]bank.Standing
	paidOn   map[int64]workflow.Date
	byHand   map[int64]bool             // paid by a voucher of finance's
	booked   map[int64][]bank.Direction // bookings that were told
	debits   map[int64][]debit          // the days and numbers of those that took money out
	message  int                        // which of the file's messages the lines are now in
	hit      map[int64]bool             // by an earlier line of this message
	seen     map[string][]sql.BankSeen
	claims   []sql.OpenClaim
	near     map[money.SEK][]sql.BankPayment // by amount; nil until a line asks

	lines   []sql.BankLine
	hits    []sql.BankHit
	effects []effect
	touched map[int64]bool // batches

	out      map[int64]money.SEK // by application: what of its payments is still with the school, once a line asked
	overpaid map[int64]bool      // went out a second time, and that is not back
}

// effect is a step of a payment, or of a claim, to be taken through the one door.
type effect struct {
	application int64
	command     workflow.Command
}

func newJudge(ctx context.Context, tx *sql.Tx, file bank.File) (*judge, error) {
	now, err := tx.Now()
	if err != nil {
		return nil, err
	}
	j := blankJudge(file)
	j.tx, j.today = tx, workflow.DateOf(now)
	settings, err := tx.FinanceSettings(ctx)
	if err != nil && !sql.Unfinanced(err) {
		return nil, err
	}
	j.policy.PaidOnBooking = settings.Bank.PaidOn == "booking"
	j.records = settings.Bank.Repayments != "by_hand"
	for _, own := range []string{settings.Payer.IBAN, settings.Payer.Bankgiro} {
		if own != "" {
			j.accounts = append(j.accounts, own)
		}
	}
	if err := j.look(ctx); err != nil {
		return nil, err
	}
	return j, j.history(ctx)
}

// blankJudge knows the file alone.
func blankJudge(file bank.File) *judge {
	j := &judge{file: file, findings: slices.Clone(file.Findings), standing: map[int64]bank.Standing{},
		paidOn: map[int64]workflow.Date{}, byHand: map[int64]bool{}, booked: map[int64][]bank.Direction{}, hit: map[int64]bool{},
		seen: map[string][]sql.BankSeen{}, debits: map[int64][]debit{}, overpaid: map[int64]bool{}, out: map[int64]money.SEK{}, touched: map[int64]bool{}}
	if j.findings == nil {
		j.findings = []bank.Finding{}
	}
	return j
}

func (j *judge) found(f bank.Finding) {
	j.findings = reading.Add(j.findings, f)
}

// compareLevels tells where the bank's counts and sums differ from ours.
func (j *judge) compareLevels() {
	for _, l := range j.file.Levels {
		var ours bank.Total
		for _, p := range j.payments {
			if p.Live &&
				(l.Name == bank.OneGroup && l.PmtInfID != "" && p.PmtInf == l.PmtInfID || l.Name == bank.WholeMessage && l.MsgID != "" && p.MessageID == l.MsgID) {
				ours.Count++
				ours.Sum += p.Ore
			}
		}
		if ours.Count > 0 {
			for _, f := range bank.CompareLevel(l, ours) {
				j.found(f)
			}
		}
	}
}

// judge finds what one line leads to, after those before it.
func (j *judge) judge(ctx context.Context, l bank.Line) error {
	if l.Message != j.message { // its levels speak of all that it did not name itself
		j.message = l.Message
		clear(j.hit)
	}
	if again, ok := j.again(l); ok {
		j.lines = append(j.lines, again)
		return nil
	}
	switch {
	case !j.ours(l):
		j.elsewhere(l)
		return nil
	case l.Level == bank.OneGroup || l.Level == bank.WholeMessage:
		return j.group(ctx, l)
	case l.Bulk && (l.PmtInfID != "" || l.MsgID != ""):
		m := bank.Bulk(l, j.groupOf(l))
		if m.Outcome != bank.Applied {
			return j.keep(l, m)
		}
		return j.cover(ctx, l, m.Candidates)
	}
	m, err := bank.Find(l, j.lookup(ctx, l))
	if err != nil {
		return err
	}
	if l.Booked && l.Direction == bank.Credit && (m.Outcome == bank.Unknown || m.Outcome == bank.Proposed) {
		return j.credit(ctx, l, m)
	}
	if m.Outcome == bank.Applied {
		return j.cover(ctx, l, []bank.Candidate{m.Payment})
	}
	if m.Outcome == bank.Conflict && m.Payment.Payment != 0 { // an equal id with another amount stops what could be paid anew
		return j.dispute(l, m)
	}
	return j.keep(l, m)
}

// ours tells whether a booking is on one of the payer's accounts. A line or a
// profile without an account is.
func (j *judge) ours(l bank.Line) bool {
	return l.Kind == bank.Pain002 || l.Account == "" || len(j.accounts) == 0 ||
		slices.ContainsFunc(j.accounts, func(own string) bool { return bank.SameAccount(own, l.Account) })
}

// mostElsewhere is how many payments a line on another account is noted for.
const mostElsewhere = 20

// elsewhere keeps a booking on another account: it moves no payment, whatever ids it
// carries. Where money left by an id of ours, or the bank sends it back, a person
// says whether the profile's account is the old one. A plain credit is the payee's statement.
func (j *judge) elsewhere(l bank.Line) {
	m := bank.Match{Outcome: bank.NotOurs}
	for _, id := range []struct {
		key   bank.MatchKey
		value string
	}{{bank.ByUETR, l.UETR}, {bank.ByEndToEnd, l.EndToEndID}, {bank.ByInstruction, l.InstructionID}, {bank.ByPmtInf, l.PmtInfID}, {bank.ByMessage, l.MsgID}} {
		if m.Candidates = j.named(id.key, id.value); len(m.Candidates) > 0 {
			break
		}
	}
	waits := false
	if len(m.Candidates) > 0 {
		m.Candidates = m.Candidates[:min(len(m.Candidates), mostElsewhere)]
		j.found(bank.Found(bank.FindingOtherAccount, l.N, l.Account))
		if waits = l.Booked && (l.Direction == bank.Debit || l.Return); waits {
			m.Problem = bank.ProblemOtherAccount
		}
	}
	out := row(l, m)
	out.Waits = waits
	j.lines = append(j.lines, out)
}

// again is a line that an earlier file told already, and that did something then.
func (j *judge) again(l bank.Line) (sql.BankLine, bool) {
	before := j.seen[l.Key]
	if len(before) == 0 {
		return sql.BankLine{}, false
	}
	out := row(l, bank.Match{Outcome: bank.NoChange})
	for _, s := range before {
		if s.Payment == nil {
			out.Claim = s.Claim
			continue
		}
		j.hits = append(j.hits, sql.BankHit{N: l.N, Payment: *s.Payment, Outcome: string(bank.NoChange)})
		j.hit[*s.Payment] = true
	}
	return out, true
}

// row is a line before it has hit anything.
func row(l bank.Line, m bank.Match) sql.BankLine {
	raw, err := json.Marshal(l)
	if err != nil {
		panic(err) // texts and numbers
	}
	s := l.Signal()
	out := sql.BankLine{N: l.N, Key: l.Key, Line: raw, Outcome: string(m.Outcome), Problem: string(m.Problem)}
	if out.Problem == "" {
		out.Problem = string(l.Problem)
	}
	if out.Problem == "" && m.Outcome != bank.NotOurs {
		out.Problem = string(s.Problem)
	}
	var ids []int64
	for _, c := range m.Candidates {
		ids = append(ids, c.Payment)
	}
	if out.Candidates, err = json.Marshal(ids); err != nil || ids == nil {
		out.Candidates = json.RawMessage("[]")
	}
	return out
}

// keep is for a line that hit nothing by itself. It waits for a person where it
// can be about our payments: every status, and bookings that come near one, on either
// side: a credit that carries our id is a return even where the bank doesn't mark it.
func (j *judge) keep(l bank.Line, m bank.Match) error {
	out := row(l, m)
	switch m.Outcome {
	case bank.Conflict, bank.Proposed:
		out.Waits = len(m.Candidates) > 0
	case bank.Unknown:
		out.Waits = l.Kind == bank.Pain002 || looksOurs(l)
	case bank.Informational: // a payee whose name the bank says is not the account's
		out.Waits = l.Signal().Task
	}
	j.lines = append(j.lines, out)
	return nil
}

// looksOurs tells whether a booking carries an id in our own form.
func looksOurs(l bank.Line) bool {
	for _, id := range append([]string{l.EndToEndID, l.InstructionID, l.MsgID, l.PmtInfID}, l.References()...) {
		if bank.OwnID(id) {
			return true
		}
	}
	return false
}
