package sql

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"fund/workflow"
)

// Paper is a proposal or minutes as they were made: never changed, and where
// they are said anew, by a paper that corrects them.
type Paper struct {
	ID          int64     `db:"id"`
	Kind        string    `db:"kind"` // proposal | minutes
	Application int64     `db:"application"`
	Sitting     int64     `db:"sitting"`
	About       time.Time `db:"about"` // when the proposal was made; of minutes when they were kept
	Title       string    `db:"title"`
	Words       string    `db:"words"`    // SHA-256 of the text: the same words are not kept twice
	SHA256      string    `db:"sha256"`   // of the PDF
	Corrects    int64     `db:"corrects"` // the paper that it stands instead of; 0: none
	At          time.Time `db:"made_at"`
	Gone        bool      `db:"gone"` // its words were deleted with its case
}

// KeepPaper keeps a paper, unless the newest of its case or meeting has the same
// words, or its proposal has one. It answers with the paper that stands.
func (s *Store) KeepPaper(ctx context.Context, by workflow.Actor, p Paper, words string, pdf []byte) (Paper, error) {
	sum, said := sha256.Sum256(pdf), sha256.Sum256([]byte(words))
	p.SHA256, p.Words = hex.EncodeToString(sum[:]), hex.EncodeToString(said[:])
	err := s.InTx(ctx, func(tx *Tx) error {
		all, err := many[Paper](ctx, tx, s.q.PapersOf, params{"application": p.Application, "sitting": p.Sitting})
		if err != nil {
			return fmt.Errorf("papers: %w", err)
		}
		if n := len(all); n > 0 {
			last := all[n-1]
			if last.Words == p.Words || p.Kind == "proposal" && last.About.Equal(p.About) {
				p = last
				return nil
			}
			p.Corrects = last.ID
		}
		if p.At, err = tx.Now(); err != nil {
			return err
		}
		p.ID, err = one[int64](
			ctx,
			tx,
			s.q.InsertPaper,
			params{"kind": p.Kind, "application": nullID(p.Application), "sitting": nullID(p.Sitting), "about": p.About, "title": p.Title,
				"words": p.Words, "sha256": p.SHA256, "body": pdf, "corrects": nullID(p.Corrects), "by": nullID(by.ID), "at": p.At},
		)
		if none(err) { // another was quicker with the same
			return workflow.ErrStale
		}
		return err
	})
	return p, err
}

// Papers lists the papers of a case or of a meeting, oldest first. Whoever
// asks must have been let through to the case or the meeting.
func (s *Store) Papers(ctx context.Context, application, sitting int64) ([]Paper, error) {
	return many[Paper](ctx, s.db, s.q.PapersOf, params{"application": application, "sitting": sitting})
}

// Paper reads one with its bytes; who may is asked by the caller.
func (s *Store) Paper(ctx context.Context, id int64) (Paper, []byte, error) {
	p, err := one[Paper](ctx, s.db, s.q.PaperRow, params{"id": id})
	if err != nil {
		return p, nil, found(err, "paper", id)
	}
	body, err := one[[]byte](ctx, s.db, s.q.PaperBody, params{"id": id})
	if err == nil && p.Gone {
		err = workflow.ErrNotFound
	}
	return p, body, err
}
