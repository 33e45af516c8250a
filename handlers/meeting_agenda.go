package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// changeAgenda does what a button asks for: "add" takes in all that waits and
// "add:id" one of it, "drop:id" leaves a case to another meeting. Paragraphs
// follow the agenda, so nothing that stands before a decision can be dropped.
func (s *Server) changeAgenda(c *gin.Context, m *workflow.Sitting, agenda []workflow.Case, answered []int, do string) error {
	what, id, _ := strings.Cut(do, ":")
	var n int64
	if id != "" {
		var err error
		if n, err = strconv.ParseInt(id, 10, 64); err != nil {
			return workflow.ErrNotFound
		}
	}
	m.Agenda = slices.Clone(m.Agenda)
	switch what {
	case "drop":
		if slices.Index(m.Agenda, n) > lastDecided(*m, agenda) {
			m.Agenda = slices.DeleteFunc(m.Agenda, func(x int64) bool { return x == n })
		}
	case "add":
		waiting, err := s.store.WaitingFor(c.Request.Context(), actorOf(c), m.Body)
		for _, k := range waiting {
			if !slices.Contains(m.Agenda, k.App.ID) && (n == 0 || n == k.App.ID) {
				m.Add(k.App.ID, answered)
			}
		}
		return err
	}
	return nil
}

// lastDecided is the place on the agenda of the last case that the meeting has decided; -1 if none.
func lastDecided(m workflow.Sitting, agenda []workflow.Case) int {
	last := -1
	for _, k := range agenda {
		if m.Decided(k) != nil {
			last = max(last, slices.Index(m.Agenda, k.App.ID))
		}
	}
	return last
}

// agendaTable is the agenda, case after case; next leads to the first that is
// not decided. Both save what is typed on the page before they lead on.
func agendaTable(
	l lang.Lang,
	m workflow.Sitting,
	agenda []workflow.Case,
	remitted map[int64]string,
	by workflow.Actor,
	today workflow.Date,
) (t Table, next *Button) {
	t = Table{
		Caption:     lang.T(l, "meeting.agenda"),
		HideCaption: true,
		Stack:       true,
		Class:       "queue",
		Head: []Column{
			{Text: lang.T(l, "meeting.item")},
			{Text: lang.T(l, "queue.case")},
			{Text: lang.T(l, "decisions.proposal")},
			{Text: lang.T(l, "meeting.result")},
			{Text: lang.T(l, "queue.next")},
		},
	}
	last, write, begun := lastDecided(m, agenda), by.Is(workflow.Secretary), !m.Day.After(today)
	for _, k := range agenda {
		row := []Cell{
			{Text: lang.Item(m.ItemNo(k.App.ID))},
			{Text: k.App.Form.Title, Note: k.App.DNR + " " + applicantName(k)},
			{Text: "–"},
			{Text: lang.T(l, "meeting.waits")},
			{},
		}
		if p := k.App.Proposal; p != nil {
			row[2].Text, row[2].Note = lang.T(l, "outcome."+p.Outcome), sumOrNone(l, p.Amount)
		}
		if who := m.Meeting(k.App.ID).Conflicted; len(who) > 0 {
			row[1].Note += ". " + lang.T(l, "meeting.leaves", lang.Args{"Names": lang.List(l, who)})
		}
		whole := []Link{{Text: lang.T(l, "decisions.case"), Hidden: k.App.Form.Title, Href: fmt.Sprintf("/cases/%d", k.App.ID)}}
		_, back := remitted[k.App.ID]
		switch d := m.Decided(k); {
		case d != nil:
			row[3].Text, row[3].Note, row[4].Links = lang.T(l, "outcome."+d.Outcome), sumOrNone(l, d.Granted), whole
		case back && k.App.State != workflow.Proposed:
			row[3].Text, row[4].Links = lang.T(l, "meeting.remitted"), whole
		case k.App.State != workflow.Proposed:
			row[3].Text, row[4].Links = lang.T(l, "meeting.gone"), whole
		case write && begun:
			take := Button{Name: "do", Value: fmt.Sprintf("take:%d", k.App.ID), Text: lang.T(l, "meeting.take"), Hidden: k.App.Form.Title, Variant: "secondary"}
			row[4].Button = &take
			if next == nil {
				first := take
				first.Text, first.Variant = lang.T(l, "meeting.next", lang.Args{"Item": lang.Item(m.ItemNo(k.App.ID))}), ""
				next = &first
			}
		default:
			row[4].Links = []Link{{Text: lang.T(l, "meeting.read"), Hidden: k.App.Form.Title, Href: fmt.Sprintf("/decisions/%d?meeting=%d", k.App.ID, m.ID)}}
		}
		if write && k.App.State == workflow.Proposed && slices.Index(m.Agenda, k.App.ID) > last {
			row[4].Drop = &Button{
				Text:    lang.T(l, "meeting.drop"),
				Hidden:  k.App.Form.Title,
				Name:    "do",
				Value:   fmt.Sprintf("drop:%d", k.App.ID),
				Variant: "secondary",
			}
		}
		t.Rows = append(t.Rows, Row{Cells: row})
	}
	return t, next
}

// sumOrNone is a sum, and nothing where nothing is granted.
func sumOrNone(l lang.Lang, kronor int64) string {
	if kronor == 0 {
		return ""
	}
	return lang.Money(l, kronor)
}

// waitingTable lists what waits for the body and is not on the agenda.
func (s *Server) waitingTable(c *gin.Context, l lang.Lang, m workflow.Sitting) (Table, error) {
	t := Table{
		Caption:     lang.T(l, "meeting.waiting"),
		HideCaption: true,
		Stack:       true,
		Class:       "queue",
		Head:        []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "decisions.proposal")}, {Text: lang.T(l, "queue.next")}},
	}
	waiting, err := s.store.WaitingFor(c.Request.Context(), actorOf(c), m.Body)
	for _, k := range waiting {
		if slices.Contains(m.Agenda, k.App.ID) {
			continue
		}
		p := k.App.Proposal
		t.Rows = append(t.Rows, Row{
			Cells: []Cell{
				{Text: k.App.Form.Title, Note: k.App.DNR + " " + applicantName(k)},
				{Text: lang.T(l, "outcome."+p.Outcome), Note: sumOrNone(l, p.Amount)},
				{
					Button: &Button{
						Text:    lang.T(l, "meeting.add.one"),
						Hidden:  k.App.Form.Title,
						Name:    "do",
						Value:   fmt.Sprintf("add:%d", k.App.ID),
						Variant: "secondary",
					},
				},
			},
		})
	}
	return t, err
}
