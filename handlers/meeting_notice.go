package handlers

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// meetingNotice is the notice of a meeting's decisions on the municipality's board.
type meetingNotice struct {
	Board  string // the text to post; "" before there is anything to tell
	Note   *Note  // what remains to do about it
	Record string // where the posted day is recorded for all; "" where it isn't this person's, or is done
}

// noticeOf says what is to be posted, and whether it has been. Who records the day begins with today.
func (s *Server) noticeOf(c *gin.Context, papers meetingPapers, f *Form, today workflow.Date) (n meetingNotice) {
	l, by, m := f.Lang, actorOf(c), papers.Meeting
	switch { // nothing of it has been decided or reported
	case today.Before(m.Day):
		n.Note = &Note{Text: lang.T(l, "meeting.notice.early")}
		return n
	case len(papers.Numbers) == 0:
		n.Note = &Note{Text: lang.T(l, "meeting.notice.none")}
		return n
	}
	waiting := papers.waiting()
	posted := noticePosted(m, papers.Agenda)
	if waiting > 0 || posted.IsZero() {
		posted = today
	}
	n.Board = notice.Board(m, papers.Numbers, posted, posted.AddDays(appealDays(papers.Agenda)), s.letterOffice(c, lang.SV))
	switch {
	case waiting == 0:
		n.Note = &Note{Kind: "good", Text: lang.T(l, "meeting.notice.done")}
	case m.NoticeLate(today):
		n.Note = &Note{Kind: "warn", Strong: lang.T(l, "meeting.notice.late")}
	default:
		n.Note = &Note{Text: lang.T(l, "meeting.notice.open", lang.Args{"Count": waiting})}
	}
	if waiting > 0 && (by.Is(workflow.Secretary) || by.Is(workflow.Registrar)) {
		n.Record = fmt.Sprintf("/meetings/%d/notice", m.ID)
		if !f.Has("posted_on") {
			f.Set("posted_on", today)
		}
	}
	return n
}

// noticePosted is the last day that the notice, or a case of the agenda, was posted; zero while none is recorded.
func noticePosted(m workflow.Sitting, agenda []workflow.Case) workflow.Date {
	day := m.NoticeOn
	for _, k := range agenda {
		if d := m.Decided(k); d != nil && d.NoticePostedOn.After(day) {
			day = d.NoticePostedOn
		}
	}
	return day
}

// appealDays is how long a notice stays up: the longest of the cases' rounds (KL 13:5).
func appealDays(agenda []workflow.Case) int {
	days := 21
	for _, k := range agenda {
		days = max(days, k.Round.Rules.AppealDays)
	}
	return days
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
	papers, err := s.minutesOf(c, by, m, agenda)
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
		done = len(papers.Record.Changed)
	}
	for _, k := range papers.Open {
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
