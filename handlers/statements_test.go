package handlers

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"fund/sql/sqltest"
)

// TestPagesAskOnceForAllRows: a page sends as many statements for many cases as for one.
func TestPagesAskOnceForAllRows(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	store, statements := sqltest.Counted(t, v.url)
	s := New(Deps{Store: store, Render: v.site.Render, Static: v.site.Static, Rehearsal: true, BaseURL: "http://fund.test", Wall: time.Now})
	plain, counting := v.handler, s.Handler()
	v.pages = counting

	meeting := func(day string) {
		v.post("secretary", "/meetings", http.StatusSeeOther, "body", "COMMITTEE", "date", day, "first_item", "1")
	}
	pages := []struct{ who, path string }{
		{"officer", "/"}, {"officer", "/tasks"}, {"officer", "/cases"}, {"officer", "/cases/:id"}, {"officer", "/reviews"}, {"officer", "/rounds/VT26"},
		{"officer", "/rounds/VT26/ranking"}, {"officer", "/statistics"}, {"head", "/decisions"}, {"head", "/decisions/:id"},
		{"secretary", "/meetings"}, {"finance1", "/payouts"}, {"teacher", "/applications"}, {"teacher", "/applications/:id"},
		{"principal", "/applications"}, {"principal", "/tasks"}, {"auditor", "/registry"},
	}
	count := func() map[string]int64 {
		got := map[string]int64{}
		for _, p := range pages {
			path := strings.Replace(p.path, ":id", fmt.Sprint(v.id), 1)
			v.get(p.who, path, http.StatusOK) // what is read once and kept
			statements()
			v.get(p.who, path, http.StatusOK)
			got[p.who+" "+path] = statements()
		}
		v.handler = counting
		v.call("officer", http.MethodPost, "/rounds/VT26/allocations", `{"method":"ranking"}`).want(201)
		statements()
		v.call("officer", http.MethodPost, "/rounds/VT26/allocations", `{"method":"ranking"}`).want(201)
		got["officer allocates"] = statements()
		v.handler = plain
		return got
	}
	meeting("2026-02-10")
	v.ranked()
	one := count()
	for range 3 {
		w := *v
		w.path = w.filed()
		if _, err := fmt.Sscanf(w.path, "/applications/%d", &w.id); err != nil {
			t.Fatal(err)
		}
		w.ranked()
	}
	meeting("2026-03-10")
	for name, n := range count() {
		t.Log(name, n)
		if n != one[name] {
			t.Errorf("%s: %d statements for one case, %d for four", name, one[name], n)
		}
	}
}

var batchName = regexp.MustCompile(`IF-\d{8}-\d{4}`)

// TestFinanceAsksOnceForAllBatches: however many batches are open, what waits for a person
// is found with as many statements.
func TestFinanceAsksOnceForAllBatches(t *testing.T) {
	t.Parallel()
	const batches = 4
	k := payable(t, batches+1) // one is left to pay
	store, statements := sqltest.Counted(t, k.url)
	plain := k.store
	k.store = store
	v := pagesOf(k)
	k.store = plain
	var one map[string]int64
	for n := 1; n <= batches; n++ {
		k.call("finance1", http.MethodPost, "/payout-batches", fmt.Sprintf(`{"applications":[%d],"pay_date":"2026-07-06"}`, k.payees[n-1].app)).want(201)
		got := map[string]int64{}
		for _, path := range []string{"/payouts", "/tasks"} {
			v.get("finance1", path, http.StatusOK) // what is read once and kept
			statements()
			page := v.get("finance1", path, http.StatusOK)
			got[path] = statements()
			shown := map[string]bool{}
			for _, name := range batchName.FindAllString(page, -1) {
				shown[name] = true
			}
			if len(shown) != n {
				t.Errorf("%s shows %d batches, want %d", path, len(shown), n)
			}
		}
		if one == nil {
			one = got
		}
		for path, want := range one {
			t.Log(path, n, got[path])
			if got[path] != want {
				t.Errorf("%s: %d statements for one open batch, %d for %d", path, want, got[path], n)
			}
		}
	}
}

// TestApplicationsGoOn: the next page of the list begins after what was shown.
func TestApplicationsGoOn(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	const title = "Möte i Brahestad"
	if page := v.get("teacher", "/applications", http.StatusOK); !strings.Contains(page, title) {
		t.Errorf("the application is not on the first page: %s", page)
	}
	if page := v.get("teacher", fmt.Sprintf("/applications?after=%d", v.id), http.StatusOK); strings.Contains(page, title) {
		t.Errorf("the application is on the next page too: %s", page)
	}
}
