package sieread

import (
	"fmt"

	"fund/workflow/money"
)

// fixed are the dimensions that need no #DIM: the format gives them their meaning.
var fixed = map[string]bool{"1": true, "2": true, "6": true, "7": true, "8": true, "9": true, "10": true}

// judge sums the vouchers and holds them against the file's own lists.
func (f *File) judge() {
	dimensions, objects := map[string]bool{}, map[Object]bool{}
	for _, d := range f.Dimensions {
		dimensions[d.Number] = true
	}
	for _, o := range f.Objects {
		objects[Object{Dimension: o.Dimension, ID: o.ID}] = true
	}
	numbers := map[[3]string]bool{}
	for i := range f.Vouchers {
		v := &f.Vouchers[i]
		if v.Number != "" {
			name := [3]string{v.Series, v.Number, v.Day[:min(len(v.Day), len("2006"))]} // a file may hold several years
			if numbers[name] {
				f.found(FindingSameNumber, 0, fmt.Sprintf("%s %s %s", v.Series, v.Number, v.Day))
			}
			numbers[name] = true
		}
		amounts := make([]money.SEK, 0, len(v.Rows))
		for _, row := range v.Rows {
			if row.Kind == "" {
				amounts = append(amounts, row.AmountOre)
			}
			for _, o := range row.Objects {
				// A file of only vouchers (4I) may leave its objects undeclared.
				if !fixed[o.Dimension] && !dimensions[o.Dimension] || len(objects) > 0 && !objects[o] {
					f.found(FindingUndeclared, 0, o.Dimension+" "+o.ID)
				}
			}
		}
		var err error
		if v.SumOre, err = money.Sum(amounts...); err != nil || v.SumOre != 0 {
			f.found(FindingUnbalanced, 0, fmt.Sprintf("%s %s %s: %s", v.Series, v.Number, v.Day, v.SumOre.Decimal()))
		}
		if len(v.Rows) == 0 {
			f.found(FindingNoRows, 0, fmt.Sprintf("%s %s %s", v.Series, v.Number, v.Day))
		}
		if !f.within(v.Day) {
			f.found(FindingOutside, 0, fmt.Sprintf("%s %s %s", v.Series, v.Number, v.Day))
		}
	}
}

// within says whether a day lies in one of the accounting years; true where none is given.
func (f *File) within(day string) bool {
	given := false
	for _, y := range f.Years {
		if y.From == "" || y.To == "" {
			continue
		}
		if given = true; y.From <= day && day <= y.To {
			return true
		}
	}
	return !given || day == ""
}
