package lang

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countryNow are names that have changed, or that people say otherwise, since the
// tables of x/text (CLDR 32) were made. Swedish, English.
var countryNow = map[string][2]string{
	"BY": {"Belarus", "Belarus"}, "CV": {"Kap Verde", "Cabo Verde"}, "HK": {"Hongkong", "Hong Kong"}, "MK": {"Nordmakedonien", "North Macedonia"},
	"MM": {"Myanmar", "Myanmar"}, "MO": {"Macao", "Macao"}, "PS": {"Palestina", "Palestine"}, "SZ": {"Eswatini", "Eswatini"}, "US": {"USA", "United States"},
}

// countryAlso are other names that people write; the code is what they mean.
var countryAlso = map[string]string{
	"czech republic": "CZ", "tjeckiska republiken": "CZ", "holland": "NL", "the netherlands": "NL", "great britain": "GB", "uk": "GB", "u.k.": "GB", "the united kingdom": "GB",
	"förenade kungariket": "GB", "förenta staterna": "US", "amerikas förenta stater": "US", "united states of america": "US", "the united states": "US", "us": "US", "u.s.a.": "US",
	"bosnien": "BA", "bosnien-hercegovina": "BA", "vitryssland": "BY", "türkiye": "TR", "republic of ireland": "IE", "burma": "MM", "makedonien": "MK", "macedonia": "MK",
	"sydkorea": "KR", "korea": "KR", "russian federation": "RU", "moldavien": "MD", "åland": "AX", "färöarna": "FO",
}

// countryNone are in the tables without being a country's code in ISO 3166-1.
var countryNone = []string{"AC", "CP", "DG", "EA", "EZ", "IC", "TA", "UN"}

// countryBooks is read once: names by code and language, and codes by what people write.
type countryBooks struct {
	names map[string]map[Lang]string
	codes map[string]string
}

var countries = sync.OnceValue(func() countryBooks {
	b := countryBooks{names: map[string]map[Lang]string{}, codes: map[string]string{}}
	swedish, english := display.Regions(language.Swedish), display.Regions(language.English)
	for _, code := range twoLetters() {
		r, err := language.ParseRegion(code)
		if err != nil || !r.IsCountry() || r.Canonicalize() != r || slices.Contains(countryNone, code) || swedish.Name(r) == "" || english.Name(r) == "" {
			continue
		}
		sv, en := swedish.Name(r), strings.ReplaceAll(english.Name(r), " & ", " and ")
		if now, ok := countryNow[code]; ok {
			sv, en = now[0], now[1]
		}
		b.names[code] = map[Lang]string{SV: sv, EN: en}
		b.codes[countryKey(english.Name(r))], b.codes[countryKey(en)] = code, code
		b.codes[countryKey(r.ISO3())] = code
	}
	for code, n := range b.names { // a Swedish name means what a Swede means by it: Island is Iceland
		b.codes[countryKey(n[SV])] = code
	}
	for name, code := range countryAlso {
		b.codes[countryKey(name)] = code
	}
	return b
})

func twoLetters() (list []string) {
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			list = append(list, string([]rune{a, b}))
		}
	}
	return list
}

func countryKey(name string) string {
	return strings.ToLower(Composed(strings.Join(strings.Fields(name), " ")))
}

// CountryCode is the ISO 3166-1 code of what somebody wrote: a Swedish or English
// name, or the code itself in capitals. Small letters are words ("no", "is"). Empty
// for what isn't known, or is more than one country.
func CountryCode(written string) string {
	if written = strings.TrimSpace(written); countries().names[written] != nil {
		return written
	}
	return countries().codes[countryKey(written)]
}

// Country is a country in the reader's language: Tjeckien and CZ are Czechia in
// English, Germany is Tyskland in Swedish. Several ("Polen och Finland") are said one
// by one. What isn't known is given as it was written: nothing stored is changed by this.
func Country(l Lang, written string) string {
	if code := CountryCode(written); code != "" {
		return countries().names[code][speaks(l)]
	}
	parts := countrySplit.Replace(strings.TrimSpace(written))
	if !strings.Contains(parts, "\n") {
		return strings.TrimSpace(written)
	}
	var names []string
	for part := range strings.SplitSeq(parts, "\n") {
		code := CountryCode(part)
		if code == "" {
			return strings.TrimSpace(written)
		}
		names = append(names, countries().names[code][speaks(l)])
	}
	return List(l, names)
}

// countrySplit cuts where people put one country beside another.
var countrySplit = strings.NewReplacer(", ", "\n", " och ", "\n", " and ", "\n", " & ", "\n", " + ", "\n", "/", "\n")

// Countries lists their names in the language, in order, to choose from.
func Countries(l Lang) (names []string) {
	for _, n := range countries().names {
		names = append(names, n[speaks(l)])
	}
	slices.SortFunc(names, Compare)
	return slices.Compact(names)
}
