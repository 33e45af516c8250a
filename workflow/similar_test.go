package workflow

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestAlike holds which pairs of trips an officer is told of, and why.
func TestAlike(t *testing.T) {
	nantes := Trip{Title: "Vatten och energi i Nantes", Partner: "Lycée Jean Perrin", City: "Nantes", Country: "FR", Start: date("2026-10-05"), End: date("2026-10-11"), Pupils: 24}
	with := func(change func(*Trip)) Trip { x := nantes; change(&x); return x }
	for name, x := range map[string]struct {
		other Trip
		same  bool
		want  []string
	}{
		"the same twice":                       {nantes, true, []string{AlikeDays, AlikePartner, AlikePlace, AlikeTitle, AlikeGroup}},
		"without accents, a letter off":        {with(func(x *Trip) { x.Partner, x.City, x.Title, x.Pupils = "LYCEE JEAN PERIN", "", "Annat", 3 }), true, []string{AlikeDays, AlikePartner}},
		"words in another order":               {with(func(x *Trip) { x.Partner, x.City, x.Title, x.Pupils = "Jean Perrin, Lycée", "Rezé", "Annat", 3 }), true, []string{AlikeDays, AlikePartner}},
		"another partner in the town":          {with(func(x *Trip) { x.Partner, x.Title = "Collège Aristide Briand", "Annat" }), true, []string{AlikeDays, AlikePlace, AlikeGroup}},
		"the last day is the first":            {with(func(x *Trip) { x.Start, x.End = date("2026-10-11"), date("2026-10-12") }), true, []string{AlikeDays, AlikePartner, AlikePlace, AlikeTitle, AlikeGroup}},
		"thirty days on":                       {with(func(x *Trip) { x.Start, x.End = date("2026-11-10"), date("2026-11-12") }), true, []string{AlikeNearDays, AlikePartner, AlikePlace, AlikeTitle, AlikeGroup}},
		"thirty-one days on":                   {with(func(x *Trip) { x.Start, x.End = date("2026-11-11"), date("2026-11-12") }), true, nil},
		"thirty days before":                   {with(func(x *Trip) { x.Start, x.End = date("2026-09-01"), date("2026-09-05") }), true, []string{AlikeNearDays, AlikePartner, AlikePlace, AlikeTitle, AlikeGroup}},
		"next year's trip":                     {with(func(x *Trip) { x.Start, x.End = date("2027-10-05"), date("2027-10-11") }), true, nil},
		"another group elsewhere":              {Trip{Title: "Musik i Umeå", Partner: "Midgårdsskolan", City: "Umeå", Start: nantes.Start, End: nantes.End, Pupils: 24}, true, nil},
		"another school's, the same exchange":  {nantes, false, []string{AlikeDays, AlikePartner, AlikePlace, AlikeTitle, AlikeGroup}},
		"another school's, near days":          {with(func(x *Trip) { x.Start, x.End = date("2026-10-20"), date("2026-10-24") }), false, nil},
		"another school's, partner elsewhere":  {with(func(x *Trip) { x.City = "Lyon" }), false, nil},
		"another school's, the town by chance": {with(func(x *Trip) { x.Partner = "Collège Aristide Briand" }), false, nil},
		"nothing but days":                     {Trip{Start: nantes.Start, End: nantes.End}, true, nil},
		"no days":                              {with(func(x *Trip) { x.Start, x.End = Date{}, Date{} }), true, nil},
	} {
		if got := Alike(nantes, x.other, x.same); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", name, got, x.want)
		}
	}
	if got := Alike(Trip{Start: nantes.Start, End: nantes.End}, Trip{Start: nantes.Start, End: nantes.End}, true); got != nil {
		t.Errorf("two empty trips are alike: %v", got)
	}
}

// TestAlikeBothWays: what is like another is liked by it.
func TestAlikeBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trip := rapid.Custom(func(t *rapid.T) Trip {
			start := (Date{year: 2026, month: 1, day: 1}).AddDays(rapid.IntRange(0, 90).Draw(t, "first"))
			word := rapid.SampledFrom([]string{"", "Nantes", "nantes", "Lycée Jean", "Jean lycee", "Umeå", "ü", "🌍"})
			return Trip{Title: word.Draw(t, "title"), Partner: word.Draw(t, "partner"), City: word.Draw(t, "city"), Start: start, End: start.AddDays(rapid.IntRange(0, 9).Draw(t, "days")), Pupils: rapid.Int64Range(0, 2).Draw(t, "pupils")}
		})
		a, b, same := trip.Draw(t, "a"), trip.Draw(t, "b"), rapid.Bool().Draw(t, "same")
		if there, back := Alike(a, b, same), Alike(b, a, same); !slices.Equal(there, back) {
			t.Fatalf("%v there, %v back", there, back)
		}
	})
}
