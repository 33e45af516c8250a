package workflow

// StartTravel is the machine on the first day of travel.
type StartTravel struct{}

func (StartTravel) Action() Action { return ActStartTravel }

func (StartTravel) guard(t *turn) error {
	start, _, ok := t.App.Form.Activity.Days()
	if !ok || t.today().Before(start) || t.App.Cancelled != nil {
		return Refused{Code: "not_yet"}
	}
	return nil
}

func (StartTravel) apply(t *turn) {
	if _, end, _ := t.App.Form.Activity.Days(); t.today().After(end) { // it is noticed late: they are home already
		t.job(JobTravelEnd, t.at, "end", end.String())
	}
}

// EndTravel is the machine on the day after the last.
type EndTravel struct{}

func (EndTravel) Action() Action { return ActEndTravel }

func (EndTravel) guard(t *turn) error {
	_, end, ok := t.App.Form.Activity.Days()
	if !ok || !t.today().After(end) || t.App.Cancelled != nil {
		return Refused{Code: "not_yet"}
	}
	return nil
}

func (EndTravel) apply(t *turn) { t.mail("other", "applicant") }
