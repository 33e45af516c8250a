package handlers

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
	"fund/workflow/notice"
)

// ideaPage is the check of two minutes before anybody writes.
type ideaPage struct {
	Page
	Form     *Form
	Fields   []Field
	Answered bool
	Answer   Note
	Reasons  []FindingView
	Missing  []string
	Links    []Link
	Round    string
}

// ideaLevels are the school forms, those outside the fund too: they get a reason and another way.
var ideaLevels = []string{"grundskola", "anpassad_grundskola", "gymnasieskola", "anpassad_gymnasieskola", "internationell_skola", "forskola", "extern_aktor"}

// showIdea answers with the same findings that an application would have. It keeps nothing.
func (s *Server) showIdea(c *gin.Context) error {
	p, err := s.newPage(c, "idea.title")
	if err != nil {
		return err
	}
	l := p.Lang
	f := ReadForm(l, c.Request.URL.Query())
	p.Lead, p.Back = lang.T(l, "idea.lead"), &Link{Text: lang.T(l, "page.home"), Href: "/"}
	round, err := s.roundForIdeas(c, p)
	if err != nil {
		return err
	}
	page := ideaPage{Page: p, Form: f, Round: notice.RoundName(l, round), Fields: ideaFields(l, f)}
	if page.Answered = f.Has("level"); page.Answered {
		idea := readIdea(f)
		page.Errors = f.Errors
		s.judgeIdea(&page, f, idea, round, workflow.DateOf(p.Now))
	}
	return s.page(c, http.StatusOK, "public/eligibility", page)
}

func ideaFields(l lang.Lang, f *Form) []Field {
	field := func(name, kind, words string) Field {
		x := Field{Form: f, Name: name, Kind: kind, Label: lang.T(l, words)}
		if lang.Has(l, words+".hint") {
			x.Hint = lang.T(l, words+".hint")
		}
		return x
	}
	level, kind := field("level", "select", "idea.level"), field("type", "radios", "idea.type")
	level.Options, level.Empty = Options(l, "level", ideaLevels...), lang.T(l, "idea.choose")
	kind.Options = Options(l, "activity", "outgoing_group", "hosting", "preparatory_visit")
	share := field("share", "number", "idea.share")
	share.Unit = "%"
	fee := field("fee", "radios", "idea.fee")
	fee.Options = []Option{{Value: "no", Text: lang.T(l, "form.no")}, {Value: "yes", Text: lang.T(l, "form.yes")}}
	return []Field{
		level,
		kind,
		field("country", "text", "idea.country"),
		field("start", "date", "idea.start"),
		field("end", "date", "idea.end"),
		field("days", "number", "idea.days"),
		share,
		fee,
	}
}

func readIdea(f *Form) workflow.Idea {
	i := workflow.Idea{Level: f.Text("level"), MandatoryFee: f.Raw("fee") == "yes"}
	i.Form.Activity = workflow.Activity{
		Type:          f.Choice("type", "outgoing_group", "hosting", "preparatory_visit"),
		Start:         f.Day("start"),
		End:           f.Day("end"),
		ProgrammeDays: f.notBelowZero("days", f.Int("days")),
		JointShare:    f.Percent("share"),
	}
	i.Form.Partner.Country = f.Text("country")
	first, last := f.Date("start"), f.Date("end")
	if !first.IsZero() && !last.IsZero() && last.Before(first) {
		f.Fail("end", "violation.dates_order")
	}
	if x := i.Form.Activity.JointShare; x != nil && (money.Share{Num: 1, Den: 1}).Less(*x) {
		f.Fail("share", "finding.joint_share_over")
	}
	if !slices.Contains(ideaLevels, i.Level) {
		i.Level = ""
		f.Fail("level", "form.choice")
	}
	return i
}

func (s *Server) judgeIdea(page *ideaPage, f *Form, idea workflow.Idea, round workflow.Round, today workflow.Date) {
	l := f.Lang
	if !f.OK() {
		page.Answered = false
		return
	}
	stops := 0
	for _, x := range workflow.CheckIdea(idea, round, today) {
		if x.Severity != workflow.Info {
			stops++
		}
		text := SayFinding(l, x)
		if key := "idea.reason." + x.Code + "." + idea.Level; lang.Has(l, key) {
			text = lang.T(l, key)
		}
		page.Reasons = append(page.Reasons, FindingView{Severity: x.Severity, Text: text})
	}
	for _, name := range []string{"type", "country", "start", "days", "share", "fee"} { // as the form asks
		if f.Raw(name) == "" {
			page.Missing = append(page.Missing, lang.T(l, "idea."+name))
		}
	}
	switch {
	case stops > 0:
		page.Answer = Note{Kind: "warn", Strong: lang.T(l, "idea.no"), Text: lang.T(l, "idea.no.text")}
		page.Links = []Link{
			{Text: lang.T(l, "text.ideas.title"), Href: "/ideas"},
			{Text: lang.T(l, "text.funding.title"), Href: "/funding"},
			{Text: lang.T(l, "text.cofinancing.title"), Href: "/cofinancing"},
		}
	case len(page.Missing) > 0:
		page.Answer = Note{Strong: lang.T(l, "idea.maybe"), Text: lang.T(l, "idea.maybe.text")}
	default:
		page.Answer = Note{Kind: "good", Strong: lang.T(l, "idea.yes"), Text: lang.T(l, "idea.yes.text")}
	}
	if stops == 0 {
		page.Links = []Link{{Text: lang.T(l, "start.calculator"), Href: "/#calculator"}, {Text: lang.T(l, "apply.start"), Href: "/apply"}}
	}
}

// roundForIdeas is the exchange round that takes applications now, or else the newest rules alone.
func (s *Server) roundForIdeas(c *gin.Context, p Page) (workflow.Round, error) {
	rounds, err := s.store.Rounds(c.Request.Context(), false)
	if err != nil {
		return workflow.Round{}, err
	}
	for _, r := range rounds {
		if r.Scheme == "skolutbyte" && r.Open(p.Now) && !r.Late(0, p.Now) {
			return r, nil
		}
	}
	set, err := s.store.NewestRules(c.Request.Context(), "skolutbyte")
	if err != nil {
		return workflow.Round{}, err
	}
	rules, err := workflow.DecodeRules(set.Rules)
	return workflow.Round{Rules: rules}, err
}
