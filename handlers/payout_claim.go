package handlers

import (
	"errors"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/jobs/books"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// claimFileAsked is the file of a decided claim that the address names: a turned booking
// order, or the basis of an invoice, as it was made with the decision.
func (s *Server) claimFileAsked(c *gin.Context) (x fileAsked, err error) {
	k, err := s.caseOf(c)
	if err != nil {
		return x, err
	}
	name := c.Param("file")
	if !k.App.Claimed() || !slices.Contains(books.NewClaim(k, workflow.FinanceSettings{}).FileNames(), name) {
		return x, workflow.ErrNotFound
	}
	ctx, by := c.Request.Context(), actorOf(c)
	files, err := s.madeClaimFiles(c, k)
	if err != nil {
		return x, err
	}
	fetched, err := s.fetchedOf(c, files)
	if err != nil {
		return x, err
	}
	i := slices.IndexFunc(files, func(d sql.DocumentRow) bool { return d.Name == name })
	if i < 0 {
		return x, workflow.ErrNotFound
	}
	l, _ := LangOf(c.Request)
	return fileAsked{row: files[i], why: workflow.ClaimAgain(name, fetched), back: Link{Text: lang.T(l, "menu.payouts"), Href: claimsHref(k.App)},
		body: func() ([]byte, error) { return s.store.ClaimFile(ctx, by, files[i]) }}, nil
}

// madeClaimFiles are the files of the case's claim. They are made with the decision; where
// the settings could not book them then, the first who wants them makes them.
func (s *Server) madeClaimFiles(c *gin.Context, k workflow.Case) ([]sql.DocumentRow, error) {
	ctx, by := c.Request.Context(), actorOf(c)
	files, err := s.store.ClaimFiles(ctx, by, k.App.ID)
	if files = sql.OfClaim(k, files); err != nil || len(files) > 0 {
		return files, err
	}
	err = s.store.InTx(ctx, func(tx *sql.Tx) error { return tx.KeepClaimFiles(ctx, k.App.ID, 0, books.ClaimFiles) })
	if errors.Is(err, books.ErrCoding) {
		return nil, workflow.Refused{Code: "no_claim_coding"}
	}
	if err != nil {
		return nil, err
	}
	files, err = s.store.ClaimFiles(ctx, by, k.App.ID)
	return sql.OfClaim(k, files), err
}

// claimFiles are the links to them.
func claimFiles(l lang.Lang, k workflow.Case) (cell Cell) {
	if !k.App.Claimed() {
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

// claimFileTable lists the files of some claims with their checksum and who has had them.
func (s *Server) claimFileTable(c *gin.Context, l lang.Lang, claims []workflow.Case) (Table, error) {
	t := Table{
		Caption: lang.T(l, "claim.made"),
		Stack:   true,
		Head: []Column{
			{Text: lang.T(l, "payouts.file")},
			{Text: lang.T(l, "claim.made_at")},
			{Text: lang.T(l, "fact.sum")},
			{Text: lang.T(l, "payouts.fetched")},
		},
	}
	ctx, apps := c.Request.Context(), make([]int64, len(claims))
	for i, k := range claims {
		apps[i] = k.App.ID
	}
	files, err := s.store.ClaimFiles(ctx, actorOf(c), apps...)
	if err != nil {
		return t, err
	}
	seen, err := s.store.AccessOf(ctx, files)
	if err != nil {
		return t, err
	}
	for _, k := range claims {
		for _, x := range sql.OfClaim(k, files) {
			t.Rows = append(t.Rows, Row{
				Cells: []Cell{
					{Links: []Link{{Text: x.Name, Href: pathOf("payouts", "claims", k.App.ID, x.Name)}}, Note: lang.Size(l, x.Size)},
					{At: x.At},
					{Hash: x.SHA256},
					{Text: fetchedBy(l, x, seen[x.ID])},
				},
			})
		}
	}
	return t, nil
}
