package clamd

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// ownSignature is what the real scanner of the tests is told to look for.
const ownSignature = "the-funds-own-test-signature-and-no-virus"

// startClamd runs a real clamd with a signature of our own, and none of the world's.
func startClamd(t *testing.T) Client {
	t.Helper()
	program, err := exec.LookPath("clamd")
	if err != nil {
		if program = "/usr/sbin/clamd"; !exists(program) {
			if os.Getenv("FUND_TEST_STRICT") == "" {
				t.Skip("no clamd here; Debian has it as clamav-daemon")
			}
			t.Fatal("no clamd here; Debian has it as clamav-daemon")
		}
	}
	dir := t.TempDir()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"own.ndb":    "Fund.Own.Signature:0:*:" + hex.EncodeToString([]byte(ownSignature)) + "\n",
		"clamd.conf": fmt.Sprintf("DatabaseDirectory %s\nTemporaryDirectory %s\nTCPAddr 127.0.0.1\nTCPSocket %d\nForeground yes\nOfficialDatabaseOnly no\nStreamMaxLength 12M\n", dir, dir, port),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, program, "--config-file="+filepath.Join(dir, "clamd.conf"))
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	gone := make(chan error, 1)
	go func() { gone <- cmd.Wait() }()
	t.Cleanup(func() { stop(); <-gone })
	addr := fmt.Sprintf("127.0.0.1:%d", port)
	for range 300 {
		conn, err := net.DialTimeout("tcp", addr, time.Second)
		if err == nil {
			_ = conn.Close() // it was only to see whether somebody is there
			return Client{Addr: addr, Timeout: 20 * time.Second}
		}
		select {
		case err := <-gone:
			gone <- err
			t.Fatalf("clamd ended: %v\n%s", err, said.String())
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Fatalf("clamd does not listen:\n%s", said.String())
	return Client{}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// TestRealScanner holds the client against the scanner that it is made for.
func TestRealScanner(t *testing.T) {
	t.Parallel()
	c := startClamd(t)
	for name, tt := range map[string]struct {
		file []byte
		want string
	}{
		"clean":                   {[]byte("%PDF-1.4 ett program för resan"), ""},
		"larger than one chunk":   {bytes.Repeat([]byte("resan "), 3*chunk), ""},
		"ours":                    {[]byte("a " + ownSignature), "Fund.Own.Signature.UNOFFICIAL"},
		"ours, across two chunks": {append(bytes.Repeat([]byte("x"), chunk-9), ownSignature...), "Fund.Own.Signature.UNOFFICIAL"},
	} {
		if got, err := c.Scan(t.Context(), bytes.NewReader(tt.file)); err != nil || got.Signature != tt.want {
			t.Errorf("%s: %+v, %v, want %q", name, got, err, tt.want)
		}
	}
}
