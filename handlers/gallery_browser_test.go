package handlers

import (
	"flag"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"fund/handlers/webtest"
	"fund/workflow/lang"
)

// pictures is a folder to keep screenshots in: go test ./handlers -run Gallery -pictures /tmp/p
var pictures = flag.String("pictures", "", "folder for screenshots of the gallery")

// galleryServer serves the gallery as the service serves pages, with the content security policy.
func galleryServer(t *testing.T) *httptest.Server {
	t.Helper()
	r, static := galleryRenderer(t)
	mux := http.NewServeMux()
	mux.Handle("GET "+staticPrefix, static)
	mux.HandleFunc("POST /live", func(w http.ResponseWriter, req *http.Request) {
		f, err := FormOf(req, lang.SV)
		if err != nil {
			t.Errorf("live: %v", err)
		}
		answer := Tally{Title: "Så mycket kan ni få", Answer: "Högst " + f.Text("requested")}
		if err := r.RenderPart(w, http.StatusOK, lang.SV, "tally", answer); err != nil {
			t.Errorf("live: %v", err)
		}
	})
	mux.HandleFunc("POST /gallery", func(w http.ResponseWriter, req *http.Request) {
		f, err := FormOf(req, lang.SV)
		if err != nil {
			t.Errorf("gallery: %v", err)
		}
		page := sampleReceipt(samplePage(lang.SV))
		page.Panel.Text, page.Panel.Big = "row="+f.Raw("row"), f.Raw("title")
		if err := r.Render(w, http.StatusOK, "gallery/receipt", page); err != nil {
			t.Errorf("gallery: %v", err)
		}
	})
	mux.HandleFunc("GET /", func(w http.ResponseWriter, req *http.Request) {
		l, _ := LangOf(req)
		name := strings.TrimPrefix(req.URL.Path, "/")
		if req.URL.Query().Has("sample") {
			name += "#" + req.URL.Query().Get("sample")
		}
		page, ok := galleryPages(samplePage(l))[name]
		if !ok {
			http.NotFound(w, req)
			return
		}
		w.Header().Set("Content-Security-Policy", ContentSecurityPolicy)
		if err := r.Render(w, http.StatusOK, trimSample(name), page); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func TestGalleryIsForEverybody(t *testing.T) {
	t.Parallel()
	server := galleryServer(t)
	tab := webtest.Start(t).Tab(t, webtest.Options{})
	for _, at := range []string{"gallery/parts?lang=sv", "gallery/parts?lang=en", "gallery/parts?sample=office&lang=sv", "gallery/letter?lang=sv", "gallery/receipt?lang=en"} {
		for _, width := range []int{1280, 360} {
			tab.Resize(width)
			tab.Open(server.URL + "/" + at)
			for _, fault := range tab.Faults() {
				t.Errorf("%s at %d: %s", at, width, fault)
			}
			if *pictures != "" {
				name := strings.NewReplacer("/", "-", "?", "-", "&", "-", "=", "-").Replace(at)
				tab.SaveScreenshot(width, filepath.Join(*pictures, name+"-"+strconv.Itoa(width)+".png"))
			}
		}
		for _, width := range []int{320, 768, 1000, 1200} {
			tab.Resize(width)
			if over, what := tab.SideScroll(); over > 0 {
				t.Errorf("%s at %d scrolls sideways by %d: %s", at, width, over, what)
			}
		}
	}
}

func TestScriptOnlyAdds(t *testing.T) {
	t.Parallel()
	server := galleryServer(t)
	browser := webtest.Start(t)
	t.Run("with the script", func(t *testing.T) {
		tab := browser.Tab(t, webtest.Options{})
		tab.Open(server.URL + "/gallery/parts?lang=sv")
		if got := tab.Focused(); !strings.HasPrefix(got, "Rätta 5 fel") {
			t.Errorf("focus is on %q, want the list of faults", got)
		}
		tab.Fill("Projektets namn", "12345")
		tab.See("95 tecken kvar")
		tab.Fill("Hur mycket söker ni?", "77 000")
		tab.See("Högst 77 000") // the live box
		tab.Wait(`document.querySelector("button[aria-label='Välj i kalender: Första resdag']") !== null`)
	})
	for _, without := range []bool{false, true} {
		t.Run("Enter sends the form, without script "+strconv.FormatBool(without), func(t *testing.T) {
			tab := browser.Tab(t, webtest.Options{WithoutJS: without})
			tab.Open(server.URL + "/gallery/parts?lang=sv")
			tab.Fill("Projektets namn", "Ny titel")
			tab.Enter("Projektets namn")
			if text := tab.Text(); !strings.Contains(text, "Ny titel") || strings.Contains(text, "row=remove") || strings.Contains(text, "row=up") {
				t.Errorf("Enter did not send the form as its main button does: %s", text)
			}
			tab.Open(server.URL + "/gallery/parts?lang=sv")
			tab.ClickIn("Rad 2", "Ta bort rad 2")
			tab.See("row=remove:budget:2")
		})
	}
}
