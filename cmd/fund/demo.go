package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fund/jobs/letter"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

func machine() workflow.Actor { return workflow.Machine() }

// demoBegins is where the full rehearsal's clock starts, before its first round opens.
var demoBegins = time.Date(2025, 1, 8, 8, 0, 0, 0, time.UTC)

// demoStep is one thing that somebody did at a past instant.
type demoStep struct {
	at    time.Time
	story int // -1: a round
	order int
	do    func(ctx context.Context, d *demoPlay) error
}

// demoPlay is the rehearsal being filled: everything is done through the same
// door as by people, at its own instant.
type demoPlay struct {
	store  *sql.Store
	people map[string]workflow.Actor
	apps   map[int]int64
}

// demoDone is the setting that counts the steps played, so that a start killed half-way goes on.
const demoDone = "demo_steps"

// demo plays every step up to the rehearsal's first instant, in order of time.
func demo(ctx context.Context, s *sql.Store, now time.Time) error {
	d := &demoPlay{store: s, people: map[string]workflow.Actor{}, apps: map[int]int64{}}
	steps := demoRounds()
	for i, st := range stories {
		steps = append(steps, st.steps(i)...)
	}
	for i, p := range projects {
		steps = append(steps, p.steps(len(stories)+i)...)
	}
	steps = append(steps, demoIdeas()...)
	steps = append(steps, demoDelegation()...)
	slices.SortStableFunc(steps, func(a, b demoStep) int { return a.at.Compare(b.at) })
	var played struct {
		Steps int
		Apps  map[int]int64
	}
	if _, err := s.Setting(ctx, demoDone, &played); err != nil {
		return err
	}
	for k, v := range played.Apps {
		d.apps[k] = v
	}
	frozen := true
	for n, step := range steps {
		if step.at.After(now) {
			break
		}
		if n < played.Steps {
			continue
		}
		if _, err := s.Advance(ctx, &step.at, &frozen); err != nil && !errors.Is(err, sql.ErrPast) {
			return fmt.Errorf("step %d: %w", n, err)
		}
		err := step.do(ctx, d)
		var wrong workflow.WrongState
		if errors.As(err, &wrong) && n == played.Steps && n > 0 {
			err = nil // done already, when the start before was killed after it
		}
		if err != nil {
			title := "round"
			if step.story >= 0 {
				title = titleOf(step.story)
			}
			return fmt.Errorf("step %d at %s (%s): %w", n, step.at.Format(time.RFC3339), title, err)
		}
		played.Steps, played.Apps = n+1, d.apps
		if err := s.SetSetting(ctx, machine(), demoDone, played); err != nil {
			return err
		}
	}
	frozen = false
	if _, err := s.Advance(ctx, &now, &frozen); err != nil && !errors.Is(err, sql.ErrPast) {
		return err
	}
	return nil
}

func (d *demoPlay) who(ctx context.Context, name string) (workflow.Actor, error) {
	if a, ok := d.people[name]; ok {
		return a, nil
	}
	p, err := d.store.PersonByEmail(ctx, name+"@example.org")
	if err != nil {
		return workflow.Actor{}, fmt.Errorf("%s: %w", name, err)
	}
	d.people[name] = workflow.Act(p)
	return d.people[name], nil
}

// take lets somebody take an action with a story's application.
func take(who string, cmd workflow.Command) func(context.Context, *demoPlay, int) error {
	return func(ctx context.Context, d *demoPlay, story int) error {
		by, err := d.who(ctx, who)
		if err != nil {
			return err
		}
		_, err = d.store.Apply(ctx, sql.Ref{ID: d.apps[story]}, by, cmd)
		if err != nil {
			return fmt.Errorf("%s by %s: %w", cmd.Action(), who, err)
		}
		return nil
	}
}

// attach uploads a small paper of each kind.
func attach(who, title string, kinds ...string) func(context.Context, *demoPlay, int) error {
	return func(ctx context.Context, d *demoPlay, story int) error {
		by, err := d.who(ctx, who)
		if err != nil {
			return err
		}
		now, err := d.store.Now(ctx)
		if err != nil {
			return err
		}
		for _, kind := range kinds {
			var body bytes.Buffer
			l := letter.Letter{
				Lang:      lang.SV,
				Title:     lang.T(lang.SV, "attachment."+kind),
				Over:      title,
				Date:      now,
				Recipient: []string{lang.T(lang.SV, "app.office")},
				Sections: []letter.Section{
					{
						Heading:    lang.T(lang.SV, "attachment."+kind),
						Paragraphs: []string{"Påhittat underlag till övningen. Det innehåller inga personuppgifter."},
					},
				},
			}
			if err := letter.Encode(&body, l); err != nil {
				return err
			}
			file := workflow.Attachment{Kind: kind, Name: lang.T(lang.SV, "attachment."+kind) + ".pdf", Type: "application/pdf", Scan: "not_scanned"}
			if _, err := d.store.PutFile(ctx, sql.Ref{ID: d.apps[story]}, by, file, &body, 0); err != nil {
				return fmt.Errorf("attach %s: %w", kind, err)
			}
		}
		return nil
	}
}

// pay takes a story's payable instalment through a batch. last: how far.
func pay(voucher, last string) func(context.Context, *demoPlay, int) error {
	return func(ctx context.Context, d *demoPlay, story int) error {
		one, err := d.who(ctx, "finance1")
		if err != nil {
			return err
		}
		two, err := d.who(ctx, "finance2")
		if err != nil {
			return err
		}
		now, err := d.store.Now(ctx)
		if err != nil {
			return err
		}
		day := workflow.DateOf(now)
		b, err := d.store.ComposeBatch(ctx, one, []int64{d.apps[story]}, day)
		if err != nil {
			return err
		}
		on := fmt.Sprintf(`{"on":%q}`, day)
		for _, step := range []struct {
			action string
			by     workflow.Actor
			body   string
		}{{"attest1", one, "{}"}, {"attest2", two, "{}"}, {"export", two, "{}"}, {"mark_sent", one, on}, {"mark_paid", one, fmt.Sprintf(`{"on":%q,"voucher":%q}`, day, voucher)}} {
			if last == "draft" {
				return nil
			}
			if step.action == "mark_paid" && b.Lines[0].Bank() { // the bank says so itself
				return answered(ctx, d.store, one, b)
			}
			if b, err = d.store.BatchAction(ctx, step.by, b.ID, b.Version, step.action, []byte(step.body)); err != nil {
				return fmt.Errorf("batch %s: %w", step.action, err)
			}
			if step.action == last {
				return nil
			}
		}
		return nil
	}
}

// clockAt is an instant of a day, Stockholm time.
func clockAt(day string, hour, minute int) time.Time {
	return written(day).At(hour, minute)
}

// written is a day of the rehearsal's own stories; one that is none is a fault of the program.
func written(day string) workflow.Date {
	d, err := workflow.ParseDate(day)
	if err != nil {
		panic(err)
	}
	return d
}

// demoRounds are the rounds of the rehearsal, each published before it opens.
func demoRounds() []demoStep {
	type r struct {
		id, scheme, name, nameEN, opens, closes, from, to, meeting string
		budget                                                     int64
	}
	var steps []demoStep
	for i, x := range []r{
		{"VT25", "skolutbyte", "Vårens omgång 2025", "Spring round 2025", "2025-01-15", "2025-03-31T23:59:59", "2025-06-01", "2025-11-30", "2025-05-13", 300000},
		{"VT26", "skolutbyte", "Vårens omgång 2026", "Spring round 2026", "2026-01-15", "2026-03-31T23:59:59", "2026-06-01", "2026-11-30", "2026-05-12", 900000},
		{"MF26", "medfinansiering", "Medfinansiering 2026, löpande", "Co-financing 2026, rolling", "2026-01-01", "", "", "", "", 1000000},
		{"HT26", "skolutbyte", "Höstens omgång 2026", "Autumn round 2026", "2026-08-15", "2026-09-30T23:59:59", "2026-12-01", "2027-05-31", "2026-11-10", 500000},
		{"VT27", "skolutbyte", "Vårens omgång 2027", "Spring round 2027", "2026-10-15", "2027-03-31T23:59:59", "2027-06-01", "2027-11-30", "2027-05-11", 400000},
	} {
		opens, err := workflow.ParseInstant(x.opens)
		if err != nil {
			panic(err)
		}
		in := sql.RoundInput{Round: workflow.Round{ID: x.id, Scheme: x.scheme, Name: x.name, NameEN: x.nameEN, OpensAt: opens, Budget: x.budget}}
		if x.closes != "" {
			in.ClosesAt, _ = workflow.ParseInstant(x.closes)
			in.TripFrom, _ = workflow.ParseDate(x.from)
			in.TripTo, _ = workflow.ParseDate(x.to)
			in.Meeting, _ = workflow.ParseDate(x.meeting)
		}
		steps = append(steps, demoStep{at: opens.AddDate(0, 0, -6).Add(10 * time.Hour), story: -1, order: i, do: func(ctx context.Context, d *demoPlay) error {
			admin, err := d.who(ctx, "admin")
			if err != nil {
				return err
			}
			made, err := d.store.Round(ctx, in.ID)
			if errors.Is(err, workflow.ErrNotFound) {
				made, err = d.store.CreateRound(ctx, admin, in)
			}
			if err != nil {
				return err
			}
			_, err = d.store.RoundAction(ctx, admin, sql.RoundStep{Round: in.ID, Seen: made.Version, Action: "publish"}, nil)
			return err
		}})
	}
	return steps
}

// slugOf gives the addresses of a school's teacher and principal.
func slugOf(school string) (teacher, principal string) {
	slug := sql.Slug(school)
	return "teacher." + slug, "principal." + slug
}

var longComment = strings.Repeat("Bedömningen följer vägledningen och det som ansökan visar. ", 2)
