package handlers

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"fund/handlers/webtest"
	"fund/workflow"
)

// fileOf writes a file to choose: a PDF by content, of the wanted size.
func fileOf(t *testing.T, name string, size int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	body := append([]byte("%PDF-1.4\n"), bytes.Repeat([]byte("% utfyllnad\n"), size/12)...)
	if err := os.WriteFile(path, append(body, "%%EOF\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUploadShowsItsWayAndSurvivesACut(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := writing(t)
	var down atomic.Bool
	url := cutNetwork(t, v.pages, &down)
	v.get("teacher", "/tasks", http.StatusOK)
	tab := b.Tab(t, webtest.Options{})
	tab.SetCookie(url, sessionCookie, v.cookies["teacher"])
	tab.Open(url + v.path + "/edit/files?lang=sv")
	if px := tab.Eval(`String(document.querySelector("[data-upload]").offsetHeight)`); px != "0" {
		t.Errorf("the empty box is %s pixels high", px)
	}
	stored := func() (names []string) {
		for _, a := range v.files() {
			names = append(names, a.Name)
		}
		return names
	}
	// What the page says and draws on the way is written down by the page itself.
	tab.Eval(`(() => { window.said = []; const s = document.querySelector("[data-upload-status]"), g = document.querySelector("[data-upload-going]");
		new MutationObserver(() => said.push(s.textContent + (g.hidden ? "" : " [bar]"))).observe(s, {childList: true, characterData: true, subtree: true});
		new MutationObserver(() => sessionStorage.setItem("said", said.join("|"))).observe(document.querySelector("[data-upload]"), {childList: true, characterData: true, subtree: true, attributes: true}); return "" })()`)
	big := fileOf(t, "avsikt.pdf", 3<<20)

	// The network goes while the file is sent.
	down.Store(true)
	tab.Upload("Fil", big)
	tab.Eval(`(window.here = true, "")`)
	press := func(text string) {
		tab.Eval(`([...document.querySelectorAll("button")].find((b) => b.textContent.trim() === "` + text + `" && b.offsetParent).click(), "")`)
	}
	press("Ladda upp filen")
	tab.See("Kontakten bröts och filen kom inte fram")
	if len(stored()) != 0 {
		t.Errorf("kept %v without network", stored())
	}
	if got := tab.Eval(`String(window.here) + document.querySelector("input[type=file]").files[0].name + document.activeElement.textContent`); got != "trueavsikt.pdfFörsök igen" {
		t.Errorf("after the cut: %q", got)
	}
	if faults := tab.Axe(); len(faults) > 0 {
		t.Errorf("after the cut: %v", faults)
	}
	if *pictures != "" {
		tab.SaveScreenshot(1280, *pictures+"/upload-cut.png")
		tab.SaveScreenshot(360, *pictures+"/upload-cut-360.png")
	}
	down.Store(false)
	press("Försök igen")
	tab.Wait(`document.querySelector(".stored")?.textContent.includes("avsikt.pdf")`)
	if said := tab.Eval(`sessionStorage.getItem("said")`); !bytes.Contains([]byte(said), []byte("Laddar upp avsikt.pdf (3,1\u00a0MB): 0 procent. [bar]")) || !bytes.Contains([]byte(said), []byte("Filen är framme och kontrolleras.")) {
		t.Errorf("on the way the page said %q", said)
	}
	tab.See("Klart. Du lade till en fil.") // what happened, on the page that follows
	if got := stored(); len(got) != 1 {
		t.Fatalf("kept %v", got)
	}

	// The same file once more, as after an answer that never came: still one.
	tab.Upload("Fil", big)
	tab.Click("Ladda upp filen")
	tab.Wait(`document.querySelectorAll(".stored").length == 1`)
	if got := stored(); len(got) != 1 {
		t.Errorf("kept %v after the same file twice", got)
	}

	// Too large: said at once, beside the field, and nothing is sent.
	tab.Upload("Fil", fileOf(t, "stor.pdf", 11<<20))
	press("Ladda upp filen")
	tab.See("Filen är för stor. Den kan vara högst 10 MB.")
	if got := tab.Eval(`document.activeElement.name + document.activeElement.getAttribute("aria-invalid") + document.querySelectorAll(".ds-validation-message").length`); got != "filetrue1" {
		t.Errorf("the fault: %q", got)
	}
	if got := tab.Eval(`String(document.querySelectorAll(".flash").length)`); got != "0" {
		t.Error("beside the refusal the page still says that a file was added")
	}
	// Not a file that is taken: the server's words, beside the field.
	text := filepath.Join(t.TempDir(), "lista.txt")
	if err := os.WriteFile(text, []byte("hej hej"), 0o644); err != nil {
		t.Fatal(err)
	}
	tab.Upload("Fil", text)
	press("Ladda upp filen")
	tab.See("Vi tar emot PDF, JPEG, PNG, DOCX och ODT.")
	if faults := tab.Axe(); len(faults) > 0 {
		t.Errorf("a refused file: %v", faults)
	}
	if *pictures != "" {
		tab.SaveScreenshot(1280, *pictures+"/upload-refused.png")
	}

	// A chosen file goes along with who goes on.
	tab.Select("Vad är det för fil?", "Riskanalys")
	tab.Upload("Fil", fileOf(t, "risk.pdf", 2000))
	tab.Click("Fortsätt")
	tab.Wait(`location.pathname.endsWith("/edit/declarations")`)
	if got := stored(); len(got) != 2 || got[1] != "risk.pdf" {
		t.Errorf("kept %v", got)
	}
}

// Without scripts the forms do what they did.
func TestUploadWithoutScript(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := writing(t)
	url := cutNetwork(t, v.pages, new(atomic.Bool))
	v.get("teacher", "/tasks", http.StatusOK)
	tab := b.Tab(t, webtest.Options{WithoutJS: true, Width: 360})
	tab.SetCookie(url, sessionCookie, v.cookies["teacher"])
	tab.Open(url + v.path + "/edit/files?lang=sv")
	tab.NotSee("Försök igen", "Avbryt uppladdningen", "Logga in i en ny flik")
	tab.Upload("Fil", fileOf(t, "avsikt.pdf", 5000))
	tab.Click("Ladda upp filen")
	tab.See("avsikt.pdf")
	tab.Upload("Fil", fileOf(t, "program.pdf", 5000))
	tab.Click("Fortsätt")
	tab.Wait(`location.pathname.endsWith("/edit/declarations")`)
	if got := v.files(); len(got) != 2 || workflow.AttachmentKinds[0] != got[0].Kind {
		t.Errorf("kept %+v", got)
	}
}
