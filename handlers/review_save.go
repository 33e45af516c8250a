package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// reviewNames are the controls of an assessment.
func reviewNames(r workflow.Rules) (names []string) {
	for _, criterion := range r.Criteria() {
		names = append(names, "ratings."+criterion, "comments."+criterion)
	}
	return append(names, "suggested")
}

// reviewValues are their texts.
func reviewValues(r workflow.Rules, f *Form) workflow.Values {
	v := workflow.Values{}
	for _, name := range reviewNames(r) {
		v[name] = f.Text(name)
	}
	return v
}

// storedReview is somebody's assessment as it stands.
func storedReview(k workflow.Case, by workflow.Actor) *Form {
	f := NewForm(lang.SV)
	prefill(f, k, workflow.ActSaveReview, workflow.Date{}, by)
	return f
}

// reviewDraft says how an assessment saves by itself.
func reviewDraft(c *gin.Context, k workflow.Case, post string) *draftBox {
	return &draftBox{
		Save:   post + "/save",
		Key:    fmt.Sprintf("fund:%d:%d:review", actorOf(c).ID, k.App.ID),
		Got:    c.Request.Method == http.MethodPost,
		SignIn: "/sign-in?next=" + post,
	}
}

// saveReview saves an assessment while its reviewer writes, beside what the same
// person wrote in another window; of the same field the last word holds.
func (s *Server) saveReview(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	by, r := actorOf(c), k.Round.Rules
	m := stepMerge{k: k, mine: reviewValues(r, f), by: by.Name}
	if m.late, err = s.overtaken(c, k, f); err != nil {
		return err
	}
	if m.late {
		return s.answerSaved(c, m, f, f, nil)
	}
	now := reviewValues(r, storedReview(k, by))
	base, known := decodeValues(f.Raw("base"))
	if !known {
		base = now
	}
	base = unheard(f, base, now, func(sent *Form) workflow.Values { return reviewValues(r, sent) })
	merged, clashes := workflow.MergeValues(base, m.mine, now)
	for _, x := range clashes {
		merged[x.Field] = x.Mine
	}
	for field := range merged {
		if !workflow.SameValue(merged[field], m.mine[field]) {
			m.others = append(m.others, field)
		}
	}
	slices.Sort(m.others)
	if err := s.keepReview(c, &m, f, merged, now); err != nil {
		return err
	}
	fresh := storedReview(m.k, by)
	m.base = reviewValues(r, fresh)
	return s.answerSaved(c, m, f, fresh, func(string) bool { return false })
}

// keepReview writes what differs. What can't be read or is refused is noted in the form, and the rest kept without it.
func (s *Server) keepReview(c *gin.Context, m *stepMerge, f *Form, values, now workflow.Values) error {
	f.Errors = nil
	for range 3 { // what can't be read goes first, then what is refused
		if workflow.SameValue(values, now) && m.k.App.State == workflow.UnderAssessment {
			return nil
		}
		g := NewForm(f.Lang)
		for name, v := range values {
			g.Set(name, v)
		}
		raw, err := json.Marshal(readDo(g, workflow.ActSaveReview, m.k.Round.Rules))
		if err != nil {
			return fmt.Errorf("assessment: %w", err)
		}
		if g.OK() {
			cmd, err := workflow.ParseCommand(workflow.ActSaveReview, raw)
			var app workflow.Application
			if err == nil {
				app, err = s.store.Apply(c.Request.Context(), sql.Ref{ID: m.k.App.ID, Version: m.k.App.Version}, actorOf(c), cmd)
			}
			if err == nil {
				m.k.App, m.wrote = app, true
				return nil
			}
			var wrong workflow.Violations
			if !errors.As(err, &wrong) {
				return err
			}
			g.Refuse(wrong)
		}
		f.Errors = append(f.Errors, g.Errors...)
		values = maps.Clone(values)
		for _, e := range g.Errors {
			if _, ok := values[e.Field]; ok {
				values[e.Field] = now[e.Field]
			}
		}
	}
	return nil
}
