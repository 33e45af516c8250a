package xlsx

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// archive takes the parts of the workbook in any order and writes them by
// name, without times: the library hands over the sheets in the order of a map.
// Only compressed bytes are held. A part that is there already is not taken again.
type archive struct {
	out   io.Writer
	parts []*part
	only  string // take this part alone and write nothing
}

type part struct {
	name   string
	packed bytes.Buffer
	flate  *flate.Writer
	sum    hash.Hash32
	size   uint64
}

// Create begins a part; the one before is complete.
func (a *archive) Create(name string) (io.Writer, error) {
	if err := a.finish(); err != nil {
		return nil, err
	}
	if a.only != "" && name != a.only || slices.ContainsFunc(a.parts, func(p *part) bool { return p.name == name }) {
		return io.Discard, nil
	}
	p := &part{name: name, sum: crc32.NewIEEE()}
	var err error
	if p.flate, err = flate.NewWriter(&p.packed, flate.DefaultCompression); err != nil {
		return nil, fmt.Errorf("part %s: %w", name, err)
	}
	a.parts = append(a.parts, p)
	return p, nil
}

// AddFS is never asked for: a workbook has no files of its own.
func (a *archive) AddFS(fs.FS) error { return fmt.Errorf("part: a file system cannot be added") }

// Close writes the archive.
func (a *archive) Close() error {
	if err := a.finish(); err != nil || a.only != "" {
		return err
	}
	slices.SortFunc(a.parts, func(p, q *part) int { return strings.Compare(p.name, q.name) })
	z := zip.NewWriter(a.out)
	for _, p := range a.parts {
		w, err := z.CreateRaw(&zip.FileHeader{
			Name: p.name, Method: zip.Deflate, CRC32: p.sum.Sum32(),
			CompressedSize64: uint64(p.packed.Len()), UncompressedSize64: p.size,
		})
		if err != nil {
			return fmt.Errorf("part %s: %w", p.name, err)
		}
		if _, err := p.packed.WriteTo(w); err != nil {
			return fmt.Errorf("part %s: %w", p.name, err)
		}
	}
	return z.Close()
}

func (a *archive) finish() error {
	if len(a.parts) == 0 {
		return nil
	}
	last := a.parts[len(a.parts)-1]
	if last.flate == nil {
		return nil
	}
	if err := last.flate.Close(); err != nil {
		return fmt.Errorf("part %s: %w", last.name, err)
	}
	last.flate = nil
	return nil
}

func (p *part) Write(b []byte) (int, error) {
	n, err := p.flate.Write(b)
	p.sum.Write(b[:n]) // never fails
	p.size += uint64(n)
	return n, err
}
