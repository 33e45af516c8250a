package main

import (
	"context"
	"slices"
	"time"

	"fund/sql"
	"fund/workflow"
)

// demoDelegation writes the rehearsal's delegation order before the first round opens.
func demoDelegation() []demoStep {
	limit := func(n int64) *int64 { return &n }
	first := workflow.NewDate(2025, time.January, 1)
	var steps []demoStep
	for i, d := range []workflow.DelegationItem{
		{Number: "IF 3.1", TextSV: "Bidrag till skolutbyte", TextEN: "Grants for school exchange", Schemes: []string{"skolutbyte"},
			Limit: limit(50000), Holder: "Enhetschef", From: first},
		{Number: "IF 3.2", TextSV: "Avvisning av ansökan som kommit in för sent", TextEN: "Dismissal of an application that came late",
			Outcomes: []string{workflow.Dismissed}, Limit: limit(50000), Holder: "Enhetschef", SubTo: "Handläggare", From: first},
	} {
		steps = append(steps, demoStep{at: demoBegins.Add(time.Hour), story: -1, order: 100 + i, do: func(ctx context.Context, p *demoPlay) error {
			admin, err := p.who(ctx, "admin")
			if err != nil {
				return err
			}
			have, err := p.store.Delegation(ctx)
			if err != nil || slices.ContainsFunc(have, func(x sql.DelegationUse) bool { return x.Number == d.Number }) {
				return err // a start that was killed just after it goes on here
			}
			_, err = p.store.AddDelegation(ctx, admin, d)
			return err
		}})
	}
	return steps
}
