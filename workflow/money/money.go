// Package money holds sums in integer öre and exact shares of them. No float
// is used anywhere, so a sum printed on a page, in a letter and in a bank file
// is the same to the last öre.
package money

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// SEK is a sum in öre (1/100 krona). In PostgreSQL it is a bigint.
type SEK int64

// ErrOverflow says that a sum does not fit into 64 bits.
var ErrOverflow = errors.New("sum overflows")

// Kronor gives a sum of whole kronor.
func Kronor(n int64) SEK { return SEK(n * 100) }

// Kronor gives the whole kronor of the sum, rounded down.
func (a SEK) Kronor() int64 {
	if a < 0 && a%100 != 0 {
		return int64(a)/100 - 1
	}
	return int64(a) / 100
}

// Decimal prints the sum for files: 12500.00, with a full stop and two decimals.
func (a SEK) Decimal() string { return a.print('.') }

// Comma prints the sum for Swedish tables: 12500,00.
func (a SEK) Comma() string { return a.print(',') }

func (a SEK) print(sep byte) string {
	sign := ""
	n := uint64(a)
	if a < 0 {
		sign, n = "-", uint64(-a)
	}
	return fmt.Sprintf("%s%d%c%02d", sign, n/100, sep, n%100)
}

// Sum adds sums and refuses to overflow.
func Sum(parts ...SEK) (SEK, error) {
	var total SEK
	for _, p := range parts {
		if p > 0 && total > math.MaxInt64-p || p < 0 && total < math.MinInt64-p {
			return 0, ErrOverflow
		}
		total += p
	}
	return total, nil
}

// Split divides a over weights so that the parts add up to a exactly. The öre
// that do not divide evenly go to the largest remainders, earliest first.
// Weights must not be negative; if all are zero the first part takes all.
func (a SEK) Split(weights ...int64) []SEK {
	parts := make([]SEK, len(weights))
	if len(weights) == 0 {
		return parts
	}
	total := new(big.Int)
	for _, w := range weights {
		total.Add(total, big.NewInt(w))
	}
	if total.Sign() == 0 {
		parts[0] = a
		return parts
	}
	rest := a
	remainder := make([]*big.Int, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		q, r := new(big.Int).DivMod(new(big.Int).Mul(big.NewInt(int64(a)), big.NewInt(w)), total, new(big.Int))
		parts[i], remainder[i], order[i] = SEK(q.Int64()), r, i
		rest -= parts[i]
	}
	sort.SliceStable(order, func(i, j int) bool { return remainder[order[i]].Cmp(remainder[order[j]]) > 0 })
	for i := 0; rest > 0; i++ {
		parts[order[i%len(order)]]++
		rest--
	}
	return parts
}

// Share is an exact fraction such as 0.75, kept as Num/Den with Den a power of ten.
type Share struct{ Num, Den int64 }

// ParseShare reads a decimal number such as "0.75" or "1". More than nine decimals are an
// error, and so is anything else.
func ParseShare(s string) (Share, error) {
	if _, frac, _ := strings.Cut(strings.TrimSpace(s), "."); len(frac) > 9 {
		return Share{}, fmt.Errorf("share %q has more than nine decimals", s)
	}
	return parseShare(s)
}

func parseShare(s string) (Share, error) {
	whole, frac, _ := strings.Cut(strings.TrimSpace(s), ".")
	n, err := strconv.ParseInt(whole+frac, 10, 64)
	if err != nil || whole == "" {
		return Share{}, fmt.Errorf("share %q is no decimal number", s)
	}
	den := int64(1)
	for range frac {
		den *= 10
	}
	return Share{n, den}, nil
}

// Of gives the share of a whole number, rounded down. It is exact for any
// amount that fits into 64 bits.
func (s Share) Of(n int64) int64 {
	if s.Den == 0 {
		return 0
	}
	q := new(big.Int).Mul(big.NewInt(n), big.NewInt(s.Num))
	return q.Div(q, big.NewInt(s.Den)).Int64()
}

// AtMost tells whether part/whole is at most this share. A whole of zero is.
func (s Share) AtMost(part, whole int64) bool {
	left := new(big.Int).Mul(big.NewInt(part), big.NewInt(s.Den))
	right := new(big.Int).Mul(big.NewInt(whole), big.NewInt(s.Num))
	return left.Cmp(right) <= 0
}

// Less orders shares.
func (s Share) Less(t Share) bool {
	if s.Den == 0 {
		s.Den = 1
	}
	if t.Den == 0 {
		t.Den = 1
	}
	left := new(big.Int).Mul(big.NewInt(s.Num), big.NewInt(t.Den))
	right := new(big.Int).Mul(big.NewInt(t.Num), big.NewInt(s.Den))
	return left.Cmp(right) < 0
}

// String prints the share as a decimal number without needless zeros: 0.75, 1, 0.8.
func (s Share) String() string {
	if s.Den <= 1 {
		return strconv.FormatInt(s.Num, 10)
	}
	sign := ""
	n := s.Num
	if n < 0 {
		sign, n = "-", -n
	}
	digits := len(strconv.FormatInt(s.Den, 10)) - 1
	frac := strings.TrimRight(fmt.Sprintf("%0*d", digits, n%s.Den), "0")
	if frac == "" {
		return sign + strconv.FormatInt(n/s.Den, 10)
	}
	return sign + strconv.FormatInt(n/s.Den, 10) + "." + frac
}

// Percent prints the share in percent: "75", "62.5".
func (s Share) Percent() string {
	if s.Den >= 100 { // fewer decimals rather than more digits, of which a share as JSON writes it may have many
		return Share{s.Num, s.Den / 100}.String()
	}
	return Share{s.Num * 100, max(s.Den, 1)}.String()
}

// MarshalJSON writes the share as a JSON number.
func (s Share) MarshalJSON() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalJSON reads a JSON number, also one as a program prints it: 8e-1, or
// the sixteen decimals of two thirds. Digits that no number of 64 bits has room for are left out.
func (s *Share) UnmarshalJSON(b []byte) error {
	text := string(b)
	if strings.ContainsAny(text, "eE") {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return &json.UnmarshalTypeError{Value: text, Type: reflect.TypeFor[Share]()}
		}
		text = strconv.FormatFloat(f, 'f', -1, 64)
	}
	if whole, frac, ok := strings.Cut(text, "."); ok {
		text = whole + "." + frac[:min(len(frac), max(0, 18-len(whole)))]
	}
	v, err := parseShare(text)
	if err != nil { // of this type, so that the reader of the whole can name the field
		return &json.UnmarshalTypeError{Value: string(b), Type: reflect.TypeFor[Share]()}
	}
	*s = v
	return nil
}
