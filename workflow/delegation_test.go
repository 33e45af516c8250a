package workflow

import "testing"

// TestADecisionNamesAnItemThatFits: a known item outside its limit, days, scheme
// or kind is refused by name; one that the order does not know is taken as before.
func TestADecisionNamesAnItemThatFits(t *testing.T) {
	t.Parallel()
	low := func(f *Form) { f.Requested = ptr(int64(40000)) }
	item := func(change func(*DelegationItem)) DelegationItem {
		d := DelegationItem{Number: "3.1", Schemes: []string{"skolutbyte"}, Limit: ptr(int64(50000)), From: date("2026-01-01")}
		change(&d)
		return d
	}
	as := item(func(*DelegationItem) {})
	tests := []struct {
		name, number, code string
		order              []DelegationItem
	}{
		{"fits", "3.1", "", []DelegationItem{as}},
		{"unknown", "KS 9", "", []DelegationItem{as}},
		{"no order", "3.1", "", nil},
		{"none named", " ", "required", []DelegationItem{as}},
		{"over its limit", "3.1", "item_over_limit", []DelegationItem{item(func(d *DelegationItem) { d.Limit = ptr(int64(39999)) })}},
		{"exactly its limit", "3.1", "", []DelegationItem{item(func(d *DelegationItem) { d.Limit = ptr(int64(40000)) })}},
		{"no limit of its own", "3.1", "", []DelegationItem{item(func(d *DelegationItem) { d.Limit = nil })}},
		{"ended", "3.1", "item_not_valid", []DelegationItem{item(func(d *DelegationItem) { d.Until = date("2026-02-01") })}},
		{"not begun", "3.1", "item_not_valid", []DelegationItem{item(func(d *DelegationItem) { d.From = date("2030-01-01") })}},
		{"another scheme", "3.1", "item_other_scheme", []DelegationItem{item(func(d *DelegationItem) { d.Schemes = []string{"medfinansiering"} })}},
		{"refusals only", "3.1", "item_other_outcome", []DelegationItem{item(func(d *DelegationItem) { d.Outcomes = []string{Rejected} })}},
		{"an old version, and today's", "3.1", "", []DelegationItem{as, item(func(d *DelegationItem) { d.From, d.Until = date("2025-01-01"), date("2025-12-31") })}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, low).to(Ranked)
			w.do(officer1, ptr(grant(40000)))
			w.c.Facts.Delegation = tt.order
			err := w.try(head1, &DecideGrant{Propose: grant(40000), DelegationItem: tt.number})
			if tt.code == "" && err != nil || tt.code != "" && !faulty(err, "delegation_item", tt.code) {
				t.Errorf("got %v, want %q", err, tt.code)
			}
		})
	}
}
