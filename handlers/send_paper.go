package handlers

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/jobs/letter"
	"fund/jobs/paper"
	"fund/workflow/notice"
)

// sendPaper answers with a notice as PDF. Unlike a letter it is not kept: it is
// made anew from the case each time.
func sendPaper(c *gin.Context, name string, n notice.Notice) error {
	var pdf bytes.Buffer
	if err := letter.Encode(&pdf, paper.Of(n)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return sendPDF(c, name, pdf.Bytes())
}

func sendPDF(c *gin.Context, name string, body []byte) error {
	c.Header("Content-Disposition", disposition(name, true))
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "application/pdf", body)
	return nil
}
