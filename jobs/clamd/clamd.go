// Package clamd asks a clamd over TCP whether a file is infected, by its
// INSTREAM command: the file goes over the wire in chunks and is kept nowhere.
package clamd

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Client is a scanner at an address, host:port.
type Client struct {
	Addr    string
	Timeout time.Duration // for the whole scan; 0: one minute
}

// Verdict says what was found; Signature is empty for a clean file.
type Verdict struct{ Signature string }

// Infected tells whether something was found.
func (v Verdict) Infected() bool { return v.Signature != "" }

// ErrAway wraps every reason why a file could not be scanned now.
var ErrAway = errors.New("the virus scanner does not answer")

// chunk is well below clamd's StreamMaxLength; larger ones only cost memory.
const chunk = 64 << 10

// Scan sends a file and reads the verdict.
func (c Client) Scan(ctx context.Context, file io.Reader) (Verdict, error) {
	limit := c.Timeout
	if limit == 0 {
		limit = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", c.Addr)
	if err != nil {
		return Verdict{}, fmt.Errorf("%w: %w", ErrAway, err)
	}
	defer conn.Close()
	if end, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(end); err != nil {
			return Verdict{}, fmt.Errorf("%w: %w", ErrAway, err)
		}
	}
	sent := stream(conn, file)
	answer, err := bufio.NewReader(conn).ReadString(0)
	if err != nil && (answer == "" || !errors.Is(err, io.EOF)) {
		return Verdict{}, fmt.Errorf("%w: %w", ErrAway, errors.Join(sent, err))
	}
	return verdict(strings.TrimRight(answer, "\x00\n"))
}

// stream sends the command, the chunks with their lengths, and the empty one that ends them.
func stream(w io.Writer, file io.Reader) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return fmt.Errorf("command: %w", err)
	}
	buf := make([]byte, 4+chunk)
	for {
		n, err := io.ReadFull(file, buf[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(buf, uint32(n))
			if _, err := w.Write(buf[:4+n]); err != nil {
				return fmt.Errorf("chunk: %w", err)
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("file: %w", err)
		}
	}
	_, err := w.Write([]byte{0, 0, 0, 0})
	return err
}

// verdict reads "stream: OK" or "stream: <signature> FOUND"; anything else is no verdict.
func verdict(answer string) (Verdict, error) {
	text := strings.TrimPrefix(answer, "stream: ")
	if text == "OK" {
		return Verdict{}, nil
	}
	if name, ok := strings.CutSuffix(text, " FOUND"); ok && name != "" {
		return Verdict{Signature: name}, nil
	}
	return Verdict{}, fmt.Errorf("%w: it said %q", ErrAway, answer)
}
