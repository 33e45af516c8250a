package handlers

import (
	"bytes"
	"crypto/sha256"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/jobs/mail"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// mailReturnJSON is what a delivery report has led to.
type mailReturnJSON struct {
	Mail        int64  `json:"mail" doc:"The mail that the report is about."`
	Application *int64 `json:"application"`
	To          string `json:"to"`
	Action      string `json:"action" doc:"failed, delayed, delivered, relayed or expanded."`
	Status      string `json:"status" doc:"The status code, as 5.1.1 (RFC 3463)."`
	Returned    moment `json:"returned_at" doc:"When the mail was noted as returned; null: it was not."`
	Task        bool   `json:"task" doc:"Somebody has to find another way to reach the addressee."`
	Repeated    bool   `json:"repeated" doc:"The same report was taken in before."`
}

var docMailReturn = operation{
	summary:  "Take in a delivery report about a mail",
	text:     "A report as the mail server wrote it (RFC 3464, multipart/report), at most 5 MB. It is matched to the sent mail by Message-ID; one that says failed makes the mail a task of its case. Safe to send twice. By officer and registrar.",
	tag:      "operations",
	body:     "",
	bodyKind: "message/rfc822",
	answer:   mailReturnJSON{},
}

// takeReturn reads a report and takes it in.
func (s *Server) takeReturn(c *gin.Context, raw []byte) (mail.Return, sql.TakenReturn, error) {
	r, err := mail.ReadReturn(bytes.NewReader(raw))
	if err != nil {
		return r, sql.TakenReturn{}, workflow.Violations{{Field: "file", Code: "not_a_report"}}
	}
	out, err := s.store.TakeMailReturn(
		c.Request.Context(),
		actorOf(c),
		sql.MailReturn{Mail: r.ID, Failed: r.Failed(), Action: r.Action, Status: r.Status, Diagnostic: r.Diagnostic, Sum: sha256.Sum256(raw)},
	)
	return r, out, err
}

// postMailReturn is POST /mail-returns.
func (s *Server) postMailReturn(c *gin.Context) error {
	if err := sql.MayReturnMail(actorOf(c)); err != nil {
		return err
	}
	raw, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return bodyError(err)
	}
	r, out, err := s.takeReturn(c, raw)
	if err != nil {
		return err
	}
	return answer(
		c,
		http.StatusOK,
		mailReturnJSON{out.Mail.ID, idOrNull(out.Mail.Application), out.Mail.To, r.Action, r.Status, momentOf(out.Mail.BouncedAt), out.Task, out.Repeated},
		"",
	)
}

// mailReturnPage takes in a report by hand.
type mailReturnPage struct {
	Page
	Form *Form
	File Field
}

func (s *Server) mailReturnPages() []pageRoute {
	hands := []workflow.Role{workflow.Officer, workflow.Registrar}
	return []pageRoute{{method: http.MethodGet, path: "/mail-returns", do: s.showMailReturn, roles: hands},
		{method: http.MethodPost, path: "/mail-returns", do: s.postMailReturnPage, roles: hands, limit: mail.MaxReturn}}
}

func (s *Server) showMailReturn(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	return s.drawMailReturn(c, http.StatusOK, NewForm(l))
}

func (s *Server) drawMailReturn(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "mail_return.title")
	if err != nil {
		return err
	}
	p.Lead, p.Errors, p.Back = lang.T(p.Lang, "mail_return.lead"), f.Errors, toTasks(p.Lang)
	return s.page(
		c,
		status,
		"case/mail_return",
		mailReturnPage{Page: p, Form: f, File: Field{Form: f, Name: "file", Label: lang.T(p.Lang, "mail_return.file"), Accept: ".eml,message/rfc822"}},
	)
}

func (s *Server) postMailReturnPage(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	f := NewForm(l)
	raw, err := uploaded(c, "file")
	if err != nil {
		return err
	}
	_, out, err := s.takeReturn(c, raw)
	if again, err := refusedForm(f, err); err != nil {
		return err
	} else if again {
		return s.drawMailReturn(c, http.StatusUnprocessableEntity, f)
	}
	if out.Mail.BouncedAt == nil {
		return s.see(c, "/mail-returns", "mail_return.noted")
	}
	return s.see(c, "/mail-returns", "mail_return.taken", lang.Args{"To": out.Mail.To})
}
