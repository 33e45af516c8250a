package workflow

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaskNumber stands for an organisation's or a person's number.
const MaskNumber = "[nummer]"

var (
	orgNumbers = regexp.MustCompile(`\b(?:16|19|20)?\d{6}[-–+]\d{4}\b`)
	webSites   = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+`)
	nameShaped = regexp.MustCompile(`\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?(?: \p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?){1,2}`)
)

// MaskFile is the text of a file as a blind reader gets it: the case's secrets,
// addresses and numbers taken out as in the form, and besides whatever is shaped
// like a person's name, as a file names people whom the form does not. The
// partner's name and place stay, as K1 is about them.
func MaskFile(c Case, text string) string {
	text = webSites.ReplaceAllString(text, MaskSchool)
	text = orgNumbers.ReplaceAllString(text, MaskNumber)
	text = maskFor(c).text(text)
	partner := strings.ToLower(strings.Join([]string{c.App.Form.Partner.Name, c.App.Form.Partner.City, c.App.Form.Partner.Country, c.App.Form.Title}, " "))
	return nameShaped.ReplaceAllStringFunc(text, func(s string) string {
		if _, ok := personName(s); !ok || strings.Contains(partner, strings.ToLower(s)) {
			return s
		}
		return MaskPerson
	})
}

// Doubtful lists words of a masked text that may still tell whose case it is:
// single words with a capital inside a sentence that are neither the partner's
// nor common in the case's own form. It is for a person to look at, not a proof.
func Doubtful(c Case, masked string) (words []string) {
	known := strings.ToLower(
		c.App.Form.Partner.Name + " " + c.App.Form.Partner.City + " " + c.App.Form.Partner.Country + " Skellefteå Sverige Sweden Erasmus Europa",
	)
	for _, m := range insideCapital.FindAllStringSubmatch(masked, -1) {
		if w := m[1]; !strings.Contains(known, strings.ToLower(w)) && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	if len(words) > 20 {
		words = words[:20]
	}
	return words
}

// SplitLeaks lists the longer secrets that stand in a masked text once all blanks
// are taken out: words that a file sets letter by letter, which no mask finds.
func SplitLeaks(c Case, masked string) (found []string) {
	squeeze := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(readable(s)), "")) }
	text := squeeze(masked)
	for _, w := range Secrets(c) {
		if short := squeeze(w[0]); utf8.RuneCountInString(short) >= 6 && strings.Contains(text, short) {
			found = append(found, w[0])
		}
	}
	return found
}

var insideCapital = regexp.MustCompile(`[\p{Ll},] (\p{Lu}\p{Ll}{3,})`)
