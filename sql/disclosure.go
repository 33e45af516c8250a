package sql

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"fund/workflow"
)

// Disclosure is a copy of a case that was handed out, without its bytes.
type Disclosure struct {
	ID          int64
	Application int64
	Masks       map[string]int // kind → how often it was found
	Words       []string
	Ground      string
	Reason      string
	Requester   string // empty: not asked, or not told
	SHA256      string
	Size        int64
	By          string
	At          time.Time
}

// DisclosureGrounds are on what law things are masked; none is for a copy in which nothing is.
var DisclosureGrounds = []string{"none", "osl_21_3", "osl_21_7", "osl_22_1", "osl_31_16", "other"}

// CheckDisclosure tells what is missing in a copy's reasons before it is made.
func CheckDisclosure(d Disclosure, masked bool) (v workflow.Violations) {
	if !slices.Contains(DisclosureGrounds, d.Ground) {
		v = append(v, workflow.Violation{Field: "ground", Code: "choice"})
	} else if masked && d.Ground == "none" {
		v = append(v, workflow.Violation{Field: "ground", Code: "disclosure_ground"})
	}
	if strings.TrimSpace(d.Reason) == "" {
		v = append(v, workflow.Violation{Field: "reason", Code: "required"})
	}
	return v
}

// AddDisclosure keeps a copy with its hash, and notes in the case's chain that it
// was handed out, by whom and masked for what. Who asked and which words were
// masked do not stand there.
func (s *Store) AddDisclosure(ctx context.Context, by workflow.Actor, d Disclosure, body []byte) (int64, error) {
	if !by.Is(workflow.Registrar) {
		return 0, workflow.Forbidden{Code: "role"}
	}
	if v := CheckDisclosure(d, len(d.Masks) > 0); len(v) > 0 {
		return 0, v
	}
	if c, err := s.Case(ctx, by, d.Application); err != nil || !c.App.IsFiled() {
		return 0, orNotFound(err)
	}
	masks, err := encode(d.Masks)
	if err != nil {
		return 0, err
	}
	words, err := encode(append([]string{}, d.Words...))
	if err != nil {
		return 0, err
	}
	kinds := make([]string, 0, len(d.Masks))
	for kind := range d.Masks {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	hash := sha256.Sum256(body)
	sum := hex.EncodeToString(hash[:])
	var id int64
	err = s.InTx(ctx, func(tx *Tx) error {
		// The case's lock comes before its moment, so that times rise with versions.
		if _, err := tx.Apply(ctx, Ref{ID: d.Application, Version: workflow.AnyVersion}, workflow.Machine(), &workflow.Note{Code: disclosedCode,
			Data: map[string]any{"by": by.Email, "ground": d.Ground, "masked": kinds, "sha256": sum}}); err != nil {
			return err
		}
		at, err := tx.Now()
		if err != nil {
			return err
		}
		id, err = one[int64](
			ctx,
			tx,
			s.q.InsertDisclosure,
			params{"application": d.Application, "masks": masks, "words": words, "ground": d.Ground, "reason": strings.TrimSpace(d.Reason),
				"requester": strings.TrimSpace(d.Requester), "sha256": sum, "size": len(body), "body": body, "by": by.ID, "at": at},
		)
		return err
	})
	return id, err
}

// orNotFound is err, or else that there is no such case.
func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return workflow.ErrNotFound
}

// Disclosures lists the copies of a case, newest first.
func (s *Store) Disclosures(ctx context.Context, by workflow.Actor, app int64) ([]Disclosure, error) {
	if !by.Is(workflow.Registrar) {
		return nil, workflow.Forbidden{Code: "role"}
	}
	if _, err := s.Case(ctx, by, app); err != nil {
		return nil, err
	}
	rows, err := many[struct {
		ID          int64     `db:"id"`
		Application int64     `db:"application"`
		Masks       []byte    `db:"masks"`
		Words       []byte    `db:"words"`
		Ground      string    `db:"ground"`
		Reason      string    `db:"reason"`
		Requester   string    `db:"requester"`
		SHA256      string    `db:"sha256"`
		Size        int64     `db:"size"`
		By          string    `db:"made_by"`
		At          time.Time `db:"made_at"`
	}](ctx, s.db, s.q.Disclosures, params{"application": app})
	if err != nil {
		return nil, fmt.Errorf("disclosures: %w", err)
	}
	out := make([]Disclosure, 0, len(rows))
	for _, r := range rows {
		d := Disclosure{
			ID:          r.ID,
			Application: r.Application,
			Ground:      r.Ground,
			Reason:      r.Reason,
			Requester:   r.Requester,
			SHA256:      r.SHA256,
			Size:        r.Size,
			By:          r.By,
			At:          r.At,
		}
		if err := json.Unmarshal(r.Masks, &d.Masks); err != nil {
			return nil, fmt.Errorf("disclosure %d: %w", r.ID, err)
		}
		if err := json.Unmarshal(r.Words, &d.Words); err != nil {
			return nil, fmt.Errorf("disclosure %d: %w", r.ID, err)
		}
		out = append(out, d)
	}
	return out, nil
}

// DisclosureBody gives a copy's bytes as they were made; ErrNotFound where an archive decision took them.
func (s *Store) DisclosureBody(ctx context.Context, by workflow.Actor, app, id int64) ([]byte, error) {
	if !by.Is(workflow.Registrar) {
		return nil, workflow.Forbidden{Code: "role"}
	}
	if _, err := s.Case(ctx, by, app); err != nil {
		return nil, err
	}
	body, err := one[[]byte](ctx, s.db, s.q.DisclosureBody, params{"id": id, "application": app})
	if err != nil {
		return nil, found(err, "disclosure", id)
	}
	if len(body) == 0 {
		return nil, workflow.ErrNotFound
	}
	return body, nil
}

// withoutDisclosures leaves out that copies were handed out, from a history that
// is read outside: whoever asks for a public document is nobody's business but the office's.
func withoutDisclosures(rows []EventRow) []EventRow {
	return slices.DeleteFunc(rows, func(e EventRow) bool {
		var data struct {
			Code string `json:"code"`
		}
		return e.Action == workflow.ActNote && json.Unmarshal(e.Data, &data) == nil && data.Code == disclosedCode
	})
}

// disclosedCode is what the note of a disclosure is called in the log.
const disclosedCode = "disclosed"
