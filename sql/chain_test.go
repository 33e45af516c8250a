package sql_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"fund/sql"
)

// hashByHand is an event's hash as the archive's package tells a reader to compute it.
func hashByHand(e sql.ChainEvent) string {
	lines := []any{e.Prev, e.Application, e.Version, e.At.UTC().Format(time.RFC3339Nano), e.Actor, e.Action, e.From, e.To, e.DataSHA256}
	text := ""
	for _, x := range lines {
		text += fmt.Sprint(x) + "\n"
	}
	return hexOf(text)
}

func hexOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// chained are three events of a case, each following from the one before.
func chained() (events []sql.ChainEvent) {
	at, prev, data := time.Date(2026, 1, 10, 9, 0, 0, 0, time.UTC), "", `{"reason":"Färre reste."}`
	for i, action := range []string{"create", "edit", "request_approval"} {
		e := sql.ChainEvent{Application: 7, Version: int64(i + 1), At: at, Actor: 3, By: "teacher@example.org", Action: action, From: "draft", To: "draft", Data: json.RawMessage(data),
			DataSHA256: hexOf(data), Prev: prev}
		e.Hash = hashByHand(e)
		prev = e.Hash
		events = append(events, e)
	}
	return events
}

// TestAChangedChainIsFound: whatever is changed in the log of a case, the proof says what.
func TestAChangedChainIsFound(t *testing.T) {
	t.Parallel()
	if err := sql.CheckChain(chained()); err != nil {
		t.Fatalf("a chain computed by hand does not hold: %v", err)
	}
	rehash := func(e *sql.ChainEvent) { e.Hash = hashByHand(*e) }
	for name, x := range map[string]struct {
		change func([]sql.ChainEvent) []sql.ChainEvent
		want   string
	}{
		"one taken out":    {func(e []sql.ChainEvent) []sql.ChainEvent { return append(e[:1], e[2]) }, "event 3: an event is missing"},
		"the first gone":   {func(e []sql.ChainEvent) []sql.ChainEvent { return e[1:] }, "event 2: an event is missing"},
		"another actor":    {func(e []sql.ChainEvent) []sql.ChainEvent { e[1].Actor = 4; return e }, "event 2: the event was changed"},
		"another instant":  {func(e []sql.ChainEvent) []sql.ChainEvent { e[1].At = e[1].At.Add(time.Microsecond); return e }, "event 2: the event was changed"},
		"another state":    {func(e []sql.ChainEvent) []sql.ChainEvent { e[2].To = "approved"; return e }, "event 3: the event was changed"},
		"other data":       {func(e []sql.ChainEvent) []sql.ChainEvent { e[1].Data = json.RawMessage(`{}`); return e }, "event 2: the data were changed"},
		"and hashed again": {func(e []sql.ChainEvent) []sql.ChainEvent { e[1].Actor = 4; rehash(&e[1]); return e }, "event 3: the event before this one was changed"},
		"words taken away by decision, and the hash kept": {func(e []sql.ChainEvent) []sql.ChainEvent {
			e[1].Data, e[1].Disposal = json.RawMessage(`{}`), 5
			return e
		}, ""},
	} {
		err := sql.CheckChain(x.change(chained()))
		if got := fmt.Sprint(err); (x.want == "") != (err == nil) || !strings.Contains(got, x.want) && x.want != "" {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
}
