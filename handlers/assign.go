package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// assignPage suggests who should assess a case, with the reasons; who may not is told why.
type assignPage struct {
	Page
	Form   *Form
	Post   string
	Choice Field
	Barred []Fact
	Note   *Note
	Facts  []Fact
	Blind  *Link
	Leaks  *Note // in a blind round: what may still tell whose case it is
}

func (s *Server) showAssign(c *gin.Context) error {
	k, f, _, err := s.deskOpen(c, workflow.ActAssignReviewers)
	if err != nil {
		return err
	}
	all, err := s.store.ReviewerChoices(c.Request.Context(), actorOf(c), k.App.ID)
	if err != nil {
		return err
	}
	f.Set("reviewers", workflow.SuggestReviewers(all, workflow.ReviewersNeeded(k)))
	return s.drawAssign(c, http.StatusOK, k, f)
}

func (s *Server) postAssign(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	status, err := s.takeAct(c, &k, f, workflow.ActAssignReviewers)
	if err != nil {
		return err
	}
	if status != 0 {
		for i, e := range f.Errors { // the boxes are one field
			if strings.HasPrefix(e.Field, "reviewers.") {
				f.Errors[i].Field = "reviewers"
			}
		}
		return s.drawAssign(c, status, k, f)
	}
	return s.see(c, fmt.Sprintf("/cases/%d", k.App.ID), "done.assign_reviewers")
}

func (s *Server) drawAssign(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.deskTop(c, k, f, workflow.ActAssignReviewers)
	if err != nil {
		return err
	}
	l := p.Lang
	p.Lead = lang.T(l, "assign.lead", lang.Args{"N": workflow.ReviewersNeeded(k)})
	page := assignPage{
		Page:   p,
		Form:   f,
		Post:   deskHref(k, workflow.ActAssignReviewers),
		Facts:  caseFacts(l, k),
		Choice: Field{Form: f, Name: "reviewers", Kind: "checks", Label: lang.T(l, "field.reviewers")},
	}
	all, err := s.store.ReviewerChoices(c.Request.Context(), actorOf(c), k.App.ID)
	if err != nil {
		return err
	}
	suggested := workflow.SuggestReviewers(all, workflow.ReviewersNeeded(k))
	for _, x := range all {
		if x.Conflict != "" {
			page.Barred = append(page.Barred, Fact{Term: x.Name, Value: lang.T(l, "conflict."+x.Conflict)})
			continue
		}
		why := lang.T(l, "assign.open", lang.Args{"Count": x.Open})
		switch {
		case x.Done:
			why = lang.T(l, "assign.done")
		case x.Assigned:
			why += " " + lang.T(l, "assign.has")
		case slices.Contains(suggested, x.Email):
			why += " " + lang.T(l, "assign.suggested")
		}
		page.Choice.Options = append(page.Choice.Options, Option{Value: x.Email, Text: x.Name, Hint: why})
	}
	if a := workflow.Assess(k); a.Wide {
		page.Note = &Note{
			Kind:   "warn",
			Strong: lang.T(l, "assess.wide", lang.Args{"N": a.Difference, "Max": k.Round.Rules.ScoreDifferenceMax}),
			Text:   lang.T(l, "assign.third"),
		}
		if _, n := k.App.ReviewsDone(); n > k.Round.Rules.Reviewers {
			page.Note.Text = lang.T(l, "assign.met")
		}
	} else if len(suggested) < k.Round.Rules.Reviewers {
		page.Note = &Note{Kind: "warn", Strong: lang.T(l, "assign.few", lang.Args{"N": k.Round.Rules.Reviewers})}
	}
	if k.Round.Rules.BlindReview {
		left, _, err := s.blindLeft(c, l, k)
		if err != nil {
			return err
		}
		page.Leaks = &Note{Kind: "good", Text: lang.T(l, "blind.clean")}
		if len(left) > 0 {
			page.Leaks = &Note{Kind: "warn", Strong: lang.T(l, "blind.left", lang.Args{"Words": lang.List(l, left)}), Text: lang.T(l, "blind.left.text")}
		}
		page.Blind = &Link{Text: lang.T(l, "blind.title"), Href: fmt.Sprintf("/cases/%d/blind", k.App.ID)}
	}
	return s.page(c, status, "case/assign", page)
}

// strictness is each reviewer's raw total beside the one corrected for how strict they are in the round.
func (s *Server) strictness(c *gin.Context, l lang.Lang, k workflow.Case) (facts []Fact, err error) {
	if !workflow.Unblinded(actorOf(c).Person) {
		return nil, nil
	}
	all, err := s.store.Severities(c.Request.Context(), k.App.Round)
	if err != nil {
		return nil, err
	}
	var few []Fact
	for _, r := range workflow.VisibleReviews(k, actorOf(c)) {
		if !r.Done() {
			continue
		}
		x, ok := all[r.Person]
		raw := workflow.Score(r.Ratings, k.Round.Rules)
		if !ok {
			few = append(few, Fact{
				Term:  s.calledBy(c, r.Reviewer),
				Value: lang.T(l, "strict.none", lang.Args{"Raw": raw}),
				Note:  lang.T(l, "strict.few", lang.Args{"Least": workflow.SeverityCases}),
			})
			continue
		}
		facts = append(facts, Fact{
			Term:  s.calledBy(c, r.Reviewer),
			Value: lang.T(l, "strict.line", lang.Args{"Raw": raw, "Diff": tenths(l, x.Tenths), "Corrected": tenths(l, x.Corrected(raw))}),
			Note:  lang.T(l, "strict.cases", lang.Args{"Count": x.Cases}),
		})
	}
	if len(facts) == 0 { // nobody is compared: there is nothing to explain
		return nil, nil
	}
	return append(facts, few...), nil
}

// tenths prints tenths of a point: −2,5 in Swedish.
func tenths(l lang.Lang, n int) string {
	sign := ""
	if n < 0 {
		sign, n = "\u2212", -n
	}
	comma := ","
	if l == lang.EN {
		comma = "."
	}
	return fmt.Sprintf("%s%d%s%d", sign, n/10, comma, n%10)
}

// tied are those who declare what they have, or had, to do with schools.
var tied = []workflow.Role{workflow.Reviewer, workflow.Officer, workflow.Head, workflow.Secretary}

// tiePages lets people declare schools and organisations they may not assess.
func (s *Server) tiePages() []pageRoute {
	return []pageRoute{
		{method: http.MethodGet, path: "/ties", do: s.showTies, roles: tied},
		{method: http.MethodPost, path: "/ties", do: s.postTie, roles: tied},
	}
}

type tiePage struct {
	Page
	Form    *Form
	Ties    []tieRow
	Schools []Option
	Empty   Empty
}

type tieRow struct {
	Text string
	Note string
	ID   int64
}

func (p tiePage) Kinds() []Option { return Options(p.Lang, "tie.kind", "employer", "family", "other") }

func (s *Server) showTies(c *gin.Context) error {
	f := newForm(c)
	f.Set("kind", "employer")
	return s.drawTies(c, http.StatusOK, f)
}

func (s *Server) drawTies(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "tie.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Lead, p.Errors, p.Back = lang.T(l, "tie.lead"), f.Errors, toTasks(l)
	page := tiePage{Page: p, Form: f, Empty: Empty{Title: lang.T(l, "tie.none")}}
	list, err := s.store.Ties(c.Request.Context(), actorOf(c))
	if err != nil {
		return err
	}
	for _, t := range list {
		page.Ties = append(
			page.Ties,
			tieRow{ID: t.ID, Text: strings.TrimSpace(t.School+" "+t.OrgNo) + ", " + lower(lang.T(l, "tie.kind."+t.Kind)), Note: t.Note},
		)
	}
	schools, err := s.store.Schools(c.Request.Context())
	if err != nil {
		return err
	}
	for _, x := range schools {
		page.Schools = append(page.Schools, Option{Value: fmt.Sprint(x.ID), Text: x.Name})
	}
	return s.page(c, status, "person/ties", page)
}

func (s *Server) postTie(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	if id := f.Int("remove"); id != nil {
		if err := s.store.DropTie(ctx, by, *id); err != nil {
			return err
		}
		return s.see(c, "/ties", "tie.removed")
	}
	school, org := intOf(f.Int("school")), f.Text("org_no")
	if (school == 0) == (org == "") {
		f.Fail("school", "tie.which")
	}
	if !slices.Contains([]string{"employer", "family", "other"}, f.Raw("kind")) {
		f.Fail("kind", "form.required")
	}
	if school != 0 {
		if _, err := s.store.School(ctx, school); err != nil {
			return err
		}
	}
	if !f.OK() {
		return s.drawTies(c, http.StatusUnprocessableEntity, f)
	}
	again, err := refusedForm(f, s.store.AddTie(ctx, by, f.Raw("kind"), school, org, f.Text("note")))
	if err != nil {
		return err
	}
	if again {
		return s.drawTies(c, http.StatusUnprocessableEntity, f)
	}
	return s.see(c, "/ties", "tie.saved")
}
