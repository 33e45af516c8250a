package handlers

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"fund/sql/sqltest"
	"fund/workflow"
)

// TestNoAddressAsksForEachRow: whoever asks, no page and no list of the API sends more statements
// for three cases in each stage than for one, nor for a case with three of what it holds.
func TestNoAddressAsksForEachRow(t *testing.T) {
	t.Parallel()
	var one, three map[string]int64
	t.Run("count", func(t *testing.T) {
		t.Run("one", func(t *testing.T) { t.Parallel(); one = newCrowd(t, 1).statements() })
		t.Run("three", func(t *testing.T) { t.Parallel(); three = newCrowd(t, 3).statements() })
	})
	if len(one) < 200 {
		t.Fatalf("only %d answers were counted", len(one))
	}
	for _, name := range slices.Sorted(maps.Keys(three)) {
		if one[name] != three[name] {
			t.Errorf("%s: %d statements for one case in each stage, %d for three", name, one[name], three[name])
		}
	}
}

// crowd is n cases each: in draft, filed, assessed, paid with a trip before them, and paid with a claim; and n of what
// stands beside cases, and in one of them.
type crowd struct {
	*counter
	ids map[string]string // parameters, by what an address begins with
}

func newCrowd(t *testing.T, n int) *crowd {
	t.Helper()
	k := counting(t, 2*n)
	k.bring(k.says(k.payees[0], "debit", 1)).want(200)
	sqltest.Freeze(t, k.url, sqltest.First)
	v := pagesOf(k)
	for i := range n {
		v.path = k.filed()
		v.post("secretary", "/meetings", http.StatusSeeOther, "body", "COMMITTEE", "date", fmt.Sprintf("2026-02-%02d", 10+i), "first_item", "1")
		v.path = fmt.Sprintf("/applications/%v", k.draft().at("id"))
	}
	for i := range n { // in the last draft
		name := fmt.Sprintf("medskrivare%d@example.org", i)
		k.call("admin", http.MethodPost, "/people", `{"email":"`+name+`","name":"Medskrivare","roles":[{"role":"teacher","school":"Baldergymnasiet"}]}`).want(201)
		v.post("teacher", v.path+"/writers", http.StatusSeeOther, "email", name)
		k.upload("teacher", strings.TrimPrefix(v.path, "/applications/"), "programme", fmt.Sprintf("Program %d.pdf", i), fmt.Appendf(pdf, "%d", i)).want(201)
	}
	draft := v.path
	for range n {
		v.path = k.filed()
		k.act("officer", v.path, "rule_eligibility", `{"eligible":true,"rulings":[]}`)
		k.act("officer", v.path, "assign_reviewers", `{"reviewers":["reviewer1@example.org","reviewer2@example.org"]}`)
		k.act("reviewer1", v.path, "declare_interest", `{"conflict":false}`)
	}
	for i := range n { // in the last case
		v.post("teacher", strings.Replace(v.path, "applications", "cases", 1)+"/messages", http.StatusSeeOther, "text", fmt.Sprintf("Fråga %d?", i), "do", "send")
	}
	sqltest.Freeze(t, k.url, time.Date(2027, 4, 8, 6, 0, 0, 0, time.UTC))
	for i, p := range k.payees[:n] {
		if i > 0 {
			k.bring(k.says(p, "debit", i+1)).want(200)
		}
		k.machine(p.app, workflow.StartTravel{})
		k.machine(p.app, workflow.EndTravel{})
		k.machine(p.app, workflow.ProposeRecovery{})
		k.act("head", fmt.Sprintf("/applications/%d", p.app), "decide_recovery", `{"amount":5000,"due_on":"2027-05-01","reason":"Ingen rapport."}`)
	}
	_, assessed, _ := strings.Cut(v.path[1:], "/")
	_, started, _ := strings.Cut(draft[1:], "/")
	return &crowd{counter: k, ids: map[string]string{"/rounds/": "VT26", "/applications/": started, "/cases/": assessed, "/reviews/": assessed, "/decisions/": assessed,
		"/payouts/": fmt.Sprint(k.batch), "/payout-batches/": fmt.Sprint(k.batch), "/meetings/": "1"}}
}

// ask fills a route's parameter; "" if it has one that nobody here knows.
func (k *crowd) ask(method, path string) string {
	for begin, id := range k.ids {
		if strings.HasPrefix(path, begin) {
			path = strings.Replace(path, ":id", id, 1)
		}
	}
	if method != http.MethodGet || strings.Contains(path, ":") {
		return ""
	}
	return path
}

// statements counts what each address asks the database, by who asks for it.
func (k *crowd) statements() map[string]int64 {
	k.t.Helper()
	store, statements := sqltest.Counted(k.t, k.url)
	plain := k.store
	k.store = store
	v := pagesOf(k.counter)
	k.store = plain
	v.handler = v.pages
	site := New(Deps{Store: store}) // for its routes
	got := map[string]int64{}
	count := func(name, path string, ask func() int) {
		if path != "" && ask() == http.StatusOK { // what is read once and kept
			statements()
			ask()
			got[name] = statements()
		}
	}
	for _, who := range []string{"teacher", "principal", "economist", "officer", "reviewer1", "head", "secretary", "finance1", "registrar", "auditor", "admin"} {
		for _, r := range site.pageRoutes() {
			path := k.ask(r.method, r.path)
			count(who+" "+r.path, path, func() int { return v.raw(who, http.MethodGet, path, "").Code })
		}
		for _, r := range site.apiRoutes() {
			path := k.ask(r.method, r.path)
			count(who+" API "+r.path, path, func() int { return v.call(who, http.MethodGet, path, "").status })
		}
	}
	return got
}
