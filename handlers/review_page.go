package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"fund/workflow"
	"fund/workflow/lang"
	"github.com/gin-gonic/gin"
)

// interestPage asks about conflict of interest before anything is assessed.
type interestPage struct {
	Page
	Form  *Form
	Post  string
	Facts []Fact
}

// reviewPage is a reviewer's own assessment.
type reviewPage struct {
	Page
	Form     *Form
	Post     string
	Draft    *draftBox
	Progress []criterionState
	Criteria []Criterion
	Sum      string
	Limits   []Fact
	Facts    []Fact
	Case     Link
	Conflict Link
}

// criterionState is a criterion in the list at the top of the page.
type criterionState struct {
	Code, Text string
	Short      bool // something is begun and not enough
}

// showReview is a reviewer's own page, or for the office all assessments side by side.
func (s *Server) showReview(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	f := formFor(c, k)
	by := actorOf(c)
	own := k.App.ReviewOf(by.ID)
	switch {
	case own == nil || own.Done():
		prefill(f, k, workflow.ActSetConsensus, workflow.Date{}, by)
		return s.drawCompare(c, http.StatusOK, k, f)
	case !k.App.Declared(by.ID):
		return s.drawInterest(c, http.StatusOK, k, f)
	}
	prefill(f, k, workflow.ActSaveReview, workflow.Date{}, by)
	return s.drawReview(c, http.StatusOK, k, f)
}

// allIn tells that everybody who was asked has handed in.
func allIn(k workflow.Case) bool {
	all, _ := k.App.ReviewsDone()
	return all
}

// reviewTop is what the pages of one assessment have in common.
func (s *Server) reviewTop(c *gin.Context, k workflow.Case, f *Form) (Page, error) {
	p, err := s.newPage(c, "menu.reviews")
	if err != nil {
		return p, err
	}
	l := p.Lang
	p.Title, p.Over, p.Tab, p.Errors, p.Back = k.App.Form.Title, k.App.DNR, lang.T(
		l,
		"assess.tab",
		lang.Args{"DNR": k.App.DNR},
	), f.Errors, &Link{
		Text: lang.T(l, "menu.reviews"),
		Href: "/reviews",
	}
	own := k.App.ReviewOf(actorOf(c).ID)
	if due := reviewDue(k, actorOf(c)); !due.IsZero() && k.App.State == workflow.UnderAssessment && !allIn(k) && (own == nil || !own.Done()) {
		p.Aside = lang.T(l, "assess.due", lang.Args{"Day": lang.LongDay(l, due.String())})
	}
	return p, nil
}

// showInterest lets somebody declare again: a conflict may show while reading.
func (s *Server) showInterest(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	return s.drawInterest(c, http.StatusOK, k, formFor(c, k))
}

func (s *Server) drawInterest(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.reviewTop(c, k, f)
	if err != nil {
		return err
	}
	return s.page(
		c,
		status,
		"review/interest",
		interestPage{Page: p, Form: f, Post: fmt.Sprintf("/reviews/%d/interest", k.App.ID), Facts: caseFacts(p.Lang, k)},
	)
}

// postInterest takes the declaration. In conflict the case is gone for the person.
func (s *Server) postInterest(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	conflict := f.YesNo("conflict")
	if conflict == nil {
		f.Fail("conflict", "form.required")
	}
	status, err := s.takeAct(c, &k, f, workflow.ActDeclareInterest)
	switch {
	case err != nil:
		return err
	case status != 0:
		return s.drawInterest(c, status, k, f)
	case *conflict:
		return s.see(c, "/reviews", "assess.gone")
	}
	return s.see(c, fmt.Sprintf("/reviews/%d", k.App.ID), "assess.free")
}

// postReview saves or hands in; Enter saves.
func (s *Server) postReview(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	action, flash := workflow.ActSaveReview, "assess.saved"
	if f.Raw("do") == "submit" {
		action, flash = workflow.ActSubmitReview, "assess.submitted"
	}
	status, err := s.takeAct(c, &k, f, action)
	if err != nil {
		return err
	}
	if status != 0 {
		return s.drawReview(c, status, k, f)
	}
	return s.see(c, fmt.Sprintf("/reviews/%d", k.App.ID), flash)
}

func (s *Server) drawReview(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.reviewTop(c, k, f)
	if err != nil {
		return err
	}
	l, r := p.Lang, k.Round.Rules
	p.Lead = lang.T(l, "assess.lead")
	if k.IsMasked() {
		p.Lead += " " + lang.T(l, "assess.blind")
	}
	page := reviewPage{
		Page:     p,
		Form:     f,
		Post:     fmt.Sprintf("/reviews/%d", k.App.ID),
		Limits:   limitSums(l, k, workflow.DateOf(p.Now)),
		Facts:    caseFacts(l, k),
		Case:     Link{Text: lang.T(l, "decisions.case"), Href: fmt.Sprintf("/cases/%d", k.App.ID)},
		Conflict: Link{Text: lang.T(l, "assess.conflict"), Href: fmt.Sprintf("/reviews/%d/interest", k.App.ID)},
	}
	page.Draft = reviewDraft(c, k, page.Post)
	f.Set("base", encodeValues(reviewValues(r, storedReview(k, actorOf(c)))))
	ratings, done := map[string]int{}, 0
	for _, name := range r.Criteria() {
		x := Criterion{
			Form:   f,
			Code:   name,
			Title:  lang.T(l, "criterion."+name),
			Weight: lang.T(l, "assess.weight", lang.Args{"N": r.CriteriaWeights[name]}),
			Name:   "ratings." + name,
			Grades: grades(l, name, r.RatingMax),
			From:   lang.T(l, "act.words"),
			Quotes: criterionQuotes(l, k, name),
			Comment: Field{
				Form:   f,
				Name:   "comments." + name,
				Label:  lang.T(l, "field.comments", lang.Args{"Name": name}),
				Hint:   lang.T(l, "assess.comment_hint", lang.Args{"N": r.CommentMinChars}),
				Min:    r.CommentMinChars,
				Height: 3,
			},
		}
		state := criterionState{Code: name, Text: lang.T(l, "assess.left")}
		enough := utf8.RuneCountInString(f.Text("comments."+name)) >= r.CommentMinChars
		if v := rated(f, name, r.RatingMax); v >= 0 {
			ratings[name] = v
			state.Text = lang.T(l, "assess.rated", lang.Args{"N": v})
			if v < r.ThresholdRating {
				x.Warn = lang.T(l, "assess.low", lang.Args{"N": r.ThresholdRating})
			}
			if enough {
				done++
			} else {
				state.Text, state.Short = lang.T(l, "assess.short"), true
			}
		}
		page.Criteria, page.Progress = append(page.Criteria, x), append(page.Progress, state)
	}
	page.Sum = lang.T(l, "assess.not_yet", lang.Args{"Done": done, "All": len(r.Criteria())})
	if len(ratings) == len(r.Criteria()) {
		page.Sum = lang.T(l, "assess.sum", lang.Args{"Sum": workflow.Score(ratings, r), "All": highest(r), "Least": r.ThresholdTotal})
	}
	return s.page(c, status, "review/review", page)
}

// rated is the chosen rating, or −1 for none.
func rated(f *Form, name string, most int) int {
	for v := range most + 1 {
		if f.Raw("ratings."+name) == fmt.Sprint(v) {
			return v
		}
	}
	return -1
}

// highest is the highest score that can be reached.
func highest(r workflow.Rules) (sum int) {
	for _, weight := range r.CriteriaWeights {
		sum += weight * r.RatingMax
	}
	return sum
}

// grades is the guide as a choice.
func grades(l lang.Lang, criterion string, most int) (list []Option) {
	for v := range most + 1 {
		x := Option{Value: fmt.Sprint(v)}
		if key := fmt.Sprintf("guide.%s.%d", criterion, v); lang.Has(l, key) {
			x.Text = lang.T(l, key)
		}
		list = append(list, x)
	}
	return list
}

// criterionQuotes are the application's words about a criterion.
func criterionQuotes(l lang.Lang, k workflow.Case, criterion string) (list []Quote) {
	form := k.App.Form
	add := func(key, text string) {
		if strings.TrimSpace(text) != "" {
			list = append(list, Quote{Term: lang.T(l, "assess.from."+key), Text: text})
		}
	}
	files := func(kinds ...string) {
		for _, a := range k.App.Attachments {
			switch {
			case !slices.Contains(kinds, a.Kind):
			case k.IsMasked(): // the words without names, not the file
				list = append(list, Quote{
					Links: []Link{
						{Text: lang.T(l, "attachment."+a.Kind) + ": " + lang.T(l, "blind.file"), Href: fmt.Sprintf("/cases/%d/blind/%d", k.App.ID, a.ID)},
					},
				})
			default:
				list = append(list, Quote{
					Links: []Link{
						{Text: lang.T(l, "attachment."+a.Kind) + ": " + a.Name, Href: fmt.Sprintf("/applications/%d/attachments/%d", k.App.ID, a.ID)},
					},
				})
			}
		}
	}
	switch criterion {
	case "K1":
		add("background", form.Text.Background)
		if form.Activity.JointShare != nil {
			add("joint", lang.Percent(l, *form.Activity.JointShare))
		}
		add("reciprocal", form.Activity.Reciprocal)
		if form.Partner.SisterCity {
			add("sister", lang.T(l, "assess.sister", lang.Args{"City": form.Partner.City}))
		}
		files("letter_of_intent")
	case "K2":
		add("purpose", form.Text.Purpose)
		for _, g := range form.Text.Goals {
			add("goal", g.Goal)
			add("indicator", g.Indicator)
		}
		add("curriculum", form.Text.CurriculumLink)
		add("preparation", form.Text.Preparation)
		add("after", form.Text.After)
	case "K3":
		add("areas", strings.Join(form.Text.StrategyLink, "\n"))
		if form.Partner.SisterCity {
			add("sister", lang.T(l, "assess.sister", lang.Args{"City": form.Partner.City}))
		}
		add("summary", form.Text.Summary)
	case "K4":
		add("inclusion", form.Text.Inclusion)
		add("risk", form.Text.Risk)
		for _, d := range form.Text.Programme {
			add("programme", strings.TrimSpace(d.Day+" "+d.Text))
		}
		files("risk_assessment", "programme")
	case "K5":
		add("dissemination", form.Text.Dissemination)
		add("climate", form.Text.Climate)
	}
	return list
}

// postRank puts the case into the round's order.
func (s *Server) postRank(c *gin.Context) error {
	return s.compared(c, workflow.ActRank, "assess.ranked", func(k workflow.Case) string { return "/rounds/" + k.App.Round + "/ranking" })
}
