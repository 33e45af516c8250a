package handlers

import (
	"bytes"
	"errors"

	"github.com/gin-gonic/gin"

	"fund/jobs/books"
	"fund/workflow"
	"fund/workflow/lang"
)

// sendClaimFile sends what finance needs to get the money of a decided claim back: a
// turned booking order, or the basis of an invoice.
func (s *Server) sendClaimFile(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	if !claimed(k) {
		return workflow.ErrNotFound
	}
	settings, err := s.store.FinanceSettings(c.Request.Context())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	kind, err := books.NewClaim(k, settings).Write(&b, c.Param("file"))
	if errors.Is(err, books.ErrCoding) {
		return workflow.Refused{Code: "no_claim_coding"}
	}
	if err != nil {
		return err
	}
	sendMade(c, c.Param("file"), kind, b.Bytes())
	return nil
}

// claimed says whether somebody has decided that money shall come back.
func claimed(k workflow.Case) bool {
	return k.App.Recovery != nil && !k.App.Recovery.DecidedAt.IsZero()
}

// claimFiles are the links to them.
func claimFiles(l lang.Lang, k workflow.Case) (cell Cell) {
	if !claimed(k) {
		return Cell{Text: "–"}
	}
	what := "claim.invoice"
	if workflow.Channel(k) == "internal" {
		what = "claim.order"
	}
	for _, name := range books.NewClaim(k, workflow.FinanceSettings{}).FileNames() {
		cell.Links = append(cell.Links, Link{Text: lang.T(l, what) + ", " + name, Href: pathOf("payouts", "claims", k.App.ID, name)})
	}
	return cell
}
