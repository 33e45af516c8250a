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
	check("mine", "officer", sql.QueueFilter{Officer: me.ID}, a)
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
