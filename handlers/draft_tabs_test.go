package handlers

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"fund/handlers/webtest"
)

// TestTwoTabsOfOneFormAreBothTaken: both were sent from the same page after the sign-in ended. What
// only one of them changed is kept, and where both changed a text the page asks, with both sides there.
func TestTwoTabsOfOneFormAreBothTaken(t *testing.T) {
	t.Parallel()
	v := writing(t)
	drawn := v.drawn("teacher", "purpose")
	tabs := jar{v, map[string]string{}}
	tabs.signIn("teacher")
	send := func(pairs ...string) {
		t.Helper()
		if w := tabs.send(http.MethodPost, v.path+"/edit/purpose", filled(drawn, append(pairs, "go", "back")...)); !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
			t.Fatalf("sent signed out: %d %s", w.Code, w.Header().Get("Location"))
		}
	}

	tabs.send(http.MethodPost, "/sign-out", nil)
	send("text.summary", "Sammanfattat i ena fliken.")
	send("text.purpose", "Syftet i den andra fliken.", "text.goals.1.indicator", "Räknas två gånger")
	if w := tabs.signIn("teacher"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != v.path {
		t.Errorf("after the sign-in: %d %s", w.Code, w.Header().Get("Location"))
	}
	if got := v.form().Text; got.Summary != "Sammanfattat i ena fliken." || got.Purpose != "Syftet i den andra fliken." || got.Goals[0].Indicator != "Räknas två gånger" {
		t.Errorf("kept %+v", got)
	}

	drawn = v.drawn("teacher", "purpose")
	tabs.send(http.MethodPost, "/sign-out", nil)
	send("text.purpose", "Så här först.", "text.summary", "Nytt i ena.")
	send("text.purpose", "Och så här sedan.", "text.curriculum_link", "Nytt i andra.")
	w := tabs.signIn("teacher")
	v.says(pageText(t, w.Body.String()), "Så här först.", "Och så här sedan.")
	if got := v.form().Text; w.Code != http.StatusConflict || got.Purpose != "Så här först." || got.Summary != "Nytt i ena." || got.CurriculumLink != "Nytt i andra." {
		t.Errorf("%d, kept %+v", w.Code, got)
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	form := doc.Find(`form[action^="` + v.path + `/edit/purpose?refused="]`) // the kept form goes when this one is taken
	w = tabs.send(http.MethodPost, form.AttrOr("action", ""), filled(formValues(form), "pick.text.purpose", "both", "go", "back"))
	if got := v.form().Text; w.Code != http.StatusSeeOther || got.Purpose != "Så här först.\n\nOch så här sedan." || got.Summary != "Nytt i ena." || got.CurriculumLink != "Nytt i andra." {
		t.Errorf("answered with both: %d, kept %+v", w.Code, got)
	}
}

// TestTwoTabsKeepTheirOwnWords: without a network both keep what is typed in the browser. One is
// closed, and the other one's save doesn't take the closed one's words for its own.
func TestTwoTabsKeepTheirOwnWords(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := writing(t)
	var down atomic.Bool
	url := cutNetwork(t, v.pages, &down)
	v.get("teacher", "/tasks", http.StatusOK)
	one := b.Tab(t, webtest.Options{})
	one.SetCookie(url, sessionCookie, v.cookies["teacher"])
	step := url + v.path + "/edit/purpose?lang=sv"
	one.Open(step)
	other := one.Beside(webtest.Options{})
	other.Open(step)
	down.Store(true)
	const kept = `!document.querySelector("[data-draft-trouble]").hidden`
	typed(one, "text.summary", "I den flik som stängs.")
	one.Wait(kept)
	typed(other, "text.purpose", "I den flik som är kvar.")
	other.Wait(kept)
	one.Open("about:blank")
	down.Store(false)
	other.Eval(`(dispatchEvent(new Event("online")), "")`)
	other.Wait(draftSaved)
	other.Open(step)
	other.Wait(`document.querySelector('[name="text.summary"]').value == "I den flik som stängs."`)
	if got := v.form().Text; got.Summary != "I den flik som stängs." || got.Purpose != "I den flik som är kvar." {
		t.Errorf("kept %q and %q", got.Summary, got.Purpose)
	}
	other.Wait(`!Object.keys(localStorage).some((name) => name.startsWith("fund:"))`)
}
