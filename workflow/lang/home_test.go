package lang

import (
	"strings"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// TestWordsSpeakOfTheMunicipality: none of Skellefteå's names is left in another municipality's words.
func TestWordsSpeakOfTheMunicipality(t *testing.T) {
	t.Parallel()
	umea := Home{"Umeå kommun", "Umeå Municipality", "Umeå", "Umeå 2040"}
	for _, l := range All() {
		w, err := read(files, i18n.NewBundle(language.Swedish), l, umea)
		if err != nil {
			t.Fatal(err)
		}
		for key, text := range w.raw {
			if strings.Contains(strings.ToLower(text), "skelleft") {
				t.Errorf("%s, %s: %q", l, key, text)
			}
		}
		for key, want := range map[string]string{
			"app.municipality": map[Lang]string{SV: "Umeå kommun", EN: "Umeå Municipality"}[l],
			"plot.areas.table": map[Lang]string{SV: "Beviljat per område i Umeå 2040", EN: "Granted per area of Umeå 2040"}[l],
			"assess.sister":    map[Lang]string{SV: "Vasa är vänort till Umeå.", EN: "Vasa is a twin town of Umeå."}[l],
		} {
			if got := w.say(key, Args{"City": "Vasa"}); got != want {
				t.Errorf("%s, %s: %q, want %q", l, key, got, want)
			}
		}
		ours, err := read(files, i18n.NewBundle(language.Swedish), l, Skelleftea)
		if err != nil {
			t.Fatal(err)
		}
		if got := ours.raw["app.municipality"]; !strings.HasPrefix(got, "Skellefteå ") {
			t.Errorf("%s: at home it is %q", l, got)
		}
	}
}
