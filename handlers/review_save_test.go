package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"fund/workflow"
)

// assessing is a case that reviewer1 has begun to read, and reviewer2 has not.
func assessing(t *testing.T) *school {
	t.Helper()
	v := newSchool(t)
	v.act("officer", v.path, "rule_eligibility", `{"eligible":true}`)
	v.act("officer", v.path, "assign_reviewers", `{"reviewers":["reviewer1@example.org","reviewer2@example.org"]}`)
	v.act("reviewer1", v.path, "declare_interest", `{"conflict":false}`)
	return v
}

// TestAssessmentIsSavedWhileWriting: field by field, also from two windows; what is refused is told
// and takes nothing with it; nobody saves another's.
func TestAssessmentIsSavedWhileWriting(t *testing.T) {
	t.Parallel()
	v := assessing(t)
	page := "/reviews/" + strings.TrimPrefix(v.path, "/applications/")
	drawn := func() url.Values {
		w := v.raw("reviewer1", http.MethodGet, page, "")
		checkHTML(t, w.Body.String())
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
		if err != nil {
			t.Fatal(err)
		}
		return formValues(doc.Find("form[data-draft]"))
	}
	save := func(who string, form url.Values) (int, string) {
		w := v.raw(who, http.MethodPost, page+"/save", form.Encode(), "Accept", "application/json")
		return w.Code, w.Body.String()
	}
	own := func() *workflow.Review {
		k, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
		if err != nil {
			t.Fatal(err)
		}
		for i := range k.App.Reviews {
			if k.App.Reviews[i].Reviewer == "reviewer1@example.org" {
				return &k.App.Reviews[i]
			}
		}
		t.Fatal("no assessment")
		return nil
	}
	one, two := drawn(), drawn()
	if code, body := save("reviewer1", filled(one, "ratings.K1", "4", "comments.K1", "Bra plan.")); code != http.StatusOK || !strings.Contains(body, `"Sparat `) {
		t.Fatalf("first window: %d %s", code, body)
	}
	code, body := save("reviewer1", filled(two, "ratings.K2", "3", "suggested", "20 000"))
	if code != http.StatusOK || !strings.Contains(body, `"comments.K1":["Bra plan."]`) {
		t.Errorf("the second window hears of the first: %d %s", code, body)
	}
	if r := own(); r.Ratings["K1"] != 4 || r.Ratings["K2"] != 3 || r.Comments["K1"] != "Bra plan." || intOf(r.Suggested) != 20000 || r.Done() {
		t.Errorf("kept %+v", r)
	}
	code, body = save("reviewer1", filled(drawn(), "comments.K2", "Elev 20120415-1235.", "comments.K3", "Lärorikt.", "suggested", "många"))
	if code != http.StatusOK || !strings.Contains(body, `"trouble"`) {
		t.Errorf("what can't be kept is told: %d %s", code, body)
	}
	if r := own(); r.Comments["K2"] != "" || r.Comments["K3"] != "Lärorikt." || intOf(r.Suggested) != 20000 {
		t.Errorf("beside what can't be kept: %+v", r)
	}
	for _, who := range []string{"reviewer2", "reviewer3", "teacher"} {
		if code, body := save(who, filled(one, "ratings.K1", "1")); code < 400 {
			t.Errorf("%s saves: %d %s", who, code, body)
		}
	}
	if own().Ratings["K1"] != 4 {
		t.Error("somebody else changed it")
	}
	words := strings.Repeat("Väl motiverat. ", 10)
	v.act("reviewer1", v.path, "submit_review", `{"ratings":{"K1":4,"K2":4,"K3":4,"K4":4,"K5":4},"comments":{"K1":"`+words+`","K2":"`+words+`","K3":"`+words+`","K4":"`+words+`","K5":"`+words+`"}}`)
	if code, _ := save("reviewer1", filled(one, "ratings.K1", "1")); code != http.StatusConflict {
		t.Errorf("saving what is handed in: %d", code)
	}
}
