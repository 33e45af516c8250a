package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

type registryPage struct {
	Page
	Form   *Form
	Filter []Field
	Facts  []Fact
	Count  int
	Grants []openView
	Pager  Pager
	Plot   *Plot // of the chosen, by country
	Clear  *Link
	Files  []Link
	Empty  Empty
}

// openView is one grant as the public sees it.
type openView struct {
	Title   string
	Href    string
	Meta    string
	Summary string
	Learned *Link
	Sum     string
	Decided string
	Tag     Tag
}

// registryQuery is a choice among the grants.
type registryQuery struct{ q, country, area, round, school, partner, year string }

func readRegistryQuery(f *Form) registryQuery {
	return registryQuery{
		q:       f.Text("q"),
		country: lang.Country(lang.SV, f.Raw("country")),
		area:    f.Raw("area"),
		round:   f.Raw("round"),
		school:  f.Raw("school"),
		partner: f.Raw("partner"),
		year:    f.Raw("year"),
	}
}

// takes tells whether a grant belongs to the choice.
func (r registryQuery) takes(k workflow.Case) bool {
	is := func(want, have string) bool { return want == "" || strings.EqualFold(want, have) }
	if !is(r.country, lang.Country(lang.SV, k.App.Form.Partner.Country)) || !is(r.round, k.App.Round) || !is(r.school, applicantName(k)) ||
		!is(r.partner, k.App.Form.Partner.Name) ||
		!is(r.year, strconv.Itoa(k.StatYear())) {
		return false
	}
	if r.area != "" && !slices.ContainsFunc(k.Areas(), func(a string) bool { return is(r.area, a) }) {
		return false
	}
	text := strings.Join(
		[]string{
			k.App.Form.Title,
			applicantName(k),
			k.App.Form.Partner.Name,
			k.App.Form.Partner.City,
			k.App.Form.Partner.Country,
			lang.Country(lang.SV, k.App.Form.Partner.Country),
			lang.Country(lang.EN, k.App.Form.Partner.Country),
			publicSummary(k),
		},
		" ",
	)
	return r.q == "" || strings.Contains(strings.ToLower(text), strings.ToLower(r.q))
}

// published tells whether the school lets its report be read, and the office has accepted it.
func published(k workflow.Case) bool {
	r := k.App.Report
	return r != nil && r.Publish && !r.AcceptedAt.IsZero()
}

// publicSummary is the school's own words: of the report where it may be read, else of the application (domain 9.1: "får visas på webben").
func publicSummary(k workflow.Case) string {
	if published(k) && strings.TrimSpace(k.App.Report.Texts["summary"]) != "" {
		return k.App.Report.Texts["summary"]
	}
	return k.App.Form.Text.Summary
}

func (s *Server) showRegistry(c *gin.Context) error {
	p, err := s.newPage(c, "menu.registry")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Lead = lang.T(l, "registry.lead")
	list, err := s.grants(c)
	if err != nil {
		return err
	}
	newestFirst(list)
	f := ReadForm(l, c.Request.URL.Query())
	q := readRegistryQuery(f)
	f.Set("country", q.country) // an English name or a code chooses as the Swedish name does
	page := registryPage{
		Page:   p,
		Form:   f,
		Filter: registryFields(l, f, list),
		Empty:  Empty{Title: lang.T(l, "registry.none"), Text: lang.T(l, "registry.none.text")},
	}
	chosen := slices.DeleteFunc(list, func(k workflow.Case) bool { return !q.takes(k) })
	page.Count, page.Facts = len(chosen), registryFacts(l, chosen)
	shown, pager := pageOfGrants(chosen, c.Request.URL.Query())
	for _, k := range shown {
		page.Grants = append(page.Grants, viewOpenGrant(l, k, workflow.DateOf(p.Now)))
	}
	page.Pager = pager
	if st := countIn(l, chosen, workflow.StatFilter{}); len(st.Countries) > 1 { // of one there is nothing to see
		plot := groupPlot(l, "countries", st.Countries, st.Total.Granted, func(key string) string { return key })
		page.Plot = &plot
	}
	csv, keep := "/registry.csv", kept(c.Request.URL.Query())
	if len(keep) > 0 {
		csv += "?" + keep.Encode()
		page.Clear = &Link{Text: lang.T(l, "registry.clear"), Href: "/registry"}
	}
	page.Files = []Link{
		{Text: "CSV", Href: csv},
		{Text: "360Giving (JSON)", Href: apiPrefix + "/open-data/360giving.json"},
		{Text: "360Giving (CSV)", Href: "/open-data/grants.csv"},
		{Text: "DCAT-AP-SE", Href: "/open-data/dcat.jsonld"},
		{Text: lang.T(l, "menu.statistics"), Href: "/statistics"},
	}
	return s.page(c, http.StatusOK, "public/registry", page)
}

// registryFields are the choices that there are grants for, with how many.
func registryFields(l lang.Lang, f *Form, list []workflow.Case) []Field {
	choice := func(name, label, every string, of func(workflow.Case) []Option) Field {
		counts, options := map[string]int{}, []Option{}
		for _, k := range list {
			for _, o := range of(k) {
				if o.Value == "" {
					continue
				}
				if counts[o.Value]++; counts[o.Value] == 1 {
					options = append(options, o)
				}
			}
		}
		slices.SortFunc(options, func(a, b Option) int { return lang.Compare(a.Text, b.Text) })
		if v := f.Raw(name); v != "" && !slices.ContainsFunc(options, func(o Option) bool { return strings.EqualFold(o.Value, v) }) {
			options = append(options, Option{Value: v, Text: v}) // chosen by an old link: it says that there are none
		}
		for i := range options {
			options[i].Text = fmt.Sprintf("%s (%d)", options[i].Text, counts[options[i].Value])
		}
		return Field{Form: f, Name: name, Kind: "select", Label: lang.T(l, label), Options: options, Empty: lang.T(l, every)}
	}
	one := func(s string) []Option { return []Option{{Value: s, Text: s}} }
	return []Field{
		{Form: f, Name: "q", Kind: "text", Label: lang.T(l, "registry.q"), Type: "search"},
		choice("country", "statistics.countries", "registry.every.country", func(k workflow.Case) []Option {
			return []Option{{Value: lang.Country(lang.SV, k.App.Form.Partner.Country), Text: lang.Country(l, k.App.Form.Partner.Country)}}
		}),
		choice("area", "registry.theme", "registry.every.theme", func(k workflow.Case) (list []Option) {
			for _, a := range k.Areas() {
				list = append(list, Option{Value: a, Text: shortArea(l)(a)})
			}
			return list
		}),
		choice("round", "fact.round", "registry.every.round", func(k workflow.Case) []Option {
			return []Option{{Value: k.App.Round, Text: notice.RoundName(l, k.Round)}}
		}),
		choice("school", "fact.applicant", "registry.every.school", func(k workflow.Case) []Option { return one(applicantName(k)) }),
		choice("year", "statistics.year", "registry.every.year", func(k workflow.Case) []Option { return one(strconv.Itoa(k.StatYear())) }),
		choice("partner", "fact.partner", "registry.every.partner", func(k workflow.Case) []Option { return one(k.App.Form.Partner.Name) }),
	}
}

// registryFacts add up the grants that are shown.
func registryFacts(l lang.Lang, list []workflow.Case) []Fact {
	s := countIn(l, list, workflow.StatFilter{})
	return []Fact{
		{Term: lang.T(l, "statistics.grants"), Value: lang.Number(l, s.Total.Grants)},
		{Term: lang.T(l, "statistics.countries.many"), Value: lang.Number(l, int64(len(s.Countries)))},
		{Term: lang.T(l, "statistics.pupils"), Value: notice.Pupils(l, s.Total)},
		{Term: lang.T(l, "sum.granted"), Value: lang.Money(l, s.Total.Granted)},
	}
}

// viewOpenGrant is one grant in the words of the registry.
func viewOpenGrant(l lang.Lang, k workflow.Case, today workflow.Date) openView {
	v := openView{
		Title:   applicantName(k) + ": " + k.App.Form.Title,
		Href:    registryHref(k),
		Summary: publicSummary(k),
		Sum:     lang.Money(l, k.App.Decision.Granted),
		Decided: lang.T(l, "registry.decided", lang.Args{"Day": decidedWords(l, k)}),
		Tag:     travelTag(l, k, today),
	}
	var meta []string
	add := func(s string) {
		if s != "" {
			meta = append(meta, s)
		}
	}
	add(levelName(l)(k.Level()))
	add(strings.Trim(k.App.Form.Partner.City+", "+lang.Country(l, k.App.Form.Partner.Country), ", "))
	if k.App.Form.Partner.SisterCity {
		add(lang.T(l, "registry.twin"))
	}
	if n, _ := k.OpenPupils(); n > 0 {
		add(lang.T(l, "registry.pupils", lang.Args{"Count": n}))
	}
	if start, end, ok := k.App.Form.Activity.Days(); ok {
		add(lang.Days(l, start.String(), end.String()))
	}
	v.Meta = strings.Join(meta, " · ")
	if published(k) {
		v.Learned = &Link{Text: lang.T(l, "registry.learned"), Hidden: v.Title, Href: v.Href}
	}
	return v
}

// travelTag says where the exchange is, in the public's words.
func travelTag(l lang.Lang, k workflow.Case, today workflow.Date) Tag {
	start, end, ok := k.App.Form.Activity.Days()
	switch {
	case k.Earlier != nil:
		return Tag{Text: lang.T(l, "registry.state.earlier"), Color: "neutral"}
	case k.App.Cancelled != nil:
		return Tag{Text: lang.T(l, "registry.state.cancelled"), Color: "neutral"}
	case k.App.Report != nil && !k.App.Report.AcceptedAt.IsZero():
		return Tag{Text: lang.T(l, "registry.state.reported"), Color: "success"}
	case ok && today.After(end):
		return Tag{Text: lang.T(l, "registry.state.travelled"), Color: "success"}
	case ok && !today.Before(start):
		return Tag{Text: lang.T(l, "registry.state.travelling"), Color: "info"}
	}
	return Tag{Text: lang.T(l, "registry.state.planned"), Color: "info"}
}

type openPage struct {
	Page
	Facts  []Fact
	Texts  []Quote
	Goals  []Answer
	Unread string
}

// showOpenGrant is one grant with what the school tells about it.
func (s *Server) showOpenGrant(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	k, err := s.store.Case(c.Request.Context(), workflow.Machine(), id)
	if err != nil {
		return err
	}
	return s.drawOpenGrant(c, k)
}

// showEarlierGrant is one from the years before this service.
func (s *Server) showEarlierGrant(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	k, err := s.store.EarlierCase(c.Request.Context(), id)
	if err != nil {
		return err
	}
	return s.drawOpenGrant(c, k)
}

func (s *Server) drawOpenGrant(c *gin.Context, k workflow.Case) error {
	if k = k.InPublic(); !k.IsGrant() {
		return workflow.ErrNotFound
	}
	p, err := s.newPage(c, "menu.registry")
	if err != nil {
		return err
	}
	l := p.Lang
	v := viewOpenGrant(l, k, workflow.DateOf(p.Now))
	p.Title, p.Over, p.Tags, p.Back = k.App.Form.Title, applicantName(k), []Tag{v.Tag}, &Link{Text: lang.T(l, "menu.registry"), Href: "/registry"}
	page := openPage{
		Page: p,
		Facts: []Fact{{Term: lang.T(l, "sum.granted"), Value: v.Sum, Strong: true}, {Term: lang.T(l, "registry.decision"), Value: decidedWords(l, k)},
			{Term: lang.T(l, "fact.round"), Value: notice.RoundName(l, k.Round)},
			{Term: lang.T(l, "fact.partner"), Value: strings.Trim(k.App.Form.Partner.Name+", "+k.App.Form.Partner.City+", "+lang.Country(l, k.App.Form.Partner.Country), ", ")},
			{Term: lang.T(l, "registry.about"), Value: v.Meta}},
	}
	if k.App.Decision.StateAid != "" {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "field.state_aid_basis"), Value: stateAidWords(l, k)})
	}
	if areas := k.Areas(); len(areas) > 0 {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "registry.theme"), Value: lang.List(l, shortAreaNames(l, areas))})
	}
	if t := k.App.Form.Text.Summary; t != "" {
		page.Texts = append(page.Texts, Quote{Term: lang.T(l, "registry.plan"), Text: t})
	}
	if a := k.App; (a.State == workflow.Settled || a.State == workflow.Closed) && k.Earlier == nil {
		page.Facts = slices.Insert(page.Facts, 1, Fact{Term: lang.T(l, "statistics.kept"), Value: lang.Money(l, max(0, a.PaidNet()))})
	}
	if !published(k) {
		page.Unread = lang.T(l, unreadKey(k))
		return s.page(c, http.StatusOK, "public/grant", page)
	}
	for _, name := range reportTexts {
		if t := k.App.Report.Texts[name]; t != "" {
			page.Texts = append(page.Texts, Quote{Term: lang.T(l, "registry.report."+name), Text: t})
		}
	}
	page.Goals = goalAnswers(l, k)
	return s.page(c, http.StatusOK, "public/grant", page)
}

// unreadKey says why there is no report to read: it is to come, or never will.
func unreadKey(k workflow.Case) string {
	switch a := k.App; {
	case k.Earlier != nil:
		return "registry.earlier"
	case a.Cancelled != nil:
		return "registry.unread.cancelled"
	case a.State == workflow.Closed && (a.Report == nil || a.Report.AcceptedAt.IsZero()):
		return "registry.unread.none"
	case a.State == workflow.Closed:
		return "registry.unread.kept"
	}
	return "registry.unread"
}

// sendRegistry is the same choice of grants as a table.
func (s *Server) sendRegistry(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	list, err := s.grants(c)
	if err != nil {
		return err
	}
	newestFirst(list)
	q := readRegistryQuery(ReadForm(l, c.Request.URL.Query()))
	var rows [][]string
	for _, k := range list {
		if !q.takes(k) {
			continue
		}
		pupils := ""
		if n, _ := k.OpenPupils(); n > 0 {
			pupils = strconv.FormatInt(n, 10)
		}
		rows = append(rows, []string{
			openGrantID(k),
			k.App.DNR,
			decidedOn(k),
			k.App.Form.Title,
			applicantName(k),
			lang.T(l, "level."+k.Level()),
			lang.T(l, "operator."+k.Operator()),
			k.App.Round,
			k.App.Form.Partner.Name,
			k.App.Form.Partner.City,
			lang.Country(l, k.App.Form.Partner.Country),
			strings.Join(k.Areas(), ", "),
			pupils,
			k.App.Form.Activity.Start,
			k.App.Form.Activity.End,
			strconv.FormatInt(k.App.LastRequested(), 10),
			strconv.FormatInt(k.App.Decision.Granted, 10),
			strconv.FormatInt(max(0, k.App.PaidNet()), 10),
			publicSummary(k),
			stateAidWords(l, k),
		})
	}
	var head []string
	for _, key := range []string{"registry.id", "registry.dnr", "registry.decision", "field.title", "fact.applicant", "fact.level", "statistics.operator", "fact.round", "fact.partner", "registry.city", "statistics.countries", "registry.theme",
		"statistics.pupils", "registry.start", "registry.end"} {
		head = append(head, lang.T(l, key))
	}
	for _, key := range []string{"statistics.applied", "sum.granted", "statistics.kept"} {
		head = append(head, inKronor(l, lang.T(l, key)))
	}
	head = append(head, lang.T(l, "registry.summary"), lang.T(l, "field.state_aid_basis"))
	return s.sendTable(c, "beviljade-bidrag.csv", head, rows)
}

// stateAidWords say how a grant agrees with the rules on state aid, where its decision does.
func stateAidWords(l lang.Lang, k workflow.Case) string {
	if k.App.Decision.StateAid == "" {
		return ""
	}
	return lang.T(l, "state_aid."+k.App.Decision.StateAid)
}
