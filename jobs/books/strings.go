// Package books puts code strings (kodsträngar) into the files of the books, and makes
// what finance needs for one claim: a turned booking order, or the basis of an invoice.
package books

import (
	"cmp"
	"slices"

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
