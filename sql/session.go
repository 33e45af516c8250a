package sql

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"fund/workflow"
)

// How long people stay known. Real time: moving the rehearsal clock signs nobody out.
const (
	tokenLife   = 90 * 24 * time.Hour
	sessionIdle = 8 * time.Hour
	sessionLife = 7 * 24 * time.Hour
	linkLife    = 30 * time.Minute

	// So many links may be mailed to one person in an hour: nobody's mailbox is filled by others.
	linkWindow = time.Hour
	linksAtAll = 5
)

// secret makes a random word and its hash; only the hash is kept.
func secret() (word string, hash []byte) {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	word = hex.EncodeToString(b)
	return word, digest(word)
}

func digest(word string) []byte {
	sum := sha256.Sum256([]byte(word))
	return sum[:]
}

// NewToken gives a bearer token for the API.
func (s *Store) NewToken(ctx context.Context, person int64) (string, error) {
	word, hash := secret()
	now := s.wall()
	if _, err := exec(ctx, s.db, s.q.InsertToken, params{"hash": hash, "person": person, "at": now, "until": now.Add(tokenLife)}); err != nil {
		return "", fmt.Errorf("token: %w", err)
	}
	return word, nil
}

// ActorByToken tells who a token is; ErrUnauthorised if nobody.
func (s *Store) ActorByToken(ctx context.Context, token string) (workflow.Actor, error) {
	row, err := one[personRow](ctx, s.db, s.q.PersonByToken, params{"hash": digest(token), "at": s.wall()})
	return s.actor(ctx, row, err)
}

// actor is the person with the rights of this day: as a substitute somebody may have more than their own.
func (s *Store) actor(ctx context.Context, row personRow, err error) (workflow.Actor, error) {
	if none(err) {
		return workflow.Actor{}, workflow.ErrUnauthorised
	}
	if err != nil {
		return workflow.Actor{}, fmt.Errorf("sign-in: %w", err)
	}
	p, err := row.person()
	if err != nil {
		return workflow.Actor{}, err
	}
	by, err := s.acting(ctx, p)
	if err != nil || !p.Office() {
		return by, err
	}
	settings, err := s.FinanceSettings(ctx)
	if Unfinanced(err) {
		return by, nil
	}
	if err != nil {
		return workflow.Actor{}, err
	}
	now, err := s.Now(ctx)
	return settings.Authorise(by, workflow.DateOf(now)), err
}

// NewSession signs somebody in for the pages.
func (s *Store) NewSession(ctx context.Context, person int64) (string, error) {
	word, hash := secret()
	if _, err := exec(ctx, s.db, s.q.InsertSession, params{"hash": hash, "person": person, "at": s.wall()}); err != nil {
		return "", fmt.Errorf("session: %w", err)
	}
	return word, nil
}

// ActorBySession tells who a session is; ErrUnauthorised when it has ended.
func (s *Store) ActorBySession(ctx context.Context, id string) (workflow.Actor, error) {
	now := s.wall()
	hash := digest(id)
	row, err := one[personRow](ctx, s.db, s.q.PersonBySession, params{"hash": hash, "idle": now.Add(-sessionIdle), "oldest": now.Add(-sessionLife)})
	by, err := s.actor(ctx, row, err)
	if err != nil {
		return by, err
	}
	// Noted at most once a minute, so that reading a page is not a write.
	if _, err := exec(ctx, s.db, s.q.TouchSession, params{"hash": hash, "at": now, "before": now.Add(-time.Minute), "idle": now.Add(-sessionIdle)}); err != nil {
		return by, fmt.Errorf("session: %w", err)
	}
	return by, nil
}

// EndSession signs out for good. Only Park still knows whose session it was.
func (s *Store) EndSession(ctx context.Context, id string) error {
	_, err := exec(ctx, s.db, s.q.EndSession, params{"hash": digest(id)})
	return err
}

// NewLink makes a one-time link for signing in and queues its mail in the same
// transaction. Who asks too often gets no more mails; the caller isn't told, as
// the page says the same to everyone.
func (s *Store) NewLink(ctx context.Context, person int64, mail func(word string) MailRow) error {
	return s.InTx(ctx, func(tx *Tx) error {
		n, err := one[int](ctx, tx, s.q.RecentLinks, params{"person": person, "since": s.wall().Add(-linkWindow)})
		if err != nil {
			return fmt.Errorf("links: %w", err)
		}
		if n >= linksAtAll {
			return nil
		}
		word, hash := secret()
		if _, err := exec(ctx, tx, s.q.InsertLink, params{"hash": hash, "person": person, "at": s.wall()}); err != nil {
			return fmt.Errorf("link: %w", err)
		}
		_, _, err = tx.AddMail(ctx, mail(word))
		return err
	})
}

// UseLink signs in by a one-time link; ErrUnauthorised if it was used or is too old.
func (s *Store) UseLink(ctx context.Context, word string) (session string, err error) {
	var person int64
	err = s.InTx(ctx, func(tx *Tx) error {
		hash := digest(word)
		person, err = one[int64](ctx, tx, s.q.LinkForUpdate, params{"hash": hash, "oldest": s.wall().Add(-linkLife)})
		if none(err) {
			return workflow.ErrUnauthorised
		}
		if err != nil {
			return fmt.Errorf("link: %w", err)
		}
		_, err = exec(ctx, tx, s.q.UseLink, params{"hash": hash, "at": s.wall()})
		return err
	})
	if err != nil {
		return "", err
	}
	return s.NewSession(ctx, person)
}
