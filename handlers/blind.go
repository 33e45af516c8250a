package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

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
	Files   []Fact
	Answers []Answer
}

// blindLeft lists the case's names that are left in what blind reviewers get,
// form and files alike, and how each file is shown to them.
func (s *Server) blindLeft(c *gin.Context, l lang.Lang, k workflow.Case) (left []string, files []Fact, err error) {
	raw, err := json.Marshal(workflow.Masked(k).App)
	if err != nil {
		return nil, nil, fmt.Errorf("masked case: %w", err)
	}
	files, inFiles, err := s.blindFacts(c, l, k)
	left = append(workflow.Leaks(k, string(raw)), inFiles...)
	slices.Sort(left)
	return slices.Compact(left), files, err
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
	left, files, err := s.blindLeft(c, l, k)
	if err != nil {
		return err
	}
	page := blindPage{
		Page:    p,
		Facts:   caseFacts(l, masked),
		Answers: formAnswers(l, masked.App.Form, ""),
		Files:   files,
		Note:    &Note{Kind: "good", Text: lang.T(l, "blind.clean")},
	}
	if len(left) > 0 {
		page.Note = &Note{Kind: "warn", Strong: lang.T(l, "blind.left", lang.Args{"Words": lang.List(l, left)})}
	}
	return s.page(c, http.StatusOK, "case/blind", page)
}
