package main

import (
	"io"
	"testing"

	"fund/sql"
	"fund/workflow/lang"
)

// TestSeedsAtOnceFillOnce: who starts two of everything gets one installation.
func TestSeedsAtOnceFillOnce(t *testing.T) {
	t.Parallel()
	s := installed(t, emptyDatabase(t, "seed_at_once"), sql.Production)
	errs := make(chan error, 4)
	for range cap(errs) {
		go func() {
			errs <- seed(t.Context(), s, Config{Seed: "full", Home: lang.Skelleftea}, sql.Production, io.Discard)
		}()
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

// TestAnotherMunicipalityHasItsOwnSchools: it gets the rules, and no school of Skellefteå's.
func TestAnotherMunicipalityHasItsOwnSchools(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"Skellefteå": true, "Umeå": false} {
		s := installed(t, emptyDatabase(t, "schools_of_"+sql.Slug(name)), sql.Production)
		home := lang.Skelleftea
		home.Town = name
		if err := seed(t.Context(), s, Config{Seed: "full", Home: home}, sql.Production, io.Discard); err != nil {
			t.Fatal(err)
		}
		schools, err := s.Schools(t.Context())
		if err != nil || (len(schools) > 0) != want {
			t.Errorf("%s begins with %d schools, %v", name, len(schools), err)
		}
		if _, err := s.NewestRules(t.Context(), "skolutbyte"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
