package handlers

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
	"fund/workflow/notice"
)

// rulePages set two rule sets side by side.
func (s *Server) rulePages() []pageRoute {
	return []pageRoute{{method: http.MethodGet, path: "/rules/:scheme", do: s.showCompareRules,
		roles: []workflow.Role{workflow.Admin, workflow.Head, workflow.Officer, workflow.Secretary, workflow.Registrar, workflow.Auditor}}}
}

// ruleSet is a version of a scheme's rules, or a round's own.
type ruleSet struct {
	Option
	rules workflow.Rules
	meta  string
}

type compareRulesPage struct {
	Page
	Form  *Form
	Sets  []Option
	Facts []Fact
	Table Table
	Same  []Fact
	None  *Note
}

// ruleSets are the scheme's versions and rounds, which can be compared.
func (s *Server) ruleSets(c *gin.Context, l lang.Lang, scheme string) (list []ruleSet, err error) {
	versions, err := s.store.RuleVersions(c.Request.Context(), scheme)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		x := ruleSet{Option: Option{Value: fmt.Sprintf("v%d", v.Version), Text: lang.T(l, "rules.version", lang.Args{"N": v.Version})}}
		if err := json.Unmarshal(v.Rules, &x.rules); err != nil {
			return nil, fmt.Errorf("rules %d: %w", v.Version, err)
		}
		parts := []string{lang.DateTime(l, v.At)}
		for _, text := range []string{v.ByName, v.Note} {
			if text != "" {
				parts = append(parts, text)
			}
		}
		x.meta = strings.Join(parts, ", ")
		list = append(list, x)
	}
	rounds, err := s.store.Rounds(c.Request.Context(), true)
	if err != nil {
		return nil, err
	}
	for _, r := range rounds {
		if r.Scheme != scheme {
			continue
		}
		meta := lang.T(l, "rules.round.from", lang.Args{"N": r.RuleSet})
		if !r.FrozenAt.IsZero() {
			meta += " " + lang.T(l, "rules.round.frozen", lang.Args{"At": lang.DateTime(l, r.FrozenAt)})
		}
		list = append(
			list,
			ruleSet{Option: Option{Value: "r" + r.ID, Text: lang.T(l, "rules.round", lang.Args{"Name": notice.RoundName(l, r)})}, rules: r.Rules, meta: meta},
		)
	}
	return list, nil
}

func (s *Server) showCompareRules(c *gin.Context) error {
	scheme := c.Param("scheme")
	l, _ := LangOf(c.Request)
	sets, err := s.ruleSets(c, l, scheme)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "rules.compare", lang.Args{"Scheme": lang.T(l, "scheme."+scheme)})
	if err != nil {
		return err
	}
	p.Lead, p.Back = lang.T(l, "rules.compare.lead"), &Link{Text: lang.T(l, "menu.rounds"), Href: "/rounds"}
	if actorOf(c).Is(workflow.Admin) {
		p.Back = &Link{Text: lang.T(l, "admin.rules", lang.Args{"Scheme": lang.T(l, "scheme."+scheme)}), Href: "/admin/rules/" + scheme}
	}
	f := ReadForm(l, c.Request.URL.Query())
	page := compareRulesPage{Page: p, Form: f}
	for _, x := range sets {
		page.Sets = append(page.Sets, x.Option)
	}
	pick := func(name string, otherwise int) ruleSet {
		i := slices.IndexFunc(sets, func(x ruleSet) bool { return x.Value == f.Raw(name) })
		if i < 0 {
			i = min(otherwise, len(sets)-1)
		}
		f.Set(name, sets[i].Value)
		return sets[i]
	}
	a, b := pick("a", 1), pick("b", 0)
	page.Facts = []Fact{{Term: a.Text, Value: a.meta}, {Term: b.Text, Value: b.meta}}
	page.Table = Table{Caption: lang.T(l, "rules.changed"), HideCaption: true, Stack: true,
		Head: []Column{{Text: lang.T(l, "rules.rule")}, {Text: a.Text}, {Text: b.Text}, {Text: lang.T(l, "rules.change")}}}
	av, bv := reflect.ValueOf(a.rules), reflect.ValueOf(b.rules)
	for i := range av.NumField() {
		name := av.Type().Field(i).Tag.Get("json")
		was, is := av.Field(i).Interface(), bv.Field(i).Interface()
		term := lang.T(l, "parameter."+name)
		if sameRule(was, is) {
			page.Same = append(page.Same, Fact{Term: term, Value: ruleValue(l, name, is), Note: ruleOf[name]})
			continue
		}
		page.Table.Rows = append(page.Table.Rows, Row{
			Cells: []Cell{
				{Text: term, Note: ruleOf[name]},
				{Text: ruleValue(l, name, was)},
				{Text: ruleValue(l, name, is), Strong: true},
				{Text: ruleChange(l, name, was, is), Class: "diff"},
			},
		})
	}
	if len(page.Table.Rows) == 0 {
		page.None = &Note{Strong: lang.T(l, "rules.none")}
	}
	return s.page(c, http.StatusOK, "admin/compare", page)
}

// sameRule tells whether two values of a rule mean the same: 0.75 is 0.750.
func sameRule(a, b any) bool {
	if x, ok := ratOf(a); ok {
		if y, ok := ratOf(b); ok {
			return x.Cmp(y) == 0
		}
	}
	return reflect.DeepEqual(a, b)
}

// ratOf is a number or a share as it is; false for what is neither, or off.
func ratOf(v any) (*big.Rat, bool) {
	switch x := v.(type) {
	case int:
		return big.NewRat(int64(x), 1), true
	case int64:
		return big.NewRat(x, 1), true
	case *int64:
		if x != nil {
			return big.NewRat(*x, 1), true
		}
	case money.Share:
		if x.Den != 0 {
			return big.NewRat(x.Num, x.Den), true
		}
	case *money.Share:
		if x != nil && x.Den != 0 {
			return big.NewRat(x.Num, x.Den), true
		}
	}
	return nil, false
}

// ruleChange says in words and numbers what changed between two values.
func ruleChange(l lang.Lang, name string, was, is any) string {
	x, okX := ratOf(was)
	y, okY := ratOf(is)
	if okX && okY {
		return signed(l, name, was, new(big.Rat).Sub(y, x))
	}
	switch a := was.(type) {
	case []string:
		return listChange(l, name, a, is.([]string))
	case map[string]int64:
		return mapChange(l, name, a, is.(map[string]int64))
	case map[string]int:
		return mapChange(l, name, widen(a), widen(is.(map[string]int)))
	}
	return lang.T(l, "rules.other")
}

func widen(m map[string]int) map[string]int64 {
	out := map[string]int64{}
	for k, v := range m {
		out[k] = int64(v)
	}
	return out
}

// signed prints a difference with its sign: +10 000 kr, −5 procentenheter.
func signed(l lang.Lang, name string, kind any, diff *big.Rat) string {
	sign, abs := "+", new(big.Rat).Abs(diff)
	if diff.Sign() < 0 {
		sign = "\u2212"
	}
	switch kind.(type) {
	case money.Share, *money.Share:
		points := strings.TrimSuffix(strings.TrimSuffix(new(big.Rat).Mul(abs, big.NewRat(100, 1)).FloatString(1), "0"), ".")
		if l == lang.SV {
			points = strings.ReplaceAll(points, ".", ",")
		}
		return sign + lang.T(l, "rules.points", lang.Args{"N": points})
	}
	return sign + ruleValue(l, name, new(big.Int).Quo(abs.Num(), abs.Denom()).Int64())
}

// listChange says what came and what went.
func listChange(l lang.Lang, name string, was, is []string) string {
	only := func(a, b []string) []string {
		return slices.DeleteFunc(slices.Clone(a), func(x string) bool { return slices.Contains(b, x) })
	}
	var parts []string
	if added := only(is, was); len(added) > 0 {
		parts = append(parts, lang.T(l, "rules.added", lang.Args{"What": ruleValue(l, name, added)}))
	}
	if gone := only(was, is); len(gone) > 0 {
		parts = append(parts, lang.T(l, "rules.removed", lang.Args{"What": ruleValue(l, name, gone)}))
	}
	if len(parts) == 0 {
		return lang.T(l, "rules.order")
	}
	return strings.Join(parts, " ")
}

// mapChange says it for each name that differs.
func mapChange(l lang.Lang, name string, was, is map[string]int64) string {
	names := slices.Collect(maps.Keys(was))
	for k := range is {
		if _, ok := was[k]; !ok {
			names = append(names, k)
		}
	}
	slices.Sort(names)
	var parts []string
	for _, k := range names {
		a, hadIt := was[k]
		b, hasIt := is[k]
		word := ruleValue(l, name, []string{k})
		switch {
		case !hadIt:
			parts = append(parts, lang.T(l, "rules.added", lang.Args{"What": word}))
		case !hasIt:
			parts = append(parts, lang.T(l, "rules.removed", lang.Args{"What": word}))
		case a != b:
			parts = append(parts, word+": "+signed(l, name, a, big.NewRat(b-a, 1)))
		}
	}
	return strings.Join(parts, "\n")
}
