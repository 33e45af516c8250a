package mail

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"fund/workflow/lang"
)

func message() Message {
	return Message{
		ID:      "mail-41.receipt",
		From:    "Internationella fonden, Skellefteå kommun <internationella.fonden@example.org>",
		To:      "Elin Marklund <teacher@example.org>",
		ReplyTo: "office@example.org",
		Subject: "Vi har tagit emot ansökan KS 2026/IF-0101",
		Heading: "Ansökan är inskickad",
		Text:    "Vi tog emot ansökan ”Baldergymnasiet <Pardubice>”.\n\nRad ett\r\nrad två",
		Button:  &Button{Label: "Se ditt ärende", URL: "https://fonden.example.org/applications/101?a=1&b=2"},
		After:   "Du behöver inte göra något nu.",
		Footer:  "Skriv inga elevnamn.\nInternationella enheten",
		Lang:    lang.SV,
		Date:    time.Date(2026, 9, 18, 12, 12, 5, 0, time.UTC),
	}
}

func encode(t *testing.T, m Message) string {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, m); err != nil {
		t.Fatalf("Encode: %v", err)
	}
	return b.String()
}

// parts reads a mail with the standard library, which did not write it.
func parts(t *testing.T, raw string) (mail.Header, map[string]string) {
	t.Helper()
	msg, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %q: %v", msg.Header.Get("Content-Type"), err)
	}
	got := map[string]string{}
	for r := multipart.NewReader(msg.Body, params["boundary"]); ; {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return msg.Header, got
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(part.Header.Get("Content-Type"), ";")
		got[kind] = strings.ReplaceAll(string(body), "\r\n", "\n")
	}
}

func TestMailSaysTheSameTwice(t *testing.T) {
	t.Parallel()
	header, body := parts(t, encode(t, message()))
	for name, want := range map[string]string{
		"Message-Id":       "<mail-41.receipt@example.org>",
		"Date":             "Fri, 18 Sep 2026 12:12:05 +0000",
		"Auto-Submitted":   "auto-generated",
		"Content-Language": "sv",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject")); err != nil || got != "Vi har tagit emot ansökan KS 2026/IF-0101" {
		t.Errorf("subject is %q (%v)", got, err)
	}
	from, err := header.AddressList("From")
	if err != nil || from[0].Name != "Internationella fonden, Skellefteå kommun" {
		t.Errorf("from is %v (%v)", from, err)
	}
	want := `Ansökan är inskickad

Vi tog emot ansökan ”Baldergymnasiet <Pardubice>”.

Rad ett
rad två

Se ditt ärende:
https://fonden.example.org/applications/101?a=1&b=2

Du behöver inte göra något nu.

-- 
Skriv inga elevnamn.
Internationella enheten
`
	if got := body["text/plain"]; strings.TrimRight(got, "\n") != strings.TrimRight(want, "\n") {
		t.Errorf("text is\n%s\nwant\n%s", got, want)
	}
	page := body["text/html"]
	for _, want := range []string{
		`<html lang="sv">`, "Ansökan är inskickad</h1>", "Baldergymnasiet &lt;Pardubice&gt;", "Rad ett<br>rad två",
		`href="https://fonden.example.org/applications/101?a=1&amp;b=2"`, "Se ditt ärende</a>", "Du behöver inte göra något nu.", "Internationella enheten</p>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("html lacks %s:\n%s", want, page)
		}
	}
	for _, never := range []string{"<img", "src=", "url(", "<script", "<link", "Pardubice>”"} {
		if strings.Contains(page, never) {
			t.Errorf("html holds %s", never)
		}
	}
	if got := strings.Count(page, "href="); got != 1 {
		t.Errorf("html holds %d links, want one", got)
	}
}

func TestSameMailSameBytes(t *testing.T) {
	t.Parallel()
	if a, b := encode(t, message()), encode(t, message()); a != b {
		t.Errorf("one mail was written in two ways:\n%s\n%s", a, b)
	}
}

func TestMailOfFewWords(t *testing.T) {
	t.Parallel()
	m := message()
	m.Heading, m.After, m.Footer, m.Button, m.ReplyTo, m.Lang = "", "", "", nil, "", lang.EN
	header, body := parts(t, encode(t, m))
	if header.Get("Reply-To") != "" || header.Get("Content-Language") != "en" {
		t.Errorf("header is %v", header)
	}
	if !strings.Contains(body["text/plain"], lang.T(lang.EN, "mail.footer")) || strings.Contains(body["text/html"], "href") {
		t.Errorf("parts are %v", body)
	}
}

func TestMailRefusesWhatCannotBeSent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(*Message)
	}{
		{"no id", func(m *Message) { m.ID = "" }},
		{"id with a line break", func(m *Message) { m.ID = "a\r\nBcc: x@example.org" }},
		{"id with two dots", func(m *Message) { m.ID = "a..b" }},
		{"no date", func(m *Message) { m.Date = time.Time{} }},
		{"no text", func(m *Message) { m.Text = " \n" }},
		{"no sender", func(m *Message) { m.From = "" }},
		{"sender without address", func(m *Message) { m.From = "Fonden" }},
		{"no addressee", func(m *Message) { m.To = "" }},
		{"two addressees", func(m *Message) { m.To = "a@example.org, b@example.org" }},
		{"two addressees with names", func(m *Message) { m.To = "A <a@example.org>, B <b@example.org>" }},
		{"addressee with a line break", func(m *Message) { m.To = "a@example.org\r\nBcc: b@example.org" }},
		{"name with a line break", func(m *Message) { m.To = "A\r\nBcc: x <b@example.org>" }},
		{"reply to nobody", func(m *Message) { m.ReplyTo = "nobody" }},
		{"relative link", func(m *Message) { m.Button.URL = "/applications/1" }},
		{"script as link", func(m *Message) { m.Button.URL = "javascript:alert(1)" }},
	} {
		m := message()
		tt.spoil(&m)
		if err := Encode(io.Discard, m); !errors.Is(err, ErrMalformed) || !Permanent(err) {
			t.Errorf("%s: got %v, want ErrMalformed", tt.name, err)
		}
	}
}

func TestSubjectIsOneLine(t *testing.T) {
	t.Parallel()
	m := message()
	m.Subject = "Beslut\r\nBcc: spion@example.org"
	header, _ := parts(t, encode(t, m))
	if header.Get("Bcc") != "" || header.Get("Subject") != "Beslut Bcc: spion@example.org" {
		t.Errorf("header is %v", header)
	}
}
