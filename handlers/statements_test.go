package handlers

import (
	"fmt"
	"net/http"
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
