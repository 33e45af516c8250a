package handlers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// TestStateAidIsAskedOfProjectsAndTold: the desk asks for it where an organisation applies, and the API, the case and
// the register say what was chosen.
func TestStateAidIsAskedOfProjectsAndTold(t *testing.T) {
	t.Parallel()
	round := workflow.Round{Rules: workflow.Rules{StaffPerPupils: 10, StaffMin: 2, ShareCap: money.Share{Num: 1, Den: 2}}}
	k := workflow.Case{Scheme: workflow.Scheme{Applicant: "organisation"}, Round: round}
	f := NewForm(lang.SV)
	if w := wordsOf(lang.SV, f, k, workflow.Date{}, nil); w.StateAid == nil || len(w.StateAid.Options) != len(workflow.StateAidBases) || strings.HasPrefix(w.StateAid.Options[0].Text, "state_aid") {
		t.Errorf("asked of a project: %+v", w.StateAid)
	}
	if w := wordsOf(lang.SV, f, workflow.Case{Scheme: workflow.Scheme{Applicant: "school"}, Round: round}, workflow.Date{}, nil); w.StateAid != nil {
		t.Error("asked of a school")
	}
	k.App.Decision = &workflow.Decision{Outcome: workflow.Granted, StateAid: "not_aid", DecidedAt: time.Date(2026, 5, 6, 8, 0, 0, 0, time.UTC)}
	if got := decisionOf(*k.App.Decision).StateAid; got != "not_aid" {
		t.Errorf("the API says %q", got)
	}
	if got := fmt.Sprint(rulingOf(lang.SV, k).Decision); !strings.Contains(got, "Inte statligt stöd") {
		t.Errorf("the case says %s", got)
	}
	if got := stateAidWords(lang.EN, k); !strings.HasPrefix(got, "Not state aid") {
		t.Errorf("the register says %q", got)
	}
}

// TestArchivedAssessmentNamesItsReviewers: who reads it in fifty years has no list of addresses.
func TestArchivedAssessmentNamesItsReviewers(t *testing.T) {
	t.Parallel()
	x := packed{events: []sql.EventRow{{By: "reviewer1@example.org", ByName: "Maria Granström"}}}
	k := workflow.Case{Round: workflow.Round{Rules: workflow.Rules{RatingMax: 4, CriteriaWeights: map[string]int{"K1": 100}}}}
	k.App.State = workflow.Decided
	k.App.Decision = &workflow.Decision{Outcome: workflow.Granted}
	k.App.Reviews = []workflow.Review{{Reviewer: "reviewer1@example.org", Ratings: map[string]int{"K1": 3}, Comments: map[string]string{"K1": "Bra."}, SubmittedAt: time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)}, {Reviewer: "gone@example.org", Ratings: map[string]int{"K1": 2}, SubmittedAt: time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)}}
	got := fmt.Sprintf("%+v", assessmentSections(lang.SV, k, workflow.Machine(), x.called))
	for _, s := range assessmentSections(lang.SV, k, workflow.Machine(), x.called) {
		if s.Table != nil {
			got += fmt.Sprint(s.Table.Head)
		}
	}
	if strings.Contains(got, "reviewer1@") || !strings.Contains(got, "Maria Granström") || !strings.Contains(got, "gone@example.org") {
		t.Error(got)
	}
}
