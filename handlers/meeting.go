package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// meetingPages lists the pages of this room: the meetings of the committee and the board.
func (s *Server) meetingPages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	readers := []workflow.Role{workflow.Secretary, workflow.Head, workflow.Officer, workflow.Registrar, workflow.Auditor}
	writers := []workflow.Role{workflow.Secretary}
	return []pageRoute{
		{method: get, path: "/meetings", do: s.showMeetings, roles: readers},
		{method: post, path: "/meetings", do: s.postNewMeeting, roles: writers},
		{method: get, path: "/meetings/:id", do: s.showMeeting, roles: readers},
		{method: post, path: "/meetings/:id", do: s.postMeeting, roles: writers},
		{method: post, path: "/meetings/:id/notice", do: s.postMeetingNotice, roles: []workflow.Role{workflow.Secretary, workflow.Registrar}},
		{method: get, path: "/meetings/:id/minutes.pdf", do: s.sendMinutes, roles: readers},
		{method: get, path: "/meetings/:id/minutes.txt", do: s.sendMinutesText, roles: readers},
	}
}

// meetingsPage lists the meetings and calls new ones.
type meetingsPage struct {
	Page
	Form  *Form
	Table Table
	Empty Empty
	New   bool
}

func (p meetingsPage) Bodies() []Option {
	return Options(p.Lang, "body", workflow.Committee, workflow.Board)
}

func (s *Server) showMeetings(c *gin.Context) error {
	f := newForm(c)
	f.Set("body", workflow.Committee)
	f.Set("first_item", 1)
	return s.drawMeetings(c, http.StatusOK, f)
}

func (s *Server) drawMeetings(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "menu.meetings")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Errors = f.Errors
	page := meetingsPage{Page: p, Form: f, New: by.Is(workflow.Secretary), Empty: Empty{Title: lang.T(l, "meeting.none"), Text: lang.T(l, "meeting.none.text")}}
	page.Table = Table{Caption: p.Title, HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "meeting.day")}, {Text: lang.T(l, "fact.decider")}, {Text: lang.T(l, "meeting.cases"), Sum: true}, {Text: lang.T(l, "meeting.decided"), Sum: true}, {Text: lang.T(l, "queue.state")}}}
	list, err := s.store.Sittings(c.Request.Context())
	if err != nil {
		return err
	}
	for _, m := range list {
		agenda, err := s.store.Agenda(c.Request.Context(), by, m)
		if err != nil {
			return err
		}
		done := 0
		for _, k := range agenda {
			if decidedAt(k, m) {
				done++
			}
		}
		state := "planned"
		switch {
		case !m.ApprovedOn.IsZero():
			state = "approved"
		case !m.Day.After(workflow.DateOf(p.Now)):
			state = "held"
		}
		page.Table.Rows = append(page.Table.Rows, Row{Cells: []Cell{{Links: []Link{{Text: lang.LongDay(l, m.Day.String()), Href: fmt.Sprintf("/meetings/%d", m.ID)}}}, {Text: lang.T(l, "body."+m.Body)}, {Text: fmt.Sprint(len(m.Agenda))}, {Text: fmt.Sprint(done)}, {Text: lang.T(l, "meeting.state."+state)}}})
	}
	return s.page(c, status, "decision/meetings", page)
}

// decidedAt tells whether the case was decided at the meeting.
func decidedAt(k workflow.Case, m workflow.Sitting) bool {
	d := k.App.Decision
	return d != nil && d.Meeting != nil && d.Meeting.Date == m.Day && d.Body == m.Body
}

// postNewMeeting calls a meeting with everything that waits for the body on its agenda.
func (s *Server) postNewMeeting(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	m := workflow.Sitting{Body: f.Raw("body"), Day: f.Date("date"), FirstItem: int(intOf(f.Int("first_item")))}
	waiting, err := s.store.WaitingFor(c.Request.Context(), actorOf(c), m.Body)
	if err != nil {
		return err
	}
	for _, k := range waiting {
		m.Agenda = append(m.Agenda, k.App.ID)
	}
	if f.OK() {
		m, err = s.store.NewSitting(c.Request.Context(), actorOf(c), m)
		if again, err := refusedForm(f, err); err != nil || again {
			if err != nil {
				return err
			}
			return s.drawMeetings(c, http.StatusUnprocessableEntity, f)
		}
		return s.see(c, fmt.Sprintf("/meetings/%d", m.ID), "meeting.called")
	}
	return s.drawMeetings(c, http.StatusUnprocessableEntity, f)
}

// meetingPage is one meeting: presence and conflicts once, then case by case.
type meetingPage struct {
	Page
	Form      *Form
	Post      string
	Write     bool
	Agenda    Table
	Next      *Button
	Conflicts RowSet
	Reported  []string
	Minutes   notice.Notice
	Letter    Letter
	Board     string
	Note      *Note
	Record    string // where the posted day is recorded for all; "" where it isn't this person's, or is done
	Links     []Link
	Facts     []Fact
	Kept      Table // confirmed minutes as they were kept
}

func (s *Server) meetingOf(c *gin.Context) (workflow.Sitting, error) {
	id, err := idOf(c, "id")
	if err != nil {
		return workflow.Sitting{}, err
	}
	return s.store.Sitting(c.Request.Context(), id)
}

func (s *Server) showMeeting(c *gin.Context) error {
	m, err := s.meetingOf(c)
	if err != nil {
		return err
	}
	f := newForm(c)
	fillMeeting(f, m)
	return s.drawMeeting(c, http.StatusOK, m, f)
}

// fillMeeting shows a meeting as it is kept.
func fillMeeting(f *Form, m workflow.Sitting) {
	f.Set("version", m.Version)
	f.Set("date", m.Day)
	f.Set("first_item", m.FirstItem)
	f.Set("chair", m.Chair)
	f.Set("adjuster", m.Adjuster)
	f.Set("present", strings.Join(m.Present, "\n"))
	if !m.ApprovedOn.IsZero() {
		f.Set("approved_on", m.ApprovedOn)
	}
	for i, x := range m.Conflicts {
		f.Set(fmt.Sprintf("conflicts.%d.name", i+1), x.Name)
		f.Set(fmt.Sprintf("conflicts.%d.application", i+1), x.Application)
		f.Set(rowMark("conflicts", i+1), "1")
	}
}

// readMeeting takes what the form says into the meeting. What was decided keeps its place on the agenda.
func readMeeting(f *Form, m workflow.Sitting) workflow.Sitting {
	m.Version = versionOf(f)
	m.Day, m.FirstItem, m.Chair, m.Adjuster, m.ApprovedOn = f.Date("date"), int(intOf(f.Int("first_item"))), f.Text("chair"), f.Text("adjuster"), f.Date("approved_on")
	m.Present, m.Conflicts = nil, nil
	for line := range strings.Lines(f.Text("present")) {
		if line = strings.TrimSpace(line); line != "" {
			m.Present = append(m.Present, line)
		}
	}
	for _, n := range f.Rows("conflicts") {
		at := fmt.Sprintf("conflicts.%d.", n)
		id, _ := strconv.ParseInt(f.Raw(at+"application"), 10, 64) // what is no number is on no agenda
		if name := f.Text(at + "name"); name != "" || id != 0 {
			m.Conflicts = append(m.Conflicts, workflow.SittingConflict{Name: name, Application: id})
		}
	}
	return m
}

func (s *Server) postMeeting(c *gin.Context) error {
	m, err := s.meetingOf(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	if _, pressed := f.ChangeRows(); pressed {
		return s.drawMeeting(c, http.StatusOK, m, f)
	}
	ctx, by, old := c.Request.Context(), actorOf(c), m
	m = readMeeting(f, m)
	if m.Agenda, err = s.agendaAfter(c, m, f.Raw("do")); err != nil {
		return err
	}
	agenda, err := s.store.Agenda(ctx, by, old)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(agenda, func(k workflow.Case) bool { return decidedAt(k, old) }) && (m.Day != old.Day || m.FirstItem != old.FirstItem) {
		f.Fail("date", "meeting.begun")
	}
	if !f.OK() {
		return s.drawMeeting(c, http.StatusUnprocessableEntity, old, f)
	}
	err = s.store.SaveSitting(ctx, by, m)
	if again, err := refusedForm(f, err); err != nil || again {
		if err != nil {
			return err
		}
		return s.drawMeeting(c, http.StatusUnprocessableEntity, old, f)
	}
	if !m.ApprovedOn.IsZero() {
		if err := s.keepMinutes(c, m); err != nil {
			return err
		}
	}
	return s.see(c, fmt.Sprintf("/meetings/%d", m.ID), "meeting.saved")
}

// refusedForm notes in the form what was refused of it; another error is given back.
func refusedForm(f *Form, err error) (again bool, other error) {
	var wrong workflow.Violations
	switch {
	case err == nil:
		return false, nil
	case errors.As(err, &wrong):
		f.Refuse(wrong)
		return true, nil
	}
	return false, err
}

// agendaAfter is the agenda after a button: "add" takes in what waits, "drop:id" leaves a case to another meeting.
func (s *Server) agendaAfter(c *gin.Context, m workflow.Sitting, do string) ([]int64, error) {
	list := slices.Clone(m.Agenda)
	if what, id, ok := strings.Cut(do, ":"); ok && what == "drop" {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return nil, workflow.ErrNotFound
		}
		k, err := s.store.Case(c.Request.Context(), actorOf(c), n)
		if err != nil {
			return nil, err
		}
		if decidedAt(k, m) {
			return list, nil
		}
		return slices.DeleteFunc(list, func(x int64) bool { return x == n }), nil
	}
	if do != "add" {
		return list, nil
	}
	waiting, err := s.store.WaitingFor(c.Request.Context(), actorOf(c), m.Body)
	for _, k := range waiting {
		if !slices.Contains(list, k.App.ID) {
			list = append(list, k.App.ID)
		}
	}
	return list, err
}

func (s *Server) drawMeeting(c *gin.Context, status int, m workflow.Sitting, f *Form) error {
	p, err := s.newPage(c, "menu.meetings")
	if err != nil {
		return err
	}
	ctx, l, by, today := c.Request.Context(), p.Lang, actorOf(c), workflow.DateOf(p.Now)
	p.Title, p.Errors, p.Back = lang.T(l, "meeting.title", lang.Args{"Body": lang.T(l, "body."+m.Body), "Day": lang.LongDay(l, m.Day.String())}), f.Errors, &Link{Text: lang.T(l, "menu.meetings"), Href: "/meetings"}
	at := fmt.Sprintf("/meetings/%d", m.ID)
	page := meetingPage{Page: p, Form: f, Post: at, Write: by.Is(workflow.Secretary), Links: []Link{{Text: lang.T(l, "meeting.minutes.pdf"), Href: at + "/minutes.pdf"}, {Text: lang.T(l, "meeting.minutes.txt"), Href: at + "/minutes.txt"}}}
	agenda, err := s.store.Agenda(ctx, by, m)
	if err != nil {
		return err
	}
	if page.Kept, err = s.keptTable(c, l, 0, m.ID, len(agenda) == len(m.Agenda)); err != nil {
		return err
	}
	page.Agenda, page.Next = agendaTable(l, m, agenda, by, today)
	choices := []Option{}
	for _, k := range agenda {
		choices = append(choices, Option{Value: fmt.Sprint(k.App.ID), Text: m.ItemNo(k.App.ID) + " " + k.App.DNR})
	}
	page.Conflicts = f.RowSet("conflicts", "two", 0, nil, RowField{Name: "name", Kind: "text"}, RowField{Name: "application", Kind: "select", Options: choices, Empty: "–"})
	minutes, numbers, open, err := s.minutesOf(c, m, agenda, l)
	if err != nil {
		return err
	}
	page.Letter = letterOf(minutes)
	page.Letter.Preview = true
	posted := today
	page.Board = notice.Board(m, numbers, posted, posted.AddDays(s.appealDays(agenda)), s.letterOffice(c, l))
	page.Note = &Note{Text: lang.T(l, "meeting.notice.open", lang.Args{"Count": len(open)})}
	switch {
	case len(open) == 0:
		page.Note = &Note{Kind: "good", Text: lang.T(l, "meeting.notice.done")}
	case m.NoticeLate(today):
		page.Note = &Note{Kind: "warn", Strong: lang.T(l, "meeting.notice.late")}
	}
	if len(open) > 0 && (by.Is(workflow.Secretary) || by.Is(workflow.Registrar)) {
		page.Record = at + "/notice"
		if !f.Has("posted_on") {
			f.Set("posted_on", today)
		}
	}
	return s.page(c, status, "decision/meeting", page)
}

// appealDays is how long a notice stays up: the longest of the cases' rounds (KL 13:5).
func (s *Server) appealDays(agenda []workflow.Case) int {
	days := 21
	for _, k := range agenda {
		days = max(days, k.Round.Rules.AppealDays)
	}
	return days
}

// agendaTable is the agenda, case after case; next leads to the first that is not decided.
func agendaTable(l lang.Lang, m workflow.Sitting, agenda []workflow.Case, by workflow.Actor, today workflow.Date) (t Table, next *Button) {
	t = Table{Caption: lang.T(l, "meeting.agenda"), HideCaption: true, Stack: true, Class: "queue", Head: []Column{{Text: lang.T(l, "meeting.item")}, {Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "decisions.proposal")}, {Text: lang.T(l, "meeting.result")}, {Text: lang.T(l, "queue.next")}}}
	for _, k := range agenda {
		row := []Cell{{Text: m.ItemNo(k.App.ID)}, {Text: k.App.Form.Title, Note: k.App.DNR + " " + applicantName(k)}, {Text: "–"}, {Text: lang.T(l, "meeting.waits")}, {}}
		if p := k.App.Proposal; p != nil {
			row[2].Text, row[2].Note = lang.T(l, "outcome."+p.Outcome), lang.Money(l, p.Amount)
		}
		if who := m.Meeting(k.App.ID).Conflicted; len(who) > 0 {
			row[1].Note += ". " + lang.T(l, "meeting.leaves", lang.Args{"Names": lang.List(l, who)})
		}
		href := fmt.Sprintf("/decisions/%d?meeting=%d", k.App.ID, m.ID)
		switch {
		case decidedAt(k, m):
			row[3].Text, row[3].Note = lang.T(l, "outcome."+k.App.Decision.Outcome), lang.Money(l, k.App.Decision.Granted)
			row[4].Links = []Link{{Text: lang.T(l, "decisions.case"), Hidden: k.App.Form.Title, Href: fmt.Sprintf("/cases/%d", k.App.ID)}}
		case k.App.State != workflow.Proposed:
			row[3].Text = lang.T(l, "meeting.gone")
			row[4].Links = []Link{{Text: lang.T(l, "decisions.case"), Hidden: k.App.Form.Title, Href: fmt.Sprintf("/cases/%d", k.App.ID)}}
		default:
			row[4].Links = []Link{{Text: lang.T(l, "meeting.take"), Hidden: k.App.Form.Title, Href: href}}
			if by.Is(workflow.Secretary) {
				row[4].Button = &Button{Text: lang.T(l, "meeting.drop"), Hidden: k.App.Form.Title, Name: "do", Value: fmt.Sprintf("drop:%d", k.App.ID), Variant: "secondary"}
			}
			if next == nil && by.Is(workflow.Secretary) && !m.Day.After(today) {
				next = &Button{Text: lang.T(l, "meeting.next", lang.Args{"Item": m.ItemNo(k.App.ID)}), Hidden: k.App.Form.Title, Href: href}
			}
		}
		t.Rows = append(t.Rows, Row{Cells: row})
	}
	return t, next
}

// minutesOf makes the minutes; numbers are the cases that the notice names, and
// open those decided here or reported whose notice is not recorded yet.
func (s *Server) minutesOf(c *gin.Context, m workflow.Sitting, agenda []workflow.Case, l lang.Lang) (n notice.Notice, numbers []string, open []workflow.Case, err error) {
	ctx, by := c.Request.Context(), actorOf(c)
	now, err := s.store.Now(ctx)
	if err != nil {
		return n, nil, nil, err
	}
	rows, err := s.store.Delegated(ctx, by, m)
	if err != nil {
		return n, nil, nil, err
	}
	var reported []notice.Reported
	take := func(k workflow.Case) {
		numbers = append(numbers, k.App.DNR)
		if k.App.Decision.NoticePostedOn.IsZero() && !slices.ContainsFunc(open, func(x workflow.Case) bool { return x.App.ID == k.App.ID }) {
			open = append(open, k)
		}
	}
	for _, k := range agenda {
		if decidedAt(k, m) {
			take(k)
		}
	}
	if m.Body == workflow.Committee {
		for _, r := range rows {
			reported = append(reported, sqlReported(r))
			if d := r.Case.App.Decision; r.Action == workflow.ActDecide && d != nil && (d.NoticePostedOn.IsZero() || !d.NoticePostedOn.Before(m.Day)) {
				take(r.Case)
			}
		}
	}
	slices.Sort(numbers)
	return notice.Minutes(m, agenda, reported, now, s.letterOffice(c, l)), slices.Compact(numbers), open, nil
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
	_, _, open, err := s.minutesOf(c, m, agenda, f.Lang)
	if err != nil {
		return err
	}
	day := f.Date("posted_on")
	if day.IsZero() {
		f.Fail("posted_on", "form.required")
	}
	done := 0
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
	l, _ := LangOf(c.Request)
	n, _, _, err := s.minutesOf(c, m, agenda, l)
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
