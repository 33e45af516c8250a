package workflow

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"time"

	"fund/workflow/money"
)

// LineSum is what the lines of a batch come to. They are added one at a time, so
// that a batch of any size can be judged without being held.
type LineSum struct {
	Channels []ChannelSum // in the order in which they come
	disputed string       // the first line that the bank contradicts itself about
	pay, run Date
	digest   hash.Hash
}

// ChannelSum is how many payments go one way, and how much they are.
type ChannelSum struct {
	Channel  string
	Payments int
	Sum      money.SEK
}

// NewLineSum begins the sum of a batch's lines.
func NewLineSum(b Batch) *LineSum {
	return &LineSum{pay: b.PayDate, run: b.Execution, digest: sha256.New()}
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

// Add takes the next line in.
func (s *LineSum) Add(l BatchLine) (err error) {
	fmt.Fprintf(s.digest, "%d|%d|%v|%d|%d|%s|%s\n", l.PaymentID, l.Application, l.Account, l.AccountVers, int64(l.Amount), s.pay, s.run)
	if l.Disputed && s.disputed == "" {
		s.disputed = l.Reference
	}
	c := s.channel(l.Channel)
	if c == nil {
		s.Channels = append(s.Channels, ChannelSum{Channel: l.Channel})
		c = &s.Channels[len(s.Channels)-1]
	}
	c.Payments++
	if c.Sum, err = money.Sum(c.Sum, l.Amount); err != nil {
		return fmt.Errorf("%s: %w", l.Reference, err)
	}
	return nil
}

func (s *LineSum) channel(name string) *ChannelSum {
	for i := range s.Channels {
		if s.Channels[i].Channel == name {
			return &s.Channels[i]
		}
	}
	return nil
}

// Of is the count and the sum of the named channels together; of none: of all.
func (s *LineSum) Of(channels ...string) (all ChannelSum, err error) {
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

// bank tells whether anything goes through the bank.
func (s *LineSum) bank() bool {
	for _, c := range s.Channels {
		if (BatchLine{Channel: c.Channel}).Bank() {
			return true
		}
	}
	return false
}

// DecideExport is DecideBatch for the export of a batch whose lines are read one at
// a time: sum is what they come to, and Exporting says where each payment goes.
func DecideExport(b Batch, sum *LineSum, by Actor, seen int64, at time.Time) (Batch, error) {
	after, _, err := decideBatch(b, sum, by, BatchCommand{Action: BatchExport}, seen, at)
	return after, err
}

// Exporting is the step of a line's payment when its batch is exported; ok is false
// for one that is not waiting for it.
func Exporting(batch int64, l BatchLine) (m Move, ok bool) {
	return l.moveTo(PayExported, batch, BatchCommand{})
}
