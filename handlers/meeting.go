package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

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
	page.Table = Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "meeting.day")},
			{Text: lang.T(l, "fact.decider")},
			{Text: lang.T(l, "meeting.cases"), Sum: true},
			{Text: lang.T(l, "meeting.decided"), Sum: true},
			{Text: lang.T(l, "queue.state")},
		},
	}
	list, err := s.store.Sittings(c.Request.Context())
	if err != nil {
		return err
	}
	agendas, err := s.store.Agenda(c.Request.Context(), by, list...)
	if err != nil {
		return err
	}
	for _, m := range list {
		done := 0
		for _, k := range agendas {
			if slices.Contains(m.Agenda, k.App.ID) && m.Decided(k) != nil {
				done++
			}
		}
		state := "planned"
		switch {
		case !m.ApprovedOn.IsZero():
			state = "approved"
		case m.Unheld(workflow.DateOf(p.Now)):
			state = "unheld"
		case m.Day == workflow.DateOf(p.Now):
			state = "today"
		case m.Day.Before(workflow.DateOf(p.Now)):
			state = "held"
		}
		page.Table.Rows = append(page.Table.Rows, Row{
			Cells: []Cell{
				{Links: []Link{{Text: lang.LongDay(l, m.Day.String()), Href: fmt.Sprintf("/meetings/%d", m.ID)}}},
				{Text: lang.T(l, "body."+m.Body)},
				{Text: fmt.Sprint(len(m.Agenda))},
				{Text: fmt.Sprint(done)},
				{Text: lang.T(l, "meeting.state."+state)},
			},
		})
	}
	return s.page(c, status, "decision/meetings", page)
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
		if again, err := refusedForm(f, err); err != nil {
			return err
		} else if again {
			return s.drawMeetings(c, http.StatusUnprocessableEntity, f)
		}
		return s.see(c, fmt.Sprintf("/meetings/%d", m.ID), "meeting.called")
	}
	f.Refuse(m.Check())
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
	Minutes   notice.Notice
	Letter    Letter
	Links     []Link
	First     *Note // who was there is missing
	Passed    *Note // what was due to a meeting before is reported here
	Waiting   Table // cases that wait for the body and are not on the agenda
	Held      *Note
	Letters   *Link
	Kept      Table // confirmed minutes as they were kept
	meetingNotice
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
	m.Day = f.Date("date")
	m.FirstItem = int(intOf(f.Int("first_item")))
	m.Chair = f.Text("chair")
	m.Adjuster = f.Text("adjuster")
	m.ApprovedOn = f.Date("approved_on")
	m.Present, m.Conflicts = f.lines("present"), nil
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
	agenda, err := s.store.Agenda(ctx, by, old)
	if err != nil {
		return err
	}
	answered, err := s.store.AnsweredItems(ctx, old)
	if err != nil {
		return err
	}
	if err := s.changeAgenda(c, &m, agenda, answered, f.Raw("do")); err != nil {
		return err
	}
	begun := len(answered) > 0 || slices.ContainsFunc(agenda, func(k workflow.Case) bool { return old.Decided(k) != nil })
	if begun && (m.Day != old.Day || m.FirstItem != old.FirstItem) {
		f.Fail("date", "meeting.begun")
	}
	if !f.OK() {
		f.Refuse(m.Check()) // all of it at once
		return s.drawMeeting(c, http.StatusUnprocessableEntity, old, f)
	}
	err = s.store.SaveSitting(ctx, by, m)
	if errors.Is(err, workflow.ErrStale) {
		f.Set("version", old.Version) // what was typed stands, and can be saved over what is shown
		f.Fail("", "meeting.stale", lang.Args{"Kept": keptWords(f.Lang, old)})
		return s.drawMeeting(c, http.StatusConflict, old, f)
	}
	if again, err := refusedForm(f, err); err != nil {
		return err
	} else if again {
		return s.drawMeeting(c, http.StatusUnprocessableEntity, old, f)
	}
	if !m.ApprovedOn.IsZero() {
		if err := s.keepMinutes(c, m); err != nil {
			return err
		}
	}
	if id, ok := strings.CutPrefix(f.Raw("do"), "take:"); ok {
		return s.see(c, fmt.Sprintf("/decisions/%s?meeting=%d", id, m.ID), "")
	}
	return s.see(c, fmt.Sprintf("/meetings/%d", m.ID), "meeting.saved")
}

// keptWords says how a meeting is kept, to who has typed something else.
func keptWords(l lang.Lang, m workflow.Sitting) string {
	list := []string{}
	add := func(key, value string) {
		if value != "" {
			list = append(list, lang.T(l, key)+" "+value)
		}
	}
	add("notice.minutes.present", strings.Join(m.Present, ", "))
	add("meeting.chair", m.Chair)
	add("meeting.adjuster", m.Adjuster)
	var who []string
	for _, c := range m.Conflicts {
		who = append(who, c.Name+" "+lang.Item(m.ItemNo(c.Application)))
	}
	add("meeting.conflicts", strings.Join(who, ", "))
	add("meeting.day", lang.Day(l, m.Day.String()))
	return strings.Join(list, ". ")
}

// drawMeeting shows a meeting in the order it is held: its agenda, who takes part, its letters and minutes, and the notice on the board.
func (s *Server) drawMeeting(c *gin.Context, status int, m workflow.Sitting, f *Form) error {
	page, err := s.newMeetingPage(c, m, f)
	if err != nil {
		return err
	}
	l, by, today := page.Lang, actorOf(c), workflow.DateOf(page.Now)
	agenda, err := s.store.Agenda(c.Request.Context(), by, m)
	if err != nil {
		return err
	}
	papers, err := s.minutesOf(c, by, m, agenda)
	if err != nil {
		return err
	}
	page.Agenda, page.Next = agendaTable(l, m, agenda, papers.Record.Remitted, by, today)
	page.First = presenceNote(l, m, page.Next != nil, page.Write, today)
	if page.Passed, err = s.passedNote(c, l, m, today); err != nil {
		return err
	}
	if page.Write {
		if page.Waiting, err = s.waitingTable(c, l, m); err != nil {
			return err
		}
	}
	page.Conflicts = conflictRows(f, m, agenda)
	page.Held, page.Letters = meetingLetters(l, m, by)
	page.Letter = letterOf(papers.Minutes)
	page.Letter.Preview = true
	if page.Kept, err = s.keptMinutes(c, l, m); err != nil {
		return err
	}
	page.meetingNotice = s.noticeOf(c, papers, f, today)
	return s.page(c, status, "decision/meeting", page)
}

// newMeetingPage begins the page of a meeting: what it is called, and what leads from it.
func (s *Server) newMeetingPage(c *gin.Context, m workflow.Sitting, f *Form) (meetingPage, error) {
	p, err := s.newPage(c, "menu.meetings")
	if err != nil {
		return meetingPage{}, err
	}
	l, at := p.Lang, fmt.Sprintf("/meetings/%d", m.ID)
	p.Title = lang.T(l, "meeting.title", lang.Args{"Body": lang.T(l, "body."+m.Body), "Day": lang.LongDay(l, m.Day.String())})
	p.Errors = f.Errors
	p.Back = &Link{Text: lang.T(l, "menu.meetings"), Href: "/meetings"}
	return meetingPage{
		Page:  p,
		Form:  f,
		Post:  at,
		Write: actorOf(c).Is(workflow.Secretary),
		Links: []Link{{Text: lang.T(l, "meeting.minutes.pdf"), Href: at + "/minutes.pdf"}, {Text: lang.T(l, "meeting.minutes.txt"), Href: at + "/minutes.txt"}},
	}, nil
}

// presenceNote says that nobody is noted as present: to who is about to begin, and to all when the day has
// passed. begins tells that a case waits there for the reader.
func presenceNote(l lang.Lang, m workflow.Sitting, begins, write bool, today workflow.Date) *Note {
	n := &Note{Kind: "warn"}
	switch {
	case m.Unheld(today):
		n.Strong, n.Text = lang.T(l, "meeting.unheld"), lang.T(l, "meeting.unheld.text")
		switch {
		case begins:
			n.Text += " " + lang.T(l, "meeting.unheld.cases")
		case write:
			n.Text += " " + lang.T(l, "meeting.unheld.do")
		}
	case begins && len(m.Present) == 0:
		n.Text = lang.T(l, "meeting.first")
	default:
		return nil
	}
	if write {
		n.Links = []Link{{Text: lang.T(l, "meeting.first.link"), Href: "#meeting-who"}}
	}
	return n
}

// passedNote names the meetings before this one that nobody was noted as present at, until the
// minutes here are confirmed: what was due to them is reported here.
func (s *Server) passedNote(c *gin.Context, l lang.Lang, m workflow.Sitting, today workflow.Date) (*Note, error) {
	all, err := s.store.Sittings(c.Request.Context())
	if err != nil {
		return nil, err
	}
	_, passed := m.Before(all, today)
	if len(passed) == 0 || !m.ApprovedOn.IsZero() {
		return nil, nil
	}
	n := &Note{Strong: lang.T(l, "meeting.passed"), Text: lang.T(l, "meeting.passed.text")}
	for _, x := range passed {
		n.Links = append(n.Links, Link{Text: lang.LongDay(l, x.Day.String()), Href: fmt.Sprintf("/meetings/%d", x.ID)})
	}
	return n, nil
}

// conflictRows asks who left the room, and for which case of the agenda.
func conflictRows(f *Form, m workflow.Sitting, agenda []workflow.Case) RowSet {
	choices := []Option{}
	for _, k := range agenda {
		choices = append(choices, Option{Value: fmt.Sprint(k.App.ID), Text: lang.Item(m.ItemNo(k.App.ID)) + " " + k.App.DNR})
	}
	return f.RowSet(
		"conflicts",
		"two",
		0,
		nil,
		RowField{Name: "name", Kind: "text"},
		RowField{Name: "application", Kind: "select", Options: choices, Empty: "–"},
	)
}

// meetingLetters says why the meeting's letters wait, and leads who may read them there.
func meetingLetters(l lang.Lang, m workflow.Sitting, by workflow.Actor) (held *Note, letters *Link) {
	if m.HoldLetters != "" {
		held = &Note{Kind: "warn", Strong: lang.T(l, "letter.meeting.held"), Text: m.HoldLetters}
	}
	if workflow.HoldsLetters(by) || by.Is(workflow.Registrar) || by.Is(workflow.Auditor) {
		letters = &Link{Text: lang.T(l, "letter.meeting.link"), Href: fmt.Sprintf("/letters?meeting=%d", m.ID)}
	}
	return held, letters
}
