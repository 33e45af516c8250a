package handlers

import (
	"net/http"
	"strings"
	"testing"
)

// TestNamesInAFileNameAreExplained: a list of names warns at once and stops nothing; one partner's name says nothing (RF-25).
func TestNamesInAFileNameAreExplained(t *testing.T) {
	t.Parallel()
	v, pages, _ := scanned(t)
	pdf := []byte("%PDF-1.4 avsikt\n%%EOF")
	v.sendFile(pages, "teacher", "avsikt Jana Nováková 212000-2643.pdf", pdf, http.StatusSeeOther)
	if text := v.get("teacher", v.path+"/edit/files", http.StatusOK); strings.Contains(text, "lista med namn") {
		t.Errorf("a partner's name is called a list:\n%s", text)
	}
	v.sendFile(pages, "teacher", "Anna Svensson, Erik Lund, Maja Berg.pdf", pdf, http.StatusSeeOther)
	v.says(v.get("teacher", v.path+"/edit/files", http.StatusOK), "Anna Svensson, Erik Lund, Maja Berg.pdf, ser ut som en lista med namn. Byt namn på filen")
	v.says(v.get("teacher", v.path+"/check", http.StatusOK), "ser ut som en lista med namn")
	v.act("teacher", v.path, "request_approval", "{}")
}
