package notice

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fund/workflow"
	"fund/workflow/lang"
)

// What a disclosure copy may be masked for, in the order of the form.
const (
	MaskEmail   = "email"   // every address
	MaskPhone   = "phone"   // every telephone number
	MaskAccount = "account" // the payee's account, now and before
	MaskNumber  = "number"  // personal numbers, also as a sole trader's organisation number
	MaskPeople  = "people"  // the names of the applicant's people (protected contacts, OSL 21:3)
	MaskWords   = "words"   // words that the registrar writes
)

// MaskKinds lists them; words are masked whenever there are any.
var MaskKinds = []string{MaskEmail, MaskPhone, MaskAccount, MaskNumber, MaskPeople}

// Masker takes things out of texts and counts what it took. What stands instead
// has always the same length, so that it does not tell how long the thing was.
type Masker struct {
	Mark   string
	rules  []maskRule
	number bool
	Counts map[string]int
}

// maskRule is a pattern and what may stand beside a hit of it; nil: anything.
type maskRule struct {
	kind  string
	re    *regexp.Regexp
	stand func(before, after rune) bool
}

// wholeWord lets a name's word be masked on its own, not inside another word.
func wholeWord(before, after rune) bool { return !unicode.IsLetter(before) && !unicode.IsLetter(after) }

// noDay keeps days and case numbers from being read as telephones.
func noDay(before, after rune) bool {
	return !unicode.IsDigit(before) && !unicode.IsDigit(after) && !strings.ContainsRune("-/.", before)
}

var (
	maskMail  = regexp.MustCompile(`[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(\.[\p{L}\p{N}\-]+)*`)
	maskPhone = regexp.MustCompile(`(\+|00)\d[\d ()/\-]{5,}\d|0\d{1,3}[ /\-]{0,3}\d[\d \-]{3,}\d`)
	maskIBAN  = regexp.MustCompile(`(?i)\b[A-Z]{2}\d{2}([ ]?[A-Z0-9]{4}){4,7}([ ]?[A-Z0-9]{1,3})?\b`)
)

// NewMasker makes a masker for a case and every form of it that was filed.
// people are the names that MaskPeople is about, besides those in the forms.
func NewMasker(c workflow.Case, forms []workflow.Form, kinds, words, people []string, mark string) *Masker {
	m := &Masker{Mark: mark, Counts: map[string]int{}}
	has := func(kind string) bool { return slices.Contains(kinds, kind) }
	for _, w := range words {
		m.add(MaskWords, wordPattern(w), nil)
	}
	forms = append(forms, c.App.Form)
	if has(MaskEmail) {
		m.rules = append(m.rules, maskRule{kind: MaskEmail, re: maskMail})
	}
	if has(MaskPeople) {
		for _, f := range forms {
			people = append(people, f.Applicant.PrincipalName, f.Applicant.Payment.Holder, f.Partner.Contact)
		}
		m.people(c, append(people, c.App.ApplicantName))
	}
	if has(MaskAccount) {
		for _, f := range forms {
			p := f.Applicant.Payment
			for _, no := range []string{p.Bankgiro, p.Plusgiro, p.Account, p.IBAN, p.Clearing + p.Account} {
				m.add(MaskAccount, digitPattern(no), nil)
			}
		}
		m.rules = append(m.rules, maskRule{kind: MaskAccount, re: maskIBAN})
	}
	m.number = has(MaskNumber)
	if has(MaskPhone) {
		for _, f := range forms {
			m.add(MaskPhone, digitPattern(f.Applicant.ContactPhone), nil)
		}
		m.rules = append(m.rules, maskRule{MaskPhone, maskPhone, noDay})
	}
	return m
}

// people masks each name whole, and each of its words longer than two letters.
// The school's own name stays: it is no person's.
func (m *Masker) people(c workflow.Case, names []string) {
	payee := strings.ToLower(Payee(c))
	for _, name := range names {
		if name = strings.TrimSpace(name); name == "" || strings.EqualFold(name, payee) {
			continue
		}
		m.add(MaskPeople, wordPattern(name), nil)
		for _, w := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
			if utf8.RuneCountInString(w) > 2 && !strings.Contains(payee, strings.ToLower(w)) {
				m.add(MaskPeople, wordPattern(w)+`s?`, wholeWord)
			}
		}
	}
}

// add compiles a pattern that reads past case; an empty one would match everywhere and is left out.
func (m *Masker) add(kind, pattern string, stand func(before, after rune) bool) {
	if pattern != "" {
		m.rules = append(m.rules, maskRule{kind, regexp.MustCompile("(?i)" + pattern), stand})
	}
}

// wordPattern finds a word or phrase whatever space and case it is written with.
func wordPattern(s string) string {
	fields := strings.Fields(clean(s))
	for i := range fields {
		fields[i] = regexp.QuoteMeta(fields[i])
	}
	return strings.Join(fields, `[\s\p{Zs}]+`)
}

// digitPattern finds a number whatever stands between its signs; shorter ones than five are no secret.
func digitPattern(s string) string {
	var signs []string
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			signs = append(signs, regexp.QuoteMeta(string(r)))
		}
	}
	if len(signs) < 5 {
		return ""
	}
	return strings.Join(signs, `[\s\p{Zs}.,()/\-–]*`)
}

// clean composes letters and drops signs without width, so that nothing hides behind them.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, lang.Composed(s))
}

// Text is a text without what is masked.
func (m *Masker) Text(s string) string {
	s = clean(s)
	for _, r := range m.rules {
		s = m.take(s, r)
	}
	for m.number {
		start, end, found := workflow.FindPersonalNumber(s)
		if !found {
			break
		}
		m.Counts[MaskNumber]++
		s = s[:start] + m.Mark + s[end:]
	}
	return s
}

// take masks every hit of a rule.
func (m *Masker) take(s string, r maskRule) string {
	var b strings.Builder
	last := 0
	for _, hit := range r.re.FindAllStringIndex(s, -1) {
		before, _ := utf8.DecodeLastRuneInString(s[:hit[0]])
		after, _ := utf8.DecodeRuneInString(s[hit[1]:])
		if r.stand != nil && !r.stand(before, after) {
			continue
		}
		m.Counts[r.kind]++
		b.WriteString(s[last:hit[0]])
		b.WriteString(m.Mark)
		last = hit[1]
	}
	return b.String() + s[last:]
}

// Texts masks each of a list.
func (m *Masker) Texts(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = m.Text(s)
	}
	return out
}

// Notice is a letter without what is masked; its numbers and days stay.
func (m *Masker) Notice(n Notice) Notice {
	n.Over, n.Title, n.DNR, n.To, n.Signature = m.Text(n.Over), m.Text(n.Title), m.Text(n.DNR), m.Texts(n.To), m.Texts(n.Signature)
	facts := func(list []Fact) []Fact {
		out := make([]Fact, len(list))
		for i, f := range list {
			out[i] = Fact{m.Text(f.Label), m.Text(f.Value)}
		}
		return out
	}
	n.Facts, n.Foot = facts(n.Facts), facts(n.Foot)
	if n.Sum != nil {
		n.Sum = &Sum{m.Text(n.Sum.Before), m.Text(n.Sum.Amount), m.Text(n.Sum.After)}
	}
	sections := make([]Section, len(n.Sections))
	for i, s := range n.Sections {
		s.Heading, s.Paragraphs, s.Points, s.After = m.Text(s.Heading), m.Texts(s.Paragraphs), m.Texts(s.Points), m.Texts(s.After)
		if s.Table != nil {
			t := Table{Head: m.Texts(s.Table.Head), Total: m.Texts(s.Table.Total)}
			for _, row := range s.Table.Rows {
				t.Rows = append(t.Rows, m.Texts(row))
			}
			s.Table = &t
		}
		s.Bars = nil // it repeats the table
		sections[i] = s
	}
	n.Sections = sections
	return n
}
