package money

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestSplitLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := SEK(rapid.Int64Range(0, 1e12).Draw(t, "whole"))
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1000), 1, 20).Draw(t, "weights")
		if got, err := Sum(whole.Split(weights...)...); err != nil || got != whole {
			t.Fatalf("parts add up to %d, want %d (%v)", got, whole, err)
		}
	})
}

func TestSumRefusesOverflow(t *testing.T) {
	t.Parallel()
	if _, err := Sum(math.MaxInt64, 1); err == nil {
		t.Fatal("overflow was accepted")
	}
	if _, err := Sum(math.MinInt64, -1); err == nil {
		t.Fatal("underflow was accepted")
	}
}

func TestShareRoundsDown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		share string
		of    int64
		want  int64
	}{{"0.75", 164430, 123322}, {"0.75", 478650, 358987}, {"0.80", 81000, 64800}, {"0.8", 88350, 70680}, {"1", 7, 7}, {"0.5", 1, 0}, {"0.75", math.MaxInt64 / 4, 1729382256910270463}} {
		s, err := ParseShare(tt.share)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Of(tt.of); got != tt.want {
			t.Errorf("%s of %d = %d, want %d", tt.share, tt.of, got, tt.want)
		}
	}
}

func TestShareReadsAndWritesJSON(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"0.75": "0.75", "0.80": "0.8", "1.0": "1", "0.05": "0.05"} {
		var s Share
		if err := json.Unmarshal([]byte(in), &s); err != nil {
			t.Fatal(err)
		}
		b, _ := json.Marshal(s)
		if string(b) != want {
			t.Errorf("%s is written %s, want %s", in, b, want)
		}
	}
	for in, want := range map[string]string{"8e-1": "0.8", "1e-7": "0.0000001", "1e-300": "0", "0.6666666666666666": "0.6666666666666666", "0.30000000000000004": "0.30000000000000004",
		"0.1234567890123456789012": "0.12345678901234567", "-0.5": "-0.5", "1000000000000.123456789": "1000000000000.12345"} { // as programs print numbers
		var s Share
		if err := json.Unmarshal([]byte(in), &s); err != nil || s.String() != want {
			t.Errorf("%s is read as %s (%v), want %s", in, s, err, want)
		}
	}
	if got := (Share{Num: 99999999999999999, Den: 100000000000000000}).Percent(); got != "99.999999999999999" {
		t.Errorf("percent of many decimals: %s", got)
	}
	for _, bad := range []string{`"a"`, `.5`, `{}`} {
		var s Share
		if err := json.Unmarshal([]byte(bad), &s); err == nil {
			t.Errorf("%s was accepted as %s", bad, s)
		}
	}
}

func TestDecimalPrintsFromTheInteger(t *testing.T) {
	t.Parallel()
	for in, want := range map[SEK]string{1250000: "12500.00", -5: "-0.05", 0: "0.00", 105: "1.05"} {
		if got := in.Decimal(); got != want {
			t.Errorf("%d prints %s, want %s", int64(in), got, want)
		}
	}
}
