package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/workflow"
)

// justDone tells whether the step that the form asks for is the very next thing
// that happened, done by the same person: a button pressed twice.
func (s *Server) justDone(c *gin.Context, k workflow.Case, f *Form, action workflow.Action) (bool, error) {
	by, seen := actorOf(c), versionOf(f)
	events, err := s.store.Events(c.Request.Context(), by, k.App.ID)
	if err != nil {
		return false, err
	}
	for _, e := range events {
		if e.Version == seen+1 {
			return e.Action == action && e.By == by.Email, nil
		}
	}
	return false, nil
}

// drawDoStale shows the form once more after somebody else changed the case:
// what was typed stands, beside the case as it is now.
func (s *Server) drawDoStale(c *gin.Context, k workflow.Case, action workflow.Action, f *Form) error {
	newest, err := s.store.Case(c.Request.Context(), actorOf(c), k.App.ID)
	if err != nil {
		return err
	}
	f.Set("version", newest.App.Version)
	f.Fail("", "assess.stale")
	return s.drawDo(c, http.StatusConflict, newest, action, f)
}
