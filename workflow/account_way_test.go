package workflow

import (
	"errors"
	"slices"
	"testing"
)

func TestPayWaysFollowTheOperator(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name string
		c    Case
		want []string
	}{
		{"municipal", Case{School: &School{Operator: "kommunal"}}, coding},
		{"independent", Case{School: &School{Operator: "fristående"}}, bankWays},
		{"outside", Case{School: &School{Operator: "extern"}}, bankWays},
		{"organisation", Case{App: Application{Form: Form{Applicant: ApplicantForm{Organisation: "Scenen"}}}}, bankWays},
		{"a scheme for organisations", Case{Scheme: Scheme{Applicant: "organisation"}}, bankWays},
		{"nobody knows yet", Case{}, everyWays},
	} {
		if got := PayWays(k.c); !slices.Equal(got, k.want) {
			t.Errorf("%s: %v", k.name, got)
		}
		for _, m := range everyWays {
			if (k.c.wayFault(m) == "") != slices.Contains(k.want, m) {
				t.Errorf("%s by %s: %q", k.name, m, k.c.wayFault(m))
			}
		}
	}
}

// A way that doesn't fit is refused at its field where it is entered, is a finding
// in a form (which is taken in as it is), and keeps the money from leaving.
func TestAWayThatDoesNotFitIsNeverPaid(t *testing.T) {
	t.Parallel()
	giro := PayInto{Method: "bankgiro", Bankgiro: "991-2346"}
	w := newWorld(t, func(f *Form) { f.Applicant.Payment = giro })
	if !slices.ContainsFunc(Findings(w.c, w.today()), func(f Finding) bool {
		return f.Field == "applicant.payment.method" && f.Code == "account_municipal" && f.Severity == Warning
	}) {
		t.Error("no finding")
	}
	w.to(ConditionsAccepted)
	var no Refused
	if err := w.try(fin1, &VerifyAccount{CalledBack: true, Note: "Ok."}); !errors.As(err, &no) || no.Code != "account_municipal" {
		t.Errorf("verified: %v", err)
	}
	if err := w.try(teacher1, &ChangeAccount{Payment: PayInto{Method: "plusgiro", Plusgiro: "90 91 02-6"}}); !faulty(err, "payment.method", "account_municipal") {
		t.Errorf("municipal by plusgiro: %v", err)
	}
	w.c.School.Operator = "fristående"
	if err := w.try(teacher1, &ChangeAccount{Payment: PayInto{Method: "internal", CostCentre: "1"}}); !faulty(err, "payment.method", "account_not_municipal") {
		t.Errorf("independent by coding: %v", err)
	}
	w.verify()
	if unmet(w, 1, "account_municipal") {
		t.Error("stopped though it fits")
	}
	w.c.School.Operator = "kommunal" // the register was wrong
	if !unmet(w, 1, "account_municipal") {
		t.Error("a municipal school's money leaves by the bank")
	}
}

func TestTheSameAccountKeepsItsChecks(t *testing.T) {
	t.Parallel()
	giro := PayInto{Method: "bankgiro", Bankgiro: "991-2346", Holder: "Stiftelsen"}
	w := newWorld(t, func(f *Form) { f.Applicant.Payment = giro })
	w.c.School.Operator = "fristående"
	w.to(ConditionsAccepted).verify()
	jobs := len(w.jobs)
	for _, again := range []PayInto{giro, {Method: "bankgiro", Bankgiro: " 9912346", Holder: "Stiftelsen "}, {Method: "bankgiro", Bankgiro: "991-2346", Holder: "Stiftelsen", CostCentre: "1"}} {
		w.do(teacher1, &ChangeAccount{Payment: again})
		if a := w.c.App.Account; !a.Verified() || !a.ChangedOn.IsZero() || a.Version != 0 && a.Version != 1 || w.c.App.Form.Applicant.Payment != giro {
			t.Fatalf("%+v: %+v", again, a)
		}
	}
	if len(w.jobs) != jobs {
		t.Error("the old contact is told of a change that was none")
	}
	returned := w.c
	returned.App.Payments = slices.Clone(w.c.App.Payments)
	returned.App.Payments[0].Status = PayReturned
	if returned.PaidInto(giro) {
		t.Error("the bank sent it back, and nobody checks the account anew")
	}
	w.do(teacher1, &ChangeAccount{Payment: PayInto{Method: "bankgiro", Bankgiro: "991-2346", Holder: "En annan"}})
	if w.c.App.Account.Verified() {
		t.Error("another holder was let through")
	}
}

func TestOneAccountInManySpellings(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		a, b PayInto
		same bool
	}{
		{PayInto{Method: "plusgiro", Plusgiro: "90 91 02-6"}, PayInto{Method: "plusgiro", Plusgiro: "9091026"}, true},
		{PayInto{Method: "account", Clearing: "5368", Account: "123 45 66"}, PayInto{Method: "account", Clearing: " 5368", Account: "1234566"}, true},
		{PayInto{Method: "iban", IBAN: "SE13 5000 0000 0536 8123 4566"}, PayInto{Method: "iban", IBAN: "se1350000000053681234566"}, true},
		{PayInto{Method: "internal", CostCentre: "1", Project: "P"}, PayInto{Method: "internal", CostCentre: "1"}, false},
		{PayInto{Method: "iban", IBAN: "SE1350000000053681234566"}, PayInto{Method: "account", Clearing: "5368", Account: "1234566"}, false},
		{PayInto{Method: "bankgiro"}, PayInto{Method: "bankgiro"}, false},
	} {
		c := Case{App: Application{Form: Form{Applicant: ApplicantForm{Payment: k.a}}}}
		if c.PaidInto(k.b) != k.same {
			t.Errorf("%+v and %+v: %v", k.a, k.b, !k.same)
		}
	}
}
