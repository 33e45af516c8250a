package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// Form is what a person typed, or what is stored, as text by field name, and
// what is wrong with it. A refused form is shown from the same Form, so nothing
// that was typed is lost, not even what could not be read.
//
// Names are the API's paths: participants.pupils. Rows count from 1:
// budget.2.qty. The words of a field stand under field.<name without numbers>
// and its hint under field.<…>.hint.
type Form struct {
	Lang   lang.Lang
	Errors []FieldError
	values url.Values

	organisation bool             // the form is an organisation's, which has words of its own
	sent         map[string][]int // of rows that were sent on: their numbers on the page, as empty ones stay behind
}

// FieldError is one thing wrong. Field may be empty: then it is about the whole
// form. Where says which field it is, in words, for the summary at the top.
type FieldError struct {
	Field   string
	Where   string
	Message string
	At      *Link // where it is mended, where that is on another page

	loose bool   // the page has no control with its id
	part  string // the first control below it, where it has none of its own
	place int    // how far down the page its control is
}

// Linked tells whether the summary can lead to the control.
func (e FieldError) Linked() bool { return e.Field != "" && !e.loose }

// Says is the fault with what the control is called before it.
func (e FieldError) Says() string {
	switch {
	case e.Where == "":
		return e.Message
	case strings.HasSuffix(e.Where, "?"):
		return e.Where + " " + e.Message
	}
	return e.Where + ": " + e.Message
}

// ID is the id of the control that the summary links to.
func (e FieldError) ID() string {
	if e.part != "" {
		return e.part
	}
	return fieldID(e.Field)
}

// NewForm is a form without values, to be filled with Set.
func NewForm(l lang.Lang) *Form { return &Form{Lang: l, values: url.Values{}} }

// newForm is an empty form in the reader's language.
func newForm(c *gin.Context) *Form {
	l, _ := LangOf(c.Request)
	return NewForm(l)
}

// formFor is an empty form that will carry the case's version back.
func formFor(c *gin.Context, k workflow.Case) *Form {
	f := newForm(c)
	f.Set("version", k.App.Version)
	return f
}

// formOf is what was posted, its sentences in the reader's language.
func formOf(c *gin.Context) (*Form, error) {
	l, _ := LangOf(c.Request)
	return FormOf(c.Request, l)
}

// ReadForm is a form with what was sent.
func ReadForm(l lang.Lang, values url.Values) *Form { return &Form{Lang: l, values: values} }

// formMemory is what of a form with files is kept in memory; the rest waits on disk.
const formMemory = 1 << 20

// FormOf reads the body of a POST, with or without files. The address's query
// is no part of it. The caller has limited the body with http.MaxBytesReader.
func FormOf(r *http.Request, l lang.Lang) (*Form, error) {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		if err := r.ParseMultipartForm(formMemory); err != nil {
			return nil, formError(err)
		}
	} else if err := r.ParseForm(); err != nil {
		return nil, formError(err)
	}
	return ReadForm(l, storable(r.PostForm)), nil
}

// formError says whose fault it is that a form can't be read: the sender's.
func formError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return errBodySize
	}
	return fmt.Errorf("%w: %w", errMalformed, err)
}

// storable takes out what comes along from other programs' clipboards and can't be kept as text.
func storable(v url.Values) url.Values {
	for _, list := range v {
		for i, text := range list {
			list[i] = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
		}
	}
	return v
}

// Raw is the field's text as it was typed or set.
func (f *Form) Raw(name string) string {
	if f == nil {
		return ""
	}
	return f.values.Get(name)
}

// All lists every value of the name: of checkboxes.
func (f *Form) All(name string) []string {
	if f == nil {
		return nil
	}
	return f.values[name]
}

// Has tells whether the field was sent or set at all.
func (f *Form) Has(name string) bool { return f != nil && f.values.Has(name) }

// Chosen tells whether the value is among the field's: for options and boxes.
func (f *Form) Chosen(name, value string) bool { return slices.Contains(f.All(name), value) }

// Set shows a stored value: text, whole number, bool, a list of texts, or
// anything that prints itself. A nil pointer leaves the field empty.
func (f *Form) Set(name string, value any) {
	switch v := value.(type) {
	case nil:
		f.values.Del(name)
	case string:
		f.values.Set(name, v)
	case []string:
		f.values[name] = slices.Clone(v)
	case bool:
		f.values.Del(name)
		if v {
			f.values.Set(name, "1")
		}
	case *bool:
		f.values.Del(name)
		if v != nil {
			f.values.Set(name, map[bool]string{true: "yes", false: "no"}[*v])
		}
	default:
		if p := reflect.ValueOf(value); p.Kind() == reflect.Pointer {
			f.values.Del(name)
			if p.IsNil() {
				return
			}
			value = p.Elem().Interface()
		}
		f.values.Set(name, fmt.Sprint(value))
	}
}

// SetKronor shows whole kronor as people write them: 83 430.
func (f *Form) SetKronor(name string, kronor *int64) {
	f.values.Del(name)
	if kronor != nil {
		f.values.Set(name, lang.Number(f.Lang, *kronor))
	}
}

// Fail notes that something is wrong with the field. key is a word.
func (f *Form) Fail(name, key string, args ...lang.Args) {
	if key == "form.required" {
		key = requiredKey(name)
	}
	f.FailText(name, lang.T(f.Lang, key, args...))
}

// FailText is Fail with the words themselves. A field has one fault: the first.
func (f *Form) FailText(name, message string) {
	if name != "" && f.Fault(name) != "" {
		return
	}
	f.Errors = append(f.Errors, FieldError{Field: name, Where: f.where(name), Message: message})
}

// Refuse notes what the workflow found wrong. The words are violation.<code>,
// for account numbers fault.<code>; a row is written budget[1].qty, counted from 0.
func (f *Form) Refuse(v workflow.Violations) {
	for _, x := range v {
		f.FailText(f.onPage(controlName(x.Field)), SayViolation(f.Lang, x))
	}
}

// refusedForm notes in the form what was refused of it; another error is given back.
func refusedForm(f *Form, err error) (again bool, other error) {
	var wrong workflow.Violations
	switch {
	case err == nil:
		return false, nil
	case errors.As(err, &wrong):
		f.Refuse(wrong)
		return true, nil
	}
	return false, err
}

// onPage gives a row that was sent on the number that it has on the page.
func (f *Form) onPage(name string) string {
	list, rest, _ := strings.Cut(name, ".")
	number, cell, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(number)
	rows := f.sent[list]
	if err != nil || n < 1 || n > len(rows) {
		return name
	}
	return strings.TrimSuffix(list+"."+strconv.Itoa(rows[n-1])+"."+cell, ".")
}

// call notes what the page calls a field, for the list of faults.
func (f *Form) call(name, label string) {
	if f == nil || label == "" {
		return
	}
	for i := range f.Errors {
		if f.Errors[i].Field == name {
			f.Errors[i].Where = label
		}
	}
}

// OK tells whether nothing is wrong.
func (f *Form) OK() bool { return len(f.Errors) == 0 }

// Fault is what is wrong with the field, or nothing.
func (f *Form) Fault(name string) string {
	if f == nil {
		return ""
	}
	for _, e := range f.Errors {
		if e.Field == name {
			return e.Message
		}
	}
	return ""
}

// FaultUnder lists what is wrong with the fields below a name: of a row.
func (f *Form) FaultUnder(prefix string) (under []FieldError) {
	if f == nil {
		return nil
	}
	for _, e := range f.Errors {
		if strings.HasPrefix(e.Field, prefix+".") {
			under = append(under, e)
		}
	}
	return under
}

// where names the field in the summary: "Rad 3, antal". Without words for it, nothing.
func (f *Form) where(name string) string {
	key := "field." + generic(name)
	if name == "" || !lang.Has(f.Lang, key) {
		return ""
	}
	label := schemeWord(f.Lang, f.organisation, key)
	if n := rowNumber(name); n != "" {
		return lang.T(f.Lang, "form.row", lang.Args{"N": n}) + ", " + lower(label)
	}
	return label
}

var (
	brackets = regexp.MustCompile(`\[(\d+)\]`)
	numbers  = regexp.MustCompile(`\.\d+(\.|$)`)
)

// controlName is the name of the control for a path: budget[1].qty → budget.2.qty.
// The workflow and the API count a list from 0, as JSON does, a page its rows from 1.
func controlName(path string) string {
	return brackets.ReplaceAllStringFunc(path, func(at string) string {
		n, err := strconv.Atoi(strings.Trim(at, "[]"))
		if err != nil {
			return at // more rows than there can be
		}
		return "." + strconv.Itoa(n+1)
	})
}

// generic is the name without row numbers: budget.2.qty → budget.qty.
func generic(name string) string {
	return strings.TrimSuffix(numbers.ReplaceAllString(name, "$1"), ".")
}

// rowNumber is the row in a name, or nothing.
func rowNumber(name string) string {
	return strings.Trim(numbers.FindString(name), ".")
}

// fieldID makes a name an id: letters, digits and hyphens.
func fieldID(name string) string {
	if name == "" {
		return ""
	}
	return "f-" + strings.Map(func(r rune) rune {
		if r == '.' || r == '_' || r == '[' || r == ']' || r == ' ' || r == ':' {
			return '-'
		}
		return r
	}, name)
}

// lower makes the first letter small, where the second is small too: not in "EU-medel".
func lower(s string) string {
	r := []rune(s)
	if strings.HasPrefix(s, "I ") { // English
		return s
	}
	if len(r) > 1 && strings.ToLower(string(r[1])) == string(r[1]) {
		return strings.ToLower(string(r[0])) + string(r[1:])
	}
	return s
}

// Rows lists the numbers of the rows below a name, in order: budget.1.…, budget.2.…
func (f *Form) Rows(name string) (rows []int) {
	for key := range f.values {
		rest, ok := strings.CutPrefix(key, name+".")
		if !ok {
			continue
		}
		number, _, _ := strings.Cut(rest, ".")
		if n, err := strconv.Atoi(number); err == nil && n > 0 && !slices.Contains(rows, n) {
			rows = append(rows, n)
		}
	}
	slices.Sort(rows)
	return rows
}
