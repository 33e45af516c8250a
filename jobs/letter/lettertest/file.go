// Package lettertest holds a PDF of ours against the parts of PDF/A-2b and of a
// tagged file that can be read from its bytes. It is no validator: it knows only
// files laid out as ours are, and reads them by its own hand, not by the writer's.
package lettertest

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// file is a PDF: the text of each object's dictionary and its unpacked stream.
type file struct {
	dicts   map[int]string
	streams map[int][]byte
	trailer string
}

var (
	startAt = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`)
	row     = regexp.MustCompile(`(?m)^(\d{10}) 00000 n $`)
	ref     = regexp.MustCompile(`(\d+) 0 R`)
)

func read(pdf []byte) (*file, error) {
	m := startAt.FindSubmatch(pdf)
	if m == nil {
		return nil, fmt.Errorf("the file does not end as a PDF does")
	}
	at, err := strconv.Atoi(string(m[1]))
	if err != nil || at > len(pdf) || !bytes.HasPrefix(pdf[at:], []byte("xref\n0 ")) {
		return nil, fmt.Errorf("no table of objects at %d", at)
	}
	f := &file{dicts: map[int]string{}, streams: map[int][]byte{}}
	table, trailer, found := strings.Cut(string(pdf[at:]), "trailer\n")
	if !found {
		return nil, fmt.Errorf("no trailer")
	}
	f.trailer = trailer
	for i, m := range row.FindAllStringSubmatch(table, -1) {
		begin, _ := strconv.Atoi(m[1]) // digits only
		if err := f.object(i+1, pdf[min(begin, at):at]); err != nil {
			return nil, fmt.Errorf("object %d: %w", i+1, err)
		}
	}
	return f, nil
}

func (f *file) object(n int, b []byte) error {
	b, found := bytes.CutPrefix(b, fmt.Appendf(nil, "%d 0 obj\n", n))
	if !found {
		return fmt.Errorf("is not where the table says")
	}
	end, stream := bytes.Index(b, []byte("endobj")), bytes.Index(b, []byte("stream\n"))
	if stream < 0 || end < stream {
		f.dicts[n] = string(b[:max(end, 0)])
		return nil
	}
	dict := string(b[:stream])
	f.dicts[n] = dict
	size, err := strconv.Atoi(value(dict, "Length"))
	if err != nil || stream+7+size > len(b) {
		return fmt.Errorf("length of the stream: %q", value(dict, "Length"))
	}
	body := b[stream+7 : stream+7+size]
	if !bytes.HasPrefix(b[stream+7+size:], []byte("\nendstream")) {
		return fmt.Errorf("the stream does not end where its length says")
	}
	if strings.Contains(dict, "/FlateDecode") {
		z, err := zlib.NewReader(bytes.NewReader(body))
		if err != nil {
			return err
		}
		if body, err = io.ReadAll(z); err != nil {
			return err
		}
	}
	f.streams[n] = body
	return nil
}

// value is the simple value of a key: a number, a name, or a reference's number.
func value(dict, key string) string {
	for {
		_, rest, found := strings.Cut(dict, "/"+key)
		if !found {
			return ""
		}
		if trimmed := strings.TrimLeft(rest, " \n"); len(trimmed) < len(rest) || strings.HasPrefix(rest, "/") {
			trimmed = strings.TrimPrefix(trimmed, "/")
			if end := strings.IndexAny(trimmed, " \n/<>[]()"); end >= 0 {
				trimmed = trimmed[:end]
			}
			return trimmed
		}
		dict = rest
	}
}

// at follows a reference.
func (f *file) at(dict, key string) (int, string) {
	n, _ := strconv.Atoi(value(dict, key)) // no number leads to no object
	return n, f.dicts[n]
}

// list is the references of an array.
func list(dict, key string) (all []int) {
	m := regexp.MustCompile(`/` + key + `\s*\[([^\]]*)\]`).FindStringSubmatch(dict)
	if m == nil {
		return nil
	}
	for _, r := range ref.FindAllStringSubmatch(m[1], -1) {
		n, _ := strconv.Atoi(r[1]) // digits only
		all = append(all, n)
	}
	return all
}
