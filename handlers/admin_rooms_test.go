package handlers

import (
	"strings"
	"testing"
)

// TestEveryRoomOfTheOfficeLeadsBack: a room that the menu doesn't hold says where one came from,
// and the delegation order is found by those who decide by it.
func TestEveryRoomOfTheOfficeLeadsBack(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	for _, x := range []struct{ who, path, back string }{
		{"officer", "/ties", "/tasks"},
		{"officer", "/absences", "/tasks"},
		{"head", "/admin/delegation", "/tasks"},
		{"admin", "/admin/delegation", "/admin"},
		{"admin", "/admin/audit", "/admin"},
		{"auditor", "/admin/audit", "/tasks"},
		{"officer", "/rules/skolutbyte", "/rounds"},
		{"admin", "/rules/skolutbyte", "/admin/rules/skolutbyte"},
		{"admin", "/admin/disturbance", "/admin"},
		{"head", "/admin/disturbance", "/rounds"},
	} {
		page := v.markup(x.who, v.getOf(x.path), 200)
		if _, main, _ := strings.Cut(page, "<main"); !strings.Contains(main, `class="back" href="`+x.back+`"`) {
			t.Errorf("%s for %s does not lead back to %s", x.path, x.who, x.back)
		}
	}
	for _, who := range []string{"officer", "head", "secretary"} {
		if !strings.Contains(v.markup(who, v.getOf("/tasks"), 200), `href="/admin/delegation"`) {
			t.Errorf("%s finds no way to the delegation order", who)
		}
	}
}

// TestTheRoundsFormSaysWhatIsWrong: a code that can't stand in an address is not called missing,
// a round without a budget is not made by forgetting it, and lists of days say what their numbers mean.
func TestTheRoundsFormSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	text := v.plain("admin", "/rounds/new", 422, "id", "HT 31/x", "scheme", "skolutbyte", "name", "Hösten", "budget", "1000", "opens.day", "2031-08-15", "opens.time", "00.00")
	v.says(text, "Kod: Skriv koden utan mellanslag")
	v.says(v.plain("admin", "/rounds/new", 422, "id", "HT31", "scheme", "skolutbyte", "name", "Hösten", "opens.day", "2031-08-15", "opens.time", "00.00"), "Budget: Fyll i det här.")
	text = v.get("admin", "/admin/rules/skolutbyte", 200)
	if n := strings.Count(text, "Minus betyder före."); n != 1 {
		t.Errorf("%d lists say that minus means before; only the report's reminders count so", n)
	}
	v.says(v.get("admin", "/admin", 200), "Beloppen, dagarna och gränserna, med sina versioner.")
}
