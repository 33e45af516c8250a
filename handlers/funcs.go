package handlers

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// funcs are what templates may call. Those that speak are bound to a language.
func funcs(l lang.Lang, static *Static) template.FuncMap {
	return template.FuncMap{
		// words
		"t": func(key string, pairs ...any) (string, error) {
			args, err := wordArgs(pairs)
			return lang.T(l, key, args), err
		},
		"plural": func(key string, count any, pairs ...any) (string, error) {
			args, err := wordArgs(pairs)
			if err == nil {
				args["Count"] = count
			}
			return lang.T(l, key, args), err
		},
		"lang":    func() lang.Lang { return l },
		"other":   func() lang.Lang { return l.Other() },
		"options": func(prefix string, values ...any) []Option { return Options(l, prefix, flatten(values)...) },

		// money and numbers
		"money":  func(v any) (string, error) { return moneyWords(l, v) },
		"number": func(v any) (string, error) { return numberWords(l, v) },
		"size":   func(bytes int64) string { return lang.Size(l, bytes) },

		// a day or an instant as <time datetime>: {{at "longdatetime" .Closes}}
		"at": func(form string, v any) (template.HTML, error) { return timeElement(l, form, v) },

		// addresses
		"query":  queryOf,
		"static": static.Path,

		// building what partials take
		"dict":   dict,
		"slice":  func(items ...any) []any { return items },
		"field":  func(f *Form, name string, pairs ...any) (Field, error) { return newField(l, f, name, pairs...) },
		"tag":    func(color, text string) Tag { return Tag{Color: color, Text: text} },
		"note":   func(kind, text string) Note { return Note{Kind: kind, Text: text} },
		"button": func(text string) Button { return Button{Text: text} },
		"lower":  lower,
	}
}

var errPairs = errors.New("names and values must come in pairs")

func wordArgs(pairs []any) (lang.Args, error) {
	d, err := dict(pairs...)
	return lang.Args(d), err
}

// dict makes a map of name, value, name, value …
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errPairs
	}
	d := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("name %v: %w", pairs[i], errPairs)
		}
		d[name] = pairs[i+1]
	}
	return d, nil
}

// flatten lets options take values one by one or as one list.
func flatten(values []any) (list []string) {
	for _, v := range values {
		switch v := v.(type) {
		case []string:
			list = append(list, v...)
		default:
			list = append(list, fmt.Sprint(v))
		}
	}
	return list
}

// whole reads any whole number; ok is false for nil.
func whole(v any) (n int64, ok bool, err error) {
	switch v := v.(type) {
	case int64:
		return v, true, nil
	case int:
		return int64(v), true, nil
	case *int64:
		if v == nil {
			return 0, false, nil
		}
		return *v, true, nil
	case nil:
		return 0, false, nil
	}
	return 0, false, fmt.Errorf("%T is no whole number", v)
}

// none stands for a number that is not known yet.
const none = "–"

func moneyWords(l lang.Lang, v any) (string, error) {
	if ore, ok := v.(money.SEK); ok {
		if ore%100 != 0 {
			return lang.Ore(l, ore), nil
		}
		return lang.Money(l, int64(ore/100)), nil
	}
	n, ok, err := whole(v)
	if err != nil || !ok {
		return none, err
	}
	return lang.Money(l, n), nil
}

func numberWords(l lang.Lang, v any) (string, error) {
	n, ok, err := whole(v)
	if err != nil || !ok {
		return none, err
	}
	return lang.Number(l, n), nil
}

// instant reads a moment or a day; day tells which, and ok is false where there is none.
func instant(v any) (t time.Time, day, ok bool, err error) {
	switch v := v.(type) {
	case nil:
		return time.Time{}, false, false, nil
	case time.Time:
		return v, false, !v.IsZero(), nil
	case *time.Time:
		if v == nil {
			return time.Time{}, false, false, nil
		}
		return *v, false, !v.IsZero(), nil
	case workflow.Date:
		return v.At(12, 0), true, !v.IsZero(), nil
	case *workflow.Date:
		if v == nil {
			return time.Time{}, true, false, nil
		}
		return v.At(12, 0), true, !v.IsZero(), nil
	case string:
		if v == "" {
			return time.Time{}, true, false, nil
		}
		d, err := workflow.ParseDate(v)
		if err != nil {
			return time.Time{}, true, false, fmt.Errorf("day %q: %w", v, err)
		}
		return d.At(12, 0), true, true, nil
	}
	return time.Time{}, false, false, fmt.Errorf("%T is no moment", v)
}

// instantForms are the ways to say a moment.
var instantForms = map[string]func(lang.Lang, time.Time) string{
	"date": lang.Date, "longdate": lang.LongDate, "shortdate": lang.ShortDate,
	"datetime": lang.DateTime, "longdatetime": lang.LongDateTime, "clock": lang.Clock, "stamp": lang.Stamp,
}

func instantWords(l lang.Lang, form string, v any) (string, error) {
	say, known := instantForms[form]
	if !known {
		return "", fmt.Errorf("no way to say a moment is called %q", form)
	}
	t, _, ok, err := instant(v)
	if err != nil || !ok {
		return "", err
	}
	return say(l, t), nil
}

func timeElement(l lang.Lang, form string, v any) (template.HTML, error) {
	text, err := instantWords(l, form, v)
	if err != nil || text == "" {
		return "", err
	}
	t, day, _, err := instant(v)
	if err != nil {
		return "", err
	}
	machine := t.In(workflow.Stockholm()).Format(time.RFC3339)
	if day {
		machine = workflow.DateOf(t).String()
	}
	// Both parts are escaped here: the text as HTML, the instant is digits and signs.
	return template.HTML(`<time datetime="` + machine + `">` + template.HTMLEscapeString(text) + `</time>`), nil
}

// pathOf joins parts to an address: path "cases" 12 "ruling" → /cases/12/ruling.
func pathOf(parts ...any) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString("/" + url.PathEscape(fmt.Sprint(p)))
	}
	return b.String()
}

// queryOf puts a query on an address: query "/cases" "view" "mine" → /cases?view=mine.
// Empty values are left out.
func queryOf(at string, pairs ...any) (string, error) {
	d, err := dict(pairs...)
	if err != nil {
		return "", err
	}
	q := url.Values{}
	for name, v := range d {
		if text := fmt.Sprint(v); text != "" {
			q.Set(name, text)
		}
	}
	if len(q) == 0 {
		return at, nil
	}
	return at + "?" + q.Encode(), nil
}
