package handlers

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

type retentionPage struct {
	Page
	Table Table
	Done  Table
	Links []Link
}

// keptFor says how long a rule keeps a record.
func keptFor(l lang.Lang, r workflow.RetentionRule) string {
	if r.Months == nil {
		return lang.T(l, "retention.for_good")
	}
	if *r.Months%12 == 0 {
		return lang.T(l, "retention.years", lang.Args{"Count": *r.Months / 12})
	}
	return lang.T(l, "retention.months", lang.Args{"Count": *r.Months})
}

// showRetention is the table of rules, with how much of each is due, and what was done.
func (s *Server) showRetention(c *gin.Context) error {
	p, err := s.newPage(c, "retention.title")
	if err != nil {
		return err
	}
	ctx, l := c.Request.Context(), p.Lang
	p.Lead, p.Back = lang.T(l, "retention.lead"), s.archiveBack(c, l)
	page := retentionPage{Page: p}
	page.Table = Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "retention.record")},
			{Text: lang.T(l, "retention.kept")},
			{Text: lang.T(l, "retention.from")},
			{Text: lang.T(l, "retention.action")},
			{Text: lang.T(l, "retention.basis")},
			{Text: lang.T(l, "retention.due")},
		},
	}
	rules, err := s.store.RetentionRules(ctx)
	if err != nil {
		return err
	}
	for _, r := range rules {
		due, err := s.store.Due(ctx, r)
		if err != nil {
			return err
		}
		cell := dueCell(l, r, due)
		page.Table.Rows = append(page.Table.Rows, Row{
			Cells: []Cell{
				{Text: lang.T(l, "retention.record."+r.Code)},
				{Text: keptFor(l, r)},
				{Text: lang.T(l, "retention.from."+r.From)},
				{Text: lang.T(l, "retention.action."+r.Action)},
				{Text: r.Basis},
				cell,
			},
		})
	}
	done, err := s.store.Disposals(ctx)
	if err != nil {
		return err
	}
	page.Done = Table{
		Caption: lang.T(l, "retention.done"),
		Stack:   true,
		Head: []Column{
			{Text: lang.T(l, "register.at")},
			{Text: lang.T(l, "retention.record")},
			{Text: lang.T(l, "retention.item")},
			{Text: lang.T(l, "retention.action")},
			{Text: lang.T(l, "field.reference")},
			{Text: lang.T(l, "retention.by")},
		},
	}
	for _, d := range done {
		page.Done.Rows = append(page.Done.Rows, Row{
			Cells: []Cell{
				{At: d.At},
				{Text: lang.T(l, "retention.record."+d.Rule)},
				{Text: orText(d.Name, strconv.FormatInt(d.Item, 10))},
				{Text: lang.T(l, "retention.action."+d.Action)},
				{Text: d.Reference},
				{Text: d.By},
			},
		})
	}
	page.Links = []Link{{Text: lang.T(l, "holds.title"), Href: "/archive/holds"}}
	return s.page(c, http.StatusOK, "archive/retention", page)
}

// dueCell leads to what is due by a rule, and says how much of it is on hold.
func dueCell(l lang.Lang, r workflow.RetentionRule, due []workflow.DueItem) Cell {
	if len(due) == 0 || r.Action == workflow.RetainKeep {
		return Cell{Text: "–"}
	}
	held := 0
	for _, d := range due {
		if d.Held {
			held++
		}
	}
	cell := Cell{
		Links: []Link{
			{
				Text:   lang.T(l, "retention.count", lang.Args{"Count": len(due) - held}),
				Hidden: lang.T(l, "retention.record."+r.Code),
				Href:   "/archive/retention/" + r.Code,
			},
		},
	}
	if held > 0 {
		cell.Note = lang.T(l, "retention.count.held", lang.Args{"Count": held})
	}
	return cell
}

// archiveBack leads to the archive those who may go there.
func (s *Server) archiveBack(c *gin.Context, l lang.Lang) *Link {
	for _, r := range archivists {
		if actorOf(c).Is(r) {
			return &Link{Text: lang.T(l, "archive.title"), Href: "/archive"}
		}
	}
	return &Link{Text: lang.T(l, "menu.admin"), Href: "/admin"}
}

type duePage struct {
	Page
	Form  *Form
	Post  string
	Items Field
	Held  Table
	Empty Empty
	Note  Note
}

// showDue lists what is due by a rule; the registrar decides on it here.
func (s *Server) showDue(c *gin.Context) error {
	return s.drawDue(c, http.StatusOK, newForm(c))
}

func (s *Server) drawDue(c *gin.Context, status int, f *Form) error {
	ctx := c.Request.Context()
	rule, err := s.store.RetentionRule(ctx, c.Param("rule"))
	if err != nil {
		return err
	}
	due, err := s.store.Due(ctx, rule)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "retention.record."+rule.Code)
	if err != nil {
		return err
	}
	l := p.Lang
	p.Errors, p.Back, p.Lead = f.Errors, &Link{
		Text: lang.T(l, "retention.title"),
		Href: "/archive/retention",
	}, lang.T(
		l,
		"retention.rule",
		lang.Args{
			"Kept":   lower(keptFor(l, rule)),
			"From":   lower(lang.T(l, "retention.from."+rule.From)),
			"Action": lower(lang.T(l, "retention.action."+rule.Action)),
		},
	)
	page := duePage{
		Page:  p,
		Form:  f,
		Empty: Empty{Title: lang.T(l, "retention.none"), Text: lang.T(l, "retention.none.text")},
		Note:  Note{Kind: "warn", Text: lang.T(l, "retention.warn."+rule.Action)},
	}
	page.Items = Field{Form: f, Name: "items", Label: lang.T(l, "retention.items")}
	page.Held = Table{
		Caption: lang.T(l, "retention.held"),
		Stack:   true,
		Head:    []Column{{Text: lang.T(l, "retention.item")}, {Text: lang.T(l, "retention.since")}},
	}
	for _, d := range due {
		name := dueName(l, d)
		if d.Held {
			page.Held.Rows = append(page.Held.Rows, Row{Cells: []Cell{{Text: name, Note: d.Note}, {Text: lang.Day(l, d.Since.String())}}})
			continue
		}
		page.Items.Options = append(page.Items.Options, Option{
			Value: strconv.FormatInt(d.ID, 10),
			Text:  name,
			Hint: strings.TrimPrefix(
				d.Note+". ",
				". ",
			) + lang.T(l, "retention.counted", lang.Args{"Since": lang.Day(l, d.Since.String()), "Due": lang.Day(l, d.Due.String())}),
		})
	}
	if actorOf(c).Is(workflow.Registrar) && len(page.Items.Options) > 0 {
		page.Post = c.Request.URL.Path
	}
	return s.page(c, status, "archive/due", page)
}

func dueName(l lang.Lang, d workflow.DueItem) string {
	if d.Name == "" {
		return lang.T(l, "retention.item."+d.Subject, lang.Args{"ID": d.ID})
	}
	return d.Name
}

// postDisposal is the registrar's archive decision: the only thing that deletes.
func (s *Server) postDisposal(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	var items []int64
	for _, text := range f.All("items") {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return workflow.ErrNotFound
		}
		items = append(items, id)
	}
	reference := f.Text("reference")
	f.Refuse(sql.CheckDisposal(reference, items))
	if !f.Bool("sure") {
		f.Fail("sure", "retention.sure.needed")
	}
	if f.OK() {
		err = s.store.Dispose(c.Request.Context(), actorOf(c), c.Param("rule"), reference, items)
	}
	if _, err := refusedForm(f, err); err != nil {
		return err
	}
	if !f.OK() {
		return s.drawDue(c, http.StatusUnprocessableEntity, f)
	}
	return s.see(c, "/archive/retention", "retention.saved", lang.Args{"Count": len(items)})
}

// sendKnown is what is known about a person, as JSON (GDPR art. 15).
func (s *Server) sendKnown(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	raw, err := s.store.Known(c.Request.Context(), actorOf(c), id)
	if err != nil {
		return err
	}
	sendFile(c, fmt.Sprintf("person-%d.json", id), "application/json", raw)
	return nil
}
