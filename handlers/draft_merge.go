package handlers

import (
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"github.com/gin-gonic/gin"
)

// A step of the form carries what stood in it when it was drawn (base), so that
// two people, two tabs or a post that waited out an expired sign-in can write in
// the same draft: what only one of them changed is kept, and where both changed
// the same field the page shows both and asks.

// putPath sets a value in a tree of objects: "participants.pupils" inside "participants".
func putPath(tree map[string]any, path string, v any) {
	parts := strings.Split(path, ".")
	for _, p := range parts[:len(parts)-1] {
		next, ok := tree[p].(map[string]any)
		if !ok {
			next = map[string]any{}
			tree[p] = next
		}
		tree = next
	}
	tree[parts[len(parts)-1]] = v
}

// patchTree makes a merge patch of values by path.
func patchTree(values workflow.Values) map[string]any {
	patch := map[string]any{}
	for path, v := range values {
		putPath(patch, path, v)
	}
	return patch
}

// storedValues are a step's fields as they stand in the draft, read through
// the same controls as what is posted, so that the two compare.
func storedValues(k workflow.Case, st editStep) workflow.Values {
	f := NewForm(lang.SV)
	fillForm(f, k.App.Form)
	fields := editable(k, st)
	for _, x := range fields {
		if !f.Has(x.name) && x.kind != "rows" && x.kind != "check" {
			f.values[x.name] = []string{}
		}
	}
	return readValues(f, fields)
}

// baseOf is what a page carries of the draft as it was drawn.
func baseOf(k workflow.Case, st editStep) string { return encodeValues(storedValues(k, st)) }

func encodeValues(v workflow.Values) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts, numbers and rows
	}
	return string(raw)
}

// stepMerge is what became of a posted step.
type stepMerge struct {
	k       workflow.Case
	base    workflow.Values // for the next post: as it stands now, but for what is still asked
	mine    workflow.Values // as posted
	clashes []workflow.Clash
	others  []string // fields that somebody else changed since the page was drawn
	by      string   // who did, by name; empty where nobody knows
	wrote   bool     // something was saved
	late    bool     // a later save of the same page came first: nothing of this one was taken
}

// tries is how often a save begins again because somebody else saved in between.
const tries = 8

// mergeStep saves what was posted, field by field, beside what others saved
// since the page was drawn. What can't be read or is refused is noted in the
// form; the rest is saved all the same.
func (s *Server) mergeStep(c *gin.Context, st editStep, f *Form) (m stepMerge, err error) {
	for range tries {
		if m, err = s.mergeOnce(c, st, f); !errors.Is(err, workflow.ErrStale) && !errors.Is(err, workflow.ErrBusy) {
			return m, err
		}
	}
	return m, err
}

func (s *Server) mergeOnce(c *gin.Context, st editStep, f *Form) (m stepMerge, err error) {
	if m.k, err = s.caseOf(c); err != nil {
		return m, err
	}
	f.organisation = forOrganisation(m.k)
	version := versionOf(f)
	if version == workflow.NoVersion {
		return m, workflow.ErrNoVersion
	}
	if m.late, err = s.overtaken(c, m.k, f); err != nil || m.late {
		return m, err
	}
	if len(f.All("before")) > 0 { // one of those may have been taken while this one was noted
		if m.k, err = s.caseOf(c); err != nil {
			return m, err
		}
	}
	f.Errors = nil
	now := storedValues(m.k, st)
	scratch := ReadForm(f.Lang, f.values)
	scratch.organisation = f.organisation
	mine := readValues(scratch, editable(m.k, st))
	f.sent = scratch.sent
	base, known := decodeValues(f.Raw("base"))
	if !known && version == m.k.App.Version {
		base = now
	}
	base = unheard(f, base, now, func(sent *Form) workflow.Values { return readValues(sent, editable(m.k, st)) })
	m.mine = mine
	m.clashes = answered(f, base, mine)
	merged, clashes := workflow.MergeValues(base, mine, now)
	for _, x := range m.clashes {
		merged[x.Field] = now[x.Field]
	}
	m.clashes = append(m.clashes, clashes...)
	for field := range now {
		if known && !workflow.SameValue(base[field], now[field]) && !workflow.SameValue(mine[field], now[field]) {
			m.others = append(m.others, field)
		}
	}
	slices.Sort(m.others)
	f.Errors = append(f.Errors, scratch.Errors...)
	for field, v := range merged {
		if workflow.SameValue(v, now[field]) {
			delete(merged, field)
		}
	}
	if err := s.saveMerged(c, &m, f, merged); err != nil || m.late {
		return m, err
	}
	m.base = storedValues(m.k, st)
	for _, x := range m.clashes {
		m.base[x.Field] = base[x.Field]
	}
	if len(m.others) > 0 {
		m.by, err = s.otherWriter(c, m.k)
	}
	return m, err
}

// unheard gives the base of a post that carries those sent before it without an
// answer (before): what of them is saved is the writer's own.
func unheard(f *Form, base, now workflow.Values, read func(*Form) workflow.Values) workflow.Values {
	var sent []workflow.Values
	for _, body := range f.All("before") {
		if values, err := url.ParseQuery(body); err == nil { // what can't be read was never saved
			sent = append(sent, read(ReadForm(f.Lang, values)))
		}
	}
	return workflow.Unheard(base, now, sent...)
}

// pageID is how the script names the page that saves.
var pageID = regexp.MustCompile(`^[0-9a-f]{16}$`)

// overtaken tells whether a later save of the same page came before this one,
// as can happen when the network holds one up: it must not write again what the
// later one took away or changed. A post without a script has no turn.
func (s *Server) overtaken(c *gin.Context, k workflow.Case, f *Form) (bool, error) {
	x, ok := turnOf(c, k, f)
	if !ok {
		return false, nil
	}
	return s.store.Overtaken(c.Request.Context(), x)
}

// turnOf is the turn that a post says it has.
func turnOf(c *gin.Context, k workflow.Case, f *Form) (x sql.SaveTurn, ok bool) {
	n, err := strconv.ParseInt(f.Raw("turn"), 10, 32)
	if err != nil || n < 1 || !pageID.MatchString(f.Raw("tab")) {
		return x, false
	}
	return sql.SaveTurn{Person: actorOf(c).ID, Application: k.App.ID, Tab: f.Raw("tab"), N: n, Unheard: len(f.All("before")) > 0}, true
}

// applySave saves in the turn of the post, where it has one.
func (s *Server) applySave(c *gin.Context, k workflow.Case, f *Form, raw []byte) (workflow.Application, error) {
	ref, cmd := sql.Ref{ID: k.App.ID, Version: k.App.Version}, &workflow.Save{Patch: raw}
	if x, ok := turnOf(c, k, f); ok {
		return s.store.ApplyInTurn(c.Request.Context(), x, ref, actorOf(c), cmd)
	}
	return s.store.Apply(c.Request.Context(), ref, actorOf(c), cmd)
}

// saveMerged writes what differs. A field that the fund refuses is noted, and the rest saved without it.
func (s *Server) saveMerged(c *gin.Context, m *stepMerge, f *Form, values workflow.Values) error {
	open := []workflow.State{workflow.Draft, workflow.Approved, workflow.CompletionRequested}
	for len(values) > 0 || !slices.Contains(open, m.k.App.State) {
		raw, err := patchOf(patchTree(values))
		if err != nil {
			return err
		}
		app, err := s.applySave(c, m.k, f, raw)
		if errors.Is(err, sql.ErrOvertaken) {
			m.late = true
			return nil
		}
		var wrong workflow.Violations
		if errors.As(err, &wrong) {
			f.Refuse(wrong)
			before := len(values)
			for field := range values {
				if slices.ContainsFunc(wrong, func(v workflow.Violation) bool { return v.Field == "" || lies(v.Field, field) }) {
					delete(values, field)
				}
			}
			if len(values) == before {
				return nil
			}
			continue
		}
		if err != nil {
			return err
		}
		m.k.App, m.wrote = app, true
		return nil
	}
	return nil
}

// lies tells whether a path is the named field, is below it or around it.
func lies(path, field string) bool {
	path, _, _ = strings.Cut(path, "[")
	return path == field || strings.HasPrefix(path, field+".") || strings.HasPrefix(field, path+".")
}

// decodeValues reads what the page carried; false if it carried nothing that can be read.
func decodeValues(text string) (workflow.Values, bool) {
	if text == "" {
		return nil, false
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v workflow.Values
	err := dec.Decode(&v)
	return v, err == nil && v != nil
}

// answered takes the answers of a page that asked into mine; base holds the
// other side as it was shown there. What was asked and not answered is asked again.
func answered(f *Form, base, mine workflow.Values) (open []workflow.Clash) {
	for _, field := range f.All("asked") {
		x := workflow.Clash{Field: field, Mine: mine[field], Theirs: base[field]}
		if _, ok := mine[field]; !ok {
			continue
		}
		switch answer := f.Raw("pick." + field); answer {
		case "mine":
		case "theirs":
			mine[field] = x.Theirs
		default:
			if a, b, ok := texts(x); ok && answer == "both" {
				mine[field] = b + "\n\n" + a
				continue
			}
			f.Fail("pick."+field, "form.choice")
			mine[field] = x.Theirs
			open = append(open, x)
		}
	}
	return open
}

// texts are the two sides of a clash about a text.
func texts(x workflow.Clash) (mine, theirs string, ok bool) {
	mine, ok1 := x.Mine.(string)
	theirs, ok2 := x.Theirs.(string)
	return mine, theirs, ok1 && ok2
}
