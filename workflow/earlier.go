package workflow

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// EarlierGrant is a decision from the years before this service, as a list of
// the office tells it (peers.md, item 45). It is shown with the public's grants
// and counted in statistics; it is no case, and no round's ledger knows of it.
// Amounts are whole kronor.
type EarlierGrant struct {
	Year         int      `json:"year"`
	Round        string   `json:"round"` // the year where the list names none
	DNR          string   `json:"dnr,omitempty"`
	Scheme       string   `json:"scheme"`
	SchoolID     int64    `json:"school_id,omitempty"` // 0: an organisation
	Organisation string   `json:"organisation,omitempty"`
	OrgNo        string   `json:"org_no,omitempty"`
	Title        string   `json:"title"`
	Partner      string   `json:"partner,omitempty"`
	City         string   `json:"city,omitempty"`
	Country      string   `json:"country,omitempty"`
	SisterCity   bool     `json:"sister_city,omitempty"`
	Pupils       int64    `json:"pupils,omitempty"`
	Staff        int64    `json:"staff,omitempty"`
	Start        Date     `json:"start"`
	End          Date     `json:"end"`
	Areas        []string `json:"areas,omitempty"`
	Requested    int64    `json:"requested"`
	Granted      int64    `json:"granted"`
	Paid         int64    `json:"paid"`
	Repaid       int64    `json:"repaid"`
	Outcome      string   `json:"outcome"`
	DecidedOn    Date     `json:"decided_on"`
	Summary      string   `json:"summary,omitempty"`
}

// EarlierColumns are the columns of such a list, in the order of the template.
// Those with Need must be there; of school, unit_code and organisation one per row.
var EarlierColumns = []EarlierColumn{
	{"year", "år", true}, {"round", "omgång", false}, {"dnr", "diarienummer", false}, {"scheme", "stödform", false},
	{"school", "skola", false}, {"unit_code", "skolenhetskod", false}, {"organisation", "organisation", false}, {"org_no", "organisationsnummer", false},
	{"title", "titel", true}, {"partner", "partner", false}, {"city", "ort", false}, {"country", "land", false}, {"sister_city", "vänort", false},
	{"pupils", "elever", false}, {"staff", "personal", false}, {"start", "första dag", false}, {"end", "sista dag", false}, {"areas", "områden", false},
	{"requested", "sökt", false}, {"granted", "beviljat", true}, {"paid", "utbetalt", false}, {"repaid", "återbetalt", false},
	{"outcome", "utfall", true}, {"decided_on", "beslutsdag", false}, {"summary", "sammanfattning", false},
}

// EarlierColumn is a column by its code, which is its English heading, and its Swedish heading.
type EarlierColumn struct {
	Code, Swedish string
	Need          bool
}

// EarlierColumnOf finds the column of a heading; case, spaces and underscores do not matter.
func EarlierColumnOf(heading string) (code string, ok bool) {
	plain := func(s string) string {
		return strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(strings.TrimSpace(s)))
	}
	i := slices.IndexFunc(EarlierColumns, func(c EarlierColumn) bool {
		return plain(c.Code) == plain(heading) || plain(c.Swedish) == plain(heading)
	})
	if i < 0 {
		return "", false
	}
	return EarlierColumns[i].Code, true
}

// Key names the grant for ever: the same row of a later file is the same grant.
// With a case number it is that, else applicant, round and title.
func (g EarlierGrant) Key() string {
	if g.DNR != "" {
		return "dnr:" + foldKey(g.DNR)
	}
	who := g.OrgNo + "/" + g.Organisation
	if g.SchoolID != 0 {
		who = strconv.FormatInt(g.SchoolID, 10)
	}
	return strings.Join([]string{strconv.Itoa(g.Year), foldKey(g.Round), foldKey(who), foldKey(g.Title)}, "|")
}

func foldKey(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// At is when the grant counts as decided: on its day, or last in its year where the day is not known.
func (g EarlierGrant) At() time.Time {
	if !g.DecidedOn.IsZero() {
		return g.DecidedOn.At(12, 0)
	}
	return NewDate(g.Year, 12, 31).At(12, 0)
}

// Case gives the grant the shape of a closed case, so that registry, statistics
// and open data treat it as any other. It has no number, no round that is open
// and nobody's name; Earlier says what it is.
func (g EarlierGrant) Case(id int64, school *School, scheme Scheme) Case {
	kr := func(n int64) *int64 {
		if n == 0 {
			return nil
		}
		return &n
	}
	f := Form{Title: g.Title, Scheme: g.Scheme, Round: g.Round, Requested: &g.Requested,
		Partner:      Partner{Name: g.Partner, City: g.City, Country: g.Country, SisterCity: g.SisterCity},
		Activity:     Activity{Start: g.Start.String(), End: g.End.String()},
		Participants: Participants{Pupils: kr(g.Pupils), Staff: kr(g.Staff)},
		Text:         Texts{Summary: g.Summary, StrategyLink: g.Areas}}
	if school == nil {
		f.Applicant.Organisation, f.Applicant.OrgNo = g.Organisation, g.OrgNo
	} else {
		f.Applicant.School = school.Name
	}
	a := Application{State: Closed, Scheme: g.Scheme, Round: g.Round, SchoolID: g.SchoolID, OrgNo: g.OrgNo, DNR: g.DNR, Form: f, ReceivedAt: g.At(),
		Filed: []Filed{{N: 1, ReceivedAt: g.At(), Requested: g.Requested}}, Decision: &Decision{Outcome: g.Outcome, Granted: g.Granted, DecidedAt: g.At()}}
	if g.Paid > 0 {
		a.Payments = []Payment{{N: 1, Amount: g.Paid, Status: PayPaid, PaidOn: g.DecidedOn}}
	}
	if g.Repaid > 0 {
		a.Recovery = &Recovery{Amount: g.Repaid, DecidedAt: g.At(), Repayments: []Repayment{{Amount: g.Repaid}}}
	}
	return Case{
		App:     a,
		Round:   Round{ID: g.Round, Scheme: g.Scheme, Name: g.Round},
		Scheme:  scheme,
		School:  school,
		Earlier: &Earlier{ID: id, Year: g.Year, DayKnown: !g.DecidedOn.IsZero(), Key: g.Key()},
	}
}

// Earlier says of a case that it is a grant from the years before, and what is not known of it.
type Earlier struct {
	ID       int64
	Year     int
	DayKnown bool // false: only the year of the decision is known
	Key      string
}
