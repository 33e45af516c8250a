package lang

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Lang is a language that the service speaks, as its ISO 639-1 code.
type Lang string

// The languages. Swedish goes first, everywhere.
const (
	SV Lang = "sv"
	EN Lang = "en"
)

// All lists the languages in the order in which people choose.
func All() []Lang { return []Lang{SV, EN} }

// Parse reads a language tag or a browser's Accept-Language and gives the
// language that serves it best. What is unknown or empty is Swedish.
func Parse(s string) Lang {
	switch s {
	case "sv", "":
		return SV
	case "en":
		return EN
	}
	tags, _, err := language.ParseAcceptLanguage(s)
	if err != nil {
		return SV
	}
	for _, tag := range tags {
		switch base, _ := tag.Base(); base.String() {
		case "sv":
			return SV
		case "en":
			return EN
		}
	}
	return SV
}

// Other is the language of the switch: English for Swedish, and back.
func (l Lang) Other() Lang {
	if l == EN {
		return SV
	}
	return EN
}

// Args fill the places {{.Name}} of a text. Count also chooses the plural.
type Args map[string]any

//go:embed sv/*.json en/*.json
var files embed.FS

// words is one language, ready to be asked.
type words struct {
	plain     map[string]string // texts without places: most of them
	raw       map[string]string // texts as they stand in the files, the one of many where there are two
	counted   map[string]bool   // texts with more than one form
	keys      []string
	localizer *i18n.Localizer
}

// books is read once. The files are part of the program, so a broken one is a
// broken build and no error that a caller could mend.
var books = sync.OnceValue(func() map[Lang]*words {
	bundle := i18n.NewBundle(language.Swedish)
	got := map[Lang]*words{}
	for _, l := range All() {
		w, err := read(files, bundle, l, home)
		if err != nil {
			panic(fmt.Sprintf("words: %v", err))
		}
		got[l] = w
	}
	return got
})

// read merges the files of one language into the bundle, with the names of the municipality.
func read(from fs.FS, bundle *i18n.Bundle, l Lang, at Home) (*words, error) {
	names, err := fs.Glob(from, path.Join(string(l), "*.json"))
	if err != nil {
		return nil, fmt.Errorf("files of %s: %w", l, err)
	}
	w := &words{plain: map[string]string{}, raw: map[string]string{}, counted: map[string]bool{}}
	all := map[string]*i18n.Message{}
	for _, name := range names {
		texts, err := readFile(from, name)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, texts)
	}
	w.keys = slices.Sorted(maps.Keys(all))
	messages := make([]*i18n.Message, 0, len(all))
	for _, key := range w.keys {
		m := all[key]
		m.One, m.Other = at.inWords(m.One), at.inWords(m.Other)
		messages = append(messages, m)
		w.raw[key] = m.Other
		switch {
		case m.One != "":
			w.counted[key] = true
		case !strings.Contains(m.Other, "{{"):
			w.plain[key] = m.Other
		}
	}
	if err := bundle.AddMessages(language.MustParse(string(l)), messages...); err != nil {
		return nil, fmt.Errorf("texts of %s: %w", l, err)
	}
	w.localizer = i18n.NewLocalizer(bundle, string(l))
	return w, nil
}

// readFile reads one flat file. Keys hold full stops, which go-i18n's own
// reader would take for nesting only in nested files, so the map is read here.
func readFile(from fs.FS, name string) (map[string]*i18n.Message, error) {
	raw, err := fs.ReadFile(from, name)
	if err != nil {
		return nil, fmt.Errorf("file %s: %w", name, err)
	}
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(raw, &entries); err != nil {
		return nil, fmt.Errorf("file %s: %w", name, err)
	}
	texts := make(map[string]*i18n.Message, len(entries))
	for key, entry := range entries {
		m := &i18n.Message{ID: key}
		if len(entry) > 0 && entry[0] == '{' {
			var forms struct{ One, Other string }
			if err := json.Unmarshal(entry, &forms); err != nil {
				return nil, fmt.Errorf("file %s, key %s: %w", name, key, err)
			}
			m.One, m.Other = forms.One, forms.Other
		} else if err := json.Unmarshal(entry, &m.Other); err != nil {
			return nil, fmt.Errorf("file %s, key %s: %w", name, key, err)
		}
		texts[key] = m
	}
	return texts, nil
}

func book(l Lang) *words {
	if w := books()[l]; w != nil {
		return w
	}
	return books()[SV]
}

// T gives the text of a key. A key that does not exist comes back as ⟦key⟧ and
// a place without its argument as ⟦Name⟧, so that a page still stands and the
// fault is seen. A language that the service does not speak is Swedish.
func T(l Lang, key string, args ...Args) string {
	switch len(args) {
	case 0:
		return book(l).say(key, nil)
	case 1:
		return book(l).say(key, args[0])
	}
	merged := Args{}
	for _, a := range args {
		maps.Copy(merged, a)
	}
	return book(l).say(key, merged)
}

func (w *words) say(key string, args Args) string {
	if text, ok := w.plain[key]; ok {
		return text
	}
	config := &i18n.LocalizeConfig{MessageID: key, TemplateParser: places{}, TemplateData: args}
	if w.counted[key] {
		config.PluralCount = count(args)
	}
	text, err := w.localizer.Localize(config)
	if err != nil {
		return "⟦" + key + "⟧"
	}
	return text
}

// count is the argument that chooses the plural; none means many.
func count(args Args) any {
	switch n := args["Count"].(type) {
	case int, int64, int32, int16, int8, string:
		return n
	case nil:
		return nil
	default:
		return fmt.Sprint(n)
	}
}

// Has tells whether the key exists in the language.
func Has(l Lang, key string) bool {
	_, found := slices.BinarySearch(book(l).keys, key)
	return found
}

// Source is the text of a key as it stands in the files, places and all; "" where there is none.
func Source(l Lang, key string) string { return book(l).raw[key] }

// Keys lists the language's keys in order of the alphabet.
func Keys(l Lang) []string { return slices.Clone(book(l).keys) }
