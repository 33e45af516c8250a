package sql

import (
	"context"
	"encoding/json"
	"fmt"

	"fund/workflow"
)

// SimilarCase is a filed case, or a grant of the years before this service,
// that may be the same trip as another case. Granted is whole kronor.
type SimilarCase struct {
	ID        int64          `db:"id"`      // 0: an earlier grant
	Earlier   int64          `db:"earlier"` // its id, else 0
	DNR       string         `db:"dnr"`
	State     workflow.State `db:"state"`
	Granted   int64          `db:"granted"`
	Title     string         `db:"title"`
	Applicant string         `db:"applicant"`
	Same      *bool          `db:"same"` // the same applicant's
	Row       []byte         `db:"trip"`
	Trip      workflow.Trip
	Common    []string // what the two have in common, as workflow.Alike tells it
}

// Similar lists what may be the same trip as this case, in any round, year or
// scheme, of what the reader may see. Drafts and what was withdrawn don't count.
func (s *Store) Similar(ctx context.Context, by workflow.Actor, c workflow.Case) (list []SimilarCase, err error) {
	trip := workflow.TripOf(c.App.Form)
	if trip.Start.IsZero() || trip.End.IsZero() {
		return nil, nil
	}
	query, p := within(s.q.TripsNear, by, params{"id": c.App.ID, "school": c.App.SchoolID, "org_no": c.App.OrgNo,
		"first": trip.Start.AddDays(-workflow.NearTrip).String(), "last": trip.End.AddDays(workflow.NearTrip).String()})
	rows, err := many[SimilarCase](ctx, s.db, query, p)
	if err != nil {
		return nil, fmt.Errorf("trips like that of case %d: %w", c.App.ID, err)
	}
	for _, x := range rows {
		var said struct {
			Partner, City, Country string
			Pupils                 int64
			Start, End             workflow.Date
		}
		if err := json.Unmarshal(x.Row, &said); err != nil {
			return nil, fmt.Errorf("trip of case %d, earlier grant %d: %w", x.ID, x.Earlier, err)
		}
		x.Trip = workflow.Trip{
			Title:   x.Title,
			Partner: said.Partner,
			City:    said.City,
			Country: said.Country,
			Pupils:  said.Pupils,
			Start:   said.Start,
			End:     said.End,
		}
		if x.Common = workflow.Alike(trip, x.Trip, x.Same != nil && *x.Same); x.Common != nil {
			list = append(list, x)
		}
	}
	return list, nil
}
