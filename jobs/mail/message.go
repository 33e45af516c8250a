package mail

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"fund/workflow/lang"
)

// Message is one mail to one addressee.
type Message struct {
	ID      string // letters, digits, dot, hyphen, underscore; the same for each try
	From    string // an address, with or without a name: Fonden <fonden@example.org>
	To      string
	ReplyTo string // optional
	Subject string
	Heading string // optional
	Text    string // paragraphs with empty lines between
	Button  *Button
	After   string // optional words below the button
	Footer  string // by default lang's mail.footer
	Lang    lang.Lang
	Date    time.Time
}

// Button is the one link of a mail. URL is absolute, http or https.
type Button struct{ Label, URL string }

// ErrMalformed says that a message can never be sent as it is.
var ErrMalformed = errors.New("malformed message")

// idForm is what may stand left of the @ in a Message-ID (RFC 5322 §3.6.4),
// a part of it that needs no quoting.
var idForm = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

// Plain gives the text part, which is also what the rehearsal's mailbox shows.
func (m Message) Plain() string {
	var parts []string
	add := func(s string) {
		if s = strings.TrimSpace(lines(s)); s != "" {
			parts = append(parts, s)
		}
	}
	add(m.Heading)
	add(m.Text)
	if m.Button != nil {
		add(m.Button.Label + ":\n" + m.Button.URL)
	}
	add(m.After)
	// Two hyphens and a blank begin a signature, which mail programs set apart.
	return strings.Join(parts, "\n\n") + "\n\n-- \n" + strings.TrimSpace(lines(m.footer())) + "\n"
}

// lines gives every line break the same form.
func lines(s string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
}

func (m Message) footer() string {
	if m.Footer != "" {
		return m.Footer
	}
	return lang.T(m.Lang, "mail.footer")
}

// Encode writes the mail as it goes over the wire (RFC 5322).
func Encode(w io.Writer, m Message) error {
	msg, err := build(m)
	if err != nil {
		return err
	}
	if _, err := msg.WriteTo(w); err != nil {
		return fmt.Errorf("mail %s: %w", m.ID, err)
	}
	return nil
}

func build(m Message) (*gomail.Msg, error) {
	if !idForm.MatchString(m.ID) || m.Date.IsZero() || strings.TrimSpace(m.Text) == "" {
		return nil, fmt.Errorf("mail %.60q needs an id, a date and a text: %w", m.ID, ErrMalformed)
	}
	from, err := address(m.From)
	if err != nil {
		return nil, fmt.Errorf("mail %s, from %.80q: %w: %w", m.ID, m.From, ErrMalformed, err)
	}
	to, err := address(m.To)
	if err != nil {
		return nil, fmt.Errorf("mail %s, to %.80q: %w: %w", m.ID, m.To, ErrMalformed, err)
	}
	if m.Button != nil && !strings.HasPrefix(m.Button.URL, "https://") && !strings.HasPrefix(m.Button.URL, "http://") {
		return nil, fmt.Errorf("mail %s, link %.80q is not absolute: %w", m.ID, m.Button.URL, ErrMalformed)
	}
	page, err := m.HTML()
	if err != nil {
		return nil, err
	}

	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	msg.FromMailAddress(from)
	msg.SetAddrHeaderFromMailAddress(gomail.HeaderTo, to)
	if m.ReplyTo != "" {
		reply, err := address(m.ReplyTo)
		if err != nil {
			return nil, fmt.Errorf("mail %s, reply to %.80q: %w: %w", m.ID, m.ReplyTo, ErrMalformed, err)
		}
		msg.ReplyToMailAddress(reply)
	}
	msg.Subject(m.subject())
	msg.SetDateWithValue(m.Date)
	_, domain, _ := strings.Cut(from.Address, "@")
	msg.SetMessageIDWithValue(m.ID + "@" + domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers
	msg.SetGenHeader("Content-Language", string(m.language()))
	// The sum of the parts cannot stand in the parts, and is the same each time.
	msg.SetBoundary(fmt.Sprintf("%x", sha256.Sum224([]byte(m.ID+m.Plain()+page))))
	msg.SetBodyString(gomail.TypeTextPlain, m.Plain())
	msg.AddAlternativeString(gomail.TypeTextHTML, page)
	return msg, nil
}

// address reads one address, with or without a name. The name may hold a comma
// without being quoted, as names of municipal services do.
func address(s string) (*mail.Address, error) {
	open := strings.LastIndexByte(s, '<')
	if open < 0 || !strings.HasSuffix(s, ">") {
		return mail.ParseAddress(s)
	}
	name := strings.Trim(s[:open], "\" ")
	if strings.ContainsFunc(name, func(r rune) bool { return r == '<' || r == '>' || unicode.IsControl(r) }) {
		return nil, errors.New("more than one address, or a line break")
	}
	a, err := mail.ParseAddress(s[open:])
	if err != nil {
		return nil, err
	}
	a.Name = name
	return a, nil
}

// subject is one line, whatever a title may hold.
func (m Message) subject() string { return strings.Join(strings.Fields(m.Subject), " ") }

func (m Message) language() lang.Lang {
	if m.Lang == lang.EN {
		return lang.EN
	}
	return lang.SV
}
