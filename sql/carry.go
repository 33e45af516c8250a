package sql

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"fund/workflow"
)

// Carried is what an installation has been set up with and another can take
// over: schools, people, rule sets, the delegation order and rounds. No case is in it, and none of the
// rehearsal's invented people.
type Carried struct {
	Format  int                        `json:"format"`
	Schools []workflow.School          `json:"schools"`
	People  []CarriedPerson            `json:"people"`
	Rules   map[string]json.RawMessage `json:"rules"` // the newest of each scheme
	Rounds  []CarriedRound             `json:"rounds"`

	// Delegation is the order as it is and will be, the versions of an item by day.
	Delegation []workflow.DelegationItem `json:"delegation,omitempty"`
	// Texts are the office's own words for letters.
	Texts []StandingText `json:"texts,omitempty"`
}

// CarriedPerson names schools by name: numbers differ between installations.
type CarriedPerson struct {
	Email string        `json:"email"`
	Name  string        `json:"name"`
	OrgNo string        `json:"org_no,omitempty"`
	Roles []CarriedRole `json:"roles"`
}

// CarriedRole is a role, at a school or in the office.
type CarriedRole struct {
	Role   workflow.Role `json:"role"`
	School string        `json:"school,omitempty"`
}

// CarriedRound is a round's plan: its days, budget and parameters, without what happened in it.
type CarriedRound struct {
	Round      workflow.Round             `json:"round"`
	Parameters map[string]json.RawMessage `json:"parameters"`
}

const (
	carriedFormat = 1
	// inventedPeople is the domain of a rehearsal's people (RFC 2606); they never leave it.
	inventedPeople = "@example.org"
)

// Export gives what this installation was set up with.
func (s *Store) Export(ctx context.Context) (out Carried, err error) {
	out.Format = carriedFormat
	schools, err := s.Schools(ctx)
	if err != nil {
		return out, err
	}
	names := map[int64]string{}
	out.Schools = []workflow.School{}
	for _, sc := range schools {
		names[sc.ID] = sc.Name
		sc.School.ID = 0
		out.Schools = append(out.Schools, sc.School)
	}
	if out.People, err = s.carriedPeople(ctx, names); err != nil {
		return out, err
	}
	var versions map[string]int64
	if out.Rules, versions, err = s.carriedRules(ctx); err != nil {
		return out, err
	}
	if out.Rounds, err = s.carriedRounds(ctx, versions); err != nil {
		return out, err
	}
	if out.Delegation, err = s.carriedDelegation(ctx); err != nil {
		return out, err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return out, err
	}
	out.Texts, err = s.TextsAt(ctx, now)
	return out, err
}

// carriedPeople are all but a rehearsal's invented ones; schools are the names of the schools.
func (s *Store) carriedPeople(ctx context.Context, schools map[int64]string) ([]CarriedPerson, error) {
	people, err := s.Everyone(ctx)
	if err != nil {
		return nil, err
	}
	out := []CarriedPerson{}
	for _, p := range people {
		if strings.HasSuffix(p.Email, inventedPeople) {
			continue
		}
		c := CarriedPerson{Email: p.Email, Name: p.Name, OrgNo: p.OrgNo, Roles: []CarriedRole{}}
		for _, r := range p.Roles {
			c.Roles = append(c.Roles, CarriedRole{r.Role, schools[r.School]})
		}
		out = append(out, c)
	}
	return out, nil
}

// carriedRules are each scheme's newest rules, and their version here.
func (s *Store) carriedRules(ctx context.Context) (map[string]json.RawMessage, map[string]int64, error) {
	schemes, err := s.Schemes(ctx)
	if err != nil {
		return nil, nil, err
	}
	rules, versions := map[string]json.RawMessage{}, map[string]int64{}
	for _, sc := range schemes {
		set, err := s.NewestRules(ctx, sc.Code)
		if err != nil {
			return nil, nil, err
		}
		rules[sc.Code], versions[sc.Code] = set.Rules, set.Version
	}
	return rules, versions, nil
}

// carriedRounds are the plans of all rounds, oldest first. Only the newest rules
// of a scheme are carried (in newest, by scheme): a round under older ones takes all of them along as its own.
func (s *Store) carriedRounds(ctx context.Context, newest map[string]int64) ([]CarriedRound, error) {
	rounds, err := s.Rounds(ctx, true)
	if err != nil {
		return nil, err
	}
	out := []CarriedRound{}
	for _, r := range slices.Backward(rounds) {
		own, err := s.RoundParameters(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		if r.RuleSet != newest[r.Scheme] {
			if own, err = asMap(r.Rules); err != nil {
				return nil, err
			}
		}
		plan := workflow.Round{
			ID:            r.ID,
			Scheme:        r.Scheme,
			Name:          r.Name,
			NameEN:        r.NameEN,
			OpensAt:       r.OpensAt,
			ClosesAt:      r.ClosesAt,
			TripFrom:      r.TripFrom,
			TripTo:        r.TripTo,
			Budget:        r.Budget,
			Meeting:       r.Meeting,
			MinutesOn:     r.MinutesOn,
			NoticeOn:      r.NoticeOn,
			LastAppealDay: r.LastAppealDay,
		}
		out = append(out, CarriedRound{plan, own})
	}
	return out, nil
}

func asMap(rules workflow.Rules) (map[string]json.RawMessage, error) {
	raw, err := encode(rules)
	if err != nil {
		return nil, err
	}
	out := map[string]json.RawMessage{}
	return out, json.Unmarshal(raw, &out)
}

// Taken says what an import did, thing by thing; "kept" is what was there already.
type Taken struct {
	Schools, People, PeopleKept, Rules, Rounds, RoundsKept, Delegation, DelegationKept, Texts int
}

// ErrCarried is what Import says of a file that is none of Export's.
var ErrCarried = errors.New("this is no export of the fund")

// Import takes over what another installation was set up with. Schools and
// people are added or brought up to date; rules become the scheme's next version
// where they differ; an item of the delegation order is added or becomes the next
// version of the one that is here; rounds come as drafts, and one whose code is known is kept
// as it is. It can be run again: the second time nothing changes.
func (s *Store) Import(ctx context.Context, in Carried) (done Taken, err error) {
	if in.Format != carriedFormat {
		return done, fmt.Errorf("%w: format %d", ErrCarried, in.Format)
	}
	by := workflow.Machine()
	if err := s.SaveSchools(ctx, by, in.Schools); err != nil {
		return done, fmt.Errorf("schools: %w", err)
	}
	done.Schools = len(in.Schools)
	schools, err := s.Schools(ctx)
	if err != nil {
		return done, err
	}
	ids := map[string]int64{}
	for _, sc := range schools {
		ids[sc.Name] = sc.ID
	}
	for _, c := range in.People {
		changed, err := s.importPerson(ctx, by, c, ids)
		if err != nil {
			return done, err
		}
		if changed {
			done.People++
		} else {
			done.PeopleKept++
		}
	}
	if done.Rules, err = s.importRules(ctx, by, in.Rules); err != nil {
		return done, err
	}
	if err := s.importDelegation(ctx, by, in.Delegation, &done); err != nil {
		return done, err
	}
	if err := s.importTexts(ctx, by, in.Texts, &done); err != nil {
		return done, err
	}
	done.Rounds, done.RoundsKept, err = s.importRounds(ctx, by, in.Rounds)
	return done, err
}

// importRules makes rules the scheme's next version where they differ from its newest.
func (s *Store) importRules(ctx context.Context, by workflow.Actor, in map[string]json.RawMessage) (added int, _ error) {
	for scheme, rules := range in {
		same, err := s.sameRules(ctx, scheme, rules)
		if err != nil {
			return added, err
		}
		if same {
			continue
		}
		if _, err := s.AddRules(ctx, by, scheme, rules, "import"); err != nil {
			return added, fmt.Errorf("rules of %s: %w", scheme, err)
		}
		added++
	}
	return added, nil
}

// importRounds adds the rounds that are not here yet.
func (s *Store) importRounds(ctx context.Context, by workflow.Actor, in []CarriedRound) (added, kept int, _ error) {
	for _, r := range in {
		switch _, err := s.Round(ctx, r.Round.ID); {
		case err == nil:
			kept++
			continue
		case !errors.Is(err, workflow.ErrNotFound):
			return added, kept, err
		}
		if _, err := s.CreateRound(ctx, by, RoundInput{Round: r.Round, Parameters: r.Parameters}); err != nil {
			return added, kept, fmt.Errorf("round %s: %w", r.Round.ID, err)
		}
		added++
	}
	return added, kept, nil
}

// importPerson adds somebody or changes what differs.
func (s *Store) importPerson(ctx context.Context, by workflow.Actor, c CarriedPerson, ids map[string]int64) (changed bool, err error) {
	if !s.rehearsal && strings.HasSuffix(c.Email, inventedPeople) {
		return false, fmt.Errorf("%s is one of a rehearsal's people, who do not exist in production", c.Email)
	}
	p := workflow.Person{Email: strings.ToLower(c.Email), Name: c.Name, OrgNo: c.OrgNo, Roles: []workflow.RoleAt{}}
	for _, r := range c.Roles {
		at := workflow.RoleAt{Role: r.Role, School: ids[r.School]}
		if r.School != "" && at.School == 0 {
			return false, fmt.Errorf("%s: no school is called %s", c.Email, r.School)
		}
		p.Roles = append(p.Roles, at)
	}
	old, err := s.PersonByEmail(ctx, p.Email)
	switch {
	case errors.Is(err, workflow.ErrNotFound):
	case err != nil:
		return false, err
	default:
		p.ID = old.ID
		less := func(a, b workflow.RoleAt) int {
			return strings.Compare(fmt.Sprint(a.Role, a.School), fmt.Sprint(b.Role, b.School))
		}
		slices.SortFunc(p.Roles, less)
		slices.SortFunc(old.Roles, less)
		if old.Name == p.Name && old.OrgNo == p.OrgNo && slices.Equal(old.Roles, p.Roles) {
			return false, nil
		}
	}
	if _, err := s.SavePerson(ctx, by, p); err != nil {
		return false, fmt.Errorf("%s: %w", c.Email, err)
	}
	return true, nil
}

// sameRules compares with the scheme's newest, whatever the order of the names.
func (s *Store) sameRules(ctx context.Context, scheme string, rules json.RawMessage) (bool, error) {
	old, err := s.NewestRules(ctx, scheme)
	if err != nil {
		return false, err
	}
	var a, b any
	if err := errors.Join(json.Unmarshal(old.Rules, &a), json.Unmarshal(rules, &b)); err != nil {
		return false, fmt.Errorf("rules of %s: %w", scheme, err)
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return bytes.Equal(x, y), errors.Join(errX, errY)
}
