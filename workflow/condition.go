package workflow

import "slices"

// AcceptConditions is the school's yes to the decision's conditions; without it nothing is paid.
type AcceptConditions struct{}

func (AcceptConditions) Action() Action { return ActAcceptConditions }

func (AcceptConditions) guard(t *turn) error {
	if !t.App.Decision.Favourable() {
		return Refused{Code: "nothing_granted"}
	}
	return t.told()
}

func (AcceptConditions) apply(t *turn) {
	t.App.Decision.AcceptedAt = t.at
	t.checkPayableLater()
	if start, _, ok := t.App.Form.Activity.Days(); ok && !start.After(t.today()) { // the trip began before the answer came
		t.job(JobTravelStart, t.at, "start", start.String())
	}
}

// Decline is the school's no.
type Decline struct {
	Reason string `json:"reason"`
}

func (Decline) Action() Action { return ActDecline }

// guard: what is under way or paid under an annulled decision has to come back first.
func (Decline) guard(t *turn) error { return Lapse{}.guard(t) }

func (k *Decline) check(t *turn) { t.noPersonalNumber("reason", k.Reason) }

func (k *Decline) apply(t *turn) {
	t.note("reason", k.Reason)
	t.dropPlanned()
	t.overtakeChange("declined")
	t.mail("other", "officer")
}

// RuleCondition says whether one of the decision's own conditions is met.
type RuleCondition struct {
	Condition int    `json:"condition"`
	Met       *bool  `json:"met"`
	Note      string `json:"note"`
}

func (RuleCondition) Action() Action { return ActRuleCondition }

func (RuleCondition) guard(t *turn) error {
	if t.App.Decision == nil || len(t.App.Decision.Conditions) == 0 {
		return Refused{Code: "no_conditions"}
	}
	return nil
}

func (k *RuleCondition) check(t *turn) {
	if k.Condition < 1 || k.Condition > len(t.App.Decision.Conditions) {
		t.fault("condition", "range", "Min", 1, "Max", len(t.App.Decision.Conditions))
	}
	if k.Met == nil {
		t.fault("met", "required")
	}
	t.noPersonalNumber("note", k.Note)
}

func (k *RuleCondition) apply(t *turn) {
	c := &t.App.Decision.Conditions[k.Condition-1]
	c.Met, c.Note, c.By = k.Met, k.Note, t.by.Email
	t.note("condition", k.Condition, "met", *k.Met, "note", k.Note)
	t.checkPayableLater()
}

// Lapse ends an offer that was not accepted, or whose condition was not met. A person's word, never the machine's.
type Lapse struct {
	Reason string `json:"reason"`
}

func (Lapse) Action() Action { return ActLapse }

func (Lapse) guard(t *turn) error {
	if err := (AcceptConditions{}).guard(t); err != nil {
		return err
	}
	if t.underWay() || t.App.PaidNet() > 0 {
		return Refused{Code: "payment_under_way"}
	}
	return nil
}

func (k *Lapse) check(t *turn) { t.needText("reason", k.Reason) }

func (k *Lapse) apply(t *turn) {
	t.note("reason", k.Reason)
	t.dropPlanned()
	t.overtakeChange("lapsed")
	t.mail("other", "applicant", "principal")
}

// underWay tells whether an instalment is in a batch or on its way to the bank.
func (t *turn) underWay() bool {
	return slices.ContainsFunc(t.App.Payments, Payment.UnderWay)
}

// takeBack plans anew what the bank refused or sent back, so that it can be dropped or paid with the rest.
func (t *turn) takeBack() {
	for i := range t.App.Payments {
		if p := &t.App.Payments[i]; p.Failed() {
			p.Status = PayReplaced
			t.App.Payments = append(t.App.Payments, p.again())
		}
	}
}

// dropPlanned lets go of every planned instalment and frees its money.
func (t *turn) dropPlanned() {
	t.takeBack()
	for i := range t.App.Payments {
		p := &t.App.Payments[i]
		if p.Status == PayPlanned {
			p.Status = PayDropped
			t.move("released", AccReserved, AccAvailable, p.Sum())
		}
	}
	t.claimLess()
}

// conditionOpen tells whether a condition of a favourable decision is not ruled met.
func (a Application) conditionOpen() bool {
	return a.Decision.Favourable() && slices.ContainsFunc(a.Decision.Conditions, func(k Condition) bool { return k.Met == nil })
}

// conditionUnmet tells whether a condition is open or ruled not met: either stops payment.
func (a Application) conditionUnmet() bool {
	return a.Decision.Favourable() && slices.ContainsFunc(a.Decision.Conditions, func(k Condition) bool { return k.Met == nil || !*k.Met })
}
