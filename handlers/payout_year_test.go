package handlers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fund/sql/sqltest"
	"fund/workflow"
)

// What the bank booked before the year's end and told after it is the old year's; what it
// booked after is the new year's, and was reserved at the end of the old.
func TestYearsAreSplitByTheDayOfBooking(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	sqltest.Freeze(t, k.url, time.Date(2027, 1, 5, 9, 0, 0, 0, time.UTC))
	for i, day := range []string{"2026-12-30", "2027-01-04"} {
		k.bring(strings.ReplaceAll(k.says(k.payees[i], "debit", i+1), "<BookgDt><Dt>2026-07-07", "<BookgDt><Dt>"+day)).want(200).has("lines.0.outcome", "applied")
	}
	who, err := k.store.PersonByEmail(k.t.Context(), "finance1@example.org")
	if err != nil {
		t.Fatal(err)
	}
	all, err := k.store.Reconcile(t.Context(), workflow.Act(who))
	if err != nil || len(all) != 1 || len(all[0].Years) != 2 {
		t.Fatalf("%+v (%v)", all, err)
	}
	old, next := all[0].Years[0], all[0].Years[1]
	if got, want := fmt.Sprint(old.Month, " ", old.Granted, old.Paid, old.Earlier, old.Reserved, old.Net), "2026 10100 5000 0 5100 5000"; got != want {
		t.Errorf("the old year is %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(next.Month, " ", next.Granted, next.Paid, next.Earlier, next.Reserved, next.Net), "2027 0 5100 5100 0 10100"; got != want {
		t.Errorf("the new year is %s, want %s", got, want)
	}
	months := all[0].Months
	if last := months[len(months)-1]; last.Month != "2027-01" || last.Paid != 10100 {
		t.Errorf("the last month is %+v, want both in January, when they were told", last)
	}
	v := pagesOf(k)
	v.says(v.get("finance1", "/payouts/reconciliation", 200), "per år", "Varav beviljat tidigare år", "31 december")
	v.file("finance1", "/payouts/reconciliation.xlsx", "application/vnd.openxmlformats")
	v.file("finance1", "/payouts/reconciliation.pdf", "application/pdf")
}
