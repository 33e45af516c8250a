package handlers

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fund/jobs/dossier"
	"fund/sql"
)

// Somebody with protected identity (OSL 21:3, domain L14) is called by their role and reached at
// a role address, also where it was written before; the log's proof holds.
func TestProtectedIdentity(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	me := v.call("teacher", http.MethodGet, "/me", "").want(200)
	name, email := fmt.Sprint(me.at("name")), fmt.Sprint(me.at("email"))
	person, err := v.store.PersonByEmail(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/people/%d", person.ID)
	reads := []string{v.path, v.path + "/events", v.path + "/versions", v.path + "/versions/1", v.path + "/mails"}
	named := func() (found []string) {
		for _, who := range []string{"officer", "registrar"} {
			for _, p := range reads {
				if body := string(v.call(who, http.MethodGet, p, "").want(200).raw); strings.Contains(body, name) || strings.Contains(body, email) {
					found = append(found, p)
				}
			}
		}
		return found
	}
	if len(named()) < 4 {
		t.Fatalf("%q and %q stand only in %v: the test proves nothing", name, email, named())
	}
	if err := v.store.InTx(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.AddDocument(t.Context(), sql.DocumentRow{Application: v.id, Kind: "receipt", Name: "kvittens.pdf", Title: "Kvittens", Type: "application/pdf"}, []byte("%PDF-1.4 "+name))
		if err == nil {
			_, err = tx.AddDocument(t.Context(), sql.DocumentRow{Application: v.id, Kind: "decision", Name: "beslut.pdf", Title: "Beslut", Type: "application/pdf"}, []byte("%PDF-1.5 "+name))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	v.get("teacher", v.path, 200) // signed in before the address goes
	word := strings.ToLower(strings.Fields(name)[0])
	v.call("admin", http.MethodPatch, path, `{"protected_identity":true,"email":"`+word+`@example.org"}`).want(422).has("errors.0.field", "email").has("errors.0.rule", "role_address")
	v.call("admin", http.MethodPatch, path, `{"protected_identity":true,"email":"utbyte@example.org"}`).want(200).has("protected_identity", true).has("name", "Lärare, Baldergymnasiet").has("email", "utbyte@example.org")
	if still := named(); len(still) > 0 {
		t.Errorf("named in %v", still)
	}
	for who, page := range map[string]string{"officer": fmt.Sprintf("/cases/%d", v.id), "registrar": fmt.Sprintf("/archive/cases/%d/disclosure", v.id)} {
		said := v.get(who, page, 200)
		v.says(said, "Någon i ärendet har skyddade personuppgifter.")
		if strings.Contains(said, name) || strings.Contains(said, email) {
			t.Errorf("%s names %s", page, name)
		}
	}
	if said := v.get("teacher", v.path, 200); strings.Contains(said, "skyddade personuppgifter") {
		t.Error("the applicant's own page warns")
	}
	// Bytes stay as they were: what was made before is named wherever it is handed out, and nothing made after.
	v.says(v.get("registrar", fmt.Sprintf("/archive/cases/%d/disclosure", v.id), 200), "före 10 januari 2026, då skyddet började", "Kvittens, 10 januari 2026")
	v.says(v.get("registrar", "/archive", 200), "Läs igenom innan det lämnas ut")
	if page := v.markup("registrar", v.getOf(fmt.Sprintf("/archive/cases/%d/disclosure", v.id)), 200); !regexp.MustCompile(`<li><a [^>]*>Kvittens, 10.januari.2026</a>\s*</li>\s*<li><a [^>]*>Beslut[^<]*</a>`).MatchString(page) {
		t.Error("what has to be read stands in no list")
	}
	if page := v.get("officer", fmt.Sprintf("/cases/%d", v.id), 200); !strings.Contains(page, "Kvittens, 10 januari 2026") {
		t.Error("the officer is not told which documents were there before")
	}
	zip := fmt.Sprintf("/archive/cases/%d/package.zip", v.id)
	m := v.manifest(v.file("registrar", zip, "application/zip"))
	if !slices.ContainsFunc(m.ReadFirst, func(s string) bool { return strings.HasPrefix(s, "documents/") && strings.Contains(s, "Kvittens") }) ||
		!slices.ContainsFunc(m.Files, func(f dossier.File) bool { return f.Name == "LAS-FORST.txt" }) {
		t.Errorf("the package warns of %q", m.ReadFirst)
	}
	v.call("admin", http.MethodGet, "/audit/verify", "").want(200).has("ok", true)
	v.says(string(v.file("registrar", fmt.Sprintf("/archive/people/%d/known.json", person.ID), "application/json")), `"called_before"`, email, name)

	// Another role is no name to hide: others hold the first one.
	v.call("admin", http.MethodPatch, path, `{"roles":[{"role":"teacher","school":"Kågeskolan"}]}`).want(200).has("name", "Lärare, Kågeskolan")
	if known := string(v.file("registrar", fmt.Sprintf("/archive/people/%d/known.json", person.ID), "application/json")); strings.Contains(known, "Lärare, Baldergymnasiet") {
		t.Error("a role is remembered as a name")
	}
	v.call("admin", http.MethodPatch, path, `{"roles":[{"role":"teacher","school":"Baldergymnasiet"}]}`).want(200)

	// A name that is sent is not taken, and ended protection gives back what was filed.
	v.call("admin", http.MethodPatch, path, `{"name":"Någon Annan"}`).want(200).has("name", "Lärare, Baldergymnasiet")
	v.call("admin", http.MethodPatch, path, `{"protected_identity":false,"name":"`+name+`","email":"`+email+`"}`).want(200).has("name", name)
	if len(named()) < 3 {
		t.Errorf("named in %v again", named())
	}
	if m := v.manifest(v.file("registrar", zip, "application/zip")); len(m.ReadFirst) > 0 {
		t.Errorf("a package of a case without protection warns of %q", m.ReadFirst)
	}
}
