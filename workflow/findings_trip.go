package workflow

import (
	"slices"
	"strings"

	"fund/workflow/money"
)

func (f *finder) eligibility() {
	c := f.c
	if c.Level() != "" && !slices.Contains(c.Round.Rules.EligibleLevels, c.Level()) {
		f.add("RF-01", Warning, "applicant.school", "level", "Level", c.Level())
	}
	if c.School != nil && !c.School.ActiveTo.IsZero() && f.today.After(c.School.ActiveTo) {
		f.add("RF-01", Warning, "applicant.school", "school_closed")
	}
	if !c.mainFunder() {
		f.add("RF-27", Warning, "funding", "main_funder", "Share", c.Round.Rules.MainFunderMinShare.Percent())
	}
	if n := c.Round.Rules.MinStrategyAreas; n > len(c.App.Form.Text.StrategyLink) {
		f.add("RF-27", Warning, "text.strategy_link", "strategy_areas", "Count", n)
	}
	if c.Late() {
		f.add("RF-05", Warning, "received_at", "late", "Deadline", c.Round.Deadline(c.App.ID))
	}
	if !c.App.IsFiled() && c.Round.Late(c.App.ID, f.today.Start()) {
		f.add("RF-05", Warning, "round", "round_closed", "Deadline", c.Round.Deadline(c.App.ID))
	}
	if c.Facts.Blocked {
		field := "applicant.school"
		if c.School == nil {
			field = "applicant.organisation"
		}
		f.add("RF-12", Warning, field, "blocked")
	}
	if c.Round.Rules.GrantsPerSchool > 0 && c.Facts.SchoolGrants >= c.Round.Rules.GrantsPerSchool && !c.App.Decision.Favourable() {
		f.add("RF-08", Warning, "applicant.school", "grants_per_school", "Count", c.Round.Rules.GrantsPerSchool)
	}
}

func (f *finder) travel() {
	form, r := f.c.App.Form, f.c.Round.Rules
	a := form.Activity
	if a.Type != "" && !slices.Contains(r.ActivityTypes, a.Type) {
		f.add("RF-03", Warning, "activity.type", "activity_type")
	}
	if a.Type == "project" {
		return
	}
	if d := a.ProgrammeDays; d == nil {
		f.add("RF-03", Warning, "activity.programme_days", "required")
	} else if *d < 0 {
		f.add("RF-03", Warning, "activity.programme_days", "negative")
	} else if *d < r.MinProgrammeDays || *d > r.MaxProgrammeDays {
		f.add("RF-03", Warning, "activity.programme_days", "programme_days", "Min", r.MinProgrammeDays, "Max", r.MaxProgrammeDays, "Days", *d)
	}
	if a.JointShare == nil {
		f.add("RF-03", Warning, "activity.joint_share", "required")
	} else if a.JointShare.Less(r.MinJointShare) {
		f.add("RF-03", Warning, "activity.joint_share", "joint_share", "Min", r.MinJointShare.Percent(), "Share", a.JointShare.Percent())
	} else if (money.Share{Num: 1, Den: 1}).Less(*a.JointShare) {
		f.add("RF-03", Warning, "activity.joint_share", "joint_share_over")
	}
	if date, err := ParseDate(form.Partner.LetterOfIntent.Date); err != nil || date.IsZero() {
		f.add("RF-03", Warning, "partner.letter_of_intent.date", "letter_date")
	}
	if inSweden(form.Partner.Country) {
		f.add("RF-03", Warning, "partner.country", "partner_abroad")
	}
	if start, end, ok := a.Days(); ok {
		from, to := f.c.Round.TripFrom, f.c.Round.TripTo
		if !from.IsZero() && start.Before(from) || !to.IsZero() && start.After(to) {
			f.add("RF-04", Warning, "activity.start", "outside_window", "From", from.String(), "To", to.String())
		}
		if f.c.App.Decision == nil && !start.After(f.today) {
			f.add("RF-04", Warning, "activity.start", "already_started")
		}
		if days := int64(start.DaysUntil(end)) + 1; days > 0 && a.ProgrammeDays != nil && *a.ProgrammeDays+num(a.TravelDays) > days {
			f.add("RF-03", Warning, "activity.programme_days", "more_days_than_trip", "Days", days)
		}
	}
	if num(a.TravelDays) < 0 {
		f.add("", Warning, "activity.travel_days", "negative")
	}
	if num(form.Participants.SupportNeeds) < 0 {
		f.add("", Warning, "participants.pupils_with_support_needs", "negative")
	}
	staff, allowed := num(form.Participants.Staff), f.n.AllowedStaff
	if staff > allowed && a.Type == "outgoing_group" {
		f.add("RF-06", Info, "participants.staff", "staff_over", "Allowed", allowed)
	}
}

func inSweden(country string) bool {
	switch strings.ToLower(strings.TrimSpace(country)) {
	case "sverige", "sweden", "se":
		return true
	}
	return false
}
