package sql_test

import (
	"errors"
	"testing"
	"time"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// TestADelegationItemIsFollowedNeverChanged: a new version ends the one before
// the day before it begins; what decisions named stays, and an ended one refuses the next.
func TestADelegationItemIsFollowedNeverChanged(t *testing.T) {
	t.Parallel()
	s, id := decidedCase(t) // on "3.1", which no order knew
	admin := actor(t, s, "admin")
	now, err := s.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	today := workflow.DateOf(now)
	limit := int64(50000)
	item := workflow.DelegationItem{Number: "3.1", TextSV: "Bidrag", TextEN: "Grants", Holder: "Chef", Limit: &limit, From: today.AddDays(-10)}
	if _, err := s.AddDelegation(t.Context(), actor(t, s, "head"), item); !errors.As(err, &workflow.Forbidden{}) {
		t.Errorf("by the head: %v", err)
	}
	first, err := s.AddDelegation(t.Context(), admin, item)
	if err != nil {
		t.Fatal(err)
	}
	same := item
	var wrong workflow.Violations
	if _, err := s.AddDelegation(t.Context(), admin, same); !errors.As(err, &wrong) || wrong[0].Code != "item_later_version" {
		t.Errorf("the same day again: %v", err)
	}
	next, small := item, int64(20000)
	next.From, next.Limit = today.AddDays(1), &small
	second, err := s.AddDelegation(t.Context(), admin, next)
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Delegation(t.Context())
	if err != nil || len(all) != 2 || all[0].ID != second || all[1].ID != first || all[1].Until != today || *all[1].Limit != 50000 {
		t.Fatalf("the order: %+v, %v", all, err)
	}
	if all[0].Used != 0 || all[1].Used != 1 {
		t.Errorf("used %d and %d", all[0].Used, all[1].Used)
	}
	if err := s.EndDelegation(t.Context(), admin, first, today.AddDays(-1)); !errors.As(err, &wrong) || wrong[0].Code != "in_past" {
		t.Errorf("ended in the past: %v", err)
	}
	if err := takeBack(t, s, id, "head"); err != nil {
		t.Fatal(err)
	}
	decide := func() error {
		_, err := s.Apply(t.Context(), sql.Ref{ID: id}, actor(t, s, "head"), &workflow.DecideGrant{Propose: workflow.Propose{Outcome: workflow.Granted, Amount: 30000, Text: "Bifall."}, DelegationItem: "3.1"})
		return err
	}
	if err := decide(); err != nil {
		t.Errorf("on today's version: %v", err)
	}
}

// TestTomorrowsVersionDecidesTomorrow: the limit of the version in force is the one that counts.
func TestTomorrowsVersionDecidesTomorrow(t *testing.T) {
	t.Parallel()
	s, url := sqltest.OpenURL(t)
	openRound(t, s, "R1", 500000)
	app, err := s.Begin(t.Context(), actor(t, s, "teacher2"), form("Kågeskolan", "R1", 30000))
	if err != nil {
		t.Fatal(err)
	}
	do(t, s, app.ID, "teacher2", &workflow.Submit{})
	propose(t, s, app.ID, 30000)
	day := workflow.DateOf(sqltest.First)
	small := int64(20000)
	if _, err := s.AddDelegation(t.Context(), actor(t, s, "admin"), workflow.DelegationItem{Number: "3.1", TextSV: "Bidrag", TextEN: "Grants", Holder: "Chef", Limit: &small, From: day}); err != nil {
		t.Fatal(err)
	}
	decide := func() error {
		_, err := s.Apply(t.Context(), sql.Ref{ID: app.ID}, actor(t, s, "head"), &workflow.DecideGrant{Propose: workflow.Propose{Outcome: workflow.Granted, Amount: 30000, Text: "Bifall."}, DelegationItem: "3.1"})
		return err
	}
	var wrong workflow.Violations
	if err := decide(); !errors.As(err, &wrong) || wrong[0].Code != "item_over_limit" {
		t.Errorf("over the limit: %v", err)
	}
	big := int64(60000)
	if _, err := s.AddDelegation(t.Context(), actor(t, s, "admin"), workflow.DelegationItem{Number: "3.1", TextSV: "Bidrag", TextEN: "Grants", Holder: "Chef", Limit: &big, From: day.AddDays(1)}); err != nil {
		t.Fatal(err)
	}
	sqltest.Freeze(t, url, sqltest.First.Add(25*time.Hour))
	if err := decide(); err != nil {
		t.Errorf("tomorrow: %v", err)
	}
}
