package workflow

import (
	"slices"
	"testing"
)

func TestCompletion(t *testing.T) {
	t.Parallel()
	ask := &RequestCompletion{Points: []Point{{"text", "Mer."}, {"budget[1].amount", "Rätta."}, {"requested", "Rätta."}}}
	open := func(t *testing.T) *world {
		return newWorld(t).to(UnderCheck).on("2026-10-02T14:00").do(officer1, ask)
	}
	t.Run("days", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		if due := w.c.App.Completion.DueOn; due != date("2026-10-16") {
			t.Errorf("due %s", due)
		}
		if err := w.try(officer1, &ExtendCompletion{Days: 8, Reason: "x"}); !faulty(err, "days", "range") {
			t.Errorf("eight days: %v", err)
		}
		w.do(officer1, &ExtendCompletion{Days: 7, Reason: "Lov."})
		if due := w.c.App.Completion.DueOn; due != date("2026-10-23") {
			t.Errorf("extended to %s", due)
		}
		if err := w.try(officer1, &ExtendCompletion{Days: 1, Reason: "x"}); !isRefused(err, "extended_already") {
			t.Errorf("twice: %v", err)
		}
		if err := w.on("2026-10-23T23:59").try(Machine(), &ExpireCompletion{}); !isRefused(err, "not_yet") {
			t.Errorf("on the day: %v", err)
		}
		w.on("2026-10-24T00:00").do(Machine(), &ExpireCompletion{}).state(UnderCheck)
		if len(w.c.App.Filed) != 1 {
			t.Errorf("%d versions though nothing was written", len(w.c.App.Filed))
		}
	})
	t.Run("half time moves with the day, once", func(t *testing.T) {
		t.Parallel()
		halves := func(w *world) (list []string) {
			for _, j := range w.jobs {
				if j.Kind == JobCompletionHalf {
					list = append(list, DateOf(j.RunAt).String()+" for "+j.Data["due_on"].(string))
				}
			}
			return list
		}
		early := open(t).on("2026-10-05T10:00").do(officer1, &ExtendCompletion{Days: 6, Reason: "Lov."})
		if got := halves(early); !slices.Equal(got, []string{"2026-10-09 for 2026-10-16", "2026-10-12 for 2026-10-22"}) {
			t.Errorf("extended before half time: %v", got)
		}
		late := open(t).on("2026-10-09T07:00").do(officer1, &ExtendCompletion{Days: 6, Reason: "Lov."})
		if got := halves(late); len(got) != 1 {
			t.Errorf("extended when the reminder had gone: %v", got)
		}
	})
	t.Run("named fields only", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		for patch, field := range map[string]string{`{"title":"x"}`: "title", `{"text":{"risk":"x"},"funding":[]}`: "funding", `{"partner":{"name":"x"}}`: "partner.name"} {
			if err := w.try(teacher1, &Save{Patch: []byte(patch)}); !faulty(err, field, "not_asked_for") {
				t.Errorf("%s: %v", patch, err)
			}
		}
		w.patch(`{"text":{"risk":"Mer"}}`).patch(`{"budget":[{"line":1,"code":"RES","amount":100}]}`).patch(`{"requested":70}`)
	})
	t.Run("money asks the principal again and nothing waits", func(t *testing.T) {
		t.Parallel()
		w := open(t).patch(`{"requested":70000}`).do(teacher1, &Complete{}).state(UnderCheck)
		if !w.c.App.Unapproved || hasFinding(w, "RF-13", "attachments.principal_approval") || len(w.c.App.Filed) != 2 || w.c.App.LastRequested() != 70000 || w.c.App.HighestRequested() != 81000 {
			t.Errorf("unapproved %v, versions %+v", w.c.App.Unapproved, w.c.App.Filed)
		}
		w.do(officer1, &RuleEligibility{Eligible: true}).do(principal1, &Approve{}).state(UnderAssessment)
		if w.c.App.Unapproved {
			t.Error("still unapproved")
		}
	})
	t.Run("approval and files do not end it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t).do(teacher1, &Submit{}).do(Machine(), &TakeUp{}).do(officer1, ask)
		w.do(principal1, &Approve{}).do(teacher1, &Attach{File: Attachment{ID: 8, Kind: "letter_of_intent"}}).state(CompletionRequested)
		w.do(teacher1, &Complete{}).state(UnderCheck)
		if w.c.App.Unapproved {
			t.Error("unapproved although the principal saw this money")
		}
	})
	t.Run("what was written when the day passed is a version too", func(t *testing.T) {
		t.Parallel()
		w := open(t).patch(`{"text":{"risk":"Mer"}}`).on("2026-10-17T00:00").do(Machine(), &ExpireCompletion{})
		if len(w.c.App.Filed) != 2 || w.c.App.Unapproved {
			t.Errorf("versions %d, unapproved %v", len(w.c.App.Filed), w.c.App.Unapproved)
		}
	})
}

func TestPaper(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	received := instant(t, "2026-10-01T00:00:00")
	out, err := NewPaper(w.c, officer1, goodForm(), received, instant(t, "2026-10-02T09:00"))
	if err != nil {
		t.Fatal(err)
	}
	c := w.c
	c.App = out.App
	if c.App.State != Submitted || c.App.Version != 1 || !out.Filed || !c.Late() || !c.App.ReceivedAt.Equal(received) || !c.App.Unapproved {
		t.Errorf("%+v", c.App)
	}
	if !c.App.IsApplicant(teacher1.Person) || !c.App.IsApplicant(colleague.Person) || c.App.IsApplicant(stranger.Person) || c.App.IsApplicant(officer1.Person) {
		t.Error("the applicant of a paper application is every teacher of the school")
	}
	if out, err = NewPaper(w.c, officer1, goodForm(), instant(t, "2026-09-30T23:59:59.9+02:00"), instant(t, "2026-10-02T09:00")); err != nil {
		t.Fatal(err)
	}
	c.App = out.App
	if c.Late() {
		t.Error("the last second is in time")
	}
	if _, err := NewPaper(w.c, teacher1, goodForm(), received, received); !isForbidden(err, "role") {
		t.Errorf("teacher: %v", err)
	}
	if _, err := NewPaper(w.c, officer1, goodForm(), received, received.Add(-1)); !faulty(err, "received_at", "in_future") {
		t.Errorf("tomorrow: %v", err)
	}
}
