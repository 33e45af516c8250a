package workflow

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// unblind are the roles that prepare, decide and watch: they read a case as it is.
var unblind = []Role{Officer, Head, Secretary, Registrar, Auditor}

// Blind tells whether the person reads the case without names: a reviewer of
// it, in a round that says so (blind_review), until it is decided.
func Blind(c Case, p Person) bool {
	return c.Round.Rules.BlindReview && c.App.Decision == nil && c.App.ReviewOf(p.ID) != nil && !Unblinded(p)
}

// Unblinded tells whether the person reads every case as it is.
func Unblinded(p Person) bool { return slices.ContainsFunc(unblind, p.Is) }

// BlindFor gives the case as the person may read it. It is the one place where
// names, school and place are taken out, the money of a report is what its economist
// gets, and a decision whose letter waits is kept from those who apply: pages, API, mails and files all read through it.
func BlindFor(c Case, by Actor) Case {
	if by.Machine {
		return c
	}
	if MoneyOnly(c, by) {
		return MoneyPart(c)
	}
	blind := Blind(c, by.Person)
	if Veils(c, by) && c.App.Untold() {
		c = Veiled(c)
	}
	if !blind {
		return c
	}
	return Masked(c)
}

// Masks stand for what was taken out.
const (
	MaskSchool = "[skolan]"
	MaskPlace  = "[orten]"
	MaskPerson = "[namn]"
)

// Masked is the case without the names of the school, its people and its place:
// in what they filled in, in their texts, and in the names of their files.
// What the partner is called stays, as K1 is about it.
func Masked(c Case) Case {
	m := maskFor(c)
	c.App, c.Facts.Writers = c.App.Clone(), nil
	a := &c.App
	a.ApplicantName, a.ApplicantEmail, a.ApplicantID, a.Writers, a.OrgNo = MaskPerson, "", 0, nil, ""
	if a.Approval != nil {
		a.Approval.By, a.Approval.Statement, a.Approval.For = "", "", ""
	}
	if a.Returned != nil {
		a.Returned.By, a.Returned.For = "", ""
	}
	if a.Completion != nil {
		a.Completion.Message = m.text(a.Completion.Message)
		for i := range a.Completion.Points {
			a.Completion.Points[i].Text = m.text(a.Completion.Points[i].Text)
		}
	}
	for i := range a.Interests { // why somebody is in conflict says whose school it is
		a.Interests[i].Reason = ""
	}
	for i := range a.Voided {
		a.Voided[i].Reason = ""
	}
	a.Form = m.form(a.Form)
	for i := range a.Attachments {
		a.Attachments[i] = maskFile(a.Attachments[i])
	}
	a.Documents, a.Translation = nil, nil // letters are addressed
	for i := range a.Rulings {
		a.Rulings[i].Reason = m.text(a.Rulings[i].Reason)
	}
	if c.School != nil {
		c.School = &School{ID: c.School.ID, Name: MaskSchool, Level: c.School.Level, Operator: c.School.Operator}
	}
	return c
}

// MaskedForm is a filed version of the case's form without names.
func MaskedForm(c Case, f Form) Form { return maskFor(c).form(f) }

// maskFile leaves of a file what it is for.
func maskFile(a Attachment) Attachment {
	ext := ""
	if i := strings.LastIndexByte(a.Name, '.'); i >= 0 && len(a.Name)-i <= 5 {
		ext = strings.ToLower(a.Name[i:])
	}
	a.Name, a.SHA256, a.By, a.Consent = a.Kind+ext, "", 0, nil
	return a
}

// masker takes words out of texts. The longest first, so that a whole name goes before its parts.
type masker struct {
	words []*regexp.Regexp
	with  []string
}

// generic are words of schools' names that say nothing about which school it is.
var generic = []string{
	"skola", "skolan", "gymnasium", "gymnasiet", "gymnasieskola", "grundskola", "förskola", "anpassad", "anpassade", "backe",
	"internationella", "engelska", "fria", "nya", "norra", "södra",
}

// stem leaves out the endings that make a place a school, and the s that joins them:
// Baldergymnasiet → Balder, Lejonströmsskolan → Lejonström, Bodbysunds → Bodbysund.
func stem(word string) string {
	word = place(word)
	if s, ok := strings.CutSuffix(word, "s"); ok && utf8.RuneCountInString(s) >= 5 {
		return s
	}
	return word
}

func place(word string) string {
	for _, end := range []string{"gymnasiet", "gymnasium", "skolan", "skola", "skolans"} {
		if s, ok := strings.CutSuffix(strings.ToLower(word), end); ok && utf8.RuneCountInString(s) >= 4 {
			return string([]rune(word)[:utf8.RuneCountInString(s)])
		}
	}
	return word
}

// Secrets are the words that a blind reader must not meet, each with what stands instead.
func Secrets(c Case) (words [][2]string) {
	add := func(mask string, list ...string) {
		for _, w := range list {
			if w = strings.TrimSpace(readable(w)); utf8.RuneCountInString(w) >= 3 &&
				!slices.ContainsFunc(words, func(x [2]string) bool { return strings.EqualFold(x[0], w) }) {
				words = append(words, [2]string{w, mask})
			}
		}
	}
	parts := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	}
	schools := []string{c.App.Form.Applicant.School, c.App.Form.Applicant.Organisation}
	if c.School != nil {
		schools = append(schools, c.School.Name, c.School.OperatorName)
		if town := c.School.Town; !strings.EqualFold(town, "Skellefteå") { // the municipality's own name says nothing
			add(MaskPlace, town)
		}
	}
	for _, name := range schools {
		if strings.HasPrefix(strings.ToLower(name), "skellefteå kommun") {
			continue
		}
		add(MaskSchool, name)
		for _, w := range parts(name) {
			if !slices.Contains(generic, strings.ToLower(w)) && !strings.EqualFold(w, "Skellefteå") && utf8.RuneCountInString(w) >= 4 {
				add(MaskSchool, stem(w))
			}
		}
	}
	for _, name := range append([]string{c.App.ApplicantName, c.App.Form.Applicant.PrincipalName, c.App.Form.Partner.Contact}, c.Facts.Writers...) {
		add(MaskPerson, name)
		add(MaskPerson, parts(name)...)
	}
	for _, email := range []string{c.App.ApplicantEmail, c.App.Form.Applicant.ContactEmail} {
		add(MaskPerson, email)
	}
	for _, code := range []string{c.App.Form.Applicant.SchoolUnitCode, c.App.Form.Applicant.OrgNo, c.App.OrgNo, c.App.Form.Applicant.ContactPhone} {
		add(MaskSchool, code)
	}
	slices.SortStableFunc(words, func(a, b [2]string) int { return len(b[0]) - len(a[0]) })
	return words
}

var (
	emails = regexp.MustCompile(`[\p{L}\d._%+-]+@[\p{L}\d.-]+\.\p{L}{2,}`)
	phones = regexp.MustCompile(`(?:\+46|\b0)[\d][\d \-/]{6,12}\d`)
)

func maskFor(c Case) masker {
	var m masker
	for _, w := range Secrets(c) {
		// A name's part must stand alone, but for a genitive s; a school's or a place's stem may begin a longer word.
		tail := `s?`
		if w[1] != MaskPerson {
			tail = `\p{L}*`
		}
		m.words = append(m.words, regexp.MustCompile(`(?i)(^|[^\p{L}\d])`+regexp.QuoteMeta(w[0])+tail+`($|[^\p{L}\d])`))
		m.with = append(m.with, "${1}"+w[1]+"${2}")
	}
	return m
}

// readable is a text as it is read: letters that are written as two signs are one, and
// signs that nobody sees are gone. Texts copied from files have both.
func readable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\u00ad' || r >= '\u200b' && r <= '\u200d' || r == '\u2060' || r == '\ufeff' {
			return -1
		}
		return r
	}, norm.NFC.String(s))
}

// text takes every secret out of a text.
func (m masker) text(s string) string {
	s = emails.ReplaceAllString(readable(s), MaskPerson)
	s = phones.ReplaceAllString(s, MaskPerson)
	for i, re := range m.words {
		for range 2 { // neighbours share the sign between them
			s = re.ReplaceAllString(s, m.with[i])
		}
	}
	return s
}

// form takes the secrets out of a form: the applicant's own part is emptied, the rest is read through.
func (m masker) form(f Form) Form {
	role := f.Applicant.ApplicantRole
	language := f.Applicant.Language
	f.Applicant = ApplicantForm{School: MaskSchool, ApplicantRole: role, Language: language}
	f.Partner.Contact = ""
	raw, err := json.Marshal(f)
	if err != nil {
		panic(err) // a plain struct
	}
	var tree map[string]any
	if err := json.Unmarshal(raw, &tree); err != nil {
		panic(err)
	}
	raw, err = json.Marshal(m.tree("", tree))
	if err != nil {
		panic(err)
	}
	out, _ := DecodeForm(raw) // the same form with other words
	return out
}

// emptied tells whether Masked has taken what the field held: nobody can say that it is missing.
func emptied(field string) bool {
	part, rest, _ := strings.Cut(field, ".")
	return field == "partner.contact" || part == "applicant" && rest != "applicant_role" && rest != "language"
}

// coded are the fields whose texts are codes or days; school is a mask already.
var coded = []string{"scheme", "round", "type", "status", "code", "language", "start", "end", "date", "school"}

func (m masker) tree(key string, v any) any {
	switch x := v.(type) {
	case string:
		if slices.Contains(coded, key) {
			return x
		}
		return m.text(x)
	case []any:
		for i := range x {
			x[i] = m.tree(key, x[i])
		}
	case map[string]any:
		for k := range x {
			x[k] = m.tree(k, x[k])
		}
	}
	return v
}

// Leaks lists the case's secrets that stand in something a blind reader gets. It is
// the check of the tests, and of the officer before the reviewers are asked.
func Leaks(c Case, text string) (found []string) {
	low := strings.ToLower(readable(text))
	for _, w := range Secrets(c) {
		if strings.Contains(low, strings.ToLower(w[0])) {
			found = append(found, w[0])
		}
	}
	return found
}

// IsMasked tells whether this is a case as Masked gives it; its files are then closed.
func (c Case) IsMasked() bool { return c.App.ApplicantName == MaskPerson }
