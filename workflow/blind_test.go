package workflow

import (
	"strings"
	"testing"
)

// TestMaskedTextKeepsItsSense: stems of schools, parts of names with genitive, and nothing besides.
func TestMaskedTextKeepsItsSense(t *testing.T) {
	t.Parallel()
	c := Case{School: &School{Name: "Morö backe skola", Town: "Skellefteå", Level: "grundskola"}}
	c.App.ApplicantName, c.App.Form.Applicant.PrincipalName = "Åsa Öberg", "Per Ek"
	m := maskFor(c)
	for text, want := range map[string]string{
		"Morö backe skola reser":                   "[skolan] reser",
		"Moröeleverna och moröbor":                 "[skolan] och [skolan]",
		"Åsa Öbergs klass, Åsa och Öberg":          "[namn] klass, [namn] och [namn]",
		"Skellefteå 2030 är vår strategi":          "Skellefteå 2030 är vår strategi",
		"skolan i backen, periferi, persika, ekor": "skolan i backen, periferi, persika, ekor",
		"ring 0910-73 50 00":                       "ring [namn]",
		"den 2026-09-12 kostar 12 000 kr":          "den 2026-09-12 kostar 12 000 kr",
		"skriv till a.b@skola.se.":                 "skriv till [namn].",
		"Moro\u0308 backe skola, A\u030asa":        "[skolan], [namn]",
		"Mo\u00adrö backe skola, Å\u200bsa":        "[skolan], [namn]",
	} {
		if got := m.text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if got := Leaks(c, "i moröbackens skugga"); len(got) == 0 || !strings.EqualFold(got[0], "Morö") {
		t.Errorf("leaks %v", got)
	}
}

// TestBlindUntilDecided: only a reviewer without another office reads blind, only where the round says so.
func TestBlindUntilDecided(t *testing.T) {
	t.Parallel()
	reviewer := Person{ID: 7, Roles: []RoleAt{{Role: Reviewer}}}
	c := Case{}
	c.App.Reviews = []Review{{Person: 7}}
	if Blind(c, reviewer) {
		t.Error("blind without the rule")
	}
	c.Round.Rules.BlindReview = true
	if !Blind(c, reviewer) || Blind(c, Person{ID: 8}) || Blind(c, Person{ID: 7, Roles: []RoleAt{{Role: Officer}}}) {
		t.Error("the wrong people read blind")
	}
	c.App.Decision = &Decision{}
	if Blind(c, reviewer) {
		t.Error("blind after the decision")
	}
}

// The s that joins a place to "skolan" is not part of the place: a text that names the
// place alone names the school.
func TestABlindTextHidesThePlaceInTheSchoolsName(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"Lejonströmsskolan":     "Havet i Lejonström",
		"Anderstorpsgymnasiet":  "Vi i Anderstorp",
		"Bodbysunds Miljöskola": "Lägret vid Bodbysund",
		"Baldergymnasiet":       "Balders elever",
	} {
		c := Case{School: &School{Name: name}}
		c.App.Form.Title = text
		if len(Leaks(c, text)) == 0 {
			t.Errorf("%s: the check finds nothing in %q", name, text)
		}
		if got := maskFor(c).text(text); len(Leaks(c, got)) != 0 || got == text {
			t.Errorf("%s: a blind reader gets %q", name, got)
		}
	}
	c := Case{School: &School{Name: "Yrkesgymnasiet Skellefteå"}}
	if text := "Elevernas kommande yrke"; maskFor(c).text(text) != text {
		t.Error("an everyday word is taken for a place")
	}
}

// What the applicant calls their own role is free text: it may name the school, and so may a country.
func TestABlindReaderMeetsNoNameInTheApplicantsRole(t *testing.T) {
	t.Parallel()
	c := Case{School: &School{Name: "Baldergymnasiet"}}
	c.App.Form.Applicant.ApplicantRole = "Lärare på Baldergymnasiet"
	c.App.Form.Partner.Country = "Finland, som Balder"
	form := Masked(c).App.Form
	if got, want := form.Applicant.ApplicantRole, "Lärare på [skolan]"; got != want {
		t.Errorf("the role is %q, want %q", got, want)
	}
	if got, want := form.Partner.Country, "Finland, som [skolan]"; got != want {
		t.Errorf("the country is %q, want %q", got, want)
	}
}

// What a blind reader doesn't get isn't told as missing: the form is whole.
func TestABlindReaderIsNotToldThatWhatIsHiddenIsMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(UnderAssessment)
	c, today := w.c, w.today()
	c.Round.Rules.BlindReview = true
	reader := Act(Person{ID: 7, Roles: []RoleAt{{Role: Reviewer}}})
	c.App.Reviews = []Review{{Person: 7}}
	hidden := func(list []Finding) (fields []string) {
		for _, f := range list {
			if strings.HasPrefix(f.Field, "applicant.") || f.Field == "partner.contact" {
				fields = append(fields, f.Field)
			}
		}
		return fields
	}
	masked := BlindFor(c, reader)
	if got := hidden(Findings(masked, today)); len(got) == 0 {
		t.Fatal("nothing is missing in the masked form: this test would see nothing")
	}
	if got := hidden(VisibleFindings(masked, reader, today)); len(got) > 0 {
		t.Errorf("a blind reader is told that %v are missing", got)
	}
}
