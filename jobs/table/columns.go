package table

import (
	"strconv"
	"time"

	"fund/jobs/row"
	"fund/workflow/money"
)

// column is a header in both languages and how its cells are read from a row.
type column[R any] struct {
	swedish, english string
	value            func(R) cell
}

// cell is text, which may have to be defused, or a number or date as it stands.
type cell struct {
	text  string
	plain bool
}

var booking = []column[row.Booking]{
	{"Batch", "Batch", func(b row.Booking) cell { return words(b.Batch) }},
	{"Rad", "Row", func(b row.Booking) cell { return plain(strconv.Itoa(b.Row)) }},
	{"Bokföringsdatum", "Voucher date", func(b row.Booking) cell { return date(b.Day) }},
	{"Ansvar", "Cost centre", func(b row.Booking) cell { return words(b.CostCentre) }},
	{"Verksamhet", "Activity", func(b row.Booking) cell { return words(b.Activity) }},
	{"Konto", "Account", func(b row.Booking) cell { return words(b.Account) }},
	{"Aktivitet", "Task", func(b row.Booking) cell { return words(b.Task) }},
	{"Projekt", "Project", func(b row.Booking) cell { return words(b.Project) }},
	{"Objekt", "Object", func(b row.Booking) cell { return words(b.Object) }},
	{"Motpart", "Counterparty", func(b row.Booking) cell { return words(b.Counterparty) }},
	{"Debet", "Debit", func(b row.Booking) cell { return side(b.Debit) }},
	{"Kredit", "Credit", func(b row.Booking) cell { return side(b.Credit) }},
	{"Text", "Text", func(b row.Booking) cell { return words(b.Text) }},
	{"Diarienummer", "Case number", func(b row.Booking) cell { return words(b.CaseNumber) }},
	{"Attest 1", "Attest 1", func(b row.Booking) cell { return words(b.Attest1) }},
	{"Attest 2", "Attest 2", func(b row.Booking) cell { return words(b.Attest2) }},
}

var payments = []column[row.Payment]{
	{"Utbetalning", "Payment", func(p row.Payment) cell { return words(p.Payment) }},
	{"Diarienummer", "Case number", func(p row.Payment) cell { return words(p.CaseNumber) }},
	{"Skola", "School", func(p row.Payment) cell { return words(p.School) }},
	{"Skolenhetskod", "School unit code", func(p row.Payment) cell { return words(p.UnitCode) }},
	{"Org.nr", "Organisation number", func(p row.Payment) cell { return words(p.OrgNo) }},
	{"Betalsätt", "Method", func(p row.Payment) cell { return words(p.Method) }},
	{"Konto", "Account", func(p row.Payment) cell { return words(p.Account) }},
	{"Belopp", "Amount", func(p row.Payment) cell { return plain(p.Amount.Comma()) }},
	{"Förfallodag", "Payment date", func(p row.Payment) cell { return date(p.Day) }},
	{"Status", "Status", func(p row.Payment) cell { return words(p.Status) }},
}

func words(s string) cell { return cell{text: s} }

func plain(s string) cell { return cell{text: s, plain: true} }

func date(t time.Time) cell { return plain(t.Format(time.DateOnly)) }

// side is empty where the other side is filled.
func side(a money.SEK) cell {
	if a == 0 {
		return plain("")
	}
	return plain(a.Comma())
}
