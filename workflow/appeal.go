package workflow

import "slices"

// RecordNotice notes the day of the notice on the board; the appeal days run from it (KL 13:5).
type RecordNotice struct {
	PostedOn Date `json:"posted_on"`
}

func (RecordNotice) Action() Action { return ActRecordNotice }

func (RecordNotice) guard(t *turn) error {
	if t.App.Decision == nil {
		return Refused{Code: "no_decision"}
	}
	return nil // the board may tell before the letter does
}

func (k *RecordNotice) check(t *turn) {
	t.sinceDecision("posted_on", k.PostedOn)
}

func (k *RecordNotice) apply(t *turn) {
	d := t.App.Decision
	d.NoticePostedOn, d.LastAppealDay = k.PostedOn, k.PostedOn.AddDays(t.Round.Rules.AppealDays)
	t.job(JobLegalForce, d.LastAppealDay.End(), "day", d.LastAppealDay.String())
	t.note("posted_on", k.PostedOn, "last_appeal_day", d.LastAppealDay)
}

// RecordAppeal registers a request for legality review with its arrival day (KL 13:6).
type RecordAppeal struct {
	ReceivedOn  Date   `json:"received_on"`
	Text        string `json:"text"`
	ForwardedOn Date   `json:"forwarded_on"` // to the court; may come later, with the same arrival day
}

func (RecordAppeal) Action() Action { return ActRecordAppeal }

func (RecordAppeal) guard(t *turn) error { return RecordNotice{}.guard(t) }

func (k *RecordAppeal) check(t *turn) {
	t.sinceDecision("received_on", k.ReceivedOn)
	switch on := k.ForwardedOn; {
	case on.IsZero():
	case on.After(t.today()):
		t.fault("forwarded_on", "in_future")
	case on.Before(k.ReceivedOn):
		t.fault("forwarded_on", "before_appeal")
	}
}

func (k *RecordAppeal) apply(t *turn) {
	last := t.App.Decision.LastAppealDay
	in := last.IsZero() || !k.ReceivedOn.After(last)
	if !k.ForwardedOn.IsZero() {
		t.note("forwarded_on", k.ForwardedOn)
	}
	known := t.App.Appeal != nil && t.App.Appeal.Judgment == nil && t.App.Appeal.ReceivedOn == k.ReceivedOn
	if a := t.App.Appeal; in || a == nil || !a.InTime || a.Judgment != nil { // a late one does not push aside one that is being tried
		t.App.Appeal = &Appeal{ReceivedOn: k.ReceivedOn, Text: k.Text, InTime: in, ForwardedOn: k.ForwardedOn}
	}
	if !known { // else only the day of the forwarding, or the words, are added
		t.mail("other", "applicant", "officer")
	}
	t.note("received_on", k.ReceivedOn, "in_time", in)
}

// RecordJudgment is the court's answer. An annulled decision is kept beside the
// case, which is handled again; what was paid becomes a proposed recovery.
type RecordJudgment struct {
	On      Date   `json:"on"`
	Outcome string `json:"outcome"`
}

func (RecordJudgment) Action() Action { return ActRecordJudgment }

func (RecordJudgment) guard(t *turn) error {
	if t.App.Appeal == nil || t.App.Appeal.Judgment != nil {
		return Refused{Code: "no_appeal"}
	}
	return t.told()
}

func (k *RecordJudgment) check(t *turn) {
	if !slices.Contains([]string{"upheld", "annulled", "dismissed"}, k.Outcome) {
		t.fault("outcome", "choice")
	}
	if k.On.IsZero() {
		t.fault("on", "required")
	} else if k.On.After(t.today()) {
		t.fault("on", "in_future")
	} else if k.On.Before(t.App.Appeal.ReceivedOn) {
		t.fault("on", "before_appeal")
	}
	if k.Outcome == "annulled" && t.underWay() {
		t.fault("outcome", "payment_under_way")
	}
}

func (k *RecordJudgment) next(t *turn) State {
	if k.Outcome == "annulled" {
		return UnderCheck
	}
	return t.from
}

func (k *RecordJudgment) apply(t *turn) {
	a := &t.App
	a.Appeal.Judgment = &Judgment{On: k.On, Outcome: k.Outcome}
	t.note("on", k.On, "outcome", k.Outcome)
	t.mail("other", "applicant", "officer")
	if k.Outcome != "annulled" {
		t.checkPayableLater()
		return
	}
	old := *a.Decision
	a.Annulled = append(a.Annulled, old)
	a.Decision, a.Proposal, a.Eligible = nil, nil, nil
	t.dropPlanned()
	if a.Report != nil {
		a.Reports, a.Report = append(a.Reports, *a.Report), nil
	}
	a.Settlement, a.Cancelled = nil, nil
	t.overtakeChange("annulled")
	a.propose(a.PaidNet(), "annulled")
}

// LegalForceOn is the day on which the decision gains legal force: the last
// appeal day; zero before the notice and while appealed in time; set again by a judgment.
func (a Application) LegalForceOn() Date {
	if a.Decision == nil || a.Decision.LastAppealDay.IsZero() {
		return Date{}
	}
	if k := a.Appeal; k != nil && k.InTime && (k.Judgment == nil || k.Judgment.Outcome != "annulled") { // an annulment was about an earlier decision
		if a.Appeal.Judgment == nil {
			return Date{}
		}
		return a.Appeal.Judgment.On
	}
	return a.Decision.LastAppealDay
}
