package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/jobs/letter"
	"fund/workflow/notice"
)

// sendPaper answers with a notice as PDF. Unlike a letter it is not kept: it is
// made anew from the case each time.
func sendPaper(c *gin.Context, name string, n notice.Notice) error {
	out := letter.Letter{Lang: n.Lang, Title: n.Title, Over: n.Over, Date: n.Date, DNR: n.DNR, Recipient: n.To, Signature: n.Signature}
	for _, f := range n.Facts {
		out.Facts = append(out.Facts, letter.Fact(f))
	}
	for _, s := range n.Sections {
		part := letter.Section{Heading: s.Heading, Paragraphs: s.Paragraphs, Points: s.Points, Numbered: s.Numbered, After: s.After}
		if s.Table != nil {
			table := letter.Table(*s.Table)
			part.Table = &table
		}
		out.Sections = append(out.Sections, part)
	}
	var foot []string
	for _, f := range n.Foot {
		foot = append(foot, f.Label+"\n"+f.Value)
	}
	out.Footer = strings.Join(foot, "\n\n")
	var pdf bytes.Buffer
	if err := letter.Encode(&pdf, out); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	c.Header("Content-Disposition", disposition(name, true))
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "application/pdf", pdf.Bytes())
	return nil
}
