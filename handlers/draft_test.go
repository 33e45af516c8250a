package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"fund/sql"
	"fund/workflow"
)

// colleague is another teacher of the draft's school.
const colleague = "teacher.baldergymnasiet"

// writing is a draft with a co-writer, its pages, and its form as drawn.
func writing(t *testing.T) *school {
	t.Helper()
	v := newSchool(t)
	v.path = fmt.Sprintf("/applications/%v", v.draft().at("id"))
	if _, err := fmt.Sscanf(v.path, "/applications/%d", &v.id); err != nil {
		t.Fatal(err)
	}
	p, err := v.store.PersonByEmail(t.Context(), "teacher@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.store.Apply(t.Context(), sql.Ref{ID: v.id}, workflow.Act(p), &workflow.InviteWriter{Email: colleague + "@example.org"}); err != nil {
		t.Fatal(err)
	}
	return v
}

// drawn is the form of a step as somebody's page has it: every control by name.
func (v *school) drawn(who, step string) url.Values {
	v.t.Helper()
	w := v.raw(who, http.MethodGet, v.path+"/edit/"+step, "")
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		v.t.Fatal(err)
	}
	return formValues(doc.Find("form[data-draft]"))
}

// formValues is what a browser would send of a form, without its buttons.
func formValues(form *goquery.Selection) url.Values {
	out := url.Values{}
	form.Find("input, textarea, select").Each(func(_ int, x *goquery.Selection) {
		name, _ := x.Attr("name")
		kind, _ := x.Attr("type")
		_, checked := x.Attr("checked")
		value, _ := x.Attr("value")
		switch {
		case name == "" || (kind == "checkbox" || kind == "radio") && !checked:
			return
		case goquery.NodeName(x) == "textarea":
			value = strings.TrimPrefix(x.Text(), "\n")
		case goquery.NodeName(x) == "select":
			chosen := x.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = x.Find("option").First()
			}
			value, _ = chosen.Attr("value")
		}
		out.Add(name, value)
	})
	return out
}

func (v *school) raw(who, method, path, body string, header ...string) *httptest.ResponseRecorder {
	v.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	if v.cookies[who] == "" {
		v.get(who, "/tasks", http.StatusOK)
	}
	req.AddCookie(&http.Cookie{Name: sessionCookie, Value: v.cookies[who]})
	w := httptest.NewRecorder()
	v.pages.ServeHTTP(w, req)
	return w
}

func filled(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, x := range form {
		out[k] = append([]string{}, x...)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

// autosave posts as the script does.
func (v *school) autosave(who, step string, form url.Values) savedJSON {
	v.t.Helper()
	w := v.raw(who, http.MethodPost, v.path+"/save/"+step, form.Encode(), "Accept", "application/json")
	if w.Code != http.StatusOK {
		v.t.Fatalf("save as %s: %d %s", who, w.Code, w.Body)
	}
	var got savedJSON
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		v.t.Fatal(err)
	}
	return got
}

func (v *school) form() workflow.Form {
	v.t.Helper()
	k, err := v.store.Case(v.t.Context(), workflow.Machine(), v.id)
	if err != nil {
		v.t.Fatal(err)
	}
	return k.App.Form
}

func TestTwoWritersGetEachOthersWords(t *testing.T) {
	t.Parallel()
	v := writing(t)
	mine, theirs := v.drawn("teacher", "purpose"), v.drawn(colleague, "purpose")
	got := v.autosave("teacher", "purpose", filled(mine, "text.summary", "Sammanfattning av Anna."))
	if !strings.HasPrefix(got.Text, "Sparat ") || got.Clash || got.Trouble != "" {
		t.Fatalf("first save: %+v", got)
	}
	got = v.autosave(colleague, "purpose", filled(theirs, "text.purpose", "Syfte av kollegan."))
	if got.Clash || len(got.Changed["text.summary"]) != 1 || got.Changed["text.summary"][0] != "Sammanfattning av Anna." || got.News == "" {
		t.Errorf("second save does not bring the other's words: %+v", got)
	}
	if f := v.form(); f.Text.Summary != "Sammanfattning av Anna." || f.Text.Purpose != "Syfte av kollegan." {
		t.Errorf("kept %q and %q", f.Text.Summary, f.Text.Purpose)
	}
	// A save that changes nothing writes nothing.
	before, _ := v.store.Case(t.Context(), workflow.Machine(), v.id)
	v.autosave("teacher", "purpose", v.drawn("teacher", "purpose"))
	if after, _ := v.store.Case(t.Context(), workflow.Machine(), v.id); after.App.Version != before.App.Version {
		t.Errorf("version rose from %d to %d without a change", before.App.Version, after.App.Version)
	}
}

func TestSameFieldAsksWithBothShown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ pick, want string }{{"mine", "Kollegans ord."}, {"theirs", "Annas ord."}, {"both", "Annas ord.\n\nKollegans ord."}} {
		t.Run(tt.pick, func(t *testing.T) {
			t.Parallel()
			v := writing(t)
			mine, theirs := v.drawn("teacher", "purpose"), v.drawn(colleague, "purpose")
			v.autosave("teacher", "purpose", filled(mine, "text.purpose", "Annas ord."))
			late := filled(theirs, "text.purpose", "Kollegans ord.", "text.curriculum_link", "Engelska 6", "go", "next")
			if got := v.autosave(colleague, "purpose", late); !got.Clash || got.Trouble == "" {
				t.Errorf("the script is not told of the clash: %+v", got)
			}
			w := v.raw(colleague, http.MethodPost, v.path+"/edit/purpose", late.Encode())
			text := pageText(t, w.Body.String())
			if w.Code != http.StatusConflict {
				t.Fatalf("got %d, want 409: %s", w.Code, text)
			}
			v.says(text, "Annas ord.", "Kollegans ord.")
			checkHTML(t, w.Body.String())
			if f := v.form(); f.Text.Purpose != "Annas ord." || f.Text.CurriculumLink != "Engelska 6" {
				t.Errorf("before the answer: %q, %q", f.Text.Purpose, f.Text.CurriculumLink)
			}
			doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
			if err != nil {
				t.Fatal(err)
			}
			answer := formValues(doc.Find(`form[action$="/edit/purpose"]`))
			if again := v.raw(colleague, http.MethodPost, v.path+"/edit/purpose", answer.Encode()); again.Code != http.StatusConflict {
				t.Errorf("no answer: %d, want to be asked again", again.Code)
			}
			if w = v.raw(colleague, http.MethodPost, v.path+"/edit/purpose", filled(answer, "pick.text.purpose", tt.pick).Encode()); w.Code != http.StatusSeeOther {
				t.Fatalf("answer: %d %s", w.Code, pageText(t, w.Body.String()))
			}
			if f := v.form(); f.Text.Purpose != tt.want || f.Text.CurriculumLink != "Engelska 6" {
				t.Errorf("after %s: %q, %q", tt.pick, f.Text.Purpose, f.Text.CurriculumLink)
			}
		})
	}
}

func TestManyWritersLoseNothing(t *testing.T) {
	t.Parallel()
	v := writing(t)
	form := v.drawn("teacher", "care")
	fields := []string{"text.inclusion", "text.risk", "text.climate", "text.dissemination"}
	var wg sync.WaitGroup
	for i, field := range fields {
		wg.Go(func() {
			body := filled(form, field, fmt.Sprintf("Text %d", i))
			req := httptest.NewRequest(http.MethodPost, v.path+"/edit/care", strings.NewReader(body.Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.AddCookie(&http.Cookie{Name: sessionCookie, Value: v.cookies["teacher"]})
			w := httptest.NewRecorder()
			v.pages.ServeHTTP(w, req)
			if w.Code != http.StatusSeeOther {
				t.Errorf("%s: %d", field, w.Code)
			}
		})
	}
	wg.Wait()
	f := v.form().Text
	for i, got := range []string{f.Inclusion, f.Risk, f.Climate, f.Dissemination} {
		if got != fmt.Sprintf("Text %d", i) {
			t.Errorf("%s: %q", fields[i], got)
		}
	}
}

func TestWhatCannotBeReadDoesNotHoldUpTheRest(t *testing.T) {
	t.Parallel()
	v := writing(t)
	form := v.drawn("teacher", "participants")
	got := v.autosave("teacher", "participants", filled(form, "participants.pupils", "tjugo", "participants.staff", "3"))
	if got.Trouble == "" || got.Clash {
		t.Errorf("nothing is said: %+v", got)
	}
	w := v.raw("teacher", http.MethodPost, v.path+"/edit/participants", filled(form, "participants.pupils", "tjugo", "participants.staff", "3").Encode())
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `value="tjugo"`) {
		t.Errorf("the page does not keep what was typed: %d", w.Code)
	}
	if f := v.form(); *f.Participants.Staff != 3 || *f.Participants.Pupils == 0 {
		t.Errorf("kept %v", f.Participants)
	}
	// Of rows, too, only the cell that can't be read waits.
	rows := []string{"budget.1.text", "Tåg", "budget.1.qty", "27", "budget.1.unit_price", "tusen", "budget.2.text", "Buss", "budget.2.qty", "1", "budget.2.unit_price", "900", "funding.1.source", "Skolan", "funding.1.covers", "ett"}
	if got := v.autosave("teacher", "budget", filled(v.drawn("teacher", "budget"), rows...)); !strings.Contains(got.Trouble, "hela kronor") {
		t.Errorf("nothing is said: %+v", got)
	}
	check := func() {
		t.Helper()
		lines, money := v.form().Lines(), v.form().Funding
		if len(lines) < 2 || lines[0].Text != "Tåg" || *lines[0].Qty != 27 || lines[0].UnitPrice != nil || lines[1].Text != "Buss" || lines[1].Sum() != 900 || len(money) == 0 || money[0].Source != "Skolan" {
			t.Errorf("kept %+v and %+v", lines, money)
		}
	}
	check()
	w = v.raw("teacher", http.MethodPost, v.path+"/edit/budget", filled(v.drawn("teacher", "budget"), rows...).Encode())
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `value="tusen"`) {
		t.Errorf("the page does not keep what was typed: %d", w.Code)
	}
	check()
}
