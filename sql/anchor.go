package sql

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"

	"fund/workflow"
)

// Anchor ties the chains of all cases together, once a day: who keeps its hash
// can later prove that no case was changed, nor a whole case taken away.
type Anchor struct {
	Day    string    `db:"day" json:"day"`
	Events int64     `db:"events" json:"cases"` // cases that went on since the anchor before
	Hash   string    `db:"hash" json:"hash"`
	Prev   string    `db:"prev_hash" json:"prev_hash"`
	At     time.Time `db:"at" json:"at"`
}

// AnchorLine is the last event of a case in an anchor. Found is what the event's hash is now.
type AnchorLine struct {
	Day         string `db:"day" json:"-"`
	Application int64  `db:"application" json:"application"`
	Version     int64  `db:"version" json:"version"`
	Hash        string `db:"hash" json:"hash"`
	Found       string `db:"found" json:"-"`
}

// anchorHash covers the anchor before and every line: sha256 of
// "prev\napplication version hash\n…".
func anchorHash(prev string, lines []AnchorLine) string {
	var b strings.Builder
	b.WriteString(prev + "\n")
	for _, l := range lines {
		fmt.Fprintf(&b, "%d %d %s\n", l.Application, l.Version, l.Hash)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}

// anchor makes the day's anchor before its first event. Who meets another one
// making it goes on without: nobody waits.
func (tx *Tx) anchor(ctx context.Context, day workflow.Date, at time.Time) error {
	due, err := one[bool](ctx, tx, tx.s.q.AnchorDue, params{"day": day.String()})
	if err != nil || !due {
		return err
	}
	if mine, err := one[bool](ctx, tx, tx.s.q.TryAnchorLock, params{}); err != nil || !mine {
		return err
	}
	prev, err := one[string](ctx, tx, tx.s.q.LastAnchor, params{})
	if err != nil {
		return fmt.Errorf("anchor: %w", err)
	}
	lines, err := many[struct {
		Application int64  `db:"application"`
		Version     int64  `db:"version"`
		Hash        string `db:"hash"`
	}](ctx, tx, tx.s.q.NewTips, params{})
	if err != nil || len(lines) == 0 {
		return err
	}
	tips := make([]AnchorLine, len(lines))
	for i, l := range lines {
		tips[i] = AnchorLine{Application: l.Application, Version: l.Version, Hash: l.Hash}
	}
	n, err := exec(ctx, tx, tx.s.q.InsertAnchor, params{"day": day.String(), "events": len(tips), "hash": anchorHash(prev, tips), "prev_hash": prev, "at": at})
	if err != nil || n == 0 {
		return err
	}
	for _, l := range tips {
		if _, err := exec(ctx, tx, tx.s.q.InsertTip, params{"day": day.String(), "application": l.Application, "version": l.Version, "hash": l.Hash}); err != nil {
			return fmt.Errorf("anchor: %w", err)
		}
	}
	return nil
}

// Anchors lists the daily anchors, oldest first.
func (s *Store) Anchors(ctx context.Context) ([]Anchor, error) {
	return many[Anchor](ctx, s.db, s.q.Anchors, params{})
}

// anchorsAtOnce is how many days' lines are read at once: a year's, so that the proof of
// many years doesn't hold them all.
const anchorsAtOnce = 366

// verifyAnchors proves that each anchor follows from the one before, and that every event it names is still there as it was.
func (s *Store) verifyAnchors(ctx context.Context, out *Audit) error {
	anchors, err := s.Anchors(ctx)
	if err != nil {
		return fmt.Errorf("anchors: %w", err)
	}
	prev := ""
	for part := range slices.Chunk(anchors, anchorsAtOnce) {
		if prev, err = s.verifyDays(ctx, part, prev, out); err != nil {
			return err
		}
	}
	return nil
}

// verifyDays proves some days' anchors, the first of which follows from prev, and gives the hash of the last.
func (s *Store) verifyDays(ctx context.Context, anchors []Anchor, prev string, out *Audit) (string, error) {
	all, err := s.anchorLines(ctx, anchors)
	if err != nil {
		return "", err
	}
	for _, a := range anchors {
		lines := all[a.Day]
		if a.Prev != prev || anchorHash(prev, lines) != a.Hash {
			out.Broken = append(out.Broken, AuditFault{Problem: "the anchor of " + a.Day + " was changed"})
		}
		for _, l := range lines {
			if l.Found != l.Hash {
				out.Broken = append(out.Broken, AuditFault{l.Application, l.Version, "the event is not the one that was anchored on " + a.Day})
			}
		}
		prev = a.Hash
		out.Anchors++
	}
	return prev, nil
}

// anchorLines reads the lines of some days' anchors at once, by day.
func (s *Store) anchorLines(ctx context.Context, anchors []Anchor) (map[string][]AnchorLine, error) {
	days := make([]string, len(anchors))
	for i, a := range anchors {
		days[i] = a.Day
	}
	lines, err := many[AnchorLine](ctx, s.db, s.q.AnchorLines, params{"days": pq.Array(days)})
	if err != nil {
		return nil, fmt.Errorf("lines of %d anchors: %w", len(anchors), err)
	}
	byDay := make(map[string][]AnchorLine, len(anchors))
	for _, l := range lines {
		byDay[l.Day] = append(byDay[l.Day], l)
	}
	return byDay, nil
}
