package workflow

import (
	"slices"
	"strings"
)

var (
	coding    = []string{"internal"}
	bankWays  = []string{"bankgiro", "plusgiro", "account", "iban"}
	everyWays = slices.Concat(coding, bankWays)
)

// PayWays are the ways in which this applicant can be paid: a municipal school by
// booking between two cost centres of one legal person, everybody else through the
// bank (domain §1 item 12, payments.md §1). All of them while nobody knows whose school it is.
func PayWays(c Case) []string {
	operator := ""
	switch {
	case c.School != nil:
		operator = c.School.Operator
	case c.Scheme.Applicant == "organisation" || strings.TrimSpace(c.App.Form.Applicant.Organisation) != "":
		operator = "extern"
	}
	switch operator {
	case "":
		return everyWays
	case "kommunal":
		return coding
	}
	return bankWays
}

// wayFault tells, as a code of package lang, why the applicant can't be paid by this
// method; "" where it can, and for a method that does not exist.
func (c Case) wayFault(method string) string {
	if ways := PayWays(c); !slices.Contains(everyWays, method) || slices.Contains(ways, method) {
		return ""
	}
	if method == "internal" {
		return "account_not_municipal"
	}
	return "account_municipal"
}

// normal is the account as it is stored for the bank, without what belongs to another way of being paid.
func (p PayInto) normal() PayInto {
	read := func(s string, check func(string) (string, *AccountFault)) string {
		if n, wrong := check(s); wrong == nil {
			return n
		}
		return strings.TrimSpace(s)
	}
	n := PayInto{Method: p.Method, Holder: strings.TrimSpace(p.Holder)}
	switch p.Method {
	case "internal":
		n.CostCentre, n.Project = strings.TrimSpace(p.CostCentre), strings.TrimSpace(p.Project)
	case "bankgiro":
		n.Bankgiro = read(p.Bankgiro, CheckBankgiro)
	case "plusgiro":
		n.Plusgiro = read(p.Plusgiro, CheckPlusgiro)
	case "iban":
		n.IBAN = read(p.IBAN, CheckIBAN)
	case "account":
		n.Clearing, n.Account = strings.TrimSpace(p.Clearing), strings.TrimSpace(p.Account)
		if a, wrong := CheckAccount(p.Clearing, p.Account); wrong == nil {
			n.Clearing, n.Account = a.Clearing, a.Number
		}
	}
	return n
}

// PaidInto tells whether this is the account that the case has, however its numbers are
// written, so that giving it again is no change. Where the bank has refused or sent back
// a payment, it is one: the school says that the account is right, and finance checks.
func (c Case) PaidInto(p PayInto) bool {
	return p.Complete() && p.normal() == c.App.Form.Applicant.Payment.normal() && !slices.ContainsFunc(c.App.Payments, Payment.Failed)
}
