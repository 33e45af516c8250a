package handlers

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"fund/workflow/lang"
)

// Field is one control of a form, made in templates with
//
//	{{template "text" (field .Form "title" "max" 80)}}
//
// Label and hint are the words field.<name> and field.<name>.hint (row numbers
// left out) unless given. The names that may follow are those of the switch in
// set: an unknown one is an error when the page is rendered.
type Field struct {
	Form     *Form
	Name     string
	Label    string
	Hint     string
	Options  []Option // of select, radios and checks
	Max      int      // characters; shows a counter
	Min      int      // characters; shows a counter that counts up
	Height   int      // rows of a textarea
	Unit     string   // after a number: kr, %, dagar
	Width    string   // w4, w8 or w16
	Type     string   // of text: text, email, tel, search, password
	Mode     string   // inputmode: numeric, decimal
	Complete string   // autocomplete
	Empty    string   // first choice of a select, without value
	Accept   string   // of file
	Row      string   // hidden end of the label: ", rad 2"
	Kind     string   // in rows: text, area, money, number, date, select, checks
	Optional bool     // says "frivilligt"
	Quiet    bool     // label for screen readers only
	Wide     bool     // in rows: takes the whole width on a phone
	Bare     bool     // in rows: the fault stands below the row
	Inline   bool     // radios beside each other
}

// Option is a choice.
type Option struct {
	Value string
	Text  string
	Hint  string
}

// Options makes choices of values whose words stand under prefix.<value>, and
// their hints, where there are any, under prefix.<value>.hint.
func Options(l lang.Lang, prefix string, values ...string) []Option {
	list := make([]Option, len(values))
	for i, v := range values {
		key := prefix + "." + v
		list[i] = Option{Value: v, Text: lang.T(l, key)}
		if lang.Has(l, key+".hint") {
			list[i].Hint = lang.T(l, key+".hint")
		}
	}
	return list
}

func newField(l lang.Lang, f *Form, name string, pairs ...any) (Field, error) {
	x := Field{Form: f, Name: name}
	settings, err := dict(pairs...)
	if err != nil {
		return x, fmt.Errorf("field %s: %w", name, err)
	}
	words := "field." + generic(name)
	if w, ok := settings["words"].(string); ok {
		words = w
	}
	for key, v := range settings {
		if err := x.set(key, v); err != nil {
			return x, fmt.Errorf("field %s: %w", name, err)
		}
	}
	if x.Label == "" {
		x.Label = lang.T(l, words)
	}
	if _, given := settings["hint"]; !given && lang.Has(l, words+".hint") {
		x.Hint = lang.T(l, words+".hint")
	}
	return x, nil
}

func (x *Field) set(key string, v any) (err error) {
	texts := map[string]*string{"label": &x.Label, "hint": &x.Hint, "unit": &x.Unit, "width": &x.Width, "type": &x.Type,
		"mode": &x.Mode, "complete": &x.Complete, "empty": &x.Empty, "accept": &x.Accept, "row": &x.Row, "kind": &x.Kind}
	flags := map[string]*bool{"optional": &x.Optional, "quiet": &x.Quiet, "wide": &x.Wide, "bare": &x.Bare, "inline": &x.Inline}
	sizes := map[string]*int{"max": &x.Max, "min": &x.Min, "height": &x.Height}
	ok := true
	switch {
	case key == "words":
	case key == "options":
		x.Options, ok = v.([]Option)
	case texts[key] != nil:
		*texts[key], ok = v.(string)
	case flags[key] != nil:
		*flags[key], ok = v.(bool)
	case sizes[key] != nil:
		*sizes[key], ok = v.(int)
	default:
		return fmt.Errorf("nothing to set is called %q", key)
	}
	if !ok {
		return fmt.Errorf("%q cannot be %T", key, v)
	}
	return nil
}

// ID is the control's id. Radios and checks have one for each choice: ChoiceID.
func (x Field) ID() string { return fieldID(x.Name) }

// Raw is what the control shows.
func (x Field) Raw() string { return x.Form.Raw(x.Name) }

// Fault is what is wrong, or nothing. The list of faults learns the field's label.
func (x Field) Fault() string {
	if x.Row == "" {
		x.Form.call(x.Name, x.Label)
	}
	return x.Form.Fault(x.Name)
}

// ChoiceID is the id of one choice: the first has the field's own, as the
// summary's link leads there.
func (x Field) ChoiceID(i int) string {
	if i == 0 {
		return x.ID()
	}
	return x.ID() + "-" + strconv.Itoa(i+1)
}

// Chosen tells whether the value is chosen.
func (x Field) Chosen(value string) bool { return x.Form.Chosen(x.Name, value) }

// Described is the value of aria-describedby: hint, fault, counter.
func (x Field) Described() string {
	var ids []string
	if x.Hint != "" {
		ids = append(ids, x.ID()+"-h")
	}
	if x.Fault() != "" {
		ids = append(ids, x.ID()+"-e")
	}
	if x.Max > 0 || x.Min > 0 {
		ids = append(ids, x.ID()+"-n")
	}
	return strings.Join(ids, " ")
}

// Used is the number of characters in the field, as a browser counts them.
func (x Field) Used() int {
	return utf8.RuneCountInString(strings.ReplaceAll(x.Raw(), "\r\n", "\n"))
}

// Left is the number of characters that still fit; below 0 it is too long.
func (x Field) Left() int { return x.Max - x.Used() }

// Over is the number of characters too many.
func (x Field) Over() int { return x.Used() - x.Max }

// InputType is the type attribute of a text field.
func (x Field) InputType() string {
	if x.Type == "" {
		return "text"
	}
	return x.Type
}

// Lines is the height of a textarea.
func (x Field) Lines() int {
	switch {
	case x.Height > 0:
		return x.Height
	case x.Max > 600:
		return 8
	}
	return 4
}

// Suggest are answers that the browser offers while one types; any other may be written too.
func (x Field) Suggest() []string {
	if x.Name == "country" || strings.HasSuffix(x.Name, ".country") {
		return lang.Countries(x.Form.Lang)
	}
	return nil
}

// As is the field as a group of inputs of the type: radio or checkbox.
func (x Field) As(kind string) Field {
	x.Type = kind
	return x
}

// YesNo is the field as two radio buttons beside each other.
func (x Field) YesNo(yes, no string) Field {
	x.Type, x.Inline = "radio", true
	x.Options = []Option{{Value: "yes", Text: yes}, {Value: "no", Text: no}}
	return x
}
