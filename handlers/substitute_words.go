package handlers

import (
	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// lentWords says for whom somebody acts today, in which role (a principal: at which school) and how long.
func (s *Server) lentWords(c *gin.Context, l lang.Lang, by workflow.Actor) (list []string, err error) {
	if len(by.Acting) == 0 {
		return nil, nil
	}
	names, _, err := s.schoolNames(c)
	for _, x := range by.Acting {
		if x.Role == workflow.Principal {
			list = append(list, lang.T(l, "tasks.lent", lang.Args{"Name": x.Lender.Name, "School": names[x.School], "Day": lang.LongDay(l, x.Last.String())}))
			continue
		}
		list = append(list, lang.T(l, "tasks.lent_role", lang.Args{"Name": x.Lender.Name, "Role": lang.T(l, "role."+string(x.Role)), "Day": lang.LongDay(l, x.Last.String())}))
	}
	return list, err
}

// sayLent tells the substitute for whom they answer, and the principal where one is named.
func (s *Server) sayLent(c *gin.Context, page *approvePage, k workflow.Case, by workflow.Actor) {
	if by.Own().At(workflow.Principal, k.App.SchoolID) {
		page.Absent = &Link{Text: lang.T(page.Lang, "approve.absent"), Href: "/substitutes"}
		return
	}
	if x := workflow.ApprovesFor(k, by, page.Now); x != nil {
		page.Lent = lang.T(page.Lang, "approve.lent", lang.Args{"Name": x.Lender.Name, "Day": lang.LongDay(page.Lang, x.Last.String())})
	}
}

// approvalFacts are who approved the application, and for whom: none where nobody
// has, or where the reader may not know who.
func (s *Server) approvalFacts(c *gin.Context, l lang.Lang, k workflow.Case) []Fact {
	a := k.App.Approval
	if a == nil || a.By == "" {
		return nil
	}
	who := s.calledBy(c, a.By)
	if a.For != "" {
		who += " " + lang.T(l, "absence.acted", lang.Args{"Name": s.calledBy(c, a.For)})
	}
	return []Fact{{Term: lang.T(l, "fact.approval"), Value: lang.T(l, "fact.approval.by", lang.Args{"Who": who, "At": lang.Date(l, a.At)}), Note: a.Statement}}
}
