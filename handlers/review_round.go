package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
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
	if by.Is(workflow.Admin) || by.Is(workflow.Head) {
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

type roundPage struct {
	Page
	Form    *Form
	ID      string
	Facts   []Fact
	Rules   []Fact
	Pot     Pot
	Money   []Fact
	History []HistoryItem
	Actions []roundAct
	Links   []Link
	Outage  *Note         // an outage in the last hours before the deadline (RF-05)
	Opening []FindingView // the checklist before it is published
	Stops   bool
	Move    []Option // rounds that what is left can be moved to; the head's
}

// roundAct is a button that changes a round, with what it needs.
type roundAct struct {
	Action, Text, Lead string
	Moment, Reason     bool
	Danger             bool
}

func (s *Server) roundOf(c *gin.Context) (workflow.Round, error) {
	return s.store.Round(c.Request.Context(), c.Param("id"))
}

func (s *Server) showRound(c *gin.Context) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	f := newForm(c)
	f.Set("version", r.Version)
	return s.drawRound(c, http.StatusOK, r, f)
}

func (s *Server) drawRound(c *gin.Context, status int, r workflow.Round, f *Form) error {
	p, err := s.newPage(c, "menu.rounds")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Title, p.Over, p.Errors, p.Back = notice.RoundName(l, r), r.ID, f.Errors, &Link{Text: lang.T(l, "menu.rounds"), Href: "/rounds"}
	p.Tags = []Tag{
		{
			Text:  roundState(l, r, p.Now),
			Color: map[string]string{workflow.RoundPublished: "info", workflow.RoundCancelled: "neutral", workflow.RoundDraft: "warning"}[r.State],
		},
	}
	page := roundPage{Page: p, Form: f, ID: r.ID, Facts: roundFacts(l, r), Rules: ruleFacts(l, r.Rules)}
	m, err := s.store.RoundMoney(c.Request.Context(), r.ID)
	if err != nil {
		return err
	}
	page.Pot = roundPot(l, r.ID, m)
	if x, counts, err := s.spotOf(c, r.ID); err != nil {
		return err
	} else if x.Round != "" {
		page.Facts = append(page.Facts, spotFact(l, lang.T(l, "spot.title"), x, counts))
	}
	page.Money = []Fact{
		{Term: lang.T(l, "rounds.budget"), Value: lang.Money(l, m.Budget)},
		{Term: lang.T(l, "round.granted"), Value: lang.Money(l, m.Granted)},
		{Term: lang.T(l, "pot.paid"), Value: lang.Money(l, m.Paid)},
		{Term: lang.T(l, "pot.reserved"), Value: lang.Money(l, m.Reserved)},
		{Term: lang.T(l, "sum.written_off"), Value: lang.Money(l, m.WrittenOff)},
		{Term: lang.T(l, "rounds.left"), Value: lang.Money(l, m.Available), Total: true, Strong: true},
	}
	events, err := s.store.RoundEvents(c.Request.Context(), r.ID)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(events) {
		item := HistoryItem{At: e.At, Text: lang.T(l, "round_action."+roundWord(e.Action)), Note: e.ByName}
		var data struct {
			Reason, Round string
			Amount        int64
		}
		if json.Unmarshal(e.Data, &data) == nil {
			if data.Round != "" { // money came from it or went to it
				item.Text += ", " + data.Round + ": " + lang.Money(l, data.Amount)
			}
			if data.Reason != "" {
				item.Note += ": " + data.Reason
			}
		}
		page.History = append(page.History, item)
	}
	page.Links = []Link{{Text: lang.T(l, "rounds.ranking"), Href: "/rounds/" + r.ID + "/ranking"},
		{Text: lang.T(l, "rules.compare.round"), Href: fmt.Sprintf("/rules/%s?a=v%d&b=r%s", r.Scheme, r.RuleSet, url.QueryEscape(r.ID))}}
	if slices.ContainsFunc(officeReaders, by.Is) {
		page.Links = append(page.Links, Link{Text: lang.T(l, "round.cases"), Href: "/cases?round=" + r.ID})
	}
	if by.Is(workflow.Head) && m.Available > 0 && (!r.ClosedAt.IsZero() || r.Late(0, p.Now) || r.State == workflow.RoundCancelled) {
		rounds, err := s.store.Rounds(c.Request.Context(), true)
		if err != nil {
			return err
		}
		for _, x := range rounds {
			if x.ID != r.ID && x.Scheme == r.Scheme && x.State != workflow.RoundCancelled {
				page.Move = append(page.Move, Option{Value: x.ID, Text: notice.RoundName(l, x)})
			}
		}
	}
	if by.Is(workflow.Admin) || by.Is(workflow.Head) {
		page.Actions = roundActs(l, r)
		if page.Outage, err = s.outageNote(c, l, r); err != nil {
			return err
		}
		if r.State == workflow.RoundDraft {
			points, err := s.openingPoints(c, r)
			if err != nil {
				return err
			}
			page.Opening, page.Stops = openingViews(l, points), workflow.Stops(points)
			if page.Stops {
				page.Actions = slices.DeleteFunc(page.Actions, func(a roundAct) bool { return a.Action == "publish" })
			}
		}
		page.Links = append(page.Links, Link{Text: lang.T(l, "disturbance.write"), Href: "/admin/disturbance"})
		if r.State != workflow.RoundCancelled {
			page.Links = append(page.Links, Link{Text: lang.T(l, "round.edit"), Href: "/rounds/" + r.ID + "/edit"})
		}
	}
	return s.page(c, status, "review/round", page)
}

// outageNote tells that a notice of disturbance covers the last hours before the
// deadline, until somebody has extended the round past it; nil: none does.
func (s *Server) outageNote(c *gin.Context, l lang.Lang, r workflow.Round) (*Note, error) {
	if r.State != workflow.RoundPublished {
		return nil, nil
	}
	list, err := s.store.Disturbances(c.Request.Context())
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		if r.Hit(d.From, d.Until) {
			args := lang.Args{"From": lang.DateTime(l, d.From), "Until": lang.DateTime(l, d.Until), "Count": r.Rules.OutageHours}
			return &Note{Kind: "warn", Strong: lang.T(l, "round.outage", args), Text: lang.T(l, "round.outage.text")}, nil
		}
	}
	return nil, nil
}

// roundWord is the history's word for an event: a change by the API and one on the page are the same.
func roundWord(action string) string {
	if action == "change" {
		return "patch"
	}
	return action
}

// ReasonName is the name of the act's own reason, as several forms share a page.
func (a roundAct) ReasonName() string { return a.Action + "_reason" }

// roundActs are what may be done to a round in its state.
func roundActs(l lang.Lang, r workflow.Round) (list []roundAct) {
	add := func(a roundAct) {
		a.Text, a.Lead = lang.T(l, "round.act."+a.Action), lang.T(l, "round.act."+a.Action+".lead")
		list = append(list, a)
	}
	switch r.State {
	case workflow.RoundDraft:
		add(roundAct{Action: "publish"})
		add(roundAct{Action: "cancel", Reason: true, Danger: true})
	case workflow.RoundPublished:
		add(roundAct{Action: "extend", Moment: true, Reason: true})
		if r.ClosedAt.IsZero() {
			add(roundAct{Action: "close", Reason: true})
		}
		add(roundAct{Action: "cancel", Reason: true, Danger: true})
	}
	return list
}

// roundFacts are a round's days.
func roundFacts(l lang.Lang, r workflow.Round) []Fact {
	facts := []Fact{{Term: lang.T(l, "rounds.opens"), Value: lang.DateTime(l, r.OpensAt)}}
	if end := r.Deadline(0); end.IsZero() {
		facts = append(facts, Fact{Term: lang.T(l, "rounds.closes"), Value: lang.T(l, "apply.rolling")})
	} else {
		facts = append(facts, Fact{Term: lang.T(l, "rounds.closes"), Value: lang.DateTime(l, end), Note: r.ExtendReason})
	}
	if !r.TripFrom.IsZero() {
		facts = append(facts, Fact{Term: lang.T(l, "fact.trip"), Value: lang.Days(l, r.TripFrom.String(), r.TripTo.String())})
	}
	for _, x := range []struct {
		key string
		day workflow.Date
	}{{"committee_meeting", r.Meeting}, {"minutes_approved", r.MinutesOn}, {"notice_posted", r.NoticeOn}, {"last_appeal_day", r.LastAppealDay}} {
		if !x.day.IsZero() {
			facts = append(facts, Fact{Term: lang.T(l, "field."+x.key), Value: lang.LongDay(l, x.day.String())})
		}
	}
	for _, app := range slices.Sorted(maps.Keys(r.Extensions)) {
		facts = append(facts, Fact{
			Term:  lang.T(l, "round.extended"),
			Links: []Link{{Text: fmt.Sprint(app), Href: fmt.Sprintf("/cases/%d", app)}},
			Note:  lang.DateTime(l, r.Extensions[app]),
		})
	}
	if !r.FrozenAt.IsZero() {
		facts = append(facts, Fact{Term: lang.T(l, "rounds.frozen"), Value: lang.DateTime(l, r.FrozenAt)})
	}
	return facts
}

// roundPot draws where a round's money is.
func roundPot(l lang.Lang, id string, m sql.RoundMoney) Pot {
	return Pot{
		ID:    "pot-" + id,
		Title: lang.T(l, "rounds.budget"),
		Total: m.Budget,
		Parts: []PotPart{
			{Kind: "granted", Text: lang.T(l, "pot.paid"), Amount: m.Paid},
			{Kind: "proposed", Text: lang.T(l, "pot.reserved"), Amount: m.Reserved},
			{Kind: "left", Text: lang.T(l, "rounds.left"), Amount: m.Available},
		},
	}
}

// postRound publishes, extends, closes or cancels.
func (s *Server) postRound(c *gin.Context) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	body := map[string]any{"reason": f.Text("reason")}
	switch act := (roundAct{Action: c.Param("action")}); act.Action {
	case "close", "cancel": // a click by mistake has none, and a cancelled round is not opened again
		body["reason"] = f.Need(act.ReasonName())
	}
	if c.Param("action") == "extend" {
		if at, ok := f.Moment("closes"); ok {
			body["closes"] = at.Format(time.RFC3339)
		}
		f.Need("reason")
		if only := s.extendFor(c, f, r.ID); len(only) > 0 {
			body["for"] = only
		}
	}
	if c.Param("action") == "publish" && r.State == workflow.RoundDraft {
		points, err := s.openingPoints(c, r)
		if err != nil {
			return err
		}
		if workflow.Stops(points) {
			f.Fail("", "opening.refused")
		}
	}
	if !f.OK() {
		return s.drawRound(c, http.StatusUnprocessableEntity, r, f)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("round action: %w", err)
	}
	_, err = s.store.RoundAction(c.Request.Context(), actorOf(c), sql.RoundStep{Round: r.ID, Seen: versionOf(f), Action: c.Param("action")}, raw)
	status, err := s.roundRefused(f, err)
	if err != nil {
		return err
	}
	if status != 0 {
		if r, err = s.roundOf(c); err != nil {
			return err
		}
		f.Set("version", r.Version)
		return s.drawRound(c, status, r, f)
	}
	return s.see(c, "/rounds/"+r.ID, "round.did."+c.Param("action"))
}

// extendFor reads for which applications a deadline moves: by case number or by the number in the
// address of a draft. Nothing written means all.
func (s *Server) extendFor(c *gin.Context, f *Form, round string) (only []int64) {
	for _, word := range strings.FieldsFunc(f.Text("for"), func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		word = strings.TrimSpace(word)
		id, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			cases, _, err := s.store.FullCases(c.Request.Context(), actorOf(c), sql.CaseFilter{Round: round, Q: word, Limit: 2})
			if err != nil || len(cases) != 1 || !strings.EqualFold(cases[0].App.DNR, word) {
				f.Fail("for", "round.for.unknown", lang.Args{"Word": word})
				continue
			}
			id = cases[0].App.ID
		}
		if k, err := s.store.Case(c.Request.Context(), workflow.Machine(), id); err != nil || k.App.Round != round {
			f.Fail("for", "round.for.unknown", lang.Args{"Word": word})
			continue
		}
		only = append(only, id)
	}
	return only
}

// roundRefused notes in the form why a round was not changed. 0: it was.
func (s *Server) roundRefused(f *Form, err error) (status int, _ error) {
	var (
		wrong   workflow.Violations
		refused workflow.Refused
	)
	switch {
	case err == nil:
		return 0, nil
	case errors.As(err, &wrong):
		for i, v := range wrong {
			if v.Field == "opens" || v.Field == "closes" { // a moment is asked for as day and clock
				wrong[i].Field += ".day"
			}
		}
		f.Refuse(wrong)
		return http.StatusUnprocessableEntity, nil
	case errors.As(err, &refused):
		f.FailText("", SayRefused(f.Lang, refused))
		return http.StatusConflict, nil
	case errors.Is(err, workflow.ErrStale):
		f.Fail("", "assess.stale")
		return http.StatusConflict, nil
	}
	return 0, err
}
