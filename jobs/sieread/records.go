package sieread

import (
	"regexp"
	"strings"

	"fund/workflow/money"
)

// passed are records that hold nothing of bookings.
var passed = " #FORMAT #FNR #FTYP #BKOD #ADRESS #TAXAR #OMFATTN #KPTYP #PROSA #KTYP #ENHET #SRU "

// record takes one record's contents.
func (r *reader) record(rec record) {
	switch rec.label {
	case "#FLAGGA":
		r.Imported = r.at(rec, 0) == "1"
	case "#PROGRAM":
		r.Program, r.Version = r.at(rec, 0), r.at(rec, 1)
	case "#GEN":
		r.Generated, r.By = r.day(r.at(rec, 0)), r.at(rec, 1)
	case "#SIETYP":
		r.given = strings.ToUpper(r.at(rec, 0))
	case "#FNAMN":
		r.Company = r.at(rec, 0)
	case "#ORGNR":
		r.OrgNo = r.at(rec, 0)
	case "#VALUTA":
		r.Currency = r.at(rec, 0)
	case "#RAR":
		r.Years = append(r.Years, Year{Number: r.year(r.at(rec, 0)), From: r.day(r.at(rec, 1)), To: r.day(r.at(rec, 2))})
	case "#DIM":
		r.Dimensions = append(r.Dimensions, Dimension{Number: r.need(rec, 0), Name: r.at(rec, 1)})
	case "#UNDERDIM":
		r.Dimensions = append(r.Dimensions, Dimension{Number: r.need(rec, 0), Name: r.at(rec, 1), Parent: r.need(rec, 2)})
	case "#OBJEKT":
		r.Objects = append(r.Objects, Object{Dimension: r.need(rec, 0), ID: r.need(rec, 1), Name: r.at(rec, 2)})
	case "#KONTO":
		r.Accounts = append(r.Accounts, Account{Number: r.need(rec, 0), Name: r.at(rec, 1)})
	case "#VER":
		r.voucher(rec)
	case "#TRANS", "#RTRANS", "#BTRANS":
		r.row(rec)
	case "#IB", "#UB", "#RES", "#OIB", "#OUB", "#PSALDO", "#PBUDGET":
		r.balance(rec)
	default:
		if !strings.Contains(passed, " "+rec.label+" ") {
			r.found(FindingRecord, r.line, rec.label)
		}
	}
}

// voucher begins one: series, number, day, text, day of entry.
func (r *reader) voucher(rec record) {
	if r.inside {
		r.found(FindingBraces, r.line, rec.label)
	}
	r.Vouchers = append(r.Vouchers, Voucher{
		Series: r.at(rec, 0), Number: r.at(rec, 1), Day: r.day(r.need(rec, 2)), Text: r.at(rec, 3), Registered: r.day(r.at(rec, 4)), Rows: []Row{},
	})
	r.inside = rec.opens
	if rec.opens {
		r.found(FindingBraces, r.line, "{")
	}
}

// row takes a #TRANS: account, objects, amount, day, text, quantity, sign.
func (r *reader) row(rec record) {
	if !r.inside {
		r.found(FindingBraces, r.line, rec.label)
		if len(r.Vouchers) == 0 {
			r.Vouchers = append(r.Vouchers, Voucher{Rows: []Row{}})
		}
	}
	row := Row{Kind: map[string]string{"#RTRANS": "added", "#BTRANS": "removed"}[rec.label], Account: r.need(rec, 0)}
	var i int
	row.Objects, i = r.objects(rec, 1)
	row.AmountOre, i = r.apart(rec, i)
	row.Day, row.Text, row.Quantity, row.Sign = r.day(r.at(rec, i+1)), r.at(rec, i+2), r.at(rec, i+3), r.at(rec, i+4)
	v := &r.Vouchers[len(r.Vouchers)-1]
	v.Rows = append(v.Rows, row)
}

// apart reads an amount whose thousands somebody has set apart with blanks, which makes
// fields of them: 1 234.00 is not one krona. It gives the place of its last field.
func (r *reader) apart(rec record, i int) (money.SEK, int) {
	text := r.at(rec, i)
	if !leading.MatchString(text) {
		return r.amount(text), i
	}
	last := i
	for last+1 < len(rec.fields) && thousands.MatchString(r.at(rec, last+1)) && !strings.ContainsAny(text, ".,") {
		last++
		text += r.at(rec, last)
	}
	if last > i {
		r.found(FindingAmount, r.line, text)
	}
	return r.amount(text), last
}

// What stands before and after a blank within an amount. A day has eight digits.
var (
	leading   = regexp.MustCompile(`^[-+]?\d{1,3}$`)
	thousands = regexp.MustCompile(`^\d{3}([.,]\d+)?$`)
)

// balance takes year, then a period for the P-records, account, objects for all but IB, UB
// and RES, and the amount.
func (r *reader) balance(rec record) {
	b := Balance{Kind: rec.label[1:], Year: r.year(r.at(rec, 0)), Objects: []Object{}}
	i := 1
	if rec.label[1] == 'P' {
		b.Period = r.period(r.at(rec, i))
		i++
	}
	b.Account = r.need(rec, i)
	i++
	// Type 2 has periods without objects, so that the list may be missing there.
	if rec.label[1] == 'O' || i < len(rec.fields) && rec.fields[i].many {
		b.Objects, i = r.objects(rec, i)
	}
	b.AmountOre = r.amount(r.at(rec, i))
	r.Balances = append(r.Balances, b)
}
