package handlers

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

//go:embed static
var staticFiles embed.FS

// staticPrefix is where Static is mounted.
const staticPrefix = "/static/"

// contentTypes are said by the program: a machine's own table of types may lack some.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

// Static serves the style sheets, the script, the fonts and the icon. Every
// file is known by a name that holds a hash of its bytes, so a browser may keep
// it for ever and a new release is seen at once. It is safe for use by many.
type Static struct {
	paths map[string]string // app.css → /static/app.1a2b3c4d5e.css
	files map[string]asset  // by the whole address
}

type asset struct {
	kind  string
	plain []byte
	gz    []byte // nil where it would not be smaller
}

// NewStatic reads the embedded files. It fails only if the program was built
// with a sheet that names a file which is not there.
func NewStatic() (*Static, error) {
	root, err := fs.Sub(staticFiles, "static")
	if err != nil {
		return nil, fmt.Errorf("static files: %w", err)
	}
	return newStatic(root)
}

func newStatic(root fs.FS) (*Static, error) {
	s := &Static{paths: map[string]string{}, files: map[string]asset{}}
	var names []string
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && contentTypes[path.Ext(name)] != "" {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("static files: %w", err)
	}
	// Sheets name fonts, so the hash of a sheet depends on theirs: sheets go last.
	sheet := func(name string) bool { return path.Ext(name) == ".css" }
	names = slices.Concat(slices.DeleteFunc(slices.Clone(names), sheet),
		slices.DeleteFunc(names, func(name string) bool { return !sheet(name) }))
	for _, name := range names {
		raw, err := fs.ReadFile(root, name)
		if err != nil {
			return nil, fmt.Errorf("static file %s: %w", name, err)
		}
		if err := s.add(name, raw); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// localURL finds what a sheet names without a scheme or a slash first.
var localURL = regexp.MustCompile(`url\("([a-z][^":]*)"\)`)

func (s *Static) add(name string, raw []byte) error {
	ext := path.Ext(name)
	if ext == ".css" {
		var missing string
		raw = localURL.ReplaceAllFunc(raw, func(m []byte) []byte {
			ref := string(localURL.FindSubmatch(m)[1])
			at, ok := s.paths[ref]
			if !ok {
				missing = ref
			}
			return []byte(`url("` + at + `")`)
		})
		if missing != "" {
			return fmt.Errorf("static file %s names %s, which is not there", name, missing)
		}
	}
	sum := sha256.Sum256(raw)
	at := staticPrefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	a := asset{kind: contentTypes[ext], plain: raw}
	if ext != ".woff2" { // fonts are compressed as they are
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return fmt.Errorf("static file %s: %w", name, err)
		}
		if _, err := w.Write(raw); err != nil {
			return fmt.Errorf("static file %s: %w", name, err)
		}
		if err := w.Close(); err != nil {
			return fmt.Errorf("static file %s: %w", name, err)
		}
		if b.Len() < len(raw) {
			a.gz = b.Bytes()
		}
	}
	s.paths[name], s.files[at] = at, a
	return nil
}

// Path gives the address of a file, as app.css. A name that does not exist is
// an error, so that a template that asks for it is never sent.
func (s *Static) Path(name string) (string, error) {
	at, ok := s.paths[name]
	if !ok {
		return "", fmt.Errorf("no static file %s", name)
	}
	return at, nil
}

// ServeHTTP answers GET and HEAD of /static/…; mount it with
// router.GET("/static/*file", gin.WrapH(static)) and the same for HEAD.
func (s *Static) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, ok := s.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	body := a.plain
	if a.gz != nil {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = a.gz
		}
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}
