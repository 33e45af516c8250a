package handlers

import (
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// similarFacts lists what may be the same trip as a case, for those who prepare
// and decide it: with what the two have in common, and what the other was granted.
func (s *Server) similarFacts(c *gin.Context, l lang.Lang, k workflow.Case) (facts []Fact, err error) {
	by := actorOf(c)
	if k.IsMasked() || !workflow.Unblinded(by.Person) {
		return nil, nil
	}
	list, err := s.store.Similar(c.Request.Context(), by, k)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		var common []string
		for _, what := range x.Common {
			common = append(common, lang.T(l, "similar."+what))
		}
		fact := Fact{Term: x.Applicant, Note: upperFirst(strings.Join(common, ", ")) + ". " + lang.Days(l, x.Trip.Start.String(), x.Trip.End.String()) + "."}
		if x.Granted > 0 {
			fact.Note += " " + lang.T(l, "similar.granted", lang.Args{"Sum": lang.Money(l, x.Granted)})
		}
		if x.Earlier > 0 {
			fact.Links = []Link{{Text: strings.TrimSpace(x.DNR + " " + x.Title), Href: fmt.Sprintf("/registry/earlier/%d", x.Earlier)}}
			fact.Tag = &Tag{Text: lang.T(l, "similar.earlier"), Color: "neutral"}
		} else {
			tag := StateTag(l, x.State, false)
			fact.Links, fact.Tag = []Link{{Text: x.DNR + " " + x.Title, Href: fmt.Sprintf("/cases/%d", x.ID)}}, &tag
		}
		facts = append(facts, fact)
	}
	return facts, nil
}
