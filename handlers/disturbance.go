package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// disturbancePages let the office tell on every page that something does not work.
func (s *Server) disturbancePages() []pageRoute {
	office := []workflow.Role{workflow.Admin, workflow.Officer, workflow.Head}
	return []pageRoute{
		{method: http.MethodGet, path: "/admin/disturbance", do: s.showDisturbance, roles: office},
		{method: http.MethodPost, path: "/admin/disturbance", do: s.postDisturbance, roles: office},
		{method: http.MethodPost, path: "/admin/disturbance/:id/end", do: s.endDisturbance, roles: office},
	}
}

type disturbancePage struct {
	Page
	Form *Form
	Rows []disturbanceView
}

// disturbanceView is one notice; End is where it can be taken away.
type disturbanceView struct {
	Text, End string
	Tag       Tag
	Facts     []Fact
}

// disturbed is what is told above the page now. What can't be read is not told: a page is worth more than its notice.
func (s *Server) disturbed(c *gin.Context, l lang.Lang, now time.Time) *Note {
	rows, err := s.store.DisturbancesAt(c.Request.Context(), now)
	if err != nil {
		s.log.ErrorContext(c.Request.Context(), "disturbance", "error", err)
		return nil
	}
	var texts []string
	for _, d := range rows {
		texts = append(texts, disturbanceText(l, d))
	}
	if len(texts) == 0 {
		return nil
	}
	return &Note{Kind: "warn", Strong: lang.T(l, "disturbance.now"), Text: strings.Join(texts, " ")}
}

func disturbanceText(l lang.Lang, d sql.Disturbance) string {
	if l == lang.EN {
		return d.EN
	}
	return d.SV
}

func (s *Server) showDisturbance(c *gin.Context) error {
	f := newForm(c)
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	setMoment(f, "from", now)
	return s.drawDisturbance(c, http.StatusOK, f)
}

func (s *Server) drawDisturbance(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "disturbance.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Lead, p.Errors = lang.T(l, "disturbance.lead"), f.Errors
	p.Back = &Link{Text: lang.T(l, "menu.rounds"), Href: "/rounds"}
	if actorOf(c).Is(workflow.Admin) {
		p.Back = &Link{Text: lang.T(l, "menu.admin"), Href: "/admin"}
	}
	page := disturbancePage{Page: p, Form: f}
	rows, err := s.store.Disturbances(c.Request.Context())
	if err != nil {
		return err
	}
	for _, d := range rows {
		v := disturbanceView{Text: disturbanceText(l, d), Tag: Tag{Text: lang.T(l, "disturbance.over"), Color: "neutral"},
			Facts: []Fact{
				{Term: lang.T(l, "disturbance.from"), At: d.From},
				{Term: lang.T(l, "disturbance.until"), At: d.Until},
				{Term: lang.T(l, "absence.made_by"), Value: d.ByName},
			}}
		if d.Until.After(p.Now) && d.Until.After(d.From) {
			v.End, v.Tag = fmt.Sprintf("/admin/disturbance/%d/end", d.ID), Tag{Text: lang.T(l, "disturbance.shown"), Color: "warning"}
			if d.From.After(p.Now) {
				v.Tag = Tag{Text: lang.T(l, "disturbance.coming"), Color: "info"}
			}
		}
		page.Rows = append(page.Rows, v)
	}
	return s.page(c, status, "admin/disturbance", page)
}

func (s *Server) postDisturbance(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	d := sql.Disturbance{SV: f.Text("notice_sv"), EN: f.Text("notice_en")}
	from, okFrom := f.Moment("from")
	until, okUntil := f.Moment("until")
	if !okFrom || !okUntil { // the rest is judged below; all that is missing is said at once
		f.Need("notice_sv")
		f.Need("notice_en")
	}
	d.From, d.Until = from, until
	if okFrom && okUntil {
		err := s.store.AddDisturbance(c.Request.Context(), actorOf(c), d)
		again, err := refusedForm(f, err)
		if err != nil {
			return err
		}
		if !again {
			return s.see(c, "/admin/disturbance", "disturbance.saved")
		}
	}
	return s.drawDisturbance(c, http.StatusUnprocessableEntity, f)
}

func (s *Server) endDisturbance(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	if err := s.store.EndDisturbance(c.Request.Context(), actorOf(c), id); err != nil {
		return err
	}
	return s.see(c, "/admin/disturbance", "disturbance.did_end")
}
