package workflow

import (
	"slices"
	"strings"
	"time"
)

// Application is one application and everything that was done with it. What a
// person may see of it is decided elsewhere (policy.go).
type Application struct {
	ID             int64     `json:"id"`
	Version        int64     `json:"version"` // rises by one with each event
	State          State     `json:"state"`
	Scheme         string    `json:"scheme"`
	Round          string    `json:"round"`
	SchoolID       int64     `json:"school_id"` // 0: an organisation
	OrgNo          string    `json:"org_no,omitempty"`
	ApplicantID    int64     `json:"applicant_id"`
	ApplicantEmail string    `json:"applicant_email"`
	ApplicantName  string    `json:"applicant_name"`
	Writers        []int64   `json:"writers,omitempty"` // co-writers at the same school
	Channel        string    `json:"channel"`           // web | paper
	CreatedAt      time.Time `json:"created_at"`
	Form           Form      `json:"form"`

	DNR        string    `json:"dnr,omitempty"`
	ReceivedAt time.Time `json:"received_at"`
	Filed      []Filed   `json:"filed,omitempty"`

	Approval   *Approval   `json:"approval,omitempty"`
	Unapproved bool        `json:"unapproved,omitempty"`
	Returned   *Returned   `json:"returned,omitempty"`
	Completion *Completion `json:"completion,omitempty"`

	Officer   string `json:"officer,omitempty"` // who prepares the case; empty: nobody yet
	OfficerID int64  `json:"officer_id,omitempty"`

	Eligible *bool    `json:"eligible,omitempty"`
	Rulings  []Ruling `json:"rulings,omitempty"`

	Interests []Interest `json:"interests,omitempty"`
	Reviews   []Review   `json:"reviews,omitempty"`
	Voided    []Review   `json:"voided,omitempty"`
	Consensus *Consensus `json:"consensus,omitempty"`

	Proposal    *Proposal    `json:"proposal,omitempty"`
	Decision    *Decision    `json:"decision,omitempty"`
	Letter      *LetterHold  `json:"letter,omitempty"`      // nil: it goes, or went, with the decision
	Translation *Translation `json:"translation,omitempty"` // of the decision's letter
	Annulled    []Decision   `json:"annulled,omitempty"`
	Appeal      *Appeal      `json:"appeal,omitempty"`
	Corrections []Correction `json:"corrections,omitempty"`

	Undo *Undo `json:"undo,omitempty"` // how to take back the newest step

	Talk *Talk `json:"talk,omitempty"` // the newest message, until it is answered or done with

	Account   Account       `json:"account"`
	Advisory  []Advisory    `json:"advisory,omitempty"`
	Payments  []Payment     `json:"payments,omitempty"`
	Changes   []Change      `json:"changes,omitempty"`
	Cancelled *Cancellation `json:"cancelled,omitempty"`

	ReportExtensions []ReportExtension `json:"report_extensions,omitempty"`

	Report     *Report     `json:"report,omitempty"`
	Reports    []Report    `json:"reports,omitempty"` // earlier filings of the report
	Settlement *Settlement `json:"settlement,omitempty"`
	Recovery   *Recovery   `json:"recovery,omitempty"`
	Recoveries []Recovery  `json:"recoveries,omitempty"` // earlier ones that were decided
	// Overpayments are second payouts of an instalment, as finance found them.
	Overpayments []Overpayment `json:"overpayments,omitempty"`

	Attachments []Attachment `json:"attachments,omitempty"`
	Documents   []Document   `json:"documents,omitempty"`
}

// Filed is one unchangeable version of the application: what was sent, when.
type Filed struct {
	N          int       `json:"n"`
	ReceivedAt time.Time `json:"received_at"`
	Requested  int64     `json:"requested"`
	Money      string    `json:"money"` // the part that the principal's approval is about
}

// Approval is the principal's word, given signed in (RF-02). Money is what it was about.
// For a report's money it may be the word of the school's economist.
type Approval struct {
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	Statement string    `json:"statement,omitempty"`
	Money     string    `json:"money"`
	Role      Role      `json:"role,omitempty"` // Economist; empty: the principal
	For       string    `json:"for,omitempty"`  // address of the principal whose substitute gave it
}

// Returned is why the principal gave an application back.
type Returned struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
	Fields []string  `json:"fields,omitempty"`
	For    string    `json:"for,omitempty"` // address of the principal whose substitute did it
}

// Completion is the officer's request for more (RF-14). It opens the named fields.
type Completion struct {
	Points   []Point   `json:"points"`
	AskedAt  time.Time `json:"asked_at"`
	DueOn    Date      `json:"due_on"`
	Extended int       `json:"extended,omitempty"` // days added; once
	Answered bool      `json:"answered,omitempty"`
	Expired  bool      `json:"expired,omitempty"`
	Changed  bool      `json:"changed,omitempty"` // the form was changed since it was asked for
	Message  string    `json:"message,omitempty"`
}

// Point is one thing asked for.
type Point struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// Ruling is the officer's word on one rule.
type Ruling struct {
	Rule   string    `json:"rule"`
	Met    bool      `json:"met"`
	Reason string    `json:"reason,omitempty"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// Interest is a person's declaration in this case (KL 6:28, 7:4).
type Interest struct {
	Person   int64     `json:"person"`
	Email    string    `json:"email"`
	Conflict bool      `json:"conflict"`
	Reason   string    `json:"reason,omitempty"`
	At       time.Time `json:"at"`
}

// Attachment is a file that belongs to the application; its bytes are elsewhere.
type Attachment struct {
	ID     int64     `json:"id"`
	Kind   string    `json:"kind"`
	Name   string    `json:"name"`
	Type   string    `json:"type"`
	Size   int64     `json:"size"`
	SHA256 string    `json:"sha256"`
	Scan   string    `json:"scan"` // clean | not_scanned | waiting | infected
	At     time.Time `json:"at"`
	By     int64     `json:"by"`
	// Consent is declared of a photo in a report: no pupil can be recognised
	// without a guardian's consent, and no name is seen (L17). Photos are never published.
	Consent *Consent `json:"consent,omitempty"`
}

// Consent is who declared it, and when.
type Consent struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Photo tells whether the file is a picture in a report.
func (a Attachment) Photo() bool {
	return a.Kind == "report_evidence" && strings.HasPrefix(a.Type, "image/")
}

// Attachment kinds.
var AttachmentKinds = []string{"letter_of_intent", "programme", "risk_assessment", "payee_proof", "main_funder", "report_evidence", "other"}

// Document is a letter or receipt that the program made.
type Document struct {
	ID       int64     `json:"id"`
	Kind     string    `json:"kind"`
	Title    string    `json:"title"`
	Corrects int64     `json:"corrects,omitempty"`
	Answers  int       `json:"answers,omitempty"` // the number of the change that it answers, or of the decision that it tells of; 0: none, or older than that number
	At       time.Time `json:"at"`
	SHA256   string    `json:"sha256"`
}

// LastRequested is the sum of the newest filed version, or of the draft before filing.
func (a Application) LastRequested() int64 {
	if len(a.Filed) == 0 {
		return num(a.Form.Requested)
	}
	if a.State == CompletionRequested {
		return num(a.Form.Requested)
	}
	return a.Filed[len(a.Filed)-1].Requested
}

// HighestRequested is the highest sum requested in any filed version.
func (a Application) HighestRequested() (sum int64) {
	for _, f := range a.Filed {
		sum = max(sum, f.Requested)
	}
	if len(a.Filed) == 0 {
		return num(a.Form.Requested)
	}
	return sum
}

// Has tells whether an attachment of the kind is there.
func (a Application) Has(kind string) bool {
	return slices.ContainsFunc(a.Attachments, func(x Attachment) bool { return x.Kind == kind && x.Scan != "infected" })
}

// InConflict tells whether the person has declared a conflict of interest in this case.
func (a Application) InConflict(person int64) bool {
	return slices.ContainsFunc(a.Interests, func(i Interest) bool { return i.Person == person && i.Conflict })
}

// Declared tells whether the person has declared anything.
func (a Application) Declared(person int64) bool {
	return slices.ContainsFunc(a.Interests, func(i Interest) bool { return i.Person == person })
}

// ReviewOf gives the person's own assessment, or nil.
func (a *Application) ReviewOf(person int64) *Review {
	for i := range a.Reviews {
		if a.Reviews[i].Person == person {
			return &a.Reviews[i]
		}
	}
	return nil
}

// ReviewsDone tells whether every assigned reviewer has handed in, and how many there are.
func (a Application) ReviewsDone() (all bool, n int) {
	for _, r := range a.Reviews {
		if r.Done() {
			n++
		}
	}
	return n > 0 && n == len(a.Reviews), n
}

// IsFiled tells whether the application has reached the municipality.
func (a Application) IsFiled() bool { return !a.ReceivedAt.IsZero() }
