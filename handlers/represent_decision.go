package handlers

import (
	"encoding/json"

	"fund/workflow"
)

type conditionJSON struct {
	N     int           `json:"n"`
	Text  string        `json:"text"`
	DueOn workflow.Date `json:"due_on"`
	Met   *bool         `json:"met" doc:"Null until the officer has ruled."`
	Note  string        `json:"note,omitempty"`
}

type proposalJSON struct {
	Outcome    string          `json:"outcome" enum:"outcome"`
	Amount     int64           `json:"amount" doc:"Whole kronor."`
	Reasons    []string        `json:"reasons" enum:"reason"`
	Text       string          `json:"text"`
	Conditions []conditionJSON `json:"conditions"`
	StateAid   string          `json:"state_aid_basis,omitempty" enum:"state_aid" doc:"How the grant agrees with the rules on state aid; of a project only."`
	Child      string          `json:"child,omitempty" doc:"Best interests of the child, where other words than the letter's own were used."`
	By         string          `json:"by"`
	At         moment          `json:"at"`
}

type decisionJSON struct {
	Outcome        string            `json:"outcome" enum:"outcome"`
	Granted        int64             `json:"granted" doc:"Whole kronor."`
	Body           string            `json:"body" doc:"DELEGATE, COMMITTEE or BOARD (RF-17)."`
	Reasons        []string          `json:"reasons" enum:"reason"`
	Text           string            `json:"text"`
	DecidedBy      string            `json:"decided_by"`
	DecidedAt      moment            `json:"decided_at"`
	DelegationItem string            `json:"delegation_item,omitempty"`
	Meeting        *workflow.Meeting `json:"meeting,omitempty"`
	Conditions     []conditionJSON   `json:"conditions"`
	StateAid       string            `json:"state_aid_basis,omitempty" enum:"state_aid" doc:"How the grant agrees with the rules on state aid; of a project only."`
	Child          string            `json:"child,omitempty"`
	AcceptedAt     moment            `json:"accepted_at"`
	NoticePostedOn workflow.Date     `json:"notice_posted_on"`
	LastAppealDay  workflow.Date     `json:"last_appeal_day"`
	LegalForceOn   workflow.Date     `json:"legal_force_on" doc:"Null before the notice and while appealed in time."`
	Annulled       bool              `json:"annulled,omitempty" doc:"A court annulled it: the case is handled again, and nothing new is decided yet."`
}

type correctionJSON struct {
	N      int    `json:"n"`
	Was    string `json:"was"`
	Is     string `json:"is"`
	Reason string `json:"reason"`
	By     string `json:"by"`
	At     moment `json:"at"`
}

type appealJSON struct {
	ReceivedOn workflow.Date      `json:"received_on"`
	Text       string             `json:"text,omitempty"`
	InTime     bool               `json:"in_time"`
	Forwarded  workflow.Date      `json:"forwarded_on" doc:"When it was passed on to the court."`
	Judgment   *workflow.Judgment `json:"judgment"`
}

type advisoryJSON struct {
	Level  string        `json:"level" doc:"none, avoid_unnecessary or avoid_all."`
	Source string        `json:"source"`
	On     workflow.Date `json:"on"`
}

type changeJSON struct {
	N         int             `json:"n"`
	Type      string          `json:"type"`
	ShiftDays *int            `json:"shift_days" doc:"How many days the trip moves."`
	Proposed  json.RawMessage `json:"proposed" doc:"A merge patch of the form."`
	Cause     string          `json:"cause" doc:"own or outside."`
	Reason    string          `json:"reason"`
	Level     string          `json:"level" doc:"Who decides: OFFICER, or the body of the decision (RF-20)."`
	AskedAt   moment          `json:"asked_at"`
	Outcome   *string         `json:"outcome" doc:"approved or refused; null while it waits."`
	DecidedBy *string         `json:"decided_by" doc:"DELEGATE, COMMITTEE, BOARD or OFFICER."`
	DecidedAt moment          `json:"decided_at"`
	Answer    string          `json:"answer,omitempty"`

	Meeting *workflow.Meeting `json:"meeting,omitempty" doc:"Where the committee or the board answered."`
}

type letterJSON struct {
	Held       bool   `json:"held" doc:"It waits: those who apply see the case as proposed."`
	Reason     string `json:"reason"`
	By         string `json:"by"`
	At         moment `json:"at"`
	ReleasedAt moment `json:"released_at"`
}

func representConditions(list []workflow.Condition) []conditionJSON {
	out := make([]conditionJSON, 0, len(list))
	for _, k := range list {
		out = append(out, conditionJSON{k.N, k.Text, k.DueOn, k.Met, k.Note})
	}
	return out
}

// representDecision fills the decision and what may happen to it.
func representDecision(out *applicationJSON, c workflow.Case) {
	a := c.App
	if a.Decision != nil {
		d := decisionOf(*a.Decision)
		d.LegalForceOn = a.LegalForceOn()
		out.Decision = &d
	} else if n := len(a.Annulled); n > 0 { // kept until a new one takes its place
		d := decisionOf(a.Annulled[n-1])
		d.Annulled = true
		out.Decision = &d
	}
	for _, d := range a.Annulled {
		out.Annulled = append(out.Annulled, decisionOf(d))
	}
	for _, k := range a.Corrections {
		out.Corrections = append(out.Corrections, correctionJSON{k.N, k.Was, k.Is, k.Reason, k.By, moment(k.At)})
	}
	if p := a.Appeal; p != nil {
		out.Appeal = &appealJSON{p.ReceivedOn, p.Text, p.InTime, p.ForwardedOn, p.Judgment}
	}
	for _, k := range a.Advisory {
		out.Advisory = append(out.Advisory, advisoryJSON{k.Level, k.Source, k.On})
	}
	for _, k := range a.Changes {
		out.Changes = append(out.Changes, changeJSON{k.N, k.Type, k.ShiftDays, json.RawMessage(k.Proposed), k.Cause, k.Reason, k.Level,
			moment(k.AskedAt), textOrNull(k.Outcome), textOrNull(k.DecidedBy), moment(k.DecidedAt), k.Answer, k.Meeting})
	}
}

func decisionOf(d workflow.Decision) decisionJSON {
	return decisionJSON{Outcome: d.Outcome, Granted: d.Granted, Body: d.Body, Reasons: orEmpty(d.Reasons), Text: d.Text, DecidedBy: d.DecidedBy,
		DecidedAt: moment(
			d.DecidedAt,
		), DelegationItem: d.DelegationItem, Meeting: d.Meeting, Conditions: representConditions(d.Conditions), StateAid: d.StateAid, Child: d.Child,
		AcceptedAt: moment(d.AcceptedAt), NoticePostedOn: d.NoticePostedOn, LastAppealDay: d.LastAppealDay}
}
