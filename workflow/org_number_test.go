package workflow

import "testing"

// Somebody of the organisation is in conflict, however the number was typed (RF-18).
func TestAnOrganisationIsTheSameHoweverTyped(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		a, b string
		want bool
	}{
		{"556677-8899", "5566778899", true},
		{"16556677-8899", "556677-8899", true},
		{" 556677-8899 ", "556677-8899", true},
		{"556677-8899", "999999-9999", false},
		{"", "", false},
		{"12", "12", true}, // no number, kept as it was typed
		{"12", "13", false},
	} {
		if got := SameOrg(x.a, x.b); got != x.want {
			t.Errorf("%q and %q: the same %t, want %t", x.a, x.b, got, x.want)
		}
	}
	c := Case{App: Application{OrgNo: "556677-8899", Channel: "paper"}}
	mate := Person{ID: 7, OrgNo: "5566778899", Roles: []RoleAt{{External, 0}}}
	if !Conflicted(c, mate) {
		t.Error("somebody of the organisation may handle its case")
	}
	if !c.App.IsApplicant(mate) {
		t.Error("the organisation's own people don't apply")
	}
	var a Application
	a.Form.Applicant = ApplicantForm{Organisation: "Föreningen", OrgNo: "5566778899"}
	if a.bind(Refs{}); a.OrgNo != "556677-8899" {
		t.Errorf("the case is kept under %q", a.OrgNo)
	}
	s := School{Name: "Fria skolan"}
	if _, code := s.set("operator_org_no", "5565"); code != FaultOrgNoCheck {
		t.Errorf("a number of four digits: %q", code)
	}
	if _, code := s.set("operator_org_no", "5566778899"); code != "" || s.OperatorOrg != "556677-8899" {
		t.Errorf("a right number: %q, kept as %q", code, s.OperatorOrg)
	}
}
