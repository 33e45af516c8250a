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

// TestApprovalIsNotFiling: the teacher is told all the way that a principal's approval sends nothing in,
// and the principal sees the sum, the day and the files that the approval is about.
func TestApprovalIsNotFiling(t *testing.T) {
	t.Parallel()
	v := writing(t)
	v.get("teacher", v.path+"/edit/files", http.StatusOK) // signs in
	v.sendFile(v.pages, "teacher", "Riskanalys utbyte.pdf", []byte("%PDF-1.7\nrisker\n%%EOF\n"), http.StatusSeeOther)
	check, page := v.path+"/check", strings.Replace(v.path, "applications", "approve", 1)
	v.says(v.get("teacher", check, http.StatusOK), "Rektor läser först. När rektor har godkänt får du ett mejl och skickar in ansökan.")
	v.post("teacher", check, http.StatusSeeOther, "version", v.hidden("teacher", check, "version"), "do", "request_approval")
	v.says(v.get("teacher", v.path, http.StatusOK), "Rektor har ansökan.", "Ansökan är inte inskickad än.")
	asked := v.get("principal", page, http.StatusOK)
	v.says(asked, "Skolan söker", "från fonden.", "Stänger", "Riskanalys utbyte.pdf")
	if !strings.Contains(v.markup("principal", v.getOf(page), http.StatusOK), `href="`+v.path+`/attachments/`) {
		t.Error("the principal can't open the files")
	}
	v.post("principal", page, http.StatusSeeOther, "version", v.hidden("principal", page, "version"), "do", "approve")
	v.says(v.get("teacher", v.path, http.StatusOK), "Rektor har godkänt ansökan.", "Den är inte inskickad än.")
	if text := v.get("principal", v.path, http.StatusOK); strings.Contains(text, "Kontrollera svaren och skicka in") {
		t.Error("the principal is told to send in what only the teacher can")
	}
}
