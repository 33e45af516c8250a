package xlsx

import (
	"time"

	"fund/jobs/row"
	"fund/workflow/money"
)

// words are a text in both languages.
type words struct{ swedish, english string }

func (w words) in(l row.Language) string {
	if l == row.English {
		return w.english
	}
	return w.swedish
}

// column is a header, what it means, how wide it is in characters, and how its
// cells are read from a row.
type column[R any] struct {
	header words
	about  words
	width  float64
	value  func(R) any // text, integer, day, or sum
	sum    bool        // stands in the sum row
}

// day is a calendar day.
type day time.Time

var payments = []column[row.Payment]{
	{
		words{"Utbetalning", "Payment"},
		words{"Referens i bankfil, brev och verifikation", "Reference in bank file, letter and voucher"},
		16,
		func(p row.Payment) any { return p.Payment },
		false,
	},
	{
		words{"Diarienummer", "Case number"},
		words{"Ärendets nummer i diariet", "The case's number in the register"},
		14,
		func(p row.Payment) any { return p.CaseNumber },
		false,
	},
	{words{"Skola", "School"}, words{"Mottagare", "Payee"}, 34, func(p row.Payment) any { return p.School }, false},
	{
		words{"Skolenhetskod", "School unit code"},
		words{"Skolverkets kod", "The national agency's code"},
		15,
		func(p row.Payment) any { return p.UnitCode },
		false,
	},
	{
		words{"Org.nr", "Organisation number"},
		words{"Mottagarens organisationsnummer", "The payee's organisation number"},
		14,
		func(p row.Payment) any { return p.OrgNo },
		false,
	},
	{
		words{"Betalsätt", "Method"},
		words{"Bankgiro, plusgiro, konto, IBAN eller intern bokföring", "Bankgiro, plusgiro, account, IBAN or internal booking"},
		12,
		func(p row.Payment) any { return p.Method },
		false,
	},
	{words{"Konto", "Account"}, words{"Mottagarens nummer", "The payee's number"}, 28, func(p row.Payment) any { return p.Account }, false},
	{words{"Belopp", "Amount"}, words{"Kronor", "Kronor"}, 14, func(p row.Payment) any { return p.Amount }, true},
	{
		words{"Förfallodag", "Payment date"},
		words{"Dag då pengarna ska vara framme", "Day on which the money is to be there"},
		13,
		func(p row.Payment) any { return day(p.Day) },
		false,
	},
	{words{"Status", "Status"}, words{"Läge när filen skrevs", "State when the file was written"}, 14, func(p row.Payment) any { return p.Status }, false},
}

var bookings = []column[row.Booking]{
	{words{"Batch", "Batch"}, words{"Betalningsomgång", "Payout batch"}, 18, func(b row.Booking) any { return b.Batch }, false},
	{words{"Rad", "Row"}, words{"Radnummer i bokföringsordern", "Row number in the booking order"}, 6, func(b row.Booking) any { return b.Row }, false},
	{
		words{"Bokföringsdatum", "Voucher date"},
		words{"Dag då raden bokförs", "Day on which the row is booked"},
		16,
		func(b row.Booking) any { return day(b.Day) },
		false,
	},
	{
		words{"Ansvar", "Cost centre"},
		words{"Koddel: vem som bär kostnaden", "Code part: who bears the cost"},
		12,
		func(b row.Booking) any { return b.CostCentre },
		false,
	},
	{words{"Verksamhet", "Activity"}, words{"Koddel: vad det gäller", "Code part: what it is for"}, 12, func(b row.Booking) any { return b.Activity }, false},
	{words{"Konto", "Account"}, words{"Konto i kontoplanen", "Account in the account plan"}, 10, func(b row.Booking) any { return b.Account }, false},
	{words{"Aktivitet", "Task"}, words{"Koddel", "Code part"}, 10, func(b row.Booking) any { return b.Task }, false},
	{words{"Projekt", "Project"}, words{"Koddel", "Code part"}, 12, func(b row.Booking) any { return b.Project }, false},
	{words{"Objekt", "Object"}, words{"Koddel", "Code part"}, 10, func(b row.Booking) any { return b.Object }, false},
	{
		words{"Motpart", "Counterparty"},
		words{"Koddel: den andra sidan inom kommunen", "Code part: the other side within the municipality"},
		12,
		func(b row.Booking) any { return b.Counterparty },
		false,
	},
	{words{"Debet", "Debit"}, words{"Kronor", "Kronor"}, 14, func(b row.Booking) any { return b.Debit }, true},
	{words{"Kredit", "Credit"}, words{"Kronor", "Kronor"}, 14, func(b row.Booking) any { return b.Credit }, true},
	{words{"Text", "Text"}, words{"Verifikationstext", "Voucher text"}, 40, func(b row.Booking) any { return b.Text }, false},
	{
		words{"Diarienummer", "Case number"},
		words{"Ärendets nummer i diariet", "The case's number in the register"},
		14,
		func(b row.Booking) any { return b.CaseNumber },
		false,
	},
	{words{"Attest 1", "Attest 1"}, words{"Granskning: vem och när", "Review: who and when"}, 28, func(b row.Booking) any { return b.Attest1 }, false},
	{words{"Attest 2", "Attest 2"}, words{"Beslut: vem och när", "Decision: who and when"}, 28, func(b row.Booking) any { return b.Attest2 }, false},
}

// totals are what a sheet came to.
type totals struct {
	rows int
	sums map[int]money.SEK // by column
}
