package sieread

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"fund/workflow/money"
)

// at is the text of field i, "" where there is none.
func (r *reader) at(rec record, i int) string {
	if i >= len(rec.fields) {
		return ""
	}
	return strings.TrimSpace(decode(rec.fields[i].text, r.Charset))
}

// need is at, with a finding where the field is missing.
func (r *reader) need(rec record, i int) string {
	s := r.at(rec, i)
	if s == "" {
		r.found(FindingField, r.line, rec.label)
	}
	return s
}

// day makes 2027-02-11 of 20270211; empty stays empty.
func (r *reader) day(s string) string {
	if s == "" {
		return ""
	}
	t, err := time.Parse("20060102", strings.ReplaceAll(s, "-", ""))
	if err != nil {
		r.found(FindingDay, r.line, s)
		return ""
	}
	return t.Format(time.DateOnly)
}

// period makes 2027-02 of 202702.
func (r *reader) period(s string) string {
	t, err := time.Parse("200601", s)
	if err != nil {
		r.found(FindingDay, r.line, s)
		return ""
	}
	return t.Format("2006-01")
}

func (r *reader) year(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		r.found(FindingField, r.line, s)
	}
	return n
}

func (r *reader) amount(s string) money.SEK {
	ore, ok := parseAmount(s)
	if !ok {
		r.found(FindingAmount, r.line, s)
	}
	return ore
}

// parseAmount reads an amount with at most two decimals that are not zero. What has one
// meaning only is read though the format has none of it, and ok is false all the same: a
// comma for the point, thousands set apart, a minus behind or a printer's minus.
func parseAmount(s string) (ore money.SEK, ok bool) {
	plain := s
	s = strings.NewReplacer("\u00a0", "", "\u202f", "", "\u2212", "-", "\u2013", "-").Replace(s)
	for apart, form := range grouped {
		if form.MatchString(s) {
			s = strings.ReplaceAll(s, apart, "")
		}
	}
	s = strings.Replace(s, ",", ".", 1)
	if digits, behind := strings.CutSuffix(s, "-"); behind && !strings.HasPrefix(s, "-") {
		s = "-" + digits
	}
	ok = s == plain
	sign, digits := money.SEK(1), strings.TrimPrefix(s, "+")
	if rest, negative := strings.CutPrefix(s, "-"); negative {
		sign, digits = -1, rest
	}
	whole, part, _ := strings.Cut(digits, ".")
	part = strings.TrimRight(part, "0")
	if whole+part == "" && !strings.Contains(digits, "0") || len(part) > 2 || len(whole) > 14 {
		return 0, false
	}
	for len(part) < 2 {
		part += "0"
	}
	for _, c := range whole + part {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(whole+part, 10, 64)
	return sign * money.SEK(n), ok && err == nil
}

// grouped are amounts with a sign between their thousands. A single dot or comma before
// three digits could be the decimals' own.
var grouped = map[string]*regexp.Regexp{
	".": regexp.MustCompile(`^[-+]?\d{1,3}((\.\d{3})+,\d{1,2}|(\.\d{3}){2,})-?$`),
	",": regexp.MustCompile(`^[-+]?\d{1,3}((,\d{3})+\.\d{1,2}|(,\d{3}){2,})-?$`),
	" ": regexp.MustCompile(`^[-+]?\d{1,3}( \d{3})+([.,]\d{1,2})?-?$`),
	"'": regexp.MustCompile(`^[-+]?\d{1,3}('\d{3})+([.,]\d{1,2})?-?$`),
}

// objects reads the list at field i; i after it is where the next field stands. A row that
// leaves the list out is read as one with an empty list.
func (r *reader) objects(rec record, i int) (list []Object, next int) {
	list = []Object{}
	if i >= len(rec.fields) || !rec.fields[i].many {
		r.found(FindingObjects, r.line, rec.label)
		if text := r.at(rec, i); i < len(rec.fields) && (text == "" || text == "{}") {
			i++ // an empty list, written as a text
		}
		return list, i
	}
	parts := rec.fields[i].list
	if len(parts)%2 != 0 {
		r.found(FindingObjects, r.line, rec.label)
	}
	for j := 0; j < len(parts); j += 2 {
		o := Object{Dimension: strings.TrimSpace(decode(parts[j], r.Charset))}
		if j+1 < len(parts) {
			o.ID = strings.TrimSpace(decode(parts[j+1], r.Charset))
		}
		list = append(list, o)
	}
	return list, i + 1
}
