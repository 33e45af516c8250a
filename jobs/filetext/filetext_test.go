package filetext

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fund/jobs/letter"
)

func zipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestReadingEnds takes the time away before the first page.
func TestReadingEnds(t *testing.T) {
	t.Parallel()
	var paper bytes.Buffer
	if err := letter.Encode(&paper, letter.Letter{Title: "Program", Date: time.Unix(1, 0)}); err != nil {
		t.Fatal(err)
	}
	if text, err := ofPDF(t.Context(), paper.Bytes()); err != nil || text == "" {
		t.Fatalf("in time: %q, %v", text, err)
	}
	late, cancel := context.WithCancel(t.Context())
	cancel()
	if text, err := ofPDF(late, paper.Bytes()); err == nil || text != "" {
		t.Errorf("out of time: %q, %v", text, err)
	}
}

func TestWordsOfFiles(t *testing.T) {
	t.Parallel()
	var paper bytes.Buffer
	if err := letter.Encode(&paper, letter.Letter{Title: "Avsiktsförklaring", Date: time.Unix(1, 0), Sections: []letter.Section{{Heading: "Plan", Paragraphs: []string{"Vi möts i Łódź på våren."}}}}); err != nil {
		t.Fatal(err)
	}
	docx := zipped(t, map[string]string{"word/document.xml": `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Första</w:t></w:r><w:r><w:tab/><w:t>raden</w:t></w:r></w:p><w:p><w:del><w:r><w:t>struken</w:t></w:r></w:del><w:r><w:t>Andra</w:t></w:r></w:p></w:body></w:document>`,
		"docProps/core.xml": `<a>Hemlig Författare</a>`})
	odt := zipped(t, map[string]string{"content.xml": `<o:document xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><t:h>Rubrik</t:h><t:p>Ett <t:span>ord</t:span><t:s/>till<o:annotation><t:p>anteckning</t:p></o:annotation></t:p></o:document>`, "meta.xml": `<a>Hemlig Författare</a>`})
	for _, tt := range []struct {
		name, kind string
		body       []byte
		want       []string
		never      string
	}{
		{"pdf", PDF, paper.Bytes(), []string{"Avsiktsförklaring", "Vi möts i Łódź på våren."}, "Internationella fonden"},
		{"docx", DOCX, docx, []string{"Första raden", "Andra"}, "struken"},
		{"odt", ODT, odt, []string{"Rubrik", "Ett ord till"}, "anteckning"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Of(tt.kind, tt.body)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("lacks %q: %q", want, got)
				}
			}
			if strings.Contains(got, tt.never) || strings.Contains(got, "Hemlig") {
				t.Errorf("tells what it should not: %q", got)
			}
		})
	}
	for name, c := range map[string]struct{ kind, body string }{"picture": {"image/png", "\x89PNG"}, "broken pdf": {PDF, "%PDF-1.4 x"}, "no zip": {DOCX, "x"}, "empty zip": {ODT, string(zipped(t, nil))}} {
		if got, err := Of(c.kind, []byte(c.body)); !errors.Is(err, ErrNoText) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add(PDF, []byte("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		if text, err := Of(kind, body); err == nil && text == "" {
			t.Error("no words and no fault")
		}
	})
}
