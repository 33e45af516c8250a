package sql

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"

	"fund/workflow"
)

//go:embed seed/*.json seed/rules/*.json
var seedFiles embed.FS

// seedPeople are the rehearsal's people: one for each role (contract.md §2). Names are invented.
var seedPeople = []struct {
	email, name, orgNo string
	role               workflow.Role
	school             string
}{
	{"teacher", "Elin Marklund", "", workflow.Teacher, "Baldergymnasiet"},
	{"teacher2", "Per Lundgren", "", workflow.Teacher, "Kågeskolan"},
	{"principal", "Johan Sehlstedt", "", workflow.Principal, "Baldergymnasiet"},
	{"economist", "Ulrika Norberg", "", workflow.Economist, "Baldergymnasiet"},
	{"officer", "Karin Holmlund", "", workflow.Officer, ""},
	{"reviewer1", "Maria Granström", "", workflow.Reviewer, ""},
	{"reviewer2", "Olof Burman", "", workflow.Reviewer, ""},
	{"reviewer3", "Sofia Renberg", "", workflow.Reviewer, ""},
	{"head", "Lena Vikström", "", workflow.Head, ""},
	{"secretary", "Anders Bergdahl", "", workflow.Secretary, ""},
	{"finance1", "Eva Stenlund", "", workflow.Finance1, ""},
	{"finance2", "Mikael Hedlund", "", workflow.Finance2, ""},
	{"registrar", "Birgitta Åkerlund", "", workflow.Registrar, ""},
	{"auditor", "Nils Fahlgren", "", workflow.Auditor, ""},
	{"admin", "Sara Öhlund", "", workflow.Admin, ""},
	{"external", "Frida Boman", "999999-9999", workflow.External, ""},
}

// seedLock is the number under which only one process fills an installation.
const seedLock = 7_301_977

// Seeding runs fill alone: a second process waits, and then finds the work done.
func (s *Store) Seeding(ctx context.Context, fill func() error) error {
	conn, err := s.locks.Connx(ctx)
	if err != nil {
		return fmt.Errorf("seed lock: %w", err)
	}
	defer func() { _ = conn.Close() }() // back to the pool
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", seedLock); err != nil {
		return fmt.Errorf("seed lock: %w", err)
	}
	err = fill()
	_, unlock := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", seedLock)
	return errors.Join(err, unlock)
}

// SeedRegister fills an empty installation with what every one needs: the
// schemes and their first rules.
func (s *Store) SeedRegister(ctx context.Context) error {
	var schemes []workflow.Scheme
	if err := seed("seed/schemes.json", &schemes); err != nil {
		return err
	}
	for _, sc := range schemes {
		data, err := encode(sc)
		if err != nil {
			return err
		}
		if _, err := exec(ctx, s.db, s.q.UpsertScheme, params{"code": sc.Code, "data": data}); err != nil {
			return fmt.Errorf("scheme %s: %w", sc.Code, err)
		}
		rules, err := seedFiles.ReadFile("seed/rules/" + sc.Code + ".json")
		if err != nil {
			return fmt.Errorf("rules of %s: %w", sc.Code, err)
		}
		if _, err := s.NewestRules(ctx, sc.Code); err == nil {
			continue // an installation that has rules keeps them
		}
		if _, err := s.AddRules(ctx, workflow.Machine(), sc.Code, rules, "seed"); err != nil {
			return fmt.Errorf("rules of %s: %w", sc.Code, err)
		}
	}
	return nil
}

// SeedSchools adds the schools of Skellefteå.
func (s *Store) SeedSchools(ctx context.Context) error {
	var schools []workflow.School
	if err := seed("seed/schools.json", &schools); err != nil {
		return err
	}
	return s.SaveSchools(ctx, workflow.Machine(), schools)
}

// SeedPeople adds the rehearsal's people: one for each role, and a teacher and a principal for each school.
func (s *Store) SeedPeople(ctx context.Context) error {
	schools, err := s.Schools(ctx)
	if err != nil {
		return err
	}
	id := map[string]int64{}
	for _, sc := range schools {
		id[sc.Name] = sc.ID
	}
	add := func(email, name, orgNo string, role workflow.RoleAt) error {
		_, err := s.SavePerson(
			ctx,
			workflow.Machine(),
			workflow.Person{Email: email + "@example.org", Name: name, OrgNo: orgNo, Roles: []workflow.RoleAt{role}},
		)
		return err
	}
	for _, p := range seedPeople {
		if err := add(p.email, p.name, p.orgNo, workflow.RoleAt{Role: p.role, School: id[p.school]}); err != nil {
			return fmt.Errorf("person %s: %w", p.email, err)
		}
	}
	for _, sc := range schools {
		if err := add("teacher."+sc.Slug, "Lärare, "+sc.Name, "", workflow.RoleAt{Role: workflow.Teacher, School: sc.ID}); err != nil {
			return fmt.Errorf("teacher of %s: %w", sc.Name, err)
		}
		if err := add("principal."+sc.Slug, "Rektor, "+sc.Name, "", workflow.RoleAt{Role: workflow.Principal, School: sc.ID}); err != nil {
			return fmt.Errorf("principal of %s: %w", sc.Name, err)
		}
	}
	return nil
}

func seed(name string, v any) error {
	raw, err := seedFiles.ReadFile(name)
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("seed %s: %w", name, err)
	}
	return nil
}
