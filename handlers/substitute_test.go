package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// naming posts the principal's form.
func (v *school) naming(who string, want int, pairs ...string) string {
	v.t.Helper()
	return v.postAs(who, "/substitutes", want, pairs...)
}

// open is what somebody may do with the case over the API; nil where they may not know of it.
func (v *school) open(who string) (list []any) {
	v.t.Helper()
	r := v.call(who, http.MethodGet, v.path, "")
	if r.status == http.StatusNotFound {
		return nil
	}
	list, _ = r.want(200).at("allowed_actions").([]any)
	return list
}

// TestSubstituteAnswersForThePrincipal walks a period: nothing before its first
// second, the principal's page, approval and return in it, nothing after its last.
func TestSubstituteAnswersForThePrincipal(t *testing.T) {
	t.Parallel()
	v := writing(t)
	page := strings.Replace(v.path, "applications", "approve", 1)
	v.says(v.get("principal", "/tasks", http.StatusOK), "Ersättare för rektor")
	v.says(v.get("principal", "/substitutes", http.StatusOK), "Ingen ersättare är angiven")
	v.naming("principal", http.StatusSeeOther, "substitute", "Britta.Bitr@example.org", "name", "Britta Biträdande", "first", "2026-01-12", "last", "2026-01-13")
	v.says(v.get("principal", "/substitutes", http.StatusOK), "Britta Biträdande", "britta.bitr@example.org", "Baldergymnasiet", "12–13 januari 2026", "kommer", "Johan Sehlstedt")
	v.says(v.raw("officer", http.MethodGet, "/rehearsal/mail?to=britta.bitr@example.org", "").Body.String(), "Du är ersättare för rektor vid Baldergymnasiet")
	who := "britta.bitr"
	ask := func() {
		v.act("teacher", v.path, "request_approval", "{}")
	}
	closed := func(when string) {
		t.Helper()
		v.at(when)
		if got := v.open(who); got != nil {
			t.Errorf("at %s: %v", when, got)
		}
		v.call(who, http.MethodPost, v.path+"/actions/approve", "{}", "If-Match", `"1"`).want(404)
		v.get(who, page, http.StatusNotFound)
		if text := v.get(who, "/tasks", http.StatusOK); strings.Contains(text, "Baldergymnasiet") {
			t.Errorf("at %s the tasks tell: %s", when, text)
		}
		v.get(who, "/applications", http.StatusForbidden)
		if me := fmt.Sprint(v.call(who, http.MethodGet, "/me", "").want(200).body); strings.Contains(me, "principal") {
			t.Errorf("at %s: %s", when, me)
		}
	}
	ask()
	v.says(v.get("principal", page, http.StatusOK), "Är du borta? Ange en ersättare")
	closed("2026-01-11T23:59:59+01:00")
	v.at("2026-01-12T00:00:00+01:00")
	if got := v.open(who); !slices.Contains(got, any("approve")) || !slices.Contains(got, any("return_to_applicant")) {
		t.Errorf("in the first second: %v", got)
	}
	v.call(who, http.MethodGet, "/me", "").want(200).has("roles.0.role", "principal").has("acting.0.for", "principal@example.org").has("acting.0.last", "2026-01-13")
	v.says(v.get(who, "/tasks", http.StatusOK), "Du är ersättare för Johan Sehlstedt, rektor vid Baldergymnasiet", "Godkänn")
	text := v.get(who, page, http.StatusOK)
	v.says(text, "Du svarar som ersättare för Johan Sehlstedt", "Det här tar skolan på sig")
	if strings.Contains(text, "Ange en ersättare") {
		t.Error("a substitute is led to naming another")
	}
	for _, closed := range []string{"/substitutes", "/economists"} {
		v.get(who, closed, http.StatusForbidden)
	}
	v.post(who, page, http.StatusSeeOther, "do", "return_to_applicant", "fields", "text.risk", "reason", "Vem är reserv?")
	v.call("teacher", http.MethodGet, v.path, "").want(200).has("state", "draft").has("returned.by", who+"@example.org").has("returned.for", "principal@example.org")
	ask()
	closed("2026-01-14T00:00:00+01:00")
	v.at("2026-01-13T23:59:59+01:00")
	v.act(who, v.path, "approve", `{"statement":"Ja."}`).has("state", "approved").has("approval.by", who+"@example.org").has("approval.for", "principal@example.org")
	v.act("teacher", v.path, "submit", "{}")
	v.says(v.get("officer", v.office(), http.StatusOK), "Britta Biträdande som ersättare för Johan Sehlstedt", "som ersättare för Johan Sehlstedt")
	v.says(v.get("teacher", v.path, http.StatusOK), "som ersättare för Johan Sehlstedt")
	var events struct {
		Items []struct {
			Action, By string
			Data       map[string]any
		}
	}
	if err := json.Unmarshal(v.call("auditor", http.MethodGet, v.path+"/events?limit=100", "").want(200).raw, &events); err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, e := range events.Items {
		if e.Data["acting_for"] == "principal@example.org" && e.Data["acting_role"] == "principal" && e.By == who+"@example.org" {
			told++
		}
	}
	if told != 2 {
		t.Errorf("%d events say for whom, want 2", told)
	}
}

// TestSubstituteNeverAnswersForTheirOwn: neither what they write with, nor what the
// principal wrote whom they act for, over the API, on the page or past both.
func TestSubstituteNeverAnswersForTheirOwn(t *testing.T) {
	t.Parallel()
	v := writing(t) // with the colleague as co-writer
	page := strings.Replace(v.path, "applications", "approve", 1)
	v.naming("principal", http.StatusSeeOther, "substitute", colleague+"@example.org", "first", "2026-01-10", "last", "2026-01-20")
	v.naming("principal", http.StatusSeeOther, "substitute", "teacher2@example.org", "first", "2026-01-10", "last", "2026-01-20")
	v.act("teacher", v.path, "request_approval", "{}")
	for _, action := range []string{"approve", "return_to_applicant"} {
		if slices.Contains(v.open(colleague), any(action)) {
			t.Errorf("a co-writer may %s", action)
		}
		tag := v.call(colleague, http.MethodGet, v.path, "").tag()
		v.call(colleague, http.MethodPost, v.path+"/actions/"+action, `{"reason":"Nej."}`, "If-Match", tag).want(403)
	}
	v.post(colleague, page, http.StatusForbidden, "do", "approve")

	own := v.call("principal", http.MethodPost, "/applications", goodForm).want(201)
	v.path = fmt.Sprintf("/applications/%v", own.at("id"))
	v.act("principal", v.path, "request_approval", "{}")
	v.call("principal", http.MethodPost, v.path+"/actions/return_to_applicant", `{"reason":"Ångrar mig."}`, "If-Match", v.call("principal", http.MethodGet, v.path, "").tag()).want(403)
	tag := v.call("teacher2", http.MethodGet, v.path, "").want(200).tag()
	r := v.call("teacher2", http.MethodPost, v.path+"/actions/approve", "{}", "If-Match", tag).want(403)
	if !strings.Contains(string(r.raw), "Ansökan är skriven av den som du ersätter") {
		t.Errorf("the refusal says %s", r.raw)
	}
	v.says(v.get("teacher2", strings.Replace(v.path, "applications", "approve", 1), http.StatusOK), "Inget väntar på ditt godkännande här")
	v.act("teacher2", strings.Replace(page, "/approve", "/applications", 1), "approve", "{}").has("approval.for", "principal@example.org") // the teachers' one
}

// TestNamingASubstitute: what is wrong is said at the field, each thing by its words, and who may name.
func TestNamingASubstitute(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	for _, x := range []struct{ substitute, name, first, last, says string }{
		{"", "", "2026-01-12", "2026-01-13", "Fyll i det här"},
		{"x", "", "2026-01-12", "2026-01-13", "Skriv en e-postadress"},
		{"okand@example.org", "", "2026-01-12", "2026-01-13", "Skriv namnet också"},
		{"principal@example.org", "", "2026-01-12", "2026-01-13", "Ingen kan ersätta sig själv"},
		{"officer@example.org", "", "2026-01-12", "2026-01-13", "Den som arbetar med fonden"},
		{"external@example.org", "", "2026-01-12", "2026-01-13", "utanför kommunens skolor"},
		{"principal.baldergymnasiet@example.org", "", "2026-01-12", "2026-01-13", "är själv rektor vid skolan"},
		{"teacher2@example.org", "", "2026-01-13", "2026-01-12", "Sista dagen kan inte komma före den första"},
		{"teacher2@example.org", "", "2026-01-01", "2026-01-12", "Välj en dag som inte har varit"},
		{"teacher2@example.org", "", "2026-01-01", "2026-01-02", "Välj en dag som inte har varit"},
		{"teacher2@example.org", "", "2026-01-12", "2027-01-13", "högst ett år"},
		{"teacher2@example.org", "", "", "", "Fyll i det här"},
		{"teacher2@example.org", "", "i morgon", "2026-01-12", "Skriv en dag som finns"},
	} {
		text := v.naming("principal", http.StatusUnprocessableEntity, "substitute", x.substitute, "name", x.name, "first", x.first, "last", x.last)
		if !strings.Contains(text, x.says) {
			t.Errorf("%+v: %s", x, text)
		}
	}
	for _, who := range []string{"teacher", "officer", "auditor"} {
		v.naming(who, http.StatusForbidden, "substitute", "teacher2@example.org", "first", "2026-01-12", "last", "2026-01-13")
	}
	v.naming("head", http.StatusUnprocessableEntity, "substitute", "teacher2@example.org", "first", "2026-01-12", "last", "2026-01-13")
	p, err := v.store.PersonByEmail(t.Context(), "principal@example.org")
	if err != nil {
		t.Fatal(err)
	}
	v.naming("admin", http.StatusSeeOther, "person", fmt.Sprintf("%d.%d", p.ID, p.Roles[0].School), "substitute", "teacher2@example.org", "first", "2026-01-12", "last", "2026-01-13")
	v.naming("admin", http.StatusSeeOther, "person", fmt.Sprintf("%d.%d", p.ID, p.Roles[0].School), "substitute", "teacher2@example.org", "first", "2026-01-12", "last", "2026-01-13") // a second click
	if rows, err := v.store.Substitutions(t.Context(), p.ID); err != nil || len(rows) != 1 {
		t.Errorf("%d periods, %v", len(rows), err)
	}
	if mails, _, err := v.store.RehearsalMail(t.Context(), "teacher2@example.org", 0, 100, 0); err != nil || len(mails) != 1 {
		t.Errorf("%d mails, %v", len(mails), err)
	}
	v.says(v.raw("officer", http.MethodGet, "/rehearsal/mail?to=principal@example.org", "").Body.String(), "ersätter dig vid Baldergymnasiet")
	v.says(v.get("auditor", "/substitutes", http.StatusOK), "Johan Sehlstedt", "12–13 januari 2026")
	if text := v.get("principal.kageskolan", "/substitutes", http.StatusOK); strings.Contains(text, "12–13") {
		t.Error("another school's principal reads of it")
	}
	v.says(v.get("officer", "/absences", http.StatusOK), "Ersättare för rektorer", "Ingen är anmäld som borta")
	for _, who := range []string{"principal.kageskolan", "principal.baldergymnasiet"} {
		v.postAs(who, "/substitutes/1/end", http.StatusForbidden)
	}
	v.postAs("principal", "/substitutes/99/end", http.StatusNotFound)
	v.postAs("principal", "/substitutes/1/end", http.StatusSeeOther)
	v.postAs("principal", "/substitutes/1/end", http.StatusSeeOther) // a second click
	v.says(v.get("principal", "/substitutes", http.StatusOK), "avslutad i förtid", "Johan Sehlstedt")
	v.says(v.raw("officer", http.MethodGet, "/rehearsal/mail?to=teacher2@example.org", "").Body.String(), "inte längre ersättare")
}

// TestPrincipalOfTwoSchools chooses for which of them.
func TestPrincipalOfTwoSchools(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	p, err := v.store.PersonByEmail(t.Context(), "principal@example.org")
	if err != nil {
		t.Fatal(err)
	}
	other, err := v.store.PersonByEmail(t.Context(), "principal.kageskolan@example.org")
	if err != nil {
		t.Fatal(err)
	}
	v.call("admin", http.MethodPatch, fmt.Sprintf("/people/%d", p.ID), `{"roles":[{"role":"principal","school":"Baldergymnasiet"},{"role":"principal","school":"Kågeskolan"}]}`).want(200)
	v.says(v.get("principal", "/substitutes", http.StatusOK), "För vilka skolor?", "Kågeskolan")
	v.says(v.naming("principal", http.StatusUnprocessableEntity, "substitute", "teacher.floraskolan@example.org", "first", "2026-01-10", "last", "2026-01-10"), "Välj")
	v.naming("principal", http.StatusSeeOther, "schools", fmt.Sprint(other.Roles[0].School), "substitute", "teacher.floraskolan@example.org", "first", "2026-01-10", "last", "2026-01-10")
	me := v.call("teacher.floraskolan", http.MethodGet, "/me", "").want(200)
	me.has("acting.0.school", float64(other.Roles[0].School))
	if list, _ := me.at("acting").([]any); len(list) != 1 {
		t.Errorf("acts %v", list)
	}
	v.says(v.get("teacher.floraskolan", "/tasks", http.StatusOK), "rektor vid Kågeskolan")
}

// TestSubstituteAnswersForTheReport: the money of a final report, told as the substitute's.
func TestSubstituteAnswersForTheReport(t *testing.T) {
	t.Parallel()
	v := newSchool(t).reported()
	v.act("teacher", v.path, "submit_report", aReport)
	v.naming("principal", http.StatusSeeOther, "substitute", "teacher2@example.org", "first", "2026-09-13", "last", "2026-09-14")
	v.says(v.get("teacher2", fmt.Sprintf("/approve/%d", v.id), http.StatusOK), "Godkänn slutrapportens belopp", "Du svarar som ersättare för Johan Sehlstedt")
	v.post("teacher2", fmt.Sprintf("/approve/%d", v.id), http.StatusSeeOther, "do", "approve")
	v.says(v.get("officer", v.report(), http.StatusOK), "som ersättare för rektor Johan Sehlstedt, godkände pengarna")
	v.act("officer", v.path, "accept_report", "{}").has("state", "report_accepted")
}
