package mail

import (
	"errors"
	"strings"
	"testing"
)

// report is a delivery report as mail servers write them.
func report(action, id, kind string) string {
	return strings.ReplaceAll(`From: MAILER-DAEMON@mail.example.org
To: fonden@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

I'm sorry.
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
Arrival-Date: Mon, 12 Jan 2026 10:00:00 +0100

Final-Recipient: rfc822; anna@example.org
Action: `+action+`
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1
 User unknown

--b1
Content-Type: `+kind+`

Message-ID: `+id+`
Subject: Beslut

--b1--
`, "\n", "\r\n")
}

func TestReadReturn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, raw string
		want      Return
		wrong     bool
	}{
		{"failed, whole mail", report("failed", "<mail-12@fonden.example.org>", "message/rfc822"), Return{12, "fonden.example.org", "failed", "5.1.1", "550 5.1.1 User unknown"}, false},
		{"delayed, head alone", report("Delayed", "<mail-7@fonden.example.org>", "text/rfc822-headers"), Return{7, "fonden.example.org", "delayed", "5.1.1", "550 5.1.1 User unknown"}, false},
		{"somebody else's mail", report("failed", "<1234@other.example.org>", "message/rfc822"), Return{}, true},
		{"a number too long", report("failed", "<mail-99999999999999999999@x.example>", "message/rfc822"), Return{}, true},
		{"without the mail", report("failed", "<mail-12@x.example>", "text/html"), Return{}, true},
		{"without an action", report("", "<mail-12@x.example>", "message/rfc822"), Return{}, true},
		{"an ordinary mail", "Subject: Hej\r\nContent-Type: text/plain\r\n\r\nHej", Return{}, true},
		{"nothing", "", Return{}, true},
		{"cut off", report("failed", "<mail-12@x.example>", "message/rfc822")[:300], Return{}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadReturn(strings.NewReader(tt.raw))
			if got != tt.want || errors.Is(err, ErrNoReport) != tt.wrong || err != nil != tt.wrong {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func FuzzReadReturn(f *testing.F) {
	f.Add(report("failed", "<mail-12@x.example>", "message/rfc822"))
	f.Fuzz(func(t *testing.T, raw string) {
		if r, err := ReadReturn(strings.NewReader(raw)); err == nil && (r.ID == 0 || r.Action == "") {
			t.Errorf("read %+v", r)
		}
	})
}
