package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
)

// schoolJSON is a school unit of the register.
type schoolJSON struct {
	workflow.School
	Blocked bool `json:"blocked" doc:"An overdue report stops decisions and payments (RF-12)."`
}

func representSchool(r sql.SchoolRow) schoolJSON { return schoolJSON{r.School, r.Blocked} }

// allSchools is the whole register as it is answered, and the tag of its bytes.
func (s *Server) allSchools(c *gin.Context) ([]schoolJSON, string, error) {
	rows, err := s.store.Schools(c.Request.Context())
	if err != nil {
		return nil, "", err
	}
	all := make([]schoolJSON, 0, len(rows))
	for _, r := range rows {
		all = append(all, representSchool(r))
	}
	raw, err := json.Marshal(all)
	if err != nil {
		return nil, "", fmt.Errorf("schools: %w", err)
	}
	return all, digestTag(raw), nil
}

// schools lists the register. The ETag is the whole register's, whatever part is asked for.
func (s *Server) schools(c *gin.Context) error {
	all, tag, err := s.allSchools(c)
	if err != nil {
		return err
	}
	items, err := page(c, all, func(x schoolJSON) string { return idKeyOf(x.ID) })
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, listJSON[schoolJSON]{items}, tag)
}

// putSchools adds or changes units by name. None is removed: closed units own old cases.
func (s *Server) putSchools(c *gin.Context) error {
	by := actorOf(c)
	if err := is(by, workflow.Admin); err != nil {
		return err
	}
	_, tag, err := s.allSchools(c)
	if err != nil {
		return err
	}
	if err := matchesTag(c.Request, tag); err != nil {
		return err
	}
	raw, err := body(c)
	if err != nil {
		return err
	}
	var in listJSON[schoolJSON]
	if strings.HasPrefix(string(raw), "[") {
		err = decode(raw, &in.Items)
	} else {
		err = decode(raw, &in)
	}
	if err != nil {
		return err
	}
	list := make([]workflow.School, len(in.Items))
	for i, x := range in.Items {
		list[i] = x.School
	}
	if err := s.store.SaveSchools(c.Request.Context(), by, list); err != nil {
		return err
	}
	all, tag, err := s.allSchools(c)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, listJSON[schoolJSON]{all}, tag)
}

// school shows one.
func (s *Server) school(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	r, err := s.store.School(c.Request.Context(), id)
	if err != nil {
		return err
	}
	return answerTagged(c, http.StatusOK, representSchool(r))
}

// answerTagged answers with the tag of the bytes.
func answerTagged(c *gin.Context, status int, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("answer of %s: %w", c.FullPath(), err)
	}
	return answer(c, status, v, digestTag(raw))
}

// personIn is somebody as an administrator writes them. Fields that are left out keep what they were.
type personIn struct {
	Email *string   `json:"email,omitempty"`
	Name  *string   `json:"name,omitempty"`
	OrgNo *string   `json:"org_no,omitempty" doc:"Of people of outside organisations."`
	Roles *[]roleIn `json:"roles,omitempty" doc:"Replaced whole."`

	Protected *bool `json:"protected_identity,omitempty" doc:"Protected identity (OSL 21:3): name becomes what the person does and where, email has to be a role address."`

	ID int64 `json:"id,omitempty" doc:"Ignored."`
}

type roleIn struct {
	Role   workflow.Role `json:"role"`
	School schoolRef     `json:"school,omitempty" doc:"Number, unit code or exact name of a school unit."`
}

// schoolRef names a school by its number, unit code or exact name.
type schoolRef string

// UnmarshalJSON takes a number as well as a text.
func (r *schoolRef) UnmarshalJSON(raw []byte) error {
	text := strings.TrimSpace(string(raw))
	switch {
	case text == "null":
		*r = ""
		return nil
	case strings.HasPrefix(text, `"`):
		return json.Unmarshal(raw, (*string)(r))
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return &json.UnmarshalTypeError{Value: "school"}
	}
	*r = ""
	if n != 0 {
		*r = schoolRef(strconv.FormatInt(n, 10))
	}
	return nil
}

// find gives the number of the school that is meant; false if there is none.
func (r schoolRef) find(all []sql.SchoolRow) (int64, bool) {
	text := strings.TrimSpace(string(r))
	if text == "" {
		return 0, true
	}
	for _, x := range all {
		if x.Name == text || x.UnitCode == text || idKeyOf(x.ID) == text {
			return x.ID, true
		}
	}
	return 0, false
}

// people lists everyone with an account.
func (s *Server) people(c *gin.Context) error {
	if err := is(actorOf(c), workflow.Admin); err != nil {
		return err
	}
	limit, after, err := windowOf(c)
	if err != nil {
		return err
	}
	list, err := s.store.People(c.Request.Context(), after, limit+1)
	if err != nil {
		return err
	}
	if len(list) > limit {
		list = list[:limit]
		linkNext(c, idKeyOf(list[limit-1].ID))
	}
	for i := range list {
		list[i].Roles = orEmpty(list[i].Roles)
	}
	return answer(c, http.StatusOK, listJSON[workflow.Person]{orEmpty(list)}, "")
}

// newPerson adds somebody.
func (s *Server) newPerson(c *gin.Context) error {
	if err := is(actorOf(c), workflow.Admin); err != nil {
		return err
	}
	return s.savePerson(c, workflow.Person{}, http.StatusCreated)
}

// patchPerson changes somebody.
func (s *Server) patchPerson(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	p, err := s.store.Person(c.Request.Context(), id)
	if err != nil {
		return err
	}
	if err := is(actorOf(c), workflow.Admin); err != nil {
		return err
	}
	p.Roles = orEmpty(p.Roles)
	raw, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("person %d: %w", id, err)
	}
	if err := matchesTag(c.Request, digestTag(raw)); err != nil {
		return err
	}
	return s.savePerson(c, p, http.StatusOK)
}

func (s *Server) savePerson(c *gin.Context, p workflow.Person, status int) error {
	var in personIn
	if err := readJSON(c, &in); err != nil {
		return err
	}
	for _, f := range []struct{ from, to *string }{{in.Email, &p.Email}, {in.Name, &p.Name}, {in.OrgNo, &p.OrgNo}} {
		if f.from != nil {
			*f.to = strings.TrimSpace(*f.from)
		}
	}
	if in.Roles != nil {
		all, err := s.store.Schools(c.Request.Context())
		if err != nil {
			return err
		}
		p.Roles = []workflow.RoleAt{}
		var v workflow.Violations
		for i, r := range *in.Roles {
			id, ok := r.School.find(all)
			if !ok {
				v = append(v, workflow.Violation{Field: fmt.Sprintf("roles[%d].school", i), Code: "school_unknown"})
			}
			p.Roles = append(p.Roles, workflow.RoleAt{Role: r.Role, School: id})
		}
		if len(v) > 0 {
			return v
		}
	}
	if in.Protected != nil {
		p.Protected = *in.Protected
	}
	saved, err := s.savedPerson(c, p)
	if err != nil {
		return err
	}
	saved.Roles = orEmpty(saved.Roles)
	if status == http.StatusCreated {
		c.Header("Location", apiPrefix+"/people/"+idKeyOf(saved.ID))
	}
	return answerTagged(c, status, saved)
}
