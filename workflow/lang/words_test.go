package lang

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// entry is a key as it stands in a file, in all its forms.
type entry struct {
	file  string
	forms map[string]string
}

// entries reads the files once more, on its own, so that what merging would
// hide (a key that stands twice) is seen.
func entries(t *testing.T, l Lang) map[string]entry {
	t.Helper()
	names, err := fs.Glob(files, path.Join(string(l), "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no word files of %s (%v)", l, err)
	}
	all := map[string]entry{}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		if _, err := d.Token(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			var value any
			if err := d.Decode(&value); err != nil {
				t.Fatalf("%s, key %v: %v", name, key, err)
			}
			if before, ok := all[key.(string)]; ok {
				t.Errorf("%s: key %q stands in %s too", name, key, before.file)
			}
			e := entry{file: name, forms: map[string]string{}}
			switch v := value.(type) {
			case string:
				e.forms["other"] = v
			case map[string]any:
				for form, text := range v {
					s, isText := text.(string)
					if !isText || form != "one" && form != "other" {
						t.Errorf("%s, key %q: form %q is not one of one, other with a text", name, key, form)
					}
					e.forms[form] = s
				}
				if len(e.forms) != 2 {
					t.Errorf("%s, key %q: a counted text has one and other", name, key)
				}
			default:
				t.Errorf("%s, key %q: %T is no text", name, key, value)
			}
			all[key.(string)] = e
		}
	}
	return all
}

func placesIn(s string) []string {
	var names []string
	for _, hit := range place.FindAllStringSubmatch(s, -1) {
		names = append(names, hit[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestBothLanguagesHaveTheSameKeysAndPlaces(t *testing.T) {
	t.Parallel()
	sv, en := entries(t, SV), entries(t, EN)
	for key, a := range sv {
		b, ok := en[key]
		if !ok {
			t.Errorf("key %q of %s is missing in English", key, a.file)
			continue
		}
		// Count may be left out of a form for one ("en dag"), so it is the
		// form for many that is compared.
		if x, y := placesIn(a.forms["other"]), placesIn(b.forms["other"]); !slices.Equal(x, y) {
			t.Errorf("key %q has places %v in Swedish and %v in English", key, x, y)
		}
		if len(a.forms) != len(b.forms) {
			t.Errorf("key %q is counted in one language only", key)
		}
	}
	for key, b := range en {
		if _, ok := sv[key]; !ok {
			t.Errorf("key %q of %s is missing in Swedish", key, b.file)
		}
	}
}

func TestWordsAreWordsAlone(t *testing.T) {
	t.Parallel()
	markup := regexp.MustCompile(`</?[a-zA-Z][^>]*>|&[a-zA-Z]+;|&#`)
	keyForm := regexp.MustCompile(`^[a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)+$`)
	for _, l := range All() {
		for key, e := range entries(t, l) {
			if !keyForm.MatchString(key) {
				t.Errorf("%s: key %q is not made of words with full stops between", e.file, key)
			}
			for form, text := range e.forms {
				switch {
				case text == "" || strings.TrimSpace(text) != text:
					t.Errorf("%s, key %q: %s is empty or begins or ends with a blank: %q", e.file, key, form, text)
				case markup.MatchString(text):
					t.Errorf("%s, key %q: holds HTML: %s", e.file, key, text)
				}
				if rest := place.ReplaceAllString(text, ""); strings.ContainsAny(rest, "{}⟦⟧") {
					t.Errorf("%s, key %q: only {{.Name}} may stand in braces: %s", e.file, key, text)
				}
			}
		}
	}
}

func TestTFindsEveryKey(t *testing.T) {
	t.Parallel()
	for _, l := range All() {
		all := entries(t, l)
		if got := Keys(l); len(got) != len(all) || !slices.IsSorted(got) {
			t.Errorf("%s: Keys gives %d keys, sorted %v; the files hold %d", l, len(got), slices.IsSorted(got), len(all))
		}
		for key, e := range all {
			args := Args{}
			for _, form := range e.forms {
				for _, name := range placesIn(form) {
					args[name] = "x"
				}
			}
			if len(e.forms) > 1 {
				args["Count"] = 2
			}
			if got := T(l, key, args); strings.ContainsAny(got, "⟦{") {
				t.Errorf("T(%s, %q) = %q", l, key, got)
			}
			if !Has(l, key) {
				t.Errorf("Has(%s, %q) = false", l, key)
			}
		}
	}
}

// mailArgs is the table of doc.go.
var mailArgs = map[string]string{
	"receipt": "DNR Title At", "principal_asked": "Name School Title Amount Due", "principal_asked_open": "Name School Title Amount",
	"completion_asked": "DNR Title Due Count", "completion_reminder": "DNR Title Due", "assigned": "DNR Title School Due",
	"reviews_done": "DNR Title", "decided": "DNR Title", "conditions_waiting": "DNR Title Amount Due", "paid": "DNR Title Amount On",
	"change_decided": "DNR Title", "report_reminder": "DNR Title Due Count", "report_reminder_after": "DNR Title Due Count Claim",
	"report_returned": "DNR Title Due", "recovery": "DNR Title Amount Due", "closed": "DNR Title", "other": "DNR Title",
}

func TestMailsTakeWhatTheirTableSays(t *testing.T) {
	t.Parallel()
	for _, l := range All() {
		for kind, names := range mailArgs {
			args := Args{}
			for _, name := range strings.Fields(names) {
				args[name] = "«" + name + "»"
			}
			if args["Count"] != nil {
				args["Count"] = 14
			}
			all := ""
			for _, part := range []string{"subject", "heading", "body", "button", "after"} {
				key := "mail." + kind + "." + part
				if part == "after" && !Has(l, key) {
					continue
				}
				got := T(l, key, args)
				if strings.Contains(got, "⟦") {
					t.Errorf("%s %s: %s", l, key, got)
				}
				if part != "body" && strings.Contains(got, "\n") {
					t.Errorf("%s %s has more than one line: %s", l, key, got)
				}
				all += got
			}
			for _, name := range strings.Fields(names) {
				want := "«" + name + "»"
				if name == "Count" {
					want = "14"
				}
				if !strings.Contains(all, want) {
					t.Errorf("%s mail %s never says %s", l, kind, name)
				}
			}
		}
	}
}
