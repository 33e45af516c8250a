package workflow

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// RuleEligibility is the officer's ruling, rule by rule; what is not named keeps the machine's finding.
type RuleEligibility struct {
	Eligible bool        `json:"eligible"`
	Rulings  []RuleValue `json:"rulings"`
}

// RuleValue is the ruling on one rule.
type RuleValue struct {
	Rule   string `json:"rule"`
	Met    bool   `json:"met"`
	Reason string `json:"reason,omitempty"`
}

func (RuleEligibility) Action() Action { return ActRuleEligibility }

func (k *RuleEligibility) check(t *turn) {
	for i, r := range k.Rulings {
		if !knownRule(r.Rule) {
			t.fault(fmt.Sprintf("rulings[%d].rule", i), "choice")
		}
		t.noPersonalNumber(fmt.Sprintf("rulings[%d].reason", i), r.Reason)
	}
}

func knownRule(s string) bool {
	var n int
	_, err := fmt.Sscanf(s, "RF-%d", &n)
	return err == nil && len(s) == 5 && n >= 1 && n <= 27
}

func (k *RuleEligibility) next(t *turn) State {
	if k.Eligible {
		return UnderAssessment
	}
	return UnderCheck
}

func (k *RuleEligibility) apply(t *turn) {
	t.takeOn()
	t.App.Eligible = &k.Eligible
	t.App.Rulings = nil // a rule that is not named keeps the machine's finding, also when ruled again
	for _, r := range k.Rulings {
		t.App.Rulings = append(t.App.Rulings, Ruling{Rule: r.Rule, Met: r.Met, Reason: r.Reason, By: t.by.Email, At: t.at})
	}
	t.note("eligible", k.Eligible, "rulings", k.Rulings)
}

// AssignReviewers says who assesses. Those who have handed in stay; those who
// have not and are not named are relieved.
type AssignReviewers struct {
	Reviewers []string `json:"reviewers"`
}

func (AssignReviewers) Action() Action    { return ActAssignReviewers }
func (k AssignReviewers) Names() []string { return k.Reviewers }

func (k *AssignReviewers) guard(t *turn) error {
	if t.App.State == UnderCheck && (t.App.Eligible == nil || !*t.App.Eligible) {
		return Refused{Code: "not_ruled_eligible"}
	}
	return nil
}

func (k *AssignReviewers) check(t *turn) {
	if len(k.Reviewers) == 0 {
		t.fault("reviewers", "required")
	}
	seen := map[string]bool{}
	for i, email := range k.Reviewers {
		field := fmt.Sprintf("reviewers[%d]", i)
		p, ok := t.Facts.People[email]
		switch {
		case !ok || !p.Is(Reviewer):
			t.fault(field, "no_reviewer", "Email", email)
		case seen[email]:
			t.fault(field, "twice", "Email", email)
		case Barred(t.Case, p):
			t.ruleFault("RF-18", field, "in_conflict", "Email", email)
		}
		seen[email] = true
	}
}

// Conflicted tells whether a person may not handle the case (RF-18; KL 6:28,
// 7:4): declared, of the same school or organisation, or the applicant.
func Conflicted(c Case, p Person) bool {
	return c.App.InConflict(p.ID) || p.Belongs(c.App.SchoolID) || c.App.ApplicantID == p.ID && p.ID != 0 ||
		slices.Contains(c.App.Writers, p.ID) || SameOrg(p.OrgNo, c.App.OrgNo)
}

// Barred tells whether a person can't be given the case (RF-18): in conflict, or
// by what the facts computed of them: a declared tie, an own application in the round.
func Barred(c Case, p Person) bool {
	return Conflicted(c, p) || c.Facts.Conflicts[p.Email] != ""
}

func (k *AssignReviewers) apply(t *turn) {
	var next []Review
	for _, r := range t.App.Reviews {
		if r.Done() || slices.Contains(k.Reviewers, r.Reviewer) {
			next = append(next, r)
		}
	}
	for _, email := range k.Reviewers {
		if slices.ContainsFunc(next, func(r Review) bool { return r.Reviewer == email }) {
			continue
		}
		p := t.Facts.People[email]
		next = append(next, Review{Person: p.ID, Reviewer: p.Email, AssignedAt: t.at})
		t.mail("assigned", "person:"+p.Email)
	}
	t.relieve(next)
	t.App.Reviews = next
	t.note("reviewers", k.Reviewers)
}

// relieve writes to those who had the case to assess and have it no longer. The mail names
// no school, and who could not be given the case by now is written nothing (RF-18).
func (t *turn) relieve(stay []Review) {
	for _, r := range t.App.Reviews {
		if !r.Done() && !slices.ContainsFunc(stay, func(s Review) bool { return s.Person == r.Person }) {
			t.mail("other", Relieved+r.Reviewer)
		}
	}
}

// Relieved begins the group of a reviewer who no longer has the case.
const Relieved = "relieved:"

// DeclareInterest is a person's own declaration. In conflict, begun scores are
// voided but kept, and from then on the case is gone for that person.
type DeclareInterest struct {
	Conflict bool   `json:"conflict"`
	Reason   string `json:"reason"`
}

func (DeclareInterest) Action() Action { return ActDeclareInterest }

func (k *DeclareInterest) check(t *turn) { t.noPersonalNumber("reason", k.Reason) }

func (k *DeclareInterest) apply(t *turn) {
	a := &t.App
	a.Interests = slices.DeleteFunc(a.Interests, func(i Interest) bool { return i.Person == t.by.ID })
	a.Interests = append(a.Interests, Interest{Person: t.by.ID, Email: t.by.Email, Conflict: k.Conflict, Reason: k.Reason, At: t.at})
	t.note("conflict", k.Conflict)
	if !k.Conflict {
		return
	}
	t.note("reason", k.Reason)
	if a.OfficerID == t.by.ID {
		a.Officer, a.OfficerID = "", 0
		t.note("left", string(Officer))
		t.mail("other", "officer")
	}
	if t.by.Is(Head) && t.waitsForHead() {
		t.mail("other", "decider")
	}
	if own := a.ReviewOf(t.by.ID); own != nil {
		void := *own
		void.Reason = k.Reason
		if void.Reason == "" {
			void.Reason = "conflict"
		}
		a.Voided = append(a.Voided, void)
		a.Reviews = slices.DeleteFunc(a.Reviews, func(r Review) bool { return r.Person == t.by.ID })
		t.mail("other", "officer")
	}
}

// waitsForHead tells whether the head of office was asked for a word that somebody
// else must give now: another head or a substitute, else the committee.
func (c Case) waitsForHead() bool {
	if x := c.App.ChangeOpen(); x != nil && x.Level != ByItself {
		return c.changeBody() == Delegate
	}
	return c.App.State == Proposed && c.DecisionBody() == Delegate
}

// SaveReview keeps begun scores; nothing is asked of them yet.
type SaveReview struct {
	Ratings   map[string]int    `json:"ratings"`
	Comments  map[string]string `json:"comments"`
	Suggested *int64            `json:"suggested"`
}

func (SaveReview) Action() Action { return ActSaveReview }

func (k *SaveReview) guard(t *turn) error { return t.ownReviewOpen() }

// ownReviewOpen: the declaration comes first, and what is handed in stays.
func (t *turn) ownReviewOpen() error {
	if !t.App.Declared(t.by.ID) {
		return Refused{Code: "declare_first"}
	}
	if own := t.App.ReviewOf(t.by.ID); own != nil && own.Done() {
		return Refused{Code: "review_done"}
	}
	return nil
}

func (k *SaveReview) check(t *turn) {
	t.checkRatings("ratings", k.Ratings, false)
	t.checkComments(k.Comments, false)
}

func (k *SaveReview) apply(t *turn) {
	own := t.App.ReviewOf(t.by.ID)
	own.Ratings, own.Comments, own.Suggested = k.Ratings, k.Comments, k.Suggested
}

// checkRatings: known criteria, each 0…rating_max; all of them where the whole is asked for (RF-15).
func (t *turn) checkRatings(field string, ratings map[string]int, all bool) {
	r := t.Round.Rules
	for name, v := range ratings {
		if _, ok := r.CriteriaWeights[name]; !ok {
			t.fault(field+"."+name, "unknown_field")
		} else if v < 0 || v > r.RatingMax {
			t.ruleFault("RF-15", field+"."+name, "range", "Min", 0, "Max", r.RatingMax)
		}
	}
	if !all {
		return
	}
	for _, name := range r.Criteria() {
		if _, ok := ratings[name]; !ok {
			t.ruleFault("RF-15", field+"."+name, "required")
		}
	}
}

func (t *turn) checkComments(comments map[string]string, all bool) {
	r := t.Round.Rules
	for name, text := range comments {
		if _, ok := r.CriteriaWeights[name]; !ok {
			t.fault("comments."+name, "unknown_field")
		}
		t.noPersonalNumber("comments."+name, text)
	}
	if !all {
		return
	}
	for _, name := range r.Criteria() {
		if n := utf8.RuneCountInString(strings.TrimSpace(comments[name])); n < r.CommentMinChars {
			t.ruleFault("RF-15", "comments."+name, "comment_short", "Min", r.CommentMinChars, "Length", n)
		}
	}
}

// SubmitReview hands in the assessment: every criterion rated and commented.
type SubmitReview SaveReview

func (SubmitReview) Action() Action { return ActSubmitReview }

func (k *SubmitReview) guard(t *turn) error { return t.ownReviewOpen() }

func (k *SubmitReview) check(t *turn) {
	t.checkRatings("ratings", k.Ratings, true)
	t.checkComments(k.Comments, true)
	if k.Suggested != nil && *k.Suggested < 0 {
		t.fault("suggested", "negative")
	}
}

func (k *SubmitReview) apply(t *turn) {
	own := t.App.ReviewOf(t.by.ID)
	own.Ratings, own.Comments, own.Suggested, own.SubmittedAt = k.Ratings, k.Comments, k.Suggested, t.at
	if all, n := t.App.ReviewsDone(); all && n >= t.Round.Rules.Reviewers {
		t.mail("reviews_done", "officer")
	}
}

// SetConsensus is what the reviewers agree on; it may be set again after a remit.
type SetConsensus struct {
	Ratings map[string]int `json:"ratings"`
	Comment string         `json:"comment"`
}

func (SetConsensus) Action() Action { return ActSetConsensus }

func (k *SetConsensus) guard(t *turn) error {
	if all, n := t.App.ReviewsDone(); !all || n < t.Round.Rules.Reviewers {
		return Refused{Code: "reviews_missing", Args: map[string]any{"Done": n, "Count": t.Round.Rules.Reviewers}}
	}
	return nil
}

func (k *SetConsensus) check(t *turn) {
	t.checkRatings("ratings", k.Ratings, true)
	t.needText("comment", k.Comment)
}

func (k *SetConsensus) apply(t *turn) {
	t.App.Consensus = &Consensus{Ratings: k.Ratings, Comment: k.Comment, By: t.by.Email, At: t.at}
	t.note("ratings", k.Ratings, "total", Score(k.Ratings, t.Round.Rules))
}

// Rank puts the assessed case into the round's order.
type Rank struct{}

func (Rank) Action() Action { return ActRank }

func (Rank) guard(t *turn) error {
	if t.App.Consensus == nil {
		return Refused{Code: "no_consensus"}
	}
	if a := Assess(t.Case); a.Wide && !a.Settled {
		return Refused{Code: "wide_unsettled", Args: map[string]any{"Difference": a.Difference, "Max": t.Round.Rules.ScoreDifferenceMax}}
	}
	return nil
}
