package sql

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// ChainEvent is an event with all that its hash covers, as the database and a package hold it.
type ChainEvent struct {
	Application int64           `db:"application" json:"application"`
	Version     int64           `db:"version" json:"version"`
	At          time.Time       `db:"at" json:"at"`
	Actor       int64           `db:"actor" json:"actor"`
	By          string          `db:"by_email" json:"by"`
	Action      string          `db:"action" json:"action"`
	From        string          `db:"from_state" json:"from"`
	To          string          `db:"to_state" json:"to"`
	Data        json.RawMessage `db:"data" json:"data"`
	DataSHA256  string          `db:"data_sha256" json:"data_sha256"`
	Prev        string          `db:"prev_hash" json:"prev_hash"`
	Hash        string          `db:"hash" json:"hash"`
	Disposal    int64           `db:"disposal" json:"disposal,omitempty"` // the archive decision that took words away
}

// sum is what the event's hash must be (SHA-256, hexadecimal): it covers the event and the hash of the one before in its
// case. The package for the archive tells how to compute it by hand, so its lines and their order stand for good.
func (e ChainEvent) sum() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%d\n%d\n%s\n%d\n%s\n%s\n%s\n%s\n", e.Prev, e.Application, e.Version, e.At.UTC().Format(time.RFC3339Nano), e.Actor, e.Action, e.From, e.To, e.DataSHA256)
	return hex.EncodeToString(h.Sum(nil))
}

// faults are what is wrong with an event that follows the one of this version and hash; before a case's first, 0 and "".
func (e ChainEvent) faults(version int64, prev string) (all []string) {
	if e.Version != version+1 {
		all = append(all, "an event is missing before this one")
	}
	if e.Prev != prev {
		all = append(all, "the event before this one was changed")
	}
	if sum, err := canonicalSum(e.Data); e.Disposal == 0 && (err != nil || sum != e.DataSHA256) {
		all = append(all, "the data were changed")
	}
	if e.sum() != e.Hash {
		all = append(all, "the event was changed")
	}
	return all
}

// CheckChain proves the events of one case, wherever they came from: without a database.
func CheckChain(events []ChainEvent) error {
	version, prev := int64(0), ""
	for _, e := range events {
		if wrong := e.faults(version, prev); len(wrong) > 0 {
			return fmt.Errorf("event %d: %s", e.Version, wrong[0])
		}
		version, prev = e.Version, e.Hash
	}
	return nil
}
