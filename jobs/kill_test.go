package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// books is everything that an export or a settlement may touch.
func (h *house) books(app, batch int64) []string {
	h.t.Helper()
	b, err := h.store.Batch(h.t.Context(), h.who("finance1"), batch)
	if err != nil {
		h.t.Fatal(err)
	}
	m, err := h.store.RoundMoney(h.t.Context(), "VT26")
	if err != nil {
		h.t.Fatal(err)
	}
	out := append(h.snapshot(app), fmt.Sprintf("batch %s version %d, ledger %+v", b.State, b.Version, m))
	for _, l := range b.Lines {
		out = append(out, fmt.Sprintf("payment %d %s %s %s", l.PaymentID, l.Reference, l.Status, l.PaidOn))
	}
	for name, sum := range h.files(batch) {
		out = append(out, name+" "+sum)
	}
	slices.Sort(out)
	return out
}

// killed runs a step again and again, each time killed a little later, until it
// comes through. Before that nothing of it may be there.
func (h *house) killed(name string, app, batch int64, step func(context.Context) error) {
	h.t.Helper()
	before := h.books(app, batch)
	kills := 0
	for n := 1; ; n++ {
		ctx, fired, release := sqltest.KillAfter(h.t.Context(), n)
		err := step(ctx)
		release()
		after := h.books(app, batch)
		changed := cmp.Diff(before, after)
		switch {
		case err == nil && !fired():
			if changed == "" {
				h.t.Fatalf("%s came through and did nothing", name)
			}
			if kills < 10 {
				h.t.Errorf("%s was killed at %d places only", name, kills)
			}
			return
		case changed != "" && err != nil: // the answer was lost, the effect was not: a repeat must find it done
			h.t.Logf("%s: done, but the answer was lost at %d", name, n)
			return
		case changed != "" && err == nil:
			return
		}
		kills++
	}
}

// TestKilledAtEveryStepPaysOnce kills export and settlement between any two
// statements, and after each kill goes on as if nothing had been: one set of
// files, one payment, one entry in the ledger.
func TestKilledAtEveryStepPaysOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	app, batch := h.attested()
	job := h.asked(batch)
	act := func(action workflow.Action, body string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := h.store.BatchAction(ctx, h.who("finance1"), batch, workflow.AnyVersion, string(action), json.RawMessage(body))
			return err
		}
	}
	h.killed("export", app, batch, func(ctx context.Context) error { return h.runner.Work(ctx, job.ID) })
	made := h.files(batch)
	if err := h.runner.Work(t.Context(), job.ID); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(made, h.files(batch)); d != "" || len(made) != 4 || h.payment(app) != workflow.PayExported {
		t.Fatalf("files after another delivery: %s", d)
	}
	h.killed("mark_sent", app, batch, act(workflow.BatchMarkSent, `{"on":"2026-07-01"}`))
	h.killed("mark_paid", app, batch, act(workflow.BatchMarkPaid, `{"on":"2026-07-01","voucher":"V1"}`))
	var wrong workflow.WrongState
	if err := act(workflow.BatchMarkPaid, `{"on":"2026-07-01","voucher":"V1"}`)(t.Context()); !errors.As(err, &wrong) {
		t.Errorf("paid again: %v", err)
	}
	m, err := h.store.RoundMoney(t.Context(), "VT26")
	if err != nil || m.Paid != 30000 || m.Reserved != 0 {
		t.Errorf("ledger %+v (%v), want 30 000 paid and nothing reserved", m, err)
	}
	h.work()
	if n := h.mailsTo(app, "teacher@example.org", "paid"); n != 1 {
		t.Errorf("%d mails about the payment, want 1", n)
	}
	var checks sql.SelfCheck
	if err := h.store.InTx(t.Context(), func(tx *sql.Tx) (err error) {
		checks, err = tx.RunSelfCheck(t.Context())
		return err
	}); err != nil || !checks.Green {
		t.Errorf("the books after the kills: %+v (%v)", checks, err)
	}
}

// TestTwoAttestAtOnce lets both finance people click at the same moment: each
// attest is one person's, and never are both one person's.
func TestTwoAttestAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	app, batch := h.attested()
	for turn := range 5 {
		h.batch("finance1", batch, workflow.BatchCancel, `{"reason":"Om igen."}`)
		b, err := h.store.ComposeBatch(t.Context(), h.who("finance1"), []int64{app}, workflow.NewDate(2026, time.July, 3))
		if err != nil {
			t.Fatal(err)
		}
		batch = b.ID
		for _, action := range []workflow.Action{workflow.BatchAttest1, workflow.BatchAttest2} {
			seen := h.version(batch)
			won := make([]string, 4)
			var all sync.WaitGroup
			for i, name := range []string{"finance1", "finance2", "finance1", "finance2"} {
				all.Go(func() {
					if _, err := h.store.BatchAction(t.Context(), h.who(name), batch, seen, string(action), json.RawMessage("{}")); err == nil {
						won[i] = name
					}
				})
			}
			all.Wait()
			if winners := strings.Fields(strings.Join(won, " ")); len(winners) != 1 {
				t.Fatalf("turn %d: %s went through for %v", turn, action, winners)
			}
		}
		b, err = h.store.Batch(t.Context(), h.who("finance1"), batch)
		if err != nil || b.State != workflow.BatchAttested2 || b.Attest1.Person == b.Attest2.Person {
			t.Fatalf("turn %d: %+v (%v)", turn, b, err)
		}
	}
}

func (h *house) version(batch int64) int64 {
	h.t.Helper()
	b, err := h.store.Batch(h.t.Context(), h.who("finance1"), batch)
	if err != nil {
		h.t.Fatal(err)
	}
	return b.Version
}
