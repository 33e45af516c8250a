package workflow

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fund/workflow/checkdigit"
)

// FindPersonalNumber looks for a Swedish personal or coordination number in a
// text or a file name (RF-25) and says where the first one stands, in bytes.
// It knows YYMMDD and YYYYMMDD, then NNNN, with a hyphen, plus, blank,
// underscore or nothing between. To count, the day must exist (a coordination
// number's is 60 higher), the check digit must be right, and no digit may stand
// beside it; so organisation numbers, days, amounts, giro numbers and IBANs
// pass. Ten digits that are said to be a telephone pass too.
func FindPersonalNumber(text string) (start, end int, ok bool) {
	runs := digitRuns(text)
	for i, r := range runs {
		switch n := len(r.digits); {
		case n == 10 || n == 12:
			digits := string(r.digits)
			if isPersonal(digits[:n-4], digits[n-4:], false) && !isPhone(text[:r.start], digits) {
				return r.start, r.end, true
			}
		case (n == 6 || n == 8) && i+1 < len(runs) && len(runs[i+1].digits) == 4:
			next := runs[i+1]
			if joins(text[r.end:next.start]) && isPersonal(string(r.digits), string(next.digits), true) && !isPhone(text[:r.start], "") {
				return r.start, next.end, true
			}
		}
	}
	return 0, 0, false
}

// digitRun is digits without a gap; start and end are byte positions in the text.
type digitRun struct {
	digits     []byte
	start, end int
}

// digitRuns reads full-width digits as what they look like. Characters that
// cannot be seen do not end a run.
func digitRuns(text string) []digitRun {
	var runs []digitRun
	open := false
	for i, r := range text {
		width := utf8.RuneLen(r)
		if '０' <= r && r <= '９' {
			r = r - '０' + '0'
		}
		switch {
		case '0' <= r && r <= '9':
			if !open {
				runs = append(runs, digitRun{start: i})
				open = true
			}
			last := &runs[len(runs)-1]
			last.digits = append(last.digits, byte(r))
			last.end = i + width
		case unseen(r):
		default:
			open = false
		}
	}
	return runs
}

// unseen are format characters, such as a zero-width blank, and the soft hyphen.
func unseen(r rune) bool { return unicode.Is(unicode.Cf, r) }

// joins says that what stands between date and last four digits ties them
// together: one dash, plus or underscore, with a blank on either side at most, or one blank.
func joins(between string) bool {
	blanks, marks := 0, 0
	for _, r := range between {
		switch {
		case unseen(r):
		case isBlank(r):
			blanks++
		case isDash(r), r == '+', r == '_':
			marks++
		default:
			return false
		}
	}
	return marks == 1 && blanks <= 2 || marks == 0 && blanks <= 1
}

// firstTimestamp: a day of this year or later, set off from four digits that
// read as a time of day, is when a file was made ("20260504-1315"). Whoever was
// born then is long no pupil yet.
const firstTimestamp = 2024

func isPersonal(date, last string, parted bool) bool {
	if len(date) == 8 {
		year := twoDigits(date)*100 + twoDigits(date[2:])
		if year < 1800 || year > 2099 {
			return false
		}
		if parted && year >= firstTimestamp && twoDigits(last) < 24 && twoDigits(last[2:]) < 60 {
			return false
		}
		return isBirthday(year, date[4:]) && last[:3] != "000" && checkdigit.Mod10(date[2:]+last)
	}
	yy := twoDigits(date)
	return (isBirthday(1900+yy, date[2:]) || isBirthday(2000+yy, date[2:])) && last[:3] != "000" && checkdigit.Mod10(date+last)
}

// isBirthday says whether MMDD is a day of the year, also with 60 added to the day.
func isBirthday(year int, monthDay string) bool {
	month, day := twoDigits(monthDay), twoDigits(monthDay[2:])
	if day > 60 {
		day -= 60
	}
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return false
	}
	d := NewDate(year, time.Month(month), day)
	return d.Month() == time.Month(month) && d.Day() == day
}

func twoDigits(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

// phoneWords stand before a telephone number, in Swedish and English.
var phoneWords = []string{"tel", "tfn", "telefon", "telefonnummer", "mobil", "mobilnummer", "mobile", "phone", "ring", "call", "sms", "fax"}

// isPhone looks at what stands before: a country code such as +49, or a word
// for telephone. The word excuses only digits in one piece (onePiece, else
// empty) that begin as telephone numbers do; a pupil of 2007 written without a
// hyphen does so too, and is found unless the text says telephone.
func isPhone(before, onePiece string) bool {
	const near = 40 // bytes; what stands further away says nothing of these digits
	before = before[max(0, len(before)-near):]
	before = strings.TrimRight(before, " \t\u00a0(:.-")
	word := before
	if i := strings.LastIndexFunc(before, func(r rune) bool { return r != '+' && (r < '0' || r > '9') }); i >= 0 {
		word = before[i+1:]
	}
	if strings.HasPrefix(word, "+") && len(word) >= 2 && len(word) <= 4 {
		return true
	}
	if len(onePiece) != 10 || onePiece[0] != '0' {
		return false
	}
	fields := strings.FieldsFunc(strings.ToLower(before), func(r rune) bool { return !unicode.IsLetter(r) })
	if len(fields) == 0 {
		return false
	}
	last := fields[len(fields)-1]
	if (last == "nr" || last == "nummer") && len(fields) > 1 {
		last = fields[len(fields)-2]
	}
	return slices.Contains(phoneWords, last)
}
