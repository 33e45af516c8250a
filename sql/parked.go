package sql

import (
	"context"
	"fmt"
	"time"

	"fund/workflow"
)

// How long posts wait for a sign-in, and how many of a person. Real time, as with sessions.
// One that was refused after it is kept until its sender has sent it anew or lets it go.
const (
	parkedLife = 24 * time.Hour
	ParkedKeep = 8
)

// ParkedPost is a form that was sent when its sign-in had expired.
type ParkedPost struct {
	ID          int64     `db:"id"`
	Path        string    `db:"path"`
	ContentType string    `db:"content_type"`
	Body        []byte    `db:"body"`
	RefusedAt   time.Time `db:"refused_at"` // by the service's clock
	Title       string    `db:"title"`      // of the page that refused it
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

// TakeParked gives a parked post once, to the person who sent it; ErrNotFound otherwise. It is among
// the refused until DropRefused says that it was taken, so that nothing of it is lost in between.
func (s *Store) TakeParked(ctx context.Context, person int64, word string) (ParkedPost, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return ParkedPost{}, err
	}
	p, err := one[ParkedPost](
		ctx,
		s.db,
		s.q.TakeParked,
		params{"hash": digest(word), "person": person, "oldest": s.wall().Add(-parkedLife), "at": now},
	)
	return p, found(err, "parked post", "")
}

// RefusedPosts are the person's posts that could not be taken as they were, oldest first.
func (s *Store) RefusedPosts(ctx context.Context, person int64) ([]ParkedPost, error) {
	list, err := many[ParkedPost](ctx, s.db, s.q.RefusedPosts, params{"person": person})
	if err != nil {
		return nil, fmt.Errorf("refused posts: %w", err)
	}
	return list, nil
}

// CountRefused is how many RefusedPosts there are.
func (s *Store) CountRefused(ctx context.Context, person int64) (int, error) {
	n, err := one[int](ctx, s.db, s.q.CountRefused, params{"person": person})
	if err != nil {
		return 0, fmt.Errorf("refused posts: %w", err)
	}
	return n, nil
}

// NameRefused notes what the page was called that refused a post.
func (s *Store) NameRefused(ctx context.Context, person, id int64, title string) error {
	if _, err := exec(ctx, s.db, s.q.NameRefused, params{"person": person, "id": id, "title": title}); err != nil {
		return fmt.Errorf("refused post: %w", err)
	}
	return nil
}

// DropRefused lets a refused post go: its sender has sent it anew, or doesn't want it any more.
func (s *Store) DropRefused(ctx context.Context, person, id int64) error {
	if _, err := exec(ctx, s.db, s.q.DropRefused, params{"person": person, "id": id}); err != nil {
		return fmt.Errorf("refused post: %w", err)
	}
	return nil
}
