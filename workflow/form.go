package workflow

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"fund/workflow/money"
)

// Form is what the applicant writes (contract.md, "The application's fields").
// A draft keeps whatever has the right JSON type; what is wrong with it is a
// finding. Numbers that may be missing are pointers. Amounts are whole kronor.
type Form struct {
	Title        string        `json:"title"`
	Scheme       string        `json:"scheme"`
	Round        string        `json:"round"`
	Applicant    ApplicantForm `json:"applicant"`
	Partner      Partner       `json:"partner"`
	Activity     Activity      `json:"activity"`
	Participants Participants  `json:"participants"`
	Text         Texts         `json:"text"`
	Budget       []BudgetLine  `json:"budget"`
	Funding      []Funding     `json:"funding"`
	Requested    *int64        `json:"requested"`
	Voluntary    *int64        `json:"voluntary"`
	Declarations Declarations  `json:"declarations"`
}

// ApplicantForm says which school or organisation applies, and how to reach it.
type ApplicantForm struct {
	School         string  `json:"school,omitempty"`
	SchoolUnitCode string  `json:"school_unit_code,omitempty"`
	Organisation   string  `json:"organisation,omitempty"`
	OrgNo          string  `json:"org_no,omitempty"`
	ApplicantRole  string  `json:"applicant_role,omitempty"`
	ContactEmail   string  `json:"contact_email,omitempty"`
	ContactPhone   string  `json:"contact_phone,omitempty"`
	Language       string  `json:"language,omitempty"`
	PrincipalName  string  `json:"principal_name,omitempty"`
	Payment        PayInto `json:"payment"`
}

// PayInto is where the money shall go: a cost centre of the municipality or an account.
type PayInto struct {
	Method     string `json:"method,omitempty"`
	CostCentre string `json:"cost_centre,omitempty"`
	Project    string `json:"project,omitempty"`
	Bankgiro   string `json:"bankgiro,omitempty"`
	Plusgiro   string `json:"plusgiro,omitempty"`
	Clearing   string `json:"clearing,omitempty"`
	Account    string `json:"account,omitempty"`
	IBAN       string `json:"iban,omitempty"`
	Holder     string `json:"holder,omitempty"`
}

// Payee is the name that goes with the account: the holder's, or the legal name where
// nobody is named. What has no letter names nobody, and a bank would read dots.
func (p PayInto) Payee(legal string) string {
	if h := strings.TrimSpace(p.Holder); strings.ContainsFunc(h, unicode.IsLetter) {
		return h
	}
	return legal
}

// Partner is the school or group abroad.
type Partner struct {
	Name           string         `json:"name,omitempty"`
	City           string         `json:"city,omitempty"`
	Country        string         `json:"country,omitempty"`
	SisterCity     bool           `json:"sister_city,omitempty"`
	Contact        string         `json:"contact,omitempty"`
	LetterOfIntent LetterOfIntent `json:"letter_of_intent"`
}

// LetterOfIntent is dated; the paper itself is an attachment.
type LetterOfIntent struct {
	Date string `json:"date,omitempty"`
}

// Activity is the exchange: its kind and its days. Start and End are kept as
// written; Days reads them.
type Activity struct {
	Type          string       `json:"type,omitempty"`
	Reciprocal    string       `json:"reciprocal,omitempty"`
	Start         string       `json:"start,omitempty"`
	End           string       `json:"end,omitempty"`
	TravelDays    *int64       `json:"travel_days,omitempty"`
	ProgrammeDays *int64       `json:"programme_days,omitempty"`
	JointShare    *money.Share `json:"joint_share,omitempty"`
	Accommodation string       `json:"accommodation,omitempty"`
}

// Days gives the first and the last day; ok is false while one is missing or unreadable.
func (a Activity) Days() (start, end Date, ok bool) {
	start, err1 := ParseDate(a.Start)
	end, err2 := ParseDate(a.End)
	return start, end, err1 == nil && err2 == nil && !start.IsZero() && !end.IsZero()
}

// Participants are counts, never names (RF-25).
type Participants struct {
	Pupils         *int64 `json:"pupils,omitempty"`
	Grades         string `json:"grades,omitempty"`
	Staff          *int64 `json:"staff,omitempty"`
	VisitingPupils *int64 `json:"visiting_pupils,omitempty"`
	SupportNeeds   *int64 `json:"pupils_with_support_needs,omitempty"`
}

// Texts are the written parts of the application.
type Texts struct {
	Summary        string         `json:"summary,omitempty"`
	Background     string         `json:"background,omitempty"`
	Purpose        string         `json:"purpose,omitempty"`
	Goals          []Goal         `json:"goals,omitempty"`
	CurriculumLink string         `json:"curriculum_link,omitempty"`
	StrategyLink   []string       `json:"strategy_link,omitempty"`
	Preparation    string         `json:"preparation,omitempty"`
	Programme      []ProgrammeDay `json:"programme,omitempty"`
	After          string         `json:"after,omitempty"`
	Inclusion      string         `json:"inclusion,omitempty"`
	Risk           string         `json:"risk,omitempty"`
	Climate        string         `json:"climate,omitempty"`
	Dissemination  string         `json:"dissemination,omitempty"`
}

// Goal is one aim and how it is measured.
type Goal struct {
	Goal      string `json:"goal,omitempty"`
	Indicator string `json:"indicator,omitempty"`
}

// ProgrammeDay is one row of the programme; the day is text ("4–8 maj").
type ProgrammeDay struct {
	Day  string `json:"day,omitempty"`
	Text string `json:"text,omitempty"`
}

// BudgetLine is one cost. Amount counts; where it is missing it is qty × price.
type BudgetLine struct {
	Line      int64  `json:"line"`
	Code      string `json:"code,omitempty"`
	Text      string `json:"text,omitempty"`
	Qty       *int64 `json:"qty,omitempty"`
	UnitPrice *int64 `json:"unit_price,omitempty"`
	Amount    *int64 `json:"amount,omitempty"`
}

// Sum gives the line's whole kronor.
func (l BudgetLine) Sum() int64 {
	if l.Amount != nil {
		return *l.Amount
	}
	return num(l.Qty) * num(l.UnitPrice)
}

// Funding is money from elsewhere. Covers names the budget lines it pays whole.
type Funding struct {
	Source string  `json:"source,omitempty"`
	Type   string  `json:"type,omitempty"`
	Amount *int64  `json:"amount,omitempty"`
	Status string  `json:"status,omitempty"`
	Covers []int64 `json:"covers,omitempty"`
}

// Declarations are what the applicant assures.
type Declarations struct {
	NoMandatoryFee    bool   `json:"no_mandatory_fee,omitempty"`
	OtherApplications string `json:"other_applications,omitempty"`
	SentByStaff       bool   `json:"sent_by_staff,omitempty"`
	NoPupilData       bool   `json:"no_pupil_data,omitempty"`
	PublicRecord      bool   `json:"public_record,omitempty"`
}

// Lines gives the budget with every line numbered.
func (f Form) Lines() []BudgetLine {
	lines := slices.Clone(f.Budget)
	for i := range lines {
		if lines[i].Line == 0 {
			lines[i].Line = int64(i + 1)
		}
	}
	return lines
}

// TotalCost is the sum of all budget lines, eligible or not.
func (f Form) TotalCost() (sum int64) {
	for _, l := range f.Budget {
		sum += l.Sum()
	}
	return sum
}

// UnsortedCost is the sum of the lines that nobody has said the kind of: none of it is eligible (RF-09).
func (f Form) UnsortedCost() (sum int64) {
	for _, l := range f.Budget {
		if l.Code == "" {
			sum += l.Sum()
		}
	}
	return sum
}

// Money is the part of the form that the principal's approval is about.
func (f Form) Money() string {
	b, err := json.Marshal(struct {
		Budget    []BudgetLine
		Funding   []Funding
		Requested *int64
		Voluntary *int64
	}{list(f.Budget), list(f.Funding), f.Requested, f.Voluntary})
	if err != nil {
		panic(err) // plain structs always encode
	}
	return string(b)
}

func num(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

// readOnlyFields come from the register or the case; a form that repeats them is not at fault.
var readOnlyFields = []string{"applicant.level", "applicant.operator", "applicant.operator_name", "applicant.operator_org_no", "applicant.applicant_name",
	"applicant.payment.note", "partner.partner_municipality", "partner.letter_of_intent.attached", "attachments", "id", "channel", "received_at"}

// DecodeForm reads a form from JSON. A value of the wrong type, or a field that
// no form has, is a violation at its path; everything else is kept as it is.
func DecodeForm(raw []byte) (Form, Violations) {
	var f Form
	var tree any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		return f, Violations{{Code: "json"}}
	}
	if _, ok := tree.(map[string]any); !ok {
		return f, Violations{{Code: "json"}}
	}
	if v := tooLarge("", tree); len(v) > 0 {
		return f, v
	}
	if unknown := unknownFields("", tree, reflect.TypeFor[Form]()); len(unknown) > 0 {
		var v Violations
		for _, path := range unknown {
			v = append(v, Violation{Field: path, Code: "unknown_field"})
		}
		return f, v
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return f, Violations{{Field: WrongField(raw, wrong), Code: "wrong_type"}}
		}
		return f, Violations{{Code: "json"}}
	}
	return f, nil
}

// MergePatch changes the form as JSON Merge Patch (RFC 7396): objects are
// merged, null removes, everything else (arrays too) is replaced whole. Violations
// name the field that is unknown or of another type; without a field, patch is no object.
func MergePatch(f Form, patch []byte) (Form, Violations) {
	before, err := json.Marshal(f)
	if err != nil {
		panic(err) // plain structs always encode
	}
	var target, change any
	if json.Unmarshal(before, &target) != nil || decodeNumbers(patch, &change) != nil {
		return f, Violations{{Code: "json"}}
	}
	if _, ok := change.(map[string]any); !ok {
		return f, Violations{{Code: "json"}}
	}
	if decodeNumbers(before, &target) != nil {
		return f, Violations{{Code: "json"}}
	}
	merged, err := json.Marshal(mergeJSON(target, change))
	if err != nil {
		return f, Violations{{Code: "json"}}
	}
	return DecodeForm(merged)
}

func decodeNumbers(raw []byte, v *any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	return dec.Decode(v)
}

func mergeJSON(target, patch any) any {
	p, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	t, ok := target.(map[string]any)
	if !ok {
		t = map[string]any{}
	}
	for k, v := range p {
		if v == nil {
			delete(t, k)
			continue
		}
		t[k] = mergeJSON(t[k], v)
	}
	return t
}

// PatchedFields lists the dotted paths that a merge patch touches, arrays and leaves alike.
func PatchedFields(patch []byte) []string {
	var v any
	if decodeNumbers(patch, &v) != nil {
		return nil
	}
	var paths []string
	var walk func(at string, v any)
	walk = func(at string, v any) {
		m, ok := v.(map[string]any)
		if !ok || len(m) == 0 {
			if at != "" {
				paths = append(paths, at)
			}
			return
		}
		for k, x := range m {
			walk(strings.TrimPrefix(at+"."+k, "."), x)
		}
	}
	walk("", v)
	slices.Sort(paths)
	return paths
}

// under tells whether a path is the named field or lies below it, in a row of it too.
func under(path, field string) bool {
	below, ok := strings.CutPrefix(path, field)
	return ok && (below == "" || below[0] == '.' || below[0] == '[')
}

func unknownFields(at string, v any, t reflect.Type) (paths []string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[money.Share]() {
		return nil
	}
	if list, ok := v.([]any); ok {
		for i, x := range list {
			paths = append(paths, unknownFields(fmt.Sprintf("%s[%d]", at, i), x, t)...)
		}
		return paths
	}
	m, _ := v.(map[string]any)
	for k, x := range m {
		path := strings.TrimPrefix(at+"."+k, ".")
		if slices.Contains(readOnlyFields, path) {
			continue
		}
		field, ok := fieldNamed(t, k)
		if !ok {
			paths = append(paths, path)
			continue
		}
		paths = append(paths, unknownFields(path, x, field)...)
	}
	slices.Sort(paths)
	return paths
}

func fieldNamed(t reflect.Type, name string) (reflect.Type, bool) {
	for i := range t.NumField() {
		tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if tag == name {
			return t.Field(i).Type, true
		}
	}
	return nil, false
}
