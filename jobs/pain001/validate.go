package pain001

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"fund/jobs/plaintext"
	"fund/workflow/checkdigit"
	"fund/workflow/money"
)

// tables of forms
var (
	bicForm  = regexp.MustCompile(`^[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?$`)
	uetrForm = regexp.MustCompile(`^[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}$`)
	codeForm = regexp.MustCompile(`^[A-Z]{4}$`)
)

// Validate refuses a version without a schema.
func (v Version) Validate() error {
	if v != V03 && v != V09 {
		return fmt.Errorf("version: %q is neither 03 nor 09", string(v))
	}
	return nil
}

// Validate refuses what the schema or a bank would refuse, naming the field.
func (m Message) Validate() error {
	// "-9999" may follow in the id of a group
	if err := checkID(m.ID, 30); err != nil {
		return fmt.Errorf("message id: %w", err)
	}
	if m.Created.IsZero() {
		return fmt.Errorf("message created: missing")
	}
	if err := checkName(m.Initiator.Name); err != nil {
		return fmt.Errorf("initiator name: %w", err)
	}
	if err := checkID(m.Initiator.ID, 35); err != nil {
		return fmt.Errorf("initiator id: %w", err)
	}
	if m.Initiator.Scheme != "" {
		if err := checkID(m.Initiator.Scheme, 35); err != nil {
			return fmt.Errorf("initiator scheme: %w", err)
		}
	}
	if err := m.Settings.Validate(); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	if err := m.validateGroups(); err != nil {
		return err
	}
	return m.Debtor.validate(m.Groups)
}

func (m Message) validateGroups() error {
	if len(m.Groups) == 0 {
		return fmt.Errorf("groups: none")
	}
	if len(m.Groups) > 9999 {
		return fmt.Errorf("groups: %d, more than 9999", len(m.Groups))
	}
	for i, g := range m.Groups {
		switch {
		case g.Day.IsZero():
			return fmt.Errorf("group %d day: missing", i+1)
		case day(g.Day) < day(m.Created):
			return fmt.Errorf("group %d day: %s is before the message was created", i+1, day(g.Day))
		case g.Form != FromBankgiro && g.Form != FromIBAN:
			return fmt.Errorf("group %d form: %q is neither bankgiro nor iban", i+1, string(g.Form))
		case g.Count < 1:
			return fmt.Errorf("group %d count: %d", i+1, g.Count)
		case g.Sum < 1:
			return fmt.Errorf("group %d sum: %s", i+1, g.Sum.Decimal())
		case i > 0 && g.key() <= m.Groups[i-1].key():
			return fmt.Errorf("group %d: not after group %d by day and form", i+1, i)
		}
	}
	_, _, err := m.total()
	return err
}

// total adds up the groups.
func (m Message) total() (count int, sum money.SEK, err error) {
	for _, g := range m.Groups {
		count += g.Count
		if sum, err = money.Sum(sum, g.Sum); err != nil {
			return 0, 0, fmt.Errorf("groups: %w", err)
		}
	}
	return count, sum, nil
}

func (d Debtor) validate(groups []Group) error {
	if err := checkName(d.Name); err != nil {
		return fmt.Errorf("debtor name: %w", err)
	}
	if err := checkName(d.Town); err != nil {
		return fmt.Errorf("debtor town: %w", err)
	}
	if !checkdigit.AllDigits(d.OrgNo) || len(d.OrgNo) != 10 || !checkdigit.Mod10(d.OrgNo) {
		return fmt.Errorf("debtor organisation number: not ten digits with a right check digit")
	}
	if !bicForm.MatchString(d.BIC) {
		return fmt.Errorf("debtor bic: %q is not of the form of a BIC", d.BIC)
	}
	for _, g := range groups {
		if g.Form == FromBankgiro {
			if err := checkGiro(d.Bankgiro, 7); err != nil {
				return fmt.Errorf("debtor bankgiro: %w", err)
			}
		} else if err := checkIBAN(d.IBAN); err != nil {
			return fmt.Errorf("debtor iban: %w", err)
		}
	}
	return nil
}

// Validate refuses settings that Swedish banks refuse for domestic kronor.
func (s Settings) Validate() error {
	switch s.ChargeBearer {
	case "", "SLEV", "SHAR":
	default:
		return fmt.Errorf("charge bearer: %q is neither SLEV nor SHAR", s.ChargeBearer)
	}
	switch s.ServiceLevel {
	case "", "NURG", "SDVA", "URGP":
	default:
		return fmt.Errorf("service level: %q is not for domestic kronor", s.ServiceLevel)
	}
	switch {
	case s.CategoryPurpose == "SALA" || s.CategoryPurpose == "PENS":
		return fmt.Errorf("category purpose: %s would make grants salaries or pensions", s.CategoryPurpose)
	case s.CategoryPurpose != "" && !codeForm.MatchString(s.CategoryPurpose):
		return fmt.Errorf("category purpose: %q is not four capitals", s.CategoryPurpose)
	}
	return s.Letters.Validate()
}

// Validate refuses what the schema or a bank would refuse, naming payment and
// field. A UETR may be missing; Encode wants it where it is written.
func (p Payment) Validate() error {
	if err := p.validate(); err != nil {
		return fmt.Errorf("payment %q: %w", p.EndToEndID, err)
	}
	return nil
}

func (p Payment) validate() error {
	if err := checkID(p.EndToEndID, 35); err != nil {
		return fmt.Errorf("end-to-end id: %w", err)
	}
	switch {
	case p.EndToEndID == "NOTPROVIDED":
		return fmt.Errorf("end-to-end id: not given")
	case p.UETR != "" && !uetrForm.MatchString(p.UETR):
		return fmt.Errorf("uetr: not a UUID of version 4 in small letters")
	case p.Day.IsZero():
		return fmt.Errorf("day: missing")
	case p.Amount < 1:
		return fmt.Errorf("amount: %s is not above zero", p.Amount.Decimal())
	}
	if err := checkName(p.Payee.Name); err != nil {
		return fmt.Errorf("payee name: %w", err)
	}
	if !utf8.ValidString(p.Payee.Town) {
		return fmt.Errorf("payee town: not UTF-8")
	}
	if !utf8.ValidString(p.Text) {
		return fmt.Errorf("text: not UTF-8")
	}
	if p.Reference != "" {
		if err := checkReference(p.Reference); err != nil {
			return fmt.Errorf("reference: %w", err)
		}
	}
	return p.validateAccount()
}

func (p Payment) validateAccount() error {
	if p.Kind != Account && p.Clearing != "" {
		return fmt.Errorf("clearing: given with kind %q", string(p.Kind))
	}
	if p.Kind != IBAN && p.IBAN != "" {
		return fmt.Errorf("iban: given with kind %q", string(p.Kind))
	}
	switch p.Kind {
	case Bankgiro:
		if err := checkGiro(p.Number, 7); err != nil {
			return fmt.Errorf("number: bankgiro: %w", err)
		}
	case Plusgiro:
		if err := checkGiro(p.Number, 2); err != nil {
			return fmt.Errorf("number: plusgiro: %w", err)
		}
	case Account:
		return checkAccount(p.Clearing, p.Number)
	case IBAN:
		if p.Number != "" {
			return fmt.Errorf("number: given with kind iban")
		}
		if err := checkIBAN(p.IBAN); err != nil {
			return fmt.Errorf("iban: %w", err)
		}
	default:
		return fmt.Errorf("kind: %q is not bankgiro, plusgiro, account or iban", string(p.Kind))
	}
	return nil
}

// checkID holds the rules that every bank in the chain applies to ids.
func checkID(s string, longest int) error {
	switch {
	case s == "":
		return fmt.Errorf("missing")
	case len(s) > longest:
		return fmt.Errorf("%q is longer than %d characters", s, longest)
	case strings.ContainsFunc(s, func(r rune) bool { return !plaintext.InReference(r) }):
		return fmt.Errorf("%q has characters other than A-Z a-z 0-9 / - ? : ( ) . , ' + and blank", s)
	case strings.HasPrefix(s, "/") || strings.HasSuffix(s, "/") || strings.Contains(s, "//"):
		return fmt.Errorf("%q begins or ends with a slash or has two in a row", s)
	case strings.Join(strings.Fields(s), " ") != s:
		return fmt.Errorf("%q begins or ends with a blank or has two in a row", s)
	}
	return nil
}

func checkName(s string) error {
	if strings.TrimSpace(s) == "" {
		return fmt.Errorf("missing")
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("not UTF-8")
	}
	return nil
}

// day writes the calendar day of an instant in its own location.
func day(t time.Time) string { return t.Format(time.DateOnly) }
