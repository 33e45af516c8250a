package workflow

import (
	"errors"
	"slices"
	"testing"
)

// TestOrderOfRefusals makes each case wrong in everything that comes after, so
// that only the contract's order can give the answer: 404, 403 by role,
// 428/412, 409 by state, 403 by level or person, then the guards.
func TestOrderOfRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Ranked)
	bad := &DecideGrant{} // wrong in every field
	if _, err := Decide(w.c, stranger, bad, NoVersion, w.at); !errors.Is(err, ErrNotFound) {
		t.Errorf("a stranger: %v", err)
	}
	if _, err := Decide(w.c, officer1, bad, NoVersion, w.at); !isForbidden(err, "role") {
		t.Errorf("an officer: %v", err)
	}
	if _, err := Decide(w.c, head1, bad, NoVersion, w.at); !errors.Is(err, ErrNoVersion) {
		t.Errorf("no version: %v", err)
	}
	if _, err := Decide(w.c, head1, bad, 1, w.at); !errors.Is(err, ErrStale) {
		t.Errorf("stale: %v", err)
	}
	if _, err := Decide(w.c, head1, bad, AnyVersion, w.at); !isWrongState(err) {
		t.Errorf("state: %v", err)
	}
	w.do(officer1, ptr(grant(81000)))
	w.c.Facts.Blocked = true
	if _, err := Decide(w.c, head1, bad, AnyVersion, w.at); !isForbidden(err, "level") {
		t.Errorf("level: %v", err)
	}
	if _, err := Decide(w.c, secretary1, bad, AnyVersion, w.at); !isRefused(err, "blocked") {
		t.Errorf("guard: %v", err)
	}
	w.c.Facts.Blocked = false
	if _, err := Decide(w.c, secretary1, bad, AnyVersion, w.at); !faulty(err, "outcome", "choice") || !faulty(err, "meeting", "required") || !faulty(err, "text", "required") {
		t.Errorf("body: %v", err)
	}
}

// TestGuardedState: a state that only the command knows to be wrong is a wrong state too, and names what is open.
func TestGuardedState(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Travelling)
	var wrong WrongState
	if err := w.try(officer1, &Settle{}); !errors.As(err, &wrong) || !slices.Contains(wrong.Open, ActCheckAdvisory) {
		t.Errorf("settle without a report: %v, open %v", err, wrong.Open)
	}
	if err := w.try(principal1, &Approve{}); !isWrongState(err) {
		t.Errorf("approve with nothing to approve: %v", err)
	}
	w.to2(ReportDue)
	if err := w.try(head1, &DecideRecovery{Amount: 1000000}); !isWrongState(err) {
		t.Errorf("a claim that nobody proposed: %v", err)
	}
}

// to2 goes on from the state before.
func (w *world) to2(s State) {
	w.on("2027-04-19T00:00").do(Machine(), &EndTravel{}).state(s)
}

func TestCaseIsNotChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Approved)
	before := w.c.App.Form.Title
	c := w.c
	if _, err := Decide(c, teacher1, &Save{Patch: []byte(`{"title":"Annan","budget":[]}`)}, AnyVersion, w.at); err != nil {
		t.Fatal(err)
	}
	if c.App.Form.Title != before || len(c.App.Form.Budget) != 5 || c.App.State != Approved || c.App.Approval == nil {
		t.Errorf("Decide changed its argument: %+v", c.App.Form)
	}
}

func TestApproval(t *testing.T) {
	t.Parallel()
	t.Run("never one's own", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.c.App.ApplicantID, w.c.App.ApplicantEmail = principal1.ID, principal1.Email
		for i, kind := range []string{"letter_of_intent", "risk_assessment"} {
			w.do(principal1, &Attach{File: Attachment{ID: int64(i + 1), Kind: kind}})
		}
		w.do(principal1, &RequestApproval{})
		if err := w.try(principal1, &Approve{}); !isForbidden(err, "own_application") {
			t.Errorf("own: %v", err)
		}
		if err := w.try(Act(Person{ID: 99, Roles: []RoleAt{{Principal, 20}}}), &Approve{}); !errors.Is(err, ErrNotFound) {
			t.Errorf("another school's principal: %v", err)
		}
		w.do(Act(Person{ID: 98, Roles: []RoleAt{{Principal, 10}}}), &Approve{}).state(Approved)
	})
	t.Run("voided by money, and by nothing else", func(t *testing.T) {
		t.Parallel()
		for patch, want := range map[string]State{
			`{"title":"Ny"}`:                 Approved,
			`{"text":{"risk":"Mer"}}`:        Approved,
			`{"requested":81000}`:            Approved, // the same sum
			`{"funding":null}`:               Draft,
			`{"requested":80999}`:            Draft,
			`{"voluntary":100}`:              Draft,
			`{"budget":[]}`:                  Draft,
			`{"participants":{"pupils":20}}`: Approved,
		} {
			w := newWorld(t).to(Approved).patch(patch)
			if w.c.App.State != want || (w.c.App.Approval == nil) != (want == Draft) {
				t.Errorf("%s: %s with approval %v, want %s", patch, w.c.App.State, w.c.App.Approval, want)
			}
		}
	})
	t.Run("filed without", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t).to(Draft).do(teacher1, &Submit{}).do(Machine(), &TakeUp{})
		if !slices.Contains(Flags(w.c), "unapproved") || !hasFinding(w, "RF-13", "attachments.principal_approval") {
			t.Errorf("flags %v", Flags(w.c))
		}
		w.do(principal1, &Approve{}).state(UnderCheck)
		if slices.Contains(Flags(w.c), "unapproved") || hasFinding(w, "RF-13", "attachments.principal_approval") {
			t.Errorf("still %v", Flags(w.c))
		}
		if err := w.try(principal1, &Approve{}); !isWrongState(err) {
			t.Errorf("a second time: %v", err)
		}
	})
	t.Run("not for co-financing", func(t *testing.T) {
		t.Parallel()
		w := cofinancing(t)
		if err := w.try(external1, &RequestApproval{}); !isRefused(err, "no_principal_needed") {
			t.Errorf("request: %v", err)
		}
		w.do(external1, &Submit{})
		if slices.Contains(Flags(w.c), "unapproved") {
			t.Error("flagged")
		}
	})
}

func hasFinding(w *world, rule, field string) bool {
	return slices.ContainsFunc(Findings(w.c, w.today()), func(f Finding) bool {
		return f.RuleName() == rule && (field == "" || f.Field == field)
	})
}

func unmet(w *world, n int, code string) bool {
	for _, p := range w.c.App.Payments {
		if p.N == n && p.Status != PayReplaced {
			return slices.ContainsFunc(UnmetFor(w.c, p, w.today()), func(u Unmet) bool { return u.Code == code })
		}
	}
	w.t.Fatalf("no payment %d", n)
	return false
}

func TestDraftRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := Refs{w.c.Round, w.c.Scheme, w.c.School}
	if _, err := NewDraft(refs, stranger, goodForm(), w.at); !isForbidden(err, "other_school") {
		t.Errorf("another school: %v", err)
	}
	if _, err := NewDraft(refs, officer1, goodForm(), w.at); !isForbidden(err, "role") {
		t.Errorf("officer: %v", err)
	}
	early := refs
	early.Round.OpensAt = w.at.Add(1)
	if _, err := NewDraft(early, teacher1, goodForm(), w.at); !isRefused(err, "round_not_open") {
		t.Errorf("before opening: %v", err)
	}
	early.Round.OpensAt = w.at
	if _, err := NewDraft(early, teacher1, goodForm(), w.at); err != nil {
		t.Errorf("at opening: %v", err)
	}
	late := w.at.AddDate(1, 0, 0)
	if _, err := NewDraft(refs, teacher1, goodForm(), late); err != nil {
		t.Errorf("after closing: %v", err)
	}
	refs.Round.State = RoundCancelled
	if _, err := NewDraft(refs, teacher1, goodForm(), w.at); !isRefused(err, "round_not_open") {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := NewDraft(Refs{}, teacher1, goodForm(), w.at); !faulty(err, "round", "unknown_round") {
		t.Errorf("no such round: %v", err)
	}
	if out, err := NewDraft(Refs{}, teacher1, Form{}, w.at); err != nil || out.App.State != Draft {
		t.Errorf("an empty draft: %v", err)
	}
}

func TestStops(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*Form){
		"title":                      func(f *Form) { f.Title = " " },
		"partner.name":               func(f *Form) { f.Partner.Name = "" },
		"activity.start":             func(f *Form) { f.Activity.Start = "" },
		"activity.end":               func(f *Form) { f.Activity.End = "2027-04-11" },
		"participants.pupils":        func(f *Form) { f.Participants = Participants{} },
		"budget":                     func(f *Form) { f.Budget = nil },
		"requested":                  func(f *Form) { f.Requested = ptr(int64(-1)) },
		"applicant.payment.bankgiro": func(f *Form) { f.Applicant.Payment = PayInto{Method: "bankgiro", Bankgiro: "991-2345"} },
		"applicant.payment.plusgiro": func(f *Form) { f.Applicant.Payment = PayInto{Plusgiro: "90 91 02-7"} },
		"text.programme[0].text":     func(f *Form) { f.Text.Programme[0].Text = "Ring 19121212-1212" },
		"applicant.principal_name":   func(f *Form) { f.Applicant.PrincipalName = "19121212-1212" },
	} {
		w := newWorld(t, change)
		for _, cmd := range []Command{&Submit{}, &RequestApproval{}} {
			var v Violations
			if err := w.try(teacher1, cmd); !errors.As(err, &v) || v[0].Field != field || len(v) != 1 {
				t.Errorf("%s without %s: %v", cmd.Action(), field, err)
			}
		}
	}
	w := newWorld(t, func(f *Form) {
		*f = Form{Title: f.Title, Scheme: f.Scheme, Round: f.Round, Applicant: ApplicantForm{School: "Skolan"}, Partner: Partner{Name: "X"},
			Activity: Activity{Start: "2027-04-12", End: "2027-04-12"}, Participants: Participants{Staff: ptr(int64(1))},
			Budget: []BudgetLine{{}}, Requested: ptr(int64(0))}
	})
	w.do(teacher1, &Submit{}) // an authority takes in what arrives
	w = newWorld(t)
	w.do(teacher1, &Attach{File: Attachment{ID: 1, Kind: "other", Name: "191212121212.pdf"}})
	if err := w.try(teacher1, &Submit{}); !faulty(err, "attachments.other", "personal_number_file") {
		t.Errorf("file name: %v", err)
	}
	w = newWorld(t)
	w.c.School = nil
	w.c.App.SchoolID = 0
	if err := w.try(teacher1, &Submit{}); !faulty(err, "applicant.school", "school_unknown") {
		t.Errorf("unknown school: %v", err)
	}
}
