package sie

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"fund/jobs/plaintext"
	"fund/workflow/checkdigit"
	"fund/workflow/money"
)

// fixed are the dimensions whose meaning the format gives; 3 to 5 and 11 to 19
// are kept free by it, own ones begin at 20.
var fixed = map[int]bool{1: true, 2: true, 6: true, 7: true, 8: true, 9: true, 10: true}

// Validate refuses what a reader would refuse, naming the field.
func (f File) Validate() error {
	texts := []struct{ field, value string }{
		{"program", f.Program}, {"version", f.Version}, {"by", f.By}, {"company", f.Company},
	}
	for _, t := range texts {
		if err := checkText(t.value); err != nil {
			return fmt.Errorf("%s: %w", t.field, err)
		}
	}
	switch {
	case !utf8.ValidString(f.Note):
		return fmt.Errorf("note: not UTF-8")
	case f.Generated.IsZero():
		return fmt.Errorf("generated: missing")
	case f.YearStart.IsZero() || f.YearEnd.IsZero():
		return fmt.Errorf("accounting year: missing")
	case date(f.YearEnd) <= date(f.YearStart):
		return fmt.Errorf("accounting year: ends %s, before it begins", date(f.YearEnd))
	case !checkdigit.AllDigits(f.OrgNo) || len(f.OrgNo) != 10 || !checkdigit.Mod10(f.OrgNo):
		return fmt.Errorf("organisation number: not ten digits with a right check digit")
	case f.ChartType != "" && !isCode(f.ChartType):
		return fmt.Errorf("chart type: %q is no code", f.ChartType)
	case f.Series != "" && !isCode(f.Series):
		return fmt.Errorf("series: %q is no code", f.Series)
	}
	_, err := f.declared()
	return err
}

// declared checks the lists and gives what vouchers may use.
func (f File) declared() (*known, error) {
	k := &known{dimensions: map[int]bool{}, objects: map[Ref]bool{}, accounts: map[string]bool{}}
	for i, d := range f.Dimensions {
		switch {
		case d.Number < 20 && !fixed[d.Number]:
			return nil, fmt.Errorf("dimension %d number: %d is neither fixed by the format nor 20 or above", i+1, d.Number)
		case k.dimensions[d.Number]:
			return nil, fmt.Errorf("dimension %d number: %d is given twice", i+1, d.Number)
		}
		if err := checkText(d.Name); err != nil {
			return nil, fmt.Errorf("dimension %d name: %w", d.Number, err)
		}
		k.dimensions[d.Number] = true
	}
	for i, o := range f.Objects {
		ref := Ref{o.Dimension, o.ID}
		switch {
		case !k.dimensions[o.Dimension]:
			return nil, fmt.Errorf("object %d dimension: %d is not declared", i+1, o.Dimension)
		case !isCode(o.ID):
			return nil, fmt.Errorf("object %d id: %q is no code", i+1, o.ID)
		case k.objects[ref]:
			return nil, fmt.Errorf("object %d id: %q of dimension %d is given twice", i+1, o.ID, o.Dimension)
		}
		if err := checkText(o.Name); err != nil {
			return nil, fmt.Errorf("object %q name: %w", o.ID, err)
		}
		k.objects[ref] = true
	}
	for i, a := range f.Accounts {
		switch {
		case !checkdigit.AllDigits(a.Number):
			return nil, fmt.Errorf("account %d number: %q is not digits only", i+1, a.Number)
		case k.accounts[a.Number]:
			return nil, fmt.Errorf("account %d number: %s is given twice", i+1, a.Number)
		}
		if err := checkText(a.Name); err != nil {
			return nil, fmt.Errorf("account %s name: %w", a.Number, err)
		}
		k.accounts[a.Number] = true
	}
	return k, nil
}

type known struct {
	dimensions map[int]bool
	objects    map[Ref]bool
	accounts   map[string]bool
}

// Validate refuses a voucher that does not balance or that a reader would
// refuse. What it uses is held against the File's lists when it is encoded.
func (v Voucher) Validate() error {
	if err := v.validate(); err != nil {
		return fmt.Errorf("voucher %q: %w", v.Text, err)
	}
	return nil
}

func (v Voucher) validate() error {
	switch {
	case v.Number != "" && !isCode(v.Number):
		return fmt.Errorf("number: %q is no code", v.Number)
	case v.Day.IsZero():
		return fmt.Errorf("day: missing")
	case len(v.Rows) < 2:
		return fmt.Errorf("rows: %d, not two or more", len(v.Rows))
	}
	if err := checkText(v.Text); err != nil {
		return fmt.Errorf("text: %w", err)
	}
	var sum money.SEK
	for i, r := range v.Rows {
		if err := r.validate(); err != nil {
			return fmt.Errorf("row %d %w", i+1, err)
		}
		var err error
		if sum, err = money.Sum(sum, r.Amount); err != nil {
			return fmt.Errorf("row %d amount: %w", i+1, err)
		}
	}
	if sum != 0 {
		return fmt.Errorf("rows: they add up to %s, not to zero", sum.Decimal())
	}
	return nil
}

func (r Row) validate() error {
	switch {
	case !checkdigit.AllDigits(r.Account):
		return fmt.Errorf("account: %q is not digits only", r.Account)
	case r.Amount == 0:
		return fmt.Errorf("amount: zero")
	case !utf8.ValidString(r.Text):
		return fmt.Errorf("text: not UTF-8")
	}
	seen := map[int]bool{}
	for _, o := range r.Objects {
		switch {
		case seen[o.Dimension]:
			return fmt.Errorf("objects: dimension %d is given twice", o.Dimension)
		case !isCode(o.ID):
			return fmt.Errorf("objects: %q is no code", o.ID)
		}
		seen[o.Dimension] = true
	}
	return nil
}

// within refuses what the file does not declare, or lies outside its year.
func (v Voucher) within(f File, k *known) error {
	if day := date(v.Day); day < date(f.YearStart) || day > date(f.YearEnd) {
		return fmt.Errorf("voucher %q: day: %s is outside the accounting year", v.Text, day)
	}
	for i, r := range v.Rows {
		if !k.accounts[r.Account] {
			return fmt.Errorf("voucher %q: row %d account: %s is not declared", v.Text, i+1, r.Account)
		}
		for _, o := range r.Objects {
			if !k.objects[o] {
				return fmt.Errorf("voucher %q: row %d objects: %q of dimension %d is not declared", v.Text, i+1, o.ID, o.Dimension)
			}
		}
	}
	return nil
}

func checkText(s string) error {
	switch {
	case strings.TrimSpace(s) == "":
		return fmt.Errorf("missing")
	case !utf8.ValidString(s):
		return fmt.Errorf("not UTF-8")
	}
	return nil
}

// isCode tells whether s can be written as it is: a code that has to be bent
// would name something else.
func isCode(s string) bool {
	return s != "" && plaintext.Booking(s) == s && utf8.RuneCountInString(s) <= MaxText
}

func date(t time.Time) string { return t.Format("20060102") }
