package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// rankingPage is a round's order, with the saved scenarios side by side.
type rankingPage struct {
	Page
	Form      *Form
	Post      string
	Pot       Pot
	Heads     []rankHead
	Rows      []rankRow
	Gone      []rankCell // what a scenario gave cases that stand here no more; nil: none did
	Sums      []rankCell
	Left      []rankCell
	Wanted    string
	Columns   int
	Scenarios []scenario
	Effects   []Table // of the scenarios, for school forms and areas
	Outside   Table   // what is proposed for a refusal or a dismissal without a score
	Older     bool    // saved scenarios that aren't among the columns
	May       bool
	Empty     Empty
}

// rankHead is the heading of a scenario's column.
type rankHead struct {
	Name, Method, Budget string
	Chosen               bool
}

// rankRow is a case in its place. Cut stands above it where the money of the drawn scenario ends.
type rankRow struct {
	Place             int
	Title, Href, Note string
	Score, Most, Tie  string
	State             Tag
	Said              string // what its proposal says, where that is not what was chosen
	Cells             []rankCell
	Cut               string
	Propose           *Link
}

// rankCell is what a scenario gives a case.
type rankCell struct {
	Label, Text, Note string
	Reserve, Chosen   bool
}

// scenario is a saved allocation in one line, with the button that chooses it.
type scenario struct {
	ID     int64
	Title  string
	Facts  string
	Chosen bool
}

// shownScenarios is how many saved scenarios stand side by side: the newest, and the chosen one.
const shownScenarios = 3

func (s *Server) showRanking(c *gin.Context) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	return s.drawRanking(c, http.StatusOK, r, newForm(c))
}

func (s *Server) drawRanking(c *gin.Context, status int, r workflow.Round, f *Form) error {
	p, err := s.newPage(c, "ranking.title")
	if err != nil {
		return err
	}
	l, by, ctx := p.Lang, actorOf(c), c.Request.Context()
	p.Over, p.Errors, p.Back = notice.RoundName(p.Lang, r), f.Errors, &Link{Text: notice.RoundName(p.Lang, r), Href: "/rounds/" + r.ID}
	page := rankingPage{Page: p, Form: f, Post: "/rounds/" + r.ID + "/ranking", May: by.Is(workflow.Officer) || by.Is(workflow.Head),
		Empty: Empty{Title: lang.T(l, "ranking.none"), Text: lang.T(l, "ranking.none.text")}}
	m, err := s.store.RoundMoney(ctx, r.ID)
	if err != nil {
		return err
	}
	page.Pot = roundPot(l, r.ID, m)
	var cases []workflow.Case // all of them: a place in an order that is cut says nothing
	for k, err := range s.store.AllCases(ctx, by, sql.CaseFilter{Round: r.ID, State: "ranked,proposed"}) {
		if err != nil {
			return err
		}
		cases = append(cases, k)
	}
	page.Outside = outsideRanking(l, cases)
	cases = slices.DeleteFunc(cases, workflow.Unranked)
	saved, err := s.store.Allocations(ctx, by, r.ID)
	if err != nil {
		return err
	}
	shown, drawn := scenariosShown(saved)
	page.Older = len(shown) < len(saved)
	for _, a := range slices.Backward(saved) {
		page.Scenarios = append(
			page.Scenarios,
			scenario{ID: a.ID, Chosen: a.Chosen, Title: scenarioName(l, a) + ": " + methodName(l, a) + ", " + lang.Money(l, a.Budget),
				Facts: lang.T(
					l,
					"rank.shared",
					lang.Args{"Sum": lang.Money(l, a.Total)},
				) + ", " + lang.T(
					l,
					"ranking.left",
					lang.Args{"Sum": lang.Money(l, a.Remaining)},
				)},
		)
	}
	for _, a := range shown {
		h := rankHead{Name: scenarioName(l, a), Method: methodName(l, a), Budget: lang.Money(l, a.Budget), Chosen: a.Chosen}
		page.Heads = append(page.Heads, h)
		page.Sums = append(page.Sums, rankCell{Label: h.Name, Text: lang.Money(l, a.Total), Chosen: a.Chosen})
		page.Left = append(page.Left, rankCell{Label: h.Name, Text: lang.Money(l, a.Remaining), Chosen: a.Chosen})
	}
	page.Gone = rankGone(l, page.Heads, shown, cases)
	page.Columns = 5 + len(page.Heads)
	s.rankRows(&page, inOrder(cases, drawn, workflow.DateOf(p.Now)), shown, drawn, by)
	page.Effects = rankEffects(l, cases, shown)
	return s.page(c, status, "review/ranking", page)
}

// scenariosShown picks the scenarios to compare, oldest first, and the one whose budget line is drawn.
func scenariosShown(saved []sql.AllocationRow) (shown []sql.AllocationRow, drawn *sql.AllocationRow) {
	for i := range saved {
		if saved[i].Chosen || i >= len(saved)-shownScenarios {
			shown = append(shown, saved[i])
		}
		if drawn == nil || saved[i].Chosen || !drawn.Chosen {
			drawn = &saved[i]
		}
	}
	return shown, drawn
}

// inOrder sorts the cases as the drawn scenario ranked them, the others by score behind it.
func inOrder(cases []workflow.Case, drawn *sql.AllocationRow, today workflow.Date) []workflow.Case {
	place := map[int64]int{}
	if drawn != nil {
		for i, x := range drawn.Results {
			place[x.Application] = i + 1
		}
	}
	slices.SortStableFunc(cases, func(a, b workflow.Case) int {
		x, y := place[a.App.ID], place[b.App.ID]
		if x != 0 && y != 0 {
			return x - y
		}
		return workflow.CandidateOf(b, workflow.Date{}, today).Total - workflow.CandidateOf(a, workflow.Date{}, today).Total
	})
	return cases
}

func (s *Server) rankRows(page *rankingPage, cases []workflow.Case, shown []sql.AllocationRow, drawn *sql.AllocationRow, by workflow.Actor) {
	l, today := page.Lang, workflow.DateOf(page.Now)
	var wanted int64
	cut := false
	for i, k := range cases {
		x := workflow.CandidateOf(k, workflow.Date{}, today)
		wanted += x.Computed
		var parts []string
		if x.Level != "" {
			parts = append(parts, lang.T(l, "level."+x.Level))
		}
		if x.TwinTown {
			parts = append(parts, lang.T(l, "rank.twin"))
		}
		row := rankRow{
			Place: i + 1,
			Title: k.App.Form.Title,
			Href:  fmt.Sprintf("/cases/%d", k.App.ID),
			Note:  strings.Join(append([]string{applicantName(k)}, parts...), ", "),
			Score: fmt.Sprint(x.Total),
			Most:  lang.Money(l, x.Computed),
			State: StateTag(l, k.App.State, false),
			Said:  proposedNow(l, k, drawn),
		}
		switch a := workflow.Assess(k); {
		case a.Total == nil: // co-financing is not scored
			row.Score = "–"
		case !*a.Passed:
			row.Tie = lang.T(l, "rank.below", lang.Args{"N": k.Round.Rules.ThresholdTotal})
		}
		for j, a := range shown {
			cell := rankCell{Label: page.Heads[j].Name, Text: "–", Chosen: a.Chosen}
			if n := slices.IndexFunc(a.Results, func(r workflow.Allotment) bool { return r.Application == k.App.ID }); n >= 0 {
				r := a.Results[n]
				cell.Text, cell.Reserve = lang.Money(l, r.Amount), r.Reserve
				if r.Amount > 0 && r.Amount < r.Computed && a.Method != workflow.MethodProportional {
					cell.Note = lang.T(l, "rank.rest")
				}
				if a.ID == drawn.ID {
					if r.Tie != "" {
						row.Tie = lang.T(l, "ranking.tie."+r.Tie)
					}
					if r.Reserve && !cut && a.Method != workflow.MethodLevelFloor { // with floors some below it get theirs
						cut, row.Cut = true, lang.T(l, "rank.cut", lang.Args{"Name": cell.Label})
					}
				}
			}
			row.Cells = append(row.Cells, cell)
		}
		if slices.Contains(workflow.Allowed(k, by, page.Now), workflow.ActPropose) {
			row.Propose = &Link{Text: lang.T(l, "rank.propose"), Hidden: k.App.Form.Title, Href: grantHref(k, workflow.ActPropose) + "?from=ranking"}
		}
		page.Rows = append(page.Rows, row)
	}
	page.Wanted = lang.Money(l, wanted)
	if len(cases) > 0 {
		page.Lead = lang.T(l, "rank.lead", lang.Args{"Count": len(cases), "Sum": page.Wanted})
	}
}

// rankGone is what each scenario gave cases that have left the order since, so that its sum adds up; nil where none has.
func rankGone(l lang.Lang, heads []rankHead, shown []sql.AllocationRow, cases []workflow.Case) (list []rankCell) {
	left := false
	for i, a := range shown {
		var gone int64
		for _, r := range a.Results {
			if !slices.ContainsFunc(cases, func(k workflow.Case) bool { return k.App.ID == r.Application }) {
				gone += r.Amount
			}
		}
		left = left || gone > 0
		list = append(list, rankCell{Label: heads[i].Name, Text: lang.Money(l, gone), Chosen: a.Chosen})
	}
	if !left {
		return nil
	}
	return list
}

// outsideRanking lists the cases that have no place in the order, each with why.
func outsideRanking(l lang.Lang, cases []workflow.Case) Table {
	t := Table{
		Caption:     lang.T(l, "rank.outside"),
		HideCaption: true,
		Stack:       true,
		Head:        []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "rank.outside.proposed")}, {Text: lang.T(l, "field.reasons")}},
	}
	for _, k := range cases {
		if !workflow.Unranked(k) {
			continue
		}
		var why []string
		for _, code := range k.App.Proposal.Reasons {
			why = append(why, lang.T(l, "reason."+code))
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Links: []Link{{Text: k.App.Form.Title, Href: fmt.Sprintf("/cases/%d", k.App.ID)}}, Note: applicantName(k)},
			{Text: lang.T(l, "outcome."+k.App.Proposal.Outcome)}, {Text: strings.Join(why, ". ")}}})
	}
	return t
}

// postRanking saves a scenario, or chooses one.
func (s *Server) postRanking(c *gin.Context) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	to := "/rounds/" + r.ID + "/ranking"
	if id := f.Int("choose"); id != nil {
		if err := s.store.ChooseAllocation(c.Request.Context(), actorOf(c), r.ID, *id); err != nil {
			return err
		}
		return s.see(c, to, "ranking.chosen")
	}
	budget, floor := f.Kronor("budget"), f.Kronor("level_floor")
	if !f.OK() {
		return s.drawRanking(c, http.StatusUnprocessableEntity, r, f)
	}
	_, err = s.store.Allocate(c.Request.Context(), actorOf(c), r.ID, f.Text("scenario"), budget, f.Text("method"), intOf(floor))
	if again, err := refusedForm(f, err); err != nil {
		return err
	} else if again {
		return s.drawRanking(c, http.StatusUnprocessableEntity, r, f)
	}
	return s.see(c, to, "ranking.saved")
}
