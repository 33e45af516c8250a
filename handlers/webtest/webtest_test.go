package webtest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const samplePage = `<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>Prov</title></head><body><main><h1>Prov</h1>
<form method="post" action="/"><button class="x" aria-hidden="true" tabindex="-1">Spara</button>
<label for="a">Projektets&nbsp;namn</label><input id="a" name="a" value="gammalt">
<fieldset><legend>Skolform</legend><input type="radio" id="r1" name="r" value="1"><label for="r1">Grundskola</label><input type="radio" id="r2" name="r" value="2"><label for="r2">Gymnasieskola</label></fieldset>
<label for="s">Land</label><select id="s" name="s"><option value="">Välj</option><option value="cz">Tjeckien</option></select>
<label for="f">Fil</label><input type="file" id="f" name="f">
<section><h2>Rad 1</h2><button name="row" value="1">Ta bort</button></section><section><h2>Rad 2</h2><button name="row" value="2">Ta bort</button></section>
<button name="go" value="save">Spara</button></form><a href="/#x">Hit</a> <a href="/other">Dit</a><p id="x">slut</p></main><script>document.title = "Med skript"</script></body></html>`

func serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch {
		case r.Method == http.MethodPost:
			http.Redirect(w, r, "/sent?"+strings.Join([]string{"a=" + r.FormValue("a"), "r=" + r.FormValue("r"), "s=" + r.FormValue("s"), "row=" + r.FormValue("row"), "go=" + r.FormValue("go")}, "&"), http.StatusSeeOther)
		case r.URL.Path == "/bad":
			if _, err := w.Write([]byte(`<!DOCTYPE html><html><head><title></title></head><body><img src="/x"><input><div class="w"></div><style>.w{width:3000px;height:1px}</style></body></html>`)); err != nil {
				t.Errorf("write: %v", err)
			}
		case r.URL.Path == "/sent" || r.URL.Path == "/other":
			if _, err := w.Write([]byte(`<!DOCTYPE html><html lang="sv"><title>Svar</title><body><main><h1>` + r.URL.RawQuery + `</h1>`)); err != nil {
				t.Errorf("write: %v", err)
			}
		default:
			if _, err := w.Write([]byte(samplePage)); err != nil {
				t.Errorf("write: %v", err)
			}
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestTabActsAsAPerson(t *testing.T) {
	t.Parallel()
	at := serve(t)
	browser := Start(t)
	for _, without := range []bool{false, true} {
		tab := browser.Tab(t, Options{WithoutJS: without})
		tab.Open(at)
		if want := map[bool]string{false: "Med skript", true: "Prov"}[without]; tab.Title() != want {
			t.Errorf("without scripts %v: title %q, want %q", without, tab.Title(), want)
		}
		tab.Fill("Projektets namn", "nytt")
		tab.Choose("Gymnasieskola")
		tab.Select("Land", "Tjeckien")
		file := filepath.Join(t.TempDir(), "x.pdf")
		if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		tab.Upload("Fil", file)
		if got := tab.Value("Projektets namn"); got != "nytt" {
			t.Errorf("field holds %q", got)
		}
		tab.Click("Hit") // stays on the page
		tab.Click("Spara")
		if got, want := tab.URL(), at+"/sent?a=nytt&r=2&s=cz&row=&go=save"; got != want {
			t.Errorf("sent %s, want %s", got, want)
		}
		tab.Open(at)
		tab.ClickIn("Rad 2", "Ta bort")
		tab.See("row=2")
		tab.NotSee("row=1")
	}
}

func TestFaultsAreSeen(t *testing.T) {
	t.Parallel()
	at := serve(t)
	tab := Start(t).Tab(t, Options{Width: 360})
	tab.Open(at + "/bad")
	all := strings.Join(tab.Faults(), "\n")
	for _, want := range []string{"image-alt", "label", "document-title", "html-has-lang", "scrolls sideways"} {
		if !strings.Contains(all, want) {
			t.Errorf("faults do not tell of %s:\n%s", want, all)
		}
	}
}
