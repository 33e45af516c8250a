package handlers

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// disclosurePages are the registrar's copies for those who ask for a case (TF 2 kap., OSL).
func (s *Server) disclosurePages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	registrar := []workflow.Role{workflow.Registrar}
	return []pageRoute{
		{method: get, path: "/archive/cases/:id/disclosure", do: s.showDisclosure, roles: registrar},
		{method: post, path: "/archive/cases/:id/disclosure", do: s.postDisclosure, roles: registrar},
		{method: get, path: "/archive/cases/:id/disclosures/:did/copy.zip", do: s.sendDisclosure, roles: registrar},
	}
}

type disclosurePage struct {
	Page
	Protected *Note
	Form      *Form
	Post      string
	Kinds     Field
	Grounds   Field
	Facts     []Fact
	Preview   string
	Counts    []Fact
	Made      Table
}

func (s *Server) showDisclosure(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	f := NewForm(l)
	f.Set("kinds", []string{notice.MaskEmail, notice.MaskPhone, notice.MaskAccount, notice.MaskNumber})
	return s.drawDisclosure(c, http.StatusOK, f, "", nil)
}

// disclosedCase is the case of the path, filed.
func (s *Server) disclosedCase(c *gin.Context) (workflow.Case, error) {
	k, err := s.caseOf(c)
	if err == nil && !k.App.IsFiled() {
		err = workflow.ErrNotFound
	}
	return k, err
}

func (s *Server) drawDisclosure(c *gin.Context, status int, f *Form, preview string, counts map[string]int) error {
	k, err := s.disclosedCase(c)
	if err != nil {
		return err
	}
	made, err := s.store.Disclosures(c.Request.Context(), actorOf(c), k.App.ID)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "disclosure.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Over, p.Lead, p.Errors, p.Back = k.App.DNR+" "+k.App.Form.Title, lang.T(
		l,
		"disclosure.lead",
	), f.Errors, &Link{
		Text: lang.T(l, "archive.title"),
		Href: "/archive",
	}
	page := disclosurePage{Page: p, Form: f, Post: p.Path, Preview: preview,
		Kinds: Field{
			Form:    f,
			Name:    "kinds",
			Label:   lang.T(l, "disclosure.kinds"),
			Hint:    lang.T(l, "disclosure.kinds.hint"),
			Options: Options(l, "disclosure.mask", notice.MaskKinds...),
		},
		Grounds: Field{Form: f, Name: "ground", Label: lang.T(l, "disclosure.ground"), Options: Options(l, "disclosure.ground", sql.DisclosureGrounds...)}}
	if page.Protected, err = s.protectedNote(c, l, k); err != nil {
		return err
	}
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		page.Counts = append(
			page.Counts,
			Fact{Term: lang.T(l, "disclosure.mask."+kind), Value: lang.T(l, "disclosure.times", lang.Args{"Count": counts[kind]})},
		)
	}
	page.Made = Table{
		Caption: lang.T(l, "disclosure.made.before"),
		Stack:   true,
		Head: []Column{
			{Text: lang.T(l, "disclosure.made")},
			{Text: lang.T(l, "disclosure.masked")},
			{Text: lang.T(l, "disclosure.why")},
			{Text: lang.T(l, "disclosure.requester")},
			{Text: lang.T(l, "archive.package")},
		},
	}
	for _, d := range made {
		page.Made.Rows = append(page.Made.Rows, disclosureRow(l, d))
	}
	return s.page(c, status, "archive/disclosure", page)
}

func disclosureRow(l lang.Lang, d sql.Disclosure) Row {
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(d.Masks)) {
		kinds = append(kinds, lang.T(l, "disclosure.mask."+kind))
	}
	return Row{
		Cells: []Cell{
			{At: d.At, Note: d.By},
			{Text: orText(strings.Join(kinds, "; "), "–")},
			{Text: lang.T(l, "disclosure.ground."+d.Ground), Note: d.Reason},
			{Text: orText(d.Requester, lang.T(l, "disclosure.unknown"))},
			{
				Links: []Link{
					{
						Text:   lang.T(l, "archive.zip"),
						Hidden: lang.DateTime(l, d.At),
						Href:   fmt.Sprintf("/archive/cases/%d/disclosures/%d/copy.zip", d.Application, d.ID),
					},
				},
				Hash: d.SHA256,
			},
		},
	}
}

// shortestWord is how short a word of the registrar's own may be: a single letter would empty the copy.
const shortestWord = 2

// maskWords reads the registrar's own words, one a line.
func maskWords(f *Form) (words []string) {
	for _, w := range strings.Split(f.Text("words"), "\n") {
		if w = strings.TrimSpace(w); w == "" {
			continue
		}
		if utf8.RuneCountInString(w) < shortestWord {
			f.Fail("words", "disclosure.words.short")
		}
		words = append(words, w)
	}
	return words
}

// postDisclosure shows the copy first, or makes it: then it is kept with its hash, and the log says so.
func (s *Server) postDisclosure(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	f, err := FormOf(c.Request, l)
	if err != nil {
		return err
	}
	k, err := s.disclosedCase(c)
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	now, err := s.store.Now(ctx)
	if err != nil {
		return err
	}
	var kinds []string
	for _, kind := range notice.MaskKinds {
		if slices.Contains(f.All("kinds"), kind) {
			kinds = append(kinds, kind)
		}
	}
	d := sql.Disclosure{
		Application: k.App.ID,
		Words:       maskWords(f),
		Ground:      f.Raw("ground"),
		Reason:      f.Text("reason"),
		Requester:   f.Text("requester"),
		Masks:       map[string]int{},
	}
	if v := sql.CheckDisclosure(d, len(kinds)+len(d.Words) > 0); len(v) > 0 {
		f.Refuse(v)
	}
	if !f.OK() {
		return s.drawDisclosure(c, http.StatusUnprocessableEntity, f, "", nil)
	}
	made, err := s.disclosureCopy(ctx, disclosing{k: k, by: by, lang: lang.SV, kinds: kinds, words: d.Words, ground: d.Ground, at: now})
	if err != nil {
		return err
	}
	body, text, err := made.pack(now)
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		d.Masks[kind] = made.masker.Counts[kind]
	}
	if len(d.Words) > 0 {
		d.Masks[notice.MaskWords] = made.masker.Counts[notice.MaskWords]
	}
	if f.Raw("do") != "make" {
		return s.drawDisclosure(c, http.StatusOK, f, text, d.Masks)
	}
	if _, err := s.store.AddDisclosure(ctx, by, d, body); err != nil {
		return err
	}
	return s.see(c, c.Request.URL.Path, "disclosure.done")
}

func (s *Server) sendDisclosure(c *gin.Context) error {
	k, err := s.disclosedCase(c)
	if err != nil {
		return err
	}
	id, err := idOf(c, "did")
	if err != nil {
		return err
	}
	body, err := s.store.DisclosureBody(c.Request.Context(), actorOf(c), k.App.ID, id)
	if err != nil {
		return err
	}
	sendFile(c, fmt.Sprintf("utlamnande-%d.zip", id), "application/zip", body)
	return nil
}

// notMissing lets pass that somebody is not there any more.
func notMissing(err error) error {
	if errors.Is(err, workflow.ErrNotFound) {
		return nil
	}
	return err
}
