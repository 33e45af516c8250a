package handlers

import (
	"net/http"
	"strings"
	"testing"
)

// TestPrincipalPointsAtFields: a return names fields; the teacher sees it in the list and on those
// steps only, and the principal then sees what was changed and nothing else.
func TestPrincipalPointsAtFields(t *testing.T) {
	t.Parallel()
	v := writing(t)
	page := strings.Replace(v.path, "applications", "approve", 1)
	v.post("teacher", v.path+"/check", http.StatusSeeOther, "version", v.hidden("teacher", v.path+"/check", "version"), "do", "request_approval")
	if w := v.raw("teacher", http.MethodGet, v.path+"/edit/care", ""); w.Code != http.StatusSeeOther {
		t.Errorf("a step with the principal answers %d, want a way back to the list", w.Code)
	}
	first := v.get("principal", page, http.StatusOK)
	v.says(first, "Det här tar skolan på sig", "Ingen elev får behöva betala", "Slutrapport med verkliga kostnader senast 60 dagar efter resan")
	if strings.Contains(first, "har ändrats sedan") {
		t.Error("something has changed since nobody looked")
	}
	version := v.hidden("principal", page, "version")
	v.post("principal", page, http.StatusUnprocessableEntity, "version", version, "do", "return_to_applicant", "fields", "text.risk")
	v.post("principal", page, http.StatusSeeOther, "version", version, "do", "return_to_applicant", "fields", "text.risk", "reason", "Vem är reserv?")

	v.says(v.get("teacher", "/tasks", http.StatusOK), "Rektor vill att du ändrar:")
	v.says(v.get("teacher", v.path, http.StatusOK), "Vem är reserv?", "Rektor vill ändra")
	v.says(v.get("teacher", v.path+"/edit/care", http.StatusOK), "Rektor vill att du ändrar: Risker.", "Vem är reserv?")
	if strings.Contains(v.get("teacher", v.path+"/edit/purpose", http.StatusOK), "Vem är reserv?") {
		t.Error("the remark stands on a step that it is not about")
	}

	v.step("care", http.StatusSeeOther, "text.risk", "En extra lärare är reserv.", "go", "back")
	v.post("teacher", v.path+"/check", http.StatusSeeOther, "version", v.hidden("teacher", v.path+"/check", "version"), "do", "request_approval")
	again := v.get("principal", page, http.StatusOK)
	_, news, _ := strings.Cut(again, "Det här har ändrats sedan en rektor svarade")
	news, _, _ = strings.Cut(news, "Till ditt beslut")
	if !strings.Contains(news, "Risker") || strings.Contains(news, "Budget") || strings.Contains(news, "Syfte") {
		t.Errorf("news says %q, want the risks alone", news)
	}
}
