package sqltest

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	fund "fund/sql"
)

// Counted opens the database at an address once more, and tells how many
// statements this store has sent since it was asked last: for tests of pages
// that must not ask once for each row. It listens to what the driver says
// (PostgreSQL's protocol, version 3), so nothing can be asked past it.
func Counted(t testing.TB, at string) (s *fund.Store, statements func() int64) {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var n atomic.Int64
	go welcome(door, u.Host, &n)
	u.Host = door.Addr().String()
	if s, err = fund.Open(context.Background(), u.String(), fund.Options{Wall: time.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		_ = door.Close() // nobody knocks any more
	})
	if _, err := s.Prepare(context.Background(), fund.RehearsalM, First); err != nil {
		t.Fatal(err)
	}
	n.Store(0)
	return s, func() int64 { return n.Swap(0) }
}

// welcome takes each connection on to the database, until the door is closed.
func welcome(door net.Listener, host string, n *atomic.Int64) {
	for {
		client, err := door.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", host)
		if err != nil {
			_ = client.Close() // the driver says what is wrong
			continue
		}
		go func() {
			_, _ = io.Copy(client, server)
			_ = client.Close()
		}()
		go func() {
			_ = listen(server, bufio.NewReader(client), n)
			_ = server.Close()
		}()
	}
}

// listen passes a client's messages on and counts its Bind ('B', a statement
// with arguments) and Query ('Q', one without). Only the first message has no
// letter before its length.
func listen(to io.Writer, from *bufio.Reader, n *atomic.Int64) error {
	for head := 0; ; head = 1 {
		start, err := from.Peek(head + 4)
		if err != nil {
			return err
		}
		if head == 1 && (start[0] == 'B' || start[0] == 'Q') {
			n.Add(1)
		}
		if _, err := io.CopyN(to, from, int64(head)+int64(binary.BigEndian.Uint32(start[head:]))); err != nil {
			return err
		}
	}
}
