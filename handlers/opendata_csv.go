package handlers

import (
	"bytes"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"fund/jobs/table"
	"fund/workflow"
)

// openColumn is a column of the flat form: its heading, as 360Giving's
// spreadsheets have it, and what stands there of a grant.
type openColumn struct {
	heading string
	of      func(openGrant) string
}

// openColumns stand from left to right. Amounts are whole kronor.
var openColumns = []openColumn{
	{"Identifier", func(g openGrant) string { return g.ID }},
	{"Title", func(g openGrant) string { return g.Title }},
	{"Description", func(g openGrant) string { return g.Description }},
	{"Currency", func(g openGrant) string { return g.Currency }},
	{"Amount Applied For", func(g openGrant) string { return strconv.FormatInt(g.Applied, 10) }},
	{"Amount Awarded", func(g openGrant) string { return strconv.FormatInt(g.Awarded, 10) }},
	{"Amount Disbursed", func(g openGrant) string { return strconv.FormatInt(g.Disbursed, 10) }},
	{"Award Date", func(g openGrant) string { return g.AwardDate }},
	{"Planned Dates:Start Date", func(g openGrant) string {
		return firstOf(g.Planned, func(p openPlanned) string { return p.Start.String() })
	}},
	{"Planned Dates:End Date", func(g openGrant) string {
		return firstOf(g.Planned, func(p openPlanned) string { return p.End.String() })
	}},
	{"Recipient Org:Identifier", func(g openGrant) string { return firstOf(g.Recipient, orgID) }},
	{"Recipient Org:Name", func(g openGrant) string { return firstOf(g.Recipient, orgName) }},
	{"Funding Org:Identifier", func(g openGrant) string { return firstOf(g.Funder, orgID) }},
	{"Funding Org:Name", func(g openGrant) string { return firstOf(g.Funder, orgName) }},
	{"Grant Programme:Code", func(g openGrant) string { return firstOf(g.Programme, func(p openProgramme) string { return p.Code }) }},
	{"Grant Programme:Title", func(g openGrant) string { return firstOf(g.Programme, func(p openProgramme) string { return p.Title }) }},
	{"Beneficiary Location:0:Name", func(g openGrant) string {
		return firstOf(g.Beneficiary, func(b openBeneficiary) string { return b.Name })
	}},
	{"Beneficiary Location:0:Country Code", func(g openGrant) string {
		return firstOf(g.Beneficiary, func(b openBeneficiary) string { return b.CountryCode })
	}},
	{"Classifications:0:Vocabulary", classed(0, func(x openClass) string { return x.Vocabulary })},
	{"Classifications:0:Code", classed(0, func(x openClass) string { return x.Code })},
	{"Classifications:0:Title", classed(0, func(x openClass) string { return x.Title })},
	{"Classifications:1:Vocabulary", classed(1, func(x openClass) string { return x.Vocabulary })},
	{"Classifications:1:Code", classed(1, func(x openClass) string { return x.Code })},
	{"Classifications:1:Title", classed(1, func(x openClass) string { return x.Title })},
	{"Classifications:2:Vocabulary", classed(2, func(x openClass) string { return x.Vocabulary })},
	{"Classifications:2:Code", classed(2, func(x openClass) string { return x.Code })},
	{"Classifications:2:Title", classed(2, func(x openClass) string { return x.Title })},
	{"URL", func(g openGrant) string { return g.URL }},
	{"From An Open Call?", func(g openGrant) string { return g.FromOpen }},
	{"Last Modified", func(g openGrant) string { return time.Time(g.Modified).In(workflow.Stockholm()).Format(time.RFC3339) }},
}

func orgID(o openOrgJSON) string   { return o.ID }
func orgName(o openOrgJSON) string { return o.Name }

// classed is a column of the n-th of a grant's classifications: two areas at most, and the ground on state aid.
func classed(n int, of func(openClass) string) func(openGrant) string {
	return func(g openGrant) string { return firstOf(g.Classified[min(n, len(g.Classified)):], of) }
}

// firstOf is what a list's first says, or nothing of an empty list: the flat form has one of each.
func firstOf[T any](list []T, of func(T) string) string {
	if len(list) == 0 {
		return ""
	}
	return of(list[0])
}

// sendOpenCSV is 360Giving's flat form, one row a grant.
func (s *Server) sendOpenCSV(c *gin.Context) error {
	list, err := s.openGrants(c)
	if err != nil {
		return err
	}
	var head []string
	for _, col := range openColumns {
		head = append(head, col.heading)
	}
	var rows [][]string
	for _, g := range list {
		row := make([]string, len(openColumns))
		for i, col := range openColumns {
			row[i] = col.of(g)
		}
		rows = append(rows, row)
	}
	var b bytes.Buffer
	if err := table.EncodeCommas(&b, head, rows); err != nil {
		return err
	}
	c.Header("Access-Control-Allow-Origin", "*")
	c.Header("Cross-Origin-Resource-Policy", "cross-origin")
	sendFile(c, "grants.csv", "text/csv; charset=utf-8", b.Bytes())
	return nil
}
