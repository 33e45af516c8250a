package workflow

import (
	"strings"
	"unicode"
)

// Trip is what an application says of the journey itself: enough to see that
// two of them may be the same one, in whatever round, year or scheme.
type Trip struct {
	Title, Partner, City, Country string
	Start, End                    Date
	Pupils                        int64
}

// TripOf reads it from a form.
func TripOf(f Form) Trip {
	start, end, _ := f.Activity.Days()
	return Trip{
		Title:   f.Title,
		Partner: f.Partner.Name,
		City:    f.Partner.City,
		Country: f.Partner.Country,
		Start:   start,
		End:     end,
		Pupils:  num(f.Participants.Pupils),
	}
}

// What two trips may have in common, in the order in which it is told.
const (
	AlikeDays     = "days"      // they overlap
	AlikeNearDays = "near_days" // they lie within NearTrip days of each other: moved, and asked for anew
	AlikePartner  = "partner"
	AlikePlace    = "place"
	AlikeTitle    = "name"
	AlikeGroup    = "group" // the same number of pupils
)

// NearTrip is how many days may lie between two trips that can still be one.
const NearTrip = 30

// Alike tells what two applications have in common where they may be one trip
// paid twice (double funding; peers.md, item 19), and nothing where they are not
// likely to. One applicant's two trips are, when their days meet and the
// partner, the place or the name is the same; two applicants', when days,
// partner and place all are. Partners and names are compared so that accents,
// order and a slip of the key make no difference. A hint for the officer: no
// rule, no finding, and nothing is computed from it.
func Alike(a, b Trip, sameApplicant bool) (common []string) {
	days := a.meets(b)
	if days == "" {
		return nil
	}
	common = append(common, days)
	partner, place, title := nearlySame(a.Partner, b.Partner), nearlySame(a.City, b.City), nearlySame(a.Title, b.Title)
	if !sameApplicant && !(days == AlikeDays && partner && place) || !partner && !place && !title {
		return nil
	}
	for _, x := range []struct {
		is   bool
		what string
	}{{partner, AlikePartner}, {place, AlikePlace}, {title, AlikeTitle}, {a.Pupils > 0 && a.Pupils == b.Pupils, AlikeGroup}} {
		if x.is {
			common = append(common, x.what)
		}
	}
	return common
}

// meets says how the days of two trips lie to each other; "" is apart, or unknown.
func (t Trip) meets(other Trip) string {
	if t.Start.IsZero() || t.End.IsZero() || other.Start.IsZero() || other.End.IsZero() {
		return ""
	}
	if t.Start.After(other.Start) {
		t, other = other, t
	}
	switch gap := t.End.DaysUntil(other.Start); {
	case gap <= 0:
		return AlikeDays
	case gap <= NearTrip:
		return AlikeNearDays
	}
	return ""
}

// sameness is the share of letter pairs that two texts must have in common to be nearly the same.
const sameness = 0.75

// nearlySame compares two texts by their words' pairs of letters (Dice's
// coefficient), so that neither case, accents, order of words nor a slip of the
// key parts them. Two empty texts have nothing in common.
func nearlySame(a, b string) bool {
	left, right := letterPairs(a), letterPairs(b)
	if len(left) == 0 || len(right) == 0 {
		return false
	}
	sum, shared := 0, 0
	for pair, n := range left {
		sum += n
		shared += min(n, right[pair])
	}
	for _, n := range right {
		sum += n
	}
	return float64(2*shared) >= sameness*float64(sum)
}

// withoutAccents are the letters that partners' names are most often written with and without.
var withoutAccents = strings.NewReplacer(
	"å", "a", "ä", "a", "á", "a", "à", "a", "â", "a", "ã", "a", "æ", "a", "ç", "c", "č", "c", "ć", "c", "ď", "d", "ð", "d", "é",
	"e", "è", "e", "ê", "e", "ë", "e", "ě", "e", "ę", "e", "í", "i", "ì", "i", "î", "i", "ï", "i", "ł", "l", "ñ", "n", "ń", "n",
	"ň", "n", "ö", "o", "ø", "o", "ó", "o", "ò", "o", "ô", "o", "õ", "o", "ř", "r", "š", "s", "ś", "s", "ß", "s", "ť", "t", "ü",
	"u", "ú", "u", "ù", "u", "û", "u", "ů", "u", "ý", "y", "ž", "z", "ź", "z", "ż", "z",
)

// letterPairs counts the pairs of neighbouring letters in each word of a text; a word of one letter pairs with itself.
func letterPairs(text string) map[string]int {
	pairs := map[string]int{}
	words := strings.FieldsFunc(withoutAccents.Replace(strings.ToLower(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, word := range words {
		letters := []rune(word)
		if len(letters) == 1 {
			letters = append(letters, letters[0])
		}
		for i := range len(letters) - 1 {
			pairs[string(letters[i:i+2])]++
		}
	}
	return pairs
}
