package workflow

// LineOf is what a batch, or the order of a claim, says of whom the case's money is for. Which
// payment it is, its amount and its reference are the caller's.
func LineOf(c Case) BatchLine {
	a := c.App
	l := BatchLine{Application: a.ID, Account: normal(a.Form.Applicant.Payment), AccountVers: a.Account.Version, Channel: Channel(c),
		DNR: a.DNR, Title: a.Form.Title, Level: c.Level()}
	if c.School != nil {
		l.SchoolID, l.Payee, l.Town, l.Operator = c.School.ID, c.School.Name, c.School.Town, c.School.Operator
		if c.School.OperatorName != "" && !c.School.Municipal() {
			l.Payee = c.School.OperatorName
		}
	} else {
		l.Payee, l.Operator = a.Form.Applicant.Organisation, "extern"
	}
	l.Payee = l.Account.Payee(l.Payee)
	if a.Decision != nil {
		l.DeciderID = a.Decision.DeciderID
	}
	return l
}

// normal gives the account as files need it: digits without blanks and hyphens.
func normal(p PayInto) PayInto {
	if n, wrong := CheckBankgiro(p.Bankgiro); wrong == nil {
		p.Bankgiro = n
	}
	if n, wrong := CheckPlusgiro(p.Plusgiro); wrong == nil {
		p.Plusgiro = n
	}
	if n, wrong := CheckIBAN(p.IBAN); wrong == nil {
		p.IBAN = n
	}
	if n, wrong := CheckAccount(p.Clearing, p.Account); wrong == nil {
		p.Clearing, p.Account = n.Clearing, n.Number
	}
	return p
}
