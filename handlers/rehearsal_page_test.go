package handlers

import (
	"net/http"
	"strings"
	"testing"

	"fund/sql"
	"fund/workflow/lang"
)

// TestRehearsalPageReadsDayAndTime: never back, and the faults stand at the fields.
func TestRehearsalPageReadsDayAndTime(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.says(v.post("teacher", "/rehearsal", http.StatusUnprocessableEntity, "now.day", "2025-12-31", "now.time", "08.30"), "Dag: Klockan går bara framåt.")
	if w := v.raw("teacher", http.MethodPost, "/rehearsal", "now.day=&now.time="); !strings.Contains(w.Body.String(), `<a href="#f-now-day">Dag: `) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestMailboxStartsWithTheNewest: and finds those to an address.
func TestMailboxStartsWithTheNewest(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	tx := func(to, subject string) {
		if err := v.store.InTx(t.Context(), func(tx *sql.Tx) error {
			_, _, err := tx.AddMail(t.Context(), sql.MailRow{To: to, Kind: "decided", Lang: "sv", Subject: subject, Body: "Text"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	tx("anna@example.org", "Det första")
	tx("bo@example.org", "Det andra")
	page := v.get("teacher", "/rehearsal/mail", http.StatusOK)
	if first, second := strings.Index(page, "Det första"), strings.Index(page, "Det andra"); first < 0 || second < 0 || second > first {
		t.Errorf("the newest is not first: %s", page)
	}
	if page = v.get("teacher", "/rehearsal/mail?to=anna", http.StatusOK); strings.Contains(page, "Det andra") || !strings.Contains(page, "Det första") {
		t.Errorf("not only to anna: %s", page)
	}
}

// TestFaultsAreCalledAsTheFieldsAre: the list says what the label says, and leads only where there is a control.
func TestFaultsAreCalledAsTheFieldsAre(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.says(v.post("teacher", "/ideas", http.StatusUnprocessableEntity, "text", ""), "Vad gäller det? Välj ett av alternativen.")
	e := FieldError{Field: "x", Where: "Namn", Message: "Fyll i det här."}
	if !e.Linked() || e.Says() != "Namn: Fyll i det här." {
		t.Errorf("%v %s", e.Linked(), e.Says())
	}
	f := NewForm(lang.SV)
	f.Fail("name", "violation.required")
	if got := (Field{Form: f, Name: "name", Label: "Ditt namn"}).Fault(); got == "" || f.Errors[0].Where != "Ditt namn" {
		t.Errorf("%q %+v", got, f.Errors)
	}
}
