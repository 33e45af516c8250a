package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// economistPages let a principal say who is the school's economist, and that
// person find the reports whose money is theirs to look at (domain 9.4).
func (s *Server) economistPages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	name := []workflow.Role{workflow.Principal, workflow.Admin}
	return []pageRoute{
		{method: get, path: "/economists", do: s.showEconomists, roles: name, own: true},
		{method: post, path: "/economists", do: s.postEconomist, roles: name, own: true},
		{method: get, path: "/reports", do: s.showReports, roles: []workflow.Role{workflow.Economist}},
	}
}

func (s *Server) showEconomists(c *gin.Context) error {
	return s.drawEconomists(c, newForm(c))
}

func (s *Server) drawEconomists(c *gin.Context, f *Form) error {
	p, err := s.newPage(c, "economist.title")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Lead, p.Back = lang.T(l, "economist.lead"), toTasks(l)
	list, err := s.store.SchoolEconomists(c.Request.Context(), by)
	if err != nil {
		return err
	}
	schools, err := s.namesFor(c, by)
	if err != nil {
		return err
	}
	page := shortPage{Page: p, Form: f, Post: "/economists", Heading: lang.T(l, "economist.name"), Buttons: []Button{{Text: lang.T(l, "economist.give")}}}
	for _, x := range list {
		note := x.Email
		if x.At != nil && x.ByName != "" {
			note += ". " + lang.T(l, "economist.given", lang.Args{"Who": x.ByName, "Day": lang.Date(l, *x.At)})
		}
		page.Facts = append(page.Facts, Fact{Term: x.SchoolName, Value: x.Name, Note: note})
		page.Buttons = append(page.Buttons, Button{
			Text:    lang.T(l, "economist.drop", lang.Args{"Name": x.Name, "School": x.SchoolName}),
			Name:    "drop",
			Value:   fmt.Sprintf("%d.%d", x.School, x.ID),
			Variant: "secondary",
		})
	}
	if len(list) == 0 {
		page.Note = &Note{Text: lang.T(l, "economist.none")}
	}
	page.Fields = []Field{{Form: f, Name: "email", Kind: "text", Type: "email", Label: lang.T(l, "economist.email")},
		{Form: f, Name: "name", Kind: "text", Label: lang.T(l, "economist.new"), Hint: lang.T(l, "economist.new.hint"), Optional: true}}
	if len(schools) == 1 {
		page.Hidden = []hiddenValue{{"school", schools[0].Value}}
	} else {
		page.Fields = append(page.Fields, Field{Form: f, Name: "school", Kind: "select", Label: lang.T(l, "access.school"), Options: schools, Empty: lang.T(l, "access.choose")})
	}
	return s.short(c, http.StatusOK, page)
}

// namesFor are the schools whose economists somebody may name.
func (s *Server) namesFor(c *gin.Context, by workflow.Actor) ([]Option, error) {
	_, schools, err := s.schoolNames(c)
	return slices.DeleteFunc(schools, func(o Option) bool {
		id, err := strconv.ParseInt(o.Value, 10, 64)
		return err != nil || !sql.NamesEconomists(by, id)
	}), err
}

func (s *Server) postEconomist(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	if at, who, drop := strings.Cut(f.Raw("drop"), "."); drop {
		school, err1 := strconv.ParseInt(at, 10, 64)
		person, err2 := strconv.ParseInt(who, 10, 64)
		if errors.Join(err1, err2) != nil {
			return workflow.ErrNotFound
		}
		if err := s.store.DropEconomist(ctx, by, school, person); err != nil {
			return err
		}
		return s.see(c, "/economists", "economist.dropped")
	}
	email, name := f.Need("email"), f.Text("name")
	school := f.Int("school")
	if school == nil && f.Fault("school") == "" {
		f.Fail("school", "form.choice")
	}
	if f.Fault("email") == "" && !looksLikeMail(email) {
		f.Fail("email", "violation.email")
	}
	if !f.OK() {
		return s.drawEconomists(c, f)
	}
	err = s.store.NameEconomist(ctx, by, *school, name, email, func(p workflow.Person) sql.MailRow {
		at := s.nameOfSchool(c, *school)
		return sql.MailRow{To: p.Email, Kind: "other", Lang: string(f.Lang), Subject: lang.T(f.Lang, "economist.mail.subject", lang.Args{"School": at}),
			Body: lang.T(f.Lang, "economist.mail.body", lang.Args{"Name": p.Name, "School": at, "By": by.Name, "Link": s.BaseURL + "/sign-in?next=/reports"})}
	})
	if again, err := refusedForm(f, err); err != nil {
		return err
	} else if again {
		return s.drawEconomists(c, f)
	}
	return s.see(c, "/economists", "economist.gave")
}

func (s *Server) nameOfSchool(c *gin.Context, id int64) string {
	names, _, err := s.schoolNames(c)
	if err != nil {
		return ""
	}
	return names[id]
}

// showReports lists the final reports of the economist's schools, those that wait first.
func (s *Server) showReports(c *gin.Context) error {
	p, err := s.newPage(c, "economist.reports")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Lead = lang.T(l, "economist.reports.lead")
	page := shortPage{Page: p}
	var first, rest []Row
	for k, err := range s.store.AllCases(c.Request.Context(), by, sql.CaseFilter{}) {
		if err != nil {
			return err
		}
		if k.App.Report == nil || !by.At(workflow.Economist, k.App.SchoolID) {
			continue
		}
		waits := slices.Contains(workflow.Allowed(k, by, p.Now), workflow.ActApprove)
		row := Row{
			Cells: []Cell{
				{Links: []Link{{Text: k.App.Form.Title, Href: pathOf("reports", k.App.ID)}}, Note: strings.TrimSpace(k.App.DNR + " " + applicantName(k))},
				{Text: lang.Date(l, k.App.Report.SubmittedAt)},
				{Tags: []Tag{StateTag(l, k.App.State, true)}},
			},
		}
		if waits {
			row.Cells[2].Links = []Link{{Text: lang.T(l, "economist.look"), Hidden: k.App.Form.Title, Href: pathOf("approve", k.App.ID)}}
			first = append(first, row)
			continue
		}
		rest = append(rest, row)
	}
	if len(first)+len(rest) == 0 {
		page.Empty = &Empty{Title: lang.T(l, "economist.reports.none"), Text: lang.T(l, "economist.reports.none.text")}
		return s.short(c, http.StatusOK, page)
	}
	page.Table = &Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Rows:        append(first, rest...),
		Head:        []Column{{Text: lang.T(l, "reports.title")}, {Text: lang.T(l, "economist.sent")}, {Text: lang.T(l, "queue.state")}},
	}
	return s.short(c, http.StatusOK, page)
}
