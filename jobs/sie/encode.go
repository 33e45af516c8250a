package sie

import (
	"fmt"
	"io"
	"iter"
	"strconv"
)

// Encode writes the file. It holds one voucher and the own voucher numbers
// seen so far, nothing else. After an error w has part of a file, which must not
// leave the system.
//
// Errors name voucher and field; one from vouchers is wrapped.
func Encode(w io.Writer, f File, vouchers iter.Seq2[Voucher, error]) error {
	if err := f.Validate(); err != nil {
		return fmt.Errorf("sie: %w", err)
	}
	declared, err := f.declared()
	if err != nil {
		return fmt.Errorf("sie: %w", err)
	}
	out := newWriter(w)
	f.header(out)
	count, numbers := 0, map[string]bool{}
	for v, err := range vouchers {
		if err != nil {
			return fmt.Errorf("sie: next voucher: %w", err)
		}
		if err := v.Validate(); err != nil {
			return fmt.Errorf("sie: %w", err)
		}
		if err := v.within(f, declared); err != nil {
			return fmt.Errorf("sie: %w", err)
		}
		if v.Number != "" {
			if numbers[v.Number] {
				return fmt.Errorf("sie: voucher %q: number: %s is given twice", v.Text, v.Number)
			}
			numbers[v.Number] = true
		}
		v.write(out, f.Series)
		if out.err != nil {
			return fmt.Errorf("sie: voucher %q: %w", v.Text, out.err)
		}
		count++
	}
	if count == 0 {
		return fmt.Errorf("sie: vouchers: none")
	}
	if !f.NoChecksum {
		out.summing = false
		out.record("#KSUMMA", bare(strconv.FormatUint(uint64(out.sum.Sum32()), 10)))
	}
	if out.err == nil {
		out.err = out.out.Flush()
	}
	if out.err != nil {
		return fmt.Errorf("sie: %w", out.err)
	}
	return nil
}

func (f File) header(w *writer) {
	w.record("#FLAGGA", bare("0")) // 1 is set by the reader: already read in
	if !f.NoChecksum {
		w.record("#KSUMMA")
		w.summing = true
	}
	w.record("#PROGRAM", quote(f.Program), quote(f.Version))
	w.record("#FORMAT", bare("PC8"))
	w.record("#GEN", bare(date(f.Generated)), quote(f.By))
	w.record("#SIETYP", bare("4"))
	if f.Note != "" {
		w.record("#PROSA", quote(f.Note))
	}
	w.record("#ORGNR", bare(f.OrgNo[:6]+"-"+f.OrgNo[6:]))
	w.record("#FNAMN", quote(f.Company))
	w.record("#RAR", bare("0"), bare(date(f.YearStart)), bare(date(f.YearEnd)))
	if f.ChartType != "" {
		w.record("#KPTYP", quoteCode(f.ChartType))
	}
	w.record("#VALUTA", bare("SEK"))
	for _, d := range f.Dimensions {
		w.record("#DIM", number(d.Number), quote(d.Name))
	}
	for _, o := range f.Objects {
		w.record("#OBJEKT", number(o.Dimension), quoteCode(o.ID), quote(o.Name))
	}
	for _, a := range f.Accounts {
		w.record("#KONTO", bare(a.Number), quote(a.Name))
	}
}

func (v Voucher) write(w *writer, series string) {
	fields := []field{quoteCode(series), quoteCode(v.Number), bare(date(v.Day)), quote(v.Text)}
	if !v.Registered.IsZero() {
		fields = append(fields, bare(date(v.Registered)))
	}
	w.record("#VER", fields...)
	w.brace("{")
	for _, r := range v.Rows {
		var refs []field
		for _, o := range r.Objects {
			refs = append(refs, number(o.Dimension), quoteCode(o.ID))
		}
		fields := []field{bare(r.Account), objects(refs), bare(r.Amount.Decimal()), bare(date(v.Day))}
		if r.Text != "" {
			fields = append(fields, quote(r.Text))
		}
		w.indented("   ", "#TRANS", fields...)
	}
	w.brace("}")
}
