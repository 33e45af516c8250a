package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// draftBox is what the script needs for saving while somebody writes. All its
// words come from here; without a script nothing of it shows.
type draftBox struct {
	Save    string // address to post to; empty where a save must be somebody's decision
	Key     string // of this person's step in the browser's own store
	Shared  bool   // somebody else writes here as well
	SignIn  string
	Compare string
	Got     bool // the page answers a post: what was sent is here
}

// draftBox says how the step saves by itself. Money of an approved application
// is saved only by its button, as that voids the principal's approval (RF-02).
func (s *Server) draftBox(c *gin.Context, k workflow.Case, st editStep, l lang.Lang) *draftBox {
	path := fmt.Sprintf("/applications/%d", k.App.ID)
	d := &draftBox{Key: fmt.Sprintf("fund:%d:%d:%s", actorOf(c).ID, k.App.ID, st.key), Shared: len(k.App.Writers) > 0, Got: c.Request.Method == http.MethodPost,
		SignIn: "/sign-in?next=" + path + "/edit/" + st.key}
	if k.App.State != workflow.Approved || st.key != "budget" {
		d.Save = path + "/save/" + st.key
	}
	return d
}

// savedJSON tells the script what was saved, and what others wrote meanwhile.
type savedJSON struct {
	Text    string              `json:"text"`              // "Sparat 14.12"
	Trouble string              `json:"trouble,omitempty"` // what could not be saved, in words
	News    string              `json:"news,omitempty"`    // who else wrote
	Version int64               `json:"version"`
	Base    workflow.Values     `json:"base"`
	Changed map[string][]string `json:"changed"` // fields that others changed, as the controls have them
	Rows    map[string]string   `json:"rows"`    // sets of rows that others changed: the id of the set on the page
	Own     workflow.Values     `json:"own"`     // these sets as they were sent: the base of a page that can't take the others' rows yet
	Clash   bool                `json:"clash"`
	Late    bool                `json:"late,omitempty"` // a later save came first: nothing was taken, and what stands on the page is sent again
}

// saveStep saves a step while somebody writes: every field that can be read, beside what others wrote.
func (s *Server) saveStep(c *gin.Context) error {
	_, st, err := s.stepCase(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	m, err := s.mergeStep(c, st, f)
	if err != nil {
		return err
	}
	fresh := NewForm(f.Lang)
	fillForm(fresh, m.k.App.Form)
	return s.answerSaved(c, m, f, fresh, func(field string) bool { return controlOf(st, field).kind == "rows" })
}

// answerSaved tells the script what became of its post: fresh holds what stands
// in the draft now, rows which fields are sets of rows.
func (s *Server) answerSaved(c *gin.Context, m stepMerge, f, fresh *Form, rows func(string) bool) error {
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	if m.late {
		c.JSON(http.StatusOK, savedJSON{Late: true})
		return nil
	}
	l := f.Lang
	out := savedJSON{
		Text:    lang.T(l, "draft.saved", lang.Args{"Clock": lang.Clock(l, now)}),
		Version: m.k.App.Version,
		Base:    m.base,
		Changed: map[string][]string{},
		Rows:    map[string]string{},
		Own:     workflow.Values{},
	}
	var news []string
	for _, field := range m.others {
		if slices.ContainsFunc(m.clashes, func(x workflow.Clash) bool { return x.Field == field }) {
			continue
		}
		if label := f.where(field); label != "" {
			news = append(news, lower(label))
		}
		if rows(field) {
			out.Rows[field], out.Own[field] = rowsID(field), m.mine[field]
		} else {
			out.Changed[field] = append([]string{}, fresh.All(field)...)
		}
	}
	if len(news) > 0 {
		out.News = lang.T(l, "draft.news", lang.Args{"Name": m.by, "Fields": strings.Join(news, ", ")})
	}
	var left []string
	for _, e := range f.Errors {
		left = append(left, e.Says())
	}
	if len(left) > 0 {
		out.Trouble = lang.T(l, "draft.left", lang.Args{"Faults": strings.Join(left, " ")})
	}
	if len(m.clashes) > 0 {
		out.Clash = true
		var fields []string
		for _, x := range m.clashes {
			fields = append(fields, lower(f.where(x.Field)))
		}
		out.Trouble = lang.T(l, "draft.clash", lang.Args{"Name": m.by, "Fields": strings.Join(fields, ", ")})
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// asksForJSON tells whether a script asks: it gets its refusals as JSON, not as pages.
func asksForJSON(r *http.Request) bool { return r.Header.Get("Accept") == "application/json" }
