package bankfile

import (
	"context"
	"slices"

	"fund/jobs/bank"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/money"
)

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
	j.indexPayments()
	return nil
}

// indexPayments lets the payments be found by their ids.
func (j *judge) indexPayments() {
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
