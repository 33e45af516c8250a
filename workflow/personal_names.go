package workflow

import (
	"regexp"
	"strings"
	"unicode"
)

// namesInARow is how many lines shaped like a name make a list of names.
const namesInARow = 3

// LooksLikeNameList says whether three or more lines in a row hold nothing but
// a first and a last name (RF-25), with a number or dash before and a class
// after it at most. It is conservative: it would rather miss a list than
// accuse a programme, so a word that names a place or an institution, or a
// line that is longer, ends the row.
func LooksLikeNameList(text string) bool {
	row := make(map[string]bool) // the same name three times is one name
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		name, ok := personName(line)
		if !ok {
			clear(row)
			continue
		}
		row[name] = true
		if len(row) >= namesInARow {
			return true
		}
	}
	return false
}

var (
	// fileNameSpaces are what people write in file names in place of a space.
	fileNameSpaces = strings.NewReplacer("_", " ", "%20", " ", "+", " ")
	// fileNameParts part the names in a file's name, the strongest first: what stands in "Svensson, Anna; Lund, Erik" between two people is the semicolon.
	fileNameParts = []*regexp.Regexp{regexp.MustCompile(`;`), regexp.MustCompile(`,|&|:|\s(?:och|and|samt)\s|\s[-–—]\s`), regexp.MustCompile(`[-–—]`)}
	// joinedName is a name written without a space: AnnaSvensson.
	joinedName = regexp.MustCompile(`^(\p{Lu}\p{Ll}+)(\p{Lu}\p{Ll}+)$`)
)

// FileNameHoldsNames says whether a file's name lists three or more people
// (RF-25), as "Anna Svensson, Erik Lund, Maja Berg.pdf" does. One person's name,
// a partner's, two schools or a number in a file's name pass.
func FileNameHoldsNames(name string) bool {
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		name = name[:dot]
	}
	name = fileNameSpaces.Replace(name)
	for _, part := range fileNameParts {
		lines := part.Split(name, -1)
		for i, line := range lines {
			lines[i] = joinedName.ReplaceAllString(strings.TrimSpace(line), "$1 $2")
		}
		if LooksLikeNameList(strings.Join(lines, "\n")) {
			return true
		}
	}
	return false
}

var (
	// listMark is what stands before an item of a list: "1.", "2)", "-", "•".
	listMark = regexp.MustCompile(`^(?:\d{1,3}[.)]?|[-–—•*·])\s+`)
	// afterName is a class, a form or an age: ", 9B", "(åk 8)", "NA23", "15 år".
	afterName = regexp.MustCompile(`[\s,;(]+(?:(?i:åk|klass|class|grade|år)\s*)?(?:\d{1,2}\s?\p{L}?|\p{Lu}{1,3}\d{1,2}\p{L}?|\d{1,2}\s(?i:år|years))\)?$`)
)

// nameParticles may stand in small letters inside a name.
var nameParticles = map[string]bool{
	"af": true, "al": true, "av": true, "bin": true, "da": true, "de": true, "del": true, "den": true, "der": true, "di": true,
	"dos": true, "du": true, "el": true, "ibn": true, "la": true, "le": true, "ter": true, "van": true, "von": true, "zu": true,
}

// notNames begin or end words that name places, institutions and days.
var (
	notNameWords = map[string]bool{
		"dag": true, "day": true, "dagen": true, "vecka": true, "week": true,
		"måndag": true, "tisdag": true, "onsdag": true, "torsdag": true, "fredag": true, "lördag": true, "söndag": true,
		"monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true, "saturday": true, "sunday": true,
		"januari": true, "februari": true, "mars": true, "april": true, "maj": true, "juni": true, "juli": true, "augusti": true,
		"january": true, "february": true, "march": true, "may": true, "june": true, "july": true, "august": true,
		"september": true, "oktober": true, "october": true, "november": true, "december": true,
		"nya": true, "new": true, "norra": true, "södra": true, "östra": true, "västra": true, "north": true, "south": true, "east": true, "west": true,
		"san": true, "santa": true, "los": true, "las": true, "saint": true, "costa": true, "republic": true, "united": true, "kingdom": true, "states": true,
		"sverige": true, "sweden": true, "norge": true, "norway": true, "finland": true, "danmark": true, "denmark": true, "tyskland": true, "germany": true,
		"frankrike": true, "france": true, "spanien": true, "spain": true, "italien": true, "italy": true, "polen": true, "poland": true, "japan": true,
		"the": true, "our": true, "visit": true, "besök": true, "gemensam": true, "gemensamt": true, "kommun": true, "kommune": true,
		"city": true, "town": true, "county": true, "university": true, "college": true, "school": true, "high": true, "museum": true, "erasmus": true,
		"international": true, "internationella": true, "lunch": true, "middag": true, "frukost": true, "resa": true, "grand": true, "hotel": true, "hotell": true, "airport": true, "station": true,
	}
	notNameEnds = []string{
		"skola", "skolan", "skolor", "gymnasium", "gymnasiet", "museum", "museet", "kommun", "kommunen", "universitet",
		"universitetet", "förvaltningen", "nämnden", "byrån", "kyrkan", "slottet", "parken", "torget", "schule", "utbyte",
		"utbytet",
	}
)

// personName is the name on a line that holds nothing else.
func personName(line string) (name string, ok bool) {
	line = listMark.ReplaceAllString(line, "")
	line = strings.TrimRight(afterName.ReplaceAllString(line, ""), ",;.\t ")
	if last, first, comma := strings.Cut(line, ", "); comma && len(strings.Fields(last)) == 1 {
		line = first + " " + last // "Svensson, Anna" in a class list
	}
	words := strings.Fields(line)
	capitals := 0
	for i, w := range words {
		switch {
		case i > 0 && i < len(words)-1 && nameParticles[w]:
		case isNameWord(w):
			capitals++
		default:
			return "", false
		}
	}
	return strings.Join(words, " "), capitals >= 2 && capitals <= 4 && len(words) <= 5
}

// isNameWord: a capital, then small letters; a hyphen, an apostrophe or a second capital
// as in McDonald may come between. Initials pass, abbreviations in capitals do not.
func isNameWord(w string) bool {
	small := strings.ToLower(w)
	if notNameWords[small] {
		return false
	}
	for _, end := range notNameEnds {
		if strings.HasSuffix(small, end) {
			return false
		}
	}
	letters, capitals := 0, 0
	for i, r := range w {
		switch {
		case unicode.IsUpper(r):
			capitals++
			letters++
		case i == 0:
			return false
		case unicode.IsLetter(r), unicode.Is(unicode.Mn, r):
			letters++
		case strings.ContainsRune("-'’", r):
		case r == '.' && i == len(w)-1 && letters == 1:
			return true
		default:
			return false
		}
	}
	return letters >= 2 && capitals <= 2 && capitals < letters
}
