package handlers

import (
	"net/http"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
	"github.com/gin-gonic/gin"
)

// otherWriter names who else saved last.
func (s *Server) otherWriter(c *gin.Context, k workflow.Case) (string, error) {
	by := actorOf(c)
	events, err := s.store.Events(c.Request.Context(), by, k.App.ID)
	if err != nil {
		return "", err
	}
	for _, e := range slices.Backward(events) {
		if e.Action == workflow.ActSave && e.By != by.Email {
			return e.ByName, nil
		}
	}
	return by.Name, nil // the same person in another tab
}

// show puts what others wrote into the form that was posted, and what the next post must carry.
func (m stepMerge) show(f *Form, st editStep) {
	fresh := NewForm(f.Lang)
	fillForm(fresh, m.k.App.Form)
	for _, field := range m.others {
		if slices.ContainsFunc(m.clashes, func(x workflow.Clash) bool { return x.Field == field }) || f.Fault(field) != "" || len(f.FaultUnder(field)) > 0 {
			continue
		}
		f.copyField(fresh, field)
	}
	f.Set("version", m.k.App.Version)
	f.Set("base", encodeValues(m.base))
}

// copyField takes a field, or the rows below it, from another form.
func (f *Form) copyField(from *Form, name string) {
	under := func(key string) bool { return key == name || strings.HasPrefix(key, name+".") }
	for key := range f.values {
		if under(key) {
			delete(f.values, key)
		}
	}
	delete(f.sent, name)
	for key, v := range from.values {
		if under(key) {
			f.values[key] = slices.Clone(v)
		}
	}
}

// clashPage shows both versions of what two people wrote, and asks.
type clashPage struct {
	Page
	Form    *Form
	Post    string
	Go      string
	Clashes []clashField
	Hidden  []hiddenValue
	By      string
}

type clashField struct {
	Name, Label  string
	Mine, Theirs Answer
	Both         bool
	Choices      Field
}

type hiddenValue struct{ Name, Value string }

// drawClash asks which of two versions shall stand. Everything else that was typed is saved already.
func (s *Server) drawClash(c *gin.Context, m stepMerge, st editStep, f *Form) error {
	p, err := s.newPage(c, "clash.title")
	if err != nil {
		return err
	}
	l := p.Lang
	base := pathOf("applications", m.k.App.ID)
	p.Over, p.Back = m.k.App.Form.Title, &Link{Text: lang.T(l, "step."+st.key), Href: base + "/edit/" + st.key}
	p.Lead, p.Errors = lang.T(l, "clash.lead"), f.Errors
	f.Set("base", baseOf(m.k, st)) // what is shown here as theirs
	if m.by != "" && m.by != actorOf(c).Name {
		p.Lead = lang.T(l, "clash.lead.by", lang.Args{"Name": m.by})
	}
	page := clashPage{Page: p, Form: f, Post: base + "/edit/" + st.key, Go: f.Raw("go"), By: m.by}
	for _, x := range m.clashes {
		page.Clashes = append(page.Clashes, s.clashField(l, m.k, st, f, x))
	}
	for key, values := range f.values {
		if strings.HasPrefix(key, "pick.") || slices.Contains([]string{"base", "before", "tab", "turn", "version", "go", "asked", rowButton, rowFocus}, key) {
			continue
		}
		for _, v := range values {
			page.Hidden = append(page.Hidden, hiddenValue{key, v})
		}
	}
	slices.SortFunc(page.Hidden, func(a, b hiddenValue) int { return strings.Compare(a.Name, b.Name) })
	return s.page(c, http.StatusConflict, "application/clash", page)
}

func (s *Server) clashField(l lang.Lang, k workflow.Case, st editStep, f *Form, x workflow.Clash) clashField {
	out := clashField{Name: x.Field, Label: lang.T(l, "field."+x.Field)}
	out.Mine, out.Theirs = clashSide(l, k, st, x.Field, x.Mine), clashSide(l, k, st, x.Field, x.Theirs)
	out.Mine.Term, out.Theirs.Term = lang.T(l, "clash.mine"), lang.T(l, "clash.theirs")
	_, _, text := texts(x)
	control := controlOf(st, x.Field)
	out.Both = text && control.kind == "area"
	values := []string{"mine", "theirs"}
	if out.Both {
		values = append(values, "both")
	}
	name := "pick." + x.Field
	out.Choices = Field{Form: f, Name: name, Label: lang.T(l, "clash.keep", lang.Args{"Field": out.Label}), Options: Options(l, "clash.pick", values...)}
	return out
}

func controlOf(st editStep, name string) doField {
	if i := slices.IndexFunc(st.fields, func(x doField) bool { return x.name == name }); i >= 0 {
		return st.fields[i]
	}
	return doField{name: name}
}

// clashSide shows a value as the check page would.
func clashSide(l lang.Lang, k workflow.Case, st editStep, field string, v any) Answer {
	raw, err := patchOf(patchTree(workflow.Values{field: v}))
	if err == nil {
		if form, wrong := workflow.MergePatch(k.App.Form, raw); len(wrong) == 0 {
			if a, ok := formAnswer(l, form, controlOf(st, field)); ok {
				return a
			}
		}
	}
	return Answer{Value: lang.T(l, "clash.empty")}
}
