package clamd

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"fund/jobs/clamd/clamdtest"
)

// The server here is a fake that can also be away; real_test.go asks the real one.
func TestScan(t *testing.T) {
	t.Parallel()
	s := clamdtest.Start(t)
	c := Client{Addr: s.Addr, Timeout: 5 * time.Second}
	large := bytes.Repeat([]byte("x"), 3*chunk+17)
	for name, tt := range map[string]struct {
		file []byte
		want string
	}{"empty": {nil, ""}, "small": {[]byte("hej"), ""}, "many chunks": {large, ""}, "infected": {[]byte("a " + clamdtest.Signature), "Fund.Test.Signature"},
		"across chunks": {append(bytes.Repeat([]byte("x"), chunk-5), clamdtest.Signature...), "Fund.Test.Signature"}} {
		got, err := c.Scan(t.Context(), bytes.NewReader(tt.file))
		if err != nil || got.Signature != tt.want || got.Infected() != (tt.want != "") {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
	s.Away.Store(true)
	if _, err := c.Scan(t.Context(), strings.NewReader("hej")); !errors.Is(err, ErrAway) {
		t.Errorf("cut connection: %v", err)
	}
	if _, err := (Client{Addr: "127.0.0.1:1"}).Scan(t.Context(), strings.NewReader("hej")); !errors.Is(err, ErrAway) {
		t.Errorf("nobody there: %v", err)
	}
	for _, odd := range []string{"", "stream: ERROR", "INSTREAM size limit exceeded. ERROR", " FOUND"} {
		if _, err := verdict(odd); !errors.Is(err, ErrAway) {
			t.Errorf("%q is taken for a verdict", odd)
		}
	}
}
