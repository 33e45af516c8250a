package handlers

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// meetingPapers are what comes out of a meeting: its minutes, and what the notice on the board tells of.
type meetingPapers struct {
	Meeting workflow.Sitting
	Agenda  []workflow.Case
	Minutes notice.Notice
	Record  notice.Record   // what was done beside the agenda
	Numbers []string        // of the cases that the notice names, in order
	Open    []workflow.Case // decided here or reported, whose notice is not recorded yet
}

// name takes a decided case into the notice. A decision that a court has annulled has no notice to wait for.
func (x *meetingPapers) name(k workflow.Case) {
	x.Numbers = append(x.Numbers, k.App.DNR)
	if k.App.Decision != nil && k.App.Decision.NoticePostedOn.IsZero() &&
		!slices.ContainsFunc(x.Open, func(o workflow.Case) bool { return o.App.ID == k.App.ID }) {
		x.Open = append(x.Open, k)
	}
}

// waiting counts what no posted day is recorded for yet.
func (x meetingPapers) waiting() int {
	if x.Meeting.NoticeOn.IsZero() {
		return len(x.Open) + len(x.Record.Changed) // which have no day of their own
	}
	return len(x.Open)
}

// minutesOf makes the papers of a meeting, which are in Swedish whoever reads them (språklagen 10 §).
func (s *Server) minutesOf(c *gin.Context, by workflow.Actor, m workflow.Sitting, agenda []workflow.Case) (x meetingPapers, err error) {
	ctx := c.Request.Context()
	x.Meeting, x.Agenda = m, agenda
	now, err := s.store.Now(ctx)
	if err != nil {
		return x, err
	}
	delegated, err := s.store.Delegated(ctx, by, m)
	if err != nil {
		return x, err
	}
	if x.Record.Remitted, err = s.store.Remitted(ctx, by, m); err != nil {
		return x, err
	}
	if x.Record.Changed, err = s.store.Changed(ctx, by, m); err != nil {
		return x, err
	}
	if x.Record.Answered, err = s.store.AnsweredItems(ctx, m); err != nil {
		return x, err
	}
	for _, k := range agenda {
		if m.Decided(k) != nil {
			x.name(k)
		}
	}
	for _, k := range x.Record.Changed {
		x.Numbers = append(x.Numbers, k.App.DNR)
	}
	for _, r := range delegated {
		x.Record.Reported = append(x.Record.Reported, sqlReported(r))
		if d := r.Case.App.Decision; r.Action == workflow.ActDecide && d != nil && (d.NoticePostedOn.IsZero() || !d.NoticePostedOn.Before(m.Day)) {
			x.name(r.Case)
		}
	}
	slices.Sort(x.Numbers)
	x.Numbers = slices.Compact(x.Numbers)
	x.Minutes = notice.Minutes(m, agenda, x.Record, now, s.letterOffice(c, lang.SV))
	return x, nil
}

func sqlReported(r sql.DelegatedRow) notice.Reported {
	return notice.Reported{Case: r.Case, At: r.At, Action: r.Action, By: r.By}
}

// keptMinutes lists the confirmed minutes as they were kept.
func (s *Server) keptMinutes(c *gin.Context, l lang.Lang, m workflow.Sitting) (Table, error) {
	whole, err := s.readsWhole(c, m)
	if err != nil {
		return Table{}, err
	}
	return s.keptTable(c, l, 0, m.ID, whole)
}

// meetingMinutes reads the meeting of the path and makes its minutes.
func (s *Server) meetingMinutes(c *gin.Context) (workflow.Sitting, notice.Notice, error) {
	m, err := s.meetingOf(c)
	if err != nil {
		return m, notice.Notice{}, err
	}
	agenda, err := s.store.Agenda(c.Request.Context(), actorOf(c), m)
	if err != nil {
		return m, notice.Notice{}, err
	}
	x, err := s.minutesOf(c, actorOf(c), m, agenda)
	return m, x.Minutes, err
}

// sendMinutes gives the confirmed minutes as they were kept; before that, and to
// who may not read every case of them, as they can be made now.
func (s *Server) sendMinutes(c *gin.Context) error {
	m, n, err := s.meetingMinutes(c)
	if err != nil {
		return err
	}
	name := "protokoll-" + m.Day.String() + ".pdf"
	kept, err := s.store.Papers(c.Request.Context(), 0, m.ID)
	if err != nil {
		return err
	}
	whole, err := s.readsWhole(c, m)
	if err != nil {
		return err
	}
	if len(kept) == 0 || !whole {
		return sendPaper(c, name, n)
	}
	_, pdf, err := s.store.Paper(c.Request.Context(), kept[len(kept)-1].ID)
	if err != nil {
		return err
	}
	return sendPDF(c, name, pdf)
}

func (s *Server) sendMinutesText(c *gin.Context) error {
	m, n, err := s.meetingMinutes(c)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", disposition("protokoll-"+m.Day.String()+".txt", false))
	c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(n.Text()))
	return nil
}
