package handlers

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// changeBy says by when a change asked for on a day is answered: who decides alone
// answers within the working days of the round's rules, a body at its next sitting.
// day is zero where no sitting is planned.
func changeBy(r workflow.Rules, level string, asked workflow.Date, sittings map[string]workflow.Date) (day workflow.Date, meeting bool) {
	if level == workflow.Committee || level == workflow.Board {
		return sittings[level], true
	}
	return workflow.AddBankDays(asked, r.ChangeAnswerDays), false
}

// changeFacts are the changes of a case in words.
func (s *Server) changeFacts(c *gin.Context, l lang.Lang, k workflow.Case, by workflow.Actor, today workflow.Date) (facts []Fact, err error) {
	var sittings map[string]workflow.Date
	if k.App.ChangeOpen() != nil {
		if sittings, err = s.nextSittings(c, today); err != nil {
			return nil, err
		}
	}
	for _, x := range k.App.Changes {
		facts = append(facts, changeFact(l, k, x, by, sittings))
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
func changeByWords(l lang.Lang, r workflow.Rules, level string, asked workflow.Date, sittings map[string]workflow.Date) string {
	day, meeting := changeBy(r, level, asked, sittings)
	switch {
	case !meeting:
		return lang.T(l, "grant.change.by", lang.Args{"Day": lang.LongDay(l, day.String())})
	case day.IsZero():
		return lang.T(l, "grant.change.by.meeting")
	}
	return lang.T(l, "grant.change.by.meeting_on", lang.Args{"Day": lang.LongDay(l, day.String())})
}

// changeFact is a change as school and office read it: what it came to and what it
// altered, with the letter; or who has it until when, and what would be otherwise.
// The office reads the school's reason too.
func changeFact(l lang.Lang, k workflow.Case, x workflow.Change, by workflow.Actor, sittings map[string]workflow.Date) Fact {
	f := Fact{Term: lang.T(l, "change."+x.Type)}
	before, after := k.App.ChangeForms(x.N)
	var parts []string
	then := k
	then.App.Form = before
	for _, r := range changeRows(l, then, after) {
		if !r.Same {
			parts = append(parts, r.Term+": "+cmp.Or(strings.ReplaceAll(r.Was, "\n", ", "), "–")+" → "+cmp.Or(strings.ReplaceAll(r.Now, "\n", ", "), "–"))
		}
	}
	parts = slices.Compact(parts)
	if !workflow.Outside(k, by) {
		parts = append(parts, x.Reason)
	}
	switch {
	case x.Open():
		f.Value = lang.T(
			l,
			"grant.change.open",
			lang.Args{"Body": lang.T(l, "body."+x.Level)},
		) + " " + changeByWords(l, k.Round.Rules, x.Level, workflow.DateOf(x.AskedAt), sittings)
	case x.Overtaken(): // what stands as its answer is the program's own word
		f.Value, parts = lang.T(l, "change_outcome."+x.Outcome), nil
	default:
		f.Value = lang.T(l, "change_outcome."+x.Outcome) + " " + lang.Date(l, x.DecidedAt)
		if x.Meeting != nil {
			f.Value = lang.T(l, "change_outcome."+x.Outcome) + " " + strings.Trim(lang.Day(l, x.Meeting.Date.String())+", "+lang.Item(x.Meeting.ItemNo), ", ")
		}
		parts = append(parts, lang.T(l, "grant.change.answer", lang.Args{"Text": x.Answer}))
		f.Links = amendmentLinks(l, k, by, x)
	}
	f.Note = sentences(parts)
	return f
}

// amendmentLinks lead to the letter that answered a change.
func amendmentLinks(l lang.Lang, k workflow.Case, by workflow.Actor, x workflow.Change) []Link {
	if d := notice.AmendmentOf(workflow.VisibleDocuments(k, by), x.N); d != nil {
		return []Link{{Text: lang.T(l, "grant.change.letter"), Href: fmt.Sprintf("/applications/%d/documents/%d", k.App.ID, d.ID)}}
	}
	return nil
}

// sentences joins what was written by different hands, each with its full stop.
func sentences(parts []string) string {
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" && !strings.ContainsAny(p[len(p)-1:], ".!?") {
			p += "."
		}
		out = append(out, p)
	}
	return strings.TrimSpace(strings.Join(out, " "))
}

// prefillChangeMeeting starts from the newest meeting of the body that answers: who was there, and the paragraph that follows its agenda.
func (s *Server) prefillChangeMeeting(c *gin.Context, f *Form, k workflow.Case, today workflow.Date) error {
	ctx, by := c.Request.Context(), actorOf(c)
	body := workflow.ChangeAtMeeting(k, by)
	if body == "" {
		return nil
	}
	list, err := s.store.Sittings(ctx)
	if err != nil {
		return err
	}
	var last *workflow.Sitting
	for i, m := range list {
		if m.Body == body && !m.Day.After(today) && (last == nil || m.Day.After(last.Day)) {
			last = &list[i]
		}
	}
	if last == nil {
		return nil
	}
	answered, err := s.store.AnsweredItems(ctx, *last)
	if err != nil {
		return err
	}
	f.Set("meeting.date", last.Day)
	f.Set("meeting.item_no", fmt.Sprintf("§ %d", last.NextItem(answered)))
	f.Set("meeting.present", strings.Join(last.Present, "\n"))
	return nil
}

// notTheirChange is why an answer to a change isn't this person's to give: it names who
// gives it. Nil where it is theirs.
func notTheirChange(k workflow.Case, by workflow.Actor, action workflow.Action, now time.Time) *workflow.Forbidden {
	if action != workflow.ActDecideChange {
		return nil
	}
	var no workflow.Forbidden
	if _, err := workflow.Decide(k, by, &workflow.DecideChange{Outcome: "refused", Reason: "–"}, k.App.Version, now); errors.As(err, &no) {
		return &no
	}
	return nil
}
