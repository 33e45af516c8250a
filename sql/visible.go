package sql

import (
	"fmt"
	"strings"

	"github.com/lib/pq"

	"fund/workflow"
)

// visible compiles workflow.Views into a condition on applications a: the same
// table that Decide asks, as a query. The parameters are the actor's.
func visible(by workflow.Actor) (string, params) {
	if by.Machine {
		return "true", params{}
	}
	schools := func(r workflow.Role) any {
		ids := []int64{}
		for _, x := range by.Roles {
			if x.Role == r && x.School != 0 {
				ids = append(ids, x.School)
			}
		}
		return pq.Array(ids)
	}
	p := params{
		"me":          by.ID,
		"my_org":      workflow.PlainOrgNo(by.OrgNo),
		"teaches_at":  schools(workflow.Teacher),
		"leads":       schools(workflow.Principal),
		"keeps_books": schools(workflow.Economist),
	}
	var parts []string
	for _, v := range workflow.Views {
		relation := ""
		switch v.Who {
		case workflow.ByApplicant:
			relation = "(a.applicant = :me AND a.channel <> 'paper'" +
				" OR EXISTS (SELECT 1 FROM application_people w WHERE w.application = a.id AND w.person = :me AND w.relation = 'writer')" +
				" OR a.channel = 'paper' AND a.school = ANY (:teaches_at)"
			if by.Is(workflow.External) {
				relation += " OR a.channel = 'paper' AND a.org_no <> '' AND replace(a.org_no, '-', '') = replace(:my_org, '-', '')"
			}
			relation += ")"
		case workflow.ByPrincipal:
			relation = "a.school = ANY (:leads)"
		case workflow.ByEconomist:
			relation = "a.school = ANY (:keeps_books)"
		case workflow.ByReviewer:
			relation = "EXISTS (SELECT 1 FROM application_people w WHERE w.application = a.id AND w.person = :me AND w.relation = 'reviewer')"
		default:
			if !by.Is(workflow.Role(v.Who)) {
				continue
			}
			relation = "true"
		}
		if v.Who != workflow.ByApplicant && v.Who != workflow.ByPrincipal {
			relation += " AND a.received_at IS NOT NULL"
		}
		if !v.Conflict {
			relation += " AND NOT EXISTS (SELECT 1 FROM application_people k WHERE k.application = a.id AND k.person = :me AND k.relation = 'conflict')"
		}
		if v.Reported {
			relation += " AND jsonb_typeof(a.record -> 'report') = 'object'"
		}
		if v.Granted {
			relation += " AND a.has_money"
		}
		states := make([]string, len(v.States))
		for i, s := range v.States {
			states[i] = "'" + string(s) + "'"
		}
		parts = append(parts, fmt.Sprintf("(a.state IN (%s) AND %s)", strings.Join(states, ", "), relation))
	}
	if len(parts) == 0 {
		return "false", p
	}
	return "(" + strings.Join(parts, "\n   OR ") + ")", p
}

// within puts the actor's condition into a statement and adds its parameters.
func within(query string, by workflow.Actor, p params) (string, params) {
	condition, mine := visible(by)
	for k, v := range mine {
		p[k] = v
	}
	return strings.NewReplacer("{{visible}}", condition, "{{open}}", searchable(by)).Replace(query), p
}

// searchable is the condition under which a case may be found by its words and
// its school: a blind reader would learn from a hit what the page hides.
func searchable(by workflow.Actor) string {
	if by.Machine || workflow.Unblinded(by.Person) {
		return "true"
	}
	return "NOT (a.decided_at IS NULL AND EXISTS (SELECT 1 FROM rounds br WHERE br.id = a.round AND br.rules ->> 'blind_review' = 'true')" +
		" AND EXISTS (SELECT 1 FROM application_people bw WHERE bw.application = a.id AND bw.person = :me AND bw.relation = 'reviewer'))"
}
