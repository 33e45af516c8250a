package sieread

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"slices"
	"strings"

	"fund/jobs/reading"
)

// MaxBytes is the size of the largest file that is read.
const MaxBytes = 20 << 20

// Why a file is refused as a whole.
var (
	ErrTooLarge = errors.New("file is larger than 20 MB")
	ErrEmpty    = errors.New("file is empty")
	ErrNoSIE    = errors.New("file is no SIE file")
	ErrCut      = errors.New("file is cut off inside a voucher")
	ErrXML      = errors.New("file is no well-formed SIE 5 entry")
)

var refusals = reading.Refusals{
	{
		Err:  ErrTooLarge,
		Code: "too_large",
		SV:   "Filen är större än 20 MB.",
		EN:   "The file is larger than 20 MB.",
	},
	{
		Err:  ErrEmpty,
		Code: "empty",
		SV:   "Filen är tom.",
		EN:   "The file is empty.",
	},
	{
		Err:  ErrNoSIE,
		Code: "no_sie",
		SV:   "Filen är ingen SIE-fil.",
		EN:   "The file is no SIE file.",
	},
	{
		Err:  ErrCut,
		Code: "cut_off",
		SV:   "Filen slutar mitt i en verifikation. Hämta den igen.",
		EN:   "The file ends inside a voucher. Fetch it again.",
	},
	{
		Err:  ErrXML,
		Code: "not_xml",
		SV:   "Filen är ingen hel SIE 5-fil.",
		EN:   "The file is no whole SIE 5 file.",
	},
}

// Refusal gives the code and the words for an error of Read that says that the file is
// refused; ok is false for any other error, such as a broken disk.
func Refusal(err error) (code, sv, en string, ok bool) {
	return refusals.Of(err)
}

// Read reads one file. When it is refused (see Refusal), the File still has the
// SHA-256 of its bytes, if they could be held.
func Read(src io.Reader) (File, error) {
	b, err := io.ReadAll(io.LimitReader(src, MaxBytes+1))
	switch {
	case err != nil:
		return File{}, fmt.Errorf("read SIE file: %w", err)
	case len(b) > MaxBytes:
		return File{}, fmt.Errorf("read SIE file: %w", ErrTooLarge)
	}
	sum := sha256.Sum256(b)
	f := File{
		SHA256:     hex.EncodeToString(sum[:]),
		Years:      []Year{},
		Dimensions: []Dimension{},
		Objects:    []Object{},
		Accounts:   []Account{},
		Balances:   []Balance{},
		Vouchers:   []Voucher{},
		Findings:   []Finding{},
	}
	wide := false
	b, wide = narrowed(b)
	if bytes.HasPrefix(bytes.TrimLeft(b, " \t\r\n"), []byte("<")) {
		err = readXML(&f, b)
	} else {
		err = readText(&f, b, wide)
	}
	if wide {
		f.Charset = utf16bom
	}
	if err != nil {
		return f, fmt.Errorf("read SIE file: %w", err)
	}
	f.judge()
	return f, nil
}

// reader is where the reading of a text file stands.
type reader struct {
	*File
	line    int
	records int
	inside  bool
	given   string // #SIETYP
	sum     hash.Hash32
	summing bool
}

// readText reads the letters as they are now; where they were wide, the file was in UTF-16.
func readText(f *File, b []byte, wide bool) error {
	f.Charset = charsetOf(b)
	r := &reader{File: f, sum: crc32.NewIEEE()}
	// DOS ended files with this byte, and some programs still do.
	if b = bytes.TrimRight(b, "\x1a\x00\r\n \t"); len(b) == 0 {
		return ErrEmpty
	}
	b = bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		r.line++
		pieces := parted(bytes.Trim(line, " \t"))
		if len(pieces) > 1 {
			r.found(FindingBraces, r.line, decode(line, r.Charset))
		}
		for _, piece := range pieces {
			if err := r.take(piece); err != nil {
				return err
			}
		}
	}
	switch {
	case r.records == 0:
		return ErrNoSIE
	case r.inside:
		return ErrCut
	}
	if r.summing {
		r.found(FindingChecksum, r.line, "#KSUMMA")
	}
	if wide {
		f.Charset = utf16bom
	}
	if f.Charset == utf8bom || f.Charset == latin1 || f.Charset == utf16bom {
		f.found(FindingCharset, 0, f.Charset)
	}
	r.settleType()
	return nil
}

// take reads one line.
func (r *reader) take(line []byte) error {
	switch string(line) {
	case "":
		return nil
	case "{":
		if r.inside || len(r.Vouchers) == 0 {
			r.found(FindingBraces, r.line, "{")
		}
		r.inside = len(r.Vouchers) > 0
		return nil
	case "}":
		if !r.inside {
			r.found(FindingBraces, r.line, "}")
		}
		r.inside = false
		return nil
	}
	rec, closed := parse(line)
	if !strings.HasPrefix(rec.label, "#") {
		if r.records == 0 {
			return ErrNoSIE
		}
		r.found(FindingNoRecord, r.line, decode(line, r.Charset))
		return nil
	}
	if r.records++; r.records == 1 && rec.label != "#FLAGGA" {
		r.found(FindingNoFlag, r.line, rec.label)
	}
	if !closed {
		r.found(FindingQuote, r.line, rec.label)
	}
	if rec.label == "#KSUMMA" {
		r.checksum(rec)
		return nil
	}
	if r.summing {
		r.sum.Write(rec.summed())
	}
	r.record(rec)
	return nil
}

// checksum starts the sum at the first #KSUMMA and holds it against the second one's.
func (r *reader) checksum(rec record) {
	if !r.summing {
		r.summing = true
		return
	}
	r.summing = false
	c := Checksum{Given: r.at(rec, 0), Computed: r.sum.Sum32()}
	// Some programs print the number with a sign.
	c.Right = c.Given == fmt.Sprint(c.Computed) || c.Given == fmt.Sprint(int32(c.Computed))
	if r.Checksum = &c; !c.Right {
		r.found(FindingChecksum, r.line, fmt.Sprintf("%s, %d", c.Given, c.Computed))
	}
}

// settleType tells 4I from 4E by what only 4E has, balances and corrected rows, and infers a type that
// is not given: without #SIETYP the format means type 1, but vouchers make it 4.
func (r *reader) settleType() {
	r.Type = r.given
	if r.Type == "" {
		r.found(FindingNoType, 0, "")
		if r.Type = "1"; len(r.Vouchers) > 0 {
			r.Type = "4"
		}
	}
	if !strings.Contains(" 1 2 3 4 ", " "+r.Type+" ") {
		r.found(FindingTypeOther, 0, r.Type)
	}
	if r.Type != "4" {
		return
	}
	if r.Type = "4I"; len(r.Balances) > 0 || slices.ContainsFunc(r.Vouchers, Voucher.corrected) {
		r.Type = "4E"
	}
}

func (v Voucher) corrected() bool {
	return slices.ContainsFunc(v.Rows, func(row Row) bool { return row.Kind != "" })
}
