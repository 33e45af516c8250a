package table

import (
	"bytes"
	"testing"
)

func TestEncodeKeepsNumbersBareAndDefusesWords(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	err := Encode(&b, []string{"Namn", "Tal"}, [][]string{{"Å; ä", "-12"}, {"=1+1", "2026-11-25"}, {"-SUM(A1)", "3,5"}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "\ufeffNamn;Tal\r\n\"Å; ä\";-12\r\n\"'=1+1\";2026-11-25\r\n\"'-SUM(A1)\";3,5\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := Encode(&b, []string{"Namn"}, [][]string{{"a", "b"}}); err == nil {
		t.Error("a row wider than its header is written")
	}
}
