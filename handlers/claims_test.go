package handlers

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"fund/sql/sqltest"
	"fund/workflow"
)

// TestEndedClaimsAreFound: a claim that is repaid or written off leaves finance's list of what is open and stays, with
// its files, among the ended ones; they go on page by page, and who has the invoice's number finds its claim.
func TestEndedClaimsAreFound(t *testing.T) {
	t.Parallel()
	const n = claimsAPage + 2
	k := counting(t, n)
	v := pagesOf(k)
	for i, p := range k.payees {
		k.bring(k.says(p, "debit", i+1)).want(200)
	}
	sqltest.Freeze(t, k.url, time.Date(2027, 4, 8, 6, 0, 0, 0, time.UTC))
	for i, p := range k.payees {
		path := fmt.Sprintf("/applications/%d", p.app)
		k.machine(p.app, workflow.StartTravel{})
		k.machine(p.app, workflow.EndTravel{})
		k.machine(p.app, workflow.ProposeRecovery{})
		k.act("head", path, "decide_recovery", `{"amount":5000,"due_on":"2027-05-01","reason":"Ingen rapport."}`)
		switch i {
		case 0: // stays open
		case 1:
			k.act("finance1", path, "record_repayment", `{"amount":2000,"on":"2027-04-08","reference":"F 1"}`)
			k.act("finance1", path, "write_off", `{"amount":3000,"reason":"Föreningen är upplöst."}`)
		default:
			k.act("finance1", path, "record_repayment", `{"amount":5000,"on":"2027-04-08","reference":"F 2"}`)
		}
	}
	name := func(i int) string { return fmt.Sprintf("IF27-K%06d", k.payees[i].app) }
	row := regexp.MustCompile(`IF27-K\d{6}\.xlsx">`)
	if page := v.get("finance1", "/payouts", 200); !strings.Contains(page, name(0)) || strings.Contains(page, name(1)) {
		t.Error("the front page holds what is not open, or not what is")
	}
	if page := v.get("finance1", "/payouts/claims", 200); !strings.Contains(page, name(0)) || strings.Contains(page, name(1)) {
		t.Error("the open claims hold what is not open, or not what is")
	}
	first := v.markup("finance1", v.getOf("/payouts/claims?show=ended&q=IF+"), 200)
	if got := len(row.FindAllString(first, -1)); got < claimsAPage || strings.Contains(first, name(0)) || strings.Contains(first, name(n-1)) {
		t.Errorf("%d files on the first page of ended claims", got)
	}
	v.says(v.get("finance1", "/payouts/claims?show=ended", 200), "2 000 kr", "3 000 kr", "Föreningen är upplöst.", "Avslutat")
	if !strings.Contains(first, `class="back" href="/payouts"`) {
		t.Error("no way back from the claims to the payouts")
	}
	next := regexp.MustCompile(`href="(/payouts/claims\?after=[^"]+)"`).FindStringSubmatch(first)
	if next == nil || !strings.Contains(next[1], "show=ended") || !strings.Contains(next[1], "q=IF") {
		t.Fatalf("on to %q: the choice is lost", next)
	}
	v.says(v.get("finance1", strings.ReplaceAll(next[1], "&amp;", "&"), 200), name(n-1))
	found := v.get("auditor", "/payouts/claims?show=ended&q="+strings.ToLower(name(5)), 200)
	if v.says(found, name(5)); strings.Contains(found, name(6)) {
		t.Error("the number finds other claims too")
	}
	v.get("officer", "/payouts/claims", 403)
}
