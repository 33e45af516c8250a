package lang

import (
	"slices"
	"testing"
)

func TestCountry(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ written, sv, en string }{
		{"Tjeckien", "Tjeckien", "Czechia"}, {" czech  republic ", "Tjeckien", "Czechia"}, {"CZ", "Tjeckien", "Czechia"}, {"CZE", "Tjeckien", "Czechia"},
		{"germany", "Tyskland", "Germany"}, {"Island", "Island", "Iceland"}, {"Storbritannien", "Storbritannien", "United Kingdom"}, {"UK", "Storbritannien", "United Kingdom"},
		{"Makedonien", "Nordmakedonien", "North Macedonia"}, {"Trinidad & Tobago", "Trinidad och Tobago", "Trinidad and Tobago"}, {"Bosnien och Hercegovina", "Bosnien och Hercegovina", "Bosnia and Herzegovina"},
		{"Polen och Finland", "Polen och Finland", "Poland and Finland"}, {"Norway, Sweden/Finland", "Norge, Sverige och Finland", "Norway, Sweden and Finland"},
		{"Österrike", "Österrike", "Austria"}, {"O\u0308sterrike", "Österrike", "Austria"},
		{"Sápmi", "Sápmi", "Sápmi"}, {"Finland och Sápmi", "Finland och Sápmi", "Finland och Sápmi"}, {"no", "no", "no"}, {"", "", ""}, {" Kvarken ", "Kvarken", "Kvarken"},
	} {
		if sv, en := Country(SV, tt.written), Country(EN, tt.written); sv != tt.sv || en != tt.en {
			t.Errorf("%q is %q and %q, want %q and %q", tt.written, sv, en, tt.sv, tt.en)
		}
	}
}

// TestEveryCountryIsKnownByItsNames: back and forth through both languages, one country stays the same.
func TestEveryCountryIsKnownByItsNames(t *testing.T) {
	t.Parallel()
	if sv, en := Countries(SV), Countries(EN); len(sv) < 240 || len(sv) != len(en) || !slices.Contains(sv, "Sverige") || slices.Contains(sv, "") {
		t.Errorf("%d countries in Swedish, %d in English", len(sv), len(en))
	}
	for code, n := range countries().names {
		if Country(EN, n[SV]) != n[EN] || Country(SV, n[EN]) != n[SV] || Country(SV, code) != n[SV] {
			t.Errorf("%s: %q is %q, %q is %q", code, n[SV], Country(EN, n[SV]), n[EN], Country(SV, n[EN]))
		}
	}
}
