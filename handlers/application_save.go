package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
	"github.com/gin-gonic/gin"
)

func (s *Server) postStep(c *gin.Context) error {
	k, st, err := s.stepCase(c)
	if err != nil {
		return err
	}
	if st.key == "files" {
		return s.postFiles(c, k, st)
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	_, pressed := f.ChangeRows()
	m, err := s.mergeStep(c, st, f)
	if err != nil {
		return err
	}
	if m.late { // what the page sent after this stands
		return s.see(c, fmt.Sprintf("/applications/%d/edit/%s", k.App.ID, st.key), "")
	}
	m.show(f, st)
	if f.Raw("go") == "next" && len(m.clashes) == 0 && !pressed {
		now, err := s.store.Now(c.Request.Context())
		if err != nil {
			return err
		}
		judgeStep(f, m.k, st, workflow.DateOf(now))
	}
	if name, add := strings.CutPrefix(f.Raw(rowButton), "add:"); add && slices.Contains(m.others, name) {
		f.ChangeRows() // the rows are those of everybody now: the new one goes after them
	}
	switch {
	case len(m.clashes) > 0:
		return s.drawClash(c, m, st, f)
	case !f.OK():
		return s.drawStep(c, http.StatusUnprocessableEntity, m.k, st, f)
	case pressed:
		return s.drawStep(c, http.StatusOK, m.k, st, f)
	}
	to := fmt.Sprintf("/applications/%d", k.App.ID)
	switch i := slices.IndexFunc(editSteps, func(x editStep) bool { return x.key == st.key }); {
	case k.App.State == workflow.CompletionRequested:
		to += "/complete"
	case f.Raw("go") == "stay":
		to += "/edit/" + st.key
	case f.Raw("go") == "next" && i+1 < len(editSteps):
		to += "/edit/" + editSteps[i+1].key
	case f.Raw("go") == "next":
		to += "/check"
	}
	return s.see(c, to, "step.saved")
}

// readStep makes the merge patch of a step's fields. An empty field is removed;
// what can't be read is noted in the form and left as it was.
func readStep(f *Form, fields []doField) map[string]any { return patchTree(readValues(f, fields)) }

// readValues reads a step's fields by their paths. A field that is empty is
// nil; one that can't be read is noted in the form and is not in the answer. Of
// rows only the cell that can't be read is missing: the rest must not wait for it.
func readValues(f *Form, fields []doField) workflow.Values {
	values := workflow.Values{}
	for _, x := range fields {
		before := len(f.Errors)
		var v any
		switch x.kind {
		case "rows":
			values[x.name] = readFormRows(f, x)
			continue
		case "check":
			v = f.Bool(x.name)
		case "areas":
			v = append([]string{}, f.All(x.name)...)
		case "percent":
			if n := f.Percent(x.name); n != nil {
				v = *n
			}
		case "date":
			v = nil
			if t := f.Day(x.name); t != "" {
				v = t
			}
		default:
			if !f.Has(x.name) && x.kind != "radios" {
				continue // not on the page for this applicant
			}
			if got, ok := readField(f, x); ok {
				v = got
			}
		}
		if len(f.Errors) == before {
			values[x.name] = v
		}
	}
	return values
}

// readFormRows reads goals, programme days, budget lines or funding, and leaves empty rows out.
func readFormRows(f *Form, x doField) []any {
	rows, sent := []any{}, []int{}
	for _, n := range f.Rows(x.name) {
		row := readRow(f, x, n)
		if len(row) == 0 {
			continue
		}
		if x.name == "budget" {
			row["line"] = len(rows) + 1
			q, _ := row["qty"].(int64)
			u, _ := row["unit_price"].(int64)
			row["amount"] = q * u
		}
		rows, sent = append(rows, row), append(sent, n)
	}
	f.remember(x.name, sent)
	return rows
}

// postFiles uploads one file, or removes one. A file that is chosen when
// somebody goes on is taken along.
func (s *Server) postFiles(c *gin.Context, k workflow.Case, st editStep) error {
	l, _ := LangOf(c.Request)
	to := fmt.Sprintf("/applications/%d/edit/files", k.App.ID)
	up, err := readUpload(c)
	if up.file != nil {
		defer up.file.Close()
	}
	f := ReadForm(l, storable(c.Request.PostForm))
	if id, ok := strings.CutPrefix(f.Raw("row"), "remove:file:"); ok {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return workflow.ErrNotFound
		}
		_, ok, err := s.apply(c, f, k.App.ID, &workflow.Detach{ID: n})
		if err != nil {
			return err
		}
		if !ok {
			return s.drawStep(c, http.StatusUnprocessableEntity, k, st, f)
		}
		return s.see(c, to, "done.detach")
	}
	next := f.Raw("go") == "next"
	if next {
		if to = fmt.Sprintf("/applications/%d/edit/declarations", k.App.ID); k.App.State == workflow.CompletionRequested {
			to = fmt.Sprintf("/applications/%d/complete", k.App.ID)
		}
	}
	if next && up.name == "" && c.Request.MultipartForm != nil { // going on, with no file chosen
		return s.see(c, to, "")
	}
	if err == nil {
		err = s.keepOnce(c.Request.Context(), k, actorOf(c), up)
	}
	if wrong, ok := err.(workflow.Violations); ok && !asksForJSON(c.Request) {
		f.Refuse(wrong)
		return s.drawStep(c, http.StatusUnprocessableEntity, k, st, f)
	}
	if err != nil {
		return err
	}
	return s.see(c, to, "done.attach")
}

// liveTally answers what is typed with the sums that it comes to; nothing is saved.
func (s *Server) liveTally(c *gin.Context) error {
	k, _, err := s.stepCase(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	live := counted{Tally: tally(f.Lang, k, f, workflow.DateOf(now))}
	st, _ := stepOf("budget")
	for _, x := range st.fields {
		if x.name == "budget" {
			live.Rows = s.stepControl(f, k, x).Rows.Rows
		}
	}
	return s.Render.RenderPart(c.Writer, http.StatusOK, f.Lang, "counted", live)
}

// counted is what is computed while somebody types: every line of the budget, and the box.
type counted struct {
	Rows  []FormRow
	Tally Tally
}

// tally computes the box beside the budget from what stands in the form now, by the one calculator.
func tally(l lang.Lang, k workflow.Case, f *Form, today workflow.Date) Tally {
	st, _ := stepOf("budget")
	scratch := ReadForm(l, f.values)
	if raw, err := patchOf(readStep(scratch, editable(k, st))); err == nil { // what is not on the page stays
		if form, wrong := workflow.MergePatch(k.App.Form, raw); len(wrong) == 0 {
			k.App.Form = form
		}
	}
	if blankSums(k.App.Form) || k.App.Form.Requested == nil && k.App.Form.TotalCost() == 0 {
		return Tally{ID: "tally", Title: lang.T(l, "tally.title"), Why: lang.T(l, "tally.empty")}
	}
	n := limitsOf(k, today)
	t := Tally{
		ID:     "tally",
		Title:  lang.T(l, "tally.title"),
		Answer: lang.T(l, "tally.answer", lang.Args{"Sum": lang.Money(l, n.MaxGrant)}),
		Why:    lang.T(l, "tally.why."+n.Ruling),
	}
	for _, x := range limitSums(l, k, today) {
		if !x.Total {
			t.Limits = append(t.Limits, Limit{Text: x.Term, Sum: x.Value, Low: x.Strong})
		}
	}
	t.Second = lang.T(l, "tally.second")
	t.Sums = []Fact{{Term: lang.T(l, "tally.costs"), Value: lang.Money(l, n.TotalCost)}}
	if sum := k.App.Form.UnsortedCost(); sum != 0 {
		t.Sums = append(t.Sums, Fact{Term: lang.T(l, "tally.unsorted"), Value: lang.Money(l, sum)})
	}
	t.Sums = append(t.Sums, Fact{Term: lang.T(l, "limit.requested"), Value: lang.Money(l, intOf(k.App.Form.Requested))})
	if others := n.TotalCost - intOf(k.App.Form.Requested) - n.Unfunded; others != 0 {
		t.Sums = append(t.Sums, Fact{Term: lang.T(l, "tally.others"), Value: lang.Money(l, others)})
	}
	switch {
	case n.Unfunded > 0:
		t.Gap = &Gap{Strong: lang.T(l, "tally.missing", lang.Args{"Sum": lang.Money(l, n.Unfunded)}), Text: lang.T(l, "tally.missing.text")}
	case n.Unfunded < 0:
		t.Gap = &Gap{Strong: lang.T(l, "tally.over", lang.Args{"Sum": lang.Money(l, -n.Unfunded)}), Text: lang.T(l, "tally.over.text")}
	default:
		t.Gap = &Gap{Strong: lang.T(l, "tally.even"), OK: true}
	}
	return t
}
