package lang

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		want Lang
	}{
		{"", SV}, {"sv", SV}, {"en", EN}, {"en-GB", EN}, {"sv-FI", SV}, {"EN", EN},
		{"fi", SV}, {"fi, en;q=0.8, sv;q=0.5", EN}, {"en;q=0.2, sv;q=0.9", SV},
		{"de-DE,de;q=0.9", SV}, {"../../x", SV}, {strings.Repeat("en,", 5000), EN},
	} {
		if got := Parse(tt.in); got != tt.want {
			t.Errorf("Parse(%.40q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestTShowsWhatIsMissing(t *testing.T) {
	t.Parallel()
	if got, want := T(SV, "no.such_key"), "⟦no.such_key⟧"; got != want {
		t.Errorf("missing key gives %q, want %q", got, want)
	}
	if Has(SV, "no.such_key") {
		t.Error("a key that does not exist is there")
	}
	if got, want := T("xx", "app.name"), T(SV, "app.name"); got != want {
		t.Errorf("an unknown language gives %q, want the Swedish %q", got, want)
	}
}

// small is a language of a few words, made here so that the test does not
// follow the words of the service.
func small(t *testing.T, l Lang, file string) *words {
	t.Helper()
	w, err := read(fstest.MapFS{string(l) + "/a.json": {Data: []byte(file)}}, i18n.NewBundle(language.Swedish), l, Skelleftea)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return w
}

func TestPlacesAndPlurals(t *testing.T) {
	t.Parallel()
	w := small(t, SV, `{"a.days": {"one": "en dag till {{.To}}", "other": "{{.Count}} dagar till {{ .To }}"}, "a.plain": "ord", "a.name": "Hej {{.Name}}!"}`)
	for _, tt := range []struct {
		key  string
		args Args
		want string
	}{
		{"a.days", Args{"Count": 1, "To": "<b>"}, "en dag till <b>"},
		{"a.days", Args{"Count": int64(2), "To": "x"}, "2 dagar till x"},
		{"a.days", Args{"Count": 0, "To": "x"}, "0 dagar till x"},
		{"a.days", Args{"Count": uint8(1), "To": "x"}, "en dag till x"},
		{"a.days", nil, "⟦Count⟧ dagar till ⟦To⟧"},
		{"a.name", Args{"Name": "Åsa {{.Count}}"}, "Hej Åsa {{.Count}}!"},
		{"a.name", Args{"Name": 7}, "Hej 7!"},
		{"a.name", nil, "Hej ⟦Name⟧!"},
		{"a.plain", Args{"Name": "x"}, "ord"},
		{"a.none", nil, "⟦a.none⟧"},
	} {
		if got := w.say(tt.key, tt.args); got != tt.want {
			t.Errorf("%s with %v = %q, want %q", tt.key, tt.args, got, tt.want)
		}
	}
}

func TestReadRefusesWhatIsNoText(t *testing.T) {
	t.Parallel()
	for _, file := range []string{`[]`, `{"a.b": 7}`, `{"a.b": {"one": 1}}`, `{"a.b": "x"`, `{"a.b": ["x"]}`} {
		if _, err := read(fstest.MapFS{"sv/a.json": {Data: []byte(file)}}, i18n.NewBundle(language.Swedish), SV, Skelleftea); err == nil {
			t.Errorf("file %s was read without error", file)
		}
	}
}

func BenchmarkTPlain(b *testing.B) {
	for b.Loop() {
		T(SV, "app.name")
	}
}

func BenchmarkTCounted(b *testing.B) {
	args := Args{"Count": 3, "DNR": "IF 2026/0101", "Title": "x", "Due": "y", "Claim": "z"}
	for b.Loop() {
		T(SV, "mail.report_reminder_after.body", args)
	}
}
