package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// verifyAudit proves the event log, or names where it does not hold.
func (s *Server) verifyAudit(c *gin.Context) error {
	if by := actorOf(c); !by.Office() {
		return workflow.Forbidden{Code: "role"}
	}
	a, err := s.store.VerifyAudit(c.Request.Context())
	if err != nil {
		return err
	}
	a.Broken = orEmpty(a.Broken)
	return answer(c, http.StatusOK, a, "")
}

// clockJSON is what the one clock says.
type clockJSON struct {
	Now    moment `json:"now"`
	Frozen bool   `json:"frozen"`
}

// clock reads the rehearsal clock.
func (s *Server) clock(c *gin.Context) error {
	k, err := s.store.Clock(c.Request.Context())
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, clockJSON{moment(k.Now), k.Frozen}, "")
}

// clockMoveJSON moves the clock. Without now everything due finishes; without frozen it stays as it is.
type clockMoveJSON struct {
	Now    *string `json:"now,omitempty" doc:"Instant to move to: RFC 3339, or local without offset."`
	Frozen *bool   `json:"frozen,omitempty" doc:"true holds the clock still, false lets it run on."`
}

// movedJSON is what moving led to.
type movedJSON struct {
	Now    moment          `json:"now"`
	Ran    int             `json:"ran" doc:"Jobs that were done."`
	Failed []failedJobJSON `json:"failed" doc:"Jobs that failed three times."`
}

type failedJobJSON struct {
	ID          int64  `json:"id"`
	Kind        string `json:"kind"`
	Application *int64 `json:"application"`
	Error       string `json:"error"`
}

// moveClock lets everything happen that would have happened by then.
func (s *Server) moveClock(c *gin.Context) error {
	var in clockMoveJSON
	if err := readJSON(c, &in); err != nil {
		return err
	}
	var to *time.Time
	if in.Now != nil {
		at, err := workflow.ParseInstant(strings.TrimSpace(*in.Now))
		if err != nil {
			return workflow.Violations{{Field: "now", Code: "date"}}
		}
		to = &at
	}
	moved, err := s.store.Advance(c.Request.Context(), to, in.Frozen)
	if err != nil {
		return err
	}
	out := movedJSON{Now: moment(moved.Now), Ran: moved.Ran, Failed: []failedJobJSON{}}
	for _, f := range moved.Failed {
		out.Failed = append(out.Failed, failedJobJSON{f.ID, f.Kind, idOrNull(f.Application), f.Error})
	}
	return answer(c, http.StatusOK, out, "")
}

// rehearsalMail lists the mailbox of a rehearsal.
func (s *Server) rehearsalMail(c *gin.Context) error {
	limit, after, err := windowOf(c)
	if err != nil {
		return err
	}
	var app int64
	if text := c.Query("application"); text != "" {
		if app, err = strconv.ParseInt(text, 10, 64); err != nil || app < 1 {
			return answer(c, http.StatusOK, listJSON[mailJSON]{[]mailJSON{}}, "")
		}
	}
	rows, next, err := s.store.RehearsalMail(c.Request.Context(), c.Query("to"), app, limit, after)
	if err != nil {
		return err
	}
	items := make([]mailJSON, 0, len(rows))
	for _, m := range rows {
		items = append(items, representMail(m))
	}
	if next != 0 {
		linkNext(c, idKeyOf(next))
	}
	return answer(c, http.StatusOK, listJSON[mailJSON]{items}, "")
}

// The open data follow 360Giving's grant schema 1.1: grants to schools and
// organisations, no person, and nothing of an application that got no grant.

type openDataJSON struct {
	Title     string      `json:"title"`
	Publisher openOrgJSON `json:"publisher"`
	License   string      `json:"license"`
	Modified  moment      `json:"modified"`
	Grants    []openGrant `json:"grants"`
}

type openOrgJSON struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	CharityNumber string `json:"companyNumber,omitempty" doc:"Organisation number."`
}

type openGrant struct {
	ID          string            `json:"id" doc:"Stable: prefix and number of the application."`
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Currency    string            `json:"currency"`
	Applied     int64             `json:"amountAppliedFor"`
	Awarded     int64             `json:"amountAwarded"`
	Disbursed   int64             `json:"amountDisbursed"`
	AwardDate   string            `json:"awardDate" doc:"A day. Of a grant from before the service perhaps only the year."`
	Planned     []openPlanned     `json:"plannedDates,omitempty"`
	Recipient   []openOrgJSON     `json:"recipientOrganization"`
	Funder      []openOrgJSON     `json:"fundingOrganization"`
	Programme   []openProgramme   `json:"grantProgramme"`
	FromOpen    string            `json:"fromOpenCall,omitempty" doc:"Not known of a grant from before the service."`
	Beneficiary []openBeneficiary `json:"beneficiaryLocation,omitempty"`
	Modified    moment            `json:"dateModified"`
}

type openPlanned struct {
	Start    workflow.Date `json:"startDate"`
	End      workflow.Date `json:"endDate"`
	Duration int           `json:"duration,omitempty"`
}

type openProgramme struct {
	Code  string `json:"code"`
	Title string `json:"title"`
}

type openBeneficiary struct {
	Name        string `json:"name"`
	CountryCode string `json:"countryCode,omitempty" doc:"ISO 3166-1, where the country is one and known."`
}

// funder is the municipality, by its number in the Swedish register of organisations.
var funder = openOrgJSON{ID: "SE-ON-212000-2643", Name: "Skellefteå kommun", CharityNumber: "212000-2643"}

// openData answers everyone: grants are public (OSL has no secrecy for them).
func (s *Server) openData(c *gin.Context) error {
	ctx := c.Request.Context()
	now, err := s.store.Now(ctx)
	if err != nil {
		return err
	}
	grants, err := s.openGrants(c)
	if err != nil {
		return err
	}
	out := openDataJSON{
		Title:     "Internationella fonden, beviljade bidrag",
		Publisher: funder,
		License:   "https://creativecommons.org/publicdomain/zero/1.0/",
		Modified:  moment(now),
		Grants:    grants,
	}
	c.Header("Access-Control-Allow-Origin", "*")
	c.Header("Cross-Origin-Resource-Policy", "cross-origin")
	return answer(c, http.StatusOK, out, "")
}

// openGrantID is the same for ever: the publisher's prefix and the application's
// number, or for a grant of earlier years what its key comes to.
func openGrantID(k workflow.Case) string {
	if k.Earlier != nil {
		sum := sha256.Sum256([]byte(k.Earlier.Key))
		return "360G-skelleftea-earlier-" + hex.EncodeToString(sum[:6])
	}
	return "360G-skelleftea-" + idKeyOf(k.App.ID)
}

// lastChange is when what is published of a grant last changed: by the decision,
// money that was paid or came back, or the school's report.
func lastChange(k workflow.Case) time.Time {
	last := k.App.Decision.DecidedAt
	see := func(at time.Time) {
		if at.After(last) {
			last = at
		}
	}
	for _, p := range k.App.Payments {
		if !p.PaidOn.IsZero() {
			see(p.PaidOn.Start())
		}
	}
	if r := k.App.Recovery; r != nil {
		for _, x := range r.Repayments {
			see(x.On.Start())
		}
	}
	if r := k.App.Report; r != nil {
		see(r.AcceptedAt)
	}
	return last
}

func openGrantOf(k workflow.Case) openGrant {
	a, d := k.App, k.App.Decision
	g := openGrant{ID: openGrantID(k), Title: a.Form.Title, Description: a.Form.Text.Summary, Currency: "SEK",
		Applied: a.LastRequested(), Awarded: d.Granted, Disbursed: max(0, a.PaidNet()), AwardDate: decidedOn(k),
		Funder: []openOrgJSON{funder}, Programme: []openProgramme{{a.Scheme, k.Round.Name}}, FromOpen: "Yes", Modified: moment(lastChange(k))}
	if k.Earlier != nil {
		g.FromOpen = ""
	}
	if g.Description == "" {
		g.Description = g.Title
	}
	if start, end, ok := a.Form.Activity.Days(); ok {
		g.Planned = []openPlanned{{Start: start, End: end}}
	}
	if a.Form.Partner.City != "" {
		g.Beneficiary = []openBeneficiary{
			{Name: strings.Join(strings.Fields(a.Form.Partner.City+" "+a.Form.Partner.Country), " "), CountryCode: lang.CountryCode(a.Form.Partner.Country)},
		}
	}
	switch {
	case k.School != nil && k.School.UnitCode != "":
		g.Recipient = []openOrgJSON{{ID: "SE-SKOL-" + k.School.UnitCode, Name: k.School.Name}}
	case k.School != nil:
		g.Recipient = []openOrgJSON{{ID: "360G-skelleftea-school-" + k.School.Slug, Name: k.School.Name}}
	case a.OrgNo == "":
		g.Recipient = []openOrgJSON{{ID: "360G-skelleftea-organisation-" + sql.Slug(a.Form.Applicant.Organisation), Name: a.Form.Applicant.Organisation}}
	default:
		g.Recipient = []openOrgJSON{{ID: "SE-ON-" + a.OrgNo, Name: a.Form.Applicant.Organisation, CharityNumber: a.OrgNo}}
		if _, _, person := workflow.FindPersonalNumber(a.OrgNo); person { // a sole trader's number is a person's
			g.Recipient = []openOrgJSON{{ID: fmt.Sprintf("360G-skelleftea-applicant-%d", a.ID), Name: a.Form.Applicant.Organisation}}
		}
	}
	return g
}
