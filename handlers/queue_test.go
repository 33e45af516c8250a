package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestQueueGoesOnWhereItWas: the filter survives a visit, and is found again by its saved name.
func TestQueueGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	if text := v.get("officer", "/cases?view=all&who=none", 200); !strings.Contains(text, "Möte i Brahestad") {
		t.Errorf("the unassigned case is not listed: %s", text)
	}
	req := httptest.NewRequest(http.MethodGet, "/cases", nil)
	req.AddCookie(&http.Cookie{Name: queueCookie, Value: url.QueryEscape("view=check&who=none&evil=1")})
	req.AddCookie(&http.Cookie{Name: sessionCookie, Value: v.cookies["officer"]})
	w := httptest.NewRecorder()
	v.pages.ServeHTTP(w, req)
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != "/cases?view=check&who=none" {
		t.Errorf("led to %q with %d", got, w.Code)
	}
	v.post("officer", "/cases/views", 422, "keep", "view=all&who=none", "name", " ")
	v.post("officer", "/cases/views", 303, "keep", "view=all&who=none", "name", "Ingens")
	if text := v.get("officer", "/cases?view=all", 200); !strings.Contains(text, "Ingens") || !strings.Contains(text, "arbetsdagar") {
		t.Errorf("saved view or clock missing: %s", text)
	}
	v.post("officer", v.office()+"/take", 303)
	if text := v.get("officer", v.office(), 200); strings.Contains(text, "Ta ärendet") || !strings.Contains(text, "Byt handläggare") {
		t.Errorf("not taken: %s", text)
	}
	if text := v.get("officer", "/cases?view=all&who=none", 200); strings.Contains(text, "Möte i Brahestad") {
		t.Errorf("still nobody's: %s", text)
	}
}

// office is the case's page for the office.
func (v *school) office() string { return strings.Replace(v.path, "applications", "cases", 1) }
