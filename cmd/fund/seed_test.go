package main

import (
	"io"
	"testing"

	"fund/sql"
)

// TestSeedsAtOnceFillOnce: who starts two of everything gets one installation.
func TestSeedsAtOnceFillOnce(t *testing.T) {
	t.Parallel()
	s := installed(t, emptyDatabase(t, "seed_at_once"), sql.Production)
	errs := make(chan error, 4)
	for range cap(errs) {
		go func() { errs <- seed(t.Context(), s, Config{Seed: "full"}, sql.Production, io.Discard) }()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if set, err := s.NewestRules(t.Context(), "skolutbyte"); err != nil || set.Version != 1 {
		t.Errorf("the rules are at version %d, %v", set.Version, err)
	}
}
