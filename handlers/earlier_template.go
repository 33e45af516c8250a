package handlers

import (
	"bytes"

	"github.com/gin-gonic/gin"

	"fund/jobs/row"
	"fund/jobs/xlsx"
	"fund/workflow"
	"fund/workflow/lang"
)

// earlierTemplate is a heading and two rows that show how it is filled in.
func earlierTemplate(l lang.Lang) (head []string, rows [][]string) {
	examples := []map[string]string{
		{
			"year":        "2024",
			"round":       "VT24",
			"dnr":         "KS 2024-0123",
			"school":      "Kågeskolan",
			"title":       "Till vänorten Pori",
			"partner":     "Porin koulu",
			"city":        "Pori",
			"country":     "Finland",
			"sister_city": "ja",
			"pupils":      "24",
			"staff":       "3",
			"start":       "2024-09-09",
			"end":         "2024-09-14",
			"areas":       "Språk; Demokrati",
			"requested":   "60000",
			"granted":     "50000",
			"paid":        "50000",
			"repaid":      "4000",
			"outcome":     "delvis beviljad",
			"decided_on":  "2024-05-14",
			"summary":     "Klass 8 och 9 byggde en fågelsjö tillsammans med sina vänner i Pori.",
		},
		{
			"year":       "2024",
			"round":      "VT24",
			"dnr":        "KS 2024-0131",
			"school":     "Bolidenskolan",
			"title":      "Studieresa till London",
			"country":    "Storbritannien",
			"requested":  "90000",
			"granted":    "0",
			"outcome":    "avslag",
			"decided_on": "2024-05-14",
		},
	}
	for _, col := range workflow.EarlierColumns {
		head = append(head, earlierColumn(l, col.Code))
	}
	for _, x := range examples {
		var row []string
		for _, col := range workflow.EarlierColumns {
			row = append(row, x[col.Code])
		}
		rows = append(rows, row)
	}
	return head, rows
}

func (s *Server) sendEarlierCSV(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	head, rows := earlierTemplate(l)
	return s.sendTable(c, "tidigare-ar.csv", head, rows)
}

func (s *Server) sendEarlierXLSX(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	head, texts := earlierTemplate(l)
	sheet := xlsx.Sheet{Name: lang.T(l, "earlier.sheet"), Head: head}
	for _, row := range texts {
		cells := make([]any, len(row))
		for i, text := range row {
			cells[i] = text
		}
		sheet.Rows = append(sheet.Rows, cells)
	}
	help := xlsx.Sheet{Name: lang.T(l, "earlier.columns"), Head: []string{lang.T(l, "earlier.column"), lang.T(l, "earlier.meaning")}}
	for _, col := range workflow.EarlierColumns {
		help.Rows = append(help.Rows, []any{earlierColumn(l, col.Code), lang.T(l, "earlier.col."+col.Code)})
	}
	var b bytes.Buffer
	if err := xlsx.Sheets(&b, lang.T(l, "admin.earlier"), now, row.Language(l), []xlsx.Sheet{sheet, help}); err != nil {
		return err
	}
	sendFile(c, "tidigare-ar.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b.Bytes())
	return nil
}
