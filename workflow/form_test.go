package workflow

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDecodeForm(t *testing.T) {
	t.Parallel()
	for s, want := range map[string][2]string{
		`[]`:                                 {"", "json"},
		`nonsense`:                           {"", "json"},
		`{"title":5}`:                        {"title", "wrong_type"},
		`{"requested":"81000"}`:              {"requested", "wrong_type"},
		`{"requested":81000.5}`:              {"requested", "wrong_type"},
		`{"participants":{"pupils":"many"}}`: {"participants.pupils", "wrong_type"},
		`{"wat":1}`:                          {"wat", "unknown_field"},
		`{"title":"a","budget":[{"line":1,"amount":1},{"text":"x","amount":"many"}]}`: {"budget[1].amount", "wrong_type"},
		`{"budget":[{"line":1,"amount":1},{"amount":1.5}],"title":"a"}`:               {"budget[1].amount", "wrong_type"},
		`{"funding":[{"covers":[1]},{"covers":[1, 2, "x"]}]}`:                         {"funding[1].covers[2]", "wrong_type"},
		`{"text":{"programme":[{"day":"a"},{"day":1}],"summary":"s"}}`:                {"text.programme[1].day", "wrong_type"},
		`{"budget":[1]}`:                          {"budget[0]", "wrong_type"},
		`{"budget":[{"line":1},[2]]}`:             {"budget[1]", "wrong_type"},
		`{"budget":[{"amount":{"kr":1}}]}`:        {"budget[0].amount", "wrong_type"},
		`{"budget":[{"code":"RES"},{"prise":1}]}`: {"budget[1].prise", "unknown_field"},
		`{"applicant":{"payment":{"swift":"x"}}}`: {"applicant.payment.swift", "unknown_field"},
		`{"Title":"x"}`:                           {"Title", "unknown_field"},
	} {
		_, v := DecodeForm([]byte(s))
		if !slices.ContainsFunc(v, func(x Violation) bool { return x.Field == want[0] && x.Code == want[1] }) {
			t.Errorf("%s: %v", s, v)
		}
	}
	for _, field := range []string{`{"title":"%s"}`, `{"text":{"goals":[{"goal":"%s"}]}}`, `{"round":"%s"}`} {
		if _, v := DecodeForm(fmt.Appendf(nil, field, strings.Repeat("ä", longestText))); len(v) > 0 {
			t.Errorf("%d characters in %s: %v; a draft keeps what is too long", longestText, field, v)
		}
		if _, v := DecodeForm(fmt.Appendf(nil, field, strings.Repeat("ä", longestText+1))); len(v) != 1 || v[0].Code != "too_long" {
			t.Errorf("more than %d characters in %s: %v; it would fill every list", longestText, field, v)
		}
	}
	f, v := DecodeForm([]byte(`{"activity":{"start":"no day","joint_share":0.8},"applicant":{"level":"gymnasieskola"},"attachments":[],"requested":-5}`))
	if len(v) > 0 || f.Activity.Start != "no day" || f.Activity.JointShare.String() != "0.8" || *f.Requested != -5 {
		t.Errorf("a draft keeps what has the right type: %+v %v", f, v)
	}
	f, v = DecodeForm([]byte(`{"activity":{"joint_share":0.6666666666666666},"applicant":{"payment":{"method":"bankgiro","note":"test"},"operator_name":"K","operator_org_no":"x"},
		"partner":{"partner_municipality":true,"letter_of_intent":{"attached":true,"date":"2026-09-02"}}}`))
	if len(v) > 0 || f.Activity.JointShare.String() != "0.6666666666666666" || f.Partner.LetterOfIntent.Date != "2026-09-02" {
		t.Errorf("two thirds as a program writes it, and what a worked case says for its reader: %+v %v", f, v)
	}
}

func TestMergePatch(t *testing.T) {
	t.Parallel()
	f := goodForm()
	for patch, ok := range map[string]func(Form) bool{
		`{}`:                          func(g Form) bool { return g.Money() == f.Money() && g.Title == f.Title },
		`{"text":{"risk":"Ny"}}`:      func(g Form) bool { return g.Text.Risk == "Ny" && g.Text.Summary == "S" },
		`{"text":{"risk":null}}`:      func(g Form) bool { return g.Text.Risk == "" && g.Text.Summary == "S" },
		`{"text":null}`:               func(g Form) bool { return g.Text.Summary == "" && g.Title == f.Title },
		`{"budget":[{"code":"RES"}]}`: func(g Form) bool { return len(g.Budget) == 1 && g.Lines()[0].Line == 1 },
		`{"budget":null}`:             func(g Form) bool { return g.Budget == nil },
		`{"requested":null}`:          func(g Form) bool { return g.Requested == nil },
		`{"requested":999999999}`:     func(g Form) bool { return *g.Requested == 999999999 },
		`{"activity":{"joint_share":0.1}}`: func(g Form) bool {
			return g.Activity.JointShare.String() == "0.1" && g.Activity.Start == f.Activity.Start
		},
		`{"text":{"strategy_link":["A","B"]}}`: func(g Form) bool { return len(g.Text.StrategyLink) == 2 },
	} {
		if g, v := MergePatch(f, []byte(patch)); len(v) > 0 || !ok(g) {
			t.Errorf("%s: %+v %v", patch, g, v)
		}
	}
	if f.Text.Risk != "R" || len(f.Budget) != 5 {
		t.Error("the form itself was changed")
	}
	if _, v := MergePatch(f, []byte(`[1]`)); len(v) == 0 {
		t.Error("a list is no patch")
	}
}

func TestPatchedFields(t *testing.T) {
	t.Parallel()
	got := PatchedFields([]byte(`{"text":{"risk":"x","goals":[{"goal":"g"}]},"requested":null,"partner":{}}`))
	if want := []string{"partner", "requested", "text.goals", "text.risk"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestMoneyIsWhatThePrincipalSaw(t *testing.T) {
	t.Parallel()
	a, b := goodForm(), goodForm()
	b.Title, b.Text.Risk, b.Partner.Name = "x", "y", "z"
	if a.Money() != b.Money() {
		t.Error("words are no money")
	}
	a.Funding, b.Funding = nil, []Funding{}
	if a.Money() != b.Money() {
		t.Error("none and an empty list are the same")
	}
	b.Voluntary = ptr(int64(1))
	if a.Money() == b.Money() {
		t.Error("voluntary contributions are money")
	}
}

// TestCloneIsDeep: an application survives its copy, and a change to the copy is none to it.
func TestCloneIsDeep(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t).to(rapid.SampledFrom([]State{Draft, UnderCheck, Decided, Paid1, Settled}).Draw(t, "state"))
		a := w.c.App
		b := a.Clone()
		b.Form.Budget[0].Amount, b.Form.Text.Goals[0].Goal = ptr(int64(1)), "x"
		if *a.Form.Budget[0].Amount != 113400 || a.Form.Text.Goals[0].Goal != "G" {
			t.Fatal("the copy shares the form")
		}
		c := a.Clone()
		if c.Form.Money() != a.Form.Money() || !c.CreatedAt.Equal(a.CreatedAt) || len(c.Payments) != len(a.Payments) || c.State != a.State {
			t.Fatal("the copy differs")
		}
	})
}

func TestParseCommand(t *testing.T) {
	t.Parallel()
	cmd, err := ParseCommand(ActRequestChange, []byte(`{"type":"dates","proposed":{"activity":{"start":"2027-01-01"}},"cause":"own","reason":"x"}`))
	if k, ok := cmd.(*RequestChange); err != nil || !ok || string(k.Proposed) != `{"activity":{"start":"2027-01-01"}}` {
		t.Errorf("%+v %v", cmd, err)
	}
	if _, err := ParseCommand(ActSubmitReport, []byte(`{"pupils":1,"actual":[{"line":1,"amount":1},{"line":2,"amount":1.5}]}`)); !faulty(err, "actual[1].amount", "wrong_type") {
		t.Errorf("part of a krona: %v", err)
	}
	if _, err := ParseCommand(ActDecide, []byte(`{"outcome":"granted","amount":"81000"}`)); !faulty(err, "amount", "wrong_type") {
		t.Errorf("a text for a sum: %v", err)
	}
	if _, err := ParseCommand(ActRecordNotice, []byte(`{"posted_on":"20261117"}`)); !faulty(err, "posted_on", "date") {
		t.Errorf("no day: %v", err)
	}
	if _, err := ParseCommand(ActDecide, []byte(`{"conditions":[{"text":"x","due_on":"2026-11-30"},{"text":"x","due_on":"2026-11-31"}],"meeting":{"date":7}}`)); !faulty(err, "conditions[1].due_on", "date") || !faulty(err, "meeting.date", "date") {
		t.Errorf("two that are no days: %v", err)
	}
	if _, err := ParseCommand(ActDecide, []byte(`{"outcome":"granted"}{}`)); err == nil {
		t.Error("two objects")
	}
	for _, a := range []Action{ActTakeUp, ActSave, ActMovePayment, "fly"} {
		if _, err := ParseCommand(a, nil); err != ErrNotFound {
			t.Errorf("%s is no action of people: %v", a, err)
		}
	}
	for body, field := range map[string]string{``: "eligible", `{}`: "eligible", `{"eligible":null}`: "eligible", `{"rulings":[]}`: "eligible",
		`{"eligible":true,"rulings":[{"rule":"RF-01","met":true},{"rule":"RF-03"}]}`: "rulings[1].met"} {
		if _, err := ParseCommand(ActRuleEligibility, []byte(body)); !faulty(err, field, "required") {
			t.Errorf("%s rules something: %v", body, err)
		}
	}
	if _, err := ParseCommand(ActDeclareInterest, []byte(`{"reason":"x"}`)); !faulty(err, "conflict", "required") {
		t.Errorf("nothing was declared: %v", err)
	}
	if cmd, err := ParseCommand(ActSettle, nil); err != nil || cmd.Action() != ActSettle {
		t.Errorf("no body: %v", err)
	}
}

func TestPayeeIsNamedInLetters(t *testing.T) {
	for holder, want := range map[string]string{"": "Björken AB", "  ": "Björken AB", "😀😀": "Björken AB", "1-2": "Björken AB", " Föräldraföreningen ": "Föräldraföreningen", "Åsa 🎒": "Åsa 🎒"} {
		if got := (PayInto{Holder: holder}).Payee("Björken AB"); got != want {
			t.Errorf("the account of %q is paid to %q, want %q", holder, got, want)
		}
	}
}
