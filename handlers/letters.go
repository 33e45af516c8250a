package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// letterPages lists the pages of this room: decision letters before and after they go out.
func (s *Server) letterPages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	readers := []workflow.Role{workflow.Officer, workflow.Head, workflow.Secretary, workflow.Registrar, workflow.Auditor}
	hands := []workflow.Role{workflow.Officer, workflow.Head, workflow.Secretary}
	return []pageRoute{
		{method: get, path: "/letters", do: s.showLetters, roles: readers},
		{method: post, path: "/letters", do: s.postLetters, roles: hands},
		{method: get, path: "/letters/:id", do: s.showHeldLetter, roles: readers},
		{method: post, path: "/letters/:id", do: s.postHeldLetter, roles: hands},
		{method: get, path: "/letters/:id/letter.pdf", do: s.sendLetterPreview, roles: readers},
	}
}

// lettersPage lists the letters of a round or a meeting, or all that wait.
type lettersPage struct {
	Page
	Form    *Form
	Round   string
	Meeting string
	Words   string // "letter.round" or "letter.meeting": what is held as a whole
	Note    *Note
	Views   []View
	Table   Table
	Empty   Empty
	Hold    bool // the letters can be held as a whole by this reader
	Held    bool // they are
	Let     int  // letters that this reader can release here
	Reason  Field
}

// Say is a word about holding the round's letters, or the meeting's.
func (p lettersPage) Say(what string) string { return lang.T(p.Lang, p.Words+"."+what) }

// lettersOf is which letters are looked at: those of a round, of a meeting, or all that wait.
type lettersOf struct {
	round   string
	meeting workflow.Sitting // none: its ID is 0
}

func (o lettersOf) href() string {
	switch {
	case o.meeting.ID != 0:
		return fmt.Sprintf("/letters?meeting=%d", o.meeting.ID)
	case o.round != "":
		return "/letters?round=" + o.round
	}
	return "/letters"
}

// lettersAsked reads the scope; an unknown meeting is not found.
func (s *Server) lettersAsked(c *gin.Context, round, meeting string) (o lettersOf, err error) {
	o.round = round
	if meeting == "" {
		return o, nil
	}
	id, err := strconv.ParseInt(meeting, 10, 64)
	if err != nil {
		return o, workflow.ErrNotFound
	}
	o.round = ""
	o.meeting, err = s.store.Sitting(c.Request.Context(), id)
	return o, err
}

// letterCases are the cases whose letters are looked at.
func (s *Server) letterCases(c *gin.Context, o lettersOf) ([]workflow.Case, error) {
	if o.meeting.ID == 0 {
		return s.store.LettersOf(c.Request.Context(), actorOf(c), o.round)
	}
	return s.store.LettersOfSitting(c.Request.Context(), actorOf(c), o.meeting)
}

func (s *Server) showLetters(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	o, err := s.lettersAsked(c, c.Query("round"), c.Query("meeting"))
	if err != nil {
		return err
	}
	return s.drawLetters(c, http.StatusOK, o, NewForm(l))
}

func (s *Server) drawLetters(c *gin.Context, status int, o lettersOf, f *Form) error {
	p, err := s.newPage(c, "menu.letters")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Lead, p.Errors = lang.T(l, "letter.lead"), f.Errors
	page := lettersPage{
		Page:   p,
		Form:   f,
		Round:  o.round,
		Words:  "letter.round",
		Empty:  Empty{Title: lang.T(l, "letter.none"), Text: lang.T(l, "letter.none.text")},
		Reason: Field{Form: f, Name: "reason", Kind: "text", Label: lang.T(l, "letter.reason")},
	}
	held := ""
	page.Views = []View{{Text: lang.T(l, "letter.waiting"), Href: "/letters", NoCount: true, Current: o.round == "" && o.meeting.ID == 0}}
	if m := o.meeting; m.ID != 0 {
		page.Meeting, page.Words, page.Hold, held = fmt.Sprint(m.ID), "letter.meeting", workflow.HoldsLetters(by), m.HoldLetters
		title := lang.T(l, "meeting.title", lang.Args{"Body": lang.T(l, "body."+m.Body), "Day": lang.Day(l, m.Day.String())})
		page.Back = &Link{Text: title, Href: fmt.Sprintf("/meetings/%d", m.ID)}
		page.Views = append(page.Views, View{Text: title, Href: o.href(), NoCount: true, Current: true})
		page.Empty.Text = lang.T(l, "letter.meeting.none")
	}
	rounds, err := s.store.Rounds(c.Request.Context(), true)
	if err != nil {
		return err
	}
	for _, r := range rounds {
		page.Views = append(page.Views, View{Text: notice.RoundName(l, r), Href: "/letters?round=" + r.ID, NoCount: true, Current: o.round == r.ID})
		if r.ID == o.round {
			page.Hold, held = workflow.HoldsLetters(by), r.HoldLetters
		}
	}
	if page.Held = held != ""; page.Held {
		page.Note = &Note{Kind: "warn", Strong: lang.T(l, page.Words+".held"), Text: held}
	}
	cases, err := s.letterCases(c, o)
	if err != nil {
		return err
	}
	page.Table = lettersTable(l, cases, held)
	for _, k := range cases {
		if k.App.Untold() && workflow.HoldsLetters(by) {
			page.Let++
		}
	}
	return s.page(c, status, "decision/letters", page)
}

// lettersTable lists letters; held is why those of coming decisions will wait, where they will.
func lettersTable(l lang.Lang, cases []workflow.Case, held string) Table {
	t := Table{
		Caption:     lang.T(l, "menu.letters"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "queue.case")},
			{Text: lang.T(l, "field.outcome")},
			{Text: lang.T(l, "letter.state")},
			{Text: lang.T(l, "letter.why")},
		},
	}
	for _, k := range cases {
		state, why := letterState(l, k, held)
		row := []Cell{
			{Links: []Link{{Text: k.App.Form.Title, Href: fmt.Sprintf("/letters/%d", k.App.ID)}}, Note: k.App.DNR + " " + applicantName(k)},
			{Text: "–"},
			{Tags: []Tag{state}},
			{Text: why},
		}
		if d := k.App.Decision; d != nil {
			row[1].Text = lang.T(l, "outcome."+d.Outcome)
			if d.Granted > 0 {
				row[1].Note = lang.Money(l, d.Granted)
			}
		}
		t.Rows = append(t.Rows, Row{Cells: row})
	}
	return t
}

// letterState is how far a letter has come, and why; held is why those of coming decisions wait.
func letterState(l lang.Lang, k workflow.Case, held string) (Tag, string) {
	h, tag := k.App.Letter, func(key, color string) Tag { return Tag{Text: lang.T(l, "letter.state."+key), Color: color} }
	switch {
	case k.App.Untold():
		return tag("waits", "warning"), lang.T(l, "letter.held_since", lang.Args{"Day": lang.Date(l, h.At), "Reason": h.Reason})
	case k.App.Decision == nil && h.Waits():
		return tag("will_wait", "warning"), h.Reason
	case k.App.Decision == nil && held != "":
		return tag("will_wait", "warning"), held
	case k.App.Decision == nil:
		return tag("with_decision", "neutral"), ""
	}
	return tag("gone", "success"), lang.Date(l, k.App.ToldAt())
}

// postLetters holds or lets go what the round or the meeting decides from now
// on, or releases every letter that waits.
func (s *Server) postLetters(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	o, err := s.lettersAsked(c, f.Raw("round"), f.Raw("meeting"))
	if err != nil {
		return err
	}
	switch do := f.Raw("do"); do {
	case "hold", "send":
		words, err := s.holdLetters(c, o, do == "hold", f.Text("reason"))
		if again, err := refusedForm(f, err); err != nil {
			return err
		} else if again {
			return s.drawLetters(c, http.StatusUnprocessableEntity, o, f)
		}
		return s.see(c, o.href(), words+"."+do)
	case "release":
		return s.releaseLetters(c, o)
	}
	return workflow.ErrNotFound
}

// holdLetters holds the letters of a round or of a meeting as a whole, or stops that.
func (s *Server) holdLetters(c *gin.Context, o lettersOf, hold bool, reason string) (words string, err error) {
	if o.meeting.ID != 0 {
		return "letter.meeting", s.store.HoldSittingLetters(c.Request.Context(), actorOf(c), o.meeting.ID, hold, reason)
	}
	_, err = s.store.HoldRoundLetters(c.Request.Context(), actorOf(c), o.round, hold, reason)
	return "letter.round", err
}

// releaseLetters lets every letter that waits go. One that lacks words stays,
// and so does one that somebody else releases at the same moment.
func (s *Server) releaseLetters(c *gin.Context, o lettersOf) error {
	cases, err := s.letterCases(c, o)
	if err != nil {
		return err
	}
	done, lacks := 0, 0
	for _, k := range cases {
		if !k.App.Untold() {
			continue
		}
		n, err := s.decisionNotice(c, k)
		if err != nil {
			return err
		}
		if len(n.Faults()) > 0 {
			lacks++
			continue
		}
		_, err = s.store.Apply(c.Request.Context(), sql.Ref{ID: k.App.ID, Version: k.App.Version}, actorOf(c), &workflow.ReleaseLetter{})
		if errors.Is(err, workflow.ErrStale) {
			continue
		}
		if err != nil {
			return err
		}
		done++
	}
	if lacks > 0 {
		return s.see(c, o.href(), "letter.released.some", lang.Args{"Count": done, "Lacks": lacks})
	}
	return s.see(c, o.href(), "letter.released", lang.Args{"Count": done})
}
