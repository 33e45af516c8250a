package sql_test

import (
	"slices"
	"testing"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// filedBy files an application of a school's teacher and has the program take it up.
func filedBy(t *testing.T, s *sql.Store, school string, requested int64) int64 {
	t.Helper()
	who := "teacher." + sql.Slug(school)
	app, err := s.Begin(t.Context(), actor(t, s, who), form(school, "R1", requested))
	if err != nil {
		t.Fatal(err)
	}
	do(t, s, app.ID, who, &workflow.Submit{}, "", &workflow.TakeUp{})
	return app.ID
}

func queued(t *testing.T, s *sql.Store, who string, f sql.QueueFilter) (ids []int64, keys []sql.QueueKey, more bool) {
	t.Helper()
	cases, keys, more, err := s.Queue(t.Context(), actor(t, s, who), f)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		ids = append(ids, c.App.ID)
	}
	return ids, keys, more
}

// TestQueueTurnsPagesBothWays walks the queue two cases at a time, there and back.
func TestQueueTurnsPagesBothWays(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	openRound(t, s, "R1", 500000)
	var all []int64
	for _, school := range []string{"Kågeskolan", "Floraskolan", "Kaplanskolan", "Bolidenskolan", "Sunnanåskolan"} {
		all = append(all, filedBy(t, s, school, 30000))
	}
	var there []int64
	var f sql.QueueFilter
	var last []sql.QueueKey
	for f.Limit = 2; ; {
		ids, keys, more := queued(t, s, "officer", f)
		there, last = append(there, ids...), keys
		if !more {
			break
		}
		f.After = keys[len(keys)-1]
	}
	if !slices.Equal(there, all) {
		t.Errorf("pages %v, want %v", there, all)
	}
	back, _, more := queued(t, s, "officer", sql.QueueFilter{Limit: 2, Before: last[0]})
	if !slices.Equal(back, all[2:4]) || !more {
		t.Errorf("back %v %v, want %v and more", back, more, all[2:4])
	}
}

// TestQueueFilters: own and unassigned work, words, what is late, and never a case in conflict.
func TestQueueFilters(t *testing.T) {
	t.Parallel()
	s, url := sqltest.OpenURL(t)
	openRound(t, s, "R1", 500000)
	a, b, c := filedBy(t, s, "Kågeskolan", 30000), filedBy(t, s, "Floraskolan", 30000), filedBy(t, s, "Kaplanskolan", 30000)
	do(t, s, a, "officer", &workflow.RuleEligibility{Eligible: true})
	do(t, s, c, "officer", &workflow.DeclareInterest{Conflict: true})
	me := actor(t, s, "officer")
	check := func(name, who string, f sql.QueueFilter, want ...int64) {
		t.Helper()
		if got, _, _ := queued(t, s, who, f); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	check("all but the conflict", "officer", sql.QueueFilter{}, a, b)
	check("head sees all", "head", sql.QueueFilter{}, a, b, c)
	check("mine", "officer", sql.QueueFilter{Officers: []int64{me.ID}}, a)
	check("nobody's", "officer", sql.QueueFilter{Unassigned: true}, b)
	check("words in any order", "officer", sql.QueueFilter{Q: "pardubice FLORA"}, b)
	check("a sign of LIKE is a sign", "officer", sql.QueueFilter{Q: "%"})
	check("in no case", "officer", sql.QueueFilter{Q: "kaplan"})
	check("none late yet", "head", sql.QueueFilter{Late: true})
	sqltest.Freeze(t, url, sqltest.First.AddDate(0, 0, 16))
	check("the check's ten working days are over, not the reviewers' fifteen", "head", sql.QueueFilter{Late: true}, b, c)
	counts, err := s.QueueCounts(t.Context(), me, sql.QueueFilter{State: "ranked"})
	if err != nil || counts[workflow.UnderCheck] != 1 || counts[workflow.UnderAssessment] != 1 {
		t.Errorf("counts %v, %v", counts, err)
	}
	load, err := s.Workload(t.Context(), me, []workflow.State{workflow.UnderCheck, workflow.UnderAssessment})
	if err != nil || len(load) != 2 || load[0].Email != "" || load[0].Late != 1 || load[1].Email != me.Email || load[1].N != 1 {
		t.Errorf("workload %+v, %v", load, err)
	}
}

// TestSavedViewsAreOnesOwn: a name is kept once, and nobody removes another's.
func TestSavedViewsAreOnesOwn(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	me, other := actor(t, s, "officer"), actor(t, s, "head")
	for _, q := range []string{"view=check", "view=all&who=mine"} {
		if err := s.SaveView(t.Context(), me, "Mina", q); err != nil {
			t.Fatal(err)
		}
	}
	list, err := s.SavedViews(t.Context(), me)
	if err != nil || len(list) != 1 || list[0].Query != "view=all&who=mine" {
		t.Fatalf("views %+v, %v", list, err)
	}
	if err := s.DropView(t.Context(), other, list[0].ID); err == nil {
		t.Error("another's view was removed")
	}
	if err := s.DropView(t.Context(), me, list[0].ID); err != nil {
		t.Error(err)
	}
}

// TestConflictsAreComputedBeforeAssignment: school, earlier employer and own
// application bar somebody in the query itself, so nobody can be assigned past it; load counts what is not handed in.
func TestConflictsAreComputedBeforeAssignment(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	openRound(t, s, "R1", 500000)
	a, b := filedBy(t, s, "Kågeskolan", 30000), filedBy(t, s, "Floraskolan", 30000)
	for _, id := range []int64{a, b} {
		do(t, s, id, "officer", &workflow.RuleEligibility{Eligible: true})
	}
	why := func(app int64) map[string]string {
		t.Helper()
		list, err := s.ReviewerChoices(t.Context(), actor(t, s, "officer"), app)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, x := range list {
			out[x.Email] = x.Conflict
		}
		return out
	}
	if got := why(a); len(got) < 3 || got["reviewer1@example.org"] != "" {
		t.Fatalf("conflicts %v", got)
	}
	school, err := s.Case(t.Context(), workflow.Machine(), a)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddTie(t.Context(), actor(t, s, "reviewer1"), "employer", school.App.SchoolID, "", "Till 2024"); err != nil {
		t.Fatal(err)
	}
	admin, two := actor(t, s, "admin"), actor(t, s, "reviewer2").Person
	two.Roles = append(two.Roles, workflow.RoleAt{Role: workflow.Teacher, School: school.App.SchoolID})
	if _, err := s.SavePerson(t.Context(), admin, two); err != nil {
		t.Fatal(err)
	}
	teacher := actor(t, s, "teacher.floraskolan").Person
	teacher.Roles = append(teacher.Roles, workflow.RoleAt{Role: workflow.Reviewer})
	if _, err := s.SavePerson(t.Context(), admin, teacher); err != nil {
		t.Fatal(err)
	}
	do(t, s, a, "reviewer3", &workflow.DeclareInterest{Conflict: true})
	got := why(a)
	for email, want := range map[string]string{"reviewer1": "tie", "reviewer2": "school", "reviewer3": "declared", "teacher.floraskolan": "own_application"} {
		if got[email+"@example.org"] != want {
			t.Errorf("%s: %q, want %q", email, got[email+"@example.org"], want)
		}
		if _, err := s.Apply(t.Context(), sql.Ref{ID: a}, actor(t, s, "officer"), &workflow.AssignReviewers{Reviewers: []string{email + "@example.org"}}); err == nil {
			t.Errorf("%s was assigned in conflict", email)
		}
	}
	if got := why(b); got["reviewer1@example.org"] != "" || got["reviewer3@example.org"] != "" || got["teacher.floraskolan@example.org"] != "applicant" {
		t.Errorf("the other case: %v", got)
	}
	do(t, s, b, "officer", &workflow.AssignReviewers{Reviewers: []string{"reviewer1@example.org", "reviewer3@example.org"}}, "reviewer1", &workflow.DeclareInterest{},
		"reviewer1", (*workflow.SubmitReview)(&workflow.SaveReview{Ratings: rated, Comments: reasons}))
	list, err := s.ReviewerChoices(t.Context(), actor(t, s, "officer"), b)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range list {
		if want := map[string]int{"reviewer3@example.org": 1}[x.Email]; x.Open != want {
			t.Errorf("%s has %d open, want %d", x.Email, x.Open, want)
		}
	}
}
