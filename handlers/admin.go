package handlers

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// adminPages lists the pages of this room: people, schools, rules, jobs, proof.
func (s *Server) adminPages() []pageRoute {
	admin := []workflow.Role{workflow.Admin}
	const get, post = http.MethodGet, http.MethodPost
	return []pageRoute{
		{method: get, path: "/admin", do: s.showAdmin, roles: admin},
		{method: get, path: "/admin/people", do: s.showPeople, roles: admin},
		{method: get, path: "/admin/people/:id", do: s.showPerson, roles: admin},
		{method: post, path: "/admin/people/:id", do: s.postPerson, roles: admin},
		{method: get, path: "/admin/schools", do: s.showSchools, roles: admin},
		{method: get, path: "/admin/schools/:id", do: s.showSchool, roles: admin},
		{method: post, path: "/admin/schools/:id", do: s.postSchool, roles: admin},
		{method: get, path: "/admin/rules/:scheme", do: s.showRules, roles: admin},
		{method: post, path: "/admin/rules/:scheme", do: s.postRules, roles: admin},
		{method: get, path: "/admin/jobs", do: s.showJobs, roles: admin},
		{method: post, path: "/admin/jobs/:id", do: s.postJob, roles: admin},
		{method: get, path: "/admin/audit", do: s.showAudit, roles: []workflow.Role{workflow.Admin, workflow.Auditor}},
	}
}

// adminGroup is some of what an administrator looks after, with what each is for.
type adminGroup struct {
	Title string
	Tasks []Task
}

type adminPage struct {
	Page
	Groups []adminGroup
}

func (s *Server) showAdmin(c *gin.Context) error {
	p, err := s.newPage(c, "menu.admin")
	if err != nil {
		return err
	}
	l := p.Lang
	task := func(key, href string) Task {
		return Task{Text: lang.T(l, key), Hint: lang.T(l, key+".hint"), Href: href}
	}
	schemes, err := s.store.Schemes(c.Request.Context())
	if err != nil {
		return err
	}
	rules := []Task{{Text: lang.T(l, "menu.rounds"), Hint: lang.T(l, "admin.rounds.hint"), Href: "/rounds"}}
	for _, sc := range schemes {
		rules = append(rules, Task{
			Text: lang.T(l, "admin.rules", lang.Args{"Scheme": lang.T(l, "scheme."+sc.Code)}),
			Hint: lang.T(l, "admin.rules.hint"),
			Href: "/admin/rules/" + sc.Code,
		})
	}
	return s.page(c, http.StatusOK, "admin/start", adminPage{Page: p, Groups: []adminGroup{
		{
			lang.T(l, "admin.group.who"),
			[]Task{task("admin.people", "/admin/people"), task("admin.schools", "/admin/schools"), task("admin.delegation", "/admin/delegation")},
		},
		{lang.T(l, "admin.group.rules"), append(rules, task("admin.finance", "/admin/finance"))},
		{lang.T(l, "admin.group.words"), []Task{task("admin.texts", "/admin/texts"), task("admin.disturbance", "/admin/disturbance")}},
		{
			lang.T(l, "admin.group.care"),
			[]Task{
				task("admin.jobs", "/admin/jobs"),
				task("admin.audit", "/admin/audit"),
				task("retention.title", "/archive/retention"),
				task("admin.earlier", "/admin/earlier"),
			},
		},
	}})
}

// schoolNames maps ids to names.
func (s *Server) schoolNames(c *gin.Context) (map[int64]string, []Option, error) {
	schools, err := s.store.Schools(c.Request.Context())
	if err != nil {
		return nil, nil, err
	}
	names, options := map[int64]string{}, []Option{}
	for _, x := range schools {
		names[x.ID] = x.Name
		options = append(options, Option{Value: fmt.Sprint(x.ID), Text: x.Name})
	}
	return names, options, nil
}

type personPage struct {
	Page
	Form  *Form
	Post  string
	Roles RowSet
	Known string // where everything known about the person is
}

func (s *Server) showPerson(c *gin.Context) error {
	f := newForm(c)
	if c.Param("id") != "0" {
		id, err := idOf(c, "id")
		if err != nil {
			return err
		}
		x, err := s.store.Person(c.Request.Context(), id)
		if err != nil {
			return err
		}
		f.Set("email", x.Email)
		f.Set("name", x.Name)
		f.Set("org_no", x.OrgNo)
		f.Set("protected_identity", x.Protected)
		for i, r := range x.Roles {
			f.Set(rowMark("roles", i+1), "1")
			f.Set(fmt.Sprintf("roles.%d.role", i+1), string(r.Role))
			if r.School != 0 {
				f.Set(fmt.Sprintf("roles.%d.school", i+1), fmt.Sprint(r.School))
			}
		}
	}
	return s.drawPerson(c, http.StatusOK, f)
}

func (s *Server) drawPerson(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "admin.person")
	if err != nil {
		return err
	}
	if name := f.Text("name"); c.Param("id") != "0" && name != "" {
		p.Title = name
	} else if c.Param("id") == "0" {
		p.Title = lang.T(p.Lang, "admin.person.new")
	}
	p.Errors, p.Back = f.Errors, &Link{Text: lang.T(p.Lang, "admin.people"), Href: "/admin/people"}
	_, schools, err := s.schoolNames(c)
	if err != nil {
		return err
	}
	roles := make([]string, len(workflow.Roles))
	for i, r := range workflow.Roles {
		roles[i] = string(r)
	}
	set := f.RowSet(
		"roles",
		"two",
		1,
		nil,
		RowField{Name: "role", Kind: "select", Options: Options(p.Lang, "role", roles...)},
		RowField{Name: "school", Kind: "select", Options: schools, Empty: lang.T(p.Lang, "admin.no_school"), Optional: true},
	)
	return s.page(c, status, "admin/person", personPage{Page: p, Form: f, Post: "/admin/people/" + c.Param("id"), Roles: set, Known: knownHref(c.Param("id"))})
}

// knownHref is where an administrator gets what is known about somebody; there is nothing about somebody new.
func knownHref(id string) string {
	if id == "0" {
		return ""
	}
	return "/archive/people/" + id + "/known.json"
}

func (s *Server) postPerson(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	if _, pressed := f.ChangeRows(); pressed {
		return s.drawPerson(c, http.StatusOK, f)
	}
	x := workflow.Person{Email: f.Text("email"), Name: f.Text("name"), OrgNo: f.Text("org_no"), Protected: f.Bool("protected_identity")}
	if c.Param("id") != "0" {
		if x.ID, err = idOf(c, "id"); err != nil {
			return err
		}
	}
	for _, n := range f.Rows("roles") {
		r := workflow.RoleAt{Role: workflow.Role(f.Text(fmt.Sprintf("roles.%d.role", n)))}
		if school := f.Int(fmt.Sprintf("roles.%d.school", n)); school != nil {
			r.School = *school
		}
		if r.Role != "" {
			x.Roles = append(x.Roles, r)
		}
	}
	_, err = s.savedPerson(c, x)
	if again, err := refusedForm(f, err); err != nil {
		return err
	} else if again {
		return s.drawPerson(c, http.StatusUnprocessableEntity, f)
	}
	return s.see(c, "/admin/people", "admin.saved")
}

type rulesPage struct {
	Page
	Form     *Form
	Post     string
	Sections []ruleSection

	Compare string // the page that sets versions side by side
}

func (s *Server) showRules(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	set, err := s.store.NewestRules(c.Request.Context(), c.Param("scheme"))
	if err != nil {
		return err
	}
	rules, err := workflow.DecodeRules(set.Rules)
	if err != nil {
		return err
	}
	f := NewForm(l)
	setRules(f, rules)
	return s.drawRules(c, http.StatusOK, f, rules)
}

func (s *Server) drawRules(c *gin.Context, status int, f *Form, rules workflow.Rules) error {
	scheme := c.Param("scheme")
	p, err := s.newPage(c, "admin.rules", lang.Args{"Scheme": lang.T(f.Lang, "scheme."+scheme)})
	if err != nil {
		return err
	}
	p.Errors, p.Back, p.Lead = f.Errors, &Link{Text: lang.T(p.Lang, "menu.admin"), Href: "/admin"}, lang.T(p.Lang, "admin.rules.lead")
	l := p.Lang
	page := rulesPage{Page: p, Form: f, Post: "/admin/rules/" + scheme, Compare: "/rules/" + scheme, Sections: ruleSections(l, f, rules)}
	return s.page(c, status, "admin/rules", page)
}

// ruleLabel is a rule's name in words, with its number where it has one.
func ruleLabel(l lang.Lang, name string) string {
	if key := "parameter." + name; lang.Has(l, key) {
		return strings.TrimSpace(lang.T(l, key) + " " + ruleOf[name])
	}
	return name
}

// postRules adds the next version of a scheme's rules; rounds that have theirs keep them.
func (s *Server) postRules(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	set, err := s.store.NewestRules(c.Request.Context(), c.Param("scheme"))
	if err != nil {
		return err
	}
	was, err := workflow.DecodeRules(set.Rules)
	if err != nil {
		return err
	}
	change, err := readRules(f, was)
	if err != nil {
		return err
	}
	if f.OK() && len(change) == 0 {
		f.Fail("", "rules.unchanged")
	}
	if !f.OK() {
		return s.drawRules(c, http.StatusUnprocessableEntity, f, was)
	}
	rules, err := workflow.Override(set.Rules, change)
	if err == nil {
		_, err = s.store.AddRules(c.Request.Context(), actorOf(c), c.Param("scheme"), rules, f.Text("note"))
	}
	if again, err := refusedForm(f, err); err != nil {
		return err
	} else if again {
		return s.drawRules(c, http.StatusUnprocessableEntity, f, was)
	}
	return s.see(c, "/admin", "admin.saved")
}

type jobsPage struct {
	Page
	Table Table
	Empty Empty
}

func (s *Server) showJobs(c *gin.Context) error {
	p, err := s.newPage(c, "admin.jobs")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Back = &Link{Text: lang.T(l, "menu.admin"), Href: "/admin"}
	jobs, err := s.store.StuckJobs(c.Request.Context())
	if err != nil {
		return err
	}
	page := jobsPage{Page: p, Empty: Empty{Title: lang.T(l, "admin.jobs.none"), Text: lang.T(l, "admin.jobs.none.text")}}
	page.Table = Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "admin.job")},
			{Text: lang.T(l, "admin.job.due")},
			{Text: lang.T(l, "admin.job.tries"), Sum: true},
			{Text: lang.T(l, "admin.job.error")},
			{Text: lang.T(l, "queue.next")},
		},
	}
	for _, j := range jobs {
		page.Table.Rows = append(page.Table.Rows, Row{
			Cells: []Cell{
				{Text: j.Kind, Note: j.DNR},
				{At: j.RunAt},
				{Text: fmt.Sprint(j.Tries)},
				{Text: j.Error},
				{Button: &Button{Text: lang.T(l, "admin.job.again"), Name: "job", Value: fmt.Sprint(j.ID), Variant: "secondary"}},
			},
		})
	}
	return s.page(c, http.StatusOK, "admin/jobs", page)
}

func (s *Server) postJob(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	id := f.Int("job")
	if id == nil {
		return workflow.ErrNotFound
	}
	if err := s.store.RetryJob(c.Request.Context(), *id); err != nil {
		return err
	}
	return s.see(c, "/admin/jobs", "admin.job.sent")
}

func (s *Server) showAudit(c *gin.Context) error {
	p, err := s.newPage(c, "admin.audit")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Back = toTasks(l)
	if actorOf(c).Is(workflow.Admin) {
		p.Back = &Link{Text: lang.T(l, "menu.admin"), Href: "/admin"}
	}
	a, err := s.store.VerifyAudit(c.Request.Context())
	if err != nil {
		return err
	}
	page := listPage{
		Page: p,
		Empty: Empty{
			Title: lang.T(l, "admin.audit.ok"),
			Text:  lang.T(l, "admin.audit.text", lang.Args{"Events": lang.Number(l, a.Events), "Cases": lang.Number(l, a.Cases)}),
		},
	}
	for _, b := range a.Broken {
		page.Table.Head = []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "admin.audit.version"), Sum: true}, {Text: lang.T(l, "admin.job.error")}}
		page.Table.Rows = append(page.Table.Rows, Row{Cells: []Cell{{Text: fmt.Sprint(b.Application)}, {Text: fmt.Sprint(b.Version)}, {Text: b.Problem}}})
	}
	return s.page(c, http.StatusOK, "review/list", page)
}
