package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"github.com/gin-gonic/gin"
)

// queueCookie keeps the reader's filter between visits. It holds codes and
// search words of the reader's own, and is read only here.
const queueCookie = "fund_queue"

// savedView is a list that the reader has named.
type savedView struct {
	Link Link
	ID   int64
}

// keptQueue is the filter that the reader used last, as an address.
func keptQueue(c *gin.Context) string {
	raw, err := c.Cookie(queueCookie)
	if err != nil {
		return ""
	}
	query, err := url.ParseQuery(raw)
	if err != nil {
		return ""
	}
	return queueFilter(query).Encode()
}

// workload is who has how many open cases, and how many of them are late; colleagues
// are the others among them, whose cases one may want to see.
func (s *Server) workload(c *gin.Context, l lang.Lang) (table *Table, colleagues []Option, err error) {
	steps := queueViews[1:5]
	var states []workflow.State
	for _, v := range steps {
		states = append(states, v.states...)
	}
	rows, err := s.store.Workload(c.Request.Context(), actorOf(c), states)
	if err != nil || len(rows) == 0 {
		return nil, nil, err
	}
	t := Table{Caption: lang.T(l, "queue.load"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "queue.officer")}}}
	for _, v := range steps {
		t.Head = append(t.Head, Column{Text: lang.T(l, "queue.view."+v.key), Sum: true})
	}
	t.Head = append(t.Head, Column{Text: lang.T(l, "queue.load.sum"), Sum: true}, Column{Text: lang.T(l, "queue.load.late"), Sum: true})
	for len(rows) > 0 {
		n := 0
		for n < len(rows) && rows[n].Email == rows[0].Email {
			n++
		}
		t.Rows = append(t.Rows, loadRow(l, rows[:n]))
		if who := rows[0]; who.Person != 0 && who.Person != actorOf(c).ID {
			colleagues = append(colleagues, Option{Value: fmt.Sprint(who.Person), Text: who.Name})
		}
		rows = rows[n:]
	}
	return &t, colleagues, nil
}

// loadRow is one officer's row of the workload.
func loadRow(l lang.Lang, mine []sql.Load) Row {
	name, who := mine[0].Name, fmt.Sprint(mine[0].Person)
	if mine[0].Person == 0 {
		name, who = lang.T(l, "queue.nobody"), "none"
	}
	cells := []Cell{{Links: []Link{{Text: name, Href: "/cases?view=open&who=" + who}}}}
	sum, late := 0, 0
	for _, v := range queueViews[1:5] {
		n := 0
		for _, x := range mine {
			if slices.Contains(v.states, x.State) {
				n, late = n+x.N, late+x.Late
			}
		}
		sum += n
		cells = append(cells, Cell{Text: fmt.Sprint(n)})
	}
	last := Cell{Text: fmt.Sprint(late)}
	if late > 0 {
		last.Class = "late"
	}
	return Row{Cells: append(cells, Cell{Text: fmt.Sprint(sum), Strong: true}, last)}
}

func (s *Server) savedViews(c *gin.Context, l lang.Lang) (list []savedView, err error) {
	views, err := s.store.SavedViews(c.Request.Context(), actorOf(c))
	for _, v := range views {
		list = append(list, savedView{ID: v.ID, Link: Link{Text: v.Name, Href: "/cases?" + v.Query}})
	}
	return list, err
}

// postView names the list that is shown, or removes a named one.
func (s *Server) postView(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	if id := f.Raw("remove"); id != "" {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return workflow.ErrNotFound
		}
		if err := s.store.DropView(ctx, by, n); err != nil {
			return err
		}
		return s.see(c, "/cases", "queue.view_removed")
	}
	query, err := url.ParseQuery(f.Raw("keep"))
	if err != nil {
		query = url.Values{}
	}
	query = queueFilter(query)
	if !query.Has("view") {
		query.Set("view", "open")
	}
	name := f.Need("name")
	if utf8.RuneCountInString(name) > 60 {
		f.Fail("name", "queue.name_long")
	}
	taken, err := s.viewTaken(c, name, query.Encode())
	if err != nil {
		return err
	}
	if taken && f.Raw("replace") != name {
		f.Fail("name", "queue.view_taken")
		f.Set("replace", name) // saved once more under this name, it is replaced
	}
	if !f.OK() {
		for key := range query {
			f.Set(key, query.Get(key))
		}
		return s.drawQueue(c, http.StatusUnprocessableEntity, f)
	}
	if err := s.store.SaveView(ctx, by, name, query.Encode()); err != nil {
		return err
	}
	return s.see(c, "/cases?"+query.Encode(), "queue.view_saved", lang.Args{"Name": name})
}

// viewTaken tells whether the reader has another list of that name.
func (s *Server) viewTaken(c *gin.Context, name, query string) (bool, error) {
	views, err := s.store.SavedViews(c.Request.Context(), actorOf(c))
	return slices.ContainsFunc(views, func(v sql.SavedView) bool { return v.Name == name && v.Query != query }), err
}

// mayTake tells whether an unassigned case can become this officer's, and else why not (RF-18).
func (s *Server) mayTake(c *gin.Context, l lang.Lang, k workflow.Case, by workflow.Actor) (bool, *Note, error) {
	why, err := s.store.Conflicts(c.Request.Context(), k.App.ID, by.Email)
	if err != nil {
		return false, nil, err
	}
	k.Facts.Conflicts = why
	if !workflow.Barred(k, by.Person) {
		return true, nil, nil
	}
	note := &Note{Strong: lang.T(l, "queue.take.barred")}
	if reason := why[by.Email]; reason != "" {
		note.Text = lang.T(l, "conflict."+reason) + "."
		if reason == "tie" {
			note.Links = []Link{{Text: lang.T(l, "tie.title"), Href: "/ties"}}
		}
	}
	return false, note, nil
}

// postTake makes the reader the officer of a case.
func (s *Server) postTake(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	if _, ok, err := s.apply(c, f, k.App.ID, &workflow.AssignOfficer{Officer: actorOf(c).Email}); err != nil || !ok {
		if err == nil {
			err = workflow.Refused{Code: "in_conflict"}
		}
		return err
	}
	return s.see(c, fmt.Sprintf("/cases/%d", k.App.ID), "done.assign_officer")
}
