package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/workflow/lang"
)

// publicPages lists the pages of this room: what anyone may read.
func (s *Server) publicPages() []pageRoute {
	const get = http.MethodGet
	list := []pageRoute{
		{method: get, path: "/", do: s.showStart, open: true},
		{method: get, path: "/registry", do: s.showRegistry, open: true},
		{method: get, path: "/registry.csv", do: s.sendRegistry, open: true},
		{method: get, path: "/registry/:id", do: s.showOpenGrant, open: true},
		{method: get, path: "/registry/earlier/:id", do: s.showEarlierGrant, open: true},
		{method: get, path: "/statistics", do: s.showStatistics, open: true},
		{method: get, path: "/statistics/yearly/:year", do: s.showYearly, open: true},
		{method: get, path: "/statistics/yearly/:year/report.pdf", do: s.sendYearly, open: true},
		{method: get, path: "/statistics.csv", do: s.sendStatisticsCSV, open: true},
		{method: get, path: "/statistics.xlsx", do: s.sendStatisticsXLSX, open: true},
	}
	for _, name := range textPages {
		list = append(list, pageRoute{method: get, path: "/" + name, do: s.showText(name), open: true})
	}
	return list
}

// textPages are pages of words alone: text.<name>.title, .lead, and .1, .2, … with .h before each.
var textPages = []string{"accessibility", "privacy", "suomeksi", "davvisamegillii"}

type textPage struct {
	Page
	Parts []Step
	Links []Link
}

func (s *Server) showText(name string) handler {
	return func(c *gin.Context) error {
		p, err := s.newPage(c, "text."+name+".title")
		if err != nil {
			return err
		}
		p.Lead = lang.T(p.Lang, "text."+name+".lead")
		page := textPage{Page: p}
		for _, n := range []string{"1", "2", "3", "4"} {
			if key := "text." + name + "." + n; lang.Has(p.Lang, key) {
				page.Parts = append(page.Parts, Step{Title: lang.T(p.Lang, key+".h"), Text: lang.T(p.Lang, key)})
			}
		}
		if name == "accessibility" {
			page.Links = []Link{
				{Text: lang.T(p.Lang, "text.accessibility.report"), Href: "https://www.digg.se/tdosanmalan"},
				{Text: p.Contact, Href: "mailto:" + p.Contact},
			}
		}
		return s.page(c, http.StatusOK, "public/text", page)
	}
}
