// Package dossier writes and proves the archive's package of a case: a zip with
// every file, and last a manifest with the SHA-256 of each. It knows nothing of
// the fund; what an event's hash covers is told to it.
package dossier

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"fund/jobs/plaintext"
)

// ManifestName is the last file of a package. SumsName is the one before it: the
// same hashes as the tool sha256sum reads them, so that a package can be proved
// with nothing but that.
const (
	ManifestName = "manifest.json"
	SumsName     = "SHA256SUMS"
)

// Manifest says what a package holds.
type Manifest struct {
	Format   string    `json:"format"`
	Case     string    `json:"case"`
	Title    string    `json:"title"`
	MadeAt   time.Time `json:"made_at"`
	MadeBy   string    `json:"made_by"`
	Events   int       `json:"events"`
	LastHash string    `json:"last_hash"`
	Files    []File    `json:"files"`
	LeftOut  []string  `json:"left_out,omitempty"`
	// ReadFirst are what somebody has to read before it is handed on, and why.
	ReadFirst []string `json:"read_first,omitempty"`
}

// File is one file of the package.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	What   string `json:"what"`
}

// Format is the name of this form of package.
const Format = "fund-case-package-1"

// Writer streams a package; nothing of it is held but the list of files.
type Writer struct {
	zip *zip.Writer
	m   Manifest
}

// New begins a package.
func New(w io.Writer, m Manifest) *Writer {
	m.Format, m.Files = Format, []File{}
	return &Writer{zip: zip.NewWriter(w), m: m}
}

// Plain writes a file's own name so that it is the same wherever it is unpacked: in ASCII, as an
// unpacking program in another locale writes å its own way and SHA256SUMS would not find the file, and
// without what Windows refuses.
func Plain(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == ' ' || strings.ContainsRune(forbidden, r) {
			return '-'
		}
		return r
	}, plaintext.Payment(name, plaintext.ASCII))
	return strings.TrimRight(name, ".") // which Windows leaves out
}

// forbidden are what a name on Windows cannot hold, and what parts folders.
const forbidden = `<>:"/\|?*`

// Add puts a file into the package.
func (w *Writer) Add(name, what string, r io.Reader) error {
	if strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || r != '/' && strings.ContainsRune(forbidden, r) }) {
		return fmt.Errorf("package: %q is no name that every system reads", name)
	}
	if slices.ContainsFunc(w.m.Files, func(f File) bool { return f.Name == name }) {
		return fmt.Errorf("package: %s stands twice", name)
	}
	out, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.m.MadeAt})
	if err != nil {
		return fmt.Errorf("package %s: %w", name, err)
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, sum), r)
	if err != nil {
		return fmt.Errorf("package %s: %w", name, err)
	}
	w.m.Files = append(w.m.Files, File{name, n, hex.EncodeToString(sum.Sum(nil)), what})
	return nil
}

// JSON adds a value as indented JSON.
func (w *Writer) JSON(name, what string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("package %s: %w", name, err)
	}
	return w.Add(name, what, strings.NewReader(string(b)+"\n"))
}

// LeaveOut notes something that is not in the package, and why.
func (w *Writer) LeaveOut(why string) { w.m.LeftOut = append(w.m.LeftOut, why) }

// sums are the hashes in the form of sha256sum.
func (w *Writer) sums() string {
	var b strings.Builder
	for _, f := range w.m.Files {
		fmt.Fprintf(&b, "%s  %s\n", f.SHA256, f.Name)
	}
	return b.String()
}

// Close writes the sums and the manifest, and ends the package.
func (w *Writer) Close() error {
	if err := w.Add(SumsName, "the hashes of the files before this one, for sha256sum -c", strings.NewReader(w.sums())); err != nil {
		return err
	}
	out, err := w.zip.CreateHeader(&zip.FileHeader{Name: ManifestName, Method: zip.Deflate, Modified: w.m.MadeAt})
	if err != nil {
		return fmt.Errorf("package manifest: %w", err)
	}
	b, err := json.MarshalIndent(w.m, "", "  ")
	if err != nil {
		return fmt.Errorf("package manifest: %w", err)
	}
	if _, err := out.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("package manifest: %w", err)
	}
	return w.zip.Close()
}

// ErrBroken says that a package is not as it was made.
var ErrBroken = errors.New("the package is not as it was made")

// maxFile bounds what a file may unpack to.
const maxFile = 1 << 30

// Verify proves a package by its own manifest: every file is there once with its
// hash, and nothing else is. read sees each file's bytes that it wants.
func Verify(r io.ReaderAt, size int64, read func(name string, body []byte) error) (Manifest, error) {
	var m Manifest
	z, err := zip.NewReader(r, size)
	if err != nil {
		return m, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	i := slices.IndexFunc(z.File, func(f *zip.File) bool { return f.Name == ManifestName })
	if i < 0 {
		return m, fmt.Errorf("%w: no manifest", ErrBroken)
	}
	raw, err := whole(z.File[i])
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(raw, &m); err != nil || m.Format != Format {
		return m, fmt.Errorf("%w: the manifest is not of the form %s", ErrBroken, Format)
	}
	left := map[string]File{}
	for _, f := range m.Files {
		left[f.Name] = f
	}
	for n, f := range z.File {
		if n == i {
			continue
		}
		want, ok := left[f.Name]
		if !ok {
			return m, fmt.Errorf("%w: %s is not in the manifest, or stands twice", ErrBroken, f.Name)
		}
		delete(left, f.Name)
		body, err := whole(f)
		if err != nil {
			return m, err
		}
		if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != want.SHA256 || int64(len(body)) != want.Bytes {
			return m, fmt.Errorf("%w: %s was changed", ErrBroken, f.Name)
		}
		if read != nil {
			if err := read(f.Name, body); err != nil {
				return m, fmt.Errorf("%w: %s: %w", ErrBroken, f.Name, err)
			}
		}
	}
	for name := range left {
		return m, fmt.Errorf("%w: %s is missing", ErrBroken, name)
	}
	return m, nil
}

func whole(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrBroken, f.Name, err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxFile))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrBroken, f.Name, err)
	}
	return b, nil
}
