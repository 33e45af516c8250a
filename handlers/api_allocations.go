package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
)

// allocationIn asks for a scenario.
type allocationIn struct {
	Budget *int64 `json:"budget,omitempty" doc:"Whole kronor; without it what the round has available."`
	Method string `json:"method,omitempty" doc:"ranking, proportional or level_floor."`
	Floor  int64  `json:"level_floor,omitempty" doc:"Whole kronor that each school level gets first, by ranking (level_floor)."`
	Name   string `json:"name,omitempty"`
}

// allocationJSON is a saved scenario; results in order of rank.
type allocationJSON struct {
	ID        int64                `json:"id"`
	Round     string               `json:"round"`
	Name      string               `json:"name,omitempty"`
	Chosen    bool                 `json:"chosen"`
	CreatedAt moment               `json:"created_at"`
	Budget    int64                `json:"budget"`
	Method    string               `json:"method"`
	Floor     int64                `json:"level_floor,omitempty" doc:"Whole kronor for each school level first."`
	Total     int64                `json:"total" doc:"Whole kronor that are shared out."`
	Remaining int64                `json:"remaining"`
	Results   []workflow.Allotment `json:"results"`
}

func representAllocation(a sql.AllocationRow) allocationJSON {
	return allocationJSON{a.ID, a.Round, a.Name, a.Chosen, moment(a.CreatedAt), a.Budget, a.Method, a.Floor, a.Total, a.Remaining, orEmpty(a.Results)}
}

// newAllocation shares out a budget over the round's ranked cases (RF-16) and saves the scenario.
func (s *Server) newAllocation(c *gin.Context) error {
	ctx, by, round := c.Request.Context(), actorOf(c), c.Param("id")
	if _, err := s.store.Round(ctx, round); err != nil {
		return err
	}
	if err := is(by, workflow.Officer, workflow.Head); err != nil {
		return err
	}
	var in allocationIn
	if err := readJSON(c, &in); err != nil {
		return err
	}
	a, err := s.store.Allocate(ctx, by, round, strings.TrimSpace(in.Name), in.Budget, in.Method, in.Floor)
	if err != nil {
		return err
	}
	c.Header("Location", fmt.Sprintf("%s/rounds/%s/allocations/%d", apiPrefix, url.PathEscape(round), a.ID))
	return answer(c, http.StatusCreated, representAllocation(a), "")
}

// allocations lists a round's saved scenarios.
func (s *Server) allocations(c *gin.Context) error {
	ctx := c.Request.Context()
	if err := s.mayRank(c); err != nil {
		return err
	}
	list, err := s.store.Allocations(ctx, actorOf(c), c.Param("id"))
	if err != nil {
		return err
	}
	all := make([]allocationJSON, 0, len(list))
	for _, a := range list {
		all = append(all, representAllocation(a))
	}
	return answerPage(c, all, func(a allocationJSON) string { return idKeyOf(a.ID) })
}

// allocation shows one.
func (s *Server) allocation(c *gin.Context) error {
	if err := s.mayRank(c); err != nil {
		return err
	}
	aid, err := pathID(c, "aid")
	if err != nil {
		return err
	}
	a, err := s.store.Allocation(c.Request.Context(), actorOf(c), c.Param("id"), aid)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, representAllocation(a), "")
}

// mayRank: scenarios are the office's working papers.
func (s *Server) mayRank(c *gin.Context) error {
	if _, err := s.store.Round(c.Request.Context(), c.Param("id")); err != nil {
		return err
	}
	return is(actorOf(c), workflow.Officer, workflow.Head, workflow.Secretary, workflow.Registrar, workflow.Auditor)
}
