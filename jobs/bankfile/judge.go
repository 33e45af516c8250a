package bankfile

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"fund/jobs/bank"
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
	hit      map[int64]bool             // by an earlier line of this file
	seen     map[string][]sql.BankSeen
	claims   []sql.OpenClaim
	near     map[money.SEK][]sql.BankPayment // by amount; nil until a line asks

	lines   []sql.BankLine
	hits    []sql.BankHit
	effects []effect
	touched map[int64]bool // batches

	overpaid map[int64]bool // went out a second time, and that is not back
}

// effect is a payment's step, to be taken through the one door.
type effect struct {
	application int64
	command     workflow.BankAnswer
}

func newJudge(ctx context.Context, tx *sql.Tx, file bank.File) (*judge, error) {
	now, err := tx.Now()
	if err != nil {
		return nil, err
	}
	j := &judge{tx: tx, today: workflow.DateOf(now), file: file, findings: slices.Clone(file.Findings), standing: map[int64]bank.Standing{},
		paidOn: map[int64]workflow.Date{}, byHand: map[int64]bool{}, booked: map[int64][]bank.Direction{}, hit: map[int64]bool{},
		seen: map[string][]sql.BankSeen{}, debits: map[int64][]debit{}, overpaid: map[int64]bool{}, touched: map[int64]bool{}}
	if j.findings == nil {
		j.findings = []bank.Finding{}
	}
	settings, err := tx.FinanceSettings(ctx)
	if err != nil && !sql.Unfinanced(err) {
		return nil, err
	}
	j.policy.PaidOnBooking = settings.Bank.PaidOn == "booking"
	for _, own := range []string{settings.Payer.IBAN, settings.Payer.Bankgiro} {
		if own != "" {
			j.accounts = append(j.accounts, bare(own))
		}
	}
	if err := j.look(ctx); err != nil {
		return nil, err
	}
	return j, j.history(ctx)
}

// bare is an account without what people put between its digits.
func bare(account string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(account))
}

// look finds the payments that the lines may mean, locks their batches in order
// of number, and reads how they stand then.
func (j *judge) look(ctx context.Context) error {
	names, uetrs := j.names()
	found, err := j.tx.BankPayments(ctx, names, uetrs)
	if err != nil {
		return err
	}
	if err := j.lock(ctx, found); err != nil {
		return err
	}
	if j.payments, err = j.tx.BankPayments(ctx, names, uetrs); err != nil {
		return err
	}
	j.index = map[bank.MatchKey]map[string][]int{}
	for i, p := range j.payments {
		j.know(p)
		for key, value := range map[bank.MatchKey]string{bank.ByUETR: p.UETR, bank.ByEndToEnd: p.Reference, bank.ByPmtInf: p.PmtInf, bank.ByMessage: p.MessageID} {
			if j.index[key] == nil {
				j.index[key] = map[string][]int{}
			}
			if value != "" {
				j.index[key][value] = append(j.index[key][value], i)
			}
		}
	}
	return nil
}

// sameField says where an id is looked up: instruction ids are end-to-end ids, as we send them.
var sameField = map[bank.MatchKey]bank.MatchKey{bank.ByInstruction: bank.ByEndToEnd, bank.ByReference: bank.ByEndToEnd}

// named are the payments whose field of the key has the value, as they stand now.
func (j *judge) named(key bank.MatchKey, value string) (out []bank.Candidate) {
	if same, ok := sameField[key]; ok {
		key = same
	}
	for _, i := range j.index[key][value] {
		out = append(out, j.candidate(j.payments[i]))
	}
	return out
}

// names are all ids of the file: of payments, groups and messages.
func (j *judge) names() (names, uetrs []string) {
	for _, l := range j.file.Lines {
		for _, id := range append([]string{l.EndToEndID, l.InstructionID, l.PmtInfID, l.MsgID}, l.References()...) {
			if id != "" {
				names = append(names, id)
			}
		}
		if l.UETR != "" {
			uetrs = append(uetrs, l.UETR)
		}
	}
	for _, l := range j.file.Levels {
		if l.MsgID != "" {
			names = append(names, l.MsgID)
		}
	}
	slices.Sort(names)
	slices.Sort(uetrs)
	return slices.Compact(names), slices.Compact(uetrs)
}

func (j *judge) lock(ctx context.Context, found []sql.BankPayment) error {
	last := int64(0)
	for _, p := range found { // in order of batch
		if p.Batch == last {
			continue
		}
		last = p.Batch
		if _, err := j.tx.BatchHead(ctx, p.Batch); err != nil {
			return err
		}
	}
	return nil
}

// know notes how a payment stands.
func (j *judge) know(p sql.BankPayment) {
	j.standing[p.Payment] = bank.Standing{Status: bank.PaymentStatus(p.Status), ReturnWaits: p.ReturnWaits, Open: p.Disputed}
	j.byHand[p.Payment] = p.Voucher != ""
	if p.Overpaid {
		j.overpaid[p.Payment] = true
	}
	if p.PaidOn != nil {
		j.paidOn[p.Payment] = workflow.NewDate(p.PaidOn.Year(), p.PaidOn.Month(), p.PaidOn.Day())
	}
}

// history reads what earlier files told of the same payments and by the same lines.
func (j *judge) history(ctx context.Context) error {
	var ids []int64
	for _, p := range j.payments {
		ids = append(ids, p.Payment)
	}
	bookings, err := j.tx.BankBookings(ctx, ids)
	if err != nil {
		return err
	}
	for _, b := range bookings {
		j.booked[b.Payment] = append(j.booked[b.Payment], bank.Direction(b.Direction))
		if bank.Direction(b.Direction) == bank.Debit {
			j.debits[b.Payment] = append(j.debits[b.Payment], debit{day: b.Day})
		}
	}
	keys := make([]string, 0, len(j.file.Lines))
	credits := false
	for _, l := range j.file.Lines {
		keys = append(keys, l.Key)
		credits = credits || l.Direction == bank.Credit
	}
	seen, err := j.tx.BankKeysSeen(ctx, keys)
	if err != nil {
		return err
	}
	for _, s := range seen {
		j.seen[s.Key] = append(j.seen[s.Key], s)
	}
	if credits {
		j.claims, err = j.tx.OpenClaims(ctx)
	}
	return err
}

func (j *judge) found(f bank.Finding) {
	if i := slices.IndexFunc(j.findings, func(x bank.Finding) bool { return x.Code == f.Code }); i >= 0 {
		j.findings[i].Count++
		return
	}
	j.findings = append(j.findings, f)
}

// compareLevels tells where the bank's counts and sums differ from ours.
func (j *judge) compareLevels() {
	for _, l := range j.file.Levels {
		var ours bank.Total
		for _, p := range j.payments {
			if p.Live && (l.Name == bank.OneGroup && l.PmtInfID != "" && p.PmtInf == l.PmtInfID || l.Name == bank.WholeMessage && l.MsgID != "" && p.MessageID == l.MsgID) {
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
	if again, ok := j.again(l); ok {
		j.lines = append(j.lines, again)
		return nil
	}
	ours := j.ours(l)
	switch {
	case l.Level == bank.OneGroup || l.Level == bank.WholeMessage:
		return j.group(l)
	case l.Bulk && ours && (l.PmtInfID != "" || l.MsgID != ""):
		m := bank.Bulk(l, j.groupOf(l))
		if m.Outcome != bank.Applied {
			return j.keep(l, m)
		}
		return j.cover(l, m.Candidates)
	}
	m, err := bank.Find(l, j.lookup(ctx, l))
	if err != nil {
		return err
	}
	switch {
	case !ours && !j.trusted(l, m):
		m = bank.Match{Outcome: bank.NotOurs}
	case !ours:
		j.found(bank.Found(bank.FindingOtherAccount, l.N, l.Account))
	case l.Booked && l.Direction == bank.Credit && (m.Outcome == bank.Unknown || m.Outcome == bank.Proposed):
		return j.credit(l, m)
	}
	if m.Outcome == bank.Applied {
		return j.cover(l, []bank.Candidate{m.Payment})
	}
	if m.Outcome == bank.Conflict && m.Payment.Payment != 0 { // an equal id with another amount stops what could be paid anew
		return j.dispute(l, m)
	}
	return j.keep(l, m)
}

// ours tells whether a booking is on one of the payer's accounts. A line or a
// profile without an account is.
func (j *judge) ours(l bank.Line) bool {
	return l.Kind == bank.Pain002 || l.Account == "" || len(j.accounts) == 0 || slices.Contains(j.accounts, bare(l.Account))
}

// trusted: on another account only a debit, or what the bank itself calls a
// return, is ours by the payment's own id. A plain credit there is the payee's statement.
func (j *judge) trusted(l bank.Line, m bank.Match) bool {
	byID := m.By == bank.ByUETR || m.By == bank.ByEndToEnd || m.By == bank.ByInstruction
	return m.Outcome == bank.Applied && byID && (l.Direction == bank.Debit || l.Return)
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
// can be about our payments: every status, and bookings that come near one.
func (j *judge) keep(l bank.Line, m bank.Match) error {
	out := row(l, m)
	switch m.Outcome {
	case bank.Conflict, bank.Proposed:
		out.Waits = len(m.Candidates) > 0
	case bank.Unknown:
		out.Waits = l.Kind == bank.Pain002 && l.Signal().Kind != bank.SaysInfo || l.Direction == bank.Debit && looksOurs(l)
	}
	j.lines = append(j.lines, out)
	return nil
}

// looksOurs tells whether a booking carries an id in our own form.
func looksOurs(l bank.Line) bool {
	for _, id := range append([]string{l.EndToEndID, l.InstructionID, l.MsgID, l.PmtInfID}, l.References()...) {
		if len(id) >= 5 && strings.HasPrefix(id, "IF") && (id[2] == '-' || id[4] == '-') {
			return true
		}
	}
	return false
}

// candidate is a payment as the rules know it. By the ids of a cancelled batch
// it is one that was never given to the bank, whatever became of it since.
func (j *judge) candidate(p sql.BankPayment) bank.Candidate {
	c := bank.Candidate{Payment: p.Payment, EndToEndID: p.Reference, InstructionID: p.Reference, UETR: p.UETR, PmtInfID: p.PmtInf, MsgID: p.MessageID,
		AmountOre: p.Ore, Status: bank.Planned}
	if p.Live {
		c.Status = j.standing[p.Payment].Status
	}
	return c
}

// lookup answers from what was read for the whole file; only the search by
// amount and day asks the database.
func (j *judge) lookup(ctx context.Context, l bank.Line) bank.Lookup {
	return func(key bank.MatchKey, value string) (out []bank.Candidate, err error) {
		if key == bank.ByAmount {
			return j.byAmount(ctx, l)
		}
		return j.named(key, value), nil
	}
}

// around is how many bank days a booking may be from the day it was ordered for.
const around = 5

// mostNear is how many payments are proposed for a line.
const mostNear = 20

func (j *judge) byAmount(ctx context.Context, l bank.Line) (out []bank.Candidate, err error) {
	day, err := workflow.ParseDate(l.BookingDay)
	if err != nil {
		return nil, nil // no day, no search
	}
	if j.near == nil {
		if err := j.lookNear(ctx); err != nil {
			return nil, err
		}
	}
	from, until := day.AddDays(-2*around), workflow.AddBankDays(day, around)
	seen := 0
	for _, p := range j.near[l.AmountOre] {
		want, err := workflow.ParseDate(p.Execution)
		if err != nil || want.Before(from) || want.After(until) {
			continue
		}
		if seen++; seen > mostNear {
			break
		}
		if !workflow.AddBankDays(want, around).Before(day) {
			if _, known := j.standing[p.Payment]; !known { // an earlier line of this file may have moved it
				j.know(p)
			}
			out = append(out, j.candidate(p))
		}
	}
	return out, nil
}

// lookNear reads, once for the whole file, the payments that a line may mean by nothing
// but its amount and day: a statement has thousands of lines that are about others.
func (j *judge) lookNear(ctx context.Context) error {
	j.near = map[money.SEK][]sql.BankPayment{}
	var ore []int64
	var from, until workflow.Date
	for _, l := range j.file.Lines {
		day, err := workflow.ParseDate(l.BookingDay)
		if err != nil || !l.HasAmount {
			continue
		}
		ore = append(ore, int64(l.AmountOre))
		if from.IsZero() || day.Before(from) {
			from = day
		}
		if until.IsZero() || day.After(until) {
			until = day
		}
	}
	slices.Sort(ore)
	if ore = slices.Compact(ore); len(ore) == 0 {
		return nil
	}
	found, err := j.tx.BankPaymentsByAmount(ctx, ore, from.AddDays(-2*around), workflow.AddBankDays(until, around))
	if err != nil {
		return err
	}
	for _, p := range found {
		j.near[p.Ore] = append(j.near[p.Ore], p)
	}
	return nil
}

// group is a line about all payments of a PmtInf or of a message that no line
// of this file named.
func (j *judge) group(l bank.Line) error {
	if l.Signal().Kind == bank.SaysInfo {
		return j.keep(l, bank.Match{Outcome: bank.Informational})
	}
	var all []bank.Candidate
	known := false
	for _, c := range j.groupOf(l) {
		if !bank.Covers(l, c) {
			continue
		}
		known = true
		if !j.hit[c.Payment] {
			all = append(all, c)
		}
	}
	switch {
	case !known:
		m := bank.Match{Outcome: bank.Unknown, Problem: bank.ProblemNotFound}
		if l.MsgID == "" && l.PmtInfID == "" {
			m.Problem = bank.ProblemNoReference
		}
		return j.keep(l, m)
	case len(all) == 0:
		return j.keep(l, bank.Match{Outcome: bank.NoChange})
	}
	return j.cover(l, all)
}

// groupOf are the payments of the line's group, or of its message.
func (j *judge) groupOf(l bank.Line) []bank.Candidate {
	if l.PmtInfID != "" {
		return j.named(bank.ByPmtInf, l.PmtInfID)
	}
	return j.named(bank.ByMessage, l.MsgID)
}

// worst orders outcomes: what a line about many payments is called by.
var worst = []bank.Outcome{bank.Conflict, bank.Proposed, bank.Applied, bank.Confirmed, bank.NoChange, bank.Informational}

// cover lets a line say to each payment what it says.
func (j *judge) cover(l bank.Line, all []bank.Candidate) error {
	out := row(l, bank.Match{})
	best := len(worst)
	for _, c := range all {
		now := j.standing[c.Payment]
		if c.Status == bank.Planned { // of a cancelled batch
			now.Status = bank.Planned
		}
		to, ruling := bank.Next(now, l, j.policy)
		back := j.overpaid[c.Payment] && l.Signal().Kind == bank.SaysReturn
		switch {
		case back: // what went out a second time comes back first
			to, ruling = now, bank.Ruling{Outcome: bank.Applied}
			delete(j.overpaid, c.Payment)
		case ruling.Outcome == bank.Confirmed && j.second(c.Payment, l):
			to.Open = true
			ruling = bank.Ruling{Outcome: bank.Conflict, Problem: bank.ProblemPaidTwice, Task: true}
		}
		if c.Status == bank.Planned {
			to.Status = j.standing[c.Payment].Status
		}
		j.say(l, c, to, ruling)
		if back {
			j.sendBack(l, c)
		}
		if i := slices.Index(worst, ruling.Outcome); i >= 0 && i < best {
			best, out.Outcome, out.Problem = i, string(ruling.Outcome), string(ruling.Problem)
		}
		out.Waits = out.Waits || ruling.Task
		j.hit[c.Payment] = true
	}
	j.lines = append(j.lines, out)
	return nil
}

// dispute marks a payment whose id came with another amount.
func (j *judge) dispute(l bank.Line, m bank.Match) error {
	out := row(l, m)
	out.Waits = true
	j.lines = append(j.lines, out)
	to := j.standing[m.Payment.Payment]
	to.Open = true
	j.say(l, m.Payment, to, bank.Ruling{Outcome: bank.Conflict, Problem: m.Problem, Task: true})
	return nil
}

// say notes what a line did to a payment: the hit, and the step if there is one.
func (j *judge) say(l bank.Line, c bank.Candidate, to bank.Standing, r bank.Ruling) {
	now := j.standing[c.Payment]
	h := sql.BankHit{N: l.N, Payment: c.Payment, Outcome: string(r.Outcome), Problem: string(r.Problem), Day: l.BookingDay, ReleasesItsReturns: r.Released}
	if l.Booked && (r.Outcome == bank.Applied || r.Outcome == bank.Confirmed || r.Outcome == bank.NoChange) {
		h.Direction = string(l.Direction)
		if r.Outcome == bank.Applied && slices.Contains(j.booked[c.Payment], l.Direction) {
			h.Outcome = string(bank.Confirmed)
		}
	}
	j.hits = append(j.hits, h)
	on := j.day(l, c, now, to, r)
	changed := to != now || to.Status == bank.Paid && !on.IsZero() && on != j.paidOn[c.Payment]
	if l.Booked && h.Direction != "" {
		j.booked[c.Payment] = append(j.booked[c.Payment], l.Direction)
	}
	if r.Released {
		j.booked[c.Payment] = append(j.booked[c.Payment], bank.Credit)
	}
	if l.Booked && l.Direction == bank.Debit && h.Direction != "" {
		j.debits[c.Payment] = append(j.debits[c.Payment], debit{day: l.BookingDay, here: true, number: l.BankRef})
	}
	j.standing[c.Payment] = to
	if !changed {
		return
	}
	if to.Status == bank.Paid && !on.IsZero() {
		j.paidOn[c.Payment] = on
	}
	p := j.payment(c)
	j.touched[p.Batch] = true
	j.effects = append(j.effects, effect{p.Application, workflow.BankAnswer{Payment: c.Payment, From: string(now.Status), To: string(to.Status), On: on,
		Reason: l.Reason, Disputed: to.Open, ReturnWaits: to.ReturnWaits, Line: l.N}})
}

// day is when a payment was paid by what this line says: the first booked day,
// and before any booking is known the day it was ordered for. Zero: nothing new.
func (j *judge) day(l bank.Line, c bank.Candidate, now, to bank.Standing, r bank.Ruling) workflow.Date {
	if to.Status != bank.Paid || now.Status == bank.Paid && j.byHand[c.Payment] {
		return workflow.Date{}
	}
	if l.Booked && l.Direction == bank.Debit {
		day, err := workflow.ParseDate(l.BookingDay)
		if err != nil {
			day = j.today
		}
		if slices.Contains(j.booked[c.Payment], bank.Debit) && !day.Before(j.paidOn[c.Payment]) {
			return workflow.Date{}
		}
		return day
	}
	if r.Outcome != bank.Applied {
		return workflow.Date{}
	}
	day, err := workflow.ParseDate(j.payment(c).Execution)
	if err != nil || day.After(j.today) {
		return j.today
	}
	return day
}

// payment is the payment of a candidate, in the batch whose ids it has.
func (j *judge) payment(c bank.Candidate) sql.BankPayment {
	for _, i := range j.index[bank.ByEndToEnd][c.EndToEndID] {
		if j.payments[i].Payment == c.Payment {
			return j.payments[i]
		}
	}
	return sql.BankPayment{Payment: c.Payment}
}

// credit is money that came in and is no return: a proposal to note a
// repayment where it carries a claim's reference, never more (RF-21, RF-23).
func (j *judge) credit(l bank.Line, m bank.Match) error {
	text := squeeze(l.CreditorRef + " " + l.Remittance + " " + l.EndToEndID)
	var hits []sql.OpenClaim
	for _, c := range j.claims {
		if name := squeeze(c.DNR); name != "" && strings.Contains(text, name) {
			hits = append(hits, c)
		}
	}
	if len(hits) == 0 {
		return j.keep(l, m)
	}
	out := row(l, bank.Match{Outcome: bank.Proposed, Problem: bank.ProblemRepayment})
	out.Waits = true
	if len(hits) > 1 {
		out.Problem = string(bank.ProblemSeveral)
	} else {
		r := hits[0].Recovery
		out.Claim = hits[0].Application
		if l.Currency != "SEK" || l.AmountOre != money.Kronor(r.Amount-r.Repaid()-r.WrittenOff()) {
			out.Problem = string(bank.ProblemOtherAmount)
		}
	}
	j.lines = append(j.lines, out)
	return nil
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

// write takes the steps in order of application, as all writers lock them, and
// keeps lines and hits. The program takes the steps: who brought the file
// stands in each event.
func (j *judge) write(ctx context.Context, file int64, uploader string) error {
	slices.SortStableFunc(j.effects, func(a, b effect) int { return cmp.Compare(a.application, b.application) })
	if err := j.tx.ApplyAll(ctx, workflow.Machine(), func(yield func(sql.Step, error) bool) {
		for _, e := range j.effects {
			e.command.File, e.command.Uploader = file, uploader
			if !yield(sql.Step{Application: e.application, Command: &e.command}, nil) {
				return
			}
		}
	}); err != nil {
		return fmt.Errorf("what the bank says: %w", err)
	}
	for i := range j.lines {
		j.lines[i].File = file
	}
	for i := range j.hits {
		j.hits[i].File = file
	}
	if err := j.tx.AddBankLines(ctx, j.lines); err != nil {
		return err
	}
	if err := j.tx.AddBankHits(ctx, j.hits); err != nil {
		return err
	}
	batches := make([]int64, 0, len(j.touched))
	for id := range j.touched {
		batches = append(batches, id)
	}
	slices.Sort(batches)
	return j.tx.MovedByBank(ctx, batches)
}
