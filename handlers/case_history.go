package handlers

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// caseHistory tells the office what happened in a case, newest first.
func (s *Server) caseHistory(c *gin.Context, l lang.Lang, k workflow.Case, events []sql.EventRow) (list []HistoryItem) {
	for _, e := range slices.Backward(events) {
		switch e.Action {
		case workflow.ActSave, workflow.ActSaveReview, workflow.ActNote: // so many that they would hide the steps
			continue
		}
		who := e.ByName
		switch {
		case e.By == "":
			who = lang.T(l, "case.program")
		case who == "":
			who = lang.T(l, "case.office")
		}
		note := strings.Join(s.eventNotes(c, l, k, e), " ")
		list = append(list, HistoryItem{At: e.At, Note: note, Text: who + " " + eventWord(l, k, e) + ".", Auto: e.By == ""})
	}
	return list
}

// comingOf tells what the program will do in a case by itself, and when.
func (s *Server) comingOf(c *gin.Context, l lang.Lang, k workflow.Case, now time.Time) (list []HistoryItem, _ error) {
	jobs, err := s.store.OpenJobs(c.Request.Context(), k.App.ID)
	for _, j := range jobs {
		if key := "coming." + j.Kind; lang.Has(l, key) && j.RunAt.After(now) && !outdated(k, j) {
			list = append(list, HistoryItem{At: j.RunAt, Form: "date", Text: lang.T(l, key), Auto: true})
		}
	}
	return list, err
}

// reasonsToTell are the steps whose reason stands nowhere else on the case's page.
var reasonsToTell = []workflow.Action{
	workflow.ActRemitBack,
	workflow.ActTakeBack,
	workflow.ActHoldLetter,
	workflow.ActExtendCompletion,
	workflow.ActLapse,
	workflow.ActDiscontinue,
}

// stepTold is what a step's event says of why it was taken.
type stepTold struct {
	Reason  string          `json:"reason"`
	Undone  workflow.Action `json:"undone"`
	Meeting string          `json:"meeting_date"`
}

// toldOf reads an event; one without such words has none.
func toldOf(e sql.EventRow) (x stepTold) {
	if json.Unmarshal(e.Data, &x) != nil {
		return stepTold{}
	}
	return x
}

// eventNotes are what the office reads beside a step: for whom it was taken, what it took back, and why.
func (s *Server) eventNotes(c *gin.Context, l lang.Lang, k workflow.Case, e sql.EventRow) (notes []string) {
	if as, _ := actingFor(e.Data); as != "" {
		notes = append(notes, lang.T(l, "absence.acted", lang.Args{"Name": s.calledBy(c, as)}))
	}
	if !slices.Contains(reasonsToTell, e.Action) {
		return notes
	}
	if len(notes) > 0 {
		notes[0] += "."
	}
	x := toldOf(e)
	if x.Undone != "" {
		notes = append(notes, lang.T(l, "history.undone", lang.Args{"Step": caseWord(l, k, "done."+string(x.Undone))}))
	}
	if x.Reason != "" {
		notes = append(notes, lang.T(l, "history.reason", lang.Args{"Reason": x.Reason}))
	}
	return notes
}

// remittedBy is the step that sent the proposal back, until there is a new one; nil where none did or it was taken back.
func remittedBy(k workflow.Case, events []sql.EventRow) *sql.EventRow {
	if !slices.Contains([]workflow.State{workflow.UnderCheck, workflow.UnderAssessment, workflow.Ranked}, k.App.State) {
		return nil
	}
	var last *sql.EventRow
	for i, e := range events {
		switch {
		case e.Action == workflow.ActRemitBack:
			last = &events[i]
		case e.Action == workflow.ActPropose, e.Action == workflow.ActTakeBack && toldOf(e).Undone == workflow.ActRemitBack:
			last = nil
		}
	}
	return last
}

// eventWord is what somebody did, in words. An account that was given again unchanged was not changed.
func eventWord(l lang.Lang, k workflow.Case, e sql.EventRow) string {
	var x struct {
		Same bool `json:"same"`
	}
	if e.Action == workflow.ActChangeAccount && json.Unmarshal(e.Data, &x) == nil && x.Same {
		return lang.T(l, "done.change_account.same")
	}
	return caseWord(l, k, "done."+string(e.Action))
}

// outdated tells whether a job was armed for days that no longer hold: those of the
// trip were moved, the report has more time or has come, what was asked is answered, or the grant is no more. Such a job finds that out
// when its time comes and does nothing, so no calendar speaks of it.
func outdated(k workflow.Case, j sql.Job) bool {
	start, end, _ := k.App.Form.Activity.Days()
	other := func(name string, day workflow.Date) bool {
		armed, ok := j.Data[name].(string)
		return ok && armed != day.String()
	}
	off := k.App.Cancelled != nil || slices.Contains([]workflow.State{workflow.Lapsed, workflow.Withdrawn, workflow.Closed}, k.App.State)
	switch j.Kind {
	case workflow.JobCompletionHalf:
		return k.App.State != workflow.CompletionRequested
	case workflow.JobAcceptReminder:
		return k.App.State != workflow.Decided
	case workflow.JobAdvisoryReminder, workflow.JobTravelStart:
		return other("start", start) || off
	case workflow.JobTravelEnd:
		return other("end", end) || off
	case workflow.JobReportReminder, workflow.JobBlockSchool, workflow.JobProposeRecovery:
		day := k.ReportDueOn()
		switch {
		case j.Kind == workflow.JobProposeRecovery || j.Kind == workflow.JobReportReminder && k.ReportDay() != day:
			day = k.ReportDay() // one that was sent back is reminded of by its letter alone
		case j.Kind == workflow.JobBlockSchool && !workflow.BlockOn(k).IsZero():
			day = workflow.BlockOn(k).AddDays(-k.Round.Rules.BlockAfterDays)
		}
		came := k.App.Report != nil && k.App.State != workflow.ReportReturned
		return other("due", day) || came || off
	}
	return false
}
