package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// answerDays is the promise to who writes: working days until an answer (domain 8, stage 0).
const answerDays = 5

// advisers answer ideas and questions.
var advisers = []workflow.Role{workflow.Officer, workflow.Head}

// advicePages lists the pages of this room: ideas and questions, other funders, co-financing.
func (s *Server) advicePages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	office := []workflow.Role{workflow.Officer, workflow.Head, workflow.Admin}
	return []pageRoute{
		{method: get, path: "/ideas", do: s.showIdeas, open: true},
		{method: post, path: "/ideas", do: s.postIdea, open: true},
		{method: get, path: "/ideas/queue", do: s.showIdeaQueue, roles: advisers},
		{method: get, path: "/ideas/queue/:id", do: s.showAdvice, roles: advisers},
		{method: post, path: "/ideas/queue/:id", do: s.postAnswer, roles: advisers},
		{method: get, path: "/funding", do: s.showFunding, open: true},
		{method: get, path: "/funding/:id", do: s.showFunder, roles: office},
		{method: post, path: "/funding/:id", do: s.postFunder, roles: office},
		{method: get, path: "/cofinancing", do: s.showCofinancing, open: true},
		{
			method: get,
			path:   "/cofinancing/prepared",
			do:     s.showPrepared,
			roles:  []workflow.Role{workflow.Officer, workflow.Head, workflow.Secretary, workflow.Auditor},
		},
	}
}

type ideasPage struct {
	Page
	Form  *Form
	Kinds Field
	Parts []Step
	Queue string
}

func (s *Server) showIdeas(c *gin.Context) error {
	return s.drawIdeas(c, http.StatusOK, newForm(c))
}

func (s *Server) drawIdeas(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "text.ideas.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Lead, p.Errors = lang.T(l, "text.ideas.lead"), f.Errors
	page := ideasPage{
		Page:  p,
		Form:  f,
		Kinds: Field{Form: f, Name: "kind", Label: lang.T(l, "ideas.kind"), Options: Options(l, "ideas.kind", sql.IdeaKinds...)},
	}
	for _, n := range []string{"1", "2"} {
		page.Parts = append(page.Parts, Step{Title: lang.T(l, "text.ideas."+n+".h"), Text: lang.T(l, "text.ideas."+n)})
	}
	for _, r := range advisers {
		if actorOf(c).Is(r) {
			page.Queue = "/ideas/queue"
		}
	}
	return s.page(c, status, "advice/ideas", page)
}

// postIdea takes in what anyone writes. Who fills in the field that people don't see is a machine: it is thanked, and nothing is kept.
func (s *Server) postIdea(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	thanks := lang.Args{"Day": lang.LongDay(f.Lang, workflow.AddBankDays(workflow.DateOf(now), answerDays).String())}
	if f.Raw("website") != "" {
		return s.see(c, "/ideas", "ideas.sent", thanks)
	}
	_, err = s.store.AddIdea(
		c.Request.Context(),
		sql.Idea{
			Kind:         f.Raw("kind"),
			Name:         f.Text("name"),
			Email:        f.Text("email"),
			Organisation: f.Text("organisation"),
			Lang:         string(f.Lang),
			Text:         f.Text("question"),
		},
		s.sourceOf(c),
	)
	var wrong workflow.Violations
	var refused workflow.Refused
	switch {
	case errors.As(err, &wrong):
		f.Refuse(wrong)
		return s.drawIdeas(c, http.StatusUnprocessableEntity, f)
	case errors.As(err, &refused): // what was written is kept on the page
		f.FailText("", SayRefused(f.Lang, refused))
		return s.drawIdeas(c, http.StatusTooManyRequests, f)
	case err != nil:
		return err
	}
	return s.see(c, "/ideas", "ideas.sent", thanks)
}

// sourceOf tells senders apart for an hour's count without keeping an address: the salt lives as long as the process.
func (s *Server) sourceOf(c *gin.Context) string {
	sum := sha256.Sum256([]byte(s.salt + c.ClientIP()))
	return hex.EncodeToString(sum[:8])
}

type ideaQueuePage struct {
	Page
	Open, Done Table
	Empty      Empty
}

func (s *Server) showIdeaQueue(c *gin.Context) error {
	p, err := s.newPage(c, "ideas.queue")
	if err != nil {
		return err
	}
	l, today := p.Lang, workflow.DateOf(p.Now)
	page := ideaQueuePage{Page: p, Empty: Empty{Title: lang.T(l, "ideas.none"), Text: lang.T(l, "ideas.none.text")}}
	head := []Column{{Text: lang.T(l, "ideas.about")}, {Text: lang.T(l, "ideas.who")}, {Text: lang.T(l, "ideas.came")}, {Text: lang.T(l, "ideas.answer_by")}}
	page.Open = Table{Caption: lang.T(l, "ideas.open"), Class: "queue", Stack: true, Head: head}
	page.Done = Table{
		Caption: lang.T(l, "ideas.done"),
		Class:   "queue",
		Stack:   true,
		Head:    []Column{head[0], head[1], {Text: lang.T(l, "ideas.outcome")}, {Text: lang.T(l, "ideas.answered_by")}},
	}
	for _, open := range []bool{true, false} {
		list, err := s.store.Ideas(c.Request.Context(), actorOf(c), open)
		if err != nil {
			return err
		}
		for _, i := range list {
			row := []Cell{
				{Links: []Link{{Text: lang.T(l, "ideas.kind."+i.Kind), Hidden: i.Name, Href: fmt.Sprintf("/ideas/queue/%d", i.ID)}}, Note: firstWords(i.Text)},
				{Text: i.Name, Note: i.Organisation},
			}
			if open {
				due := workflow.AddBankDays(workflow.DateOf(i.At), answerDays)
				by := Cell{Text: lang.Day(l, due.String())}
				if due.Before(today) {
					by.Class = "late"
					by.Note = lang.T(l, "ideas.late")
				}
				page.Open.Rows = append(page.Open.Rows, Row{Cells: append(row, Cell{At: i.At}, by)})
				continue
			}
			page.Done.Rows = append(
				page.Done.Rows,
				Row{Cells: append(row, Cell{Text: lang.T(l, "ideas.outcome."+i.Outcome)}, Cell{Text: i.By, Note: lang.Date(l, *i.AnsweredAt)})},
			)
		}
	}
	return s.page(c, http.StatusOK, "advice/queue", page)
}

// firstWords is the beginning of a text, for a list.
func firstWords(s string) string {
	if r := []rune(s); len(r) > 90 {
		return string(r[:90]) + " …"
	}
	return s
}

type advicePage struct {
	Page
	Form     *Form
	Post     string
	Facts    []Fact
	Text     Quote
	Outcomes Field
	Answer   *Quote
}

func (s *Server) showAdvice(c *gin.Context) error {
	return s.drawAdvice(c, http.StatusOK, newForm(c))
}

func (s *Server) drawAdvice(c *gin.Context, status int, f *Form) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	i, err := s.store.Idea(c.Request.Context(), actorOf(c), id)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "ideas.kind."+i.Kind)
	if err != nil {
		return err
	}
	l := p.Lang
	p.Errors, p.Back = f.Errors, &Link{Text: lang.T(l, "ideas.queue"), Href: "/ideas/queue"}
	page := advicePage{
		Page: p,
		Form: f,
		Text: Quote{Text: i.Text},
		Facts: []Fact{
			{Term: lang.T(l, "ideas.who"), Value: i.Name, Note: i.Organisation},
			{Term: lang.T(l, "field.email"), Value: i.Email},
			{Term: lang.T(l, "ideas.came"), At: i.At},
			{Term: lang.T(l, "ideas.language"), Value: lang.T(l, "ideas.language."+i.Lang)},
		},
	}
	if i.AnsweredAt != nil {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "ideas.outcome"), Value: lang.T(l, "ideas.outcome."+i.Outcome)})
		if i.Answer != "" {
			page.Answer = &Quote{Text: i.Answer, By: i.By + ", " + lang.Date(l, *i.AnsweredAt)}
		}
		return s.page(c, status, "advice/idea", page)
	}
	page.Post = c.Request.URL.Path
	page.Outcomes = Field{Form: f, Name: "outcome", Label: lang.T(l, "ideas.outcome"), Options: Options(l, "ideas.outcome", "answered", "referred", "spam")}
	return s.page(c, status, "advice/idea", page)
}

// postAnswer sends the answer and closes the idea.
func (s *Server) postAnswer(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	by := actorOf(c)
	err = s.store.AnswerIdea(c.Request.Context(), by, id, f.Raw("outcome"), f.Text("answer"), func(i sql.Idea) sql.MailRow {
		to := lang.Parse(i.Lang)
		return sql.MailRow{To: i.Email, Kind: "other", Lang: string(to), Subject: lang.T(to, "ideas.mail.subject"),
			Body: lang.T(
				to,
				"ideas.mail.body",
				lang.Args{
					"Name":    i.Name,
					"Text":    i.Text,
					"Answer":  i.Answer,
					"By":      by.Name,
					"Contact": s.Contact,
					"Link":    s.BaseURL + "/apply",
				},
			)}
	})
	if again, err := refusedForm(f, err); err != nil {
		return err
	} else if again {
		return s.drawAdvice(c, http.StatusUnprocessableEntity, f)
	}
	return s.see(c, "/ideas/queue", "ideas.closed")
}

// mayAnswer tells whether somebody answers ideas.
func mayAnswer(by workflow.Actor) bool {
	for _, r := range advisers {
		if by.Is(r) {
			return true
		}
	}
	return false
}

// ideaTask is the oldest idea's promise, as a task of those who answer.
func ideaTask(l lang.Lang, open []sql.Idea, today workflow.Date) (Todo, bool) {
	if len(open) == 0 {
		return Todo{}, false
	}
	due := workflow.AddBankDays(workflow.DateOf(open[0].At), answerDays)
	t := Todo{
		Count: len(open),
		Text:  lang.T(l, "ideas.task"),
		Href:  "/ideas/queue",
		When:  lang.T(l, "tasks.by", lang.Args{"Day": lang.ShortDay(l, due.String())}),
		Due:   due,
	}
	switch {
	case due.Before(today):
		t.Urgency = "late"
	case due.Before(today.AddDays(3)):
		t.Urgency = "soon"
	}
	return t, true
}

// ideaTable counts ideas by year and kind for the statistics.
func (s *Server) ideaTable(c *gin.Context, l lang.Lang) (Table, error) {
	t := Table{
		Caption: lang.T(l, "statistics.def.ideas.h"),
		Head: []Column{
			{Text: lang.T(l, "ideas.about")},
			{Text: lang.T(l, "statistics.year"), Sum: true},
			{Text: lang.T(l, "ideas.number"), Sum: true},
			{Text: lang.T(l, "ideas.answered"), Sum: true},
		},
	}
	counts, err := s.store.CountIdeas(c.Request.Context())
	for _, x := range counts {
		t.Rows = append(
			t.Rows,
			Row{Cells: []Cell{{Text: lang.T(l, "ideas.kind."+x.Kind)}, {Text: x.Year}, {Text: lang.Number(l, x.N)}, {Text: lang.Number(l, x.Answered)}}},
		)
	}
	return t, err
}
