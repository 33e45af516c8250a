package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
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
}
