package workflow

import "time"

// What happens when a record's time has come. Nothing does by itself: a registrar's
// archive decision alone makes it happen (arkivlagen 10 §, KL 6:38).
const (
	RetainKeep      = "keep"
	RetainDelete    = "delete"
	RetainAnonymise = "anonymise"
)

// RetentionRule is how long a kind of record is kept. Months is nil for what is kept for good.
type RetentionRule struct {
	Code   string
	Months *int
	From   string // round_closed | decision | year_end | event | last_case | answer | never
	Action string
	Basis  string
}

// DueOn is the first day on which the record may go, counted from what the rule
// counts from. Bookkeeping is counted from the end of its calendar year (LKBR 3 kap.).
func (r RetentionRule) DueOn(start Date) (Date, bool) {
	if r.Action == RetainKeep || r.Months == nil || start.IsZero() {
		return Date{}, false
	}
	if r.From == "year_end" {
		start = NewDate(start.Year(), time.December, 31)
	}
	return start.addMonths(*r.Months).AddDays(1), true
}

// addMonths keeps the day of the month, or takes the month's last where it is shorter.
func (d Date) addMonths(n int) Date {
	first := NewDate(d.Year(), d.Month()+time.Month(n), 1)
	last := NewDate(first.Year(), first.Month()+1, 1).AddDays(-1)
	return NewDate(first.Year(), first.Month(), min(d.Day(), last.Day()))
}

// DueItem is a record whose time has come.
type DueItem struct {
	Subject string // application | batch | person | idea | sign_in
	ID      int64
	Name    string
	Note    string // what else tells it from another of the same name
	Since   Date   // what was counted from
	Due     Date
	Held    bool // a legal hold keeps it
}

// Emptied is what is left of an application when its words are deleted: what
// statistics and ledger count, and the numbers that find it. No word of anybody is in it.
func (a Application) Emptied() Application {
	f := a.Form
	out := Application{
		ID:         a.ID,
		Version:    a.Version,
		State:      a.State,
		Scheme:     a.Scheme,
		Round:      a.Round,
		SchoolID:   a.SchoolID,
		OrgNo:      a.OrgNo,
		Channel:    a.Channel,
		CreatedAt:  a.CreatedAt,
		DNR:        a.DNR,
		ReceivedAt: a.ReceivedAt,
		Eligible:   a.Eligible,
		Payments:   a.Payments,
		Account:    Account{Version: a.Account.Version},
	}
	out.Form = Form{
		Scheme:       f.Scheme,
		Round:        f.Round,
		Partner:      Partner{Country: f.Partner.Country},
		Activity:     Activity{Type: f.Activity.Type, Start: f.Activity.Start, End: f.Activity.End},
		Participants: Participants{Pupils: f.Participants.Pupils},
		Text:         Texts{StrategyLink: f.Text.StrategyLink},
		Requested:    f.Requested,
	}
	for _, x := range a.Filed {
		out.Filed = append(out.Filed, Filed{N: x.N, ReceivedAt: x.ReceivedAt, Requested: x.Requested})
	}
	for _, r := range a.Rulings {
		out.Rulings = append(out.Rulings, Ruling{Rule: r.Rule, Met: r.Met, At: r.At})
	}
	for _, r := range a.Reviews {
		out.Reviews = append(out.Reviews, Review{AssignedAt: r.AssignedAt, SubmittedAt: r.SubmittedAt})
	}
	if c := a.Completion; c != nil {
		out.Completion = &Completion{AskedAt: c.AskedAt, DueOn: c.DueOn}
	}
	if d := a.Decision; d != nil {
		out.Decision = &Decision{
			Outcome:        d.Outcome,
			Granted:        d.Granted,
			Body:           d.Body,
			Reasons:        d.Reasons,
			DecidedAt:      d.DecidedAt,
			DelegationItem: d.DelegationItem,
			NoticePostedOn: d.NoticePostedOn,
			LastAppealDay:  d.LastAppealDay,
		}
	}
	return out
}
