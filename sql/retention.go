package sql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"

	"fund/workflow"
)

// RetentionRules lists how long each kind of record is kept.
func (s *Store) RetentionRules(ctx context.Context) ([]workflow.RetentionRule, error) {
	rows, err := many[struct {
		Code   string `db:"code"`
		Months *int   `db:"months"`
		From   string `db:"counted_from"`
		Action string `db:"action"`
		Basis  string `db:"basis"`
	}](ctx, s.db, s.q.RetentionRules, params{})
	if err != nil {
		return nil, fmt.Errorf("retention rules: %w", err)
	}
	out := make([]workflow.RetentionRule, len(rows))
	for i, r := range rows {
		out[i] = workflow.RetentionRule(r)
	}
	return out, nil
}

// RetentionRule reads one rule; ErrNotFound for a code that there is not.
func (s *Store) RetentionRule(ctx context.Context, code string) (workflow.RetentionRule, error) {
	rules, err := s.RetentionRules(ctx)
	if err != nil {
		return workflow.RetentionRule{}, err
	}
	i := slices.IndexFunc(rules, func(r workflow.RetentionRule) bool { return r.Code == code })
	if i < 0 {
		return workflow.RetentionRule{}, workflow.ErrNotFound
	}
	return rules[i], nil
}

// dueBy is the query of each rule that can come due, and what its items are.
func (s *Store) dueBy(code string) (query, subject string) {
	switch code {
	case "refused":
		return s.q.DueRefused, "application"
	case "draft":
		return s.q.DueDraft, "application"
	case "payout_file":
		return s.q.DuePayoutFile, "batch"
	case "sign_in":
		return s.q.DueSignIn, "sign_in"
	case "person":
		return s.q.DuePerson, "person"
	case "idea":
		return s.q.DueIdea, "idea"
	}
	return "", ""
}

// Due lists the records of a rule whose time has come.
func (s *Store) Due(ctx context.Context, r workflow.RetentionRule) ([]workflow.DueItem, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	return s.due(ctx, s.db, r, workflow.DateOf(now))
}

func (s *Store) due(ctx context.Context, q querier, r workflow.RetentionRule, today workflow.Date) ([]workflow.DueItem, error) {
	query, subject := s.dueBy(r.Code)
	if query == "" {
		return nil, nil
	}
	rows, err := many[struct {
		ID    int64     `db:"id"`
		Name  string    `db:"name"`
		Note  string    `db:"note"`
		Since time.Time `db:"since"`
		Held  bool      `db:"held"`
	}](ctx, q, query, params{"office": pq.Array(workflow.OfficeRoles)})
	if err != nil {
		return nil, fmt.Errorf("due by %s: %w", r.Code, err)
	}
	var out []workflow.DueItem
	for _, row := range rows {
		since := workflow.DateOf(row.Since)
		if on, ok := r.DueOn(since); ok && !on.After(today) {
			out = append(out, workflow.DueItem{Subject: subject, ID: row.ID, Name: row.Name, Note: row.Note, Since: since, Due: on, Held: row.Held})
		}
	}
	return out, nil
}

// CheckDisposal says what an archive decision lacks: its number, or what it is about.
func CheckDisposal(reference string, items []int64) (v workflow.Violations) {
	if len(items) == 0 {
		v = append(v, workflow.Violation{Field: "items", Code: "required"})
	}
	if strings.TrimSpace(reference) == "" {
		v = append(v, workflow.Violation{Field: "reference", Code: "required"})
	}
	return v
}

// Dispose carries out an archive decision of the registrar on records whose time
// has come: all of them or, where one may not go, none. It is the only way in
// which anything is deleted or made anonymous.
func (s *Store) Dispose(ctx context.Context, by workflow.Actor, code, reference string, items []int64) error {
	if !by.Is(workflow.Registrar) {
		return workflow.Forbidden{Code: "role"}
	}
	rule, err := s.RetentionRule(ctx, code)
	if err != nil {
		return err
	}
	if v := CheckDisposal(reference, items); len(v) > 0 {
		return v
	}
	return s.InTx(ctx, func(tx *Tx) error {
		at, err := tx.Now()
		if err != nil {
			return err
		}
		due, err := s.due(ctx, tx, rule, workflow.DateOf(at))
		if err != nil {
			return err
		}
		decision, err := one[int64](ctx, tx, s.q.InsertArchiveDecision, params{"rule": code, "reference": strings.TrimSpace(reference), "by": by.ID, "at": at})
		if err != nil {
			return fmt.Errorf("archive decision: %w", err)
		}
		for _, id := range items {
			i := slices.IndexFunc(due, func(d workflow.DueItem) bool { return d.ID == id })
			if i < 0 {
				return workflow.Refused{Code: "retention_not_due"}
			}
			if due[i].Held {
				return workflow.Refused{Code: "retention_held"}
			}
			if err := tx.dispose(ctx, decision, rule, due[i], at); err != nil {
				return err
			}
		}
		return nil
	})
}

// dispose does one item; its line stands in disposals before its words go.
func (tx *Tx) dispose(ctx context.Context, decision int64, rule workflow.RetentionRule, d workflow.DueItem, at time.Time) error {
	item := d.ID
	if d.Subject == "sign_in" {
		item = decision
	}
	q := tx.s.q
	if _, err := exec(ctx, tx, q.InsertDisposal, params{"decision": decision, "subject": d.Subject, "item": item, "action": rule.Action, "at": at}); err != nil {
		return fmt.Errorf("disposal: %w", err)
	}
	switch d.Subject {
	case "application":
		return tx.emptyApplication(ctx, decision, d.ID)
	case "batch":
		return tx.all(ctx, params{"id": d.ID, "subject": "batch"}, q.DropDocumentBytes)
	case "person":
		return tx.anonymise(ctx, decision, d.ID)
	case "idea":
		return tx.all(ctx, params{"id": d.ID}, q.AnonymiseIdea)
	case "sign_in":
		return tx.all(ctx, params{"before": at.AddDate(0, -*rule.Months, -1)}, q.DropSignIns, q.DropAccessLog)
	}
	return errors.New("unknown record " + d.Subject)
}

// all runs statements with the same parameters, in order.
func (tx *Tx) all(ctx context.Context, p params, statements ...string) error {
	for _, q := range statements {
		if _, err := exec(ctx, tx, q, p); err != nil {
			return fmt.Errorf("disposal: %w", err)
		}
	}
	return nil
}

// emptyApplication takes the words of a case away and leaves what is counted, with its chain.
func (tx *Tx) emptyApplication(ctx context.Context, decision, id int64) error {
	c, err := tx.Case(ctx, id)
	if err != nil {
		return err
	}
	left := c.App.Emptied()
	left.Payments = nil // rows of their own
	record, err := encode(left)
	if err != nil {
		return err
	}
	q := tx.s.q
	return tx.all(
		ctx,
		params{"id": id, "decision": decision, "record": record, "subject": "application"},
		q.EmptyApplication,
		q.EmptyEvents,
		q.EmptyVersions,
		q.DropAttachmentBytes,
		q.DropAttachmentNames,
		q.DropDocumentBytes,
		q.DropPapers,
		q.ForgetAnswersOf,
		q.DropDisclosures,
		q.DropMails,
		q.DeletePeople,
	)
}

// anonymise replaces a person's name and address everywhere but in letters and
// files, which are public records and go, or stay, with their case.
func (tx *Tx) anonymise(ctx context.Context, decision, id int64) error {
	row, err := one[personRow](ctx, tx, tx.s.q.PersonByID, params{"id": id})
	if err != nil {
		return found(err, "person", id)
	}
	name, err := inJSON(nameOrAddress(row))
	if err != nil {
		return err
	}
	q := tx.s.q
	return tx.all(
		ctx,
		params{
			"id":         id,
			"decision":   decision,
			"email":      row.Email,
			"name":       name,
			"alias":      fmt.Sprintf("removed-%d@removed.invalid", id),
			"alias_name": fmt.Sprintf("Person %d", id),
		},
		q.AnonymiseRecords,
		q.AnonymiseEvents,
		q.AnonymiseVersions,
		q.AnonymiseMails,
		q.AnonymiseBatches,
		q.AnonymiseOutbox,
		q.AnonymiseIdeas,
		q.AnonymiseReportDrafts,
		q.ForgetAbsences,
		q.ForgetTies,
		q.ForgetRoles,
		q.ForgetTokens,
		q.ForgetSessions,
		q.ForgetLinks,
		q.ForgetAnswers,
		q.ForgetParked,
		q.ForgetViews,
		q.ForgetRequests,
		q.ForgetFormerNames,
		q.AnonymisePerson,
	)
}

// nameOrAddress is what is looked for where a name is to go: a single word may stand for anything else.
func nameOrAddress(p personRow) string {
	if name := strings.TrimSpace(p.Name); strings.Contains(name, " ") {
		return name
	}
	return p.Email
}

// inJSON is a text as it stands inside a JSON string.
func inJSON(s string) (string, error) {
	b, err := json.Marshal(s)
	return strings.Trim(string(b), `"`), err
}

// Known is everything that is known about a person, as JSON, but of cases in which the reader is in conflict of interest.
// For the administrator and the registrar.
func (s *Store) Known(ctx context.Context, by workflow.Actor, person int64) (json.RawMessage, error) {
	if !by.Is(workflow.Admin) && !by.Is(workflow.Registrar) {
		return nil, workflow.Forbidden{Code: "role"}
	}
	raw, err := one[[]byte](ctx, s.db, s.q.KnownAbout, params{"id": person, "reader": by.ID})
	if err != nil {
		return nil, found(err, "person", person)
	}
	return raw, s.NoteAccess(ctx, by.ID, 0, fmt.Sprintf("known about person %d", person))
}

// DisposalRow is something that was done under an archive decision.
type DisposalRow struct {
	ID        int64     `db:"id"`
	Subject   string    `db:"subject"`
	Item      int64     `db:"item"`
	Name      string    `db:"name"` // a case's number, a batch's message id
	Action    string    `db:"action"`
	At        time.Time `db:"at"`
	Reference string    `db:"reference"`
	Rule      string    `db:"rule"`
	By        string    `db:"by_name"`
}

// Disposals lists the newest of what was done.
func (s *Store) Disposals(ctx context.Context) ([]DisposalRow, error) {
	return many[DisposalRow](ctx, s.db, s.q.Disposals, params{})
}

// Hold is a stop for every disposal of a case.
type Hold struct {
	ID          int64      `db:"id"`
	Application int64      `db:"application"`
	DNR         string     `db:"dnr"`
	Title       string     `db:"title"`
	Reason      string     `db:"reason"`
	At          time.Time  `db:"placed_at"`
	By          string     `db:"by_name"`
	LiftedAt    *time.Time `db:"lifted_at"`
	LiftedBy    string     `db:"lifted_by"`
	LiftReason  string     `db:"lift_reason"` // empty for one that was lifted before a reason was asked for
}

// Holds lists the legal holds, those in force first.
func (s *Store) Holds(ctx context.Context) ([]Hold, error) {
	return many[Hold](ctx, s.db, s.q.Holds, params{})
}

// PlaceHold keeps a case, named by its number, whatever its time. Only the registrar may.
func (s *Store) PlaceHold(ctx context.Context, by workflow.Actor, dnr, reason string) error {
	if !by.Is(workflow.Registrar) {
		return workflow.Forbidden{Code: "role"}
	}
	var v workflow.Violations
	id, err := one[int64](ctx, s.db, s.q.FiledByDNR, params{"dnr": strings.Join(strings.Fields(dnr), " ")})
	switch {
	case strings.TrimSpace(dnr) == "":
		v = append(v, workflow.Violation{Field: "dnr", Code: "required"})
	case none(err):
		v = append(v, workflow.Violation{Field: "dnr", Code: "hold_unknown"})
	case err != nil:
		return fmt.Errorf("hold: %w", err)
	}
	if strings.TrimSpace(reason) == "" {
		v = append(v, workflow.Violation{Field: "reason", Code: "required"})
	}
	if len(v) > 0 {
		return v
	}
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	n, err := exec(ctx, s.db, s.q.InsertHold, params{"application": id, "reason": strings.TrimSpace(reason), "by": by.ID, "at": now})
	if err == nil && n == 0 {
		return workflow.Violations{{Field: "dnr", Code: "hold_already"}}
	}
	return err
}

// LiftHold lets a case go again, and keeps why; ErrNotFound where nothing holds it by
// that number (any more). Only the registrar may.
func (s *Store) LiftHold(ctx context.Context, by workflow.Actor, id int64, reason string) error {
	if !by.Is(workflow.Registrar) {
		return workflow.Forbidden{Code: "role"}
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return workflow.Violations{{Field: "reason", Code: "required"}}
	}
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	n, err := exec(ctx, s.db, s.q.LiftHold, params{"id": id, "by": by.ID, "at": now, "reason": reason})
	if err == nil && n == 0 {
		return workflow.ErrNotFound
	}
	return err
}
