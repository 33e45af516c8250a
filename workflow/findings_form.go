package workflow

import (
	"fmt"
	"slices"
	"strings"
)

// What a form may hold (contract.md, "Enumerations").
var (
	formLanguages   = []string{"sv", "en", "fi", "se"}
	fundingTypes    = []string{"own", "external_grant", "in_kind", "voluntary", "mandatory_pupil_fee"}
	fundingStatuses = []string{"planned", "applied", "confirmed", "refused"}
)

// Largest numbers of domain 9.1.
const (
	maxPupils = 200
	maxStaff  = 20
	maxGoals  = 5
)

// chosen finds what is none of the choices that a field has, and what stands
// outside the form's numbers. It is kept as it was written; without a word about
// it, money of no known kind would count for nothing, and nobody would see why.
func (f *finder) chosen() {
	form := f.c.App.Form
	one := func(field, value string, of []string) {
		if !slices.Contains(of, value) {
			f.add("", Warning, field, "choice")
		}
	}
	if form.Applicant.Language != "" {
		one("applicant.language", form.Applicant.Language, formLanguages)
	}
	if form.Scheme != "" && f.c.Round.ID != "" && form.Scheme != f.c.Round.Scheme {
		f.add("", Warning, "scheme", "other_scheme")
	}
	for i, x := range form.Funding {
		at := fmt.Sprintf("funding[%d].", i)
		if num(x.Amount) == 0 && strings.TrimSpace(x.Source) == "" {
			continue // an empty row
		}
		for _, field := range []struct {
			name, value string
			of          []string
		}{{"type", x.Type, fundingTypes}, {"status", x.Status, fundingStatuses}} {
			if field.value == "" {
				f.add("", Warning, at+field.name, "required")
			} else {
				one(at+field.name, field.value, field.of)
			}
		}
	}
	seen := map[int64]bool{}
	for i, l := range form.Lines() {
		if l.Code == "" && (l.Sum() != 0 || strings.TrimSpace(l.Text) != "") {
			f.add("", Warning, fmt.Sprintf("budget[%d].code", i), "required")
		}
		if seen[l.Line] {
			f.add("", Warning, fmt.Sprintf("budget[%d].line", i), "number_twice", "Line", l.Line)
		}
		seen[l.Line] = true
	}
	if f.c.Scheme.NeedsPrincipal {
		f.numbers()
	}
}

// numbers finds counts outside those of a school's exchange. A group has pupils
// and adults; on a preparatory visit the adults may go alone.
func (f *finder) numbers() {
	form := f.c.App.Form
	least := int64(1)
	if form.Activity.Type == "preparatory_visit" {
		least = 0
	}
	within := func(field string, v *int64, most int64) {
		if v != nil && *v >= 0 && (*v < least || *v > most) {
			f.add("", Warning, field, "range", "Min", least, "Max", most)
		}
	}
	within("participants.pupils", form.Participants.Pupils, maxPupils)
	within("participants.staff", form.Participants.Staff, maxStaff)
	if n := len(form.Text.Goals); n > maxGoals {
		f.add("", Warning, "text.goals", "too_many_goals", "Max", maxGoals, "Count", n)
	}
}
