package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// The open data follow 360Giving's grant schema 1.1: grants to schools and
// organisations, no person, and nothing of an application that got no grant.

type openDataJSON struct {
	Version   string        `json:"version" doc:"Of 360Giving's schema."`
	Title     string        `json:"title"`
	About     string        `json:"description"`
	Publisher openPublisher `json:"publisher"`
	License   string        `json:"license"`
	Modified  moment        `json:"modified"`
	Access    string        `json:"accessURL" doc:"The register to read."`
	Download  string        `json:"downloadURL"`
	Grants    []openGrant   `json:"grants"`
}

type openPublisher struct {
	Identifier string `json:"identifier" doc:"By org-id.guide."`
	Name       string `json:"name"`
}

type openOrgJSON struct {
	ID   string `json:"id" doc:"SE-ON and the organisation number, or the publisher's prefix."`
	Name string `json:"name"`
}

type openGrant struct {
	ID          string            `json:"id" doc:"Stable: prefix and number of the application."`
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Currency    string            `json:"currency"`
	Applied     int64             `json:"amountAppliedFor"`
	Awarded     int64             `json:"amountAwarded"`
	Disbursed   int64             `json:"amountDisbursed"`
	AwardDate   string            `json:"awardDate" doc:"A day. A grant from before the service whose day nobody knows is left out."`
	URL         string            `json:"url" doc:"The grant's page in the register."`
	Planned     []openPlanned     `json:"plannedDates,omitempty"`
	Recipient   []openOrgJSON     `json:"recipientOrganization"`
	Funder      []openOrgJSON     `json:"fundingOrganization"`
	Programme   []openProgramme   `json:"grantProgramme"`
	FromOpen    string            `json:"fromOpenCall,omitempty" doc:"Not known of a grant from before the service."`
	Beneficiary []openBeneficiary `json:"beneficiaryLocation,omitempty"`
	Classified  []openClass       `json:"classifications,omitempty" doc:"Of a project the ground on state aid; the areas of the municipality's strategy."`
	Modified    moment            `json:"dateModified"`
}

type openPlanned struct {
	Start workflow.Date `json:"startDate"`
	End   workflow.Date `json:"endDate"`
}

type openClass struct {
	Vocabulary string `json:"vocabulary"`
	Code       string `json:"code"`
	Title      string `json:"title"`
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
func (s *Server) funder(ctx context.Context) (openOrgJSON, error) {
	now, err := s.store.FinanceSettings(ctx)
	if err != nil {
		return openOrgJSON{}, err
	}
	return openOrgJSON{ID: "SE-ON-" + workflow.FormatOrgNo(now.Payer.OrgNo), Name: lang.AtHome().Municipality}, nil
}

// openData answers everyone: grants are public (OSL has no secrecy for them).
func (s *Server) openData(c *gin.Context) error {
	ctx := c.Request.Context()
	now, err := s.store.Now(ctx)
	if err != nil {
		return err
	}
	funder, err := s.funder(ctx)
	if err != nil {
		return err
	}
	grants, err := s.openGrants(c)
	if err != nil {
		return err
	}
	base := strings.TrimRight(s.BaseURL, "/")
	out := openDataJSON{
		Version:   "1.1",
		Title:     "Internationella fonden, beviljade bidrag",
		About:     lang.T(lang.SV, "opendata.about"),
		Publisher: openPublisher{funder.ID, funder.Name},
		License:   "https://creativecommons.org/publicdomain/zero/1.0/",
		Modified:  moment(now.Truncate(time.Second)),
		Access:    base + "/registry",
		Download:  base + apiPrefix + "/open-data/360giving.json",
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
		return openPrefix() + "earlier-" + hex.EncodeToString(sum[:6])
	}
	return openPrefix() + idKeyOf(k.App.ID)
}

// openPrefix begins every id that is ours alone.
func openPrefix() string { return "360G-" + sql.Slug(lang.AtHome().Town) + "-" }

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

// openClasses are what a grant is classified by: the ground on which it agrees with the rules on state aid, where one
// is kept, and the areas that it supports. 360Giving has no field of its own for either.
func openClasses(k workflow.Case) (list []openClass) {
	if aid := k.App.Decision.StateAid; aid != "" {
		list = append(list, openClass{"EU state aid", aid, lang.T(lang.SV, "state_aid."+aid)})
	}
	for _, area := range k.Areas() {
		list = append(list, openClass{lang.AtHome().Strategy, sql.Slug(area), shortArea(lang.SV)(area)})
	}
	return list
}

// openGrantOf is a grant as it is published; base is the address of the service.
func openGrantOf(base string, funder openOrgJSON, k workflow.Case) openGrant {
	a, d := k.App, k.App.Decision
	g := openGrant{ID: openGrantID(k), Title: a.Form.Title, Description: a.Form.Text.Summary, Currency: "SEK",
		Applied: a.LastRequested(), Awarded: d.Granted, Disbursed: max(0, a.PaidNet()), AwardDate: decidedOn(k),
		Funder: []openOrgJSON{funder}, Programme: []openProgramme{{a.Scheme, k.Round.Name}}, FromOpen: "Yes", URL: base + registryHref(k), Classified: openClasses(k), Modified: moment(lastChange(k))}
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
			{Name: townOf(a.Form.Partner), CountryCode: lang.CountryCode(a.Form.Partner.Country)},
		}
	}
	switch {
	case k.School != nil && k.School.UnitCode != "":
		g.Recipient = []openOrgJSON{{ID: openPrefix() + "school-" + k.School.UnitCode, Name: k.School.Name}}
	case k.School != nil:
		g.Recipient = []openOrgJSON{{ID: openPrefix() + "school-" + k.School.Slug, Name: k.School.Name}}
	case a.OrgNo == "":
		g.Recipient = []openOrgJSON{{ID: openPrefix() + "organisation-" + sql.Slug(a.Form.Applicant.Organisation), Name: a.Form.Applicant.Organisation}}
	default:
		g.Recipient = []openOrgJSON{{ID: "SE-ON-" + a.OrgNo, Name: a.Form.Applicant.Organisation}}
		if _, _, person := workflow.FindPersonalNumber(a.OrgNo); person { // a sole trader's number is a person's
			g.Recipient = []openOrgJSON{{ID: fmt.Sprintf("%sapplicant-%d", openPrefix(), a.ID), Name: a.Form.Applicant.Organisation}}
		}
	}
	return g
}

// townOf is the partner's town and country.
func townOf(p workflow.Partner) string {
	return strings.Join(slices.DeleteFunc([]string{oneLine(p.City), oneLine(p.Country)}, func(s string) bool { return s == "" }), ", ")
}
