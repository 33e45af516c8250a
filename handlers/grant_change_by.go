package handlers

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// changeBy says by when a change asked for on a day is answered: who decides alone
// answers within the days that the fund promises whoever writes, a body at its next
// sitting. day is zero where no sitting is planned.
func changeBy(level string, asked workflow.Date, sittings map[string]workflow.Date) (day workflow.Date, meeting bool) {
	if level == workflow.Committee || level == workflow.Board {
		return sittings[level], true
	}
	return workflow.AddBankDays(asked, answerDays), false
}

// changeFacts are the changes of a case in words.
func (s *Server) changeFacts(c *gin.Context, l lang.Lang, k workflow.Case, today workflow.Date) (facts []Fact, err error) {
	var sittings map[string]workflow.Date
	if k.App.ChangeOpen() != nil {
		if sittings, err = s.nextSittings(c, today); err != nil {
			return nil, err
		}
	}
	for _, x := range k.App.Changes {
		facts = append(facts, changeFact(l, k, x, sittings))
	}
	return facts, nil
}

// nextSittings are the first days from today on when each body sits.
func (s *Server) nextSittings(c *gin.Context, today workflow.Date) (map[string]workflow.Date, error) {
	list, err := s.store.Sittings(c.Request.Context())
	next := map[string]workflow.Date{}
	for _, x := range list {
		if had, ok := next[x.Body]; !x.Day.Before(today) && (!ok || x.Day.Before(had)) {
			next[x.Body] = x.Day
		}
	}
	return next, err
}

// changeByWords is the same in words, for the one who asks.
func changeByWords(l lang.Lang, level string, asked workflow.Date, sittings map[string]workflow.Date) string {
	day, meeting := changeBy(level, asked, sittings)
	switch {
	case !meeting:
		return lang.T(l, "grant.change.by", lang.Args{"Day": lang.LongDay(l, day.String())})
	case day.IsZero():
		return lang.T(l, "grant.change.by.meeting")
	}
	return lang.T(l, "grant.change.by.meeting_on", lang.Args{"Day": lang.LongDay(l, day.String())})
}

// changeFact is a change as school and office read it: what it came to, or who has
// it until when, and while it is open what would be otherwise.
func changeFact(l lang.Lang, k workflow.Case, x workflow.Change, sittings map[string]workflow.Date) Fact {
	f := Fact{Term: lang.T(l, "change."+x.Type)}
	if !x.Open() {
		f.Value = lang.T(l, "change_outcome."+x.Outcome)
		return f
	}
	f.Value = lang.T(l, "grant.change.open", lang.Args{"Body": lang.T(l, "body."+x.Level)})
	after, wrong := workflow.MergePatch(k.App.Form, x.Proposed)
	if len(wrong) > 0 {
		return f
	}
	var parts []string
	for _, r := range changeRows(l, k, after) {
		if !r.Same {
			parts = append(parts, r.Term+": "+cmp.Or(strings.ReplaceAll(r.Was, "\n", ", "), "–")+" → "+cmp.Or(strings.ReplaceAll(r.Now, "\n", ", "), "–"))
		}
	}
	f.Value += " " + changeByWords(l, x.Level, workflow.DateOf(x.AskedAt), sittings)
	f.Note = strings.Join(slices.Compact(parts), ". ")
	return f
}
