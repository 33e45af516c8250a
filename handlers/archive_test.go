package handlers

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"fund/jobs/dossier"
	"fund/jobs/letter/lettertest"
	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// fill posts a form that needs no version.
func (v *school) fill(who, path string, want int, pairs ...string) string {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(who, req, want)
}

func TestPackageProvesItself(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.at("2026-01-11T09:00:00+01:00") // the next day's first event anchors what went before
	v.act("officer", v.path, "correct", `{"was":"30 000","is":"30 000","reason":"Prov."}`)
	page := "/archive/cases" + strings.TrimPrefix(v.path, "/applications") + "/package.zip"
	for _, who := range []string{"teacher", "officer", "finance1", "admin"} {
		v.get(who, page, 403)
	}
	v.says(v.get("registrar", "/archive", 200), "Möte i Brahestad", "Hämta paket")
	mail := sql.MailRow{Application: v.id, To: "teacher@example.org", Kind: "other", Lang: "sv", Subject: "Vi har fått er ansökan", Body: "Hej!\n\nDen har kommit in: IF 2026-0001."}
	if err := v.store.InTx(t.Context(), func(tx *sql.Tx) error { _, _, err := tx.AddMail(t.Context(), mail); return err }); err != nil {
		t.Fatal(err)
	}
	inside := sql.MailRow{Application: v.id, To: "officer@example.org", Kind: "other", Lang: "sv", Subject: "Internt: ta ställning", Body: "Hej!"}
	if err := v.store.InTx(t.Context(), func(tx *sql.Tx) error { _, _, err := tx.AddMail(t.Context(), inside); return err }); err != nil {
		t.Fatal(err)
	}
	raw := v.file("registrar", page, "application/zip")
	files := map[string][]byte{}
	m, err := dossier.Verify(bytes.NewReader(raw), int64(len(raw)), func(name string, body []byte) error { files[name] = body; return nil })
	if err != nil {
		t.Fatal(err)
	}
	var events []sql.ChainEvent
	var anchors []sql.AnchorProof
	if json.Unmarshal(files["events.json"], &events) != nil || json.Unmarshal(files["anchors.json"], &anchors) != nil || len(events) != m.Events || len(anchors) == 0 {
		t.Fatalf("%d events of %d, %d anchors", len(events), m.Events, len(anchors))
	}
	if err := sql.CheckChain(events); err != nil {
		t.Error(err)
	}
	if err := sql.CheckAnchor(anchors[0], events); err != nil {
		t.Error(err)
	}
	events[3].Data = json.RawMessage(`{"amount":1}`)
	if sql.CheckChain(events) == nil {
		t.Error("changed data are not seen")
	}
	anchors[0].Lines[0].Hash = strings.Repeat("0", 64)
	if sql.CheckAnchor(anchors[0], events) == nil {
		t.Error("a changed anchor is not seen")
	}
	pdfs := []string{"case.pdf", "versions/1.pdf", "events.pdf"}
	for name := range files {
		if strings.HasPrefix(name, "mails/") {
			pdfs = append(pdfs, name)
		}
	}
	var mails []sql.MailRow
	if err := json.Unmarshal(files["mails.json"], &mails); err != nil || len(mails) == 0 || len(pdfs) != 3+len(mails) {
		t.Errorf("%d mails, in words %v (%v)", len(mails), pdfs, err)
	}
	for _, name := range pdfs {
		doc, faults := lettertest.Check(files[name])
		if len(faults) > 0 {
			t.Errorf("%s is no PDF/A: %v", name, faults)
		}
		text := doc.Title + "\n" + strings.Join(doc.Text, "\n")
		if name == "versions/1.pdf" {
			v.says(text, "Möte i Brahestad", "Ansökan, version 1")
		}
		if name == "mails/1.pdf" {
			v.says(text, mail.To, mail.Subject, "Den har kommit in")
		}
		if strings.Contains(text, "⟦") {
			t.Errorf("%s lacks words: %s", name, text)
		}
	}
	for _, name := range []string{"README.txt", "case.json", "versions/1.json", "decisions.json", "payments.json", "mails.json"} {
		if len(files[name]) == 0 {
			t.Errorf("%s is not in the package", name)
		}
	}
	if w := v.call("auditor", http.MethodGet, v.path+"/package", ""); w.want(200).header.Get("Content-Type") != "application/zip" {
		t.Error("the API gives no zip")
	}
	v.call("officer", http.MethodGet, v.path+"/package", "").want(403)
	csv := string(v.file("registrar", "/archive/register.csv", "text/csv"))
	for _, want := range []string{"Inkom;Baldergymnasiet;Möte i Brahestad;Ansökan;Inte prövad", "Upprättad;Baldergymnasiet;Möte i Brahestad;Fatta beslut", "Skickad;Baldergymnasiet;Möte i Brahestad;Mejl: Vi har fått er ansökan", "Handling;Sekretess"} {
		if !strings.Contains(csv, want) {
			t.Errorf("the register never says %q: %s", want, csv)
		}
	}
	if strings.Contains(csv, inside.Subject) {
		t.Errorf("what the office writes to itself was sent to nobody: %s", csv)
	}
	if a, err := v.store.VerifyAudit(t.Context()); err != nil || !a.OK || a.Anchors == 0 {
		t.Errorf("audit %+v (%v)", a, err)
	}
	if _, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw))); err != nil {
		t.Error(err)
	}
}

// everything reads what statistics, ledger and proof say.
func (v *school) everything() (workflow.Statistics, sql.Audit, map[string]int64) {
	v.t.Helper()
	cases, _, err := v.store.FullCases(v.t.Context(), workflow.Machine(), sql.CaseFilter{Limit: 500})
	if err != nil {
		v.t.Fatal(err)
	}
	a, err := v.store.VerifyAudit(v.t.Context())
	if err != nil {
		v.t.Fatal(err)
	}
	m, err := v.store.RoundMoney(v.t.Context(), "VT26")
	if err != nil {
		v.t.Fatal(err)
	}
	raw, err := json.Marshal(m)
	if err != nil {
		v.t.Fatal(err)
	}
	var money map[string]int64
	if err := json.Unmarshal(raw, &money); err != nil {
		v.t.Fatal(err)
	}
	return workflow.Count(cases, workflow.StatFilter{}), a, money
}

func TestAnonymisingAPersonLeavesMoneyProofAndNumbersRight(t *testing.T) {
	t.Parallel()
	v := newSchool(t).reported()
	teacher, err := v.store.PersonByEmail(t.Context(), "teacher@example.org")
	if err != nil {
		t.Fatal(err)
	}
	v.get("teacher", "/archive/people", 403)
	v.says(v.get("registrar", "/archive", 200), "Vad som finns om en person")
	v.says(v.get("registrar", "/archive/people?q=MARKLUND", 200), "Elin Marklund", "teacher@example.org")
	v.says(v.get("registrar", "/archive/people?q=finns-inte", 200), "Ingen hittades")
	known := string(v.file("registrar", fmt.Sprintf("/archive/people/%d/known.json", teacher.ID), "application/json"))
	for _, want := range []string{"teacher@example.org", `"action": "submit"`, "Möte i Brahestad"} {
		if !strings.Contains(known, want) {
			t.Errorf("what is known never says %q", want)
		}
	}
	v.get("teacher", fmt.Sprintf("/archive/people/%d/known.json", teacher.ID), 403)
	relate := func(statement string) {
		t.Helper()
		if err := sqltest.Exec(v.url, statement); err != nil {
			t.Fatal(err)
		}
	}
	relate("INSERT INTO application_people (application, person, relation) SELECT 1, id, 'conflict' FROM people WHERE email = 'registrar@example.org'")
	known = string(v.file("registrar", fmt.Sprintf("/archive/people/%d/known.json", teacher.ID), "application/json"))
	if strings.Contains(known, "Möte i Brahestad") || strings.Contains(known, `"application": 1`) || !strings.Contains(known, `"withheld": 1`) {
		t.Errorf("the registrar in conflict reads of the case: %s", known)
	}
	relate("DELETE FROM application_people WHERE relation = 'conflict'") // who goes on below
	for _, statement := range []string{                                  // what else a person may stand in
		"INSERT INTO ties (person, org_no, kind, note, at) VALUES (%[1]d, '802400-0000', 'employer', '%[2]s', now())",
		"INSERT INTO absences (person, substitute, role, first, last, note, made_by, at) SELECT %[1]d, id, 'officer', '2026-01-01', '2026-01-02', '%[2]s', id, now() FROM people WHERE email = 'officer@example.org'",
		"INSERT INTO access_requests (email, name, school, hash, state, created_at, asked_wall) SELECT 'teacher@example.org', '%[2]s', min(id), 'x', 'asked', now(), now() FROM schools",
		"INSERT INTO saved_views (person, name, query, at) VALUES (%[1]d, '%[2]s', '', now())",
		"INSERT INTO report_drafts (application, fields, version, writer, at) VALUES (1, '{\"contact\": \"%[2]s\"}', 1, %[1]d, now())",
	} {
		if err := sqltest.Exec(v.url, fmt.Sprintf(statement, teacher.ID, teacher.Name)); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	rule := "/archive/retention/person"
	id := fmt.Sprint(teacher.ID)
	v.fill("registrar", rule, 409, "items", id, "reference", "KS 2026/1", "sure", "1") // not due
	v.at("2029-01-10T09:00:00+01:00")
	// Time alone is not enough: the case goes on, and the officer is at work still.
	v.fill("registrar", rule, 409, "items", id, "reference", "KS 2026/1", "sure", "1")
	v.act("teacher", v.path, "submit_report", `{"pupils":20,"staff":2,"start":"2026-09-07","end":"2026-09-12","actual":[{"line":1,"amount":0}],"external_grants_received":0,"texts":{"summary":"Bra."},"publish":true}`)
	v.act("principal", v.path, "approve", `{}`)
	v.act("officer", v.path, "accept_report", `{}`)
	v.act("officer", v.path, "settle", `{}`)
	v.act("officer", v.path, "close", `{}`)
	stat, audit, money := v.everything()
	v.at("2031-02-10T09:00:00+01:00")
	list := v.get("registrar", rule, 200)
	v.says(list, teacher.Name, teacher.Email)
	if strings.Contains(list, "officer@example.org") {
		t.Error("who works at the office is offered for erasing")
	}
	v.fill("officer", rule, 403, "items", id, "reference", "KS 2026/1", "sure", "1")
	v.says(v.fill("registrar", rule, 422, "items", id, "sure", "1"), "Arkivbeslutets beteckning")
	v.says(v.fill("registrar", rule, 422, "items", id, "reference", "KS 2026/1"), "Kryssa i")
	v.says(v.fill("registrar", rule, 422), "Rätta 3 fel")

	v.says(v.fill("registrar", "/archive/holds", 422, "dnr", "IF 1"), "Rätta 2 fel", "Det finns inget inkommet ärende med det numret.")
	v.fill("registrar", "/archive/holds", 303, "dnr", " if  2026-0001", "reason", "Tvist")
	v.says(v.fill("registrar", "/archive/holds", 422, "dnr", "IF 2026-0001", "reason", "Tvist"), "hålls redan kvar")
	v.says(v.get("registrar", "/archive/retention", 200), "2 hålls kvar")
	v.fill("registrar", rule, 409, "items", id, "reference", "KS 2026/1", "sure", "1") // held
	v.says(v.fill("registrar", "/archive/holds/1", 422, "reason", " "), "Varför ska det inte hållas kvar längre?")
	v.get("auditor", "/archive/holds/1", 403)
	v.fill("registrar", "/archive/holds/1", 303, "reason", "Domen har fått laga kraft.")
	v.says(v.get("auditor", "/archive/holds", 200), "Domen har fått laga kraft.", "Släppt")
	v.fill("registrar", "/archive/holds/1", 404, "reason", "En gång till.") // what was said stands
	v.fill("registrar", rule, 303, "items", id, "reference", "KS 2026/1", "sure", "1")

	after, proof, left := v.everything()
	if !reflect.DeepEqual(stat, after) || !reflect.DeepEqual(money, left) {
		t.Errorf("statistics %+v, then %+v; money %v, then %v", stat, after, money, left)
	}
	if !proof.OK || proof.Events != audit.Events {
		t.Errorf("the proof: %+v, before %+v", proof, audit)
	}
	for _, who := range []string{"registrar", "auditor"} {
		raw := v.call(who, http.MethodGet, v.path, "").want(200).raw
		for _, gone := range []string{teacher.Name, "\"teacher@example.org\""} {
			if strings.Contains(string(raw), gone) {
				t.Errorf("%s still reads %q", who, gone)
			}
		}
	}
	events := string(v.call("auditor", http.MethodGet, v.path+"/events", "").want(200).raw)
	if strings.Contains(events, teacher.Name) || strings.Contains(events, "teacher@example.org") {
		t.Error("the history still names the person")
	}
	if _, err := v.store.PersonByEmail(t.Context(), "teacher@example.org"); err == nil {
		t.Error("the person can still be found")
	}
	v.says(v.get("auditor", "/archive/retention", 200), "KS 2026/1", "Namn tas bort")
	for _, gone := range []string{teacher.Name, "teacher@example.org"} {
		if left := sqltest.Holding(t, v.url, gone); len(left) > 0 {
			t.Errorf("%s still stands in %v", gone, left)
		}
	}
}

func TestDeletingARefusedCaseLeavesNumbersAndProof(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.act("teacher", v.path, "withdraw", `{"reason":"Hemligt skäl."}`)
	stat, audit, _ := v.everything()
	v.at("2033-01-10T09:00:00+01:00")
	v.says(v.get("registrar", "/archive/retention/refused", 200), "IF 2026-0001")
	v.fill("registrar", "/archive/retention/refused", 303, "items", fmt.Sprint(v.id), "reference", "KS 2033/1", "sure", "1")
	after, proof, _ := v.everything()
	if !reflect.DeepEqual(stat, after) || !proof.OK || proof.Events != audit.Events {
		t.Errorf("statistics %+v, then %+v; proof %+v", stat, after, proof)
	}
	body := string(v.call("registrar", http.MethodGet, v.path, "").want(200).raw)
	if strings.Contains(body, "Möte i Brahestad") || strings.Contains(body, "Hemligt") {
		t.Errorf("the case still says %s", body)
	}
	raw := v.file("registrar", "/archive/cases"+strings.TrimPrefix(v.path, "/applications")+"/package.zip", "application/zip")
	if _, err := dossier.Verify(bytes.NewReader(raw), int64(len(raw)), nil); err != nil {
		t.Error(err)
	}
	v.fill("registrar", "/archive/retention/refused", 409, "items", fmt.Sprint(v.id), "reference", "KS 2033/2", "sure", "1") // once
}
