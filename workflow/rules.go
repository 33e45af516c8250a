package workflow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"fund/workflow/money"
)

// Rules are the numbers of RF-01…RF-27 under their names (meta.parameters of the
// cases). They are rows in the database, versioned, and frozen for a round when
// its first application arrives (KL 2:4). Amounts are whole kronor.
type Rules struct {
	EligibleLevels          []string         `json:"eligible_levels"`            // RF-01
	ActivityTypes           []string         `json:"activity_types"`             // RF-03
	MinProgrammeDays        int64            `json:"min_programme_days"`         // RF-03
	MaxProgrammeDays        int64            `json:"max_programme_days"`         // RF-03
	MinJointShare           money.Share      `json:"min_joint_share"`            // RF-03
	OutageHours             int              `json:"outage_hours"`               // RF-05
	CapPerPupil             map[string]int64 `json:"cap_per_pupil"`              // RF-06, by school form
	CapPerStaff             int64            `json:"cap_per_staff"`              // RF-06
	StaffPerPupils          int64            `json:"staff_per_pupils"`           // RF-06
	StaffMin                int64            `json:"staff_min"`                  // RF-06
	HostingPerVisitingPupil int64            `json:"hosting_per_visiting_pupil"` // RF-06
	PreparatoryPerPerson    int64            `json:"preparatory_per_person"`     // RF-06
	PreparatoryMaxPersons   int64            `json:"preparatory_max_persons"`    // RF-06
	UncappedCodes           []string         `json:"uncapped_codes"`             // on top of the cap per person
	ShareCap                money.Share      `json:"share_cap"`                  // RF-07
	MaxPerApplication       *int64           `json:"max_per_application"`        // RF-08; null: none
	GrantsPerSchool         int              `json:"grants_per_school"`          // RF-08
	EligibleCodes           []string         `json:"eligible_codes"`             // RF-09
	MealMaxPerPersonDay     int64            `json:"meal_max_per_person_day"`    // RF-09
	LanguagePrepMax         int64            `json:"language_prep_max"`          // RF-09
	CompletionDays          int              `json:"completion_days"`            // RF-14
	CompletionExtensionDays int              `json:"completion_extension_days"`  // RF-14
	Reviewers               int              `json:"reviewers"`                  // RF-15
	RatingMax               int              `json:"rating_max"`                 // RF-15
	CriteriaWeights         map[string]int   `json:"criteria_weights"`           // RF-15
	ThresholdTotal          int              `json:"threshold_total"`            // RF-15
	ThresholdRating         int              `json:"threshold_rating"`           // RF-15
	ScoreDifferenceMax      int              `json:"score_difference_max"`       // RF-15
	CommentMinChars         int              `json:"comment_min_chars"`          // RF-15
	TieMonthsWithoutGrant   int              `json:"tie_months_without_grant"`   // RF-16
	ReserveMinShare         money.Share      `json:"reserve_min_share"`          // RF-16
	DelegationLimit         int64            `json:"delegation_limit"`           // RF-17
	PrepayFullLimit         int64            `json:"prepay_full_limit"`          // RF-19
	PrepayShare             money.Share      `json:"prepay_share"`               // RF-19
	EarliestPaymentDays     int              `json:"earliest_payment_days"`      // RF-19
	AcceptanceDays          int              `json:"acceptance_days"`            // RF-19
	ChangeOfficerDays       int              `json:"change_officer_days"`        // RF-20
	ChangeLineShare         money.Share      `json:"change_line_share"`          // RF-20
	ChangePupilDrop         money.Share      `json:"change_pupil_drop"`          // RF-20
	CancellationShare       money.Share      `json:"cancellation_share"`         // RF-21
	ReportDays              int              `json:"report_days"`                // RF-22
	ReportReminderDays      []int            `json:"report_reminder_days"`       // RF-22
	BlockAfterDays          int              `json:"block_after_days"`           // RF-12, RF-22
	RecoveryAfterDays       int              `json:"recovery_after_days"`        // RF-22
	RepayMinimum            int64            `json:"repay_minimum"`              // RF-23
	RepayDays               int              `json:"repay_days"`                 // RF-23
	ReportReturnDays        int              `json:"report_return_days"`         // domain 8, stage 16
	ReportLineDifference    money.Share      `json:"report_line_difference"`     // domain 9.4
	StatementDays           int              `json:"statement_days"`             // domain 8, stage 17
	SpotCheckShare          money.Share      `json:"spot_check_share"`           // domain 9.4
	AppealDays              int              `json:"appeal_days"`                // KL 13:5
	MainFunderMinShare      *money.Share     `json:"main_funder_min_share"`      // RF-27; null: no main funder asked for
	MinStrategyAreas        int              `json:"min_strategy_areas"`         // RF-27
	// The rest have no number in RF-01…RF-27; they are the office's own settings.
	LegalForceAbove     *int64 `json:"legal_force_above"`     // KL 13:14: external payments above this wait for legal force
	AccountCoolOffDays  int    `json:"account_cool_off_days"` // bank days after an account changed after the decision
	CheckDays           int    `json:"check_days"`            // the promise: working days for the eligibility check
	AssessmentDays      int    `json:"assessment_days"`       // the promise: working days for the reviewers
	ChangeAnswerDays    int    `json:"change_answer_days"`    // the promise: working days for the answer to a change that one person decides; left out: 5
	AdvisoryDaysBefore  []int  `json:"advisory_days_before"`  // the officer is reminded of the travel advice
	BlindReview         bool   `json:"blind_review"`          // reviewers read the case without names, school and place
	DraftReminderBefore []int  `json:"draft_reminder_before"` // days before closing that open drafts are reminded
}

// defaultChangeAnswerDays holds in rule sets from before the promise was one of their numbers.
const defaultChangeAnswerDays = 5

// UnmarshalJSON reads a rule set; one that is older than a number has what held before it.
func (r *Rules) UnmarshalJSON(raw []byte) error {
	type plain Rules
	p := plain(*r)
	p.ChangeAnswerDays = defaultChangeAnswerDays
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	*r = Rules(p)
	return nil
}

// DecodeRules reads a whole rule set; its error is what JSON or Validate has to say.
func DecodeRules(raw []byte) (Rules, error) {
	var r Rules
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("rule set: %w", err)
	}
	return r, r.Validate()
}

// Override replaces the named values of a rule set, each whole (maps too), and
// validates the result. Unknown names are refused: a misspelt rule would
// otherwise silently keep its old value.
func Override(base []byte, change map[string]json.RawMessage) ([]byte, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(base, &all); err != nil {
		return nil, fmt.Errorf("rule set: %w", err)
	}
	names := RuleNames()
	for name, v := range change {
		if !slices.Contains(names, name) {
			return nil, Violations{{Field: "parameters." + name, Code: "unknown_field"}}
		}
		if err := oneRule(name, v); err != nil {
			return nil, err
		}
		all[name] = v
	}
	out, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("rule set: %w", err)
	}
	if _, err := DecodeRules(out); err != nil {
		return nil, err
	}
	return out, nil
}

// mayBeNull are the rules that can be switched off.
var mayBeNull = []string{"max_per_application", "main_funder_min_share", "legal_force_above"}

// oneRule refuses a value of the wrong type under its own name.
func oneRule(name string, v json.RawMessage) error {
	one, err := json.Marshal(map[string]json.RawMessage{name: v})
	if err != nil || string(v) == "null" && !slices.Contains(mayBeNull, name) {
		return Violations{{Field: "parameters." + name, Code: "wrong_type"}}
	}
	var r Rules
	if err := json.Unmarshal(one, &r); err != nil {
		return Violations{{Field: "parameters." + name, Code: "wrong_type"}}
	}
	return nil
}

// Validate refuses a rule set that could not be meant.
func (r Rules) Validate() error {
	var v Violations
	need := func(ok bool, name string) {
		if !ok {
			v = append(v, Violation{Field: "parameters." + name, Code: "rule_value"})
		}
	}
	share := func(s money.Share, name string) {
		need(s.Den > 0 && s.Num >= 0 && s.Num <= s.Den && s.Den <= 1_000_000_000, name) // nine decimals, that sums of kronor can be multiplied by
	}
	need(len(r.EligibleLevels) > 0, "eligible_levels")
	need(len(r.ActivityTypes) > 0, "activity_types")
	need(r.MinProgrammeDays >= 0 && r.MaxProgrammeDays >= r.MinProgrammeDays, "max_programme_days")
	share(r.MinJointShare, "min_joint_share")
	share(r.ShareCap, "share_cap")
	share(r.ReserveMinShare, "reserve_min_share")
	share(r.PrepayShare, "prepay_share")
	share(r.CancellationShare, "cancellation_share")
	share(r.ChangeLineShare, "change_line_share")
	share(r.ChangePupilDrop, "change_pupil_drop")
	share(r.ReportLineDifference, "report_line_difference")
	share(r.SpotCheckShare, "spot_check_share")
	if r.MainFunderMinShare != nil {
		share(*r.MainFunderMinShare, "main_funder_min_share")
	}
	need(len(r.EligibleCodes) > 0, "eligible_codes")
	need(r.StaffPerPupils > 0, "staff_per_pupils")
	need(r.Reviewers > 0, "reviewers")
	need(r.RatingMax > 0, "rating_max")
	need(len(r.CriteriaWeights) > 0, "criteria_weights")
	need(r.CompletionDays > 0, "completion_days")
	need(r.ReportDays > 0, "report_days")
	need(r.AppealDays > 0, "appeal_days")
	need(r.MaxPerApplication == nil || *r.MaxPerApplication >= 0, "max_per_application")
	for level, c := range r.CapPerPupil {
		need(c >= 0, "cap_per_pupil."+level)
	}
	for name, n := range map[string]int64{"cap_per_staff": r.CapPerStaff, "staff_min": r.StaffMin,
		"hosting_per_visiting_pupil": r.HostingPerVisitingPupil, "preparatory_per_person": r.PreparatoryPerPerson,
		"preparatory_max_persons": r.PreparatoryMaxPersons, "delegation_limit": r.DelegationLimit, "prepay_full_limit": r.PrepayFullLimit,
		"repay_minimum": r.RepayMinimum, "grants_per_school": int64(r.GrantsPerSchool), "acceptance_days": int64(r.AcceptanceDays),
		"earliest_payment_days": int64(r.EarliestPaymentDays), "change_officer_days": int64(r.ChangeOfficerDays),
		"completion_extension_days": int64(r.CompletionExtensionDays), "block_after_days": int64(r.BlockAfterDays),
		"recovery_after_days": int64(r.RecoveryAfterDays), "threshold_total": int64(r.ThresholdTotal),
		"threshold_rating": int64(r.ThresholdRating), "comment_min_chars": int64(r.CommentMinChars),
		"account_cool_off_days": int64(r.AccountCoolOffDays), "meal_max_per_person_day": r.MealMaxPerPersonDay, "language_prep_max": r.LanguagePrepMax,
		"tie_months_without_grant": int64(r.TieMonthsWithoutGrant), "repay_days": int64(r.RepayDays), "report_return_days": int64(r.ReportReturnDays),
		"statement_days": int64(r.StatementDays), "check_days": int64(r.CheckDays), "change_answer_days": int64(r.ChangeAnswerDays), "assessment_days": int64(r.AssessmentDays),
		"score_difference_max": int64(r.ScoreDifferenceMax), "outage_hours": int64(r.OutageHours), "min_strategy_areas": int64(r.MinStrategyAreas)} {
		need(n >= 0, name)
	}
	for name, weight := range r.CriteriaWeights {
		need(weight >= 0, "criteria_weights."+name)
	}
	if len(v) > 0 {
		slices.SortFunc(v, func(a, b Violation) int { return strings.Compare(a.Field, b.Field) })
		return v
	}
	return nil
}

// Criteria lists the criteria in order: K1, K2, …
func (r Rules) Criteria() []string {
	names := make([]string, 0, len(r.CriteriaWeights))
	for k := range r.CriteriaWeights {
		names = append(names, k)
	}
	slices.Sort(names)
	return names
}

// RuleNames lists every name that a rule set has.
func RuleNames() []string {
	b, err := json.Marshal(Rules{})
	if err != nil {
		panic(err) // plain struct
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		panic(err)
	}
	names := make([]string, 0, len(m))
	for k := range m {
		names = append(names, k)
	}
	slices.Sort(names)
	return names
}

// Scheme is a support scheme: school exchange or co-financing. What differs
// between them is data here and in their rules, never an if.
type Scheme struct {
	Code           string   `json:"code"`
	NameSV         string   `json:"name_sv"`
	NameEN         string   `json:"name_en"`
	Applicant      string   `json:"applicant"`       // school | organisation
	NeedsPrincipal bool     `json:"needs_principal"` // RF-02
	DirectProposal bool     `json:"direct_proposal"` // may be proposed from under_check for any outcome
	Body           string   `json:"body"`            // decision body whatever the amount; empty: by amount (RF-17)
	Mandatory      []string `json:"mandatory"`       // RF-13: papers that must be there
}

// NotesStateAid tells whether a grant says how it agrees with the rules on state aid:
// those of organisations outside the schools do.
func (s Scheme) NotesStateAid() bool { return s.Applicant == "organisation" }

// Round states.
const (
	RoundDraft     = "draft"
	RoundPublished = "published"
	RoundCancelled = "cancelled"
)

// Round is a call for applications. Instants are Stockholm's; a round without
// ClosesAt is rolling.
type Round struct {
	ID            string              `json:"id"`
	Version       int64               `json:"version"`
	Scheme        string              `json:"scheme"`
	Name          string              `json:"name"`              // in Swedish
	NameEN        string              `json:"name_en,omitempty"` // empty: it has the Swedish one only
	State         string              `json:"state"`
	OpensAt       time.Time           `json:"opens_at"`
	ClosesAt      time.Time           `json:"closes_at"`
	ClosedAt      time.Time           `json:"closed_at"` // closed by hand before its time
	TripFrom      Date                `json:"trip_start_from"`
	TripTo        Date                `json:"trip_start_to"`
	Budget        int64               `json:"budget"`
	Meeting       Date                `json:"committee_meeting"`
	MinutesOn     Date                `json:"minutes_approved"`
	NoticeOn      Date                `json:"notice_posted"`
	LastAppealDay Date                `json:"last_appeal_day"`
	Extensions    map[int64]time.Time `json:"extensions"` // personal, by application (RF-05)
	ExtendReason  string              `json:"extend_reason"`
	HoldLetters   string              `json:"hold_letters,omitempty"` // why letters of decisions wait for a release; empty: they go at once
	FrozenAt      time.Time           `json:"frozen_at"`
	RuleSet       int64               `json:"rule_set"` // version of the scheme's rules below the round's own
	Rules         Rules               `json:"rules"`
}

// Named is something with a name in each language, as an argument of a refusal.
type Named struct{ SV, EN string }

// Called gives the round's names.
func (r Round) Called() Named { return Named{r.Name, r.English()} }

// English is what the round is called in English; the Swedish name where it has no other.
func (r Round) English() string {
	if r.NameEN != "" {
		return r.NameEN
	}
	return r.Name
}

// Open says whether drafts and filings are taken at all (before opening and after a cancellation they are not).
func (r Round) Open(at time.Time) bool {
	return r.State == RoundPublished && !at.Before(r.OpensAt)
}

// Deadline is the last instant for this application, whole seconds included; zero for a rolling round.
func (r Round) Deadline(app int64) time.Time {
	end := r.ClosesAt
	if !r.ClosedAt.IsZero() && (end.IsZero() || r.ClosedAt.Before(end)) {
		end = r.ClosedAt
	}
	if own, ok := r.Extensions[app]; ok && !end.IsZero() && own.After(end) {
		end = own
	}
	return end
}

// ExtendedForAll tells whether the deadline that holds for everybody is one it was moved to, with a reason for all to read (RF-05).
func (r Round) ExtendedForAll() bool { return r.ExtendReason != "" && r.Deadline(0).Equal(r.ClosesAt) }

// Late tells whether something received then came after the deadline (RF-05).
// The whole last second counts as in time.
func (r Round) Late(app int64, received time.Time) bool {
	from := r.LateFrom(app)
	return !from.IsZero() && !received.Before(from)
}

// LateFrom is the first instant that is late for this application; zero for a rolling round.
func (r Round) LateFrom(app int64) time.Time {
	end := r.Deadline(app)
	if end.IsZero() || end.Equal(r.ClosedAt) { // what comes after a closing by hand is late at once
		return end
	}
	return end.Truncate(time.Second).Add(time.Second)
}

// Hit tells whether an outage reached into the last hours before the deadline, so
// that the round is extended for all (RF-05). Nothing extends by itself: people
// judge what an outage was. A rolling round has no last hours.
func (r Round) Hit(from, until time.Time) bool {
	end := r.Deadline(0)
	if end.IsZero() || r.Rules.OutageHours <= 0 {
		return false
	}
	begins := end.Add(-time.Duration(r.Rules.OutageHours) * time.Hour)
	return from.Before(r.LateFrom(0)) && until.After(begins)
}
