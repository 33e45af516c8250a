package handlers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// openingPoints goes through a round that is not published yet, point by point, each computed now.
func (s *Server) openingPoints(c *gin.Context, r workflow.Round) ([]workflow.OpeningPoint, error) {
	ctx := c.Request.Context()
	now, err := s.store.Now(ctx)
	if err != nil {
		return nil, err
	}
	facts := workflow.OpeningFacts{}
	schemes, err := s.store.Schemes(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range schemes {
		if x.Code == r.Scheme {
			facts.Scheme = x
		}
	}
	set, err := s.store.NewestRules(ctx, r.Scheme)
	if err != nil {
		return nil, err
	}
	facts.Newest = set.Version
	if facts.People, err = s.store.Everyone(ctx); err != nil {
		return nil, err
	}
	schools, err := s.store.Schools(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range schools {
		facts.Schools = append(facts.Schools, x.School)
	}
	items, err := s.store.Delegation(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range items {
		facts.Items = append(facts.Items, x.DelegationItem)
	}
	_, err = s.store.FinanceSettings(ctx)
	if facts.HasFinance = err == nil; err != nil && !sql.Unfinanced(err) {
		return nil, err
	}
	facts.Words = missingWords(r)
	if facts.Letters, err = s.letterFaults(c, r, facts.Scheme, now); err != nil {
		return nil, err
	}
	return workflow.OpeningPoints(r, facts, now), nil
}

// missingWords are the words that applicants, reviewers and letters would lack in one of the languages.
func missingWords(r workflow.Round) (missing []string) {
	for _, l := range lang.All() {
		need := func(key string) {
			if !lang.Has(l, key) {
				missing = append(missing, key+" ("+string(l)+")")
			}
		}
		for _, name := range r.Rules.Criteria() {
			need("criterion." + name)
			guided := false
			for v := range r.Rules.RatingMax + 1 {
				guided = guided || lang.Has(l, fmt.Sprintf("guide.%s.%d", name, v))
			}
			if !guided {
				missing = append(missing, "guide."+name+" ("+string(l)+")")
			}
		}
		for _, code := range workflow.Reasons {
			need("reason." + code)
		}
		for _, code := range r.Rules.EligibleCodes {
			need("budget." + code)
		}
	}
	return missing
}

// letterFaults writes the letter of every outcome in both languages for a made-up case of the round, and says what keeps one from being sent.
func (s *Server) letterFaults(c *gin.Context, r workflow.Round, scheme workflow.Scheme, now time.Time) (faults []string, err error) {
	for _, l := range lang.All() {
		o, err := s.ownWords(c.Request.Context(), s.letterOffice(c, l), now)
		if err != nil {
			return nil, err
		}
		for _, outcome := range workflow.DelegationOutcomes {
			k := sampleOf(l, r, scheme, now)
			cmd := workflow.DecideGrant{Propose: workflow.Propose{Outcome: outcome, Text: lang.T(l, "outcome."+outcome)}, DelegationItem: "–"}
			if outcome != workflow.Granted {
				cmd.Reasons = []string{"R-CAP"}
			}
			if outcome == workflow.Granted || outcome == workflow.PartiallyGranted {
				cmd.Amount = workflow.Compute(k, workflow.DateOf(now)).MaxGrant
			}
			then, wrong := workflow.PreviewDecision(k, actorOf(c), cmd, now)
			where := lang.T(l, "outcome."+outcome) + " (" + string(l) + ")"
			for _, v := range wrong {
				faults = append(faults, where+": "+SayViolation(l, v))
			}
			if len(wrong) > 0 {
				continue
			}
			for _, fault := range notice.Decision(then, o).Faults() {
				at := where
				if fault.Key != "" {
					at += ", " + fault.Key
				}
				faults = append(faults, at+": "+fault.String())
			}
		}
	}
	slices.Sort(faults)
	return slices.Compact(faults), nil
}

// sampleOf is a made-up application of the round that everything is in.
func sampleOf(l lang.Lang, r workflow.Round, scheme workflow.Scheme, now time.Time) workflow.Case {
	n := func(v int64) *int64 { return &v }
	start := r.TripFrom
	if start.IsZero() {
		start = workflow.DateOf(now).AddDays(90)
	}
	form := workflow.Form{
		Title:        "Prov",
		Scheme:       r.Scheme,
		Round:        r.ID,
		Requested:    n(10000),
		Partner:      workflow.Partner{Name: "Partner", City: "Brahestad", Country: "Finland"},
		Activity:     workflow.Activity{Type: "outgoing_group", Start: start.String(), End: start.AddDays(5).String()},
		Participants: workflow.Participants{Pupils: n(20), Staff: n(2)},
		Budget:       []workflow.BudgetLine{{Line: 1, Code: "RES", Text: "Resa", Amount: n(40000)}},
		Funding:      []workflow.Funding{{Source: "Annan", Type: "external_grant", Status: "confirmed", Amount: n(20000)}},
	}
	form.Applicant.Language, form.Applicant.ContactEmail, form.Applicant.Organisation, form.Applicant.OrgNo = string(
		l,
	), "prov@example.org", "Föreningen Prov", "802000-0000"
	k := workflow.Case{
		Round:  r,
		Scheme: scheme,
		App: workflow.Application{
			Scheme:        r.Scheme,
			Round:         r.ID,
			State:         workflow.Proposed,
			DNR:           "IF 0000-0000",
			ReceivedAt:    now,
			ApplicantName: "Prov",
			Form:          form,
			Filed:         []workflow.Filed{{N: 1, ReceivedAt: now, Requested: 10000}},
			Officer:       "prov@example.org",
			Proposal:      &workflow.Proposal{Outcome: workflow.Granted, Amount: 10000, By: "prov@example.org", At: now},
		},
	}
	if scheme.Applicant != "organisation" && len(r.Rules.EligibleLevels) > 0 {
		k.School = &workflow.School{ID: 1, Name: "Provskolan", Level: r.Rules.EligibleLevels[0], Operator: "kommunal", CostCentre: "0000"}
		k.App.SchoolID, k.App.OrgNo = 1, ""
	} else {
		k.App.OrgNo = "802000-0000"
	}
	return k
}

// openingViews says the points in words; what stops comes first.
func openingViews(l lang.Lang, points []workflow.OpeningPoint) (list []FindingView) {
	order := []string{workflow.Stop, workflow.Warning, "ok"}
	for _, severity := range order {
		for _, p := range points {
			if p.Severity != severity {
				continue
			}
			key := "opening." + p.Code
			if severity != "ok" {
				key += ".not"
			}
			var names []string
			for _, n := range p.Names {
				if lang.Has(l, n) {
					n = lang.T(l, n)
				}
				names = append(names, n)
			}
			list = append(list, FindingView{Severity: severity, Text: lang.T(l, key, sayArgs(l, p.Code, p.Args)), Detail: strings.Join(names, ", ")})
		}
	}
	return list
}
