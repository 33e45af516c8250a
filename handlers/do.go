package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
)

// doPages are the forms of single actions: one form for each action, drawn from
// what the action's body holds.
func (s *Server) doPages() []pageRoute {
	return []pageRoute{
		{method: http.MethodGet, path: "/do/:id/:action", do: s.showDo},
		{method: http.MethodPost, path: "/do/:id/:action", do: s.postDo},
	}
}

// homeOf is the page of a case for this person: the applicant's, or the office's.
func homeOf(k workflow.Case, by workflow.Actor) string {
	switch {
	case workflow.MoneyOnly(k, by):
		return fmt.Sprintf("/reports/%d", k.App.ID)
	case by.Office() && !k.App.IsApplicant(by.Person):
		return fmt.Sprintf("/cases/%d", k.App.ID)
	default:
		return fmt.Sprintf("/applications/%d", k.App.ID)
	}
}

func (s *Server) doCase(c *gin.Context) (workflow.Case, workflow.Action, error) {
	action := workflow.Action(c.Param("action"))
	k, err := s.caseOf(c)
	if err == nil {
		if _, known := doFields[action]; !known {
			err = workflow.ErrNotFound
		}
	}
	return k, action, err
}

func (s *Server) showDo(c *gin.Context) error {
	if c.Param("action") == string(workflow.ActChangeAccount) { // it has a page of its own
		id, err := idOf(c, "id")
		if err == nil {
			c.Redirect(http.StatusSeeOther, fmt.Sprintf("/applications/%d/account", id))
		}
		return err
	}
	k, action, err := s.doCase(c)
	if err != nil {
		return err
	}
	if page := deskHref(k, action); page != "" {
		c.Redirect(http.StatusSeeOther, page)
		return nil
	}
	f := newForm(c)
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	prefill(f, k, action, workflow.DateOf(now), actorOf(c))
	switch action {
	case workflow.ActRemitBack:
		s.prefillRemit(c, f, k, workflow.DateOf(now))
	case workflow.ActDecideChange:
		if err := s.prefillChangeMeeting(c, f, k, workflow.DateOf(now)); err != nil {
			return err
		}
	}
	f.Set("version", k.App.Version)
	return s.drawDo(c, http.StatusOK, k, action, f)
}

func (s *Server) postDo(c *gin.Context) error {
	k, action, err := s.doCase(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	if _, pressed := f.ChangeRows(); pressed {
		return s.drawDo(c, http.StatusOK, k, action, f)
	}
	sent := readDo(f, action, k.Round.Rules)
	if action == workflow.ActDecideChange {
		needMeeting(f, k, actorOf(c))
	}
	body, err := json.Marshal(sent)
	if err != nil {
		return err
	}
	cmd, err := workflow.ParseCommand(action, body)
	if _, err := refusedForm(f, err); err != nil {
		return err
	}
	if !f.OK() {
		if err := s.tellRest(c, k, f, cmd); err != nil {
			return err
		}
		return s.drawDo(c, http.StatusUnprocessableEntity, k, action, f)
	}
	if f.Raw("do") == "preview" && stepLetters[action] != nil {
		return s.previewStep(c, k, f, cmd)
	}
	_, ok, err := s.apply(c, f, k.App.ID, cmd)
	again := false
	if errors.Is(err, workflow.ErrStale) {
		if again, err = s.justDone(c, k, f, action); err == nil && !again {
			return s.drawDoStale(c, k, action, f)
		}
	}
	if err != nil {
		return err
	}
	if !ok && !again {
		return s.drawDo(c, http.StatusUnprocessableEntity, k, action, f)
	}
	if action == workflow.ActDecideChange {
		if err := s.carryPresence(c, k.App.ID, workflow.ChangeAtMeeting(k, actorOf(c)), f); err != nil {
			return err
		}
	}
	return s.see(c, s.afterDo(c, k, f, cmd), caseKey(f.Lang, k, "done."+string(action)))
}

// tellRest notes what the rules would refuse in the other fields of a form that can't be read as it
// is: who mends one fault shall not be told of the next one afterwards. cmd is what could be read;
// nil: nothing. Where the form as a whole is at fault nothing is added, nor where a part of the field is.
func (s *Server) tellRest(c *gin.Context, k workflow.Case, f *Form, cmd workflow.Command) error {
	if cmd == nil || f.Fault("") != "" {
		return nil
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	_, err = workflow.Decide(k, actorOf(c), cmd, workflow.AnyVersion, now)
	var wrong workflow.Violations
	if !errors.As(err, &wrong) {
		return nil // what else stands against it is said once the form can be read
	}
	f.Refuse(slices.DeleteFunc(wrong, func(v workflow.Violation) bool {
		at := f.onPage(controlName(v.Field))
		return at == "" || slices.ContainsFunc(f.Errors, func(e FieldError) bool {
			return strings.HasPrefix(e.Field, at+".") || strings.HasPrefix(at, e.Field+".")
		})
	}))
	return nil
}

// needMeeting asks for the meeting of who can't decide on a change alone.
func needMeeting(f *Form, k workflow.Case, by workflow.Actor) {
	if workflow.ChangeAtMeeting(k, by) == "" {
		return
	}
	for _, name := range []string{"meeting.date", "meeting.item_no"} {
		f.Need(name)
	}
	if f.Text("meeting.present") == "" {
		f.Fail("meeting.present", "decide.need_present")
	}
}

// afterDo is the page to go on to: what the case leaves to do for this person.
func (s *Server) afterDo(c *gin.Context, k workflow.Case, f *Form, done workflow.Command) string {
	by := actorOf(c)
	review := fmt.Sprintf("/reviews/%d", k.App.ID)
	switch cmd := done.(type) {
	case *workflow.SaveReview, *workflow.SubmitReview:
		return review
	case *workflow.DeclareInterest:
		if cmd.Conflict {
			return "/tasks" // the case is gone for this person
		}
		if by.Is(workflow.Reviewer) {
			return review
		}
	}
	if m, fromMeeting := s.meetingFrom(c, f); fromMeeting {
		return fmt.Sprintf("/meetings/%d", m.ID)
	}
	return homeOf(k, by)
}
