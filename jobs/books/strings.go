// Package books puts code strings (kodsträngar) into the files of the books, and makes
// what finance needs for one claim: a turned booking order, or the basis of an invoice.
package books

import (
	"cmp"
	"slices"
	"time"

	"fund/jobs/row"
	"fund/jobs/sie"
	"fund/workflow"
)

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

// Declare notes everything that a string uses, once.
func Declare(f *sie.File, seen map[string]bool, c workflow.CodeString) {
	once := func(key string) bool {
		was := seen[key]
		seen[key] = true
		return !was
	}
	if once("konto " + c.Konto.Code) {
		f.Accounts = append(f.Accounts, sie.Account{Number: c.Konto.Code, Name: cmp.Or(c.Konto.Name, c.Konto.Code)})
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
			f.Objects = append(f.Objects, sie.Object{Dimension: d.number, ID: code.Code, Name: cmp.Or(code.Name, code.Code)})
		}
	}
}

// Order is the head of a booking order: who books, in which year, and about what.
func Order(s workflow.FinanceSettings, day workflow.Date, made time.Time, note string) sie.File {
	return sie.File{Program: "Internationella fonden", Version: "1.0", Generated: made, By: s.Books.By, Note: note,
		OrgNo: s.Payer.OrgNo, Company: s.Payer.Name, YearStart: Noon(workflow.NewDate(day.Year(), time.January, 1)),
		YearEnd: Noon(workflow.NewDate(day.Year(), time.December, 31)), ChartType: s.Books.ChartType, Series: s.Books.Series,
		NoChecksum: s.Books.NoChecksum}
}

// Noon is a day as an instant that falls on it in every zone that matters.
func Noon(d workflow.Date) time.Time { return d.At(12, 0) }

// Booking is a row of the booking order with the parts of a string; what it is about is the caller's.
func Booking(c workflow.CodeString) row.Booking {
	return row.Booking{CostCentre: c.Ansvar.Code, Activity: c.Verksamhet.Code, Account: c.Konto.Code, Task: c.Aktivitet.Code,
		Project: c.Projekt.Code, Object: c.Objekt.Code, Counterparty: c.Motpart.Code}
}

// Sort brings what is declared into the order in which it is written.
func Sort(f *sie.File) {
	slices.SortFunc(f.Dimensions, func(a, b sie.Dimension) int { return a.Number - b.Number })
	slices.SortStableFunc(f.Objects, func(a, b sie.Object) int { return a.Dimension - b.Dimension })
}

// Refs are the objects of a string.
func Refs(c workflow.CodeString) (list []sie.Ref) {
	for _, d := range dimensions {
		if code := d.part(c); code.Code != "" {
			list = append(list, sie.Ref{Dimension: d.number, ID: code.Code})
		}
	}
	return list
}
