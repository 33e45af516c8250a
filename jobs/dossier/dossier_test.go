package dossier

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// TestNamesAreTheSameEverywhere: an unpacking program in another locale writes å its own way, and Windows
// refuses some signs; SHA256SUMS must find each file all the same.
func TestNamesAreTheSameEverywhere(t *testing.T) {
	t.Parallel()
	w := New(io.Discard, Manifest{})
	for name, want := range map[string]string{
		"Avsiktsförklaring (två): \"utkast\"?.pdf": "Avsiktsforklaring-(tva)--'utkast'-.pdf",
		"A\u030angstro\u0308m.pdf":                 "Angstrom.pdf",
		"信.pdf":                                    "..pdf",
		"slut.":                                    "slut",
	} {
		if got := Plain(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
		if err := w.Add("attachments/1-"+Plain(name), "", strings.NewReader("")); err != nil {
			t.Error(err)
		}
		if err := w.Add("attachments/2-"+name, "", strings.NewReader("")); err == nil && name != "slut." {
			t.Errorf("%q is taken as it is", name)
		}
	}
}

func made(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := New(&b, Manifest{Case: "IF 2026-0001", MadeAt: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)})
	for _, err := range []error{w.Add("a.txt", "ord", strings.NewReader("ett")), w.JSON("b.json", "tal", map[string]int{"n": 2}), w.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Add("a.txt", "igen", strings.NewReader("")); err == nil {
		t.Error("a name stands twice")
	}
	return b.Bytes()
}

// changed copies the package, asking for each file what becomes of it; nil leaves it out.
func changed(t *testing.T, raw []byte, change func(name string, body []byte) []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if body = change(f.Name, body); body == nil {
			continue
		}
		w, err := out.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestVerifySeesEveryChange(t *testing.T) {
	t.Parallel()
	raw := made(t)
	verify := func(raw []byte) error {
		_, err := Verify(bytes.NewReader(raw), int64(len(raw)), nil)
		return err
	}
	same := func(_ string, b []byte) []byte { return b }
	if err := verify(changed(t, raw, same)); err != nil {
		t.Fatalf("a good package: %v", err)
	}
	for name, change := range map[string]func(string, []byte) []byte{
		"a changed file": func(n string, b []byte) []byte {
			if n == "a.txt" {
				return []byte("två")
			}
			return b
		},
		"a missing file": func(n string, b []byte) []byte {
			if n == "b.json" {
				return nil
			}
			return b
		},
		"no manifest": func(n string, b []byte) []byte {
			if n == ManifestName {
				return nil
			}
			return b
		},
		"a file that the manifest does not know": func(n string, b []byte) []byte {
			if n == ManifestName {
				return bytes.ReplaceAll(b, []byte(`"a.txt"`), []byte(`"c.txt"`))
			}
			return b
		},
	} {
		if err := verify(changed(t, raw, change)); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := verify([]byte("PK")); !errors.Is(err, ErrBroken) {
		t.Errorf("no zip at all: %v", err)
	}
}
