package workflow

import (
	"fmt"
	"slices"
	"strings"

	"fund/workflow/checkdigit"
)

// AttestLimit is the largest batch that a person may attest, in whole kronor.
type AttestLimit struct {
	Email  string `json:"email"`
	Kronor int64  `json:"kronor"`
}

// Substitute is somebody who has a finance role for a period, in another one's place.
type Substitute struct {
	Email string `json:"email"`
	Role  Role   `json:"role"` // finance1 or finance2
	For   string `json:"for"`  // whose place it is: an address
	From  Date   `json:"from"`
	Until Date   `json:"until"` // the last day
}

// Holds tells whether the substitute has the role on a day.
func (x Substitute) Holds(on Date) bool { return !on.Before(x.From) && !on.After(x.Until) }

// Authorise gives a person the finance roles that are theirs for the day, and
// their limit. A substitute without a limit of their own has that of the one
// whose place they take; of several limits the lowest holds.
func (s FinanceSettings) Authorise(by Actor, today Date) Actor {
	if by.Machine || by.Email == "" {
		return by
	}
	by.AttestMax = s.limitOf(by.Email)
	for _, x := range s.Substitutes {
		if x.Email != by.Email || !x.Holds(today) {
			continue
		}
		if !by.Is(x.Role) {
			by.Roles = append(slices.Clone(by.Roles), RoleAt{Role: x.Role})
		}
		if of := s.limitOf(x.For); of != nil && s.limitOf(by.Email) == nil && (by.AttestMax == nil || *of < *by.AttestMax) {
			by.AttestMax = of
		}
	}
	return by
}

func (s FinanceSettings) limitOf(email string) (least *int64) {
	for _, l := range s.Limits {
		if l.Email == email && (least == nil || l.Kronor < *least) {
			least = &l.Kronor
		}
	}
	return least
}

// Check lists what is wrong with the settings, and puts numbers into their normal form.
func (s *FinanceSettings) Check() (v Violations) {
	fault := func(field, code string) { v = append(v, Violation{Field: field, Code: code}) }
	number := func(field, text string, check func(string) (string, *AccountFault)) string {
		if text == "" {
			return ""
		}
		normal, wrong := check(text)
		if wrong != nil {
			args := map[string]any{}
			for k, x := range wrong.Args {
				args[k] = x
			}
			v = append(v, Violation{Field: field, Code: wrong.Code, Args: args})
			return text
		}
		return normal
	}
	choice := func(field, value string, of ...string) {
		if !slices.Contains(of, value) {
			fault(field, "choice")
		}
	}
	for _, x := range [][2]string{{"name", s.Payer.Name}, {"org_no", s.Payer.OrgNo}, {"town", s.Payer.Town}, {"iban", s.Payer.IBAN}, {"bic", s.Payer.BIC}} {
		if strings.TrimSpace(x[1]) == "" {
			fault("payer."+x[0], "required")
		}
	}
	s.Payer.OrgNo = number("payer.org_no", s.Payer.OrgNo, CheckOrgNo)
	s.Payer.IBAN = number("payer.iban", s.Payer.IBAN, CheckIBAN)
	s.Payer.Bankgiro = number("payer.bankgiro", s.Payer.Bankgiro, CheckBankgiro)
	choice("bank.version", s.Bank.Version, "09", "03")
	choice("bank.letters", s.Bank.Letters, "swedish", "ascii")
	choice("bank.swedbank_form", s.Bank.SwedbankForm, "iban", "bban")
	choice("bank.paid_on", s.Bank.PaidOn, "", "status", "booking")
	choice("bank.repayments", s.Bank.Repayments, "", "exact", "by_hand")
	v = append(v, s.Bank.checkLimits()...)
	choice("language", s.Language, "sv", "en")
	if s.CutoffHour < 0 || s.CutoffHour > 23 {
		fault("cutoff_hour", "choice")
	}
	for i, l := range s.Limits {
		if l.Kronor < 0 {
			fault(fmt.Sprintf("limits.%d.kronor", i+1), "negative")
		}
	}
	for i, x := range s.Substitutes {
		at := fmt.Sprintf("substitutes.%d.", i+1)
		if x.Role != Finance1 && x.Role != Finance2 {
			fault(at+"role", "choice")
		}
		if x.From.IsZero() {
			fault(at+"from", "required")
		}
		if x.Until.IsZero() || x.Until.Before(x.From) {
			fault(at+"until", "dates_order")
		}
		if x.Email == x.For {
			fault(at+"for", "same_person")
		}
	}
	for i, c := range s.Coding {
		for _, x := range [][2]string{{"debit", c.Debit.Konto.Code}, {"credit", c.Credit.Konto.Code}} {
			if !checkdigit.AllDigits(x[1]) {
				fault(fmt.Sprintf("coding.%d.%s", i+1, x[0]), "code_string")
			}
		}
	}
	return v
}

// parts are a code string's parts in the order in which people write them.
func (c *CodeString) parts() []*Code {
	return []*Code{&c.Ansvar, &c.Verksamhet, &c.Konto, &c.Aktivitet, &c.Projekt, &c.Objekt, &c.Motpart}
}

// String writes a code string as people do: ansvar/verksamhet/konto/aktivitet/projekt/objekt/motpart.
func (c CodeString) String() string {
	var texts []string
	for _, p := range c.parts() {
		texts = append(texts, p.Code)
	}
	return strings.Join(texts, "/")
}

// ParseCodeString reads what String writes. Codes keep the name they had in the settings.
func (s FinanceSettings) ParseCodeString(text string) (c CodeString, ok bool) {
	texts := strings.Split(text, "/")
	if len(texts) != len(c.parts()) {
		return c, false
	}
	for i, p := range c.parts() {
		p.Code = strings.TrimSpace(texts[i])
		for _, row := range s.Coding {
			for _, known := range []CodeString{row.Debit, row.Credit} {
				if x := known.parts()[i]; x.Code == p.Code && x.Name != "" {
					p.Name = x.Name
				}
			}
		}
	}
	return c, true
}
