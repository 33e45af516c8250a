package handlers

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// commitments are what the school takes on when its principal approves: money, people's time and duties.
func commitments(l lang.Lang, k workflow.Case, today workflow.Date) (list []string) {
	f, n := k.App.Form, workflow.Compute(k, today)
	own := int64(0)
	for _, x := range f.Funding {
		if x.Type == "own" {
			own += intOf(x.Amount)
		}
	}
	say := func(key string, args lang.Args) { list = append(list, lang.T(l, "commit."+key, args)) }
	if own > 0 {
		say("own", lang.Args{"Sum": lang.Money(l, own)})
	}
	if n.Unfunded > 0 {
		say("gap", lang.Args{"Sum": lang.Money(l, n.Unfunded)})
	}
	if intOf(f.Requested) > n.MaxGrant {
		say("over", lang.Args{"Sum": lang.Money(l, intOf(f.Requested)), "Max": lang.Money(l, n.MaxGrant)})
	}
	if staff := intOf(f.Participants.Staff); staff > 0 && f.Activity.Start != "" && f.Activity.End != "" {
		say("staff", lang.Args{"Staff": lang.Number(l, staff), "Days": lang.Days(l, f.Activity.Start, f.Activity.End)})
	}
	say("fee", nil)
	if k.Round.Rules.ReportDays > 0 {
		say("report", lang.Args{"Days": k.Round.Rules.ReportDays})
	}
	return list
}

// fieldWord is what a path of the form is called: the field, or the step where it stands.
func fieldWord(l lang.Lang, path string) string {
	for _, key := range []string{"ask." + path, "field." + generic(controlName(path))} {
		if lang.Has(l, key) {
			return strings.TrimSuffix(lang.T(l, key), "?")
		}
	}
	for _, st := range editSteps {
		if st.has(path) {
			return lang.T(l, "step."+st.key)
		}
	}
	return path
}

// fieldWords are the fields by name, each once.
func fieldWords(l lang.Lang, paths []string) (list []string) {
	for _, p := range paths {
		if w := fieldWord(l, p); !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	return list
}

// changedSince says what has been written since a principal last gave a word on
// the application; nil where none has, or nothing was.
func (s *Server) changedSince(c *gin.Context, l lang.Lang, k workflow.Case) (*Note, error) {
	events, err := s.store.Events(c.Request.Context(), actorOf(c), k.App.ID)
	if err != nil {
		return nil, err
	}
	looked := -1
	for i, e := range events {
		if e.Action == workflow.ActApprove || e.Action == workflow.ActReturn {
			looked = i
		}
	}
	if looked < 0 {
		return nil, nil
	}
	var paths []string
	for _, e := range events[looked+1:] {
		var data struct {
			Fields []string `json:"fields"`
		}
		switch e.Action {
		case workflow.ActSave, workflow.ActComplete:
			if len(e.Data) > 0 {
				if err := json.Unmarshal(e.Data, &data); err != nil {
					return nil, fmt.Errorf("event %d: %w", e.ID, err)
				}
			}
			paths = append(paths, data.Fields...)
		case workflow.ActAttach, workflow.ActDetach:
			paths = append(paths, "attachments")
		}
	}
	day := lang.Args{"At": lang.LongDateTime(l, events[looked].At)}
	if len(paths) == 0 {
		return &Note{Strong: lang.T(l, "approve.same", day)}, nil
	}
	return &Note{Kind: "warn", Strong: lang.T(l, "approve.changed", day), Items: fieldWords(l, paths)}, nil
}

// remarkFields are what a principal may point at when the application goes back.
func remarkFields(f *Form, k workflow.Case) Field {
	x := Field{Form: f, Name: "fields", Label: lang.T(f.Lang, "approve.fields"), Optional: true}
	for _, name := range askable {
		if strings.HasPrefix(name, "attachments.") && !slices.Contains(k.Scheme.Mandatory, strings.TrimPrefix(name, "attachments.")) {
			continue
		}
		x.Options = append(x.Options, Option{Value: name, Text: lang.T(f.Lang, "ask."+name)})
	}
	return x
}

// remark is the principal's word about a part of the returned draft; nil where it has none.
func remark(l lang.Lang, k workflow.Case, st editStep) *Note {
	r := k.App.Returned
	if r == nil || k.App.State != workflow.Draft {
		return nil
	}
	var here []string
	for _, field := range r.Fields {
		if st.has(field) {
			here = append(here, field)
		}
	}
	if len(here) == 0 {
		return nil
	}
	return &Note{Kind: "warn", Strong: lang.T(l, "remark.here", lang.Args{"Fields": strings.Join(fieldWords(l, here), ", ")}), Text: r.Reason}
}
