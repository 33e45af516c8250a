package handlers

import (
	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// savedPerson saves somebody. With protected identity they are called by what they do and
// where, whatever name was sent, and their address may not give the name away.
func (s *Server) savedPerson(c *gin.Context, p workflow.Person) (workflow.Person, error) {
	if p.Protected {
		name := p.Name
		if p.ID != 0 { // the name may have been changed in the same form; the one that was known counts
			was, err := s.store.Person(c.Request.Context(), p.ID)
			if err != nil {
				return p, err
			}
			if !was.Protected {
				name += " " + was.Name
			} else {
				name = "" // long gone
			}
		}
		if workflow.GivesAway(p.Email, name) {
			return p, workflow.Violations{{Field: "email", Code: "role_address"}}
		}
		schools, _, err := s.schoolNames(c)
		if err != nil {
			return p, err
		}
		if p.Name = rolesText(lang.SV, p, schools); p.Name == "" {
			return p, workflow.Violations{{Field: "roles", Code: "required"}}
		}
	}
	return s.store.SavePerson(c.Request.Context(), actorOf(c), p)
}

// protectedNote tells whoever works with a case that somebody in it has protected identity.
func (s *Server) protectedNote(c *gin.Context, l lang.Lang, application int64) (*Note, error) {
	yes, err := s.store.ProtectedIn(c.Request.Context(), application)
	if err != nil || !yes {
		return nil, err
	}
	return &Note{Kind: "warn", Strong: lang.T(l, "protected.strong"), Text: lang.T(l, "protected.text")}, nil
}
