package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// blindPage shows the officer what reviewers read in a blind round, and what of
// the case's names is left in it: the check before they are asked.
type blindPage struct {
	Page
	Note    *Note
	Facts   []Fact
	Answers []Answer
}

func (s *Server) showBlind(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	if !k.Round.Rules.BlindReview {
		return workflow.ErrNotFound
	}
	p, err := s.newPage(c, "blind.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Over, p.Lead, p.Back = k.App.DNR, lang.T(l, "blind.lead"), &Link{Text: lang.T(l, "act.back"), Href: fmt.Sprintf("/cases/%d", k.App.ID)}
	masked := workflow.Masked(k)
	raw, err := json.Marshal(masked.App)
	if err != nil {
		return fmt.Errorf("masked case: %w", err)
	}
	page := blindPage{Page: p, Facts: caseFacts(l, masked), Answers: formAnswers(l, masked.App.Form, ""), Note: &Note{Kind: "good", Text: lang.T(l, "blind.clean")}}
	if left := workflow.Leaks(k, string(raw)); len(left) > 0 {
		page.Note = &Note{Kind: "warn", Strong: lang.T(l, "blind.left", lang.Args{"Words": lang.List(l, left)})}
	}
	return s.page(c, http.StatusOK, "case/blind", page)
}
