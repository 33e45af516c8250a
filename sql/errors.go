package sql

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"

	"github.com/lib/pq"

	"fund/workflow"
)

// Errors of this package besides those of workflow.
var (
	ErrPast      = errors.New("the clock only moves forward")
	ErrKeyReused = errors.New("the idempotency key was used with another body")
	ErrMode      = errors.New("the database belongs to the other mode")
	ErrNewer     = errors.New("the database was brought up by a newer program: start that one, or restore a backup from before")
)

// constraints turns what the database refuses into the fund's words: it is the
// second line behind workflow, and the last.
var constraints = map[string]error{
	"within_budget":         workflow.Refused{Code: "budget"},
	"payments_within_grant": workflow.Refused{Code: "over_granted"},
	"one_live_payment":      workflow.Refused{Code: "payment_state"},
	"one_live_batch":        workflow.Refused{Code: "payment_state"},
	"four_eyes":             workflow.Forbidden{Code: "four_eyes"},
	"own_approval":          workflow.Forbidden{Code: "own_application"},
	"lent_for_the_day":      workflow.Forbidden{Code: "role"},
	"export_needs_two":      workflow.Forbidden{Code: "four_eyes"},
	"one_event_a_version":   workflow.ErrStale,
	"dnr_unique":            workflow.Violations{{Field: "dnr", Code: "taken"}},
	"email_unique":          workflow.Violations{{Field: "email", Code: "taken"}},
	"one_sitting_a_day":     workflow.Violations{{Field: "date", Code: "taken"}},
	"rounds_pkey":           workflow.Violations{{Field: "id", Code: "taken"}},
	"school_name_unique":    workflow.Violations{{Field: "name", Code: "taken"}},
	"school_slug_unique":    workflow.Violations{{Field: "name", Code: "taken"}},
	"unit_code_unique":      workflow.Violations{{Field: "school_unit_code", Code: "taken"}},
}

// translate names a refused constraint by its rule and keeps everything else.
func translate(err error) error {
	var pe *pq.Error
	if errors.As(err, &pe) {
		if known, ok := constraints[pe.Constraint]; ok {
			return known
		}
		if pe.Code == "40001" || pe.Code == "40P01" {
			return workflow.ErrBusy
		}
	}
	return err
}

// Away tells whether the database could not be reached, was ending or starting,
// or had no room left: the same request may do well in a minute.
func Away(err error) bool {
	var pe *pq.Error
	if errors.As(err, &pe) {
		switch pe.Code.Class() {
		case "08", "53": // connection; connections, memory or disk used up
			return true
		case "57": // ended, crashed or not yet up; a cancelled statement (57014) is another matter
			return pe.Code != "57014"
		}
		return false
	}
	var no *net.OpError
	return errors.As(err, &no) || errors.Is(err, driver.ErrBadConn)
}

// found turns "no row" into the fund's not found.
func found(err error, what string, id any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return workflow.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("%s %v: %w", what, id, err)
	}
	return nil
}
