package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// financeAdminPages let an administrator write what bank and books want, and who in finance may what.
func (s *Server) financeAdminPages() []pageRoute {
	admin := []workflow.Role{workflow.Admin}
	return []pageRoute{
		{method: http.MethodGet, path: "/admin/finance", do: s.showFinanceSettings, roles: admin},
		{method: http.MethodPost, path: "/admin/finance", do: s.postFinanceSettings, roles: admin},
	}
}

type financeSettingsPage struct {
	Page
	Form        *Form
	Version     []Option
	Letters     []Option
	Swedbank    []Option
	PaidOn      []Option
	Repayments  []Option
	Language    []Option
	Limits      RowSet
	Substitutes RowSet
	Coding      RowSet
}

// settingsNow are the stored settings, or before the first save a proposal without the payer.
func (s *Server) settingsNow(c *gin.Context) (workflow.FinanceSettings, error) {
	now, err := s.store.FinanceSettings(c.Request.Context())
	if sql.Unfinanced(err) {
		now, err = workflow.DefaultFinance(), nil
		now.Payer = workflow.Payer{Name: now.Payer.Name, OrgNo: now.Payer.OrgNo, Town: now.Payer.Town}
	}
	return now, err
}

func (s *Server) showFinanceSettings(c *gin.Context) error {
	now, err := s.settingsNow(c)
	if err != nil {
		return err
	}
	f := newForm(c)
	for name, v := range map[string]any{"payer.name": now.Payer.Name, "payer.org_no": workflow.FormatOrgNo(now.Payer.OrgNo), "payer.town": now.Payer.Town,
		"payer.iban": workflow.FormatIBAN(now.Payer.IBAN), "payer.bankgiro": workflow.FormatBankgiro(now.Payer.Bankgiro), "payer.bic": now.Payer.BIC,
		"bank.version": now.Bank.Version, "bank.initiator_id": now.Bank.InitiatorID, "bank.initiator_scheme": now.Bank.InitiatorScheme,
		"bank.batch_booking": now.Bank.BatchBooking, "bank.uetr": now.Bank.UETR, "bank.charge_bearer": now.Bank.ChargeBearer, "bank.service_level": now.Bank.ServiceLevel,
		"bank.category_purpose": now.Bank.CategoryPurpose, "bank.letters": now.Bank.Letters, "bank.swedbank_form": now.Bank.SwedbankForm,
		"bank.paid_on": orText(now.Bank.PaidOn, "status"), "bank.repayments": orText(now.Bank.Repayments, "exact"), "bank.max_payments": fmt.Sprint(now.Bank.PerMessage()), "bank.max_days": fmt.Sprint(now.Bank.DaysAhead()),
		"cutoff_hour": fmt.Sprint(now.CutoffHour), "books.series": now.Books.Series, "books.chart_type": now.Books.ChartType,
		"books.by": now.Books.By, "books.checksum": !now.Books.NoChecksum, "language": now.Language} {
		f.Set(name, v)
	}
	if n := now.Bank.MaxKronor; n > 0 {
		f.SetKronor("bank.max_kronor", &n)
	}
	for i, x := range now.Limits {
		f.Set(rowMark("limits", i+1), "1")
		f.Set(fmt.Sprintf("limits.%d.email", i+1), x.Email)
		f.SetKronor(fmt.Sprintf("limits.%d.kronor", i+1), &x.Kronor)
	}
	for i, x := range now.Substitutes {
		at := fmt.Sprintf("substitutes.%d.", i+1)
		f.Set(rowMark("substitutes", i+1), "1")
		for name, v := range map[string]any{"email": x.Email, "role": string(x.Role), "for": x.For, "from": x.From, "until": x.Until} {
			f.Set(at+name, v)
		}
	}
	for i, x := range now.Coding {
		at := fmt.Sprintf("coding.%d.", i+1)
		f.Set(rowMark("coding", i+1), "1")
		for name, v := range map[string]string{"event": x.Event, "channel": x.Channel, "level": x.Level, "debit": x.Debit.String(), "credit": x.Credit.String()} {
			f.Set(at+name, v)
		}
	}
	return s.drawFinanceSettings(c, http.StatusOK, f)
}

func (s *Server) drawFinanceSettings(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "admin.finance")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Errors, p.Back, p.Lead = f.Errors, &Link{Text: lang.T(l, "menu.admin"), Href: "/admin"}, lang.T(l, "admin.finance.lead")
	any := lang.T(l, "admin.any")
	page := financeSettingsPage{Page: p, Form: f, Version: []Option{{Value: "09", Text: "pain.001.001.09"}, {Value: "03", Text: "pain.001.001.03"}},
		Letters: Options(
			l,
			"bank_letters",
			"swedish",
			"ascii",
		), Swedbank: Options(l, "bank_swedbank", "iban", "bban"), PaidOn: Options(l, "bank_paid_on", "status", "booking"),
		Repayments: Options(l, "bank_repayments", "exact", "by_hand"),
		Language:   Options(l, "language", "sv", "en")}
	page.Limits = f.RowSet("limits", "two", 0, nil, RowField{Name: "email"}, RowField{Name: "kronor", Kind: "money"})
	page.Substitutes = f.RowSet(
		"substitutes",
		"stack",
		0,
		nil,
		RowField{Name: "email"},
		RowField{Name: "role", Kind: "select", Options: Options(l, "role", string(workflow.Finance1), string(workflow.Finance2))},
		RowField{Name: "for"},
		RowField{Name: "from", Kind: "date"},
		RowField{Name: "until", Kind: "date"},
	)
	page.Coding = f.RowSet(
		"coding",
		"stack",
		0,
		nil,
		RowField{Name: "event", Kind: "select", Options: Options(l, "booking_event", workflow.EventInstalment, workflow.EventRepayment)},
		RowField{
			Name:     "channel",
			Kind:     "select",
			Options:  Options(l, "method", "internal", "bankgiro", "plusgiro", "account", "iban"),
			Empty:    any,
			Optional: true,
		},
		RowField{
			Name: "level",
			Kind: "select",
			Options: Options(
				l,
				"level",
				"grundskola",
				"anpassad_grundskola",
				"gymnasieskola",
				"anpassad_gymnasieskola",
				"forskola",
				"internationell_skola",
				"extern_aktor",
			),
			Empty:    any,
			Optional: true,
		},
		RowField{Name: "debit"},
		RowField{Name: "credit"},
	)
	return s.page(c, status, "admin/finance", page)
}

func (s *Server) postFinanceSettings(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	if _, pressed := f.ChangeRows(); pressed {
		return s.drawFinanceSettings(c, http.StatusOK, f)
	}
	now, err := s.settingsNow(c)
	if err != nil {
		return err
	}
	next := readFinance(f, now)
	if err := s.knownPeople(c, f, next); err != nil {
		return err
	}
	if v := next.Check(); len(v) > 0 {
		f.Refuse(v)
	}
	if !f.OK() {
		return s.drawFinanceSettings(c, http.StatusUnprocessableEntity, f)
	}
	if err := s.store.SaveFinanceSettings(c.Request.Context(), actorOf(c), next); err != nil {
		return err
	}
	return s.see(c, "/admin", "admin.saved")
}

// readFinance reads the form; what stands in no field of it stays as it was.
func readFinance(f *Form, now workflow.FinanceSettings) workflow.FinanceSettings {
	next := now
	next.Payer = workflow.Payer{Name: f.Text("payer.name"), OrgNo: f.Text("payer.org_no"), Town: f.Text("payer.town"), IBAN: f.Text("payer.iban"),
		Bankgiro: f.Text("payer.bankgiro"), BIC: strings.ToUpper(f.Text("payer.bic"))}
	next.Bank = workflow.BankProfile{
		Version:         f.Text("bank.version"),
		InitiatorID:     f.Text("bank.initiator_id"),
		InitiatorScheme: f.Text("bank.initiator_scheme"),
		BatchBooking:    f.Bool("bank.batch_booking"),
		ChargeBearer:    f.Text("bank.charge_bearer"),
		ServiceLevel:    f.Text("bank.service_level"),
		CategoryPurpose: f.Text("bank.category_purpose"),
		UETR:            f.Bool("bank.uetr"),
		Letters:         f.Text("bank.letters"),
		SwedbankForm:    f.Text("bank.swedbank_form"),
		PaidOn:          f.Text("bank.paid_on"),
		Repayments:      f.Text("bank.repayments"),
	}
	next.Bank.MaxPayments, next.Bank.MaxDays = int(limitIn(f.Int("bank.max_payments"))), int(limitIn(f.Int("bank.max_days")))
	next.Bank.MaxKronor = limitIn(f.Kronor("bank.max_kronor"))
	next.Books = workflow.Books{
		Series:     f.Text("books.series"),
		ChartType:  f.Text("books.chart_type"),
		NoChecksum: !f.Bool("books.checksum"),
		By:         f.Text("books.by"),
	}
	next.Language = f.Text("language")
	next.CutoffHour = -1
	if n := f.Int("cutoff_hour"); n != nil {
		next.CutoffHour = int(*n)
	}
	next.Limits, next.Substitutes, next.Coding = nil, nil, nil
	f.dropEmpty("limits", "email", "kronor")
	f.dropEmpty("substitutes", "email", "for")
	f.dropEmpty("coding", "debit", "credit")
	for _, n := range f.Rows("limits") {
		at := fmt.Sprintf("limits.%d.", n)
		x := workflow.AttestLimit{Email: strings.ToLower(f.Need(at + "email"))}
		if k := f.Kronor(at + "kronor"); k != nil {
			x.Kronor = *k
		} else {
			f.Fail(at+"kronor", "form.required")
		}
		next.Limits = append(next.Limits, x)
	}
	for _, n := range f.Rows("substitutes") {
		at := fmt.Sprintf("substitutes.%d.", n)
		next.Substitutes = append(next.Substitutes, workflow.Substitute{Email: strings.ToLower(f.Need(at + "email")), Role: workflow.Role(f.Text(at + "role")),
			For: strings.ToLower(f.Need(at + "for")), From: f.Date(at + "from"), Until: f.Date(at + "until")})
	}
	for _, n := range f.Rows("coding") {
		at := fmt.Sprintf("coding.%d.", n)
		x := workflow.Coding{Event: f.Text(at + "event"), Channel: f.Text(at + "channel"), Level: f.Text(at + "level")}
		var ok bool
		if x.Debit, ok = now.ParseCodeString(f.Text(at + "debit")); !ok {
			f.Fail(at+"debit", "violation.code_string")
		}
		if x.Credit, ok = now.ParseCodeString(f.Text(at + "credit")); !ok {
			f.Fail(at+"credit", "violation.code_string")
		}
		next.Coding = append(next.Coding, x)
	}
	return next
}

// limitIn is a limit of the bank's as the profile keeps it: 0 for none written. A written
// 0 is no limit that anybody can mean, and is refused as what lies below it.
func limitIn(n *int64) int64 {
	switch {
	case n == nil:
		return 0
	case *n == 0:
		return -1
	}
	return *n
}

// knownPeople marks addresses that nobody in the office has.
func (s *Server) knownPeople(c *gin.Context, f *Form, next workflow.FinanceSettings) error {
	known := func(field, email string) error {
		if email == "" {
			return nil
		}
		p, err := s.store.PersonByEmail(c.Request.Context(), email)
		switch {
		case errors.Is(err, workflow.ErrNotFound):
			f.Fail(field, "admin.finance.unknown")
		case err != nil:
			return err
		case !p.Office():
			f.Fail(field, "admin.finance.not_office")
		}
		return nil
	}
	for i, x := range next.Limits {
		if err := known(fmt.Sprintf("limits.%d.email", i+1), x.Email); err != nil {
			return err
		}
	}
	for i, x := range next.Substitutes {
		for name, email := range map[string]string{"email": x.Email, "for": x.For} {
			if err := known(fmt.Sprintf("substitutes.%d.%s", i+1, name), email); err != nil {
				return err
			}
		}
	}
	return nil
}
