package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"fund/sql/sqltest"
	"fund/workflow"
)

func TestCoWritersComeAndGo(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.path = fmt.Sprintf("/applications/%v", v.draft().at("id"))
	fmt.Sscanf(v.path, "/applications/%d", &v.id)
	v.get(colleague, v.path, http.StatusNotFound)
	v.says(v.post("teacher", v.path+"/writers", http.StatusUnprocessableEntity, "email", "teacher2@example.org"), "Ingen lärare på skolan")
	v.post("teacher", v.path+"/writers", http.StatusSeeOther, "email", colleague+"@example.org")
	v.says(v.get("teacher", v.path+"/writers", http.StatusOK), colleague+"@example.org", "Ta bort")
	v.get(colleague, v.path+"/edit/purpose", http.StatusOK)
	p, err := v.store.PersonByEmail(t.Context(), colleague+"@example.org")
	if err != nil {
		t.Fatal(err)
	}
	v.post("teacher", v.path+"/writers", http.StatusSeeOther, "remove", fmt.Sprint(p.ID))
	v.get(colleague, v.path, http.StatusNotFound)
}

func TestSchoolHandsADraftOver(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"principal", "officer"} {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			v := newSchool(t)
			v.path = fmt.Sprintf("/applications/%v", v.draft().at("id"))
			fmt.Sscanf(v.path, "/applications/%d", &v.id)
			page := fmt.Sprintf("/hand-over/%d", v.id)
			v.get("principal.kageskolan", page, http.StatusNotFound)
			list := v.get(who, "/hand-over?email=teacher@example.org", http.StatusOK)
			v.says(list, fmt.Sprintf("Utkast %d", v.id), "teacher@example.org")
			if strings.Contains(v.get(who, page, http.StatusOK), "Brahestad") {
				t.Error("the content of a draft shows")
			}
			v.get(who, v.path, http.StatusNotFound)
			form := func(to, reason string) *http.Request {
				k, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
				if err != nil {
					t.Fatal(err)
				}
				body := url.Values{"version": {fmt.Sprint(k.App.Version)}, "email": {to}, "reason": {reason}}
				req := httptest.NewRequest(http.MethodPost, page, strings.NewReader(body.Encode()))
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				return req
			}
			v.says(v.send(who, form("teacher2@example.org", "Slutar"), http.StatusUnprocessableEntity), "Ingen lärare på skolan")
			v.send(who, form(colleague+"@example.org", "Läraren har bytt skola."), http.StatusSeeOther)
			v.get("teacher", v.path, http.StatusNotFound)
			v.get(colleague, v.path+"/edit/purpose", http.StatusOK)
		})
	}
}

func TestCopyAndPrefill(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.says(v.get("teacher", v.path+"/copy", http.StatusOK), "Gör kopian")
	v.post("teacher", v.path+"/copy", http.StatusSeeOther, "title", "En gång till", "round", "VT26")
	k, err := v.store.Case(t.Context(), workflow.Machine(), v.id+1)
	if err != nil {
		t.Fatal(err)
	}
	old := v.form()
	f := k.App.Form
	if f.Title != "En gång till" || f.Partner.Name != old.Partner.Name || len(f.Budget) != len(old.Budget) || f.Activity.Start != "" || f.Requested != nil || f.Declarations.PublicRecord {
		t.Errorf("copy: %+v", f)
	}
	v.post("teacher", "/apply", http.StatusSeeOther, "round", "VT26")
	if k, err = v.store.Case(t.Context(), workflow.Machine(), v.id+2); err != nil {
		t.Fatal(err)
	}
	a := k.App.Form.Applicant
	if a.School != "Baldergymnasiet" || a.ContactEmail != "teacher@example.org" || a.Payment.CostCentre == "" {
		t.Errorf("prefilled: %+v", a)
	}
	v.postAs("teacher2", "/apply", http.StatusSeeOther, "round", "VT26")
	if k, err = v.store.Case(t.Context(), workflow.Machine(), v.id+3); err != nil {
		t.Fatal(err)
	}
	if a = k.App.Form.Applicant; a.School != "Kågeskolan" || a.PrincipalName == "" || a.Payment.Method == "" {
		t.Errorf("prefilled for the first time: %+v", a)
	}
}

func TestTeacherAsksForAccess(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	anybody := func(method, path string, want int, pairs ...string) string {
		t.Helper()
		body := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			body.Set(pairs[i], pairs[i+1])
		}
		req := httptest.NewRequest(method, path, strings.NewReader(body.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		v.pages.ServeHTTP(w, req)
		if w.Code != want {
			t.Fatalf("%s %s: %d, want %d: %s", method, path, w.Code, want, pageText(t, w.Body.String()))
		}
		if strings.Contains(w.Body.String(), "</html>") {
			checkHTML(t, w.Body.String())
		}
		return pageText(t, w.Body.String())
	}
	const who = "ny.larare@skola.example"
	v.says(anybody(http.MethodPost, "/access", http.StatusUnprocessableEntity, "name", "Ny Lärare", "email", "ingen adress"), "Välj")
	asked := func() {
		anybody(http.MethodPost, "/access", http.StatusOK, "name", "Ny Lärare", "email", who, "school", "Baldergymnasiet", "work", "Lärare i franska")
	}
	asked()
	mails, _, err := v.store.RehearsalMail(t.Context(), who, 0, 10, 0)
	if err != nil || len(mails) != 1 {
		t.Fatalf("mails %v %v", mails, err)
	}
	link := regexp.MustCompile(`/access/confirm\?word=(\w+)`).FindStringSubmatch(mails[0].Body)
	v.says(anybody(http.MethodGet, link[0], http.StatusOK), "Ja, det är jag")
	if got := v.get("principal", "/access/requests", http.StatusOK); strings.Contains(got, who) {
		t.Error("an address that nobody confirmed is shown to the principal")
	}
	anybody(http.MethodPost, "/access/confirm", http.StatusSeeOther, "word", link[1])
	anybody(http.MethodPost, "/access/confirm", http.StatusSeeOther, "word", link[1]) // a second click
	if mails, _, _ = v.store.RehearsalMail(t.Context(), "principal@example.org", 0, 500, 0); !strings.Contains(mails[len(mails)-1].Body, who) {
		t.Errorf("the principal is not told: %v", mails)
	}
	asked() // once more, as the mail was slow: that link has nothing left to ask
	mails, _, err = v.store.RehearsalMail(t.Context(), who, 0, 10, 0)
	if err != nil || len(mails) != 2 {
		t.Fatalf("mails %v %v", mails, err)
	}
	for _, m := range mails {
		again := regexp.MustCompile(`/access/confirm\?word=\w+`).FindString(m.Body)
		v.says(anybody(http.MethodGet, again, http.StatusOK), "Tack, adressen är bekräftad")
	}
	v.says(v.get("principal", "/tasks", http.StatusOK), "Lärare som ber om tillgång")
	v.says(v.get("principal", "/access/requests", http.StatusOK), who, "Lärare i franska")
	v.get("principal.kageskolan", "/access/requests/1", http.StatusNotFound)
	v.get("teacher", "/access/requests", http.StatusForbidden)
	v.post("principal", "/access/requests/1", http.StatusOK) // says neither: still waits
	v.post("principal", "/access/requests/1", http.StatusSeeOther, "do", "grant")
	p, err := v.store.PersonByEmail(t.Context(), who)
	if err != nil || !p.Is(workflow.Teacher) || p.Is(workflow.Principal) {
		t.Errorf("known as %+v, %v", p, err)
	}
	// Who asked in English is written to in English from then on.
	const other = "new.teacher@skola.example"
	anybody(http.MethodPost, "/access?lang=en", http.StatusOK, "name", "New Teacher", "email", other, "school", "Baldergymnasiet", "work", "English")
	if mails, _, err = v.store.RehearsalMail(t.Context(), other, 0, 10, 0); err != nil || len(mails) != 1 {
		t.Fatalf("mails %v %v", mails, err)
	}
	anybody(http.MethodPost, "/access/confirm", http.StatusSeeOther, "word", regexp.MustCompile(`word=(\w+)`).FindStringSubmatch(mails[0].Body)[1])
	at := regexp.MustCompile(`/access/requests/\d+`).FindString(v.raw("principal", http.MethodGet, "/access/requests", "").Body.String())
	v.post("principal", at, http.StatusSeeOther, "do", "grant")
	if err := sqltest.Exec(v.url, "DO $$ BEGIN ASSERT (SELECT lang FROM people WHERE email = '"+other+"') = 'en'; END $$"); err != nil {
		t.Errorf("written to in another language: %v", err)
	}
	// Somebody who asks again and again gets no more mail than a few.
	for range 5 {
		asked()
	}
	if mails, _, _ = v.store.RehearsalMail(t.Context(), who, 0, 100, 0); len(mails) > 4 {
		t.Errorf("%d mails", len(mails))
	}
}

// postAs sends a form that carries no version.
func (v *school) postAs(who, path string, want int, pairs ...string) string {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(who, req, want)
}
