package sql

import (
	"errors"
	"testing"

	"fund/workflow"
)

// TestNotPayableSaysTheDay: why a case can't be put into a batch is a sentence with a day in it.
func TestNotPayableSaysTheDay(t *testing.T) {
	t.Parallel()
	c := workflow.Case{App: workflow.Application{DNR: "IF 2027-0005", Payments: []workflow.Payment{
		{N: 1, Status: workflow.PayPlanned, Earliest: workflow.NewDate(2027, 7, 8)}}}}
	got, _ := errors.AsType[workflow.Refused](notPayable(c, workflow.NewDate(2027, 7, 7)))
	for name, want := range map[string]any{"Unmet": "not_before", "Day": "2027-07-08", "DNR": "IF 2027-0005"} {
		if got.Args[name] != want {
			t.Errorf("%s is %v, want %v", name, got.Args[name], want)
		}
	}
}
