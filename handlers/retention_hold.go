package handlers

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

type holdsPage struct {
	Page
	Form  *Form
	Table Table
	May   bool
	Empty Empty
}

func (s *Server) showHolds(c *gin.Context) error {
	return s.drawHolds(c, http.StatusOK, newForm(c))
}

func (s *Server) drawHolds(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "holds.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Errors, p.Lead, p.Back = f.Errors, lang.T(l, "holds.lead"), &Link{Text: lang.T(l, "retention.title"), Href: "/archive/retention"}
	holds, err := s.store.Holds(c.Request.Context())
	if err != nil {
		return err
	}
	page := holdsPage{
		Page:  p,
		Form:  f,
		May:   actorOf(c).Is(workflow.Registrar),
		Empty: Empty{Title: lang.T(l, "holds.none"), Text: lang.T(l, "holds.none.text")},
	}
	page.Table = Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "queue.case")},
			{Text: lang.T(l, "field.reason")},
			{Text: lang.T(l, "holds.placed")},
			{Text: lang.T(l, "queue.next")},
		},
	}
	for _, h := range holds {
		next := Cell{Text: lang.T(l, "holds.in_force")}
		switch {
		case h.LiftedAt != nil:
			next = Cell{Text: lang.T(l, "holds.lifted", lang.Args{"Day": lang.Date(l, *h.LiftedAt), "Who": h.LiftedBy}), Note: h.LiftReason}
		case page.May:
			next = Cell{Links: []Link{{Text: lang.T(l, "holds.lift"), Href: pathOf("archive", "holds", h.ID), Hidden: h.DNR}}}
		}
		page.Table.Rows = append(
			page.Table.Rows,
			Row{Cells: []Cell{{Text: h.DNR, Note: h.Title}, {Text: h.Reason}, {Text: h.By, Note: lang.Date(l, h.At)}, next}},
		)
	}
	return s.page(c, status, "archive/holds", page)
}

// postHold places a hold.
func (s *Server) postHold(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	err = s.store.PlaceHold(c.Request.Context(), actorOf(c), f.Text("dnr"), f.Text("reason"))
	if again, err := refusedForm(f, err); err != nil {
		return err
	} else if again {
		return s.drawHolds(c, http.StatusUnprocessableEntity, f)
	}
	return s.see(c, "/archive/holds", "holds.done.placed")
}

type liftPage struct {
	Page
	Form  *Form
	Post  string
	Facts []Fact
}

// showLift asks why a case is let go again.
func (s *Server) showLift(c *gin.Context) error {
	return s.drawLift(c, http.StatusOK, newForm(c))
}

func (s *Server) drawLift(c *gin.Context, status int, f *Form) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	holds, err := s.store.Holds(c.Request.Context())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(holds, func(h sql.Hold) bool { return h.ID == id && h.LiftedAt == nil })
	if i < 0 {
		return workflow.ErrNotFound
	}
	p, err := s.newPage(c, "holds.lift.title")
	if err != nil {
		return err
	}
	l, h := p.Lang, holds[i]
	p.Title, p.Lead = lang.T(l, "holds.lift.title", lang.Args{"DNR": h.DNR}), lang.T(l, "holds.lift.lead")
	p.Errors, p.Back = f.Errors, &Link{Text: lang.T(l, "holds.title"), Href: "/archive/holds"}
	return s.page(
		c,
		status,
		"archive/lift",
		liftPage{Page: p, Form: f, Post: p.Path, Facts: []Fact{{Term: lang.T(l, "queue.case"), Value: h.Title, Note: h.DNR},
			{Term: lang.T(l, "holds.why"), Value: h.Reason}, {Term: lang.T(l, "holds.placed"), Value: h.By, Note: lang.Date(l, h.At)}}},
	)
}

// postLift lets it go.
func (s *Server) postLift(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	err = s.store.LiftHold(c.Request.Context(), actorOf(c), id, f.Text("reason"))
	if again, err := refusedForm(f, err); err != nil {
		return err
	} else if again {
		return s.drawLift(c, http.StatusUnprocessableEntity, f)
	}
	return s.see(c, "/archive/holds", "holds.done.lifted")
}
