package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// reviewPages lists the pages of this room: assessments, rounds, ranking.
func (s *Server) reviewPages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	readers := []workflow.Role{workflow.Reviewer, workflow.Officer, workflow.Head, workflow.Auditor}
	office := []workflow.Role{workflow.Officer, workflow.Head, workflow.Admin, workflow.Secretary, workflow.Auditor}
	deciders := []workflow.Role{workflow.Officer, workflow.Head}
	return []pageRoute{
		{method: get, path: "/reviews", do: s.showReviews, roles: readers},
		{method: get, path: "/reviews/:id", do: s.showReview, roles: readers},
		{method: post, path: "/reviews/:id", do: s.postReview, roles: readers},
		{method: post, path: "/reviews/:id/save", do: s.saveReview, roles: readers},
		{method: get, path: "/reviews/:id/interest", do: s.showInterest, roles: readers},
		{method: post, path: "/reviews/:id/interest", do: s.postInterest, roles: readers},
		{method: post, path: "/reviews/:id/consensus", do: s.postConsensus, roles: []workflow.Role{workflow.Officer}},
		{method: post, path: "/reviews/:id/rank", do: s.postRank, roles: []workflow.Role{workflow.Officer}},
		{method: get, path: "/rounds", do: s.showRounds, roles: office},
		{method: get, path: "/rounds/new", do: s.showNewRound, roles: roundMakers},
		{method: post, path: "/rounds/new", do: s.postNewRound, roles: roundMakers},
		{method: get, path: "/rounds/:id", do: s.showRound, roles: office},
		{method: get, path: "/rounds/:id/edit", do: s.showEditRound, roles: roundMakers},
		{method: post, path: "/rounds/:id/edit", do: s.postEditRound, roles: roundMakers},
		{method: get, path: "/rounds/:id/cancel", do: s.showCancelRound, roles: roundMakers},
		{method: post, path: "/rounds/:id/move", do: s.postMove, roles: []workflow.Role{workflow.Head}},
		{method: post, path: "/rounds/:id/:action", do: s.postRound, roles: roundMakers},
		{method: get, path: "/rounds/:id/ranking", do: s.showRanking, roles: office},
		{method: post, path: "/rounds/:id/ranking", do: s.postRanking, roles: deciders},
	}
}

// listPage is a page that is one table.
type listPage struct {
	Page
	Table Table
	Pager Pager // nothing shown: the list has no pages
	Empty Empty
	Links []Link
}

// takeAct reads an action's body from the form and takes the action. status is
// 0 when it was done; else the page is shown again with it: everything typed is
// in f, what was refused is among its faults, and k is the case as it is now.
func (s *Server) takeAct(c *gin.Context, k *workflow.Case, f *Form, action workflow.Action) (status int, err error) {
	body := readDo(f, action, k.Round.Rules)
	if f.OK() {
		return s.takeBody(c, k, f, action, body)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, fmt.Errorf("body of %s: %w", action, err)
	}
	cmd, err := workflow.ParseCommand(action, raw)
	if _, err := refusedForm(f, err); err != nil {
		return 0, err
	}
	return http.StatusUnprocessableEntity, s.tellRest(c, *k, f, cmd)
}

// takeBody is takeAct with a body that the page has made itself.
func (s *Server) takeBody(c *gin.Context, k *workflow.Case, f *Form, action workflow.Action, body map[string]any) (status int, err error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, fmt.Errorf("body of %s: %w", action, err)
	}
	if !f.OK() {
		return http.StatusUnprocessableEntity, nil
	}
	cmd, err := workflow.ParseCommand(action, raw)
	if err == nil {
		var done bool
		if _, done, err = s.apply(c, f, k.App.ID, cmd); err == nil {
			if !done {
				status = http.StatusUnprocessableEntity
			}
			return status, nil
		}
	}
	var (
		wrong   workflow.Violations
		refused workflow.Refused
		not     workflow.Forbidden
	)
	switch {
	case errors.As(err, &wrong):
		f.Refuse(wrong)
		return http.StatusUnprocessableEntity, nil
	case errors.As(err, &not):
		f.FailText("", SayForbidden(f.Lang, not))
		status = http.StatusForbidden
	case errors.As(err, &refused):
		f.FailText("", SayRefused(f.Lang, refused))
		status = http.StatusConflict
	case errors.Is(err, workflow.ErrStale):
		f.Fail("", "assess.stale")
		status = http.StatusConflict
	default:
		return 0, err
	}
	newest, err := s.store.Case(c.Request.Context(), actorOf(c), k.App.ID)
	if err != nil {
		return 0, err
	}
	*k = newest
	f.Set("version", k.App.Version)
	return status, nil
}

// calledKey keeps the names that a request has asked for already.
const calledKey = "fund.called"

// calledBy is the name behind an address, or the address where nobody has it any more.
// A page names the same few people many times: each is asked for once.
func (s *Server) calledBy(c *gin.Context, email string) string {
	names, ok := c.Value(calledKey).(map[string]string)
	if !ok {
		names = map[string]string{}
		c.Set(calledKey, names)
	}
	name, known := names[email]
	if !known {
		name = email
		if p, err := s.store.PersonByEmail(c.Request.Context(), email); err == nil && p.Name != "" {
			name = p.Name
		}
		names[email] = name
	}
	return name
}

// reviewsAtOnce is how many cases a page of /reviews holds.
const reviewsAtOnce = 50

// showReviews lists a reviewer's own assessments, and for the office every case under
// assessment: page by page those that are longest in it first, on a page by the promised day.
func (s *Server) showReviews(c *gin.Context) error {
	p, err := s.newPage(c, "menu.reviews")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	page := listPage{Page: p, Empty: Empty{Title: lang.T(l, "reviews.none"), Text: lang.T(l, "reviews.none.text")}}
	page.Table = Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Class:       "queue",
		Head: []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "fact.applicant")},
			{Text: lang.T(l, "assess.who")}, {Text: lang.T(l, "assess.by")}, {Text: lang.T(l, "queue.next")}},
	}
	filter := sql.QueueFilter{
		State:  string(workflow.UnderAssessment),
		Limit:  reviewsAtOnce,
		After:  queueKey(c.Query("after")),
		Before: queueKey(c.Query("before")),
	}
	counts, err := s.store.QueueCounts(c.Request.Context(), by, filter)
	if err != nil {
		return err
	}
	cases, keys, more, err := s.store.Queue(c.Request.Context(), by, filter)
	if err != nil {
		return err
	}
	page.Pager = Pager{Shown: len(cases), Total: counts[workflow.UnderAssessment]}
	page.Pager.Previous, page.Pager.Next = neighbours("/reviews", nil, filter, keys, more)
	today := workflow.DateOf(p.Now)
	slices.SortStableFunc(cases, func(a, b workflow.Case) int { return reviewDue(a, by).Compare(reviewDue(b, by)) })
	for _, k := range cases {
		page.Table.Rows = append(page.Table.Rows, s.reviewRow(c, l, k, by, today))
	}
	return s.page(c, http.StatusOK, "review/list", page)
}

// promisedOn is the day by which an assessment is to be handed in.
func promisedOn(k workflow.Case, r workflow.Review) workflow.Date {
	return workflow.AddBankDays(workflow.DateOf(r.AssignedAt), k.Round.Rules.AssessmentDays)
}

// reviewDue is the day by which the assessment is promised: the reader's own, or the case's last.
func reviewDue(k workflow.Case, by workflow.Actor) (due workflow.Date) {
	for _, r := range k.App.Reviews {
		day := promisedOn(k, r)
		if r.Person == by.ID {
			return day
		}
		if day.After(due) {
			due = day
		}
	}
	return due
}

// lateReviewers are those whose assessment should have come, and the earliest day it was promised; the zero day: nobody's.
func lateReviewers(k workflow.Case, today workflow.Date) (who []string, since workflow.Date) {
	if k.App.State != workflow.UnderAssessment {
		return nil, since
	}
	for _, r := range k.App.Reviews {
		day := promisedOn(k, r)
		if r.Done() || !day.Before(today) {
			continue
		}
		who = append(who, r.Reviewer)
		if since.IsZero() || day.Before(since) {
			since = day
		}
	}
	return who, since
}

// lateWords say to the office whose assessment is late and what can be done; "" where nobody's is.
func (s *Server) lateWords(c *gin.Context, l lang.Lang, k workflow.Case, today workflow.Date) string {
	who, since := lateReviewers(k, today)
	if len(who) == 0 {
		return ""
	}
	return lang.T(l, "assess.late", lang.Args{"Day": lang.ShortDay(l, since.String()), "Names": s.namesOf(c, l, who)})
}

// namesOf are people by their names, in one line.
func (s *Server) namesOf(c *gin.Context, l lang.Lang, emails []string) string {
	names := make([]string, len(emails))
	for i, email := range emails {
		names[i] = s.calledBy(c, email)
	}
	return lang.List(l, names)
}

// lateTask asks a case's officer to ask a reviewer who is late, or to appoint another.
func (s *Server) lateTask(c *gin.Context, l lang.Lang, k workflow.Case, by workflow.Actor, now time.Time) (Todo, bool) {
	who, since := lateReviewers(k, workflow.DateOf(now))
	if len(who) == 0 || !by.Is(workflow.Officer) || !slices.Contains(workflow.Allowed(k, by, now), workflow.ActAssignReviewers) {
		return Todo{}, false
	}
	todo := Todo{
		Count:  1,
		Text:   lang.T(l, "tasks.late_review", lang.Args{"Title": k.App.Form.Title}),
		Detail: lang.T(l, "assess.missing", lang.Args{"Names": s.namesOf(c, l, who)}),
		Href:   fmt.Sprintf("/reviews/%d", k.App.ID),
		Due:    since,
	}
	dueOn(l, &todo, workflow.DateOf(now))
	return todo, true
}

func (s *Server) reviewRow(c *gin.Context, l lang.Lang, k workflow.Case, by workflow.Actor, today workflow.Date) Row {
	own := k.App.ReviewOf(by.ID)
	who := Cell{}
	if own != nil {
		who.Text = lang.T(l, "assess.state."+reviewState(k, *own), lang.Args{"Done": len(own.Ratings), "All": len(k.Round.Rules.Criteria())})
	} else {
		all, n := k.App.ReviewsDone()
		who.Text = lang.T(l, "reviews.of", lang.Args{"Done": n, "All": len(k.App.Reviews)})
		if !all {
			who.Note = lang.T(l, "assess.missing", lang.Args{"Names": s.namesOf(c, l, undone(k))})
		}
	}
	due := Cell{Text: "–"}
	if day := reviewDue(k, by); !day.IsZero() {
		due.Text = lang.ShortDay(l, day.String())
		if _, n := k.App.ReviewsDone(); day.Before(today) && (own != nil && !own.Done() || own == nil && n < len(k.App.Reviews)) {
			due.Class = "late"
		}
	}
	next := lang.T(l, "reviews.look")
	switch {
	case own != nil && !own.Done() && !k.App.Declared(by.ID):
		next = lang.T(l, "assess.declare")
	case own != nil && !own.Done():
		next = lang.T(l, "reviews.score")
	case len(k.App.Reviews) == 0:
		next = lang.T(l, "action.assign_reviewers")
	case k.App.Consensus == nil && by.Is(workflow.Officer):
		if all, _ := k.App.ReviewsDone(); all {
			next = lang.T(l, "action.set_consensus")
		}
	}
	return Row{Cells: []Cell{{Text: k.App.Form.Title, Note: k.App.DNR}, {Text: applicantName(k)}, who, due,
		{Links: []Link{{Text: next, Hidden: k.App.Form.Title, Href: fmt.Sprintf("/reviews/%d", k.App.ID)}}}}}
}

// undone are those who were asked and have not handed in.
func undone(k workflow.Case) (emails []string) {
	for _, r := range k.App.Reviews {
		if !r.Done() {
			emails = append(emails, r.Reviewer)
		}
	}
	return emails
}

// reviewState is how far an assessment has come: undeclared, empty, begun or done.
func reviewState(k workflow.Case, r workflow.Review) string {
	switch {
	case r.Done():
		return "done"
	case !k.App.Declared(r.Person):
		return "undeclared"
	case len(r.Ratings) == 0 && len(r.Comments) == 0:
		return "empty"
	}
	return "begun"
}
