package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"fund/sql"
)

// TestMessagesStayInTheCase: both sides write, each waits for the other, and the
// office's people are not named to the school.
func TestMessagesStayInTheCase(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	at := v.office() + "/messages"
	v.get("teacher2", at, 404)
	v.get("finance1", at, 404)
	v.post("teacher", at, 422, "text", " ", "do", "send")
	v.says(v.post("teacher", at, 422, "text", "Eleven 121212-1212 följer med.", "do", "send"), "personnummer")
	v.post("teacher", at, 303, "text", "När kommer beslutet?", "do", "send")
	v.says(v.get("officer", "/tasks", 200), "Nytt meddelande: Möte i Brahestad")
	v.says(v.get("officer", at, 200), "När kommer beslutet?", "Inget svar behövs", "Sökanden får ett mejl")
	v.says(v.get("principal", at, 200), "Handläggaren får ett mejl")
	v.says(v.get("officer", v.office(), 200), "Sökanden har skrivit ett meddelande som väntar på svar.")
	if text := v.get("teacher", v.path, 200); strings.Contains(text, "Vi har skrivit ett meddelande") || !strings.Contains(text, "Ni behöver inte göra något just nu.") {
		t.Errorf("before the office wrote the school reads %s", text)
	}
	v.post("officer", at, 303, "text", "I maj.", "do", "send")
	if text := v.get("officer", "/tasks", 200); strings.Contains(text, "Nytt meddelande") {
		t.Errorf("still a task: %s", text)
	}
	text := v.get("teacher", at, 200)
	v.says(text, "I maj.", "Internationella enheten")
	if strings.Contains(text, "Holmlund") {
		t.Errorf("the school is told who at the office: %s", text)
	}
	v.says(v.get("teacher", "/tasks", 200), "Nytt meddelande")
	if text := v.get("teacher", v.path, 200); !strings.Contains(text, "Vi har skrivit ett meddelande till er.") || !strings.Contains(text, "Läs och svara") || strings.Contains(text, "Ni behöver inte göra något just nu.") {
		t.Errorf("the school's page says of the message %s", text)
	}
	if text := v.get("officer", v.office(), 200); strings.Contains(text, "väntar på svar.") {
		t.Error("answered, and still said to wait")
	}
	v.post("principal", at, 303, "do", "done")
	if text := v.get("teacher", "/tasks", 200); strings.Contains(text, "Nytt meddelande") {
		t.Errorf("done and still a task: %s", text)
	}
	v.call("teacher", http.MethodPost, v.path+"/actions/message", `{"done":true}`, "If-Match", v.call("teacher", http.MethodGet, v.path, "").want(200).tag()).want(422)
}

// TestAMessageWaitsForWhoeverIsThere: while the case's officer is away it waits for the
// other officers too, on the noted days only, and so it does once they are no officer any more.
func TestAMessageWaitsForWhoeverIsThere(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.post("officer", v.office()+"/take", 303)
	people := map[string]string{}
	for _, x := range v.call("admin", http.MethodGet, "/people?limit=200", "").want(200).at("items").([]any) {
		p := x.(map[string]any)
		people[fmt.Sprint(p["email"])] = fmt.Sprint(p["id"])
	}
	role := func(who, roles string) {
		t.Helper()
		v.call("admin", http.MethodPatch, "/people/"+people[who+"@example.org"], `{"roles":[`+roles+`]}`).want(200)
	}
	role("registrar", `{"role":"registrar"},{"role":"officer"}`)
	v.post("teacher", v.office()+"/messages", 303, "text", "När kommer beslutet?", "do", "send")
	waits := func(who string, want bool) {
		t.Helper()
		if got := strings.Contains(v.get(who, "/tasks", 200), "Nytt meddelande"); got != want {
			t.Errorf("it waits for the %s: %v, want %v", who, got, want)
		}
		if got := strings.Contains(v.get(who, v.office()+"/messages", 200), "Inget svar behövs"); got != want {
			t.Errorf("its page lets the %s say that no answer is needed: %v, want %v", who, got, want)
		}
	}
	waits("officer", true)
	waits("registrar", false)
	v.post("officer", "/absences", 303, "person", "officer@example.org", "role", "officer", "first", "2026-01-10", "last", "2026-01-12", "substitute", "secretary@example.org")
	v.at("2026-01-12T23:30:00+01:00")
	waits("registrar", true)
	waits("secretary", true)
	v.at("2026-01-13T00:30:00+01:00")
	waits("registrar", false)
	waits("secretary", false)
	role("officer", `{"role":"auditor"}`)
	waits("registrar", true)
}

// TestMailThatCameBackIsATask, noted by hand or by the mail server, until somebody says what they did.
func TestMailThatCameBackIsATask(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	at := v.office() + "/mails"
	v.mail("teacher@example.org", "receipt")
	v.post("teacher", at, 403, "mail", "1")
	v.post("officer", at, 404, "mail", "99")
	v.says(v.get("officer", at, 200), "Varför? (frivilligt)")
	v.post("officer", at, 303, "mail", "1", "why", "Okänd mottagare.")
	v.says(v.get("officer", "/tasks", 200), "Mejl i retur: Möte i Brahestad")
	v.says(v.get("officer", at, 200), "Okänd mottagare.")
	v.post("officer", at, 303, "mail", "1", "done", "Ringde skolan.")
	v.says(v.get("officer", at, 200), "Ringde skolan.")
	if text := v.get("officer", "/tasks", 200); strings.Contains(text, "kom tillbaka") {
		t.Errorf("still a task: %s", text)
	}
}

// mail keeps a mail of the case, as a job would.
func (v *school) mail(to, kind string) {
	v.t.Helper()
	if err := v.store.InTx(v.t.Context(), func(tx *sql.Tx) error {
		_, _, err := tx.AddMail(v.t.Context(), sql.MailRow{Application: v.id, To: to, Kind: kind, Lang: "sv", Subject: "Hej", Body: "Hej"})
		return err
	}); err != nil {
		v.t.Fatal(err)
	}
}
