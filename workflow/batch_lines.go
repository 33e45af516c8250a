package workflow

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"time"

	"fund/workflow/money"
)

// BatchGist is what the lines of a batch come to for those who judge it: how much goes
// which way, and who may not attest it. The database can say it without giving the lines.
type BatchGist struct {
	Channels          []ChannelSum // in the order in which they come
	Deciders, Schools map[int64]bool
	Conflicted        map[int64]int // by person: of how many lines they may know nothing
}

// ChannelSum is how many payments go one way, and how much they are.
type ChannelSum struct {
	Channel  string
	Payments int
	Sum      money.SEK
	Open     int // of them neither paid nor replaced
}

// NewBatchGist is that of a batch without lines.
func NewBatchGist() BatchGist {
	return BatchGist{Deciders: map[int64]bool{}, Conflicted: map[int64]int{}, Schools: map[int64]bool{}}
}

// GistOf is that of the lines which a batch holds, or money.ErrOverflow.
func GistOf(b Batch) (BatchGist, error) {
	s, err := sumOf(b)
	return s.BatchGist, err
}

// LineSum is what the lines of a batch come to. They are added one at a time, so
// that a batch of any size can be judged without being held.
type LineSum struct {
	BatchGist
	disputed string    // the first line that the bank contradicts itself about
	largest  BatchLine // of those to the bank
	pay, run Date
	digest   hash.Hash
}

// NewLineSum begins the sum of a batch's lines.
func NewLineSum(b Batch) *LineSum {
	return &LineSum{BatchGist: NewBatchGist(), pay: b.PayDate, run: b.Execution, digest: sha256.New()}
}

// sumOf sums the lines that a batch holds.
func sumOf(b Batch) (*LineSum, error) {
	s := NewLineSum(b)
	for _, l := range b.Lines {
		if err := s.Add(l); err != nil {
			return s, err
		}
	}
	return s, nil
}

// Add takes the next line in; the error is money.ErrOverflow with the line's reference.
func (s *LineSum) Add(l BatchLine) (err error) {
	fmt.Fprintf(s.digest, "%d|%d|%v|%d|%d|%s|%s\n", l.PaymentID, l.Application, l.Account, l.AccountVers, int64(l.Amount), s.pay, s.run)
	if l.Disputed && s.disputed == "" {
		s.disputed = l.Reference
	}
	if l.Bank() && l.Amount > s.largest.Amount {
		s.largest = l
	}
	s.Deciders[l.DeciderID], s.Schools[l.SchoolID] = true, true
	for _, person := range l.Conflicted {
		s.Conflicted[person]++
	}
	c := s.channel(l.Channel)
	if c == nil {
		s.Channels = append(s.Channels, ChannelSum{Channel: l.Channel})
		c = &s.Channels[len(s.Channels)-1]
	}
	c.Payments++
	if l.Status != PayPaid && l.Status != PayReplaced {
		c.Open++
	}
	if c.Sum, err = money.Sum(c.Sum, l.Amount); err != nil {
		return fmt.Errorf("%s: %w", l.Reference, err)
	}
	return nil
}

func (s *BatchGist) channel(name string) *ChannelSum {
	for i := range s.Channels {
		if s.Channels[i].Channel == name {
			return &s.Channels[i]
		}
	}
	return nil
}

// Of is the count and the sum (öre) of the named channels together; of none named: of all.
// The error is money.ErrOverflow.
func (s *BatchGist) Of(channels ...string) (all ChannelSum, err error) {
	if len(channels) == 0 {
		for _, c := range s.Channels {
			channels = append(channels, c.Channel)
		}
	}
	for _, name := range channels {
		c := s.channel(name)
		if c == nil {
			continue
		}
		all.Payments += c.Payments
		if all.Sum, err = money.Sum(all.Sum, c.Sum); err != nil {
			return all, err
		}
	}
	return all, nil
}

// Digest is what an attest is about: SHA-256 over payment, payee, account and
// its version, öre and execution day of each line, in order. Any edit voids both attests.
func (s *LineSum) Digest() string { return hex.EncodeToString(s.digest.Sum(nil)) }

// doubt refuses to go on while the bank contradicts itself about an instalment of the batch.
func (s *LineSum) doubt() error {
	if s.disputed != "" {
		return Refused{Code: "disputed", Args: map[string]any{"Reference": s.disputed}}
	}
	return nil
}

// Bank tells whether anything goes through the bank.
func (s *BatchGist) Bank() bool {
	return slices.ContainsFunc(s.Channels, func(c ChannelSum) bool { return c.Bank() })
}

// Bank tells whether payments this way go through the bank.
func (c ChannelSum) Bank() bool { return BatchLine{Channel: c.Channel}.Bank() }

// DecideAttest is DecideBatch for an attest of a batch whose lines are read one at a
// time: an attest is about all of them, and moves none. It refuses what DecideBatch does.
func DecideAttest(b Batch, sum *LineSum, by Actor, k BatchCommand, seen int64, at time.Time) (Batch, error) {
	after, _, err := decideBatch(b, sum, by, k, seen, at)
	return after, err
}

// Attests tells whether a step is one of the two.
func Attests(a Action) bool { return a == BatchAttest1 || a == BatchAttest2 }

// DecideExport is DecideBatch for the export of a batch whose lines are read one at
// a time: sum is what they come to, and Exporting says where each payment goes. It
// refuses what DecideBatch does.
func DecideExport(b Batch, sum *LineSum, by Actor, seen int64, at time.Time) (Batch, error) {
	after, _, err := decideBatch(b, sum, by, BatchCommand{Action: BatchExport}, seen, at)
	return after, err
}

// Exporting is the step of a line's payment when its batch is exported; ok is false
// for one that is not waiting for it.
func Exporting(batch int64, l BatchLine) (m Move, ok bool) {
	return l.moveTo(PayExported, batch, BatchCommand{})
}
