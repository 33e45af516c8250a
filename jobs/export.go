package jobs

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"time"

	"fund/jobs/manifest"
	"fund/jobs/pain001"
	"fund/jobs/plaintext"
	"fund/jobs/sie"
	"fund/jobs/table"
	"fund/jobs/xlsx"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// errCoding says that the table of code strings has no row for a payment.
var errCoding = errors.New("no code string for the payment")

// exporting is a batch on its way into files. Rows are made as they are written
// and files lie on disk until they are stored, so that the memory it takes does
// not grow with the payments beyond the batch itself.
type exporting struct {
	batch    workflow.Batch
	settings workflow.FinanceSettings
	payees   map[int64]payee
	internal []*workflow.BatchLine
	bank     []*workflow.BatchLine
	files    []sql.FileBody
	listed   []manifest.File
	groups   map[pain001.Form]string // PmtInfId
}

// exported are the files of a batch, and the PmtInf that a payment stands in
// ("" where it goes to no bank). Close forgets the files.
type exported struct {
	files []sql.FileBody
	group func(workflow.BatchLine) string
}

// Close removes what lies on disk.
func (x exported) Close() (err error) {
	for _, f := range x.files {
		if c, ok := f.Body.(io.Closer); ok {
			err = errors.Join(err, c.Close())
		}
	}
	return err
}

// export makes every file of a batch: the bank's and the books', the lists, the
// workbook and, last, the manifest. A file that would have no line is not made.
// The same batch gives the same bytes.
func export(b workflow.Batch, s workflow.FinanceSettings, payees map[int64]payee) (out exported, err error) {
	if len(b.Lines) == 0 {
		return out, errors.New("a batch without lines")
	}
	x := &exporting{batch: b, settings: s, payees: payees, groups: map[pain001.Form]string{}}
	all := make([]*workflow.BatchLine, len(b.Lines))
	for i := range b.Lines {
		l := &b.Lines[i]
		all[i] = l
		if l.Bank() {
			x.bank = append(x.bank, l)
		} else {
			x.internal = append(x.internal, l)
		}
	}
	type making struct {
		name, kind string
		lines      []*workflow.BatchLine
		write      func(io.Writer) error
	}
	makings := []making{
		{"sie.si", "text/plain; charset=cp437", x.internal, x.sie},
		{"bokforingsorder.csv", "text/csv; charset=utf-8", x.internal, func(w io.Writer) error {
			return table.EncodeBookings(w, table.Language(s.Language), shaped(x.bookings(), func(b xlsx.Booking) table.Booking { return table.Booking(b) }))
		}},
		{pain001.V09.FileName(), "application/xml", x.bank, func(w io.Writer) error { return x.pain001(w, pain001.V09) }},
		{pain001.V03.FileName(), "application/xml", x.bank, func(w io.Writer) error { return x.pain001(w, pain001.V03) }},
		{"utbetalningar.csv", "text/csv; charset=utf-8", x.bank, func(w io.Writer) error {
			return table.EncodePayments(w, table.Language(s.Language), shaped(x.payments(x.bank), func(p xlsx.Payment) table.Payment { return table.Payment(p) }))
		}},
		{"payouts.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", all, func(w io.Writer) error {
			return xlsx.Encode(w, x.workbook(), x.payments(all), x.bookings())
		}},
		{"manifest.json", "application/json", all, x.manifest},
	}
	defer func() {
		out = exported{x.files, x.groupOf}
		if err != nil {
			err = errors.Join(err, out.Close())
		}
	}()
	for _, m := range makings {
		if len(m.lines) == 0 {
			continue
		}
		if err := x.make(m.name, m.kind, m.lines, m.write); err != nil {
			return out, err
		}
	}
	return out, nil
}

// make writes one file to disk and notes what it holds. The file has no name
// there, so that nothing is left behind however the program ends.
func (x *exporting) make(name, kind string, lines []*workflow.BatchLine, write func(io.Writer) error) error {
	spool, err := os.CreateTemp("", "fund-export-")
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	x.files = append(x.files, sql.FileBody{Name: name, Type: kind, Body: spool})
	if err := os.Remove(spool.Name()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	digest, size := sha256.New(), &counted{}
	buffered := bufio.NewWriterSize(io.MultiWriter(spool, digest, size), 64<<10)
	if err := errors.Join(write(buffered), buffered.Flush()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	total, err := sum(lines)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if name != "manifest.json" {
		x.listed = append(x.listed, manifest.File{Name: name, Bytes: size.n, SHA256: hex.EncodeToString(digest.Sum(nil)), Payments: len(lines), Sum: total})
	}
	return nil
}

// counted counts what is written.
type counted struct{ n int64 }

func (c *counted) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

func sum(lines []*workflow.BatchLine) (total money.SEK, err error) {
	for _, l := range lines {
		if total, err = money.Sum(total, l.Amount); err != nil {
			return 0, err
		}
	}
	return total, nil
}

// shaped streams rows in another package's shape.
func shaped[A, B any](rows iter.Seq2[A, error], shape func(A) B) iter.Seq2[B, error] {
	return func(yield func(B, error) bool) {
		for r, err := range rows {
			if !yield(shape(r), err) {
				return
			}
		}
	}
}

// bookingDay is the day of the vouchers: the wanted day, but no day before the
// export. Bank days don't bind the books.
func (x *exporting) bookingDay() workflow.Date {
	if today := workflow.DateOf(x.batch.ExportAt); x.batch.PayDate.Before(today) {
		return today
	}
	return x.batch.PayDate
}

// noon is a day as an instant that falls on it in every zone that matters.
func noon(d workflow.Date) time.Time { return d.At(12, 0) }

// text is what stands on a line of the books.
func bookText(l workflow.BatchLine) string { return l.Reference + " dnr " + l.DNR }

// bookings are the rows of the booking order: a debit and a credit for each internal payment.
func (x *exporting) bookings() iter.Seq2[xlsx.Booking, error] {
	return func(yield func(xlsx.Booking, error) bool) {
		for i, l := range x.internal {
			debit, credit, ok := x.settings.CodingFor(*l, workflow.EventInstalment)
			if !ok {
				yield(xlsx.Booking{}, fmt.Errorf("%s (%s, %s, %s): %w", l.Reference, l.Channel, l.Operator, l.Level, errCoding))
				return
			}
			if !yield(x.booking(l, 2*i+1, debit, l.Amount, 0), nil) || !yield(x.booking(l, 2*i+2, credit, 0, l.Amount), nil) {
				return
			}
		}
	}
}

func (x *exporting) booking(l *workflow.BatchLine, row int, c workflow.CodeString, debit, credit money.SEK) xlsx.Booking {
	return xlsx.Booking{Batch: x.batch.MessageID, Row: row, Day: noon(x.bookingDay()), CostCentre: c.Ansvar.Code,
		Activity: c.Verksamhet.Code, Account: c.Konto.Code, Task: c.Aktivitet.Code, Project: c.Projekt.Code, Object: c.Objekt.Code,
		Counterparty: c.Motpart.Code, Debit: debit, Credit: credit, Text: bookText(*l), CaseNumber: l.DNR,
		Attest1: attested(x.batch.Attest1), Attest2: attested(x.batch.Attest2)}
}

func attested(a *workflow.Attest) string {
	if a == nil {
		return ""
	}
	return a.By + " " + a.At.In(workflow.Stockholm()).Format("2006-01-02 15:04")
}

// payments are the rows of a payment list, in the order of the batch.
func (x *exporting) payments(lines []*workflow.BatchLine) iter.Seq2[xlsx.Payment, error] {
	l := lang.Parse(x.settings.Language)
	return func(yield func(xlsx.Payment, error) bool) {
		for _, line := range lines {
			p := x.payees[line.Application]
			day := x.batch.Execution
			if !line.Bank() {
				day = x.bookingDay()
			}
			if !yield(xlsx.Payment{Payment: line.Reference, CaseNumber: line.DNR, School: p.school, UnitCode: p.unitCode,
				OrgNo: workflow.FormatOrgNo(p.orgNo), Method: lang.T(l, "method."+line.Channel), Account: shownAccount(*line), Amount: line.Amount,
				Day: noon(day), Status: lang.T(l, "payment_status."+workflow.PayExported)}, nil) {
				return
			}
		}
	}
}

// shownAccount is the account as people compare it with a paper.
func shownAccount(l workflow.BatchLine) string {
	a := l.Account
	switch l.Channel {
	case "bankgiro":
		n, _ := workflow.CheckBankgiro(a.Bankgiro)
		return workflow.FormatBankgiro(n)
	case "plusgiro":
		n, _ := workflow.CheckPlusgiro(a.Plusgiro)
		return workflow.FormatPlusgiro(n)
	case "account":
		if n, wrong := workflow.CheckAccount(a.Clearing, a.Account); wrong == nil {
			return n.String()
		}
	case "iban":
		n, _ := workflow.CheckIBAN(a.IBAN)
		return workflow.FormatIBAN(n)
	case "internal":
		return strings.TrimSpace(a.CostCentre)
	}
	return ""
}

func (x *exporting) attests() (list []*workflow.Attest) {
	for _, a := range []*workflow.Attest{x.batch.Attest1, x.batch.Attest2} {
		if a != nil {
			list = append(list, a)
		}
	}
	return list
}

func (x *exporting) workbook() xlsx.Workbook {
	w := xlsx.Workbook{Batch: x.batch.MessageID, Exported: x.exported(), Language: xlsx.Language(x.settings.Language)}
	for _, f := range x.listed {
		w.Files = append(w.Files, xlsx.File(f))
	}
	for i, a := range x.attests() {
		w.Attests = append(w.Attests, xlsx.Attest{Who: a.By, At: a.At.In(workflow.Stockholm()), Step: i + 1})
	}
	return w
}

// exported is the stored export time in Sweden, to whole seconds as files have it.
func (x *exporting) exported() time.Time {
	return x.batch.ExportAt.In(workflow.Stockholm()).Truncate(time.Second)
}

func (x *exporting) manifest(w io.Writer) error {
	m := manifest.Manifest{Batch: x.batch.MessageID, Created: x.exported(), Files: x.listed}
	for _, l := range x.batch.Lines {
		m.Payments = append(m.Payments, l.Reference)
		i := slices.IndexFunc(m.Channels, func(c manifest.Channel) bool { return c.Name == l.Channel })
		if i < 0 {
			m.Channels = append(m.Channels, manifest.Channel{Name: l.Channel})
			i = len(m.Channels) - 1
		}
		total, err := money.Sum(m.Channels[i].Sum, l.Amount)
		if err != nil {
			return err
		}
		m.Channels[i].Payments++
		m.Channels[i].Sum = total
	}
	for i, a := range x.attests() {
		m.Attests = append(m.Attests, manifest.Attest{Who: a.By, At: a.At.In(workflow.Stockholm()).Truncate(time.Second), Step: i + 1})
	}
	return manifest.Encode(w, m)
}

// pain001 writes the payment order for the bank in one of its versions; ids and sums are the same in both.
func (x *exporting) pain001(w io.Writer, v pain001.Version) error {
	groups, err := x.painGroups()
	if err != nil {
		return err
	}
	payer, bank := x.settings.Payer, x.settings.Bank
	m := pain001.Message{ID: x.batch.MessageID, Created: x.exported(),
		Initiator: pain001.Initiator{Name: payer.Name, ID: orElse(bank.InitiatorID, payer.OrgNo), Scheme: bank.InitiatorScheme},
		Debtor:    pain001.Debtor{Name: payer.Name, Town: payer.Town, OrgNo: payer.OrgNo, IBAN: payer.IBAN, Bankgiro: payer.Bankgiro, BIC: payer.BIC},
		Settings: pain001.Settings{BatchBooking: bank.BatchBooking, ChargeBearer: bank.ChargeBearer, ServiceLevel: bank.ServiceLevel,
			CategoryPurpose: bank.CategoryPurpose, UETR: bank.UETR, Letters: plaintext.Letters(bank.Letters), SwedbankForm: pain001.SwedbankForm(bank.SwedbankForm)},
		Groups: groups}
	return pain001.Encode(w, v, m, x.transfers(groups))
}

// painGroups counts the groups of the message: those paid from the bankgiro,
// then those paid from the account, all on the batch's one bank day.
func (x *exporting) painGroups() (groups []pain001.Group, err error) {
	for _, form := range []pain001.Form{pain001.FromBankgiro, pain001.FromIBAN} {
		g := pain001.Group{Day: noon(x.batch.Execution), Form: form}
		for _, l := range x.bank {
			if pain001.Kind(l.Channel).Form() != form {
				continue
			}
			g.Count++
			if g.Sum, err = money.Sum(g.Sum, l.Amount); err != nil {
				return nil, fmt.Errorf("%s: %w", l.Reference, err)
			}
		}
		if g.Count > 0 {
			groups = append(groups, g)
			x.groups[form] = pain001.GroupID(x.batch.MessageID, len(groups))
		}
	}
	return groups, nil
}

// transfers streams the payments, group by group.
func (x *exporting) transfers(groups []pain001.Group) iter.Seq2[pain001.Payment, error] {
	return func(yield func(pain001.Payment, error) bool) {
		for _, g := range groups {
			for _, l := range x.bank {
				if pain001.Kind(l.Channel).Form() != g.Form {
					continue
				}
				if p, err := x.transfer(*l); !yield(p, err) || err != nil {
					return
				}
			}
		}
	}
}

// groupOf is the PmtInfId of a line, so that an answer about a group finds its payments.
func (x *exporting) groupOf(l workflow.BatchLine) string {
	if !l.Bank() {
		return ""
	}
	return x.groups[pain001.Kind(l.Channel).Form()]
}

// transfer is a line as the bank reads it. Accounts are put into their normal form and checked once more.
func (x *exporting) transfer(l workflow.BatchLine) (pain001.Payment, error) {
	p := pain001.Payment{Day: noon(x.batch.Execution), EndToEndID: l.Reference, UETR: l.UETR, Amount: l.Amount, Kind: pain001.Kind(l.Channel),
		Payee: pain001.Payee{Name: l.Payee, Town: l.Town}, Text: l.Reference + " Internationella fonden dnr " + l.DNR}
	var wrong *workflow.AccountFault
	switch p.Kind {
	case pain001.Bankgiro:
		p.Number, wrong = workflow.CheckBankgiro(l.Account.Bankgiro)
	case pain001.Plusgiro:
		p.Number, wrong = workflow.CheckPlusgiro(l.Account.Plusgiro)
	case pain001.Account:
		var a workflow.BankAccount
		a, wrong = workflow.CheckAccount(l.Account.Clearing, l.Account.Account)
		p.Clearing, p.Number = a.Clearing, a.Number
	case pain001.IBAN:
		p.IBAN, wrong = workflow.CheckIBAN(l.Account.IBAN)
	default:
		return p, fmt.Errorf("%s: no bank channel is called %q", l.Reference, l.Channel)
	}
	if wrong != nil {
		return p, fmt.Errorf("%s: account: %s", l.Reference, wrong.Code)
	}
	return p, nil
}

// dimensions say which part of a code string is which dimension of the books.
var dimensions = []struct {
	number int
	name   string
	part   func(workflow.CodeString) workflow.Code
}{
	{1, "Ansvar", func(c workflow.CodeString) workflow.Code { return c.Ansvar }},
	{6, "Projekt", func(c workflow.CodeString) workflow.Code { return c.Projekt }},
	{20, "Verksamhet", func(c workflow.CodeString) workflow.Code { return c.Verksamhet }},
	{21, "Aktivitet", func(c workflow.CodeString) workflow.Code { return c.Aktivitet }},
	{22, "Motpart", func(c workflow.CodeString) workflow.Code { return c.Motpart }},
	{23, "Objekt", func(c workflow.CodeString) workflow.Code { return c.Objekt }},
}

// sie writes the booking order for the finance system: one voucher a payment.
func (x *exporting) sie(w io.Writer) error {
	day := x.bookingDay()
	f := sie.File{Program: "Internationella fonden", Version: "1.0", Generated: x.exported(), By: x.settings.Books.By, Note: "Batch " + x.batch.MessageID,
		OrgNo: x.settings.Payer.OrgNo, Company: x.settings.Payer.Name, YearStart: noon(workflow.NewDate(day.Year(), time.January, 1)),
		YearEnd: noon(workflow.NewDate(day.Year(), time.December, 31)), ChartType: x.settings.Books.ChartType, Series: x.settings.Books.Series,
		NoChecksum: x.settings.Books.NoChecksum}
	seen := map[string]bool{}
	for _, l := range x.internal {
		debit, credit, ok := x.settings.CodingFor(*l, workflow.EventInstalment)
		if !ok {
			return fmt.Errorf("%s: %w", l.Reference, errCoding)
		}
		for _, c := range []workflow.CodeString{debit, credit} {
			declare(&f, seen, c)
		}
	}
	slices.SortFunc(f.Dimensions, func(a, b sie.Dimension) int { return a.Number - b.Number })
	slices.SortStableFunc(f.Objects, func(a, b sie.Object) int { return a.Dimension - b.Dimension })
	return sie.Encode(w, f, x.vouchers(day))
}

// vouchers streams one voucher a payment.
func (x *exporting) vouchers(day workflow.Date) iter.Seq2[sie.Voucher, error] {
	return func(yield func(sie.Voucher, error) bool) {
		for _, l := range x.internal {
			debit, credit, _ := x.settings.CodingFor(*l, workflow.EventInstalment) // declared, so it is there
			v := sie.Voucher{Day: noon(day), Registered: x.exported(), Text: fmt.Sprintf("%s %s del %d", l.Reference, l.Payee, l.N)}
			for i, c := range []workflow.CodeString{debit, credit} {
				amount := l.Amount
				if i == 1 {
					amount = -amount
				}
				v.Rows = append(v.Rows, sie.Row{Account: c.Konto.Code, Objects: refs(c), Amount: amount, Text: bookText(*l)})
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}

// declare notes everything that a string uses, once.
func declare(f *sie.File, seen map[string]bool, c workflow.CodeString) {
	once := func(key string) bool {
		was := seen[key]
		seen[key] = true
		return !was
	}
	if once("konto " + c.Konto.Code) {
		f.Accounts = append(f.Accounts, sie.Account{Number: c.Konto.Code, Name: orElse(c.Konto.Name, c.Konto.Code)})
	}
	for _, d := range dimensions {
		code := d.part(c)
		if code.Code == "" {
			continue
		}
		if once(d.name) {
			f.Dimensions = append(f.Dimensions, sie.Dimension{Number: d.number, Name: d.name})
		}
		if once(d.name + " " + code.Code) {
			f.Objects = append(f.Objects, sie.Object{Dimension: d.number, ID: code.Code, Name: orElse(code.Name, code.Code)})
		}
	}
}

// refs are the objects of a string.
func refs(c workflow.CodeString) (list []sie.Ref) {
	for _, d := range dimensions {
		if code := d.part(c); code.Code != "" {
			list = append(list, sie.Ref{Dimension: d.number, ID: code.Code})
		}
	}
	return list
}
