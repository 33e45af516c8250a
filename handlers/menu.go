package handlers

import (
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
)

// menuItem is an entry of the service's menu and who has it.
type menuItem struct {
	key, href string
	roles     []workflow.Role // empty: everyone, signed in or not
}

// menuItems is the whole menu, in order. Everyone sees what is theirs.
var menuItems = []menuItem{
	{"menu.tasks", "/tasks", workflow.Roles},
	{"menu.applications", "/applications", []workflow.Role{workflow.Teacher, workflow.External, workflow.Principal}},
	{"economist.reports", "/reports", []workflow.Role{workflow.Economist}},
	{"menu.cases", "/cases", []workflow.Role{workflow.Officer, workflow.Head, workflow.Secretary, workflow.Registrar, workflow.Auditor}},
	{"menu.reviews", "/reviews", []workflow.Role{workflow.Reviewer}},
	{"menu.rounds", "/rounds", []workflow.Role{workflow.Officer, workflow.Head, workflow.Admin}},
	{"menu.decisions", "/decisions", []workflow.Role{workflow.Head, workflow.Secretary, workflow.Officer}},
	{"menu.meetings", "/meetings", []workflow.Role{workflow.Secretary, workflow.Head, workflow.Officer, workflow.Registrar, workflow.Auditor}},
	{"menu.letters", "/letters", []workflow.Role{workflow.Secretary, workflow.Head, workflow.Officer}},
	{"menu.payouts", "/payouts", []workflow.Role{workflow.Finance1, workflow.Finance2, workflow.Auditor}},
	{"menu.ideas", "/ideas/queue", advisers},
	{"menu.archive", "/archive", []workflow.Role{workflow.Registrar, workflow.Auditor, workflow.Head}},
	{"menu.admin", "/admin", []workflow.Role{workflow.Admin}},
	{"menu.registry", "/registry", nil},
	{"menu.statistics", "/statistics", nil},
}

// menu gives the menu of a person. Who is not signed in gets the public part.
func (s *Server) menu(l lang.Lang, by workflow.Actor, path string) []NavItem {
	var items []NavItem
	for _, m := range menuItems {
		mine := len(m.roles) == 0
		for _, r := range m.roles {
			mine = mine || by.Is(r)
		}
		if mine {
			items = append(items, NavItem{Text: lang.T(l, m.key), Href: m.href, Current: path == m.href || strings.HasPrefix(path, m.href+"/")})
		}
	}
	return items
}
