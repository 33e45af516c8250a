package handlers

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fund/sql"
)

// deliveryReport is what a mail server writes about the mail with that number.
func deliveryReport(mail int64, action string) string {
	return strings.ReplaceAll(fmt.Sprintf(`From: MAILER-DAEMON@mail.example.org
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; teacher@example.org
Action: %s
Status: 5.1.1
Diagnostic-Code: smtp; 550 User unknown

--b1
Content-Type: text/rfc822-headers

Message-ID: <mail-%d@fund.test>

--b1--
`, action, mail), "\n", "\r\n")
}

// TestReturnedMailBecomesATask: a report that says failed makes its mail a task once,
// however often and by whichever way it comes; nobody learns of a mail of a case that isn't theirs.
func TestReturnedMailBecomesATask(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	var first, second, free int64
	err := v.store.InTx(t.Context(), func(tx *sql.Tx) (err error) {
		for _, m := range []struct {
			id  *int64
			app int64
		}{{&first, v.id}, {&second, v.id}, {&free, 0}} {
			if *m.id, _, err = tx.AddMail(t.Context(), sql.MailRow{Application: m.app, To: "teacher@example.org", Kind: "other", Lang: "sv", Subject: "Hej", Body: "Hej"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	send := func(who, raw string) reply {
		return v.call(who, http.MethodPost, "/mail-returns", raw, "Content-Type", "message/rfc822")
	}
	for _, who := range []string{"teacher", "head", "finance1", "admin", "auditor", "reviewer1"} {
		send(who, deliveryReport(first, "failed")).want(403)
	}
	send("officer", "Subject: Hej\r\n\r\nHej").want(422).has("errors.0.rule", "not_a_report")
	send("officer", deliveryReport(987654, "failed")).want(422).has("errors.0.rule", "no_mail_found")
	send("registrar", deliveryReport(second, "delayed")).want(200).has("task", false).has("returned_at", nil)
	send("registrar", deliveryReport(first, "failed")).want(200).has("task", true).has("repeated", false).has("to", "teacher@example.org")
	send("officer", deliveryReport(first, "failed")).want(200).has("task", true).has("repeated", true)
	send("officer", deliveryReport(free, "failed")).want(200).has("task", false).has("application", nil)
	v.says(v.get("officer", "/tasks", 200), "Mejl i retur")
	v.says(v.get("officer", fmt.Sprintf("/cases/%d/mails", v.id), 200), "5.1.1 550 User unknown")
	if err := v.store.BounceDone(context.WithoutCancel(t.Context()), v.actor("officer"), v.id, first, "Ringde."); err != nil {
		t.Fatal(err)
	}
	send("officer", deliveryReport(first, "failed")).want(200).has("task", false) // it was dealt with
	v.act("officer", v.path, "declare_interest", `{"conflict":true,"reason":"Släkt."}`)
	send("officer", deliveryReport(second, "failed")).want(422).has("errors.0.rule", "no_mail_found")

	upload := func(raw string, want int) string {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		part, err := m.CreateFormFile("file", "retur.eml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(raw)); err != nil {
			t.Fatal(err)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest(http.MethodPost, "/mail-returns", &body)
		req.Header.Set("Content-Type", m.FormDataContentType())
		return v.send("registrar", req, want)
	}
	v.says(v.get("registrar", "/mail-returns", 200), "Leveransrapport")
	v.says(upload("nonsens", 422), "Filen är ingen leveransrapport")
	upload(deliveryReport(second, "failed"), 303)
	v.says(v.get("registrar", fmt.Sprintf("/cases/%d/mails", v.id), 200), "550 User unknown")
}
