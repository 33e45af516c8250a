package workflow

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// lent is a deputy who acts for principal1 at school 10 on the days around the world's instant.
func lent(p Person, lender Actor, first, last Date) Actor {
	return ActFor(p, []Acting{{Role: Principal, School: 10, For: lender.Email, Lender: lender.Person, First: first, Last: last}}, first)
}

var deputy = Person{ID: 71, Email: "deputy@example.org", Name: "D"}

// TestPrincipalsSubstitute: approves, returns and answers for a report's money like
// the principal, from the first second of the first day to the last of the last.
func TestPrincipalsSubstitute(t *testing.T) {
	t.Parallel()
	waiting := func(t *testing.T) *world { return newWorld(t).to(AwaitingPrincipal) }
	w := waiting(t)
	day := DateOf(w.at)
	by := lent(deputy, principal1, day, day.AddDays(2))
	for _, x := range []struct {
		at   time.Time
		want bool
	}{{day.Start().Add(-time.Nanosecond), false}, {day.Start(), true}, {day.AddDays(3).Start().Add(-time.Nanosecond), true}, {day.AddDays(3).Start(), false}} {
		_, err := Decide(w.c, by, &Approve{}, AnyVersion, x.at)
		if (err == nil) != x.want || !x.want && !errors.Is(err, ErrNotFound) {
			t.Errorf("at %s: %v, want %v", x.at, err, x.want)
		}
		if open := Allowed(w.c, by, x.at); slices.Contains(open, ActApprove) != x.want || slices.Contains(open, ActReturn) != x.want {
			t.Errorf("at %s open: %v", x.at, open)
		}
	}
	w.do(by, &Approve{Statement: "Ja."}).state(Approved)
	if a := w.c.App.Approval; a.By != deputy.Email || a.For != principal1.Email || a.Role != "" {
		t.Errorf("approval %+v", a)
	}
	if e := w.events[len(w.events)-1]; e.Data["acting_for"] != principal1.Email || e.Data["acting_role"] != string(Principal) || e.By != deputy.Email {
		t.Errorf("event %+v", e)
	}
	w = waiting(t).do(by, &ReturnToApplicant{Reason: "Mer om risker."}).state(Draft)
	if r := w.c.App.Returned; r.By != deputy.Email || r.For != principal1.Email {
		t.Errorf("returned %+v", r)
	}
	filed := newWorld(t).to(UnderCheck)
	filed.c.App.Approval, filed.c.App.Unapproved = nil, true
	filed.do(lent(deputy, principal1, DateOf(filed.at), DateOf(filed.at)), &Approve{})
	if filed.c.App.Unapproved {
		t.Error("a filed application is not approved")
	}
}

// TestSubstituteForTheReportsMoney: as the principal's, also where the substitute is
// the school's economist, whose own word it then is.
func TestSubstituteForTheReportsMoney(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(ReportSubmitted)
	day := DateOf(w.at)
	w.do(lent(deputy, principal1, day, day), &Approve{})
	if a := w.c.App.Report.Approval; a.For != principal1.Email || a.Role != "" {
		t.Errorf("the substitute's word: %+v", a)
	}
	w = newWorld(t).to(ReportSubmitted).do(lent(economist1.Person, principal1, day, day), &Approve{})
	if a := w.c.App.Report.Approval; a.For != "" || a.Role != Economist {
		t.Errorf("the economist's own word: %+v", a)
	}
	early := newWorld(t).to(AwaitingPrincipal)
	day = DateOf(early.at)
	early.do(lent(economist1.Person, principal1, day, day), &Approve{})
	if a := early.c.App.Approval; a.For != principal1.Email {
		t.Errorf("an economist who is the substitute approves an application: %+v", a)
	}
}

// TestSubstituteNeverForTheirOwn: nor for an application of whom they act for; where
// they act for another principal as well, it is done for that one.
func TestSubstituteNeverForTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(AwaitingPrincipal)
	day := DateOf(w.at)
	by := lent(teacher1.Person, principal1, day, day)
	for _, cmd := range []Command{&Approve{}, &ReturnToApplicant{Reason: "x"}} {
		if err := w.try(by, cmd); !isForbidden(err, "own_application") {
			t.Errorf("%s by the applicant: %v", cmd.Action(), err)
		}
	}
	w.c.App.Writers = []int64{deputy.ID}
	if err := w.try(lent(deputy, principal1, day, day), &Approve{}); !isForbidden(err, "own_application") {
		t.Errorf("a co-writer: %v", err)
	}
	w.c.App.Writers = []int64{principal1.ID}
	by = lent(deputy, principal1, day, day)
	for _, cmd := range []Command{&Approve{}, &ReturnToApplicant{Reason: "x"}} {
		if err := w.try(by, cmd); !isForbidden(err, "lenders_application") {
			t.Errorf("%s for the writer: %v", cmd.Action(), err)
		}
	}
	if open := Allowed(w.c, by, w.at); slices.Contains(open, ActApprove) || slices.Contains(open, ActReturn) {
		t.Errorf("open %v", open)
	}
	other := Act(Person{ID: 98, Email: "other@example.org", Roles: []RoleAt{{Principal, 10}}})
	both := ActFor(deputy, append(slices.Clone(by.Acting), Acting{Role: Principal, School: 10, For: other.Email, Lender: other.Person, First: day, Last: day}), day)
	w.do(both, &Approve{}).state(Approved)
	if w.c.App.Approval.For != other.Email {
		t.Errorf("done for %s", w.c.App.Approval.For)
	}
}

// TestLentAtOneSchool: the role is held there and nowhere else, and is not handed on.
func TestLentAtOneSchool(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(AwaitingPrincipal)
	day := DateOf(w.at)
	elsewhere := ActFor(deputy, []Acting{{Role: Principal, School: 20, For: principal1.Email, Lender: principal1.Person, First: day, Last: day}}, day)
	if err := w.try(elsewhere, &Approve{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("another school's: %v", err)
	}
	by := lent(deputy, principal1, day, day)
	if !by.At(Principal, 10) || by.Own().Is(Principal) || len(by.Own().Roles) != 0 {
		t.Errorf("%+v, own %+v", by, by.Own())
	}
	if own := lent(principal1.Person, Act(Person{ID: 98}), day, day); len(own.Acting) != 0 || !own.Own().At(Principal, 10) {
		t.Errorf("a principal who substitutes at their own school: %+v", own)
	}
	if _, err := NewDraft(Refs{w.c.Round, w.c.Scheme, w.c.School}, by, goodForm(), w.at); !isForbidden(err, "role") {
		t.Errorf("writes an application in a lent role: %v", err)
	}
}

// TestCheckAbsenceOfPrincipal is the table of what a period may be.
func TestCheckAbsenceOfPrincipal(t *testing.T) {
	t.Parallel()
	today := NewDate(2027, 6, 10)
	good := Absence{Role: Principal, School: 10, Person: principal1.Person, Substitute: deputy, First: today, Last: today}
	boss := Person{ID: 60, Roles: []RoleAt{{Admin, 0}}}
	for _, x := range []struct {
		name string
		edit func(*Absence)
		by   Actor
		want string
	}{
		{"a day, today", func(*Absence) {}, principal1, ""},
		{"by an administrator", func(*Absence) {}, Act(boss), ""},
		{"by a head", func(*Absence) {}, head1, ""},
		{"by a teacher", func(*Absence) {}, teacher1, "role"},
		{"by an officer", func(*Absence) {}, officer1, "role"},
		{"by the substitute", func(*Absence) {}, lent(deputy, principal1, today, today), "role"},
		{"a year", func(a *Absence) { a.Last = today.AddDays(365) }, principal1, ""},
		{"over a year", func(a *Absence) { a.Last = today.AddDays(366) }, principal1, "last over_a_year"},
		{"no days at all", func(a *Absence) { a.First, a.Last = Date{}, Date{} }, principal1, "first required last required"},
		{"reversed", func(a *Absence) { a.First = today.AddDays(1) }, principal1, "last dates_order"},
		{"begun yesterday", func(a *Absence) { a.First = today.AddDays(-1) }, principal1, "first in_past"},
		{"over", func(a *Absence) { a.First, a.Last = today.AddDays(-9), today.AddDays(-1) }, principal1, "last in_past"},
		{"no first day", func(a *Absence) { a.First = Date{} }, principal1, "first required"},
		{"no last day", func(a *Absence) { a.Last = Date{} }, principal1, "last required"},
		{"oneself", func(a *Absence) { a.Substitute = principal1.Person }, principal1, "substitute twice_same"},
		{"nobody", func(a *Absence) { a.Substitute = Person{} }, principal1, "name unknown_substitute"},
		{"of the fund", func(a *Absence) { a.Substitute = officer1.Person }, principal1, "substitute substitute_of_fund"},
		{"from outside", func(a *Absence) { a.Substitute = external1.Person }, principal1, "substitute substitute_outside"},
		{"a principal there", func(a *Absence) { a.Substitute = Person{ID: 98, Roles: []RoleAt{{Principal, 10}}} }, principal1, "substitute principal_already"},
		{"another school's principal", func(a *Absence) { a.Substitute = Person{ID: 98, Roles: []RoleAt{{Principal, 20}}} }, principal1, ""},
		{"not their school", func(a *Absence) { a.School = 20 }, principal1, "school choice"},
		{"no school", func(a *Absence) { a.School = 0 }, principal1, "school choice"},
	} {
		a := good
		x.edit(&a)
		got, err := "", CheckAbsence(a, x.by, today)
		var wrong Violations
		var no Forbidden
		switch {
		case errors.As(err, &wrong):
			for _, v := range wrong {
				got += " " + v.Field + " " + v.Code
			}
		case errors.As(err, &no):
			got = no.Code
		}
		if strings.TrimSpace(got) != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
}
