package handlers

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fund/workflow/lang"
)

// TestACompletionIsAnsweredBesideItsQuestion: the question stands where it is
// answered, with what it is about in sight, and what was filed beside the answer.
func TestACompletionIsAnsweredBesideItsQuestion(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.act("officer", v.path, "request_completion", `{"points":[{"field":"requested","text":"Räcker mindre?"},{"field":"funding","text":"Vem betalar tåget?"}],"due_on":"2026-02-20"}`)
	at, step := v.path+"/complete", v.path+"/edit/budget"
	page := v.get("teacher", at, 200)
	v.says(page, "Räcker mindre?", "Ni har inte ändrat något än")
	if strings.Contains(page, "Förut") {
		t.Error("something is changed before anything is")
	}
	page = v.markup("teacher", v.getOf(step), 200)
	v.says(page, "Räcker mindre?", "Vem betalar tåget?", "Rad 1", "Spara och gå till frågorna")
	if strings.Contains(page, "alla delar") || strings.Contains(page, `name="budget.1.qty"`) {
		t.Error("a completion leads to all parts, or opens what isn't asked about")
	}
	live := v.markup("teacher", v.formOf("teacher", v.path+"/live/budget", "requested", "10 000"), 200)
	v.says(live, lang.Money(lang.SV, v.form().TotalCost())) // not forgotten for not being on the page
	v.post("teacher", step, 303, "requested", "10 000", "go", "next")
	page = v.get("teacher", at, 200)
	v.says(page, "Förut", "10 000")
	if strings.Contains(page, "inte ändrat något") {
		t.Error("a change isn't noticed")
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	m.WriteField("go", "next")
	m.Close()
	req := httptest.NewRequest(http.MethodPost, v.path+"/edit/files", &b)
	req.Header.Set("Content-Type", m.FormDataContentType())
	if to := v.where("teacher", req, 303); to != at {
		t.Errorf("the files lead on to %s, want %s", to, at)
	}
}
