package handlers

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

type mailsPage struct {
	Page
	Mails   []sql.MailRow
	Empty   Empty
	Officer bool // may say that a mail came back, and what was done about it
}

func (s *Server) showMails(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "mails.title")
	if err != nil {
		return err
	}
	by := actorOf(c)
	p.Over, p.Back = k.App.DNR, &Link{Text: lang.T(p.Lang, "act.back"), Href: homeOf(k, by)}
	mails, err := s.store.Mails(c.Request.Context(), by, k.App.ID)
	if err != nil {
		return err
	}
	if !by.Office() {
		mails = slices.DeleteFunc(mails, func(m sql.MailRow) bool { return m.To != by.Email })
	}
	slices.Reverse(mails)
	return s.page(
		c,
		http.StatusOK,
		"case/mails",
		mailsPage{Page: p, Mails: mails, Officer: by.Is(workflow.Officer), Empty: Empty{Title: lang.T(p.Lang, "mails.none")}},
	)
}

type versionPage struct {
	Page
	Answers []Answer
	Facts   []Fact
}

func (s *Server) showVersion(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil {
		return workflow.ErrNotFound
	}
	by := actorOf(c)
	row, err := s.store.Version(c.Request.Context(), by, k.App.ID, n)
	if err != nil {
		return err
	}
	form, wrong := workflow.DecodeForm(row.Form)
	if len(wrong) > 0 {
		return wrong
	}
	p, err := s.newPage(c, "case.version", lang.Args{"N": n})
	if err != nil {
		return err
	}
	p.Over, p.Back = k.App.DNR+" "+k.App.Form.Title, &Link{Text: lang.T(p.Lang, "act.back"), Href: homeOf(k, by)}
	answers := formAnswers(p.Lang, form, "")
	if n > 1 {
		if before, err := s.store.Version(c.Request.Context(), by, k.App.ID, n-1); err == nil {
			if old, wrong := workflow.DecodeForm(before.Form); len(wrong) == 0 {
				markChanges(answers, formAnswers(p.Lang, old, ""))
			}
		}
	}
	return s.page(
		c,
		http.StatusOK,
		"case/version",
		versionPage{
			Page:    p,
			Answers: answers,
			Facts:   []Fact{{Term: lang.T(p.Lang, "fact.received"), At: row.ReceivedAt}, {Term: lang.T(p.Lang, "fact.sum"), Hash: row.SHA256}},
		},
	)
}

// markChanges shows beside each answer how it stood in the version before, where it differs.
func markChanges(now, before []Answer) {
	for i := range now {
		for _, b := range before {
			if b.Term == now[i].Term && (b.Value != now[i].Value || !slices.Equal(b.Items, now[i].Items)) {
				was := strings.TrimSpace(b.Value + " " + strings.Join(b.Items, "; "))
				now[i].Was = &was
			}
		}
	}
}

func (s *Server) sendDocument(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	did, err := idOf(c, "did")
	if err != nil {
		return err
	}
	d, body, err := s.store.Document(c.Request.Context(), actorOf(c), id, did)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Disposition", disposition(d.Name, true))
	c.Data(http.StatusOK, d.Type, body)
	return nil
}

func (s *Server) sendAttachment(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	aid, err := idOf(c, "aid")
	if err != nil {
		return err
	}
	a, body, err := s.store.Attachment(c.Request.Context(), actorOf(c), id, aid)
	if err != nil {
		return err
	}
	defer body.Close()
	if err := openable(a, actorOf(c)); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Disposition", disposition(a.Name, false))
	c.Header("Content-Type", a.Type)
	c.Status(http.StatusOK)
	_, err = io.Copy(c.Writer, body)
	return err
}
