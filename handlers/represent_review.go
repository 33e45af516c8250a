package handlers

import "fund/workflow"

type approvalJSON struct {
	By        string `json:"by"`
	At        moment `json:"at"`
	Statement string `json:"statement,omitempty"`
	Role      string `json:"role,omitempty" doc:"economist, where the school's economist answered for a report's money; else the principal."`
	For       string `json:"for,omitempty" doc:"Address of the principal whose substitute gave the word."`
}

type returnedJSON struct {
	By     string   `json:"by"`
	At     moment   `json:"at"`
	Reason string   `json:"reason"`
	Fields []string `json:"fields"`
	For    string   `json:"for,omitempty" doc:"Address of the principal whose substitute did it."`
}

type completionJSON struct {
	Points   []workflow.Point `json:"points"`
	AskedAt  moment           `json:"asked_at"`
	DueOn    workflow.Date    `json:"due_on"`
	Extended int              `json:"extended_days"`
	Answered bool             `json:"answered"`
	Expired  bool             `json:"expired"`
	Message  string           `json:"message,omitempty"`
}

type rulingJSON struct {
	Rule   string `json:"rule"`
	Met    bool   `json:"met"`
	Reason string `json:"reason,omitempty"`
	By     string `json:"by"`
	At     moment `json:"at"`
}

type assessmentJSON struct {
	Reviews    []reviewJSON   `json:"reviews"`
	Consensus  map[string]int `json:"consensus,omitempty" doc:"Ratings that the reviewers agree on."`
	Comment    string         `json:"comment,omitempty"`
	Total      *int           `json:"total,omitempty" doc:"Weighted sum of the consensus."`
	Passed     *bool          `json:"passed,omitempty" doc:"Total and every rating reach the thresholds (RF-15)."`
	Difference *int           `json:"difference,omitempty" doc:"Largest difference between two reviewers."`
	Voided     []voidedJSON   `json:"voided" doc:"Scores of people who turned out to be in conflict of interest."`
}

type reviewJSON struct {
	Reviewer    string            `json:"reviewer" doc:"E-mail address."`
	Ratings     map[string]int    `json:"ratings"`
	Comments    map[string]string `json:"comments"`
	Total       *int              `json:"total" doc:"Null until handed in."`
	Suggested   *int64            `json:"suggested" doc:"Whole kronor."`
	SubmittedAt moment            `json:"submitted_at"`
}

type voidedJSON struct {
	reviewJSON
	Reason string `json:"reason"`
}

// representPreparation fills what comes before the decision.
func representPreparation(out *applicationJSON, c workflow.Case, by workflow.Actor, inside bool) {
	a := c.App
	out.Approval = representApproval(a.Approval)
	if r := a.Returned; r != nil {
		out.Returned = &returnedJSON{r.By, moment(r.At), r.Reason, orEmpty(r.Fields), r.For}
	}
	if k := a.Completion; k != nil {
		out.Completion = &completionJSON{orEmpty(k.Points), moment(k.AskedAt), k.DueOn, k.Extended, k.Answered, k.Expired, k.Message}
	}
	if !inside {
		return
	}
	if by.Office() {
		out.Officer = a.Officer
	}
	out.Eligible = a.Eligible
	for _, r := range a.Rulings {
		out.Rulings = append(out.Rulings, rulingJSON{r.Rule, r.Met, r.Reason, r.By, moment(r.At)})
	}
	out.Assessment = representAssessment(c, by)
	if h := a.Letter; h != nil && by.Office() {
		out.Letter = &letterJSON{h.Waits(), h.Reason, h.By, moment(h.At), moment(h.ReleasedAt)}
	}
	if p := a.Proposal; p != nil {
		out.Proposal = &proposalJSON{
			p.Outcome,
			p.Amount,
			orEmpty(p.Reasons),
			p.Text,
			representConditions(p.Conditions),
			p.StateAid,
			p.Child,
			p.By,
			moment(p.At),
		}
	}
}

func representApproval(a *workflow.Approval) *approvalJSON {
	if a == nil {
		return nil
	}
	return &approvalJSON{a.By, moment(a.At), a.Statement, string(a.Role), a.For}
}

// representAssessment shows a reviewer who has not handed in nothing but the own review.
func representAssessment(c workflow.Case, by workflow.Actor) *assessmentJSON {
	a := c.App
	if len(a.Reviews) == 0 && len(a.Voided) == 0 && a.Consensus == nil {
		return nil
	}
	out := &assessmentJSON{Reviews: []reviewJSON{}, Voided: []voidedJSON{}}
	visible := workflow.VisibleReviews(c, by)
	for _, r := range visible {
		out.Reviews = append(out.Reviews, representReview(r, c.Round.Rules))
	}
	if len(visible) < len(a.Reviews) {
		return out
	}
	for _, r := range a.Voided {
		out.Voided = append(out.Voided, voidedJSON{representReview(r, c.Round.Rules), r.Reason})
	}
	s := workflow.Assess(c)
	out.Total, out.Passed = s.Total, s.Passed
	if _, done := a.ReviewsDone(); done > 1 {
		out.Difference = &s.Difference
	}
	if k := a.Consensus; k != nil {
		out.Consensus, out.Comment = k.Ratings, k.Comment
	}
	return out
}

func representReview(r workflow.Review, rules workflow.Rules) reviewJSON {
	out := reviewJSON{r.Reviewer, r.Ratings, r.Comments, nil, r.Suggested, moment(r.SubmittedAt)}
	if out.Ratings == nil {
		out.Ratings = map[string]int{}
	}
	if out.Comments == nil {
		out.Comments = map[string]string{}
	}
	if r.Done() {
		total := workflow.Score(r.Ratings, rules)
		out.Total = &total
	}
	return out
}
