package sql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"sync"
)

// Kept is an answer that is given again for the same key.
type Kept struct {
	Status int
	Header map[string]string
	Body   []byte
	// Application is set when the effect is stored but its answer was lost in a
	// crash: the caller answers with the application as it is.
	Application int64
}

// keyLocks makes requests of this process with the same key wait for each other
// without each holding a connection.
type keyLocks struct {
	mu   sync.Mutex
	held map[string]*keyLock
}

type keyLock struct {
	sync.Mutex
	waiting int
}

func (k *keyLocks) lock(name string) (unlock func()) {
	k.mu.Lock()
	if k.held == nil {
		k.held = map[string]*keyLock{}
	}
	l := k.held[name]
	if l == nil {
		l = &keyLock{}
		k.held[name] = l
	}
	l.waiting++
	k.mu.Unlock()
	l.Lock()
	return func() {
		l.Unlock()
		k.mu.Lock()
		if l.waiting--; l.waiting == 0 {
			delete(k.held, name)
		}
		k.mu.Unlock()
	}
}

// effectKey carries the idempotency key of a request to the transaction of its effect.
type effectKey struct{}

type effect struct {
	person int64
	key    string
}

type keyRow struct {
	Digest      string `db:"digest"`
	Application int64  `db:"application"`
	Status      int    `db:"status"`
	Header      []byte `db:"header"`
	Body        []byte `db:"body"`
}

// Keep runs a request once for each key of a person: the same key and digest
// give the same answer again, another digest ErrKeyReused, and those who come
// meanwhile wait. Only answers of 2xx are kept; a refusal may be tried again.
func (s *Store) Keep(ctx context.Context, person int64, key, digest string, run func(context.Context) (Kept, error)) (Kept, bool, error) {
	unlock := s.keys.lock(fmt.Sprintf("%d/%s", person, key))
	defer unlock()
	conn, err := s.locks.Connx(ctx)
	if err != nil {
		return Kept{}, false, fmt.Errorf("key lock: %w", err)
	}
	defer conn.Close()
	h := fnv.New64a()
	fmt.Fprintf(h, "%d/%s", person, key)
	id := int64(h.Sum64())
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", id); err != nil {
		return Kept{}, false, fmt.Errorf("key lock: %w", err)
	}
	defer func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", id) // closing the connection unlocks as well
	}()
	row, err := one[keyRow](ctx, s.db, s.q.ReserveKey, params{"person": person, "key": key, "digest": digest, "at": s.wall()})
	if err != nil {
		return Kept{}, false, fmt.Errorf("key: %w", err)
	}
	if row.Digest != digest {
		return Kept{}, false, ErrKeyReused
	}
	if row.Status != 0 {
		k := Kept{Status: row.Status, Body: row.Body}
		if err := json.Unmarshal(row.Header, &k.Header); err != nil {
			return k, true, fmt.Errorf("kept answer: %w", err)
		}
		return k, true, nil
	}
	if row.Application != 0 {
		return Kept{Application: row.Application}, true, nil
	}
	k, err := run(context.WithValue(ctx, effectKey{}, effect{person, key}))
	if err != nil || k.Status < 200 || k.Status > 299 {
		return k, false, err
	}
	header, err := encode(k.Header)
	if err != nil {
		return k, false, err
	}
	_, err = exec(context.WithoutCancel(ctx), s.db, s.q.KeepAnswer, params{"person": person, "key": key, "status": k.Status, "header": header, "body": k.Body})
	return k, false, errors.Join(err)
}

// noteEffect writes down, in the effect's own transaction, that this key has had it.
func (tx *Tx) noteEffect(ctx context.Context, application int64) error {
	e, ok := ctx.Value(effectKey{}).(effect)
	if !ok {
		return nil
	}
	_, err := exec(ctx, tx, tx.s.q.KeepEffect, params{"person": e.person, "key": e.key, "application": application})
	return err
}
