package handlers

import (
	"net/http"
	"strings"
	"testing"
)

// TestTheBudgetCountsAlong: every line and the box follow what is typed, what
// can't be read is no sum, and until something is asked for the box tells what
// could be.
func TestTheBudgetCountsAlong(t *testing.T) {
	t.Parallel()
	v := writing(t)
	v.step("participants", http.StatusSeeOther, "participants.pupils", "24", "participants.staff", "3")
	typed := func(pairs ...string) string {
		t.Helper()
		form := filled(v.drawn("teacher", "budget"), pairs...)
		w := v.raw("teacher", http.MethodPost, v.path+"/live/budget", form.Encode())
		if w.Code != http.StatusOK {
			t.Fatalf("live: %d %s", w.Code, w.Body)
		}
		return strings.Join(strings.Fields(strings.ReplaceAll(w.Body.String(), "\u00a0", " ")), " ")
	}
	row := func(n, sum string) string { return `data-live-id="` + fieldID("budget."+n) + `-sum">` + sum + `</p>` }

	got := typed("budget.1.qty", "27", "budget.1.unit_price", "3 900", "requested", "")
	v.says(got, row("1", "105 300 kr"), "Högst 78 975 kr", "Andelen av kostnaden sätter gränsen", "105 300 kr saknas")
	got = typed("budget.2.qty", "27", "budget.2.unit_price", "1 000,50")
	v.says(got, row("2", "–"))
	got = typed("budget.1.qty", "27", "budget.1.unit_price", "3 900", "budget.2.qty", "27", "budget.2.unit_price", "1 000,00", "requested", "50 000")
	v.says(got, row("2", "27 000 kr"), "Högst 50 000 kr", "Ni söker mindre än taken", "82 300 kr saknas")
	if got = typed("budget.1.qty", "", "budget.1.unit_price", "", "requested", ""); strings.Contains(got, "Högst 0") || !strings.Contains(got, "Skriv antal elever och kostnader") {
		t.Errorf("without a cost the box says %s", got)
	}
}

// TestEveryRowCanBeMoved: goals, days, costs and funding alike, by buttons that
// need no script; the funding still names the same line of the budget.
func TestEveryRowCanBeMoved(t *testing.T) {
	t.Parallel()
	v := writing(t)
	for _, x := range []struct{ step, rows, cell string }{{"purpose", "text.goals", "goal"}, {"programme", "text.programme", "text"}, {"budget", "funding", "source"}, {"budget", "budget", "text"}} {
		first, second := x.rows+".1."+x.cell, x.rows+".2."+x.cell
		form := filled(v.drawn("teacher", x.step), first, "Ett", second, "Två", "row", "up:"+x.rows+":2")
		if x.rows == "budget" {
			form.Set("funding.1.covers", "2")
		}
		if w := v.raw("teacher", http.MethodPost, v.path+"/edit/"+x.step, form.Encode()); w.Code >= http.StatusBadRequest {
			t.Fatalf("%s: %d %s", x.rows, w.Code, w.Body)
		}
		now := v.drawn("teacher", x.step)
		if now.Get(first) != "Två" || now.Get(second) != "Ett" {
			t.Errorf("%s: %q before %q", x.rows, now.Get(first), now.Get(second))
		}
		if x.rows == "budget" && now.Get("funding.1.covers") != "1" {
			t.Errorf("the funding covers line %s", now.Get("funding.1.covers"))
		}
		if page := v.raw("teacher", http.MethodGet, v.path+"/edit/"+x.step, "").Body.String(); !strings.Contains(page, `value="down:`+x.rows+`:1"`) {
			t.Errorf("%s has no button to move a row", x.rows)
		}
	}
}
