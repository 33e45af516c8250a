package sql_test

import (
	"errors"
	"testing"
	"time"

	fundsql "fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// TestALaterSaveOvertakesOneThatIsBeingWritten: a row's first save and the save
// that takes it away meet in the server. Whichever comes first, the second knows.
func TestALaterSaveOvertakesOneThatIsBeingWritten(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	openRound(t, s, "R1", 500000)
	by := actor(t, s, "teacher")
	app, err := s.Begin(t.Context(), by, form("Baldergymnasiet", "R1", 40000))
	if err != nil {
		t.Fatal(err)
	}
	turn := func(n int64, unheard bool) fundsql.SaveTurn {
		return fundsql.SaveTurn{Person: by.ID, Application: app.ID, Tab: "00000000000000aa", N: n, Unheard: unheard}
	}
	title := func() string {
		k, err := s.Case(t.Context(), by, app.ID)
		if err != nil {
			t.Fatal(err)
		}
		return k.App.Form.Title
	}
	save := func(text string) *workflow.Save { return &workflow.Save{Patch: []byte(`{"title":"` + text + `"}`)} }

	// The first is being written: who takes it away waits, and then reads it.
	writing, write, done := make(chan bool), make(chan bool), make(chan error, 1)
	go func() {
		done <- s.InTx(t.Context(), func(tx *fundsql.Tx) error {
			_, err := tx.Apply(t.Context(), fundsql.Ref{ID: app.ID, Version: app.Version}, by, save("Ett"))
			writing <- true
			<-write
			return err
		})
	}()
	<-writing
	seen := make(chan string, 1)
	go func() {
		if late, err := s.Overtaken(t.Context(), turn(4, true)); err != nil || late {
			t.Errorf("the later save: late %v, %v", late, err)
		}
		seen <- title()
	}()
	select {
	case got := <-seen:
		t.Errorf("the later save did not wait, and read %q", got)
		seen <- got
	case <-time.After(200 * time.Millisecond):
	}
	write <- true
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := <-seen; got != "Ett" {
		t.Errorf("the later save reads %q", got)
	}

	// The later one is noted: the first writes nothing, a newer one does.
	if _, err := s.ApplyInTurn(t.Context(), turn(2, false), fundsql.Ref{ID: app.ID, Version: app.Version + 1}, by, save("Två")); !errors.Is(err, fundsql.ErrOvertaken) || title() != "Ett" {
		t.Errorf("an overtaken save: %v, title %q", err, title())
	}
	if _, err := s.ApplyInTurn(t.Context(), turn(6, false), fundsql.Ref{ID: app.ID, Version: app.Version + 1}, by, save("Tre")); err != nil || title() != "Tre" {
		t.Errorf("a save in its turn: %v, title %q", err, title())
	}
}
