package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
)

type eventJSON struct {
	ID      int64           `json:"id"`
	Version int64           `json:"version"`
	At      moment          `json:"at"`
	By      string          `json:"by" doc:"E-mail address; empty for the program, and to the applicant for the office's own steps before the decision."`
	ByName  string          `json:"by_name"`
	Action  workflow.Action `json:"action"`
	From    *string         `json:"from" doc:"State before; null for the first."`
	To      string          `json:"to"`
	Data    json.RawMessage `json:"data"`
	Hash    string          `json:"hash" doc:"Covers this event and its predecessor's hash."`
}

// inner are the actions whose data, and whose doer, the applicant reads only after the decision.
var inner = []workflow.Action{
	workflow.ActAssignOfficer,
	workflow.ActRuleEligibility,
	workflow.ActAssignReviewers,
	workflow.ActDeclareInterest,
	workflow.ActSaveReview,
	workflow.ActSubmitReview,
	workflow.ActSetConsensus,
	workflow.ActRank,
	workflow.ActPropose,
	workflow.ActRemitBack,
	workflow.ActTakeBack,
	workflow.ActNote,
}

// events is what was done, by whom, when.
func (s *Server) events(c *gin.Context) error {
	k, err := s.caseCalled(c)
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	rows, err := s.store.Events(ctx, by, k.App.ID)
	if err != nil {
		return err
	}
	inside, outside := workflow.SeesAssessment(k, by), workflow.Outside(k, by)
	all := make([]eventJSON, 0, len(rows))
	for _, r := range rows {
		e := eventJSON{r.ID, r.Version, moment(r.At), r.By, r.ByName, r.Action, textOrNull(string(r.From)), string(r.To), r.Data, r.Hash}
		if !inside && slices.Contains(inner, r.Action) {
			e.Data, e.By, e.ByName = nil, "", "" // who assesses is the office's until then
		}
		if outside && r.Action == workflow.ActSubmitReport {
			e.Data = withoutDraw(e.Data)
		}
		if len(e.Data) == 0 {
			e.Data = json.RawMessage("{}")
		}
		all = append(all, e)
	}
	return answerPage(c, all, func(e eventJSON) string { return idKeyOf(e.ID) })
}

// withoutDraw leaves the draw for a spot check out of what the school reads of its own filing. Data that is no object is left out whole.
func withoutDraw(data json.RawMessage) json.RawMessage {
	var all map[string]json.RawMessage
	if len(data) == 0 || json.Unmarshal(data, &all) != nil {
		return nil
	}
	delete(all, workflow.SpotCheckCode)
	kept, err := json.Marshal(all)
	if err != nil {
		return nil
	}
	return kept
}

// versionJSON is one filed version: the form's fields beside when and what.
type versionJSON struct {
	N          int    `json:"n" doc:"Counted from 1."`
	ReceivedAt moment `json:"received_at"`
	SHA256     string `json:"sha256" doc:"Of the filed form."`
	workflow.Form
}

func representVersion(r sql.VersionRow) (versionJSON, error) {
	out := versionJSON{N: r.N, ReceivedAt: moment(r.ReceivedAt), SHA256: r.SHA256}
	if err := json.Unmarshal(r.Form, &out.Form); err != nil {
		return out, fmt.Errorf("version %d: %w", r.N, err)
	}
	out.Form.Budget, out.Form.Funding = orEmpty(out.Form.Budget), orEmpty(out.Form.Funding)
	return out, nil
}

// versions lists what was filed.
func (s *Server) versions(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	rows, err := s.store.Versions(c.Request.Context(), actorOf(c), id)
	if err != nil {
		return err
	}
	all := make([]versionJSON, 0, len(rows))
	for _, r := range rows {
		v, err := representVersion(r)
		if err != nil {
			return err
		}
		all = append(all, v)
	}
	return answerPage(c, all, func(v versionJSON) string { return strconv.Itoa(v.N) })
}

// version is one of them, unchangeable.
func (s *Server) version(c *gin.Context) error {
	id, n, err := pathIDs(c, "n")
	if err != nil {
		return err
	}
	row, err := s.store.Version(c.Request.Context(), actorOf(c), id, int(n))
	if err != nil {
		return err
	}
	v, err := representVersion(row)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, v, `"`+v.SHA256+`"`)
}

// mailJSON is a mail to one address.
type mailJSON struct {
	ID          int64  `json:"id"`
	Application *int64 `json:"application"`
	To          string `json:"to"`
	Kind        string `json:"kind"`
	OffsetDays  *int   `json:"offset_days" doc:"Of report reminders: days from the report's last day."`
	Lang        string `json:"lang"`
	Subject     string `json:"subject"`
	Body        string `json:"body"`
	SentAt      moment `json:"sent_at"`
}

func representMail(m sql.MailRow) mailJSON {
	return mailJSON{m.ID, idOrNull(m.Application), m.To, m.Kind, m.OffsetDays, m.Lang, m.Subject, m.Body, momentOf(m.SentAt)}
}

// mails lists a case's mails as they were sent.
func (s *Server) mails(c *gin.Context) error {
	k, err := s.caseCalled(c)
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	rows, err := s.store.Mails(ctx, by, k.App.ID)
	if err != nil {
		return err
	}
	inside := workflow.SeesAssessment(k, by)
	reviewers := map[string]bool{}
	for _, m := range rows {
		reviewers[m.To] = reviewers[m.To] || m.Kind == "assigned"
	}
	all := make([]mailJSON, 0, len(rows))
	for _, m := range rows {
		if !inside && (reviewers[m.To] || m.Kind == "reviews_done") {
			continue // who assesses is the office's until the decision
		}
		all = append(all, representMail(m))
	}
	return answerPage(c, all, func(m mailJSON) string { return idKeyOf(m.ID) })
}
