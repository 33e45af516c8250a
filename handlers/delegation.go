package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// delegationPages let an administrator keep the delegation order, which everyone who decides or reports reads.
func (s *Server) delegationPages() []pageRoute {
	readers := []workflow.Role{workflow.Admin, workflow.Head, workflow.Secretary, workflow.Officer, workflow.Registrar, workflow.Auditor}
	admin := []workflow.Role{workflow.Admin}
	return []pageRoute{
		{method: http.MethodGet, path: "/admin/delegation", do: s.showDelegation, roles: readers},
		{method: http.MethodPost, path: "/admin/delegation", do: s.postDelegation, roles: admin},
		{method: http.MethodPost, path: "/admin/delegation/:id/end", do: s.endDelegation, roles: admin},
	}
}

type delegationPage struct {
	Page
	Form     *Form
	Rows     []delegationView
	Schemes  []Option
	Outcomes []Option
	Write    bool
	Empty    Empty
}

// delegationView is one version of an item. End is its id where it may be ended.
type delegationView struct {
	Title string
	Tag   Tag
	Facts []Fact
	End   *Field
	Post  string
	Next  *Link
}

// itemText is what an item is about, in the reader's language.
func itemText(l lang.Lang, d workflow.DelegationItem) string {
	if l == lang.EN {
		return d.TextEN
	}
	return d.TextSV
}

func (s *Server) showDelegation(c *gin.Context) error {
	f := newForm(c)
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	f.Set("valid_from", workflow.DateOf(now))
	if id, err := strconv.ParseInt(c.Query("from"), 10, 64); err == nil {
		if err := s.copyItem(c, f, id); err != nil {
			return err
		}
	}
	return s.drawDelegation(c, http.StatusOK, f)
}

// copyItem starts a new version from an item as it is.
func (s *Server) copyItem(c *gin.Context, f *Form, id int64) error {
	all, err := s.store.Delegation(c.Request.Context())
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.ID != id {
			continue
		}
		for name, v := range map[string]any{"number": d.Number, "text_sv": d.TextSV, "text_en": d.TextEN, "holder": d.Holder, "sub_to": d.SubTo, "schemes": d.Schemes, "outcomes": d.Outcomes} {
			f.Set(name, v)
		}
		f.SetKronor("limit", d.Limit)
	}
	return nil
}

func (s *Server) drawDelegation(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "delegation.title")
	if err != nil {
		return err
	}
	l, by, today := p.Lang, actorOf(c), workflow.DateOf(p.Now)
	p.Lead, p.Errors, p.Back = lang.T(l, "delegation.lead"), f.Errors, toTasks(l)
	if by.Is(workflow.Admin) {
		p.Back = &Link{Text: lang.T(l, "menu.admin"), Href: "/admin"}
	}
	page := delegationPage{Page: p, Form: f, Write: by.Is(workflow.Admin), Outcomes: Options(l, "outcome", workflow.DelegationOutcomes...),
		Empty: Empty{Title: lang.T(l, "delegation.none"), Text: lang.T(l, "delegation.none.text")}}
	schemes, err := s.store.Schemes(c.Request.Context())
	if err != nil {
		return err
	}
	for _, sc := range schemes {
		page.Schemes = append(page.Schemes, Option{Value: sc.Code, Text: lang.T(l, "scheme."+sc.Code)})
	}
	all, err := s.store.Delegation(c.Request.Context())
	if err != nil {
		return err
	}
	for _, d := range all {
		page.Rows = append(page.Rows, viewDelegation(l, f, d, today, page.Write))
	}
	return s.page(c, status, "admin/delegation", page)
}

func viewDelegation(l lang.Lang, f *Form, d sql.DelegationUse, today workflow.Date, write bool) delegationView {
	state, color := "coming", "info"
	switch {
	case d.ValidOn(today):
		state, color = "now", "success"
	case d.From.Before(today):
		state, color = "over", "neutral"
	}
	v := delegationView{Title: d.Number + " " + itemText(l, d.DelegationItem), Tag: Tag{Text: lang.T(l, "delegation.state."+state), Color: color}}
	fact := func(key, value string) { v.Facts = append(v.Facts, Fact{Term: lang.T(l, key), Value: value}) }
	names := func(prefix string, codes []string) string {
		var words []string
		for _, x := range codes {
			words = append(words, lang.T(l, prefix+"."+x))
		}
		if len(words) == 0 {
			return lang.T(l, "delegation.all")
		}
		return strings.Join(words, ", ")
	}
	fact("field.schemes", names("scheme", d.Schemes))
	fact("field.outcomes", names("outcome", d.Outcomes))
	limit := lang.T(l, "delegation.no_limit")
	if d.Limit != nil {
		limit = lang.Money(l, *d.Limit)
	}
	fact("field.limit", limit)
	fact("field.holder", d.Holder)
	if d.SubTo != "" {
		fact("field.sub_to", d.SubTo)
	}
	days := lang.T(l, "delegation.from", lang.Args{"From": lang.Day(l, d.From.String())})
	if !d.Until.IsZero() {
		days = lang.Days(l, d.From.String(), d.Until.String())
	}
	fact("delegation.days", days)
	fact("delegation.used", lang.T(l, "delegation.used.count", lang.Args{"Count": int(d.Used)}))
	if write && state != "over" {
		v.Next = &Link{Text: lang.T(l, "delegation.next"), Href: fmt.Sprintf("/admin/delegation?from=%d#new", d.ID)}
		v.Post = fmt.Sprintf("/admin/delegation/%d/end", d.ID)
		v.End = &Field{Form: f, Name: fmt.Sprintf("last.%d", d.ID), Kind: "date", Label: lang.T(l, "delegation.last")}
	}
	return v
}

func (s *Server) postDelegation(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	d := workflow.DelegationItem{
		Number:   f.Text("number"),
		TextSV:   f.Text("text_sv"),
		TextEN:   f.Text("text_en"),
		Schemes:  f.All("schemes"),
		Outcomes: f.All("outcomes"),
		Limit:    f.Kronor("limit"),
		Holder:   f.Text("holder"),
		SubTo:    f.Text("sub_to"),
		From:     f.Date("valid_from"),
		Until:    f.Date("valid_to"),
	}
	if f.OK() {
		_, err := s.store.AddDelegation(c.Request.Context(), actorOf(c), d)
		again, err := refusedForm(f, err)
		if err != nil {
			return err
		}
		if !again {
			return s.see(c, "/admin/delegation", "delegation.saved")
		}
	}
	f.Refuse(d.Check()) // all of it at once, also where something can't be read
	return s.drawDelegation(c, http.StatusUnprocessableEntity, f)
}

func (s *Server) endDelegation(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	field := fmt.Sprintf("last.%d", id)
	last := f.Date(field)
	if f.OK() && last.IsZero() {
		f.Fail(field, "form.required")
	}
	if f.OK() {
		err := s.store.EndDelegation(c.Request.Context(), actorOf(c), id, last)
		var wrong workflow.Violations
		if errors.As(err, &wrong) {
			for i := range wrong {
				wrong[i].Field = field // of this item among those on the page
			}
			err = wrong
		}
		again, err := refusedForm(f, err)
		if err != nil {
			return err
		}
		if !again {
			return s.see(c, "/admin/delegation", "delegation.did_end")
		}
	}
	return s.drawDelegation(c, http.StatusUnprocessableEntity, f)
}

// itemChoice is the delegation order as a decision's form offers it: the items
// that fit scheme, outcome, sum and day, and why the others don't.
func (s *Server) itemChoice(c *gin.Context, l lang.Lang, f *Form, k workflow.Case, today workflow.Date) (fit []Option, others []Fact, err error) {
	all, err := s.store.Delegation(c.Request.Context())
	if err != nil {
		return nil, nil, err
	}
	sum := max(k.App.LastRequested(), typedSum(f, k))
	for _, d := range all {
		if !d.ValidOn(today) {
			continue // of an item's versions only today's is told of
		}
		if x := d.Misfit(k.App.Scheme, f.Raw("outcome"), sum, today); x != nil {
			others = append(others, Fact{Term: d.Number + " " + itemText(l, d.DelegationItem), Value: SayViolation(l, *x)})
			continue
		}
		text := d.Number + " " + itemText(l, d.DelegationItem)
		if d.Limit != nil {
			text += ", " + lang.T(l, "delegation.at_most", lang.Args{"Sum": lang.Money(l, *d.Limit)})
		}
		fit = append(fit, Option{Value: d.Number, Text: text})
	}
	return fit, others, nil
}
