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

// messagesPage is what school and office wrote to each other, newest last.
type messagesPage struct {
	Page
	Form  *Form
	Post  string
	Write bool
	Done  bool // the last one waits for this reader
	Items []Quote
	Empty Empty
}

// mayTalk are the roles of the office that read the messages; of the school all who see the case do.
func mayTalk(k workflow.Case, by workflow.Actor) bool {
	return k.App.IsApplicant(by.Person) || by.At(workflow.Principal, k.App.SchoolID) || workflow.Unblinded(by.Person)
}

func (s *Server) talkCase(c *gin.Context) (workflow.Case, *Form, error) {
	k, f, err := s.caseForm(c)
	if err == nil && (!mayTalk(k, actorOf(c)) || !k.App.IsFiled()) {
		err = workflow.ErrNotFound
	}
	return k, f, err
}

func (s *Server) showMessages(c *gin.Context) error {
	k, f, err := s.talkCase(c)
	if err != nil {
		return err
	}
	return s.drawMessages(c, http.StatusOK, k, f)
}

func (s *Server) postMessage(c *gin.Context) error {
	k, f, err := s.talkCase(c)
	if err != nil {
		return err
	}
	body := map[string]any{"text": f.Text("text")}
	flash := "done.message"
	if f.Raw("do") == "done" {
		body, flash = map[string]any{"done": true}, "message.marked"
	}
	status, err := s.takeBody(c, &k, f, workflow.ActMessage, body)
	if err != nil {
		return err
	}
	if status != 0 {
		return s.drawMessages(c, status, k, f)
	}
	return s.see(c, fmt.Sprintf("/cases/%d/messages", k.App.ID), flash)
}

func (s *Server) drawMessages(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.newPage(c, "message.title")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	lead := "message.lead"
	if forSchool(k, by) {
		lead += ".school"
	}
	p.Over, p.Errors, p.Lead, p.Back = k.App.DNR+" "+k.App.Form.Title, f.Errors, lang.T(l, lead), &Link{Text: lang.T(l, "act.back"), Href: homeOf(k, by)}
	page := messagesPage{
		Page:  p,
		Form:  f,
		Post:  fmt.Sprintf("/cases/%d/messages", k.App.ID),
		Write: slices.Contains(workflow.Allowed(k, by, p.Now), workflow.ActMessage),
		Empty: Empty{Title: lang.T(l, "message.none")},
	}
	idle, err := s.idleOfficer(c, by, workflow.DateOf(p.Now))
	if err != nil {
		return err
	}
	page.Done = waitsFor(k, by, idle)
	events, err := s.store.Events(c.Request.Context(), by, k.App.ID)
	if err != nil {
		return err
	}
	for _, e := range events {
		var data struct {
			Text       string `json:"text"`
			FromOffice bool   `json:"from_office"`
		}
		if e.Action != workflow.ActMessage || json.Unmarshal(e.Data, &data) != nil || data.Text == "" {
			continue
		}
		who := e.ByName
		if data.FromOffice && !by.Office() {
			who = lang.T(l, "case.office") // the school need not know who at the office
		}
		page.Items = append(page.Items, Quote{Text: data.Text, By: who + ", " + lang.DateTime(l, e.At)})
	}
	return s.page(c, status, "case/messages", page)
}

// waitsFor tells whether the newest message is the other side's. At the office it waits
// for the case's officer, and for every officer where nobody is that, or who it is is idle.
func waitsFor(k workflow.Case, by workflow.Actor, idle func(officer int64) bool) bool {
	t := k.App.Talk
	if t == nil || k.IsMasked() {
		return false
	}
	if forSchool(k, by) {
		return t.FromOffice
	}
	mine := k.App.OfficerID == 0 || k.App.OfficerID == by.ID
	return !t.FromOffice && by.Is(workflow.Officer) && (mine || idle(k.App.OfficerID))
}

// forSchool tells whether somebody writes for the applicant's side.
func forSchool(k workflow.Case, by workflow.Actor) bool {
	return k.App.IsApplicant(by.Person) || by.At(workflow.Principal, k.App.SchoolID)
}

// nobodyIdle is for a reader at the school: whoever is away at the office, the school answers.
func nobodyIdle(int64) bool { return false }

// idleOfficer tells of a case's officer whether they answer nobody today: away, or an officer no more.
func (s *Server) idleOfficer(c *gin.Context, by workflow.Actor, today workflow.Date) (func(officer int64) bool, error) {
	working := map[int64]bool{}
	if !by.Is(workflow.Officer) {
		return nobodyIdle, nil
	}
	people, err := s.peopleWith(c, workflow.Officer)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		working[p.ID] = true
	}
	away, err := s.store.Absences(c.Request.Context())
	if err != nil {
		return nil, err
	}
	for _, a := range away {
		if a.Role == workflow.Officer && absenceState(a, today) == "absence.now" {
			working[a.Person] = false
		}
	}
	return func(officer int64) bool { return !working[officer] }, nil
}

// talkTask is a message that waits for this reader.
func talkTask(l lang.Lang, k workflow.Case, by workflow.Actor, idle func(officer int64) bool) (Todo, bool) {
	if !waitsFor(k, by, idle) {
		return Todo{}, false
	}
	return Todo{
		Count:  1,
		Text:   lang.T(l, "message.task", lang.Args{"Title": k.App.Form.Title}),
		Detail: applicantName(k),
		Href:   fmt.Sprintf("/cases/%d/messages", k.App.ID),
		When:   lang.ShortDate(l, k.App.Talk.At),
	}, true
}

// postBounce notes that a mail came back, or what was done about it.
func (s *Server) postBounce(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	id := f.Int("mail")
	if id == nil {
		return workflow.ErrNotFound
	}
	ctx, by, flash := c.Request.Context(), actorOf(c), "message.bounce.noted"
	if done := f.Text("done"); done != "" {
		err, flash = s.store.BounceDone(ctx, by, k.App.ID, *id, done), "message.bounce.saved"
	} else {
		err = s.store.Bounce(ctx, by, k.App.ID, *id, f.Text("why"))
	}
	if err != nil {
		return err
	}
	return s.see(c, fmt.Sprintf("/cases/%d/mails", k.App.ID), flash)
}
