package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// shortPage is a short page: what is known, and one form or one list below it.
type shortPage struct {
	Page
	Note    *Note
	Facts   []Fact
	Table   *Table
	Heading string
	Form    *Form
	Post    string
	Hidden  []hiddenValue
	Fields  []Field
	Buttons []Button
	Empty   *Empty
	Links   []Link
}

func (s *Server) short(c *gin.Context, status int, page shortPage) error {
	if page.Form != nil {
		page.Errors = page.Form.Errors
		if status == http.StatusOK && !page.Form.OK() {
			status = http.StatusUnprocessableEntity
		}
	}
	return s.page(c, status, "application/short", page)
}
