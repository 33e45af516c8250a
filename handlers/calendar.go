package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// beforePages are what helps before anybody writes: the check, and the deadlines as a calendar.
func (s *Server) beforePages() []pageRoute {
	return []pageRoute{
		{method: http.MethodGet, path: "/eligibility", do: s.showIdea, open: true},
		{method: http.MethodGet, path: "/calendar/:file", do: s.sendCalendar, open: true},
	}
}

// sendCalendar gives the deadlines of one round, or of all open ones (fund.ics), as iCalendar (RFC 5545).
func (s *Server) sendCalendar(c *gin.Context) error {
	name, ok := strings.CutSuffix(c.Param("file"), ".ics")
	if !ok {
		return workflow.ErrNotFound
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	rounds, err := s.store.Rounds(c.Request.Context(), false)
	if err != nil {
		return err
	}
	l, _ := LangOf(c.Request)
	cal := icalendar{}
	cal.line("BEGIN:VCALENDAR")
	cal.line("VERSION:2.0")
	cal.line("PRODID:-//" + lang.AtHome().Municipality + "//Internationella fonden//SV")
	cal.line("CALSCALE:GREGORIAN")
	cal.line("METHOD:PUBLISH")
	cal.text("X-WR-CALNAME", lang.T(l, "app.name"))
	found := false
	for _, r := range rounds {
		if r.State != workflow.RoundPublished || name != r.ID && (name != "fund" || r.Late(0, now)) {
			continue
		}
		found = true
		s.roundEvents(&cal, l, r, now)
	}
	if !found && name != "fund" {
		return workflow.ErrNotFound
	}
	cal.line("END:VCALENDAR")
	c.Header("Content-Disposition", `attachment; filename="`+fileName(name)+`.ics"`)
	c.Header("Cache-Control", "no-cache")
	c.Data(http.StatusOK, "text/calendar; charset=utf-8", []byte(cal.String()))
	return nil
}

// roundEvents are the days of a round that somebody has to keep.
func (s *Server) roundEvents(cal *icalendar, l lang.Lang, r workflow.Round, now time.Time) {
	args := lang.Args{"Round": notice.RoundName(l, r)}
	cal.sequence = r.Version
	if !r.OpensAt.IsZero() {
		cal.event(r.ID+"-opens", now, r.OpensAt, lang.T(l, "calendar.opens", args), s.BaseURL+"/apply")
	}
	if end := r.Deadline(0); !end.IsZero() {
		args["At"] = lang.LongDateTime(l, end)
		cal.event(r.ID+"-closes", now, end, lang.T(l, "calendar.closes", args), s.BaseURL+"/apply", "-P14D", "-P3D")
	}
	if !r.Meeting.IsZero() {
		cal.day(r.ID+"-meeting", now, r.Meeting, lang.T(l, "calendar.meeting", args))
	}
	if !r.TripFrom.IsZero() {
		cal.day(r.ID+"-from", now, r.TripFrom, lang.T(l, "calendar.from", args))
		cal.day(r.ID+"-to", now, r.TripTo, lang.T(l, "calendar.to", args))
	}
}

// icalendar writes content lines as RFC 5545 has them: CRLF, folded at 75 bytes, texts escaped.
type icalendar struct {
	strings.Builder
	sequence int64 // rises when the days change, so that a calendar that has them takes the new ones (RFC 5545 3.8.7.4)
}

const foldAt = 75

func (i *icalendar) line(s string) {
	room := foldAt
	for len(s) > room {
		cut := room
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		i.WriteString(s[:cut] + "\r\n ")
		s, room = s[cut:], foldAt-1 // a folded line begins with a blank, which counts
	}
	i.WriteString(s + "\r\n")
}

var icalEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`)

func (i *icalendar) text(name, value string) { i.line(name + ":" + icalEscapes.Replace(value)) }

const icalInstant = "20060102T150405Z"

// event is an instant with reminders before it.
func (i *icalendar) event(id string, now, at time.Time, summary, link string, before ...string) {
	i.begin(id, now, summary)
	i.line("DTSTART:" + at.UTC().Format(icalInstant))
	i.line("DURATION:PT0S")
	i.line("URL:" + link)
	for _, b := range before {
		i.line("BEGIN:VALARM")
		i.line("ACTION:DISPLAY")
		i.text("DESCRIPTION", summary)
		i.line("TRIGGER:" + b)
		i.line("END:VALARM")
	}
	i.line("END:VEVENT")
}

func (i *icalendar) day(id string, now time.Time, d workflow.Date, summary string) {
	i.begin(id, now, summary)
	i.line("DTSTART;VALUE=DATE:" + strings.ReplaceAll(d.String(), "-", ""))
	i.line("TRANSP:TRANSPARENT")
	i.line("END:VEVENT")
}

func (i *icalendar) begin(id string, now time.Time, summary string) {
	i.line("BEGIN:VEVENT")
	i.line(fmt.Sprintf("UID:%s@internationella-fonden.skelleftea.se", id))
	i.line("DTSTAMP:" + now.UTC().Format(icalInstant))
	i.line(fmt.Sprintf("SEQUENCE:%d", i.sequence))
	i.text("SUMMARY", summary)
}
