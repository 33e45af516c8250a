package bank

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fund/workflow/lang"
)

// How much of a text is kept: an id of a bank is at most 35 characters, a text piece 500.
const (
	maxID   = 140
	maxText = 2000
)

// cutText keeps at most n runes.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// pieces joins texts that a bank cut into several elements. A piece that fills its
// element (35, 105 or 140 characters) was cut in the middle of a word; any
// other ended by itself and a blank follows.
type pieces struct {
	text string
	full bool
	cut  bool
}

func (p *pieces) add(raw string) {
	raw = visible(raw)
	n := utf8.RuneCountInString(raw)
	piece := strings.Join(strings.Fields(raw), " ")
	if piece == "" {
		return
	}
	switch {
	case p.text == "":
	case p.full && !strings.HasPrefix(raw, " "):
	default:
		p.text += " "
	}
	p.text += piece
	p.full = (n == 35 || n == 105 || n == 140) && !strings.HasSuffix(raw, " ")
	if short := cutText(p.text, maxText); len(short) < len(p.text) {
		p.text, p.cut = short, true
	}
}

// day gives the calendar day in Sweden of an ISO date or date-time, or "". A time without
// an offset is taken as the bank wrote it, and so is midnight, which is how systems that
// have no date alone write one; any other time with an offset is an instant.
func day(s string) string {
	s = strings.TrimSpace(s)
	if len(s) < 10 {
		return ""
	}
	if len(s) > 10 && !strings.ContainsRune("T+-Z", rune(s[10])) {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, s[:10]); err != nil {
		return ""
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil && at.Format(time.TimeOnly) != "00:00:00" {
		return lang.ISODay(at)
	}
	return s[:10]
}

// account removes the blanks in which accounts are printed.
func account(s string) string {
	return cutText(strings.ToUpper(strings.Join(strings.Fields(s), "")), maxID)
}

// BareAccount is an account without blanks, dots and hyphens, in capitals: two spellings of one are the same.
func BareAccount(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			return r
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return -1
	}, s)
}

// SameAccount tells whether a bank means our account by theirs: in the same form, with
// zeros in front, or our IBAN as the account within Sweden, with or without its clearing number.
func SameAccount(ours, theirs string) bool {
	ours, theirs = bareNumber(ours), bareNumber(theirs)
	if ours == theirs {
		return true
	}
	const countryAndBank, shortest, longestClearing = 7, 7, 5
	if !strings.HasPrefix(ours, "SE") || len(ours) <= countryAndBank || strings.HasPrefix(theirs, "SE") {
		return false
	}
	account := bareNumber(ours[countryAndBank:])
	clearing, ok := strings.CutSuffix(theirs, account)
	return ok && len(account) >= shortest && (clearing == "" || len(clearing) >= longestClearing-1 && len(clearing) <= longestClearing)
}

func bareNumber(s string) string {
	return strings.TrimLeft(BareAccount(s), "0")
}

// visible leaves out what nobody sees: joiners, and marks that turn the direction of all that
// follows. With one of them an id is no longer ours, and a text on a page reads backwards.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

// reference trims an id; NOTPROVIDED is the bank's way to write none.
func reference(s string) string {
	s = strings.TrimSpace(visible(s))
	if strings.EqualFold(s, "NOTPROVIDED") {
		return ""
	}
	return cutText(s, maxID)
}

// uetr gives a UUID in small letters, or "" and false where it is no UUID.
func uetr(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) != 36 {
		return "", s == ""
	}
	for i, r := range s {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		hex := r >= '0' && r <= '9' || r >= 'a' && r <= 'f'
		if dash != (r == '-') || !dash && !hex {
			return "", false
		}
	}
	return s, true
}
