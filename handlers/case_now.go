package handlers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// caseNow is what a case waits for, who has it, and what this person can do about it.
type caseNow struct {
	Next    *Note
	First   *Button
	Actions []Link
	Officer string
	Clock   *Cell
	Take    bool
	Barred  *Note // why an unassigned case can't become this officer's
	Version int64
}

func (s *Server) nowOf(c *gin.Context, l lang.Lang, k workflow.Case, events []sql.EventRow, now time.Time) (x caseNow, err error) {
	by, today := actorOf(c), workflow.DateOf(now)
	x.First, x.Actions = caseActions(l, k, by, now)
	x.Actions = append(x.Actions, reportLinks(l, k)...)
	if x.Next = caseNext(l, k, by, now); x.Next != nil {
		if late := s.lateWords(c, l, k, today); late != "" {
			x.Next.Text = late
		}
		if back := remittedBy(k, events); back != nil && x.Next.Text == "" {
			told := toldOf(*back)
			day := lang.ShortDay(l, cmp.Or(told.Meeting, workflow.DateOf(back.At).String()))
			x.Next.Text = lang.T(l, "next.remitted", lang.Args{"Day": day, "Reason": told.Reason})
		}
	}
	if k.App.Talk != nil {
		idle, err := s.idleOfficer(c, by, today)
		if err != nil {
			return x, err
		}
		if waitsFor(k, by, idle) && x.Next != nil {
			x.Next.Text = strings.TrimSpace(x.Next.Text + " " + lang.T(l, "next.message"))
		}
	}
	clock := clockCell(l, k, today)
	x.Clock, x.Version = &clock, k.App.Version
	x.Officer = officerCell(l, k, by, nil, func(email string) string { return s.calledBy(c, email) }).Text
	if k.App.OfficerID == 0 && by.Is(workflow.Officer) && slices.Contains(workflow.Allowed(k, by, now), workflow.ActAssignOfficer) {
		x.Take, x.Barred, err = s.mayTake(c, l, k, by)
	}
	return x, err
}

// letterOnItsWay tells of a decision whose letter goes now: it could be taken back
// for the second until the mail has left, which is nothing to offer. One whose
// mail still stands after a minute is offered again.
func letterOnItsWay(k workflow.Case, now time.Time) bool {
	return k.App.FreshDecision() && !k.App.Letter.Waits() && now.Sub(k.App.Decision.DecidedAt) < time.Minute
}

// askedFirst is the action that is waited for most from this person; "" where none is.
func askedFirst(k workflow.Case, by workflow.Actor, now time.Time) workflow.Action {
	open := workflow.Allowed(k, by, now)
	for _, a := range waiting {
		if slices.Contains(open, a) && asked(k, by, a, workflow.DateOf(now)) {
			return a
		}
	}
	return ""
}

// caseActions are what can be done now, and apart from them the one that is waited for most.
func caseActions(l lang.Lang, k workflow.Case, by workflow.Actor, now time.Time) (most *Button, others []Link) {
	first := askedFirst(k, by, now)
	for _, a := range workflow.Allowed(k, by, now) {
		if a == workflow.ActTakeBack && letterOnItsWay(k, now) {
			continue
		}
		if a == workflow.ActSaveReview { // the same page
			a = workflow.ActSubmitReview
		}
		href := fmt.Sprintf("/do/%d/%s", k.App.ID, a)
		if page := deskHref(k, a); page != "" {
			href = page
		}
		switch a {
		case workflow.ActSubmitReview:
			href = fmt.Sprintf("/reviews/%d", k.App.ID)
		case workflow.ActSubmitReport, workflow.ActAcceptReport:
			href = fmt.Sprintf("/reports/%d", k.App.ID)
		case workflow.ActApprove:
			href = fmt.Sprintf("/approve/%d", k.App.ID)
		case workflow.ActComplete:
			href = fmt.Sprintf("/applications/%d/complete", k.App.ID)
		}
		text := lang.T(l, "action."+string(a))
		if a == first {
			most = &Button{Text: text, Href: href}
			continue
		}
		link := Link{Text: text, Href: href}
		if !slices.Contains(others, link) {
			others = append(others, link)
		}
	}
	return most, others
}
