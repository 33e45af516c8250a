package handlers

import (
	"slices"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// hiddenFromApplicant are steps that the school need not read in its history.
var hiddenFromApplicant = []workflow.Action{workflow.ActAssignOfficer, workflow.ActSaveReview, workflow.ActSubmitReview, workflow.ActAssignReviewers, workflow.ActSetConsensus, workflow.ActMovePayment, workflow.ActRank, workflow.ActPropose,
	workflow.ActDeclareInterest, workflow.ActAddDocument, workflow.ActNote, workflow.ActSave, workflow.ActMakePayable, workflow.ActRemitBack, workflow.ActTakeBack}

func (s *Server) history(c *gin.Context, v *caseView, k workflow.Case, by workflow.Actor, applicant bool) error {
	events, err := s.store.Events(c.Request.Context(), by, k.App.ID)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(events) {
		if applicant && slices.Contains(hiddenFromApplicant, e.Action) || e.Action == workflow.ActSave && !applicant {
			continue
		}
		if e.Action == workflow.ActSaveReview || e.Action == workflow.ActNote {
			continue
		}
		name := e.ByName
		if applicant && name != "" && e.By != by.Email {
			name = "" // the school need not know who at the office
		}
		who := name
		switch {
		case e.By == "":
			who = lang.T(v.Lang, "case.program")
		case name == "":
			who = lang.T(v.Lang, "case.office")
		}
		note := ""
		if as, _ := actingFor(e.Data); as != "" && !applicant {
			note = lang.T(v.Lang, "absence.acted", lang.Args{"Name": s.calledBy(c, as)})
		}
		v.History = append(v.History, HistoryItem{At: e.At, Note: note, Text: who + " " + lang.T(v.Lang, "done."+string(e.Action)) + ".", Auto: e.By == ""})
	}
	jobs, err := s.store.OpenJobs(c.Request.Context(), k.App.ID)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if key := "coming." + j.Kind; lang.Has(v.Lang, key) && j.RunAt.After(v.Now) {
			v.Coming = append(v.Coming, HistoryItem{At: j.RunAt, Form: "date", Text: lang.T(v.Lang, key), Auto: true})
		}
	}
	return nil
}
