package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fund/sql"
	"fund/workflow"
)

// TestARoundOpensWhenNothingStops: the page lists what stops, refuses to publish
// until it is mended, and publishes with warnings only; the API is as before.
func TestARoundOpensWhenNothingStops(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	p, err := v.store.PersonByEmail(t.Context(), "admin@example.org")
	if err != nil {
		t.Fatal(err)
	}
	now, err := v.store.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	day := workflow.DateOf(now)
	in := sql.RoundInput{Round: workflow.Round{ID: "HT30", Scheme: "skolutbyte", Name: "Hösten", OpensAt: day.AddDays(10).Start(), ClosesAt: day.AddDays(40).End(), Meeting: day.AddDays(20)}}
	r, err := v.store.CreateRound(t.Context(), workflow.Act(p), in)
	if err != nil {
		t.Fatal(err)
	}
	text := v.get("admin", "/rounds/HT30", http.StatusOK)
	v.says(text, "Innan omgången öppnar", "Dagarna kommer inte i rätt ordning", "Budgeten är 0 kronor", "Breven är kompletta för varje utfall", "Kriterier, skäl och kostnadsslag finns på båda språken")
	if strings.Contains(text, "Ord saknas") {
		t.Errorf("words: %s", text)
	}
	v.says(v.write("admin", "/rounds/HT30/publish", http.StatusUnprocessableEntity, "version", "1"), "kan inte publiceras än")
	patch := sql.RoundStep{Round: "HT30", Seen: r.Version, Action: "patch"}
	r, err = v.store.ChangeRound(t.Context(), workflow.Act(p), patch, func(_ *sql.Tx, x *sql.RoundInput, _ time.Time) (map[string]any, error) {
		x.Meeting, x.Budget, x.TripFrom, x.TripTo = day.AddDays(60), 100000, day.AddDays(90), day.AddDays(200)
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	v.says(v.get("admin", "/rounds/HT30", http.StatusOK), "Inget stoppar", "Delegationsordningen är tom")
	v.write("admin", "/rounds/HT30/publish", http.StatusSeeOther, "version", fmt.Sprint(r.Version))
}
