package handlers

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// letterPeople are those who may see to a translation: everyone who holds and
// releases letters, but who is in conflict.
func (s *Server) letterPeople(c *gin.Context, k workflow.Case) (list []Option, err error) {
	seen := map[int64]bool{}
	people, err := s.store.Everyone(c.Request.Context())
	people = slices.DeleteFunc(people, func(p workflow.Person) bool { return !workflow.HoldsLetters(workflow.Actor{Person: p}) })
	if err == nil {
		k, err = s.withConflicts(c, k, people)
	}
	if err != nil {
		return nil, err
	}
	for _, role := range []workflow.Role{workflow.Officer, workflow.Head, workflow.Secretary} {
		for _, p := range people {
			if p.Is(role) && !seen[p.ID] && !workflow.Barred(k, p) {
				seen[p.ID] = true
				list = append(list, Option{Value: p.Email, Text: p.Name})
			}
		}
	}
	return list, nil
}

// prefillTranslation puts in what is known: the language asked for, and of an open task all.
func prefillTranslation(f *Form, x prior) {
	f.Set("lang", x.k.App.Form.Applicant.Language)
	if asked := x.k.App.Translation; asked.Open() {
		f.Set("lang", asked.Lang)
		f.Set("to", asked.To)
		f.Set("due_on", asked.DueOn)
	}
}

// translationFacts say what is to be translated, for whom it waits, and by when.
func (s *Server) translationFacts(c *gin.Context, l lang.Lang, k workflow.Case) []Fact {
	x := k.App.Translation
	if !x.Open() {
		return nil
	}
	to := lang.T(l, "translation.to.officer")
	if who := k.App.Translator(); who != "" {
		to = s.calledBy(c, who)
	}
	what := Fact{Term: lang.T(l, "translation.of"), Links: []Link{{Text: lang.T(l, "translation.letter"), Href: fmt.Sprintf("/letters/%d", k.App.ID)}}}
	return []Fact{
		what,
		{Term: lang.T(l, "translation.lang"), Value: lang.T(l, "language."+x.Lang)},
		{Term: lang.T(l, "translation.to"), Value: to},
		{Term: lang.T(l, "translation.due"), Value: lang.Day(l, x.DueOn.String())},
	}
}

// letterBeside is the decision's letter, for who writes its words in another language.
func (s *Server) letterBeside(c *gin.Context, k workflow.Case) (*Letter, error) {
	if k.App.Decision == nil {
		return nil, nil
	}
	n, err := s.decisionNotice(c, k)
	if err != nil {
		return nil, err
	}
	letter := letterOf(n)
	letter.Preview = true
	return &letter, nil
}

// translationPage is a translated decision as a page: the same words as its PDF.
type translationPage struct {
	Page
	Letter Letter
	PDF    *Link
}

func (s *Server) showTranslation(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	x := k.App.Translation
	if k.App.Decision == nil || x == nil || x.Open() {
		return workflow.ErrNotFound
	}
	p, err := s.newPage(c, "document.translation")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Bare, p.Tab, p.Back = true, lang.T(l, "translation.tab", lang.Args{"DNR": k.App.DNR}), &Link{Text: lang.T(l, "act.back"), Href: homeOf(k, actorOf(c))}
	page := translationPage{Page: p, Letter: letterOf(notice.Translation(k, *x, s.letterOffice(c, l)))}
	for _, d := range k.App.Documents {
		if d.Kind == notice.KindTranslation {
			page.PDF = &Link{Text: lang.T(l, "letter.pdf"), Href: fmt.Sprintf("/applications/%d/documents/%d", k.App.ID, d.ID)}
		}
	}
	return s.page(c, http.StatusOK, "grant/translation", page)
}

// translationLink leads to the translated decision, where there is one.
func translationLink(l lang.Lang, k workflow.Case) *Link {
	if x := k.App.Translation; k.App.Decision != nil && x != nil && !x.Open() {
		return &Link{
			Text: lang.T(l, "translation.read", lang.Args{"Lang": lang.T(l, "language.in."+x.Lang)}),
			Href: fmt.Sprintf("/applications/%d/decision/translation", k.App.ID),
		}
	}
	return nil
}

// translationLinks are what can be done about a translation, and where it is read.
func translationLinks(l lang.Lang, k workflow.Case, open []workflow.Action) (list []Link) {
	if read := translationLink(l, k); read != nil {
		list = append(list, *read)
	}
	for _, a := range []workflow.Action{workflow.ActEnterTranslation, workflow.ActOrderTranslation} {
		if slices.Contains(open, a) {
			list = append(list, Link{Text: lang.T(l, "action."+string(a)), Href: fmt.Sprintf("/do/%d/%s", k.App.ID, a)})
		}
	}
	return list
}
