package handlers

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// textPages let an administrator choose the words of letters.
func (s *Server) textPages() []pageRoute {
	admin := []workflow.Role{workflow.Admin}
	return []pageRoute{
		{method: http.MethodGet, path: "/admin/texts", do: s.showTexts, roles: admin},
		{method: http.MethodGet, path: "/admin/texts/:key", do: s.showWords, roles: admin},
		{method: http.MethodPost, path: "/admin/texts/:key", do: s.postWords, roles: admin},
	}
}

// ownWords gives an office the words that held at an instant; the zero time is now.
func (s *Server) ownWords(ctx context.Context, o notice.Office, at time.Time) (notice.Office, error) {
	words, err := s.store.OwnWords(ctx, string(o.Lang), at)
	o.Texts = words
	return o, err
}

// decisionLetterMade is when the letter of the decision with that number was made; zero: not yet.
func decisionLetterMade(k workflow.Case, number int) time.Time {
	if d := notice.LetterOf(k.App, number); d != nil {
		return d.At
	}
	return time.Time{}
}

// letterMade is when the first letter of a kind since an instant was made; zero: not yet.
func letterMade(k workflow.Case, kind string, since time.Time) time.Time {
	for _, d := range k.App.Documents {
		if d.Kind == kind && !d.At.Before(since) {
			return d.At
		}
	}
	return time.Time{}
}

type textsPage struct {
	Page
	Parts []Table
}

func (s *Server) showTexts(c *gin.Context) error {
	p, err := s.newPage(c, "texts.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Lead, p.Back = lang.T(l, "texts.lead"), &Link{Text: lang.T(l, "menu.admin"), Href: "/admin"}
	own, err := s.store.OwnWords(c.Request.Context(), string(l), p.Now)
	if err != nil {
		return err
	}
	page, part := textsPage{Page: p}, ""
	keys := notice.TextKeys()
	slices.SortStableFunc(keys, func(a, b string) int { return strings.Compare(notice.TextPart(a), notice.TextPart(b)) })
	for _, key := range keys {
		if now := notice.TextPart(key); now != part {
			part = now
			page.Parts = append(page.Parts, Table{
				Caption:     lang.T(l, "texts.part."+part),
				HideCaption: true,
				Stack:       true,
				Head:        []Column{{Text: lang.T(l, "texts.place")}, {Text: lang.T(l, "texts.says")}},
			})
		}
		says := Cell{Text: lang.Source(l, key)}
		if own[key] != "" {
			says = Cell{Text: own[key], Tags: []Tag{{Text: lang.T(l, "texts.own"), Color: "info"}}}
		}
		t := &page.Parts[len(page.Parts)-1]
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Links: []Link{{Text: key, Href: "/admin/texts/" + key}}}, says}})
	}
	return s.page(c, http.StatusOK, "admin/texts", page)
}

type wordsPage struct {
	Page
	Form    *Form
	Post    string
	Places  struct{ SV, EN string } // what must stand in the words
	Own     bool
	Program []string // the program's words
	Rows    []wordsView
}

// wordsView is what a place has said.
type wordsView struct {
	At    time.Time
	Facts []Fact
}

func (s *Server) showWords(c *gin.Context) error {
	key, f := c.Param("key"), newForm(c)
	if !notice.IsText(key) {
		return workflow.ErrNotFound
	}
	f.Set("text_sv", lang.Source(lang.SV, key))
	f.Set("text_en", lang.Source(lang.EN, key))
	rows, err := s.store.TextHistory(c.Request.Context(), key)
	if err != nil {
		return err
	}
	if len(rows) > 0 && rows[0].SV != "" {
		f.Set("text_sv", rows[0].SV)
		f.Set("text_en", rows[0].EN)
	}
	return s.drawWords(c, http.StatusOK, key, f)
}

func (s *Server) drawWords(c *gin.Context, status int, key string, f *Form) error {
	p, err := s.newPage(c, "texts.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Title, p.Errors, p.Back = lang.T(l, "texts.title")+": "+key, f.Errors, &Link{Text: lang.T(l, "texts.title"), Href: "/admin/texts"}
	page := wordsPage{Page: p, Form: f, Post: "/admin/texts/" + key}
	page.Places.SV, page.Places.EN = placesWords(l, lang.SV, key), placesWords(l, lang.EN, key)
	rows, err := s.store.TextHistory(c.Request.Context(), key)
	if err != nil {
		return err
	}
	if page.Own = len(rows) > 0 && rows[0].SV != ""; page.Own {
		page.Program = []string{lang.Source(lang.SV, key), lang.Source(lang.EN, key)}
	}
	for _, t := range rows {
		v := wordsView{
			At: t.At,
			Facts: []Fact{
				{Term: lang.T(l, "texts.sv"), Value: t.SV},
				{Term: lang.T(l, "texts.en"), Value: t.EN},
				{Term: lang.T(l, "texts.by"), Value: t.ByName},
			},
		}
		if t.SV == "" {
			v.Facts = []Fact{{Term: lang.T(l, "texts.says"), Value: lang.T(l, "texts.history.program")}, v.Facts[2]}
		}
		page.Rows = append(page.Rows, v)
	}
	return s.page(c, status, "admin/text", page)
}

// placesWords tells the reader what must stand in the words of a language.
func placesWords(l, of lang.Lang, key string) string {
	names := notice.TextPlaces(of, key)
	if len(names) == 0 {
		return lang.T(l, "texts.no_places")
	}
	for i, name := range names {
		names[i] = "{{." + name + "}}"
	}
	return lang.T(l, "texts.places", lang.Args{"Places": strings.Join(names, ", ")})
}

func (s *Server) postWords(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	key := c.Param("key")
	if !notice.IsText(key) {
		return workflow.ErrNotFound
	}
	t, done := sql.StandingText{Key: key}, "texts.went_back"
	if f.Raw("do") != "back" {
		t.SV, t.EN, done = strings.TrimSpace(f.Text("text_sv")), strings.TrimSpace(f.Text("text_en")), "texts.saved"
		f.Refuse(append(notice.TextFaults(lang.SV, key, "text_sv", t.SV), notice.TextFaults(lang.EN, key, "text_en", t.EN)...))
		if !f.OK() {
			return s.drawWords(c, http.StatusUnprocessableEntity, key, f)
		}
	}
	if err := s.store.AddText(c.Request.Context(), actorOf(c), t); err != nil {
		return err
	}
	return s.see(c, "/admin/texts/"+key, done)
}
