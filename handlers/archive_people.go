package handlers

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// knownBy may get what is known about a person, for the one who asks (GDPR art. 15).
var knownBy = []workflow.Role{workflow.Registrar, workflow.Admin}

type archivePeople struct {
	Page
	Form  *Form
	Asked bool
	Table Table
	Empty Empty
}

// showArchivePeople finds the person of whom somebody asks what is known.
func (s *Server) showArchivePeople(c *gin.Context) error {
	p, err := s.newPage(c, "known.title")
	if err != nil {
		return err
	}
	l, f := p.Lang, newForm(c)
	p.Lead, p.Back = lang.T(l, "known.lead"), s.archiveBack(c, l)
	q := strings.ToLower(strings.TrimSpace(c.Query("q")))
	f.Set("q", c.Query("q"))
	page := archivePeople{Page: p, Form: f, Asked: q != "", Empty: Empty{Title: lang.T(l, "known.none"), Text: lang.T(l, "known.none.text")}}
	page.Table = Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Head:        []Column{{Text: lang.T(l, "field.name")}, {Text: lang.T(l, "field.email")}, {Text: lang.T(l, "known.file")}},
	}
	if q != "" {
		people, err := s.store.Everyone(c.Request.Context())
		if err != nil {
			return err
		}
		for _, x := range people {
			if strings.Contains(strings.ToLower(x.Name+" "+x.Email), q) {
				page.Table.Rows = append(
					page.Table.Rows,
					Row{Cells: []Cell{{Text: x.Name}, {Text: x.Email}, {Links: []Link{{Text: "JSON", Hidden: x.Name, Href: knownHref(fmt.Sprint(x.ID))}}}}},
				)
			}
		}
	}
	return s.page(c, http.StatusOK, "archive/people", page)
}
