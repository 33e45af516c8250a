package handlers

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
	"github.com/gin-gonic/gin"
)

// endedStates are those of cases that nobody works on any more.
var endedStates = []workflow.State{workflow.Closed, workflow.Withdrawn, workflow.Lapsed}

// openStates are all the others that the office knows of.
var openStates = slices.DeleteFunc(slices.Clone(workflow.States), func(s workflow.State) bool {
	return slices.Contains(endedStates, s) || slices.Contains([]workflow.State{workflow.Draft, workflow.AwaitingPrincipal, workflow.Approved}, s)
})

// queueViews are the lists of the queue: their words and the states in them.
var queueViews = []queueView{
	{"open", openStates},
	{"check", []workflow.State{workflow.Submitted, workflow.UnderCheck}},
	{"waiting", []workflow.State{workflow.CompletionRequested}},
	{"assessment", []workflow.State{workflow.UnderAssessment}},
	{"propose", []workflow.State{workflow.Ranked, workflow.Proposed}},
	{"decided", []workflow.State{workflow.Decided, workflow.ConditionsAccepted, workflow.Payable, workflow.Paid1, workflow.Travelling}},
	{"reports", []workflow.State{workflow.ReportDue, workflow.ReportSubmitted, workflow.ReportReturned, workflow.ReportAccepted, workflow.Settled}},
	{"ended", endedStates},
	{"all", nil},
}

// queueView is a list of the queue; no states: all of them.
type queueView struct {
	key    string
	states []workflow.State
}

// queueNames are the parts of the address that make a filter; what else stands there is not kept.
var queueNames = []string{"view", "who", "late", "round", "q"}

type queuePage struct {
	Page
	Form   *Form
	Views  []View
	Table  Table
	Pager  Pager
	Empty  Empty
	Paper  bool
	Stored []savedView
	Keep   string // the filter as an address, to be given a name
	Round  Field
	Clear  *Link
	Load   *Table
	others []Option // colleagues with open cases
	Found  string
}

// showQueue is the office's desk. Without a filter in the address it goes on
// with the one that the reader used last.
func (s *Server) showQueue(c *gin.Context) error {
	query := c.Request.URL.Query()
	if len(queueFilter(query)) == 0 {
		if kept := keptQueue(c); kept != "" {
			c.Redirect(http.StatusSeeOther, "/cases?"+kept)
			return nil
		}
	}
	l, _ := LangOf(c.Request)
	return s.drawQueue(c, http.StatusOK, ReadForm(l, query))
}

// queueFilter is the part of an address that filters.
func queueFilter(query url.Values) url.Values {
	out := url.Values{}
	for _, name := range queueNames {
		if v := strings.TrimSpace(query.Get(name)); v != "" {
			out.Set(name, v)
		}
	}
	return out
}

func (s *Server) drawQueue(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "queue.title")
	if err != nil {
		return err
	}
	ctx, l, by := c.Request.Context(), p.Lang, actorOf(c)
	p.Errors = f.Errors
	chosen := queueFilter(f.values)
	keep := chosen.Encode()
	http.SetCookie(
		c.Writer,
		&http.Cookie{
			Name:     queueCookie,
			Value:    url.QueryEscape(keep),
			Path:     "/cases",
			MaxAge:   365 * 24 * 3600,
			HttpOnly: true,
			SameSite: http.SameSiteLaxMode,
			Secure:   s.secureCookies(),
		},
	)
	inPlace, err := s.standsFor(c, by, workflow.DateOf(p.Now))
	if err != nil {
		return err
	}
	filter, view := queueOf(f, by, inPlace)
	page := queuePage{
		Page:  p,
		Form:  f,
		Keep:  keep,
		Empty: Empty{Title: lang.T(l, "queue.none"), Text: lang.T(l, "queue.none.text")},
		Paper: by.Is(workflow.Officer),
	}
	if len(chosen) > 1 || len(chosen) == 1 && !chosen.Has("view") {
		page.Clear = &Link{Text: lang.T(l, "queue.clear"), Href: "/cases?view=open"}
		page.Empty.Text = lang.T(l, "queue.none.filtered")
	}
	if page.Round, err = s.roundChoice(c, f); err != nil {
		return err
	}
	counts, err := s.store.QueueCounts(ctx, by, filter)
	if err != nil {
		return err
	}
	for _, v := range queueViews {
		n := 0
		for state, k := range counts {
			if v.states == nil || slices.Contains(v.states, state) {
				n += k
			}
		}
		if v.key == view {
			page.Pager.Total = n
		}
		page.Views = append(
			page.Views,
			View{Text: lang.T(l, "queue.view."+v.key), Href: "/cases?" + with(chosen, "view", v.key), Count: n, Current: v.key == view},
		)
	}
	cases, keys, more, err := s.store.Queue(ctx, by, filter)
	if err != nil {
		return err
	}
	page.Pager.Shown = len(cases)
	page.Pager.Previous, page.Pager.Next = neighbours("/cases", queueFilter(chosen), filter, keys, more)
	page.Table = queueTable(l, cases, by, inPlace, p.Now, func(email string) string { return s.calledBy(c, email) })
	if page.Stored, err = s.savedViews(c, l); err != nil {
		return err
	}
	if by.Is(workflow.Officer) || by.Is(workflow.Head) {
		if page.Load, page.others, err = s.workload(c, l); err != nil {
			return err
		}
	}
	return s.page(c, status, "case/queue", page)
}

// roundChoice is the list of rounds to filter by, newest first. A code that an
// older saved list names stays to be seen, and to be taken away.
func (s *Server) roundChoice(c *gin.Context, f *Form) (Field, error) {
	x := Field{Form: f, Name: "round", Kind: "select", Label: lang.T(f.Lang, "fact.round"), Empty: lang.T(f.Lang, "queue.round.all")}
	rounds, err := s.store.Rounds(c.Request.Context(), true)
	known := f.Raw("round") == ""
	for _, r := range rounds {
		x.Options = append(x.Options, Option{Value: r.ID, Text: notice.RoundName(f.Lang, r)})
		known = known || r.ID == f.Raw("round")
	}
	if !known {
		x.Options = append(x.Options, Option{Value: f.Raw("round"), Text: f.Raw("round")})
	}
	return x, err
}

// with is an address's filter with one name set anew.
func with(query url.Values, name, value string) string {
	out := queueFilter(query)
	out.Set(name, value)
	return out.Encode()
}

// queueOf reads the filter; view is the list's key.
func queueOf(f *Form, by workflow.Actor, inPlace []int64) (filter sql.QueueFilter, view string) {
	filter = sql.QueueFilter{Round: f.Raw("round"), Q: f.Raw("q"), Late: f.Raw("late") != "", Limit: 50}
	switch who := f.Raw("who"); who {
	case "mine":
		filter.Officers = append(slices.Clone(inPlace), by.ID)
	case "none":
		filter.Unassigned = true
	default:
		if id, err := strconv.ParseInt(who, 10, 64); err == nil && id != 0 { // what is no number filters nothing
			filter.Officers = []int64{id}
		}
	}
	view = "open"
	if slices.ContainsFunc(queueViews, func(v queueView) bool { return v.key == f.Raw("view") }) {
		view = f.Raw("view")
	}
	for _, v := range queueViews {
		if v.key != view {
			continue
		}
		filter.State = workflow.StateNames(v.states)
	}
	filter.After, filter.Before = queueKey(f.Raw("after")), queueKey(f.Raw("before"))
	return filter, view
}

// queueKey reads a place in the queue: microseconds and id.
func queueKey(s string) (k sql.QueueKey) {
	at, id, _ := strings.Cut(s, "-")
	us, err := strconv.ParseInt(at, 10, 64)
	n, err2 := strconv.ParseInt(id, 10, 64)
	if err != nil || err2 != nil || n <= 0 {
		return sql.QueueKey{}
	}
	return sql.QueueKey{Since: time.UnixMicro(us), ID: n}
}

// neighbours are the addresses of the pages before and after, of the list at path.
func neighbours(path string, chosen url.Values, filter sql.QueueFilter, keys []sql.QueueKey, more bool) (previous, next string) {
	if len(keys) == 0 {
		return "", ""
	}
	at := func(name string, k sql.QueueKey) string {
		q := maps.Clone(chosen)
		if q == nil {
			q = url.Values{}
		}
		q.Set(name, fmt.Sprintf("%d-%d", k.Since.UnixMicro(), k.ID))
		return path + "?" + q.Encode()
	}
	back := filter.Before.ID != 0
	if filter.After.ID != 0 || back && more {
		previous = at("before", keys[0])
	}
	if back || more {
		next = at("after", keys[len(keys)-1])
	}
	return previous, next
}

func queueTable(l lang.Lang, cases []workflow.Case, by workflow.Actor, inPlace []int64, now time.Time, called func(email string) string) Table {
	t := Table{
		Caption:     lang.T(l, "queue.title"),
		HideCaption: true,
		Class:       "queue",
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "queue.case")},
			{Text: lang.T(l, "fact.applicant")},
			{Text: lang.T(l, "limit.requested"), Sum: true},
			{Text: lang.T(l, "queue.state")},
			{Text: lang.T(l, "queue.clock")},
			{Text: lang.T(l, "queue.officer")},
			{Text: lang.T(l, "queue.next")},
		},
	}
	today := workflow.DateOf(now)
	for _, k := range cases {
		tags := []Tag{StateTag(l, k.App.State, false)}
		for _, flag := range workflow.Flags(k) {
			if len(tags) < 2 {
				tags = append(tags, caseFlag(l, k, flag))
			}
		}
		t.Rows = append(t.Rows, Row{
			Cells: []Cell{
				{Links: []Link{{Text: k.App.Form.Title, Href: fmt.Sprintf("/cases/%d", k.App.ID)}}, Note: strings.TrimSpace(k.App.DNR + " " + k.App.Round)},
				{Text: applicantName(k)},
				{Text: lang.Money(l, k.App.LastRequested())},
				{Tags: tags},
				clockCell(l, k, today),
				officerCell(l, k, by, inPlace, called),
				queueStep(l, k, by, now),
			},
		})
	}
	return t
}

// clockCell is how long a case has been in its step, against what was promised.
func clockCell(l lang.Lang, k workflow.Case, today workflow.Date) Cell {
	if slices.Contains(endedStates, k.App.State) {
		return Cell{Text: "–"}
	}
	clock := workflow.CaseClock(k, today)
	x := Cell{Text: lang.T(l, "queue.days", lang.Args{"Count": clock.Days})}
	if clock.Due.IsZero() {
		return x
	}
	x.Note = lang.T(l, "queue.promised", lang.Args{"Day": lang.ShortDay(l, clock.Due.String())})
	switch {
	case clock.Left < 0:
		x.Class, x.Note = "late", lang.T(l, "queue.overdue", lang.Args{"Day": lang.ShortDay(l, clock.Due.String())})
	case clock.Left <= 3:
		x.Class = "soon"
	}
	return x
}

// officerCell says who prepares the case; an officer takes an unassigned one with one click on the case's page.
func officerCell(l lang.Lang, k workflow.Case, by workflow.Actor, inPlace []int64, called func(email string) string) Cell {
	switch {
	case k.App.OfficerID == 0:
		return Cell{Text: lang.T(l, "queue.nobody")}
	case k.App.OfficerID == by.ID:
		return Cell{Text: lang.T(l, "queue.you")}
	case slices.Contains(inPlace, k.App.OfficerID):
		return Cell{Text: called(k.App.Officer), Note: lang.T(l, "queue.stands_in")}
	}
	return Cell{Text: called(k.App.Officer)}
}

// standsFor are the officers who are away and have the reader in their place, who may be one of them.
func (s *Server) standsFor(c *gin.Context, by workflow.Actor, today workflow.Date) (officers []int64, err error) {
	if !by.Is(workflow.Officer) {
		return nil, nil
	}
	away, err := s.store.Absences(c.Request.Context())
	for _, a := range away {
		if a.Role == workflow.Officer && a.SubEmail == by.Email && absenceState(a, today) == "absence.now" {
			officers = append(officers, a.Person)
		}
	}
	return officers, err
}

// queueStep is what this reader is waited for to do.
func queueStep(l lang.Lang, k workflow.Case, by workflow.Actor, now time.Time) Cell {
	open := workflow.Allowed(k, by, now)
	i := slices.IndexFunc(waiting, func(a workflow.Action) bool {
		return slices.Contains(open, a) && asked(k, by, a, workflow.DateOf(now))
	})
	if i < 0 {
		return Cell{Text: "–"}
	}
	return Cell{Links: []Link{{Text: lang.T(l, "action."+string(waiting[i])), Hidden: k.App.Form.Title, Href: taskHref(k, by, waiting[i])}}}
}

// officers are the people who may prepare the case.
func (s *Server) officers(c *gin.Context, k workflow.Case) (list []Option, err error) {
	people, err := s.unbarred(c, k, workflow.Officer)
	for _, p := range people {
		list = append(list, Option{Value: p.Email, Text: p.Name})
	}
	return list, err
}

// withConflicts looks up who of those that a page would offer can't be given the case.
func (s *Server) withConflicts(c *gin.Context, k workflow.Case, people []workflow.Person) (workflow.Case, error) {
	emails := make([]string, len(people))
	for i, p := range people {
		emails[i] = p.Email
	}
	if len(emails) == 0 {
		return k, nil
	}
	why, err := s.store.Conflicts(c.Request.Context(), k.App.ID, emails...)
	k.Facts.Conflicts = why
	return k, err
}

// Who are the choices of whose cases are shown.
func (p queuePage) Who() []Option {
	return append(Options(p.Lang, "queue.who", "mine", "none"), p.others...)
}

// peopleWith lists everyone who holds a role.
func (s *Server) peopleWith(c *gin.Context, role workflow.Role) ([]workflow.Person, error) {
	people, err := s.store.Everyone(c.Request.Context())
	return slices.DeleteFunc(people, func(p workflow.Person) bool { return !p.Is(role) }), err
}
