package notice

import (
	"slices"
	"strings"
	"unicode/utf8"

	"fund/workflow"
	"fund/workflow/lang"
)

// lettersWords begins the keys of all words that letters are made of.
const lettersWords = "notice."

// longestText is how long the words of one place may be, in characters.
const longestText = 2000

// TextKeys lists the places of the letters whose words an office may choose, in
// order of the letters' parts.
func TextKeys() []string {
	return slices.DeleteFunc(lang.Keys(lang.SV), func(key string) bool { return !IsText(key) })
}

// inside are the parts that belong to the office's own papers, not to letters.
var inside = []string{"board", "minutes", "proposal", "yearly"}

// IsText tells whether an office may choose the words of a key.
func IsText(key string) bool {
	return strings.HasPrefix(key, lettersWords) && lang.Has(lang.SV, key) && !slices.Contains(inside, TextPart(key))
}

// TextPart is the part of the letters that a key belongs to: decision, appeal …
func TextPart(key string) string {
	part, _, _ := strings.Cut(strings.TrimPrefix(key, lettersWords), ".")
	return part
}

// TextPlaces are what must stand in the words of a key, as {{.Name}}: a letter
// that lost its sum or its last day would not be one (FL 32–33 §§, L11).
func TextPlaces(l lang.Lang, key string) []string {
	names, _ := lang.Places(lang.Source(l, key))
	return names
}

// TextFaults says what keeps somebody's words from standing in letters; field names the words.
func TextFaults(l lang.Lang, key, field, text string) (v workflow.Violations) {
	if strings.TrimSpace(text) == "" {
		return workflow.Violations{{Field: field, Code: "required"}}
	}
	if n := utf8.RuneCountInString(text); n > longestText {
		v = append(v, workflow.Violation{Field: field, Code: "too_long", Args: map[string]any{"Max": longestText, "Length": n}})
	}
	names, ok := lang.Places(text)
	if !ok {
		return append(v, workflow.Violation{Field: field, Code: "text_braces", Args: map[string]any{"Example": "{{.Title}}"}})
	}
	wanted := TextPlaces(l, key)
	for _, name := range wanted {
		if !slices.Contains(names, name) {
			v = append(v, workflow.Violation{Field: field, Code: "text_place_missing", Args: map[string]any{"Place": "{{." + name + "}}"}})
		}
	}
	for _, name := range names {
		if !slices.Contains(wanted, name) {
			v = append(v, workflow.Violation{Field: field, Code: "text_place_unknown", Args: map[string]any{"Place": "{{." + name + "}}"}})
		}
	}
	return v
}
