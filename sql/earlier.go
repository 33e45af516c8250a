package sql

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"fund/workflow"
)

// EarlierImport is a file with grants of earlier years. While nobody has had it
// taken in, Plan is what that would do now; afterwards it is what was done.
type EarlierImport struct {
	ID       int64
	Name     string
	SHA256   string
	ReadBy   string
	ReadAt   time.Time
	TakenBy  string
	TakenAt  time.Time
	Plan     workflow.EarlierPlan
	Changed  bool // the changed rows were taken over as well
	NewCount int  // how many grants were new, when it was taken in
}

// earlierReport is what an import did, as it is kept.
type earlierReport struct {
	Plan    workflow.EarlierPlan `json:"plan"`
	Changed bool                 `json:"changed"`
}

type earlierImportRow struct {
	ID      int64      `db:"id"`
	Name    string     `db:"name"`
	SHA256  string     `db:"sha256"`
	Rows    []byte     `db:"rows"`
	ReadAt  time.Time  `db:"read_at"`
	TakenAt *time.Time `db:"taken_at"`
	Report  []byte     `db:"report"`
	ReadBy  string     `db:"read_by"`
	TakenBy string     `db:"taken_by"`
}

func (r earlierImportRow) decode() (EarlierImport, error) {
	out := EarlierImport{ID: r.ID, Name: r.Name, SHA256: r.SHA256, ReadBy: r.ReadBy, ReadAt: r.ReadAt, TakenBy: r.TakenBy}
	if r.TakenAt == nil {
		return out, nil
	}
	out.TakenAt = *r.TakenAt
	var done earlierReport
	if err := json.Unmarshal(r.Report, &done); err != nil {
		return out, fmt.Errorf("report of import %d: %w", r.ID, err)
	}
	out.Plan, out.Changed, out.NewCount = done.Plan, done.Changed, len(done.Plan.New)
	return out, nil
}

// mayImport: an administrator, or the program's own command.
func mayImport(by workflow.Actor) error {
	if by.Machine || by.Is(workflow.Admin) {
		return nil
	}
	return workflow.Forbidden{Code: "role"}
}

// ReadEarlier keeps the rows of a file to be looked at. Nothing is taken in yet.
func (s *Store) ReadEarlier(ctx context.Context, by workflow.Actor, name string, raw []byte, rows []workflow.EarlierRow) (int64, error) {
	if err := mayImport(by); err != nil {
		return 0, err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return 0, err
	}
	body, err := encode(rows)
	if err != nil {
		return 0, err
	}
	sum := sha256.Sum256(raw)
	id, err := one[int64](
		ctx,
		s.db,
		s.q.InsertEarlierImport,
		params{"name": name, "sha256": hex.EncodeToString(sum[:]), "rows": body, "by": nullID(by.ID), "at": now},
	)
	if err != nil {
		return 0, fmt.Errorf("earlier years: %w", err)
	}
	return id, nil
}

// Earlier reads an import: what it would do now, or what it did.
func (s *Store) Earlier(ctx context.Context, by workflow.Actor, id int64) (EarlierImport, error) {
	if err := mayImport(by); err != nil {
		return EarlierImport{}, err
	}
	row, err := one[earlierImportRow](ctx, s.db, s.q.EarlierImport, params{"id": id})
	if err != nil {
		return EarlierImport{}, found(err, "import", id)
	}
	out, err := row.decode()
	if err != nil || !out.TakenAt.IsZero() {
		return out, err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return out, err
	}
	out.Plan, err = s.planEarlier(ctx, s.db, row.Rows, now)
	return out, err
}

// EarlierImports lists the newest imports, without their rows.
func (s *Store) EarlierImports(ctx context.Context, by workflow.Actor) ([]EarlierImport, error) {
	if err := mayImport(by); err != nil {
		return nil, err
	}
	rows, err := many[earlierImportRow](ctx, s.db, s.q.EarlierImports, params{})
	if err != nil {
		return nil, fmt.Errorf("earlier years: %w", err)
	}
	out := make([]EarlierImport, 0, len(rows))
	for _, r := range rows {
		x, err := r.decode()
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// planEarlier holds rows against what is here at this moment.
func (s *Store) planEarlier(ctx context.Context, q querier, raw []byte, now time.Time) (workflow.EarlierPlan, error) {
	var rows []workflow.EarlierRow
	if err := json.Unmarshal(raw, &rows); err != nil {
		return workflow.EarlierPlan{}, fmt.Errorf("rows: %w", err)
	}
	refs := workflow.EarlierRefs{Rounds: map[string]bool{}, Today: workflow.DateOf(now)}
	schools, err := s.Schools(ctx)
	if err != nil {
		return workflow.EarlierPlan{}, err
	}
	for _, x := range schools {
		refs.Schools = append(refs.Schools, x.School)
	}
	schemes, err := s.Schemes(ctx)
	if err != nil {
		return workflow.EarlierPlan{}, err
	}
	for _, x := range schemes {
		refs.Schemes = append(refs.Schemes, x.Code)
	}
	rounds, err := s.Rounds(ctx, true)
	if err != nil {
		return workflow.EarlierPlan{}, err
	}
	for _, r := range rounds {
		refs.Rounds[r.ID] = true
	}
	have := map[string]workflow.EarlierGrant{}
	kept, err := s.earlierRows(ctx, q, 0)
	if err != nil {
		return workflow.EarlierPlan{}, err
	}
	for _, k := range kept {
		have[k.Key] = k.grant
	}
	return workflow.PlanEarlier(rows, have, refs), nil
}

// TakeEarlier takes in the new rows of a file, and the changed ones where changes
// says so; rejected ones never. What it did is kept as its report. Asked again, it
// does nothing more.
func (s *Store) TakeEarlier(ctx context.Context, by workflow.Actor, id int64, changes bool) (EarlierImport, error) {
	if err := mayImport(by); err != nil {
		return EarlierImport{}, err
	}
	err := s.InTx(ctx, func(tx *Tx) error {
		taken, err := one[bool](ctx, tx, s.q.EarlierLock, params{"id": id})
		if err != nil {
			return found(err, "import", id)
		}
		if taken {
			return nil
		}
		now, err := tx.Now()
		if err != nil {
			return err
		}
		row, err := one[earlierImportRow](ctx, tx, s.q.EarlierImport, params{"id": id})
		if err != nil {
			return err
		}
		plan, err := s.planEarlier(ctx, tx, row.Rows, now)
		if err != nil {
			return err
		}
		if err := tx.writeEarlier(ctx, id, plan, changes); err != nil {
			return err
		}
		report, err := encode(earlierReport{plan, changes})
		if err != nil {
			return err
		}
		_, err = exec(ctx, tx, s.q.EarlierTaken, params{"id": id, "by": nullID(by.ID), "at": now, "report": report})
		return err
	})
	if err != nil {
		return EarlierImport{}, err
	}
	return s.Earlier(ctx, by, id)
}

func (tx *Tx) writeEarlier(ctx context.Context, id int64, plan workflow.EarlierPlan, changes bool) error {
	write := func(query string, g workflow.EarlierGrant) error {
		data, err := encode(g)
		if err != nil {
			return err
		}
		_, err = exec(
			ctx,
			tx,
			query,
			params{
				"key":        g.Key(),
				"school":     nullID(g.SchoolID),
				"data":       data,
				"granted":    g.Granted,
				"decided_on": nullText(g.DecidedOn.String()),
				"import":     id,
			},
		)
		if err != nil {
			return fmt.Errorf("%s: %w", g.Title, err)
		}
		return nil
	}
	for _, g := range plan.New {
		if err := write(tx.s.q.InsertEarlierGrant, g); err != nil {
			return err
		}
	}
	if !changes {
		return nil
	}
	for _, c := range plan.Changed {
		if _, err := exec(ctx, tx, tx.s.q.InsertEarlierChange, params{"key": c.After.Key(), "import": id}); err != nil {
			return err
		}
		if err := write(tx.s.q.UpdateEarlierGrant, c.After); err != nil {
			return err
		}
	}
	return nil
}

type earlierGrantRow struct {
	ID     int64  `db:"id"`
	Key    string `db:"key"`
	School *int64 `db:"school"`
	Data   []byte `db:"data"`
	grant  workflow.EarlierGrant
}

// earlierRows reads the grants of a school, or all (0).
func (s *Store) earlierRows(ctx context.Context, q querier, school int64) ([]earlierGrantRow, error) {
	rows, err := many[earlierGrantRow](ctx, q, s.q.EarlierGrants, params{"school": school})
	if err != nil {
		return nil, fmt.Errorf("earlier grants: %w", err)
	}
	for i := range rows {
		if err := json.Unmarshal(rows[i].Data, &rows[i].grant); err != nil {
			return nil, fmt.Errorf("earlier grant %d: %w", rows[i].ID, err)
		}
	}
	return rows, nil
}

// EarlierCases are the decisions of earlier years in the shape of closed cases; school 0 means all.
func (s *Store) EarlierCases(ctx context.Context, school int64) ([]workflow.Case, error) {
	rows, err := s.earlierRows(ctx, s.db, school)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return s.asCases(ctx, rows)
}

// EarlierCase reads one of them.
func (s *Store) EarlierCase(ctx context.Context, id int64) (workflow.Case, error) {
	row, err := one[earlierGrantRow](ctx, s.db, s.q.EarlierGrant, params{"id": id})
	if err != nil {
		return workflow.Case{}, found(err, "grant", id)
	}
	if err := json.Unmarshal(row.Data, &row.grant); err != nil {
		return workflow.Case{}, fmt.Errorf("earlier grant %d: %w", id, err)
	}
	cases, err := s.asCases(ctx, []earlierGrantRow{row})
	if err != nil {
		return workflow.Case{}, err
	}
	return cases[0], nil
}

func (s *Store) asCases(ctx context.Context, rows []earlierGrantRow) ([]workflow.Case, error) {
	list, err := s.Schools(ctx)
	if err != nil {
		return nil, err
	}
	schools := map[int64]*workflow.School{}
	for i := range list {
		schools[list[i].ID] = &list[i].School
	}
	schemes := map[string]workflow.Scheme{}
	all, err := s.Schemes(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		schemes[x.Code] = x
	}
	cases := make([]workflow.Case, 0, len(rows))
	for _, r := range rows {
		cases = append(cases, r.grant.Case(r.ID, schools[r.grant.SchoolID], schemes[r.grant.Scheme]))
	}
	return cases, nil
}

// GrantsOfSchool are all grants of a school that are known: those decided here and those of the years before.
func (s *Store) GrantsOfSchool(ctx context.Context, school int64) ([]workflow.Case, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	ids, err := many[int64](ctx, s.db, s.q.GrantedOfSchool, params{"school": school})
	if err != nil {
		return nil, fmt.Errorf("grants: %w", err)
	}
	cases, err := s.casesByID(ctx, s.db, ids, now)
	if err != nil {
		return nil, err
	}
	earlier, err := s.EarlierCases(ctx, school)
	return append(cases, earlier...), err
}
