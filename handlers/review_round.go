package handlers

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

type roundPage struct {
	Page
	Form    *Form
	ID      string
	Facts   []Fact
	Rules   []Fact
	Pot     Pot
	Money   []Fact
	History []HistoryItem
	Links   []Link
	Move    []Option // rounds that what is left can be moved to; the head's
	roundMaking
}

// roundMaking is the part of a round's page for who publishes, extends and closes it.
type roundMaking struct {
	Actions []roundAct
	Outage  *Note         // an outage in the last hours before the deadline (RF-05)
	Opening []FindingView // the checklist before it is published
	Stops   bool          // something on the checklist must be mended first
}

// roundMakers write rounds, publish, extend and close them.
var roundMakers = []workflow.Role{workflow.Admin, workflow.Head}

func makesRounds(by workflow.Actor) bool { return slices.ContainsFunc(roundMakers, by.Is) }

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

// drawRound shows a round: what it is, where its money is, what has been done to it, and what this person may do.
func (s *Server) drawRound(c *gin.Context, status int, r workflow.Round, f *Form) error {
	p, err := s.newPage(c, "menu.rounds")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Title, p.Over, p.Errors = notice.RoundName(l, r), r.ID, f.Errors
	p.Back = &Link{Text: lang.T(l, "menu.rounds"), Href: "/rounds"}
	color := map[string]string{workflow.RoundPublished: "info", workflow.RoundCancelled: "neutral", workflow.RoundDraft: "warning"}[r.State]
	p.Tags = []Tag{{Text: roundState(l, r, p.Now), Color: color}}
	page := roundPage{Page: p, Form: f, ID: r.ID, Facts: roundFacts(l, r), Rules: ruleFacts(l, r.Rules), Links: roundLinks(l, r, by)}
	if x, counts, err := s.spotOf(c, r.ID); err != nil {
		return err
	} else if x.Round != "" {
		page.Facts = append(page.Facts, spotFact(l, lang.T(l, "spot.title"), x, counts))
	}
	m, err := s.store.RoundMoney(c.Request.Context(), r.ID)
	if err != nil {
		return err
	}
	page.Pot, page.Money = roundPot(l, r.ID, m), roundSums(l, m)
	if by.Is(workflow.Head) && m.Available > 0 && (!r.ClosedAt.IsZero() || r.Late(0, p.Now) || r.State == workflow.RoundCancelled) {
		if page.Move, err = s.moveTargets(c, l, r); err != nil {
			return err
		}
	}
	events, err := s.store.RoundEvents(c.Request.Context(), r.ID)
	if err != nil {
		return err
	}
	page.History = roundHistory(l, events)
	if makesRounds(by) {
		if page.roundMaking, err = s.roundMaking(c, l, r, p.Now); err != nil {
			return err
		}
	}
	return s.page(c, status, "review/round", page)
}

// roundLinks lead on to a round's cases, its rules and, for who may change it, its form.
func roundLinks(l lang.Lang, r workflow.Round, by workflow.Actor) []Link {
	links := []Link{
		{Text: lang.T(l, "rounds.ranking"), Href: "/rounds/" + r.ID + "/ranking"},
		{Text: lang.T(l, "rules.compare.round"), Href: fmt.Sprintf("/rules/%s?a=v%d&b=r%s", r.Scheme, r.RuleSet, url.QueryEscape(r.ID))},
	}
	if slices.ContainsFunc(officeReaders, by.Is) {
		links = append(links, Link{Text: lang.T(l, "round.cases"), Href: "/cases?round=" + r.ID})
	}
	if makesRounds(by) {
		links = append(links, Link{Text: lang.T(l, "disturbance.write"), Href: "/admin/disturbance"})
		if r.State != workflow.RoundCancelled {
			links = append(links, Link{Text: lang.T(l, "round.edit"), Href: "/rounds/" + r.ID + "/edit"})
		}
	}
	return links
}

// roundHistory tells what was done to a round, newest first.
func roundHistory(l lang.Lang, events []sql.RoundEvent) (list []HistoryItem) {
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
		list = append(list, item)
	}
	return list
}

// moveTargets are the rounds of the same scheme that what is left of a round can be moved to.
func (s *Server) moveTargets(c *gin.Context, l lang.Lang, r workflow.Round) (list []Option, _ error) {
	rounds, err := s.store.Rounds(c.Request.Context(), true)
	for _, x := range rounds {
		if x.ID != r.ID && x.Scheme == r.Scheme && x.State != workflow.RoundCancelled {
			list = append(list, Option{Value: x.ID, Text: notice.RoundName(l, x)})
		}
	}
	return list, err
}

// roundMaking says what its makers can do to a round, and what speaks against it. A draft whose checklist stops it can't be published.
func (s *Server) roundMaking(c *gin.Context, l lang.Lang, r workflow.Round, now time.Time) (x roundMaking, err error) {
	x.Actions = roundActs(l, r, now)
	if x.Outage, err = s.outageNote(c, l, r); err != nil || r.State != workflow.RoundDraft {
		return x, err
	}
	points, err := s.openingPoints(c, r)
	if err != nil {
		return x, err
	}
	x.Opening, x.Stops = openingViews(l, points), workflow.Stops(points)
	if x.Stops {
		x.Actions = slices.DeleteFunc(x.Actions, func(a roundAct) bool { return a.Action == "publish" })
	}
	return x, nil
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

// roundSums are a round's money in figures.
func roundSums(l lang.Lang, m sql.RoundMoney) []Fact {
	return []Fact{
		{Term: lang.T(l, "rounds.budget"), Value: lang.Money(l, m.Budget)},
		{Term: lang.T(l, "round.granted"), Value: lang.Money(l, m.Granted)},
		{Term: lang.T(l, "pot.paid"), Value: lang.Money(l, m.Paid)},
		{Term: lang.T(l, "pot.reserved"), Value: lang.Money(l, m.Reserved)},
		{Term: lang.T(l, "sum.written_off"), Value: lang.Money(l, m.WrittenOff)},
		{Term: lang.T(l, "rounds.left"), Value: lang.Money(l, m.Available), Total: true, Strong: true},
	}
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
