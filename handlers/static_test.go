package handlers

import (
	"compress/gzip"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestStaticFilesAreKeptForEver(t *testing.T) {
	t.Parallel()
	s, err := NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	at, err := s.Path("app.css")
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", at, nil)
	r.Header.Set("Accept-Encoding", "gzip, br")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("GET %s: %d %v", at, w.Code, w.Header())
	}
	zr, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	css, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	font, err := s.Path("hanken-grotesk/latin.woff2")
	if err != nil || !strings.Contains(string(css), `url("`+font+`")`) {
		t.Errorf("the sheet does not name the font %s (%v)", font, err)
	}
	if strings.Contains(string(css), "url(\"hanken") {
		t.Error("the sheet names a font without its hash")
	}
}

func TestStaticAnswersOnlyWhatIsThere(t *testing.T) {
	t.Parallel()
	s, err := NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"/static/app.css", "/static/", "/static/SOURCES.md", "/static/../static.go", "/static/app.0000000000.css"} {
		r := httptest.NewRequest("GET", "http://x/", nil)
		r.URL.Path = at
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != 404 {
			t.Errorf("GET %s = %d, want 404", at, w.Code)
		}
	}
	if _, err := s.Path("app.scss"); err == nil {
		t.Error("a file that is not there has an address")
	}
}

func TestSheetMayNotNameWhatIsMissing(t *testing.T) {
	t.Parallel()
	_, err := newStatic(fstest.MapFS{"a.css": {Data: []byte(`a { src: url("gone.woff2") }`)}})
	if err == nil || !strings.Contains(err.Error(), "gone.woff2") {
		t.Errorf("error is %v, want one that names gone.woff2", err)
	}
}

func TestNameOfFileChangesWithItsBytes(t *testing.T) {
	t.Parallel()
	path := func(font string) string {
		s, err := newStatic(fstest.MapFS{"a.css": {Data: []byte(`a { src: url("b.woff2") }`)}, "b.woff2": {Data: []byte(font)}})
		if err != nil {
			t.Fatal(err)
		}
		at, err := s.Path("a.css")
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	if path("one") == path("two") {
		t.Error("a sheet keeps its name when its font changes, so browsers would keep the old one")
	}
}
