package workflow

import (
	"fmt"
	"testing"

	"fund/workflow/money"
)

func TestWhyAFileIsFetchedAgain(t *testing.T) {
	const old, now = "pain.001.001.03.xml", "pain.001.001.09.xml"
	for _, x := range []struct {
		state   BatchState
		name    string
		fetched []string
		want    string
	}{
		{BatchExported, now, nil, ""},
		{BatchExported, now, []string{now}, ""}, // the same bytes, not yet handed over
		{BatchExported, old, []string{now}, "other"},
		{BatchExported, now, []string{old, now}, "other"},
		{BatchExported, "sie.si", []string{now, "sie.si"}, ""},
		{BatchSent, now, nil, "sent"},
		{BatchSettled, "bokforingsorder.csv", nil, "sent"},
		{BatchSent, "manifest.json", nil, ""},
		{BatchSent, "payouts.xlsx", nil, ""},
		{BatchCancelled, "sie.si", nil, "cancelled"},
	} {
		if got := (Batch{State: x.state}).WhyAgain(x.name, x.fetched); got != x.want {
			t.Errorf("%s of a batch that is %s, fetched %v: %q, want %q", x.name, x.state, x.fetched, got, x.want)
		}
	}
}

func TestTwinsAreTheSameAccountAndAmount(t *testing.T) {
	line := func(ref, method, giro string, ore money.SEK) BatchLine {
		return BatchLine{Reference: ref, Channel: method, Amount: ore, Account: PayInto{Method: method, Bankgiro: giro, Holder: ref}}
	}
	b := Batch{Lines: []BatchLine{line("A", "bankgiro", "1", 5), line("B", "bankgiro", "2", 5), line("C", "bankgiro", "1", 5), line("D", "bankgiro", "1", 6), line("E", "internal", "", 5), line("F", "internal", "", 5)}}
	if got := fmt.Sprint(b.Twins()); got != "[[A C]]" {
		t.Errorf("twins %s, want [[A C]]", got)
	}
}
