package sql

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"fund/workflow"
)

// change is a case as it was and what was decided of it.
type change struct {
	before workflow.Case
	out    workflow.Outcome
}

// update stores the next version of each of the applications, which are different ones.
func (tx *Tx) update(ctx context.Context, changes ...change) error {
	rows, outs := make([]params, len(changes)), make([]workflow.Outcome, len(changes))
	for i, k := range changes {
		after := k.before
		after.App = k.out.App
		row, err := tx.row(after, k.out)
		if err != nil {
			return err
		}
		rows[i], outs[i] = row, k.out
	}
	n, err := tx.execRows(ctx, tx.s.q.UpdateApplications, rows)
	if err != nil {
		return fmt.Errorf("application %d: %w", outs[0].App.ID, err)
	}
	if n != int64(len(changes)) {
		return workflow.ErrStale
	}
	for _, k := range changes {
		if k.out.Filed && k.before.Round.ID != "" && k.before.Round.FrozenAt.IsZero() {
			if _, err := exec(ctx, tx, tx.s.q.FreezeRound, params{"id": k.before.Round.ID, "at": k.out.Event.At}); err != nil {
				return fmt.Errorf("round: %w", err)
			}
		}
	}
	return tx.rest(ctx, outs...)
}

// execRows runs a statement that takes its rows as JSON; without rows it is not run.
func (tx *Tx) execRows(ctx context.Context, query string, rows []params) (int64, error) {
	if len(rows) == 0 {
		return 0, nil
	}
	body, err := encode(rows)
	if err != nil {
		return 0, err
	}
	return exec(ctx, tx, query, params{"rows": body})
}

// row gives the columns of an application: the record whole, and beside it what queries ask for.
func (tx *Tx) row(c workflow.Case, out workflow.Outcome) (params, error) {
	a := out.App
	record := a
	record.Payments = nil
	body, err := encode(record)
	if err != nil {
		return nil, err
	}
	p := params{"id": a.ID, "version": a.Version, "state": string(a.State), "scheme": a.Scheme, "round": nullText(a.Round), "school": nullID(a.SchoolID),
		"org_no": a.OrgNo, "applicant": nullID(a.ApplicantID), "channel": a.Channel, "title": a.Form.Title, "requested": a.LastRequested(),
		"granted": int64(0), "has_money": a.Decision.Favourable() || len(a.Payments) > 0, "dnr": nullText(a.DNR), "received_at": nullTime(a.ReceivedAt),
		"decided_at": nil, "trip_start": nil, "trip_end": nil, "block_on": nil, "record": json.RawMessage(body), "at": out.Event.At,
		"search": strings.ToLower(
			strings.Join([]string{a.Form.Title, a.DNR, a.Form.Applicant.School, a.Form.Applicant.Organisation, a.Form.Partner.Name, a.Form.Partner.City}, " "),
		)}
	if a.Decision.Favourable() {
		p["granted"] = a.Decision.Granted
	}
	if a.Decision != nil {
		p["decided_at"] = a.Decision.DecidedAt
	}
	if start, end, ok := a.Form.Activity.Days(); ok {
		p["trip_start"], p["trip_end"] = start.String(), end.String()
	}
	since := c.Facts.StateSince
	if out.Event.From != out.Event.To || since.IsZero() {
		since = out.Event.At
	}
	p["officer"], p["promise_on"] = nullID(a.OfficerID), nullText(workflow.Promise(c, since).String())
	if day := workflow.BlockOn(c); !day.IsZero() {
		p["block_on"] = day.String()
	}
	return p, nil
}

// rest stores what belongs to a version of each application: people, filed form, event, payments, ledger entries, jobs.
func (tx *Tx) rest(ctx context.Context, outs ...workflow.Outcome) error {
	if err := tx.savePeople(ctx, outs); err != nil {
		return err
	}
	for _, out := range outs {
		if out.Filed {
			if err := tx.insertVersion(ctx, out.App); err != nil {
				return err
			}
		}
	}
	if err := tx.insertEvents(ctx, outs); err != nil {
		return err
	}
	if err := tx.savePayments(ctx, outs); err != nil {
		return err
	}
	for _, out := range outs {
		if out.Event.Action == workflow.ActTakeBack {
			if err := tx.stopStep(ctx, out); err != nil {
				return err
			}
		}
	}
	if err := tx.saveEntries(ctx, outs); err != nil {
		return err
	}
	var jobs []Job
	for _, out := range outs {
		for _, j := range out.Jobs {
			if j.Kind == workflow.JobMail {
				j.Data["version"] = out.App.Version // whose words the mail takes
			}
			jobs = append(jobs, Job{Application: out.App.ID, Kind: j.Kind, Data: j.Data, RunAt: j.RunAt, Step: out.App.Version})
		}
	}
	return tx.AddJob(ctx, jobs...)
}

func (tx *Tx) savePeople(ctx context.Context, outs []workflow.Outcome) error {
	var rows, apps []params
	for _, out := range outs {
		a := out.App
		add := func(person int64, relation string) {
			rows = append(rows, params{"application": a.ID, "person": person, "relation": relation})
		}
		apps = append(apps, params{"application": a.ID})
		for _, id := range a.Writers {
			add(id, "writer")
		}
		for _, r := range a.Reviews {
			add(r.Person, "reviewer")
		}
		for _, i := range a.Interests {
			if i.Conflict {
				add(i.Person, "conflict")
			}
		}
	}
	if _, err := tx.execRows(ctx, tx.s.q.ClearPeople, apps); err != nil {
		return fmt.Errorf("people: %w", err)
	}
	if _, err := tx.execRows(ctx, tx.s.q.InsertPeopleOf, rows); err != nil {
		return fmt.Errorf("people: %w", err)
	}
	return nil
}

// saveEntries books what moves in the ledger. A payment's step is looked at by the night's check.
func (tx *Tx) saveEntries(ctx context.Context, outs []workflow.Outcome) error {
	var rows []params
	money := false
	for _, out := range outs {
		a := out.App
		for _, e := range out.Entries {
			rows = append(rows, params{"round": a.Round, "application": a.ID, "version": a.Version, "at": out.Event.At,
				"kind": e.Kind, "from_acc": e.From, "to_acc": e.To, "amount": e.Amount, "day": nullText(e.Day.String())})
		}
		money = money || len(out.Entries) > 0 || out.Event.Action == workflow.ActMovePayment
	}
	if _, err := tx.execRows(ctx, tx.s.q.InsertEntries, rows); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if !money {
		return nil
	}
	if err := tx.ensureSelfCheck(ctx, 0); err != nil {
		return fmt.Errorf("self-check: %w", err)
	}
	return nil
}

func (tx *Tx) insertVersion(ctx context.Context, a workflow.Application) error {
	form, err := encode(a.Form)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(form)
	filed := a.Filed[len(a.Filed)-1]
	_, err = exec(ctx, tx, tx.s.q.InsertVersion, params{"application": a.ID, "n": filed.N, "received_at": filed.ReceivedAt,
		"sha256": hex.EncodeToString(sum[:]), "form": form})
	if err != nil {
		return fmt.Errorf("version %d: %w", filed.N, err)
	}
	return nil
}

// savePayments stores the instalments; a new one gets its row. Those that let go of
// their number come first, so that a replacement finds its place free.
func (tx *Tx) savePayments(ctx context.Context, outs []workflow.Outcome) error {
	var ended, had, made []params
	for _, out := range outs {
		for _, p := range out.App.Payments {
			row := params{
				"id":           p.ID,
				"application":  out.App.ID,
				"n":            p.N,
				"share":        p.Share.String(),
				"amount":       p.Amount,
				"pay":          p.Pay,
				"earliest":     nullText(p.Earliest.String()),
				"last":         p.Last,
				"status":       p.Status,
				"channel":      p.Channel,
				"paid_on":      nullText(p.PaidOn.String()),
				"voucher":      p.Voucher,
				"batch":        nullID(p.Batch),
				"reason":       p.Reason,
				"disputed":     p.Disputed,
				"return_waits": p.ReturnWaits,
			}
			switch {
			case p.ID == 0:
				made = append(made, row)
			case p.Live() || p.Status == workflow.PayPaid:
				had = append(had, row)
			default:
				ended = append(ended, row)
			}
		}
	}
	for _, rows := range [][]params{ended, had} {
		if _, err := tx.execRows(ctx, tx.s.q.UpdatePayments, rows); err != nil {
			return fmt.Errorf("payments: %w", err)
		}
	}
	if _, err := tx.execRows(ctx, tx.s.q.InsertPayments, made); err != nil {
		return fmt.Errorf("new payments: %w", err)
	}
	return nil
}

// insertEvents appends one event to the chain of each application.
func (tx *Tx) insertEvents(ctx context.Context, outs []workflow.Outcome) error {
	at := outs[0].Event.At
	if err := tx.anchor(ctx, workflow.DateOf(at), at); err != nil {
		return err
	}
	apps := make([]params, len(outs))
	for i, out := range outs {
		apps[i] = params{"application": out.App.ID}
	}
	body, err := encode(apps)
	if err != nil {
		return err
	}
	tips, err := many[struct {
		Application int64  `db:"application"`
		Hash        string `db:"hash"`
	}](ctx, tx, tx.s.q.LastHashes, params{"rows": body})
	if err != nil {
		return fmt.Errorf("event chain: %w", err)
	}
	prev := make(map[int64]string, len(tips))
	for _, t := range tips {
		prev[t.Application] = t.Hash
	}
	rows := make([]params, len(outs))
	for i, out := range outs {
		if rows[i], err = eventRow(out.App, out.Event, prev[out.App.ID]); err != nil {
			return err
		}
	}
	if _, err := tx.execRows(ctx, tx.s.q.InsertEvents, rows); err != nil {
		return fmt.Errorf("event: %w", err)
	}
	return nil
}

// eventRow is the event of an application's version, chained to the one before.
func eventRow(a workflow.Application, e workflow.Event, prev string) (params, error) {
	data := e.Data
	if data == nil {
		data = map[string]any{}
	}
	body, err := encode(data)
	if err != nil {
		return nil, err
	}
	sum, err := canonicalSum(body)
	if err != nil {
		return nil, err
	}
	r := ChainEvent{
		Application: a.ID,
		Version:     a.Version,
		At:          e.At.Truncate(time.Microsecond),
		Actor:       e.Actor,
		By:          e.By,
		Action:      string(e.Action),
		From:        string(e.From),
		To:          string(e.To),
		Data:        body,
		DataSHA256:  sum,
		Prev:        prev,
	}
	return params{"application": r.Application, "version": r.Version, "at": r.At, "actor": nullID(r.Actor), "by_email": r.By, "action": r.Action,
		"from_state": r.From, "to_state": r.To, "data": r.Data, "data_sha256": r.DataSHA256, "prev_hash": r.Prev, "hash": r.sum()}, nil
}

// canonicalSum is the SHA-256 of JSON as Go writes it back: jsonb keeps the
// values but not the order of keys or the blanks.
func canonicalSum(body []byte) (string, error) {
	var v any
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return "", fmt.Errorf("event data: %w", err)
	}
	b, err := encode(v)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}
