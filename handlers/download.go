package handlers

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/jobs/table"
)

// sendTable sends a table of texts as CSV.
func (s *Server) sendTable(c *gin.Context, name string, head []string, rows [][]string) error {
	var b bytes.Buffer
	if err := table.Encode(&b, head, rows); err != nil {
		return err
	}
	sendFile(c, name, "text/csv; charset=utf-8", b.Bytes())
	return nil
}

// sendFile sends bytes that were made for this answer.
func sendFile(c *gin.Context, name, contentType string, raw []byte) {
	c.Header("Content-Disposition", disposition(name, false))
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, contentType, raw)
}

// download sends stored bytes under a name; their SHA-256 is the ETag.
func download(c *gin.Context, name, contentType, sha string, inline bool, raw []byte) {
	tag := `"` + sha + `"`
	h := c.Writer.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Disposition", disposition(name, inline))
	if notModified(c.Request, tag) {
		c.Status(http.StatusNotModified)
		return
	}
	c.Data(http.StatusOK, contentType, raw)
}

// disposition names a file: plainly for old readers, and in UTF-8 (RFC 6266).
func disposition(name string, inline bool) string {
	kind := "attachment"
	if inline {
		kind = "inline"
	}
	plain := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' {
			return '_'
		}
		return r
	}, name)
	return kind + `; filename="` + plain + `"; filename*=UTF-8''` + url.PathEscape(name)
}
