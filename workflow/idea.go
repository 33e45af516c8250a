package workflow

import "slices"

// Idea is what a teacher knows of an exchange before anything is written.
type Idea struct {
	Level        string // school form
	Form         Form   // activity, partner's country, participants; the rest stays empty
	MandatoryFee bool
}

// ideaFields are the fields that an idea can be judged by; everything else is for the application.
var ideaFields = []string{"applicant.school", "activity.type", "activity.programme_days", "activity.joint_share", "partner.country", "activity.start", "round",
	"declarations.no_mandatory_fee", "participants.staff"}

// CheckIdea holds an idea against the rules of a round, by the same findings as
// an application. What was not answered is no finding.
func CheckIdea(i Idea, r Round, today Date) []Finding {
	c := Case{Round: r, School: &School{Level: i.Level}}
	c.App.Form = i.Form
	if i.MandatoryFee {
		one := int64(1) // how much is no matter
		c.App.Form.Funding = []Funding{{Type: "mandatory_pupil_fee", Amount: &one}}
	}
	f := &finder{c: c, today: today, n: Compute(c, today), list: []Finding{}}
	f.eligibility()
	f.travel()
	if c.mandatoryFee() {
		f.add("RF-11", Warning, "declarations.no_mandatory_fee", "mandatory_fee")
	}
	return slices.DeleteFunc(f.list, func(x Finding) bool {
		return x.Code == "required" || !slices.Contains(ideaFields, x.Field)
	})
}
