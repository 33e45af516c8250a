package handlers

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"fund/handlers/webtest"
	"fund/sql"
	"fund/workflow"
)

// reporting is a case whose school is home, with a co-writer.
func reporting(t *testing.T) *school {
	t.Helper()
	v := newSchool(t).reported()
	p, err := v.store.PersonByEmail(t.Context(), "teacher@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.store.Apply(t.Context(), sql.Ref{ID: v.id}, workflow.Act(p), &workflow.InviteWriter{Email: colleague + "@example.org"}); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *school) report() string { return fmt.Sprintf("/reports/%d", v.id) }

// drawnReport is the report's form as somebody's page has it.
func (v *school) drawnReport(who string) url.Values {
	v.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(v.raw(who, http.MethodGet, v.report(), "").Body.String()))
	if err != nil {
		v.t.Fatal(err)
	}
	return formValues(doc.Find("form[data-draft]"))
}

// sendReport posts the report's form with a file.
func (v *school) sendReport(who, path string, form url.Values, name string, body []byte, header ...string) *httptest.ResponseRecorder {
	v.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for key, values := range form {
		for _, x := range values {
			m.WriteField(key, x)
		}
	}
	if name != "" {
		part, err := m.CreateFormFile("file", name)
		if err != nil {
			v.t.Fatal(err)
		}
		part.Write(body)
	}
	m.Close()
	return v.raw(who, http.MethodPost, path, b.String(), append(header, "Content-Type", m.FormDataContentType())...)
}

func photo(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReportIsSavedWhileSeveralWrite(t *testing.T) {
	t.Parallel()
	v := reporting(t)
	save := func(who string, form url.Values) string {
		w := v.raw(who, http.MethodPost, v.report()+"/save", form.Encode(), "Accept", "application/json")
		if w.Code != http.StatusOK {
			t.Fatalf("save as %s: %d %s", who, w.Code, w.Body)
		}
		return w.Body.String()
	}
	mine, theirs := v.drawnReport("teacher"), v.drawnReport(colleague)
	if got := save("teacher", filled(mine, "texts.summary", "Vi byggde broar.", "pupils", "tjugo")); !strings.Contains(got, `"Sparat `) || strings.Contains(got, `"clash":true`) {
		t.Errorf("first save: %s", got)
	}
	got := save(colleague, filled(theirs, "texts.learned", "Vi lärde oss planera.", "actual.1.amount", "41 000"))
	if !strings.Contains(got, `"texts.summary":["Vi byggde broar."]`) || !strings.Contains(got, "skriver också här") {
		t.Errorf("the other's words: %s", got)
	}
	again := v.drawnReport("teacher")
	for name, want := range map[string]string{"texts.summary": "Vi byggde broar.", "pupils": "tjugo", "texts.learned": "Vi lärde oss planera.", "actual.1.amount": "41 000"} {
		if again.Get(name) != want {
			t.Errorf("%s is drawn as %q, want %q", name, again.Get(name), want)
		}
	}
	// The same field: the page asks, and the answer stands.
	save("teacher", filled(again, "texts.summary", "Annas ord."))
	late := filled(again, "texts.summary", "Bos ord.", "texts.dissemination", "En utställning.", "publish", "no", "pupils", "20")
	if got := save(colleague, late); !strings.Contains(got, `"clash":true`) {
		t.Errorf("nobody is asked: %s", got)
	}
	w := v.raw(colleague, http.MethodPost, v.report(), late.Encode())
	if w.Code != http.StatusConflict {
		t.Fatalf("got %d, want 409: %s", w.Code, pageText(t, w.Body.String()))
	}
	v.says(pageText(t, w.Body.String()), "Annas ord.", "Bos ord.")
	checkHTML(t, w.Body.String())
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	answer := filled(formValues(doc.Find(`form[action="`+v.report()+`"]`)), "pick.texts.summary", "both", "go", "stay")
	if w = v.raw(colleague, http.MethodPost, v.report(), answer.Encode()); w.Code != http.StatusSeeOther {
		t.Fatalf("answer: %d %s", w.Code, pageText(t, w.Body.String()))
	}
	again = v.drawnReport("teacher")
	if got := strings.ReplaceAll(again.Get("texts.summary"), "\r", ""); got != "Annas ord.\n\nBos ord." || again.Get("texts.dissemination") != "En utställning." {
		t.Errorf("after the answer: %q, %q", got, again.Get("texts.dissemination"))
	}
	// It is filed from the draft, which goes; a returned report is drawn from what was filed.
	again = filled(again, "texts.fund_named", "I tidningen.", "external_grants_received", "0")
	if w = v.raw("teacher", http.MethodPost, v.report(), again.Encode()); w.Code != http.StatusSeeOther {
		t.Fatalf("filing: %d %s", w.Code, pageText(t, w.Body.String()))
	}
	if d, err := v.store.ReportDraft(t.Context(), v.id); err != nil || d.Version != 0 {
		t.Errorf("the draft stays: %+v %v", d, err)
	}
	if w = v.raw(colleague, http.MethodPost, v.report()+"/save", late.Encode(), "Accept", "application/json"); w.Code != http.StatusConflict {
		t.Errorf("saving a filed report: %d", w.Code)
	}
	for _, who := range []string{"teacher2", "reviewer1"} {
		if w := v.raw(who, http.MethodPost, v.report()+"/save", late.Encode(), "Accept", "application/json"); w.Code < 400 {
			t.Errorf("%s may save: %d", who, w.Code)
		}
	}
}

func TestPhotoInAReportNeedsConsent(t *testing.T) {
	t.Parallel()
	v := reporting(t)
	form := filled(v.drawnReport("teacher"), "texts.summary", "Skrivet bredvid filen.")
	w := v.sendReport("teacher", v.report()+"/files", form, "utställning.jpg", photo(t))
	text := pageText(t, w.Body.String())
	if w.Code != http.StatusUnprocessableEntity || len(v.files()) != 0 {
		t.Fatalf("without consent: %d, %d files", w.Code, len(v.files()))
	}
	v.says(text, "Bilden tas inte emot utan intyget om samtycke")
	if w = v.sendReport("teacher", v.report()+"/files", form, "utställning.jpg", photo(t), "Accept", "application/json"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"field":"consent"`) {
		t.Errorf("the script is told: %d %s", w.Code, w.Body)
	}
	if got := v.drawnReport("teacher").Get("texts.summary"); got != "Skrivet bredvid filen." {
		t.Errorf("a refused file takes the text with it: %q", got)
	}
	form.Set("consent", "1")
	if w = v.sendReport("teacher", v.report()+"/files", form, "utställning.jpg", photo(t)); w.Code != http.StatusSeeOther {
		t.Fatalf("with consent: %d %s", w.Code, pageText(t, w.Body.String()))
	}
	form.Del("consent") // a paper needs none
	if w = v.sendReport("teacher", v.report()+"/files", form, "kvitto.pdf", []byte("%PDF-1.4 kvitto\n%%EOF")); w.Code != http.StatusSeeOther {
		t.Fatalf("a paper: %d %s", w.Code, pageText(t, w.Body.String()))
	}
	files := v.files()
	if len(files) != 2 || files[0].Consent == nil || files[0].Consent.By != "teacher@example.org" || files[1].Consent != nil {
		t.Fatalf("%+v", files)
	}
	// A file chosen at the filing comes along; the officer sees what was declared.
	form = filled(v.drawnReport("teacher"), "pupils", "20", "staff", "2", "actual.1.amount", "41000", "external_grants_received", "0", "texts.fund_named", "I tidningen.", "publish", "yes")
	if w = v.sendReport("teacher", v.report(), form, "foto.jpg", photo(t)); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("filing with a photo that nobody answers for: %d", w.Code)
	}
	if w = v.sendReport("teacher", v.report(), form, "program.pdf", []byte("%PDF-1.4 program\n%%EOF")); w.Code != http.StatusSeeOther {
		t.Fatalf("filing: %d %s", w.Code, pageText(t, w.Body.String()))
	}
	if got := v.files(); len(got) != 3 {
		t.Errorf("kept %d files, want 3", len(got))
	}
	v.says(v.get("officer", v.report(), http.StatusOK), "utställning.jpg", "Skolan har intygat samtycke", "kvitto.pdf", "program.pdf")
	if text := v.get("officer", "/registry", http.StatusOK); strings.Contains(text, "utställning") {
		t.Error("a photo is published")
	}
}

func TestReportInABrowser(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := reporting(t)
	var down atomic.Bool
	srvURL := cutNetwork(t, v.pages, &down)
	open := func(who string, width int) *webtest.Tab {
		v.get(who, "/tasks", http.StatusOK)
		tab := b.Tab(t, webtest.Options{Width: width})
		tab.SetCookie(srvURL, sessionCookie, v.cookies[who])
		tab.Open(srvURL + v.report() + "?lang=sv")
		return tab
	}
	anna, bo := open("teacher", 1280), open(colleague, 360)
	typed(anna, "texts.summary", "Anna skriver.")
	anna.Wait(draftSaved)
	typed(bo, "texts.learned", "Bo skriver.")
	bo.Wait(`document.querySelector('[name="texts.summary"]').value == "Anna skriver."`)

	path := filepath.Join(t.TempDir(), "foto.jpg")
	if err := os.WriteFile(path, photo(t), 0o644); err != nil {
		t.Fatal(err)
	}
	press := func(tab *webtest.Tab, words string) {
		tab.Eval(`([...document.querySelectorAll("button")].find((b) => b.textContent.trim() === "` + words + `" && b.offsetParent).click(), "")`)
	}
	anna.Upload("Fil", path)
	press(anna, "Ladda upp filen")
	anna.See("Bilden tas inte emot utan intyget om samtycke")
	if faults := anna.Axe(); len(faults) > 0 {
		t.Errorf("refused photo: %v", faults)
	}
	if *pictures != "" {
		anna.SaveScreenshot(1280, *pictures+"/report-refused.png")
		anna.SaveScreenshot(360, *pictures+"/report-refused-360.png")
		anna.Resize(1280)
	}
	down.Store(true)
	typed(anna, "texts.dissemination", "Utan nät.")
	anna.Choose("Inga elevnamn syns på bilden")
	press(anna, "Ladda upp filen")
	anna.See("Kontakten bröts och filen kom inte fram")
	down.Store(false)
	press(anna, "Försök igen")
	anna.Wait(`document.querySelector(".stored")?.textContent.includes("foto.jpg")`)
	anna.Wait(`document.querySelector('[name="texts.dissemination"]').value == "Utan nät."`)
	if px, what := bo.SideScroll(); px > 0 {
		t.Errorf("scrolls %d px: %s", px, what)
	}
	if faults := bo.Axe(); len(faults) > 0 {
		t.Errorf("on a phone: %v", faults)
	}
	if got := v.files(); len(got) != 1 || got[0].Consent == nil {
		t.Errorf("kept %+v", got)
	}
}
