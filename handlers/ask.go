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

// askPage asks the applicant for more: fields are picked from the form itself,
// what the machine missed is drafted already.
type askPage struct {
	Page
	Form   *Form
	Post   string
	Found  []askRow // with a finding
	Others []askRow
	Facts  []Fact
}

// askRow is a field of the application: pick it and say what is asked.
type askRow struct {
	Pick Field
	Text Field
	Now  string // how it stands
}

// findingsAt gathers the machine's findings under the field that a completion can ask about.
func findingsAt(l lang.Lang, k workflow.Case, today workflow.Date) map[string][]string {
	at := map[string][]string{}
	for _, x := range workflow.Findings(k, today) {
		best := ""
		for _, name := range askable {
			if (x.Field == name || strings.HasPrefix(x.Field, name+".") || strings.HasPrefix(x.Field, name+"[")) && len(name) > len(best) {
				best = name
			}
		}
		if best != "" && !slices.Contains(at[best], SayFinding(l, x)) {
			at[best] = append(at[best], SayFinding(l, x))
		}
	}
	return at
}

func (s *Server) showAsk(c *gin.Context) error {
	k, f, today, err := s.deskOpen(c, workflow.ActRequestCompletion)
	if err != nil {
		return err
	}
	found := findingsAt(f.Lang, k, today)
	for i, name := range askable {
		if texts := found[name]; len(texts) > 0 {
			f.Set(fmt.Sprintf("ask.%d.text", i+1), strings.Join(texts, " "))
		}
		if strings.HasPrefix(name, "attachments.") && len(found[name]) > 0 {
			f.Set(fmt.Sprintf("ask.%d.on", i+1), true)
		}
	}
	f.Set("due_on", today.AddDays(k.Round.Rules.CompletionDays))
	return s.drawAsk(c, http.StatusOK, k, f)
}

func (s *Server) postAsk(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	points, found := []map[string]string{}, findingsAt(f.Lang, k, workflow.DateOf(now))
	for i, name := range askable {
		at := fmt.Sprintf("ask.%d.", i+1)
		text := f.Text(at + "text")
		if typed := text != "" && len(found[name]) == 0; typed { // a question is asked also where the box was forgotten
			f.Set(at+"on", true)
		}
		if f.Raw(at+"on") == "" {
			continue
		}
		if text == "" {
			f.Fail(at+"text", "desk.ask_text")
		}
		points = append(points, map[string]string{"field": name, "text": text})
	}
	if len(points) == 0 {
		f.Fail("", "desk.ask_none") // no one field is at fault, and most are folded away
	}
	body := map[string]any{"points": points}
	if d := f.Date("due_on"); !d.IsZero() {
		body["due_on"] = d.String()
	}
	status, err := s.takeBody(c, &k, f, workflow.ActRequestCompletion, body)
	if err != nil {
		return err
	}
	if status != 0 {
		return s.drawAsk(c, status, k, f)
	}
	return s.see(c, fmt.Sprintf("/cases/%d", k.App.ID), "done.request_completion")
}

func (s *Server) drawAsk(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.deskTop(c, k, f, workflow.ActRequestCompletion)
	if err != nil {
		return err
	}
	l, today := p.Lang, workflow.DateOf(p.Now)
	page := askPage{Page: p, Form: f, Post: deskHref(k, workflow.ActRequestCompletion), Facts: caseFacts(l, k)}
	found := findingsAt(l, k, today)
	for i, name := range askable {
		at := fmt.Sprintf("ask.%d.", i+1)
		label := lang.T(l, "ask."+name)
		row := askRow{
			Pick: Field{Form: f, Name: at + "on", Kind: "check", Label: label},
			Text: Field{Form: f, Name: at + "text", Kind: "area", Height: 2, Label: lang.T(l, "desk.ask_what", lang.Args{"Field": label})},
			Now:  strings.Join(found[name], " "),
		}
		if row.Now != "" || f.Raw(at+"on") != "" {
			page.Found = append(page.Found, row)
		} else {
			page.Others = append(page.Others, row)
		}
	}
	return s.page(c, status, "case/ask", page)
}
