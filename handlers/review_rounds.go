package handlers

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// showRounds lists every round with its money.
func (s *Server) showRounds(c *gin.Context) error {
	p, err := s.newPage(c, "menu.rounds")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	page := listPage{Page: p, Empty: Empty{Title: lang.T(l, "rounds.none")}}
	page.Table = Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "fact.round")},
			{Text: lang.T(l, "queue.state")},
			{Text: lang.T(l, "rounds.closes")},
			{Text: lang.T(l, "rounds.budget"), Sum: true},
			{Text: lang.T(l, "round.granted"), Sum: true},
			{Text: lang.T(l, "rounds.left"), Sum: true},
			{Text: lang.T(l, "queue.next")},
		},
	}
	rounds, err := s.store.Rounds(c.Request.Context(), true)
	if err != nil {
		return err
	}
	money, err := s.store.RoundsMoney(c.Request.Context())
	if err != nil {
		return err
	}
	for _, r := range rounds {
		m := money[r.ID]
		closes := lang.T(l, "apply.rolling")
		if end := r.Deadline(0); !end.IsZero() {
			closes = lang.DateTime(l, end)
		}
		page.Table.Rows = append(page.Table.Rows, Row{
			Cells: []Cell{
				{Links: []Link{{Text: notice.RoundName(l, r), Href: "/rounds/" + r.ID}}, Note: r.ID},
				{Text: roundState(l, r, p.Now)},
				{Text: closes},
				{Text: lang.Money(l, m.Budget)},
				{Text: lang.Money(l, m.Granted)},
				{Text: lang.Money(l, m.Available)},
				{Links: []Link{{Text: lang.T(l, "rounds.ranking"), Hidden: notice.RoundName(l, r), Href: "/rounds/" + r.ID + "/ranking"}}},
			},
		})
	}
	if makesRounds(by) {
		page.Links = []Link{{Text: lang.T(l, "round.new"), Href: "/rounds/new"}}
	}
	return s.page(c, http.StatusOK, "review/list", page)
}

// roundState says where a round is; a published one is also coming, open or closed.
func roundState(l lang.Lang, r workflow.Round, now time.Time) string {
	if r.State != workflow.RoundPublished {
		return lang.T(l, "round_state."+r.State)
	}
	switch {
	case now.Before(r.OpensAt):
		return lang.T(l, "round.is.coming")
	case r.Late(0, now):
		return lang.T(l, "round.is.closed")
	}
	return lang.T(l, "round.is.open")
}
