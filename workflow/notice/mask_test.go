package notice

import (
	"strings"
	"testing"

	"fund/workflow"
)

func maskCase() workflow.Case {
	c := workflow.Case{}
	c.App.ApplicantName = "Elin Marklund"
	c.App.Form.Applicant = workflow.ApplicantForm{School: "Kågeskolan", ContactPhone: "070-123 45 67", PrincipalName: "Åsa Öhman", Payment: workflow.PayInto{Bankgiro: "5050-1055", Holder: "Kågeskolan"}}
	return c
}

func TestMaskerTakesWhatItIsAskedFor(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kinds, words []string
		in, want     string
	}{
		"an address":            {[]string{MaskEmail}, nil, "Skriv till elin.marklund@example.org.", "Skriv till [x]."},
		"the phone, otherwise":  {[]string{MaskPhone}, nil, "Ring 0701234567 eller 070 / 1234567", "Ring [x] eller [x]"},
		"any phone":             {[]string{MaskPhone}, nil, "Ring +46 910 73 50 00 eller 0910-73 50 00", "Ring [x] eller [x]"},
		"no day is a phone":     {[]string{MaskPhone}, nil, "2026-09-07 till 2026-09-12, 30 000 kr, KS 2026/IF-0064", "2026-09-07 till 2026-09-12, 30 000 kr, KS 2026/IF-0064"},
		"the account, anyhow":   {[]string{MaskAccount}, nil, "bg 50501055, 5050 - 1055 och SE45 5000 0000 0583 9825 7466", "bg [x], [x] och [x]"},
		"a personal number":     {[]string{MaskNumber}, nil, "20010101-1237 och 212000-2643", "[x] och 212000-2643"},
		"names and their parts": {[]string{MaskPeople}, nil, "ELIN  MARKLUND, Elins klass, Åsa och Öhman; Elinstallation på Kågeskolan", "[x], [x] klass, [x] och [x]; Elinstallation på Kågeskolan"},
		"words of one's own":    {nil, []string{"röda stugan", "ö"}, "Röda\nstugan, o\u0308n, Röda\u00adstugan", "[x], [x]n, R[x]dastugan"},
		"nothing":               {nil, nil, "elin@example.org 0701234567", "elin@example.org 0701234567"},
	} {
		m := NewMasker(maskCase(), nil, tt.kinds, tt.words, nil, "[x]")
		if got := m.Text(tt.in); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	// A name of an earlier version is masked as well as today's.
	old := workflow.Form{Applicant: workflow.ApplicantForm{PrincipalName: "Bertil Fors"}}
	if got := NewMasker(maskCase(), []workflow.Form{old}, []string{MaskPeople}, nil, []string{"Cilla Dahl"}, "[x]").Text("Bertil, Fors och Cilla"); strings.ContainsAny(got, "BFC") {
		t.Error(got)
	}
}

// TestMaskedNoticeHidesEverywhere: whatever part of a letter holds a word, it is gone, and the count says how often.
func TestMaskedNoticeHidesEverywhere(t *testing.T) {
	t.Parallel()
	n := Notice{Over: "hemligt", Title: "hemligt", DNR: "hemligt", To: []string{"hemligt"}, Facts: []Fact{{"hemligt", "hemligt"}}, Sum: &Sum{"hemligt", "hemligt", "hemligt"}, Signature: []string{"hemligt"}, Foot: []Fact{{"hemligt", "hemligt"}},
		Sections: []Section{{Heading: "hemligt", Paragraphs: []string{"hemligt"}, Points: []string{"hemligt"}, After: []string{"hemligt"}, Table: &Table{Head: []string{"hemligt"}, Rows: [][]string{{"hemligt"}}, Total: []string{"hemligt"}}}}}
	m := NewMasker(workflow.Case{}, nil, nil, []string{"Hemligt"}, nil, "[x]")
	masked := m.Notice(n)
	if text := all(masked) + masked.DNR + masked.Over; strings.Contains(text, "hemligt") || m.Counts[MaskWords] != 19 {
		t.Errorf("%d hits, left %q", m.Counts[MaskWords], text)
	}
	if n.Sections[0].Points[0] != "hemligt" || n.Sections[0].Table.Rows[0][0] != "hemligt" {
		t.Error("the original was changed")
	}
}
