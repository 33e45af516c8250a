package handlers

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestCountriesInTheReadersLanguage: pages, choices and files call a country what the
// reader calls it, and one country written in three ways is one; the open data keep what was written.
func TestCountriesInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	page := v.bring("2023.csv", "år;omgång;skola;titel;ort;land;elever;sökt;beviljat;utbetalt;återbetalt;utfall;beslutsdag\n"+
		"2023;VT23;Baldergymnasiet;Till Brno;Brno;Tjeckien;24;60000;50000;50000;0;beviljad;2023-05-09\n"+
		"2023;VT23;Kågeskolan;Till Praha;Praha;Czech Republic;20;6000;5000;5000;0;beviljad;2023-05-09\n"+
		"2023;VT23;Kaplanskolan;Till Inari;Inari;Sápmi;20;700;600;600;0;beviljad;2023-05-09\n", 303)
	v.fill("admin", page, 303)
	for path, wants := range map[string][]string{
		"/registry?lang=en":                     {"Brno, Czechia", "Praha, Czechia", "Czechia (2)", "Inari, Sápmi"},
		"/registry?lang=sv":                     {"Brno, Tjeckien", "Praha, Tjeckien", "Tjeckien (2)"},
		"/registry?lang=en&country=Tjeckien":    {"2 grants"},
		"/registry?lang=sv&country=Czechia":     {"2 bidrag"},
		"/registry?lang=sv&country=CZ":          {"2 bidrag"},
		"/registry?lang=sv&q=czech":             {"2 bidrag"},
		"/registry/earlier/2?lang=en":           {"Praha, Czechia"},
		"/statistics?lang=en":                   {"Czechia"},
		"/statistics/yearly/2023?lang=en":       {"Czechia"},
		"/eligibility?lang=en&country=Tjeckien": {"The partner school's country"},
	} {
		html := v.raw("officer", "GET", path, "").Body.String()
		v.says(pageText(t, html), wants...)
		if strings.Contains(path, "country=") && strings.HasPrefix(path, "/registry") && !strings.Contains(html, `<option value="Tjeckien" selected>`) {
			t.Errorf("%s doesn't show the choice", path)
		}
	}
	if html := v.raw("officer", "GET", "/eligibility?lang=en", "").Body.String(); !strings.Contains(html, `<option value="Czechia">`) || !strings.Contains(html, `list="f-country-l"`) {
		t.Error("no countries are offered")
	}
	for path, want := range map[string]string{"/statistics.csv?lang=en": "Country;Czechia;Granted (SEK);55000;", "/statistics.csv?lang=sv": "Land;Tjeckien;Beviljat (kr);55000;", "/registry.csv?lang=en": ";Praha;Czechia;"} {
		if csv := string(v.file("", path, "text/csv")); !strings.Contains(csv, want) {
			t.Errorf("%s has no %s:\n%s", path, want, csv)
		}
	}
	var open openDataJSON
	if err := json.Unmarshal(v.file("", apiPrefix+"/open-data/360giving.json", "application/json"), &open); err != nil {
		t.Fatal(err)
	}
	places := map[string]string{}
	for _, g := range open.Grants {
		places[g.Beneficiary[0].Name] = g.Beneficiary[0].CountryCode
	}
	if len(places) != 3 || places["Brno, Tjeckien"] != "CZ" || places["Praha, Czech Republic"] != "CZ" || places["Inari, Sápmi"] != "" {
		t.Errorf("the places are %v", places)
	}
}
