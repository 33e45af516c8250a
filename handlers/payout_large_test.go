package handlers

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"fund/sql/sqltest"
	"fund/workflow"
)

// TestLargeBatchIsReadInParts: the page holds some payments at a time, its sums are those
// of all, and what many payments have in common is one box.
func TestLargeBatchIsReadInParts(t *testing.T) {
	t.Parallel()
	const n = 2*linesShown + 50
	k := waitingBatch(t, n)
	v := pagesOf(k)
	path := fmt.Sprintf("/payouts/%d", k.batch)
	for after, want := range map[int]int{0: linesShown, linesShown: linesShown, 2 * linesShown: 50, n: 0} {
		page := v.get("finance1", fmt.Sprintf("%s?after=%d", path, after), 200)
		v.says(page, "Betalningar"+fmt.Sprint(n), "2 250 000,00 kr")
		if got := strings.Count(page, "Friskolan nummer") + strings.Count(page, "Yrkesgymnasiet Skellefteå"); got != want {
			t.Errorf("after %d: %d lines, want %d", after, got, want)
		}
	}
	v.says(v.get("finance1", path, 200), "Visa fler, 250 kvar", "Samma konto och belopp förekommer flera gånger.", "102 till")
	k.gistIsOfLines()
	v.attests(t, path, k)
	must := func(statement string, args ...any) {
		if err := sqltest.Exec(k.url, fmt.Sprintf(statement, args...)); err != nil {
			t.Fatal(err)
		}
	}
	must(`UPDATE batches SET state = 'sent' WHERE id = %d`, k.batch)
	must(`UPDATE payments SET status = 'sent' WHERE batch = %d`, k.batch)
	v.says(v.get("finance1", path, 200), fmt.Sprintf("Alla %d som inte är klara", n))
	must(`UPDATE payments SET status = 'rejected' WHERE batch = %d AND id <> (SELECT max(id) FROM payments WHERE batch = %d)`, k.batch, k.batch)
	must(`UPDATE payments SET disputed = true WHERE id = (SELECT min(id) FROM payments WHERE batch = %d)`, k.batch)
	v.says(v.get("finance1", path, 200), fmt.Sprintf("Betala alla %d igen", n-2))
	v.post("finance1", path+"/reissue", 303, "version", k.version(), "again.all", "1", "again_reason", "Banken läste inte filen.")
	k.gistIsOfLines()
	states := map[string]int{}
	b, err := k.store.Batch(t.Context(), workflow.Machine(), k.batch)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range b.Lines {
		states[l.Status]++
	}
	if want := map[string]int{"replaced": n - 2, "rejected": 1, "sent": 1}; !reflect.DeepEqual(states, want) {
		t.Errorf("payments are %v, want %v", states, want)
	}
}

// gistIsOfLines holds what the database says of the batch against what its lines say.
func (k *counter) gistIsOfLines() {
	k.t.Helper()
	b, err := k.store.Batch(k.t.Context(), workflow.Machine(), k.batch)
	if err != nil {
		k.t.Fatal(err)
	}
	want, err := workflow.GistOf(b)
	if err != nil {
		k.t.Fatal(err)
	}
	got, err := k.store.BatchGists(k.t.Context(), k.batch)
	if err != nil {
		k.t.Fatal(err)
	}
	if !reflect.DeepEqual(got[k.batch], want) || len(want.Channels) != 4 {
		k.t.Errorf("the batch comes to %+v, its lines to %+v", got[k.batch], want)
	}
}
