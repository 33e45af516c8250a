package handlers

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"fund/workflow"
)

// takesPapers says whether this applicant may add a paper to the filed case: what a travel
// agency or an insurer answered, an invoice. What an answer to questions needs has its own page.
func takesPapers(k workflow.Case, by workflow.Actor, now time.Time) bool {
	if !k.App.IsFiled() || k.App.State == workflow.CompletionRequested || !k.App.IsApplicant(by.Person) {
		return false
	}
	_, err := workflow.Decide(k, by, &workflow.Attach{File: workflow.Attachment{Kind: "other"}}, k.App.Version, now)
	return err == nil
}

func papersHref(k workflow.Case) string { return pathOf("applications", k.App.ID, "papers") }

// grantPapersCase is a case that the caller may add a paper to.
func (s *Server) grantPapersCase(c *gin.Context) (workflow.Case, error) {
	k, err := s.caseOf(c)
	if err != nil {
		return k, err
	}
	now, err := s.store.Now(c.Request.Context())
	if err == nil && !takesPapers(k, actorOf(c), now) {
		err = workflow.ErrNotFound
	}
	return k, err
}

func (s *Server) showGrantPapers(c *gin.Context) error {
	k, err := s.grantPapersCase(c)
	if err != nil {
		return err
	}
	return s.drawGrantPapers(c, http.StatusOK, k, newForm(c))
}

func (s *Server) drawGrantPapers(c *gin.Context, status int, k workflow.Case, f *Form) error {
	return s.drawFiles(c, status, k, f, "grant.papers", paperFilesPage{Post: papersHref(k), Kind: "other", Case: Link{Href: homeOf(k, actorOf(c))}})
}

func (s *Server) postGrantPapers(c *gin.Context) error {
	k, err := s.grantPapersCase(c)
	if err != nil {
		return err
	}
	return s.keepFile(c, k, papersHref(k), s.drawGrantPapers)
}
