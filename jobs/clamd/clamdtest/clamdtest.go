// Package clamdtest is a fake clamd for tests: a real small TCP server that
// speaks INSTREAM and finds one signature of its own. It is no virus scanner.
package clamdtest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync/atomic"
	"testing"
)

// Signature is what the fake takes for a virus.
const Signature = "FUND-TEST-SIGNATURE"

// Server is the fake. Away cuts every connection, as a scanner does that restarts.
type Server struct {
	Addr string
	Away atomic.Bool
	Seen atomic.Int64 // files scanned
}

// Start serves on a free port until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &Server{Addr: l.Addr().String()}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return s
}

func (s *Server) serve(conn net.Conn) {
	defer conn.Close()
	if s.Away.Load() {
		return
	}
	r := bufio.NewReader(conn)
	if command, err := r.ReadString(0); err != nil || command != "zINSTREAM\x00" {
		_, _ = io.WriteString(conn, "UNKNOWN COMMAND\x00")
		return
	}
	var file bytes.Buffer
	for {
		var n uint32
		if binary.Read(r, binary.BigEndian, &n) != nil {
			return
		}
		if n == 0 {
			break
		}
		if n > 25<<20 {
			_, _ = io.WriteString(conn, "INSTREAM size limit exceeded. ERROR\x00")
			return
		}
		if _, err := io.CopyN(&file, r, int64(n)); err != nil {
			return
		}
	}
	s.Seen.Add(1)
	answer := "stream: OK\x00"
	if bytes.Contains(file.Bytes(), []byte(Signature)) {
		answer = "stream: Fund.Test.Signature FOUND\x00"
	}
	_, _ = io.WriteString(conn, answer)
}
