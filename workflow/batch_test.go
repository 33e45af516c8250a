package workflow

import (
	"errors"
	"slices"
	"testing"

	"fund/workflow/money"
)

// aBatch pays two schools, one by booking and one by the bank.
func aBatch() Batch {
	return Batch{ID: 7, Version: 1, State: BatchDraft, PayDate: date("2027-02-11"), Execution: date("2027-02-11"), CreatedBy: fin1.ID, Lines: []BatchLine{
		{PaymentID: 101, Application: 41, N: 1, Amount: money.Kronor(64800), Channel: "internal", Status: PayInBatch, SchoolID: 10, DeciderID: head1.ID, Reference: "IF27-U000101"},
		{PaymentID: 102, Application: 42, N: 1, Amount: money.Kronor(47400), Channel: "bankgiro", Status: PayInBatch, SchoolID: 20, DeciderID: secretary1.ID, Reference: "IF27-U000102",
			Account: PayInto{Method: "bankgiro", Bankgiro: "9912346"}, AccountVers: 1},
	}}
}

type batchWorld struct {
	t     *testing.T
	b     Batch
	moves []Move
}

func (w *batchWorld) allowed(by Actor) []Action {
	w.t.Helper()
	g, err := GistOf(w.b)
	if err != nil {
		w.t.Fatal(err)
	}
	return BatchAllowed(w.b, g, by)
}

func (w *batchWorld) try(by Actor, k BatchCommand) error {
	b, moves, err := DecideBatch(w.b, by, k, w.b.Version, instant(w.t, "2027-02-11T09:00"))
	if err == nil {
		if b.Version != w.b.Version+1 {
			w.t.Fatalf("%s: version %d", k.Action, b.Version)
		}
		w.b, w.moves = b, moves
	}
	return err
}

func (w *batchWorld) do(by Actor, k BatchCommand) *batchWorld {
	w.t.Helper()
	if err := w.try(by, k); err != nil {
		w.t.Fatalf("%s in %s: %v", k.Action, w.b.State, err)
	}
	return w
}

func (w *batchWorld) state(s BatchState) *batchWorld {
	w.t.Helper()
	if w.b.State != s {
		w.t.Fatalf("state %s, want %s", w.b.State, s)
	}
	return w
}

func sentOn(s string) BatchCommand { return BatchCommand{Action: BatchMarkSent, On: date(s)} }

func paidOn(s string, ids ...int64) BatchCommand {
	return BatchCommand{Action: BatchMarkPaid, On: date(s), Voucher: "V", Payments: ids}
}

func exported(t *testing.T) *batchWorld {
	w := &batchWorld{t: t, b: aBatch()}
	return w.do(fin1, BatchCommand{Action: BatchAttest1}).state(BatchAttested1).do(fin2, BatchCommand{Action: BatchAttest2}).state(BatchAttested2).
		do(fin1, BatchCommand{Action: BatchExport}).state(BatchExported)
}

func TestBatchStraightWay(t *testing.T) {
	t.Parallel()
	w := exported(t)
	if len(w.moves) != 2 || w.moves[0].Command.To != PayExported || len(w.b.Attest1.Checks) != len(BatchChecks) {
		t.Errorf("moves %+v", w.moves)
	}
	w.do(fin2, sentOn("2027-02-11")).state(BatchSent).do(fin1, paidOn("2027-02-11", 102)).state(BatchSent)
	if len(w.moves) != 1 || w.moves[0].Application != 42 || w.b.Lines[0].Status != PaySent || w.b.Lines[1].PaidOn != date("2027-02-11") {
		t.Errorf("payment by payment: %+v", w.moves)
	}
	if err := w.try(fin1, paidOn("2027-02-11", 102)); !isRefused(err, "payment_state") {
		t.Errorf("paid twice: %v", err)
	}
	w.do(fin1, paidOn("2027-02-11")).state(BatchSettled)
	if total, err := w.b.Total(); err != nil || total != 11220000 {
		t.Errorf("total %d %v", total, err)
	}
	exported(t).do(fin1, paidOn("2027-02-11")).state(BatchSettled) // exported is enough
}

func TestBatchAheadOfItsDay(t *testing.T) {
	t.Parallel()
	w := exported(t)
	w.b.PayDate, w.b.Execution = date("2027-02-13"), date("2027-02-15") // a Saturday and the bank day after
	for _, k := range []BatchCommand{sentOn("2027-02-16"), paidOn("2027-02-16")} {
		if err := w.try(fin1, k); !faulty(err, "on", "in_future") {
			t.Errorf("%s after the batch's own day: %v", k.Action, err)
		}
	}
	w.do(fin2, sentOn("2027-02-13")).state(BatchSent).do(fin1, paidOn("2027-02-15")).state(BatchSettled)
}

func TestBatchFourEyes(t *testing.T) {
	t.Parallel()
	one, two := BatchCommand{Action: BatchAttest1}, BatchCommand{Action: BatchAttest2}
	both := Act(Person{ID: 60, Roles: []RoleAt{{Finance1, 0}, {Finance2, 0}}})
	w := (&batchWorld{t: t, b: aBatch()}).do(both, one)
	if err := w.try(both, two); !isForbidden(err, "four_eyes") || slices.Contains(w.allowed(both), BatchAttest2) {
		t.Errorf("the same person: %v", err)
	}
	w.do(fin1, two) // who composed it may attest once
	(&batchWorld{t: t, b: aBatch()}).do(fin2, one).do(fin1, two)
	for code, who := range map[string]Actor{
		"decided_it": Act(Person{ID: head1.ID, Roles: []RoleAt{{Finance1, 0}}}),
		"own_unit":   Act(Person{ID: 61, Roles: []RoleAt{{Finance2, 0}, {Teacher, 20}}}),
		"conflict":   Act(Person{ID: 62, Roles: []RoleAt{{Finance1, 0}}}),
	} {
		w := &batchWorld{t: t, b: aBatch()}
		w.b.Lines[1].Conflicted = []int64{62}
		if err := w.try(who, one); !isForbidden(err, code) {
			t.Errorf("%s: %v", code, err)
		}
	}
	w = &batchWorld{t: t, b: aBatch()}
	for _, name := range BatchChecks {
		no := BatchCommand{Action: BatchAttest1, Checks: map[string]bool{name: false}}
		if err := w.try(fin1, no); !faulty(err, "checks."+name, "check_false") {
			t.Errorf("%s is false: %v", name, err)
		}
	}
	if err := w.try(fin1, BatchCommand{Action: BatchAttest1, Checks: map[string]bool{"luck": true}}); !faulty(err, "checks.luck", "unknown_field") {
		t.Errorf("luck: %v", err)
	}
}

// TestBatchAttestSaysInWhosePlace: a substitute's attest names who is away, one's own role nobody.
func TestBatchAttestSaysInWhosePlace(t *testing.T) {
	t.Parallel()
	day := date("2027-02-11")
	lent := []Acting{{Role: Finance2, For: "finance2@example.org", First: day, Last: day}}
	w := &batchWorld{t: t, b: aBatch()}
	w.do(ActFor(fin1.Person, lent, day), BatchCommand{Action: BatchAttest1})
	w.do(ActFor(Person{ID: 71, Email: "stand.in@example.org"}, lent, day), BatchCommand{Action: BatchAttest2})
	if one, two := w.b.Attest1.For, w.b.Attest2.For; one != "" || two != "finance2@example.org" {
		t.Errorf("attested in the place of %q and %q", one, two)
	}
}

// TestBatchAttestIsOfTheLines: any edit after an attest stops the export.
func TestBatchAttestIsOfTheLines(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*Batch){
		"amount":  func(b *Batch) { b.Lines[0].Amount++ },
		"account": func(b *Batch) { b.Lines[1].Account.Bankgiro = "9912353" },
		"version": func(b *Batch) { b.Lines[1].AccountVers++ },
		"day":     func(b *Batch) { b.Execution = b.Execution.AddDays(1) },
		"line":    func(b *Batch) { b.Lines = b.Lines[:1] },
		"payment": func(b *Batch) { b.Lines[0].PaymentID++ },
		"order":   func(b *Batch) { b.Lines[0], b.Lines[1] = b.Lines[1], b.Lines[0] },
	} {
		w := (&batchWorld{t: t, b: aBatch()}).do(fin1, BatchCommand{Action: BatchAttest1}).do(fin2, BatchCommand{Action: BatchAttest2})
		edit(&w.b)
		if err := w.try(fin1, BatchCommand{Action: BatchExport}); !isRefused(err, "changed_since_attest") {
			t.Errorf("%s: %v", name, err)
		}
	}
	w := &batchWorld{t: t, b: aBatch()}
	w.b.Execution = date("2027-02-10")
	w.do(fin1, BatchCommand{Action: BatchAttest1}).do(fin2, BatchCommand{Action: BatchAttest2})
	if err := w.try(fin1, BatchCommand{Action: BatchExport}); !isRefused(err, "day_passed") {
		t.Errorf("yesterday: %v", err)
	}
}

func TestBatchRefusals(t *testing.T) {
	t.Parallel()
	b := aBatch()
	at := instant(t, "2027-02-11T09:00")
	if _, _, err := DecideBatch(b, officer1, BatchCommand{Action: BatchExport}, NoVersion, at); !isForbidden(err, "role") {
		t.Errorf("officer: %v", err)
	}
	if _, _, err := DecideBatch(b, Machine(), BatchCommand{Action: BatchExport}, AnyVersion, at); !isForbidden(err, "role") {
		t.Errorf("machine: %v", err)
	}
	if _, _, err := DecideBatch(b, fin1, BatchCommand{Action: BatchExport}, NoVersion, at); !errors.Is(err, ErrNoVersion) {
		t.Errorf("no version: %v", err)
	}
	if _, _, err := DecideBatch(b, fin1, BatchCommand{Action: BatchExport}, 9, at); !errors.Is(err, ErrStale) {
		t.Errorf("stale: %v", err)
	}
	states := []BatchState{BatchDraft, BatchAttested1, BatchAttested2, BatchExported, BatchSent, BatchSettled, BatchCancelled}
	for _, row := range BatchTransitions {
		for _, s := range states {
			if slices.Contains(row.From, s) {
				continue
			}
			b.State = s
			var wrong WrongState
			if _, _, err := DecideBatch(b, fin1, BatchCommand{Action: row.Action}, AnyVersion, at); !errors.As(err, &wrong) || wrong.State != State(s) {
				t.Errorf("%s in %s: %v", row.Action, s, err)
			}
		}
	}
	w := exported(t)
	if err := w.try(fin1, BatchCommand{Action: BatchMarkPaid}); !faulty(err, "on", "required") || !faulty(err, "voucher", "required") {
		t.Errorf("empty: %v", err)
	}
	if err := w.try(fin1, paidOn("2027-02-12")); !faulty(err, "on", "in_future") {
		t.Errorf("tomorrow: %v", err)
	}
	if err := w.try(fin1, paidOn("2027-02-11", 999)); !faulty(err, "payments", "unknown") {
		t.Errorf("another's payment: %v", err)
	}
	if err := w.try(fin1, BatchCommand{Action: BatchCancel}); !faulty(err, "reason", "required") {
		t.Errorf("cancel: %v", err)
	}
	w.do(fin1, BatchCommand{Action: BatchCancel, Reason: "Fel dag."}).state(BatchCancelled)
	if x := w.b.Cancelled; x == nil || x.By != fin1.Email || x.At.IsZero() || w.b.Reason != "Fel dag." {
		t.Errorf("cancelled by %+v for %q", x, w.b.Reason)
	}
	if len(w.moves) != 2 || w.moves[0].Command.To != PayPlanned {
		t.Errorf("cancelled: %+v", w.moves)
	}
	w = exported(t).do(fin1, paidOn("2027-02-11", 101))
	if err := w.try(fin1, BatchCommand{Action: BatchCancel, Reason: "x"}); !isRefused(err, "payment_paid") {
		t.Errorf("cancel with a paid payment: %v", err)
	}
}

func TestReissue(t *testing.T) {
	t.Parallel()
	w := exported(t).do(fin1, paidOn("2027-02-11", 101))
	again := BatchCommand{Action: BatchReissue, Payments: []int64{102}, Reason: "Fel konto."}
	if err := w.try(fin1, again); !isRefused(err, "not_ended") {
		t.Errorf("exported: %v", err)
	}
	w.b.Lines[1].Status = PayRejected
	if err := w.try(fin1, BatchCommand{Action: BatchReissue, Reason: "x"}); !faulty(err, "payments", "required") {
		t.Errorf("none named: %v", err)
	}
	w.do(fin1, again).state(BatchSettled) // one paid, one replaced: each line has an end
	if len(w.moves) != 1 || w.moves[0].Command.To != PayReplaced {
		t.Errorf("moves %+v", w.moves)
	}
	w = exported(t)
	w.b.Lines[1].Status = PayUnclear // the bank must be asked first
	if err := w.try(fin1, again); !isRefused(err, "not_ended") {
		t.Errorf("unclear: %v", err)
	}
}

func TestExecutionDay(t *testing.T) {
	t.Parallel()
	for _, k := range []struct{ want, at, day string }{
		{"2027-02-11", "2027-02-10T15:00", "2027-02-11"},
		{"2027-02-11", "2027-02-11T11:59", "2027-02-11"},
		{"2027-02-11", "2027-02-11T12:00", "2027-02-12"}, // after the cut-off
		{"2027-02-12", "2027-02-12T12:00", "2027-02-15"}, // Friday afternoon
		{"2027-02-01", "2027-02-11T09:00", "2027-02-11"}, // a day that has passed
		{"2026-12-24", "2026-12-01T09:00", "2026-12-28"},
		{"2027-02-13", "2027-02-01T09:00", "2027-02-15"},
	} {
		if got := ExecutionDay(date(k.want), instant(t, k.at), 12); got != date(k.day) {
			t.Errorf("%s wanted at %s: %s, want %s", k.want, k.at, got, k.day)
		}
	}
}

func TestParseBatchCommand(t *testing.T) {
	t.Parallel()
	k, err := ParseBatchCommand(BatchMarkPaid, []byte(`{"on":"2027-02-11","voucher":"BG 1","payments":[101]}`))
	if err != nil || k.Action != BatchMarkPaid || k.On != date("2027-02-11") || k.Payments[0] != 101 {
		t.Errorf("%+v %v", k, err)
	}
	if _, err := ParseBatchCommand("explode", nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("explode: %v", err)
	}
	if _, err := ParseBatchCommand(BatchExport, []byte(`{"wat":1}`)); !faulty(err, "wat", "unknown_field") {
		t.Errorf("wat: %v", err)
	}
}

func TestPaymentFile(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{"": "", "03": "pain.001.001.03", "pain.001.001.09": "pain.001.001.09", "pain.001.001.03.xml": "pain.001.001.03"} {
		if got, ok := paymentFile(said); !ok || got != want {
			t.Errorf("%q: %q %v", said, got, ok)
		}
	}
	for _, said := range []string{"9", "3", "sie.si", "pain.001", ".xml.", "pain.001.001.10"} {
		if got, ok := paymentFile(said); ok {
			t.Errorf("%q is taken for %q", said, got)
		}
	}
}
