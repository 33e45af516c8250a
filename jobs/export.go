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

	"fund/jobs/books"
	"fund/jobs/manifest"
	"fund/jobs/pain001"
	"fund/jobs/row"
	"fund/jobs/table"
	"fund/jobs/xlsx"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// errCoding says that the table of code strings has no row for a payment.
var errCoding = errors.New("no code string for the payment")

// errLinesMoved says that the lines read for a file are not those that were attested.
var errLinesMoved = errors.New("the lines differ from those that were summed")

// internalChannels and bankChannels are the ways out; each file has its own.
var (
	internalChannels = []string{"internal"}
	bankChannels     = []string{string(pain001.Bankgiro), string(pain001.Plusgiro), string(pain001.Account), string(pain001.IBAN)}
	allChannels      = slices.Concat(internalChannels, bankChannels)
)

// lineSource streams some lines in the order of the batch.
type lineSource func(sql.LineRange) iter.Seq2[sql.ExportLine, error]

// exporting is a batch on its way into files. Lines are read anew for each file, rows
// are made as they are written, and files lie on disk until they are stored, so that
// the memory it takes does not grow with the payments.
type exporting struct {
	batch    workflow.Batch // without lines
	sum      *workflow.LineSum
	settings workflow.FinanceSettings
	source   lineSource
	files    []sql.FileBody
	listed   []manifest.File
	messages []bankMessage // to the bank
}

// exported are the files of a batch, and which lines stand in which PmtInf.
// Close forgets the files.
type exported struct {
	files  []sql.FileBody
	groups []sql.BankGroup
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
func export(b workflow.Batch, sum *workflow.LineSum, s workflow.FinanceSettings, source lineSource) (out exported, err error) {
	if err := goesOut(sum); err != nil {
		return out, err
	}
	x := &exporting{batch: b, sum: sum, settings: s, source: source}
	if x.messages, err = x.bankMessages(); err != nil {
		return out, fmt.Errorf("messages to the bank: %w", err)
	}
	defer func() {
		out = exported{x.files, x.bankGroups()}
		if err != nil {
			err = errors.Join(err, out.Close())
		}
	}()
	for _, m := range x.makings() {
		if err := x.make(m); err != nil {
			return out, fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return out, nil
}

// goesOut refuses a batch with nothing in it, or with a line that would be in no file.
func goesOut(sum *workflow.LineSum) error {
	if len(sum.Channels) == 0 {
		return errors.New("a batch without lines")
	}
	for _, c := range sum.Channels {
		if !slices.Contains(allChannels, c.Channel) {
			return fmt.Errorf("no channel is called %q", c.Channel)
		}
	}
	return nil
}

// making is a file to make, and which channels it is about; part is the message to the
// bank that it holds.
type making struct {
	name, kind string
	channels   []string
	write      func(io.Writer) error
	part       *bankMessage
}

func (x *exporting) makings() []making {
	language := row.Language(x.settings.Language)
	return slices.Concat([]making{
		{"sie.si", "text/plain; charset=cp437", internalChannels, x.sie, nil},
		{"bokforingsorder.csv", "text/csv; charset=utf-8", internalChannels, func(w io.Writer) error {
			return table.EncodeBookings(w, language, x.bookings())
		}, nil},
	}, x.bankOrders(pain001.V09), x.bankOrders(pain001.V03), []making{
		{"utbetalningar.csv", "text/csv; charset=utf-8", bankChannels, func(w io.Writer) error {
			return table.EncodePayments(w, language, x.payments(bankChannels...))
		}, nil},
		{"payouts.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", allChannels, func(w io.Writer) error {
			return xlsx.Encode(w, x.workbook(), x.payments(allChannels...), x.bookings())
		}, nil},
		{"manifest.json", "application/json", allChannels, x.manifest, nil},
	})
}

// make writes one file to disk and notes what it holds. The file has no name
// there, so that nothing is left behind however the program ends.
func (x *exporting) make(m making) error {
	of, err := x.sum.Of(m.channels...)
	if err != nil || of.Payments == 0 {
		return err
	}
	message := ""
	if m.part != nil {
		if of = m.part.of; len(x.messages) > 1 {
			message = m.part.id
		}
	}
	spool, err := os.CreateTemp("", "fund-export-")
	if err != nil {
		return err
	}
	x.files = append(x.files, sql.FileBody{Name: m.name, Type: m.kind, Body: spool})
	if err := os.Remove(spool.Name()); err != nil {
		return err
	}
	digest, size := sha256.New(), &counted{}
	buffered := bufio.NewWriterSize(io.MultiWriter(spool, digest, size), 64<<10)
	if err := errors.Join(m.write(buffered), buffered.Flush()); err != nil {
		return err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	x.listed = append(
		x.listed,
		manifest.File{Name: m.name, Bytes: size.n, SHA256: hex.EncodeToString(digest.Sum(nil)), Payments: of.Payments, Sum: of.Sum, Message: message},
	)
	return nil
}

// lines streams the lines of some channels, and refuses at their end what does not
// come to what was summed before.
func (x *exporting) lines(channels ...string) iter.Seq2[sql.ExportLine, error] {
	return func(yield func(sql.ExportLine, error) bool) {
		var got workflow.ChannelSum
		for l, err := range x.source(sql.LineRange{Channels: channels}) {
			if err == nil {
				got.Payments++
				got.Sum, err = money.Sum(got.Sum, l.Amount)
			}
			if !yield(l, err) || err != nil {
				return
			}
		}
		if want, err := x.sum.Of(channels...); err != nil || got != want {
			yield(sql.ExportLine{}, errors.Join(err, errLinesMoved))
		}
	}
}

// counted counts what is written.
type counted struct{ n int64 }

func (c *counted) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// bookingDay is the day of the vouchers: the wanted day, but no day before the
// export. Bank days don't bind the books.
func (x *exporting) bookingDay() workflow.Date {
	if today := workflow.DateOf(x.batch.ExportAt); x.batch.PayDate.Before(today) {
		return today
	}
	return x.batch.PayDate
}

// text is what stands on a line of the books.
func bookText(l workflow.BatchLine) string { return l.Reference + " dnr " + l.DNR }

// bookings are the rows of the booking order: a debit and a credit for each internal payment.
func (x *exporting) bookings() iter.Seq2[row.Booking, error] {
	return func(yield func(row.Booking, error) bool) {
		n := 0
		for l, err := range x.lines(internalChannels...) {
			if err != nil {
				yield(row.Booking{}, err)
				return
			}
			debit, credit, err := x.coding(l)
			if err != nil {
				yield(row.Booking{}, err)
				return
			}
			if n += 2; !yield(x.booking(l, n-1, debit, l.Amount, 0), nil) || !yield(x.booking(l, n, credit, 0, l.Amount), nil) {
				return
			}
		}
	}
}

// coding is the pair of code strings that a line is booked with.
func (x *exporting) coding(l sql.ExportLine) (debit, credit workflow.CodeString, err error) {
	debit, credit, ok := x.settings.CodingFor(l.BatchLine, workflow.EventInstalment)
	if !ok {
		err = fmt.Errorf("%s (%s, %s, %s): %w", l.Reference, l.Channel, l.Operator, l.Level, errCoding)
	}
	return debit, credit, err
}

func (x *exporting) booking(l sql.ExportLine, n int, c workflow.CodeString, debit, credit money.SEK) row.Booking {
	b := books.Booking(c)
	b.Batch, b.Row, b.Day, b.Debit, b.Credit, b.Text, b.CaseNumber = x.batch.MessageID, n, books.Noon(
		x.bookingDay(),
	), debit, credit, bookText(
		l.BatchLine,
	), l.DNR
	b.Attest1, b.Attest2 = attested(x.batch.Attest1), attested(x.batch.Attest2)
	return b
}

func attested(a *workflow.Attest) string {
	if a == nil {
		return ""
	}
	return a.By + " " + a.At.In(workflow.Stockholm()).Format("2006-01-02 15:04")
}

// payments are the rows of a payment list, in the order of the batch.
func (x *exporting) payments(channels ...string) iter.Seq2[row.Payment, error] {
	l := lang.Parse(x.settings.Language)
	return func(yield func(row.Payment, error) bool) {
		for line, err := range x.lines(channels...) {
			if err != nil {
				yield(row.Payment{}, err)
				return
			}
			day := x.batch.Execution
			if !line.Bank() {
				day = x.bookingDay()
			}
			if !yield(row.Payment{Payment: line.Reference, CaseNumber: line.DNR, School: line.School, UnitCode: line.UnitCode,
				OrgNo: workflow.FormatOrgNo(line.OrgNo), Method: lang.T(l, "method."+line.Channel), Account: shownAccount(line.BatchLine), Amount: line.Amount,
				Day: books.Noon(day), Status: lang.T(l, "payment_status."+workflow.PayExported)}, nil) {
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
	w := xlsx.Workbook{Batch: x.batch.MessageID, Exported: x.exported(), Language: row.Language(x.settings.Language)}
	for _, f := range x.listed {
		w.Files = append(w.Files, xlsx.File{Name: f.Name, Bytes: f.Bytes, SHA256: f.SHA256, Payments: f.Payments, Sum: f.Sum})
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
	for l, err := range x.lines(allChannels...) {
		if err != nil {
			return err
		}
		m.Payments = append(m.Payments, l.Reference)
	}
	for _, c := range x.sum.Channels {
		m.Channels = append(m.Channels, manifest.Channel{Name: c.Channel, Payments: c.Payments, Sum: c.Sum})
	}
	for i, a := range x.attests() {
		m.Attests = append(m.Attests, manifest.Attest{Who: a.By, At: a.At.In(workflow.Stockholm()).Truncate(time.Second), Step: i + 1})
	}
	return manifest.Encode(w, m)
}
