package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/jobs/letter"
	"fund/jobs/paper"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// paperRoom is the address of papers that were kept as they were on the table.
func (s *Server) paperRoom() []pageRoute {
	return []pageRoute{{method: http.MethodGet, path: "/papers/:id", do: s.sendKept,
		roles: []workflow.Role{workflow.Secretary, workflow.Head, workflow.Officer, workflow.Registrar, workflow.Auditor, workflow.Reviewer}}}
}

// proposalNotice is the written proposal (tjänsteskrivelse). It is the
// municipality's own paper, so it is in Swedish whoever reads it.
func (s *Server) proposalNotice(c *gin.Context, k workflow.Case) notice.Notice {
	at := k.App.Proposal.At
	var found []string
	for _, x := range s.findingViews(c, lang.SV, k, workflow.DateOf(at)) {
		found = append(found, strings.TrimSpace(x.Rule+" "+x.Text+" "+x.Ruling))
	}
	return notice.Proposal(k, found, at, s.letterOffice(c, lang.SV))
}

func (s *Server) keep(c *gin.Context, p sql.Paper, n notice.Notice) (sql.Paper, error) {
	var pdf bytes.Buffer
	if err := letter.Encode(&pdf, paper.Of(n)); err != nil {
		return p, fmt.Errorf("paper %s: %w", p.Kind, err)
	}
	p.Kind, p.Title = n.Kind, n.Title
	return s.store.KeepPaper(c.Request.Context(), actorOf(c), p, n.Text(), pdf.Bytes())
}

// keepProposal keeps the proposal as it is on the table. A step that could not
// keep it is made good by whoever opens it first.
func (s *Server) keepProposal(c *gin.Context, k workflow.Case) (sql.Paper, error) {
	return s.keep(c, sql.Paper{Application: k.App.ID, About: k.App.Proposal.At}, s.proposalNotice(c, k))
}

// afterStep keeps the paper of a proposal that was just made.
func (s *Server) afterStep(c *gin.Context, app int64, action workflow.Action) {
	if action != workflow.ActPropose {
		return
	}
	k, err := s.store.Case(c.Request.Context(), actorOf(c), app)
	if err == nil && k.App.Proposal != nil {
		_, err = s.keepProposal(c, k)
	}
	if err != nil {
		s.log.ErrorContext(c.Request.Context(), "proposal not kept yet", "application", app, "error", err)
	}
}

// sendProposal is the written proposal to the decider as PDF, as it was made.
func (s *Server) sendProposal(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	if k.App.Proposal == nil || !workflow.SeesAssessment(k, actorOf(c)) || k.IsMasked() {
		return workflow.ErrNotFound
	}
	p, err := s.keepProposal(c, k)
	if err != nil {
		return err
	}
	_, pdf, err := s.store.Paper(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	return sendPDF(c, proposalName(k), pdf)
}

func proposalName(k workflow.Case) string {
	return "tjansteskrivelse-" + strings.NewReplacer(" ", "-", "/", "-").Replace(k.App.DNR) + ".pdf"
}

// keepMinutes keeps the minutes that were confirmed. Said anew in other words, they correct the ones before.
func (s *Server) keepMinutes(c *gin.Context, m workflow.Sitting) error {
	m, err := s.store.Sitting(c.Request.Context(), m.ID)
	if err != nil {
		return err
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	whole := workflow.Machine() // whoever writes them
	agenda, err := s.store.Agenda(c.Request.Context(), whole, m)
	if err != nil {
		return err
	}
	papers, err := s.minutesOf(c, whole, m, agenda)
	if err != nil {
		return err
	}
	_, err = s.keep(c, sql.Paper{Sitting: m.ID, About: now.Truncate(time.Microsecond)}, papers.Minutes)
	return err
}

// readsWhole tells whether the reader may know of every case that the meeting's minutes tell of.
func (s *Server) readsWhole(c *gin.Context, m workflow.Sitting) (bool, error) {
	mine, err := s.casesTold(c, actorOf(c), m)
	if err != nil {
		return false, err
	}
	all, err := s.casesTold(c, workflow.Machine(), m)
	return mine == all, err
}

// casesTold counts what somebody reads of in a meeting's minutes: its agenda, the changes it answered, the decisions reported to it.
func (s *Server) casesTold(c *gin.Context, by workflow.Actor, m workflow.Sitting) (int, error) {
	ctx := c.Request.Context()
	agenda, err := s.store.Agenda(ctx, by, m)
	if err != nil {
		return 0, err
	}
	changed, err := s.store.Changed(ctx, by, m)
	if err != nil {
		return 0, err
	}
	reported, err := s.store.Delegated(ctx, by, m)
	return len(agenda) + len(changed) + len(reported), err
}

// sendKept gives a kept paper to who may read its case, or every case of its meeting.
func (s *Server) sendKept(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	p, pdf, err := s.store.Paper(c.Request.Context(), id)
	if err != nil {
		return err
	}
	if p.Kind == notice.KindProposal {
		k, err := s.store.Case(c.Request.Context(), actorOf(c), p.Application)
		if err != nil {
			return err
		}
		if !workflow.SeesAssessment(k, actorOf(c)) || k.IsMasked() {
			return workflow.ErrNotFound
		}
		return sendPDF(c, proposalName(k), pdf)
	}
	m, err := s.store.Sitting(c.Request.Context(), p.Sitting)
	if err != nil {
		return err
	}
	if whole, err := s.readsWhole(c, m); err != nil || !whole || actorOf(c).Is(workflow.Reviewer) && !workflow.Unblinded(actorOf(c).Person) {
		if err == nil {
			err = workflow.ErrNotFound
		}
		return err
	}
	return sendPDF(c, "protokoll-"+m.Day.String()+".pdf", pdf)
}

// keptTable lists kept papers, newest last, each with its sum and what it stands instead of.
func (s *Server) keptTable(c *gin.Context, l lang.Lang, app, sitting int64, whole bool) (Table, error) {
	t := Table{
		Caption:     lang.T(l, "paper.kept"),
		HideCaption: true,
		Stack:       true,
		Head:        []Column{{Text: lang.T(l, "paper.at")}, {Text: lang.T(l, "paper.paper")}, {Text: "SHA-256"}},
	}
	if !whole {
		return t, nil
	}
	list, err := s.store.Papers(c.Request.Context(), app, sitting)
	if err != nil {
		return t, err
	}
	at := map[int64]string{}
	for _, p := range list {
		at[p.ID] = lang.DateTime(l, p.At)
		note := ""
		if p.Corrects != 0 {
			note = lang.T(l, "paper.corrects", lang.Args{"At": at[p.Corrects]})
		}
		t.Rows = append(t.Rows, Row{
			Cells: []Cell{
				{Text: at[p.ID]},
				{Links: []Link{{Text: p.Title, Href: fmt.Sprintf("/papers/%d", p.ID), Lang: "sv"}}, Note: note},
				{Hash: p.SHA256},
			},
		})
	}
	return t, nil
}

// keptLinks are the kept proposals of a case, for the office.
func (s *Server) keptLinks(c *gin.Context, l lang.Lang, k workflow.Case) (links []Link, err error) {
	if !workflow.Unblinded(actorOf(c).Person) || workflow.Outside(k, actorOf(c)) {
		return nil, nil
	}
	list, err := s.store.Papers(c.Request.Context(), k.App.ID, 0)
	for _, p := range list {
		if p.Gone {
			continue
		}
		links = append(links, Link{Text: lang.T(l, "document.proposal") + ", " + lang.DateTime(l, p.About), Href: fmt.Sprintf("/papers/%d", p.ID)})
	}
	return links, err
}
