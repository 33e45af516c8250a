package handlers

import (
	"fmt"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// appealFacts are the appeal's days and what the court said.
func appealFacts(l lang.Lang, k workflow.Case) (list []Fact) {
	a := k.App.Appeal
	if a == nil {
		return nil
	}
	key := "case.appeal.late"
	if a.InTime {
		key = "case.appeal.in_time"
	}
	note := lang.T(l, key)
	if a.InTime && a.Judgment == nil {
		note += " " + lang.T(l, "case.appeal.stop")
	}
	list = append(list, Fact{Term: lang.T(l, "case.appeal"), Value: lang.Day(l, a.ReceivedOn.String()), Note: strings.TrimSpace(note + " " + a.Text)})
	if a.ForwardedOn.IsZero() {
		list = append(list, Fact{Term: lang.T(l, "field.forwarded_on"), Value: lang.T(l, "case.appeal.kept")})
	} else {
		list = append(list, Fact{Term: lang.T(l, "field.forwarded_on"), Value: lang.Day(l, a.ForwardedOn.String())})
	}
	if j := a.Judgment; j != nil {
		list = append(list, Fact{Term: lang.T(l, "case.judgment"), Value: lang.T(l, "judgment."+j.Outcome), Note: lang.Day(l, j.On.String())})
	}
	return list
}

// annulledFacts tells what was decided before a court annulled it: the case is tried anew.
func annulledFacts(l lang.Lang, k workflow.Case) (list []Fact) {
	if len(k.App.Annulled) == 0 {
		return nil
	}
	old := k.App.Annulled[len(k.App.Annulled)-1]
	list = []Fact{{Term: lang.T(l, "case.annulled"), Value: lang.T(l, "outcome."+old.Outcome), Note: lang.Money(l, old.Granted)},
		{Term: lang.T(l, "fact.decider"), Value: lang.T(l, "body."+old.Body)}, {Term: lang.T(l, "case.decided"), At: old.DecidedAt}}
	return append(list, appealFacts(l, k)...)
}

// documentTitle is what a document is called in a list. The letters of a case that was decided
// more than once bear the same title: the day tells them apart, and which one a court annulled.
func documentTitle(l lang.Lang, k workflow.Case, d workflow.Document) string {
	for n := range k.App.Annulled {
		if x := notice.LetterOf(k.App, n+1); x != nil && x.ID == d.ID {
			return lang.T(l, "document.annulled", lang.Args{"Title": d.Title, "Day": lang.Date(l, d.At)})
		}
	}
	if d.Kind == notice.KindDecision && len(k.App.Annulled) > 0 {
		return lang.T(l, "document.dated", lang.Args{"Title": d.Title, "Day": lang.Date(l, d.At)})
	}
	return d.Title
}

// caseRuling is what was decided in a case, changed and claimed.
type caseRuling struct {
	Decision  []Fact
	Reasons   []string
	Text      string
	Condition []Fact
}

func rulingOf(l lang.Lang, k workflow.Case) caseRuling {
	d := k.App.Decision
	if d == nil {
		return caseRuling{Decision: annulledFacts(l, k)}
	}
	x := caseRuling{
		Decision: slices.Concat(
			decisionFacts(l, *d),
			legalFacts(l, k),
			cancelledFacts(l, k),
			claimedFacts(l, k.App.Recovery),
			statementFacts(l, k),
			overpaidFacts(l, k),
		),
		Text:      d.Text,
		Condition: conditionFacts(l, d.Conditions),
	}
	for _, r := range d.Reasons {
		x.Reasons = append(x.Reasons, lang.T(l, "reason."+r))
	}
	return x
}

// decisionFacts say what was decided, by whom, when, and how it was made known.
func decisionFacts(l lang.Lang, d workflow.Decision) []Fact {
	facts := []Fact{
		{Term: lang.T(l, "field.outcome"), Value: lang.T(l, "outcome."+d.Outcome)},
		{Term: lang.T(l, "sum.granted"), Value: lang.Money(l, d.Granted)},
		{Term: lang.T(l, "fact.decider"), Value: lang.T(l, "body."+d.Body)},
		{Term: lang.T(l, "case.decided"), At: d.DecidedAt},
	}
	if d.StateAid != "" {
		facts = append(facts, Fact{Term: lang.T(l, "field.state_aid_basis"), Value: lang.T(l, "state_aid."+d.StateAid)})
	}
	if m := d.Meeting; m.Alone() {
		facts = append(facts, Fact{Term: lang.T(l, "case.chair"), Value: m.Urgent.Chair, Note: m.Urgent.Reason})
	} else if m != nil {
		facts = append(facts, Fact{Term: lang.T(l, "field.meeting.date"), Value: strings.Trim(lang.Day(l, m.Date.String())+", "+lang.Item(m.ItemNo), ", ")})
	}
	if !d.NoticePostedOn.IsZero() {
		facts = append(facts, Fact{Term: lang.T(l, "field.posted_on"), Value: lang.Day(l, d.NoticePostedOn.String())})
	}
	if !d.LastAppealDay.IsZero() {
		facts = append(facts, Fact{Term: lang.T(l, "case.appeal_day"), Value: lang.Day(l, d.LastAppealDay.String())})
	}
	return facts
}

// legalFacts say whether the letter has gone, when the decision has legal force, and what came of an appeal.
func legalFacts(l lang.Lang, k workflow.Case) (facts []Fact) {
	if k.App.Untold() {
		facts = append(facts, Fact{
			Term:  lang.T(l, "letter.fact"),
			Value: lang.T(l, "letter.state.waits"),
			Note:  k.App.Letter.Reason,
			Links: []Link{{Text: lang.T(l, "menu.letters"), Hidden: k.App.DNR, Href: fmt.Sprintf("/letters/%d", k.App.ID)}},
		})
	}
	if day := k.App.LegalForceOn(); !day.IsZero() {
		facts = append(facts, Fact{Term: lang.T(l, "case.legal_force"), Value: lang.Day(l, day.String())})
	}
	if a := k.App.Appeal; a != nil && a.Judgment != nil && a.Judgment.Outcome == "annulled" { // it was about the decision before this one
		return append(facts, annulledFacts(l, k)...)
	}
	return append(facts, appealFacts(l, k)...)
}

// conditionFacts are the decision's conditions, whether they are met and by when they must be.
func conditionFacts(l lang.Lang, conditions []workflow.Condition) (facts []Fact) {
	for _, x := range conditions {
		state := lang.T(l, "case.condition.open")
		if x.Met != nil {
			state = lang.T(l, map[bool]string{true: "act.met", false: "act.unmet"}[*x.Met])
		}
		note := ""
		if !x.DueOn.IsZero() {
			note = lang.T(l, "tasks.by", lang.Args{"Day": lang.Day(l, x.DueOn.String())})
		}
		facts = append(facts, Fact{Term: x.Text, Value: state, Note: note})
	}
	return facts
}

// claimedFacts say what of the grant is to come back, from the proposal on.
func claimedFacts(l lang.Lang, r *workflow.Recovery) []Fact {
	if r == nil {
		return nil
	}
	facts := []Fact{{Term: lang.T(l, "sum.proposed"), Value: lang.Money(l, r.Proposed)}}
	if r.DecidedAt.IsZero() {
		return facts
	}
	facts = append(facts, Fact{Term: lang.T(l, "sum.claimed"), Value: lang.Money(l, r.Amount)}, Fact{Term: lang.T(l, "sum.repaid"), Value: lang.Money(l, r.Repaid())})
	if off := r.WrittenOff(); off > 0 {
		facts = append(facts, Fact{Term: lang.T(l, "sum.written_off"), Value: lang.Money(l, off)})
	}
	return facts
}
