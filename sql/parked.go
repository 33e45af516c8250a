package sql

import (
	"context"
	"fmt"
	"time"

	"fund/workflow"
)

// How long posts wait for a sign-in, and how many of a person. Real time, as with sessions.
const (
	parkedLife = 24 * time.Hour
	ParkedKeep = 8
)

// ParkedPost is a form that was sent when its sign-in had expired.
type ParkedPost struct {
	Path        string `db:"path"`
	ContentType string `db:"content_type"`
	Body        []byte `db:"body"`
}

// Park keeps a post for who held the session. The word fetches it again;
// workflow.ErrUnauthorised if the session never was one.
func (s *Store) Park(ctx context.Context, session string, p ParkedPost) (word string, err error) {
	person, err := one[int64](ctx, s.db, s.q.PersonOfSession, params{"hash": digest(session)})
	if none(err) {
		return "", workflow.ErrUnauthorised
	}
	if err != nil {
		return "", fmt.Errorf("session: %w", err)
	}
	now := s.wall()
	word, hash := secret()
	err = s.InTx(ctx, func(tx *Tx) error {
		if _, err := exec(ctx, tx, s.q.DropParked, params{"oldest": now.Add(-parkedLife), "person": person, "keep": ParkedKeep - 1}); err != nil {
			return fmt.Errorf("parked posts: %w", err)
		}
		_, err := exec(
			ctx,
			tx,
			s.q.InsertParked,
			params{"hash": hash, "person": person, "path": p.Path, "content_type": p.ContentType, "body": p.Body, "at": now},
		)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("park: %w", err)
	}
	return word, nil
}

// TakeParked gives a parked post once, to the person who sent it; ErrNotFound otherwise.
func (s *Store) TakeParked(ctx context.Context, person int64, word string) (ParkedPost, error) {
	p, err := one[ParkedPost](ctx, s.db, s.q.TakeParked, params{"hash": digest(word), "person": person, "oldest": s.wall().Add(-parkedLife)})
	return p, found(err, "parked post", "")
}
