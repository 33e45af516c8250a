package workflow

import (
	"testing"
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
