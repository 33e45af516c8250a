package handlers

import (
	"time"

	"fund/workflow"
	"fund/workflow/lang"
)

// applicationJSON is an application as one caller sees it now (contract.md,
// "GET /applications/{id} answers"). What does not exist, or is not for this
// caller, is left out.
type applicationJSON struct {
	ID         int64    `json:"id" doc:"Number of the application, the same for its whole life."`
	DNR        *string  `json:"dnr" doc:"Registration number; null until filed."`
	State      string   `json:"state" enum:"state"`
	Flags      []string `json:"flags" doc:"What is worth knowing at a glance." enum:"flag"`
	Version    int64    `json:"version" doc:"Rises by one with every event; the ETag."`
	Channel    string   `json:"channel" doc:"web or paper."`
	ReceivedAt moment   `json:"received_at" doc:"When it was received (FL 22 §); null until filed."`
	CreatedAt  moment   `json:"created_at"`
	workflow.Form
	Applicant    applicantJSON     `json:"applicant"`
	Attachments  []attachmentJSON  `json:"attachments"`
	Computed     workflow.Computed `json:"computed" doc:"What the rules come to today."`
	Findings     []findingJSON     `json:"findings" doc:"What a person should look at. A rule that is met has none."`
	Actions      []workflow.Action `json:"allowed_actions" doc:"What this caller can do now."`
	Interest     *interestJSON     `json:"interest,omitempty" doc:"The caller's own declaration."`
	Approval     *approvalJSON     `json:"approval,omitempty"`
	Returned     *returnedJSON     `json:"returned,omitempty"`
	Completion   *completionJSON   `json:"completion,omitempty"`
	Officer      string            `json:"officer,omitempty" doc:"Address of who prepares the case; for the office only."`
	Eligible     *bool             `json:"eligible,omitempty" doc:"The officer's ruling as a whole."`
	Rulings      []rulingJSON      `json:"rulings,omitempty"`
	Assessment   *assessmentJSON   `json:"assessment,omitempty" doc:"For the applicant only after the decision."`
	Proposal     *proposalJSON     `json:"proposal,omitempty" doc:"For the applicant only after the decision."`
	Decision     *decisionJSON     `json:"decision,omitempty"`
	Letter       *letterJSON       `json:"letter,omitempty" doc:"The letter of the decision was held, or is; for the office only."`
	Annulled     []decisionJSON    `json:"annulled,omitempty" doc:"Earlier decisions that a court annulled."`
	Corrections  []correctionJSON  `json:"corrections,omitempty"`
	Appeal       *appealJSON       `json:"appeal,omitempty"`
	Account      accountJSON       `json:"account" doc:"How far the payee's account is verified."`
	Advisory     []advisoryJSON    `json:"advisory,omitempty"`
	Changes      []changeJSON      `json:"changes"`
	Payments     []paymentJSON     `json:"payments" doc:"The plan at the decision, and what became of it."`
	Report       *reportJSON       `json:"report,omitempty"`
	Settlement   *settlementJSON   `json:"settlement,omitempty"`
	Cancellation *cancellationJSON `json:"cancellation,omitempty"`
	Recovery     *recoveryJSON     `json:"recovery,omitempty"`
	Overpayments []overpaymentJSON `json:"overpayments,omitempty" doc:"What the bank sent a second time: a claim beside the grant, never part of what is paid."`
	Documents    []documentJSON    `json:"documents"`
}

type applicantJSON struct {
	workflow.ApplicantForm
	Name     string `json:"applicant_name,omitempty" doc:"Who drafted it."`
	Level    string `json:"level,omitempty" enum:"level" doc:"School form, from the register."`
	Operator string `json:"operator,omitempty" doc:"kommunal, fristående or extern; from the register."`
}

type attachmentJSON struct {
	ID     int64  `json:"id"`
	Kind   string `json:"kind" enum:"attachment"`
	Name   string `json:"name"`
	Type   string `json:"type" doc:"Content type, judged by the content."`
	Size   int64  `json:"size" doc:"Bytes."`
	SHA256 string `json:"sha256"`
	Scan   string `json:"scan" doc:"clean, not_scanned, waiting or infected."`
	At     moment `json:"at"`

	ConsentAt moment `json:"consent_at,omitzero" doc:"Of a photo in a report: when it was declared that no pupil can be recognised without a guardian's consent."`
}

type findingJSON struct {
	Rule      string `json:"rule" doc:"RF-01 … RF-27, or a word for what has no such rule."`
	Code      string `json:"code"`
	Severity  string `json:"severity" doc:"stop, warning or info."`
	Field     string `json:"field"`
	MessageSV string `json:"message_sv"`
	MessageEN string `json:"message_en"`
}

type interestJSON struct {
	Conflict bool `json:"conflict"`
}

type documentJSON struct {
	ID       int64  `json:"id"`
	Kind     string `json:"kind" enum:"document"`
	Title    string `json:"title"`
	Corrects *int64 `json:"corrects" doc:"The corrected document's id."`
	Answers  int    `json:"answers,omitempty" doc:"The number of the change that the document answers, or of the decision (counted from 1 with those that a court annulled) that the letter tells of."`
	At       moment `json:"at"`
	SHA256   string `json:"sha256"`
}

// represent shows a case to one caller.
func represent(c workflow.Case, by workflow.Actor, now time.Time) applicationJSON {
	a, today := c.App, workflow.DateOf(now)
	inside := workflow.SeesAssessment(c, by)
	out := applicationJSON{
		ID: a.ID, State: string(a.State), Flags: workflow.FlagsAt(c, now), Version: a.Version, Channel: a.Channel,
		ReceivedAt: moment(a.ReceivedAt), CreatedAt: moment(a.CreatedAt), Form: a.Form, Computed: workflow.Compute(c, today),
		Actions: workflow.Allowed(c, by, now), Attachments: []attachmentJSON{}, Findings: representFindings(workflow.VisibleFindings(c, by, today)),
		Changes: []changeJSON{}, Payments: []paymentJSON{}, Documents: []documentJSON{},
	}
	out.DNR = textOrNull(a.DNR)
	out.Form.Budget, out.Form.Funding = orEmpty(a.Form.Budget), orEmpty(a.Form.Funding)
	if !inside {
		out.Computed.Suggested = nil
	}
	out.Applicant = applicantJSON{ApplicantForm: a.Form.Applicant, Name: a.ApplicantName, Level: c.Level()}
	if c.School != nil {
		out.Applicant.Operator = c.School.Operator
		out.Applicant.School, out.Applicant.SchoolUnitCode = c.School.Name, c.School.UnitCode
	}
	for _, x := range a.Attachments {
		file := attachmentJSON{ID: x.ID, Kind: x.Kind, Name: x.Name, Type: x.Type, Size: x.Size, SHA256: x.SHA256, Scan: x.Scan, At: moment(x.At)}
		if x.Consent != nil {
			file.ConsentAt = moment(x.Consent.At)
		}
		out.Attachments = append(out.Attachments, file)
	}
	for _, i := range a.Interests {
		if i.Person == by.ID && !by.Machine {
			out.Interest = &interestJSON{i.Conflict}
		}
	}
	for _, d := range workflow.VisibleDocuments(c, by) {
		out.Documents = append(out.Documents, documentJSON{d.ID, d.Kind, d.Title, idOrNull(d.Corrects), d.Answers, moment(d.At), d.SHA256})
	}
	representPreparation(&out, c, by, inside)
	representDecision(&out, c)
	representMoney(&out, c, today)
	return out
}

func representFindings(list []workflow.Finding) []findingJSON {
	out := make([]findingJSON, 0, len(list))
	for _, f := range list {
		out = append(out, findingJSON{f.RuleName(), f.Code, f.Severity, f.Field, SayFinding(lang.SV, f), SayFinding(lang.EN, f)})
	}
	return out
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func idOrNull(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}
