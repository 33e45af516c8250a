package handlers

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// roundForm is the page where a round is written or changed.
type roundForm struct {
	Page
	Form    *Form
	Post    string
	New     bool
	Schemes []Option
	Rules   []ruleSection // none once the rules stand still
	Frozen  bool
	Cancel  Link
}

// roundDays are the days of a round that the form asks for, under the API's names.
var roundDays = []string{"trip_start_from", "trip_start_to", "committee_meeting", "minutes_approved", "notice_posted", "last_appeal_day"}

func (s *Server) showNewRound(c *gin.Context) error {
	f := newForm(c)
	f.Set("opens.time", "00.00")
	f.Set("closes.time", "23.59")
	return s.drawRoundForm(c, http.StatusOK, nil, f)
}

func (s *Server) showEditRound(c *gin.Context) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	f := newForm(c)
	f.Set("version", r.Version)
	f.Set("name", r.Name)
	f.Set("name_en", r.NameEN)
	f.SetKronor("budget", &r.Budget)
	setMoment(f, "opens", r.OpensAt)
	setMoment(f, "closes", r.ClosesAt)
	for i, day := range []workflow.Date{r.TripFrom, r.TripTo, r.Meeting, r.MinutesOn, r.NoticeOn, r.LastAppealDay} {
		f.Set(roundDays[i], day)
	}
	if r.FrozenAt.IsZero() {
		setRules(f, r.Rules)
	}
	return s.drawRoundForm(c, http.StatusOK, &r, f)
}

// setMoment shows a moment as day and clock, in Swedish time.
func setMoment(f *Form, name string, at time.Time) {
	if at.IsZero() {
		return
	}
	at = at.In(workflow.Stockholm())
	f.Set(name+".day", workflow.DateOf(at))
	f.Set(name+".time", at.Format("15.04"))
}

func (s *Server) drawRoundForm(c *gin.Context, status int, r *workflow.Round, f *Form) error {
	key := "round.new"
	if r != nil {
		key = "round.edit"
	}
	p, err := s.newPage(c, key)
	if err != nil {
		return err
	}
	l := p.Lang
	p.Errors, p.Back = f.Errors, &Link{Text: lang.T(l, "menu.rounds"), Href: "/rounds"}
	page := roundForm{Page: p, Form: f, Post: "/rounds/new", New: r == nil, Cancel: Link{Text: lang.T(l, "act.cancel"), Href: "/rounds"}}
	if r == nil {
		schemes, err := s.store.Schemes(c.Request.Context())
		if err != nil {
			return err
		}
		for _, x := range schemes {
			page.Schemes = append(page.Schemes, Option{Value: x.Code, Text: map[lang.Lang]string{lang.SV: x.NameSV, lang.EN: x.NameEN}[l]})
		}
		return s.page(c, status, "review/round-form", page)
	}
	page.Over, page.Back = r.ID+" "+notice.RoundName(l, *r), &Link{Text: notice.RoundName(l, *r), Href: "/rounds/" + r.ID}
	page.Post, page.Cancel.Href, page.Frozen = "/rounds/"+r.ID+"/edit", "/rounds/"+r.ID, !r.FrozenAt.IsZero()
	if !page.Frozen {
		page.Rules = ruleSections(l, f, r.Rules)
	}
	return s.page(c, status, "review/round-form", page)
}

// roundBodyOf reads the form as the API's body. Rules that were not touched are left out.
func roundBodyOf(f *Form, r *workflow.Round) ([]byte, error) {
	body := map[string]any{"name": f.Need("name"), "name_en": f.Text("name_en"), "budget": int64(0), "closes": nil}
	f.Need("budget")
	if n := f.Kronor("budget"); n != nil {
		body["budget"] = *n
	}
	if at, ok := f.Moment("opens"); ok {
		body["opens"] = at.Format(time.RFC3339)
	}
	if f.Text("closes.day") != "" {
		if at, ok := f.Moment("closes"); ok {
			body["closes"] = closing(at, r).Format(time.RFC3339)
		}
	}
	for _, name := range roundDays {
		if d := f.Date(name); !d.IsZero() {
			body[name] = d.String()
		} else {
			body[name] = nil
		}
	}
	if r == nil {
		body["id"], body["scheme"] = f.Need("id"), f.Need("scheme")
		return json.Marshal(body)
	}
	own, err := readRules(f, r.Rules)
	if err != nil {
		return nil, err
	}
	if len(own) > 0 {
		body["parameters"] = own
	}
	return json.Marshal(body)
}

// closing is the last moment: one that was not touched keeps its seconds, and
// the day's last minute is in time to its end.
func closing(at time.Time, r *workflow.Round) time.Time {
	switch {
	case r != nil && at.Equal(r.ClosesAt.Truncate(time.Minute)):
		return r.ClosesAt
	case at.Minute() == 59:
		return at.Add(59 * time.Second)
	}
	return at
}

func (s *Server) postNewRound(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	raw, err := roundBodyOf(f, nil)
	if err != nil {
		return err
	}
	if !f.OK() {
		return s.drawRoundForm(c, http.StatusUnprocessableEntity, nil, f)
	}
	var in sql.RoundInput
	if v := writeRound(&in, raw, true); len(v) > 0 {
		err = v
	} else {
		_, err = s.store.CreateRound(c.Request.Context(), actorOf(c), in)
	}
	status, err := s.roundRefused(f, err)
	if err != nil {
		return err
	}
	if status != 0 {
		return s.drawRoundForm(c, status, nil, f)
	}
	return s.see(c, "/rounds/"+in.ID, "round.did.create")
}

func (s *Server) postEditRound(c *gin.Context) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	raw, err := roundBodyOf(f, &r)
	if err != nil {
		return err
	}
	if !f.OK() {
		return s.drawRoundForm(c, http.StatusUnprocessableEntity, &r, f)
	}
	_, err = s.store.ChangeRound(
		c.Request.Context(),
		actorOf(c),
		sql.RoundStep{Round: r.ID, Seen: versionOf(f), Action: "change"},
		func(_ *sql.Tx, in *sql.RoundInput, _ time.Time) (map[string]any, error) {
			if v := writeRound(in, raw, false); len(v) > 0 {
				return nil, v
			}
			return map[string]any{"patch": json.RawMessage(raw)}, nil
		},
	)
	status, err := s.roundRefused(f, err)
	if err != nil {
		return err
	}
	if status != 0 {
		if r, err = s.roundOf(c); err != nil {
			return err
		}
		f.Set("version", r.Version)
		return s.drawRoundForm(c, status, &r, f)
	}
	return s.see(c, "/rounds/"+r.ID, "rounds.changed")
}
