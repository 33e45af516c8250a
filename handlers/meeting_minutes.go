package handlers

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// minutesOf makes the minutes, which are in Swedish whoever reads them (språklagen 10 §); numbers are the cases that the notice names, and
// open those decided here or reported whose notice is not recorded yet. A
// decision that a court has annulled has no notice to wait for.
func (s *Server) minutesOf(
	c *gin.Context,
	by workflow.Actor,
	m workflow.Sitting,
	agenda []workflow.Case,
) (n notice.Notice, numbers []string, open []workflow.Case, record notice.Record, err error) {
	ctx := c.Request.Context()
	now, err := s.store.Now(ctx)
	if err != nil {
		return n, nil, nil, record, err
	}
	rows, err := s.store.Delegated(ctx, by, m)
	if err != nil {
		return n, nil, nil, record, err
	}
	if record.Remitted, err = s.store.Remitted(ctx, by, m); err != nil {
		return n, nil, nil, record, err
	}
	if record.Changed, err = s.store.Changed(ctx, by, m); err != nil {
		return n, nil, nil, record, err
	}
	if record.Answered, err = s.store.AnsweredItems(ctx, m); err != nil {
		return n, nil, nil, record, err
	}
	take := func(k workflow.Case) {
		numbers = append(numbers, k.App.DNR)
		if k.App.Decision != nil && k.App.Decision.NoticePostedOn.IsZero() &&
			!slices.ContainsFunc(open, func(x workflow.Case) bool { return x.App.ID == k.App.ID }) {
			open = append(open, k)
		}
	}
	for _, k := range agenda {
		if m.Decided(k) != nil {
			take(k)
		}
	}
	for _, k := range record.Changed {
		numbers = append(numbers, k.App.DNR)
	}
	for _, r := range rows {
		record.Reported = append(record.Reported, sqlReported(r))
		if d := r.Case.App.Decision; r.Action == workflow.ActDecide && d != nil && (d.NoticePostedOn.IsZero() || !d.NoticePostedOn.Before(m.Day)) {
			take(r.Case)
		}
	}
	slices.Sort(numbers)
	return notice.Minutes(m, agenda, record, now, s.letterOffice(c, lang.SV)), slices.Compact(numbers), open, record, nil
}

func sqlReported(r sql.DelegatedRow) notice.Reported {
	return notice.Reported{Case: r.Case, At: r.At, Action: r.Action, By: r.By}
}

// postMeetingNotice records the posted day in every case of the notice. A case
// that refuses is left as it is and counted.
func (s *Server) postMeetingNotice(c *gin.Context) error {
	m, err := s.meetingOf(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	agenda, err := s.store.Agenda(ctx, by, m)
	if err != nil {
		return err
	}
	_, _, open, record, err := s.minutesOf(c, by, m, agenda)
	if err != nil {
		return err
	}
	day := f.Date("posted_on")
	if day.IsZero() {
		f.Fail("posted_on", "form.required")
	}
	if !day.IsZero() && day.Before(m.Day) { // what is reported there isn't told of before it
		f.Fail("posted_on", "meeting.notice.before", lang.Args{"Day": lang.LongDay(f.Lang, m.Day.String())})
	}
	done := 0
	if m.NoticeOn.IsZero() {
		done = len(record.Changed)
	}
	for _, k := range open {
		if !f.OK() {
			break
		}
		_, err := s.store.Apply(ctx, sql.Ref{ID: k.App.ID, Version: k.App.Version}, by, &workflow.RecordNotice{PostedOn: day})
		if again, err := refusedForm(f, err); err != nil {
			return err
		} else if !again {
			done++
		}
	}
	if !f.OK() {
		fillMeeting(f, m)
		return s.drawMeeting(c, http.StatusUnprocessableEntity, m, f)
	}
	if err := s.store.NoteSittingNotice(ctx, by, m.ID, day); err != nil {
		return err
	}
	return s.see(c, fmt.Sprintf("/meetings/%d", m.ID), "meeting.notice.recorded", lang.Args{"Count": done})
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
	n, _, _, _, err := s.minutesOf(c, actorOf(c), m, agenda)
	return m, n, err
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
