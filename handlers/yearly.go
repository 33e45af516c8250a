package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"fund/jobs/letter"
	"fund/jobs/paper"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

type yearlyPage struct {
	Page
	Letter Letter
	Plots  []Plot
	PDF    Link
}

// yearOf makes the words of a year's report and the statistics they tell; ErrNotFound for a year without grants.
func (s *Server) yearOf(c *gin.Context) (notice.Notice, workflow.Statistics, error) {
	year, err := strconv.Atoi(c.Param("year"))
	if err != nil {
		return notice.Notice{}, workflow.Statistics{}, workflow.ErrNotFound
	}
	all, err := s.everyCase(c)
	if err != nil {
		return notice.Notice{}, workflow.Statistics{}, err
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return notice.Notice{}, workflow.Statistics{}, err
	}
	l, _ := LangOf(c.Request)
	of := func(year int) workflow.Statistics {
		return countIn(l, all, workflow.StatFilter{From: year, To: year})
	}
	y := notice.Year{Year: year, Now: of(year), Before: of(year - 1), Rounds: map[string]string{}, At: now}
	if y.Now.Total.Grants == 0 {
		return notice.Notice{}, y.Now, workflow.ErrNotFound
	}
	for i := range y.Now.Areas { // in the reader's language
		y.Now.Areas[i].Key = shortArea(l)(y.Now.Areas[i].Key)
	}
	for i := range y.Now.Goals {
		y.Now.Goals[i].Area = shortArea(l)(y.Now.Goals[i].Area)
	}
	for _, k := range all {
		y.Rounds[k.App.Round] = notice.RoundName(l, k.Round)
	}
	ideas, err := s.store.CountIdeas(c.Request.Context())
	if err != nil {
		return notice.Notice{}, y.Now, err
	}
	for _, x := range ideas {
		if x.Year == c.Param("year") {
			y.Ideas += x.N
		}
	}
	return notice.Yearly(notice.Office{Lang: l, Email: s.Contact}, y), y.Now, nil
}

// showYearly is the yearly report as a page: the same words as the PDF, with the drawings.
func (s *Server) showYearly(c *gin.Context) error {
	n, st, err := s.yearOf(c)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "document.yearly")
	if err != nil {
		return err
	}
	p.Bare, p.Tab, p.Back = true, n.Title, &Link{Text: lang.T(p.Lang, "menu.statistics"), Href: "/statistics"}
	return s.page(
		c,
		http.StatusOK,
		"public/yearly",
		yearlyPage{Page: p, Letter: letterOf(n), Plots: plotsOf(p.Lang, st), PDF: Link{Text: lang.T(p.Lang, "yearly.pdf"), Href: p.Path + "/report.pdf"}},
	)
}

// sendYearly is the yearly report as PDF.
func (s *Server) sendYearly(c *gin.Context) error {
	n, _, err := s.yearOf(c)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := letter.Encode(&b, paper.Of(n)); err != nil {
		return err
	}
	sendFile(c, fmt.Sprintf("arsrapport-%s.pdf", c.Param("year")), "application/pdf", b.Bytes())
	return nil
}
