package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
	"github.com/gin-gonic/gin"
)

// doPages are the forms of single actions: one form for each action, drawn from
// what the action's body holds.
func (s *Server) doPages() []pageRoute {
	return []pageRoute{
		{method: http.MethodGet, path: "/do/:id/:action", do: s.showDo},
		{method: http.MethodPost, path: "/do/:id/:action", do: s.postDo},
	}
}

// doPage is the form of one action.
type doPage struct {
	Page
	Form     *Form
	Action   string
	Post     string
	Button   string
	Danger   bool
	Controls []doControl
	Facts    []Fact
	Sums     []Fact
	Findings []FindingView
	Quotes   []Quote
	Note     *Note // what to know before anything is pressed
	Changes  []changeRow
	Asked    []Fact // who asks for them, and why
	Rows     *Reckoning
	Cancel   string
	Letter   *Letter // whose words are written in another language
}

// homeOf is the page of a case for this person: the applicant's, or the office's.
func homeOf(k workflow.Case, by workflow.Actor) string {
	switch {
	case workflow.MoneyOnly(k, by):
		return fmt.Sprintf("/reports/%d", k.App.ID)
	case by.Office() && !k.App.IsApplicant(by.Person):
		return fmt.Sprintf("/cases/%d", k.App.ID)
	default:
		return fmt.Sprintf("/applications/%d", k.App.ID)
	}
}

func (s *Server) doCase(c *gin.Context) (workflow.Case, workflow.Action, error) {
	action := workflow.Action(c.Param("action"))
	k, err := s.caseOf(c)
	if err == nil {
		if _, known := doFields[action]; !known {
			err = workflow.ErrNotFound
		}
	}
	return k, action, err
}

func (s *Server) showDo(c *gin.Context) error {
	if c.Param("action") == string(workflow.ActChangeAccount) { // it has a page of its own
		id, err := idOf(c, "id")
		if err == nil {
			c.Redirect(http.StatusSeeOther, fmt.Sprintf("/applications/%d/account", id))
		}
		return err
	}
	k, action, err := s.doCase(c)
	if err != nil {
		return err
	}
	if page := deskHref(k, action); page != "" {
		c.Redirect(http.StatusSeeOther, page)
		return nil
	}
	f := newForm(c)
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	prefill(f, k, action, workflow.DateOf(now), actorOf(c))
	switch action {
	case workflow.ActRemitBack:
		s.prefillRemit(c, f, k)
	case workflow.ActDecideChange:
		if err := s.prefillChangeMeeting(c, f, k, workflow.DateOf(now)); err != nil {
			return err
		}
	}
	f.Set("version", k.App.Version)
	return s.drawDo(c, http.StatusOK, k, action, f)
}

func (s *Server) postDo(c *gin.Context) error {
	k, action, err := s.doCase(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	if _, pressed := f.ChangeRows(); pressed {
		return s.drawDo(c, http.StatusOK, k, action, f)
	}
	sent := readDo(f, action, k.Round.Rules)
	if action == workflow.ActDecideChange && workflow.ChangeAtMeeting(k, actorOf(c)) != "" {
		for _, name := range []string{"meeting.date", "meeting.item_no"} {
			f.Need(name)
		}
		if f.Text("meeting.present") == "" {
			f.Fail("meeting.present", "decide.need_present")
		}
	}
	body, err := json.Marshal(sent)
	if err != nil {
		return err
	}
	if !f.OK() {
		return s.drawDo(c, http.StatusUnprocessableEntity, k, action, f)
	}
	cmd, err := workflow.ParseCommand(action, body)
	if again, err := refusedForm(f, err); err != nil {
		return err
	} else if again {
		return s.drawDo(c, http.StatusUnprocessableEntity, k, action, f)
	}
	_, ok, err := s.apply(c, f, k.App.ID, cmd)
	again := false
	if errors.Is(err, workflow.ErrStale) {
		if again, err = s.justDone(c, k, f, action); err == nil && !again {
			return s.drawDoStale(c, k, action, f)
		}
	}
	if err != nil {
		return err
	}
	if !ok && !again {
		return s.drawDo(c, http.StatusUnprocessableEntity, k, action, f)
	}
	to := homeOf(k, actorOf(c))
	if m, fromMeeting := s.meetingFrom(c, f); fromMeeting {
		to = fmt.Sprintf("/meetings/%d", m.ID)
	}
	if d, isDeclared := cmd.(*workflow.DeclareInterest); isDeclared && d.Conflict {
		to = "/tasks" // the case is gone for this person
	}
	if by := actorOf(c); action == workflow.ActSaveReview || action == workflow.ActSubmitReview ||
		action == workflow.ActDeclareInterest && to != "/tasks" && by.Is(workflow.Reviewer) {
		to = fmt.Sprintf("/reviews/%d", k.App.ID)
	}
	return s.see(c, to, caseKey(f.Lang, k, "done."+string(action)))
}

// drawDo renders the form of an action.
func (s *Server) drawDo(c *gin.Context, status int, k workflow.Case, action workflow.Action, f *Form) error {
	p, err := s.newPage(c, "action."+string(action))
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Title = caseWord(l, k, "action."+string(action))
	p.Over = strings.TrimSpace(k.App.DNR + " " + k.App.Form.Title)
	if key := caseKey(l, k, "act."+string(action)+".lead"); lang.Has(l, key) {
		p.Lead = lang.T(l, key)
	}
	home := homeOf(k, by)
	p.Back = &Link{Text: lang.T(l, "act.back"), Href: home}
	if m, ok := s.meetingFrom(c, f); ok {
		home = fmt.Sprintf("/decisions/%d?meeting=%d", k.App.ID, m.ID)
		p.Back = &Link{Text: lang.T(l, "decisions.proposal"), Href: home}
	}
	p.Errors = f.Errors
	page := doPage{Page: p, Form: f, Action: string(action), Post: fmt.Sprintf("/do/%d/%s", k.App.ID, action), Button: p.Title, Cancel: home,
		Danger: slices.Contains(
			[]workflow.Action{workflow.ActWithdraw, workflow.ActLapse, workflow.ActDecline, workflow.ActReportCancellation, workflow.ActWriteOff},
			action,
		)}
	for _, x := range doFields[action] {
		if x.name == "meeting_date" && k.DecisionBody() == workflow.Delegate {
			continue // no meeting sends it back
		}
		if action == workflow.ActDecideChange && strings.HasPrefix(x.name, "meeting.") && workflow.ChangeAtMeeting(k, by) == "" {
			continue // who decides alone meets nobody
		}
		if action == workflow.ActWithdraw && unsent(k) {
			continue // nobody waits for a reason
		}
		if x.name == "instalments" && workflow.Channel(k) == "internal" || x.name == stateAid.name && !k.Scheme.NotesStateAid() {
			continue // a school of the municipality pays by one booking
		}
		controls, err := s.controls(c, f, k, x)
		if err != nil {
			return err
		}
		page.Controls = append(page.Controls, controls...)
	}
	today := workflow.DateOf(p.Now)
	page.Facts = caseFacts(l, k)
	if u := k.App.Undoable(); u != nil && action == workflow.ActTakeBack {
		page.Facts = append(
			[]Fact{{Term: lang.T(l, "act.take_back.what"), Value: s.calledBy(c, u.By) + " " + lang.T(l, "done."+string(u.Action))}},
			page.Facts...)
	}
	if slices.Contains(
		[]workflow.Action{workflow.ActAskStatement, workflow.ActGiveStatement, workflow.ActRecordStatement, workflow.ActDecideRecovery},
		action,
	) {
		page.Facts = append(statementFacts(l, k), page.Facts...)
	}
	if action == workflow.ActVerifyAccount {
		page.Facts = append(s.accountFacts(c, l, k), page.Facts...)
	}
	if action == workflow.ActSettle || action == workflow.ActDecideRecovery {
		page.Facts = append(cancelledFacts(l, k), page.Facts...)
	}
	if x := k.App.Translation; x.Open() && action == workflow.ActEnterTranslation {
		page.Facts = append(s.translationFacts(c, l, k), page.Facts...)
		if page.Letter, err = s.letterBeside(c, k); err != nil {
			return err
		}
	}
	if action == workflow.ActDecideRecovery {
		if wait := heard(l, k, today); wait != "" {
			page.Note = &Note{Kind: "warn", Strong: wait}
		}
	}
	var sittings map[string]workflow.Date
	if action == workflow.ActDecideChange {
		if sittings, err = s.nextSittings(c, today); err != nil {
			return err
		}
	}
	page.about(k, action, sittings)
	page.reported(k, action, today)
	if no := notTheirChange(k, by, action, p.Now); no != nil && status < http.StatusBadRequest {
		page.Post, page.Note = "", &Note{Strong: SayForbidden(l, *no)}
	}
	page.Sums = s.doSums(l, k, by, action, today)
	if by.Office() &&
		slices.Contains(
			[]workflow.Action{
				workflow.ActRuleEligibility,
				workflow.ActPropose,
				workflow.ActDecide,
				workflow.ActAcceptReport,
				workflow.ActRequestCompletion,
				workflow.ActDecideRecovery,
			},
			action,
		) {
		page.Findings = s.findingViews(c, l, k, today)
	}
	if action == workflow.ActSubmitReview || action == workflow.ActSaveReview || action == workflow.ActSetConsensus {
		page.Quotes = s.reviewQuotes(c, l, k, by)
	}
	return s.page(c, status, "do/form", page)
}

// controls makes the control, or controls, of a field.
func (s *Server) controls(c *gin.Context, f *Form, k workflow.Case, x doField) ([]doControl, error) {
	l := f.Lang
	label := lang.T(l, "field."+x.name)
	field := Field{Form: f, Name: x.name, Label: label, Kind: x.kind}
	if lang.Has(l, "field."+x.name+".hint") {
		field.Hint = lang.T(l, "field."+x.name+".hint")
	}
	if own := "act." + c.Param("action") + "." + x.name; lang.Has(l, own) { // where the common word would mislead
		field.Label = lang.T(l, own)
		if lang.Has(l, own+".hint") {
			field.Hint = lang.T(l, own+".hint")
		}
	}
	field.Optional = x.optional
	if x.tall {
		field.Height, field.Wide = 24, true
	}
	if x.prefix != "" {
		field.Options = Options(l, x.prefix, x.values...)
	}
	switch x.kind {
	case "lines":
		field.Kind = "area"
		field.Height = 3
	case "ratings":
		var list []doControl
		for _, name := range k.Round.Rules.Criteria() {
			rating := Field{Form: f, Name: "ratings." + name, Kind: "radios", Label: name + " " + lang.T(l, "criterion."+name)}
			for v := range k.Round.Rules.RatingMax + 1 {
				rating.Options = append(rating.Options, Option{Value: fmt.Sprint(v), Text: fmt.Sprint(v), Hint: lang.T(l, fmt.Sprintf("guide.%s.%d", name, v))})
			}
			list = append(list, doControl{Field: &rating})
			if c.Param("action") != string(workflow.ActSetConsensus) {
				list = append(list, doControl{
					Field: &Field{
						Form:  f,
						Name:  "comments." + name,
						Kind:  "area",
						Label: lang.T(l, "field.comments", lang.Args{"Name": name}),
						Min:   k.Round.Rules.CommentMinChars,
					},
				})
			}
		}
		return list, nil
	case "rows":
		cells := slices.Clone(x.cells)
		for i := range cells {
			cells[i] = s.cell(l, k, x.name, cells[i])
		}
		least := 1
		if x.all {
			least = 0
		}
		set := f.RowSet(x.name, x.layout, least, nil, cells...)
		if x.all {
			set.Add = ""
		}
		return []doControl{{Rows: &set, Title: label}}, nil
	}
	if x.name == "reviewers" {
		people, err := s.reviewers(c, k)
		if err != nil {
			return nil, err
		}
		field.Options = people
	}
	if x.name == "officer" {
		people, err := s.officers(c, k)
		if err != nil {
			return nil, err
		}
		field.Options, field.Empty = people, lang.T(l, "queue.nobody")
	}
	if x.name == "to" {
		people, err := s.letterPeople(c, k)
		if err != nil {
			return nil, err
		}
		field.Options, field.Empty = people, lang.T(l, "translation.to.officer")
	}
	if x.name == "condition" && k.App.Decision != nil {
		for _, d := range k.App.Decision.Conditions {
			field.Options = append(field.Options, Option{Value: fmt.Sprint(d.N), Text: d.Text})
		}
	}
	return []doControl{{Field: &field}}, nil
}

// cell fills in the choices of a row's column.
func (s *Server) cell(l lang.Lang, k workflow.Case, rows string, x RowField) RowField {
	switch {
	case x.Kind == "rule":
		x.Kind = "select"
		for _, r := range ruledRules {
			x.Options = append(x.Options, Option{Value: r, Text: r + " " + lang.T(l, "rule."+r)})
		}
	case x.Name == "met":
		x.Options = []Option{
			{Value: "keep", Text: lang.T(l, "act.keep")},
			{Value: "yes", Text: lang.T(l, "act.met")},
			{Value: "no", Text: lang.T(l, "act.unmet")},
		}
	case x.Name == "field" && k.App.State == workflow.ReportSubmitted:
		for _, name := range reportParts {
			x.Options = append(x.Options, Option{Value: name, Text: lang.T(l, "field."+name)})
		}
	case x.Name == "field":
		for _, name := range askable {
			x.Options = append(x.Options, Option{Value: name, Text: lang.T(l, "ask."+name)})
		}
	case x.Kind == "line" || x.Name == "line" && rows != "budget":
		x.Kind = "select"
		for _, b := range k.App.Form.Lines() {
			x.Options = append(x.Options, Option{Value: fmt.Sprint(b.Line), Text: fmt.Sprintf("%d. %s", b.Line, b.Text)})
		}
	}
	return x
}

// reviewers are the people who may assess the case; those in conflict are left out.
func (s *Server) reviewers(c *gin.Context, k workflow.Case) ([]Option, error) {
	people, err := s.peopleWith(c, workflow.Reviewer)
	if err == nil {
		k, err = s.withConflicts(c, k, people)
	}
	if err != nil {
		return nil, err
	}
	var list []Option
	for _, p := range people {
		if !workflow.Barred(k, p) {
			list = append(list, Option{Value: p.Email, Text: p.Name, Hint: p.Email})
		}
	}
	return list, nil
}
