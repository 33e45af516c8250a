package bankfile

import (
	"context"
	"slices"

	"fund/jobs/bank"
	"fund/workflow/money"
)

// group is a line about all payments of a PmtInf or of a message that no line
// of this message named.
func (j *judge) group(ctx context.Context, l bank.Line) error {
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
		if !j.hit[c.Payment] && !(l.Level == bank.WholeMessage && j.inPart(l, c)) {
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
	return j.cover(ctx, l, all)
}

// inPart tells whether the message says PART of the payment's own group: what it says of
// the whole then speaks of nobody whom it did not name there.
func (j *judge) inPart(l bank.Line, c bank.Candidate) bool {
	return slices.ContainsFunc(j.file.Levels, func(v bank.Level) bool {
		return v.Message == l.Message && v.Name == bank.OneGroup && v.Status == "PART" && v.PmtInfID != "" && v.PmtInfID == c.PmtInfID
	})
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

// stillOut tells whether the whole payment is still with the school. What was repaid or given
// up of it can't come back once more: a person says what the bank's money is then.
func (j *judge) stillOut(ctx context.Context, c bank.Candidate) (bool, error) {
	p := j.payment(c)
	left, known := j.out[p.Application]
	if !known {
		k, err := j.tx.Case(ctx, p.Application)
		if err != nil {
			return false, err
		}
		left = money.Kronor(k.App.StillOut())
	}
	if p.Ore > left {
		j.out[p.Application] = left
		return false, nil
	}
	j.out[p.Application] = left - p.Ore
	return true, nil
}

// cover lets a line say to each payment what it says.
func (j *judge) cover(ctx context.Context, l bank.Line, all []bank.Candidate) error {
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
		if now.Status == bank.Paid && to.Status == bank.Returned {
			out, err := j.stillOut(ctx, c)
			if err != nil {
				return err
			}
			if !out {
				to, ruling = now, bank.Ruling{Outcome: bank.Conflict, Problem: bank.ProblemAlreadyBack, Task: true}
			}
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
