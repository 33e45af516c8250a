package lang

import "strings"

// Home is the municipality whose fund it is, by the names that stand in the words.
type Home struct {
	Municipality string // in Swedish: Skellefteå kommun
	English      string // in English: Skellefteå Municipality
	Town         string // Skellefteå
	Strategy     string // the development strategy that grants are measured against: Skellefteå 2030
}

// Skelleftea is the municipality for which the words are written.
var Skelleftea = Home{"Skellefteå kommun", "Skellefteå Municipality", "Skellefteå", "Skellefteå 2030"}

var home = Skelleftea

// Settle makes every word speak of another municipality. It is for the start of a process: words that were asked for
// before keep the names that they had.
func Settle(h Home) { home = h }

// AtHome is the municipality of which the words speak.
func AtHome() Home { return home }

// inWords puts the municipality's names where a text has those of Skellefteå.
func (h Home) inWords(text string) string {
	if h == Skelleftea || !strings.Contains(text, Skelleftea.Town) {
		return text
	}
	return strings.NewReplacer( // the longer name first: the town's is part of each
		Skelleftea.Strategy, h.Strategy,
		Skelleftea.Municipality, h.Municipality,
		Skelleftea.English, h.English,
		"Skellefteå municipality", h.English,
		Skelleftea.Town, h.Town,
	).Replace(text)
}
