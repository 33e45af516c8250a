package sqltest

import (
	"context"
	"sync"
	"sync/atomic"
)

// killing is a context that ends by itself when it has been asked for the n-th
// time. The driver asks before and after each statement, so n walks through
// everything that a transaction does: BEGIN, each statement, COMMIT.
type killing struct {
	context.Context
	stop  context.CancelFunc
	left  *atomic.Int64
	once  *sync.Once
	fired *atomic.Bool
}

// KillAfter gives a context that is cancelled at the n-th question, and whether it was.
func KillAfter(ctx context.Context, n int) (killed context.Context, fired func() bool, release context.CancelFunc) {
	ctx, stop := context.WithCancel(ctx)
	k := &killing{Context: ctx, stop: stop, left: new(atomic.Int64), once: new(sync.Once), fired: new(atomic.Bool)}
	k.left.Store(int64(n))
	return k, k.fired.Load, stop
}

func (k *killing) ask() {
	if k.left.Add(-1) <= 0 {
		k.once.Do(func() {
			k.fired.Store(true)
			k.stop()
		})
	}
}

// Done counts as a question.
func (k *killing) Done() <-chan struct{} {
	k.ask()
	return k.Context.Done()
}

// Err counts as a question too.
func (k *killing) Err() error {
	k.ask()
	return k.Context.Err()
}
