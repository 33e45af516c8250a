package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
)

// me tells who the token is.
func (s *Server) me(c *gin.Context) error {
	by := actorOf(c)
	p := by.Person
	out := meJSON{ID: p.ID, Email: p.Email, Name: p.Name, OrgNo: p.OrgNo, Roles: orEmpty(p.Roles), Schools: []schoolJSON{}}
	seen := map[int64]bool{}
	for _, x := range by.Acting {
		out.Acting = append(out.Acting, actingJSON{x.Role, x.School, x.For, x.Last})
	}
	for _, r := range by.Own().Roles {
		if r.School == 0 || seen[r.School] {
			continue
		}
		seen[r.School] = true
		school, err := s.store.School(c.Request.Context(), r.School)
		if err != nil {
			return err
		}
		out.Schools = append(out.Schools, representSchool(school))
	}
	return answer(c, http.StatusOK, out, "")
}

type meJSON struct {
	ID      int64             `json:"id"`
	Email   string            `json:"email"`
	Name    string            `json:"name"`
	OrgNo   string            `json:"org_no,omitempty"`
	Roles   []workflow.RoleAt `json:"roles"`
	Schools []schoolJSON      `json:"schools" doc:"Where the person works."`
	Acting  []actingJSON      `json:"acting,omitempty" doc:"The roles among these that are held today for somebody who is away."`
}

type actingJSON struct {
	Role   workflow.Role `json:"role"`
	School int64         `json:"school,omitempty" doc:"Where a principal is away."`
	For    string        `json:"for" doc:"Address of who is away."`
	Last   workflow.Date `json:"last" doc:"The last day, which counts."`
}

// applications lists what the caller may see, oldest first.
func (s *Server) applications(c *gin.Context) error {
	limit, after, err := windowOf(c)
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	now, err := s.store.Now(ctx)
	if err != nil {
		return err
	}
	filter := sql.CaseFilter{Round: c.Query("round"), Scheme: c.Query("scheme"), State: c.Query("state"), Q: c.Query("q"), Limit: limit, After: after}
	if ref := schoolRef(c.Query("school")); ref != "" {
		schools, err := s.store.Schools(ctx)
		if err != nil {
			return err
		}
		id, ok := ref.find(schools)
		if !ok {
			return answer(c, http.StatusOK, listJSON[applicationJSON]{[]applicationJSON{}}, "")
		}
		filter.School = id
	}
	cases, next, err := s.store.FullCases(ctx, by, filter)
	if err != nil {
		return err
	}
	items := make([]applicationJSON, 0, len(cases))
	for _, k := range cases {
		items = append(items, represent(k, by, now))
	}
	if next != 0 {
		linkNext(c, idKeyOf(next))
	}
	return answer(c, http.StatusOK, listJSON[applicationJSON]{items}, "")
}

// newApplication makes a draft, or files one that came on paper.
func (s *Server) newApplication(c *gin.Context) error {
	raw, err := body(c)
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	now, err := s.store.Now(ctx)
	if err != nil {
		return err
	}
	in, form, faults := readNew(raw)
	if in.Channel == "paper" {
		if _, err := workflow.NewPaper(workflow.Case{}, by, workflow.Form{}, time.Time{}, now); isForbidden(err) {
			return err
		}
		if len(faults) > 0 {
			return faults
		}
		app, err := s.store.BeginPaper(ctx, by, form, time.Time(in.ReceivedAt))
		if err != nil {
			return err
		}
		return s.created(c, app.ID)
	}
	if _, err := workflow.NewDraft(workflow.Refs{}, by, workflow.Form{}, now); isForbidden(err) {
		return err
	}
	if len(faults) > 0 {
		return faults
	}
	app, err := s.store.Begin(ctx, by, form)
	if err != nil {
		return err
	}
	return s.created(c, app.ID)
}

// paperJSON is what a new application may have besides the form.
type paperJSON struct {
	Channel    string `json:"channel,omitempty" doc:"web, or paper: an officer files what came on paper."`
	ReceivedAt moment `json:"received_at,omitzero" doc:"When the paper came in."`
}

// newJSON is the body of a new application.
type newJSON struct {
	workflow.Form
	paperJSON
}

func readNew(raw []byte) (paperJSON, workflow.Form, workflow.Violations) {
	form, faults := workflow.DecodeForm(raw)
	var in paperJSON
	if err := decodeLoosely(raw, &in); err != nil && len(faults) == 0 {
		faults = workflow.Violations{{Field: "received_at", Code: "date"}}
	}
	if in.Channel != "" && in.Channel != "web" && in.Channel != "paper" {
		faults = append(faults, workflow.Violation{Field: "channel", Code: "choice"})
	}
	return in, form, faults
}

func isForbidden(err error) bool {
	var f workflow.Forbidden
	return errors.As(err, &f)
}

func (s *Server) created(c *gin.Context, id int64) error {
	c.Header("Location", apiPrefix+"/applications/"+strconv.FormatInt(id, 10))
	return s.show(c, http.StatusCreated, id)
}

// caseCalled reads the case of the path as the caller may see it.
func (s *Server) caseCalled(c *gin.Context) (workflow.Case, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return workflow.Case{}, err
	}
	return s.store.Case(c.Request.Context(), actorOf(c), id)
}

// application shows one.
func (s *Server) application(c *gin.Context) error {
	k, err := s.caseCalled(c)
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	now, err := s.store.Now(ctx)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, represent(k, by, now), etag(k.App.Version))
}

// show answers a change with the whole new representation. Who has just changed
// a case reads the result even where the change took it out of sight: a
// principal who gave a draft back.
func (s *Server) show(c *gin.Context, status int, id int64) error {
	ctx, by := c.Request.Context(), actorOf(c)
	k, err := s.store.Case(ctx, by, id)
	unseen := errors.Is(err, workflow.ErrNotFound)
	if unseen {
		k, err = s.store.Case(ctx, workflow.Machine(), id)
	}
	if err != nil {
		return err
	}
	if unseen && by.Office() {
		// The case is gone for this person, or was never there to be read: no more
		// than the answer to the declaration.
		return answer(c, http.StatusOK, declaredJSON{id, interestJSON{k.App.InConflict(by.ID)}}, etag(k.App.Version))
	}
	now, err := s.store.Now(ctx)
	if err != nil {
		return err
	}
	return answer(c, status, represent(k, by, now), etag(k.App.Version))
}

// patchApplication changes the form by a merge patch.
func (s *Server) patchApplication(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	raw, err := body(c)
	if err != nil {
		return s.earlier(c, id, ifMatch(c.Request), &workflow.Save{Patch: []byte("{}")}, err)
	}
	if _, err := s.store.Apply(c.Request.Context(), sql.Ref{ID: id, Version: ifMatch(c.Request)}, actorOf(c), &workflow.Save{Patch: raw}); err != nil {
		return s.withOpen(c, id, err)
	}
	return s.show(c, http.StatusOK, id)
}

// act takes one transition; the body carries its data.
func (s *Server) act(action workflow.Action) handler {
	return func(c *gin.Context) error {
		id, err := pathID(c, "id")
		if err != nil {
			return err
		}
		seen := ifMatch(c.Request)
		raw, err := body(c)
		if err != nil {
			return s.earlier(c, id, seen, workflow.NewCommand(action), err)
		}
		cmd, err := workflow.ParseCommand(action, raw)
		if err != nil {
			return s.earlier(c, id, seen, workflow.NewCommand(action), err)
		}
		if err := s.stampArrival(c.Request.Context(), cmd); err != nil {
			return err
		}
		if _, err := s.store.Apply(c.Request.Context(), sql.Ref{ID: id, Version: seen}, actorOf(c), cmd); err != nil {
			return s.withOpen(c, id, err)
		}
		s.afterStep(c, id, action)
		return s.show(c, http.StatusOK, id)
	}
}

// declaredJSON answers a declaration of conflict.
type declaredJSON struct {
	ID       int64        `json:"id"`
	Interest interestJSON `json:"interest"`
}

// earlier finds what would be refused before the body is looked at: not known,
// not this role's, no or a stale version, not in this state. Only then the
// body's own fault is the answer.
func (s *Server) earlier(c *gin.Context, id, seen int64, empty workflow.Command, fault error) error {
	ctx, by := c.Request.Context(), actorOf(c)
	var violations workflow.Violations
	if empty == nil || !errors.As(fault, &violations) && !errors.Is(fault, errContentType) {
		return fault
	}
	k, err := s.store.Case(ctx, by, id)
	if err != nil {
		return err
	}
	now, err := s.store.Now(ctx)
	if err != nil {
		return err
	}
	_, err = workflow.Decide(k, by, empty, seen, now)
	if err == nil || errors.As(err, new(workflow.Violations)) {
		return fault
	}
	return s.withOpen(c, id, err)
}

// withOpen names the open actions where a guard refused by the state and did not.
func (s *Server) withOpen(c *gin.Context, id int64, err error) error {
	var wrong workflow.WrongState
	if !errors.As(err, &wrong) || len(wrong.Open) > 0 {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	k, readErr := s.store.Case(ctx, by, id)
	now, nowErr := s.store.Now(ctx)
	if readErr != nil || nowErr != nil {
		return err
	}
	wrong.Open = workflow.Allowed(k, by, now)
	return wrong
}
