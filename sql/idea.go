package sql

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"fund/workflow"
)

// How much one sender, and everybody, may write in an hour: advice is for people.
const (
	ideasAnHour    = 5
	ideasOfAllHour = 100
)

// Idea is a question or an idea from anyone (domain 8, stage 0).
type Idea struct {
	ID           int64      `db:"id"`
	Kind         string     `db:"kind"` // question | idea | europe_direct
	Name         string     `db:"name"`
	Email        string     `db:"email"`
	Organisation string     `db:"organisation"`
	Lang         string     `db:"lang"`
	Text         string     `db:"text"`
	At           time.Time  `db:"at"`
	Answer       string     `db:"answer"`
	Outcome      string     `db:"outcome"` // answered | referred | spam
	By           string     `db:"by_name"`
	AnsweredAt   *time.Time `db:"answered_at"`
}

// IdeaKinds are what may be written.
var IdeaKinds = []string{"question", "idea", "europe_direct"}

// ideaFaults are what is wrong with what was written.
func ideaFaults(i Idea) (v workflow.Violations) {
	fault := func(field, code string) { v = append(v, workflow.Violation{Field: field, Code: code}) }
	if !slices.Contains(IdeaKinds, i.Kind) {
		fault("kind", "choice")
	}
	for _, x := range [][2]string{{"name", i.Name}, {"question", i.Text}} {
		field, text := x[0], x[1]
		if text == "" {
			fault(field, "required")
		}
		if _, _, found := workflow.FindPersonalNumber(text); found {
			fault(field, "personal_number")
		}
	}
	if !strings.Contains(i.Email, "@") || strings.ContainsAny(i.Email, " \r\n,;<>") {
		fault("email", "email")
	}
	slices.SortFunc(v, func(a, b workflow.Violation) int { return strings.Compare(a.Field, b.Field) })
	return v
}

// AddIdea takes in what somebody wrote. source tells senders apart and names
// nobody; who writes too much is refused.
func (s *Store) AddIdea(ctx context.Context, i Idea, source string) (int64, error) {
	i.Name, i.Email, i.Organisation, i.Text = strings.TrimSpace(
		i.Name,
	), strings.ToLower(
		strings.TrimSpace(i.Email),
	), strings.TrimSpace(
		i.Organisation,
	), strings.TrimSpace(i.Text)
	if v := ideaFaults(i); len(v) > 0 {
		return 0, v
	}
	now, err := s.Now(ctx)
	if err != nil {
		return 0, err
	}
	lately, err := one[struct {
		Mine     int `db:"mine"`
		Everyone int `db:"everyone"`
	}](ctx, s.db, s.q.IdeasLately, params{"source": source, "after": now.Add(-time.Hour)})
	if err != nil {
		return 0, fmt.Errorf("idea: %w", err)
	}
	if lately.Mine >= ideasAnHour || lately.Everyone >= ideasOfAllHour {
		return 0, workflow.Refused{Code: "too_many_ideas"}
	}
	id, err := one[int64](
		ctx,
		s.db,
		s.q.InsertIdea,
		params{"kind": i.Kind, "name": i.Name, "email": i.Email, "organisation": i.Organisation, "lang": i.Lang, "text": i.Text, "source": source, "at": now},
	)
	if err != nil {
		return 0, fmt.Errorf("idea: %w", err)
	}
	return id, nil
}

// mayAdvise tells whether somebody answers ideas.
func mayAdvise(by workflow.Actor) error {
	if by.Is(workflow.Officer) || by.Is(workflow.Head) {
		return nil
	}
	return workflow.Forbidden{Code: "role"}
}

// Ideas lists those that wait, or those that are answered.
func (s *Store) Ideas(ctx context.Context, by workflow.Actor, open bool) ([]Idea, error) {
	if err := mayAdvise(by); err != nil {
		return nil, err
	}
	return many[Idea](ctx, s.db, s.q.ListIdeas, params{"open": open})
}

// Idea reads one.
func (s *Store) Idea(ctx context.Context, by workflow.Actor, id int64) (Idea, error) {
	if err := mayAdvise(by); err != nil {
		return Idea{}, err
	}
	i, err := one[Idea](ctx, s.db, s.q.IdeaByID, params{"id": id})
	return i, found(err, "idea", id)
}

// AnswerIdea closes an idea, and sends the answer in the same transaction. Spam gets none.
func (s *Store) AnswerIdea(ctx context.Context, by workflow.Actor, id int64, outcome, answer string, mail func(Idea) MailRow) error {
	i, err := s.Idea(ctx, by, id)
	if err != nil {
		return err
	}
	answer = strings.TrimSpace(answer)
	var v workflow.Violations
	if !slices.Contains([]string{"answered", "referred", "spam"}, outcome) {
		v = append(v, workflow.Violation{Field: "outcome", Code: "choice"})
	}
	if answer == "" && outcome != "spam" {
		v = append(v, workflow.Violation{Field: "answer", Code: "required"})
	}
	if len(v) > 0 {
		return v
	}
	return s.InTx(ctx, func(tx *Tx) error {
		at, err := tx.Now()
		if err != nil {
			return err
		}
		n, err := exec(ctx, tx, s.q.AnswerIdea, params{"id": id, "outcome": outcome, "answer": answer, "by": by.ID, "at": at})
		if err != nil {
			return fmt.Errorf("idea %d: %w", id, err)
		}
		if n == 0 {
			return workflow.ErrStale
		}
		if outcome == "spam" {
			return nil
		}
		i.Outcome, i.Answer = outcome, answer
		_, _, err = tx.AddMail(ctx, mail(i))
		return err
	})
}

// IdeaCount is how many ideas of a kind came in a year; spam is not counted.
type IdeaCount struct {
	Year     string `db:"year"`
	Kind     string `db:"kind"`
	N        int64  `db:"n"`
	Answered int64  `db:"answered"`
}

// CountIdeas counts without naming anybody.
func (s *Store) CountIdeas(ctx context.Context) ([]IdeaCount, error) {
	return many[IdeaCount](ctx, s.db, s.q.CountIdeas, params{})
}

// Funder is a pointer to somebody else who pays for exchanges.
type Funder struct {
	ID     int64  `db:"id"`
	Sort   int64  `db:"sort"`
	Name   string `db:"name"`
	WhoSV  string `db:"who_sv"`
	WhoEN  string `db:"who_en"`
	WhatSV string `db:"what_sv"`
	WhatEN string `db:"what_en"`
	URL    string `db:"url"`
	Active bool   `db:"active"`
}

// Funders lists them in the office's order.
func (s *Store) Funders(ctx context.Context) ([]Funder, error) {
	return many[Funder](ctx, s.db, s.q.ListFunders, params{})
}

// SaveFunder adds one (id 0) or changes it. The office may.
func (s *Store) SaveFunder(ctx context.Context, by workflow.Actor, f Funder) error {
	if !by.Is(workflow.Officer) && !by.Is(workflow.Head) && !by.Is(workflow.Admin) {
		return workflow.Forbidden{Code: "role"}
	}
	var v workflow.Violations
	for field, text := range map[string]string{"name": f.Name, "who_sv": f.WhoSV, "who_en": f.WhoEN, "what_sv": f.WhatSV, "what_en": f.WhatEN} {
		if strings.TrimSpace(text) == "" {
			v = append(v, workflow.Violation{Field: field, Code: "required"})
		}
	}
	if u, err := url.Parse(f.URL); f.URL != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		v = append(v, workflow.Violation{Field: "url", Code: "choice"})
	}
	slices.SortFunc(v, func(a, b workflow.Violation) int { return strings.Compare(a.Field, b.Field) })
	if len(v) > 0 {
		return v
	}
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	p := params{
		"id":      f.ID,
		"sort":    f.Sort,
		"name":    f.Name,
		"who_sv":  f.WhoSV,
		"who_en":  f.WhoEN,
		"what_sv": f.WhatSV,
		"what_en": f.WhatEN,
		"url":     f.URL,
		"active":  f.Active,
		"by":      by.ID,
		"at":      now,
	}
	if f.ID == 0 {
		_, err = exec(ctx, s.db, s.q.InsertFunder, p)
		return err
	}
	n, err := exec(ctx, s.db, s.q.UpdateFunder, p)
	if err == nil && n == 0 {
		return workflow.ErrNotFound
	}
	return err
}
