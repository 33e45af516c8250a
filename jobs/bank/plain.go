package bank

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
)

// What a file has around its XML that says nothing: a version 1.1, which differs from 1.0
// only in characters that no bank writes and the decoder refuses, and what old systems
// and file transfers put behind the last element (Ctrl-Z, zeros).

var newerXML = regexp.MustCompile(`^\s*<\?xml\s+version\s*=\s*["']1\.(1)["']`)

// maxHead is more than any XML declaration takes.
const maxHead = 256

// plainXML reads a file without both. It stands before the decoder turns its charset.
func plainXML(in io.Reader) (io.Reader, error) {
	body := bufio.NewReader(&tailless{src: in})
	head, err := body.Peek(maxHead)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	at := newerXML.FindSubmatchIndex(head)
	if at == nil {
		return body, nil
	}
	start := bytes.Clone(head[:at[3]])
	start[at[2]] = '0'
	if _, err := body.Discard(len(start)); err != nil {
		return nil, err
	}
	return io.MultiReader(bytes.NewReader(start), body), nil
}

// maxTail is how much may stand behind the last element: a block of zeros.
const maxTail = 64 << 10

// tailless keeps back blanks, zeros and Ctrl-Z until something else comes after them:
// inside a file they are the decoder's to judge, at its end they are nothing.
type tailless struct {
	src  io.Reader
	next []byte // to hand out
	held []byte
	err  error
}

func (t *tailless) Read(p []byte) (int, error) {
	for len(t.next) == 0 {
		if t.err != nil {
			return 0, t.err
		}
		var buf [4096]byte
		var n int
		n, t.err = t.src.Read(buf[:])
		all := append(t.held, buf[:n]...)
		cut := len(bytes.TrimRight(all, "\x00\x1a \t\r\n"))
		if len(all)-cut > maxTail {
			cut = len(all)
		}
		t.next, t.held = all[:cut], bytes.Clone(all[cut:])
	}
	n := copy(p, t.next)
	t.next = t.next[n:]
	return n, nil
}
