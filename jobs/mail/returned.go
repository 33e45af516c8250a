package mail

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
)

// Return is what a delivery report says of one of our mails (RFC 3464).
type Return struct {
	ID         int64  // of the mail, as in its Message-ID
	Domain     string // right of the @ in it
	Action     string // failed, delayed, delivered, relayed or expanded
	Status     string // 5.1.1
	Diagnostic string // the other server's words, on one line
}

// Failed tells whether the mail will never arrive.
func (r Return) Failed() bool { return r.Action == "failed" }

// ErrNoReport says that something is no delivery report, or of none of our mails.
var ErrNoReport = errors.New("no delivery report about a mail of ours")

// MaxReturn is the largest report that is read, in bytes: reports may carry the whole mail.
const MaxReturn = 5 << 20

// maxParts bounds what a hostile report can make us read.
const maxParts = 20

// ReadReturn reads a delivery report: multipart/report with message/delivery-status
// (RFC 3464 §2) and the mail, or its head, that it is about (RFC 6522).
func ReadReturn(r io.Reader) (Return, error) {
	msg, err := mail.ReadMessage(io.LimitReader(r, MaxReturn))
	if err != nil {
		return Return{}, fmt.Errorf("%w: %w", ErrNoReport, err)
	}
	kind, args, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || !strings.EqualFold(args["report-type"], "delivery-status") || args["boundary"] == "" {
		return Return{}, fmt.Errorf("%w: it is %q", ErrNoReport, kind)
	}
	var out Return
	parts := multipart.NewReader(msg.Body, args["boundary"])
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Return{}, fmt.Errorf("%w: %w", ErrNoReport, err)
		}
		switch kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type")); kind { // an unreadable kind is no part of ours
		case "message/delivery-status", "message/global-delivery-status":
			out.status(part)
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			out.original(part)
		}
	}
	if out.ID == 0 || out.Action == "" {
		return Return{}, fmt.Errorf("%w: mail %d, action %q", ErrNoReport, out.ID, out.Action)
	}
	return out, nil
}

// status reads the groups of fields; one that says failed rules (each of our mails has one addressee).
func (r *Return) status(part io.Reader) {
	t := textproto.NewReader(bufio.NewReader(part))
	for range maxParts {
		h, err := t.ReadMIMEHeader()
		if action := strings.ToLower(strings.TrimSpace(h.Get("Action"))); action != "" && !r.Failed() {
			r.Action, r.Status = action, strings.TrimSpace(h.Get("Status"))
			_, text, found := strings.Cut(h.Get("Diagnostic-Code"), ";")
			if !found {
				text = h.Get("Diagnostic-Code")
			}
			r.Diagnostic = cut(strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " "), 300)
		}
		if err != nil {
			return // the last group, or an unreadable one
		}
	}
}

func cut(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// ownID is the Message-ID that Encode writes for a stored mail.
var ownID = regexp.MustCompile(`^<mail-([0-9]{1,18})@([^<>@\s]+)>$`)

// original reads the head of the mail that came back.
func (r *Return) original(part io.Reader) {
	h, _ := textproto.NewReader(bufio.NewReader(part)).ReadMIMEHeader() // what was read before a fault is there
	m := ownID.FindStringSubmatch(strings.TrimSpace(h.Get("Message-Id")))
	if m == nil {
		return
	}
	r.ID, _ = strconv.ParseInt(m[1], 10, 64) // at most 18 digits
	r.Domain = m[2]
}
