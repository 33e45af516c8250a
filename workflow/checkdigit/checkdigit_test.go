package checkdigit

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// remainder97 keeps a remainder; here the whole number is divided.
func TestMod97AgainstBigNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching(`[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}`).Draw(t, "code")
		var digits strings.Builder
		for _, r := range code[4:] + code[:4] {
			fmt.Fprint(&digits, strings.IndexRune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", r))
		}
		n, ok := new(big.Int).SetString(digits.String(), 10)
		if !ok {
			t.Fatal(digits.String())
		}
		if got, want := remainder97(code), int(n.Mod(n, big.NewInt(97)).Int64()); got != want {
			t.Fatalf("remainder97(%s) = %d, want %d", code, got, want)
		}
		whole := code[:2] + Mod97Digits(code[:2], code[4:]) + code[4:]
		if !Mod97(whole) {
			t.Fatalf("Mod97(%s) refuses the digits made for it", whole)
		}
	})
}
