package handlers

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fund/jobs/dossier"
	"fund/sql"
	"fund/workflow"
)

// readable gives what stands in a PDF: its text, and every stream of it unpacked, in which its data about itself are.
func readable(t *testing.T, pdf []byte) string {
	t.Helper()
	out := string(pdf)
	in := filepath.Join(t.TempDir(), "copy.pdf")
	if err := os.WriteFile(in, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, cmd := range [][]string{{"pdftotext", "-layout", in, "-"}, {"pdftotext", "-raw", in, "-"}, {"pdfinfo", "-meta", in}, {"pdfinfo", in}} {
		path, err := exec.LookPath(cmd[0])
		if err != nil {
			if os.Getenv("FUND_TEST_STRICT") == "1" {
				t.Fatalf("%s is missing: install poppler-utils", cmd[0])
			}
			t.Skipf("%s is missing: install poppler-utils", cmd[0])
		}
		text, err := exec.Command(path, cmd[1:]...).Output()
		if err != nil {
			t.Fatalf("%v: %v", cmd, err)
		}
		out += "\n" + string(text)
	}
	return out
}

// TestDisclosureLeaksNothing: what is masked stands nowhere in the package, neither in text, PDF, file names nor data
// about the files; the rest does; and the log says that it was handed out, without saying what was hidden or who asked.
func TestDisclosureLeaksNothing(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.act("officer", v.path, "correct", `{"was":"Vi når elin.marklund@example.org på 070 123 45 67","is":"30 000","reason":"Kalle Kula i Finland bad om det."}`)
	if err := v.store.InTx(t.Context(), func(tx *sql.Tx) error {
		for _, to := range []string{"officer@example.org", "head@example.org"} {
			if _, _, err := tx.AddMail(t.Context(), sql.MailRow{Application: v.id, To: to, Kind: "other", Lang: "sv", Subject: "Bedömningen är klar", Body: "Båda är klara.\nLäs den."}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	page := "/archive/cases" + strings.TrimPrefix(v.path, "/applications") + "/disclosure"
	for _, who := range []string{"teacher", "officer", "auditor", "admin"} {
		v.get(who, page, 403)
	}
	v.says(v.get("registrar", page, 200), "Lämna ut en kopia", "Ingen behöver säga vem hen är")
	v.says(v.get("registrar", "/archive", 200), "Lämna ut")
	v.says(v.fill("registrar", page, 422, "kinds", "email", "ground", "none", "do", "make"), "Välj den lagliga grunden", "Fyll i det här")
	v.says(v.fill("registrar", page, 422, "words", "x", "ground", "other", "reason", "Prövat.", "do", "make"), "minst två tecken")
	k, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
	if err != nil {
		t.Fatal(err)
	}
	form := []string{"kinds", "email", "kinds", "phone", "kinds", "account", "kinds", "number", "kinds", "people", "words", "kalle  kula\nFinland", "ground", "osl_21_7", "reason", "Skälen är hemliga i sig.", "requester", "Nyfikna Nisse"}
	preview := v.fill("registrar", page, 200, append(form, "do", "preview")...)
	v.says(preview, "Så blir kopian", "[****]", "Andra ord")
	if made, err := v.store.Disclosures(t.Context(), registrarOf(t, v), v.id); err != nil || len(made) > 0 {
		t.Fatalf("a preview was kept: %v %v", made, err)
	}
	v.fill("registrar", page, 303, append(form, "do", "make")...)
	made, err := v.store.Disclosures(t.Context(), registrarOf(t, v), v.id)
	if err != nil || len(made) != 1 {
		t.Fatal(made, err)
	}
	raw := v.file("registrar", fmt.Sprintf("/archive/cases/%d/disclosures/%d/copy.zip", v.id, made[0].ID), "application/zip")
	everything := string(raw)
	files := map[string]string{}
	if _, err := dossier.Verify(bytes.NewReader(raw), int64(len(raw)), func(name string, body []byte) error {
		files[name] = string(body)
		everything += "\n" + name + "\n" + string(body)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	pdf := readable(t, []byte(files["kopia.pdf"]))
	everything = strings.ToLower(everything + "\n" + pdf)
	p := k.App.Form.Applicant
	secrets := []string{p.ContactEmail, p.ContactPhone, p.PrincipalName, k.App.ApplicantName, p.Payment.Bankgiro, "@example.org", "kalle", "kula", "finland", "nyfikna", "nisse", "skälen är hemliga", "070 123 45 67", "elin", "marklund"}
	for _, secret := range secrets {
		if secret = strings.ToLower(strings.TrimSpace(secret)); secret != "" && strings.Contains(everything, secret) {
			at := strings.Index(everything, secret)
			t.Errorf("%q stands in the package: …%q…", secret, everything[max(0, at-60):min(len(everything), at+60)])
		}
	}
	for _, open := range []string{"Baldergymnasiet", "30 000 kr", "[****]", "OSL 21 kap. 7 §", k.App.DNR} {
		if !strings.Contains(files["kopia.txt"], open) || !strings.Contains(pdf, open) {
			t.Errorf("the copy does not say %q", open)
		}
	}
	events, err := v.store.Events(t.Context(), workflow.Machine(), v.id)
	if err != nil {
		t.Fatal(err)
	}
	data := string(events[len(events)-1].Data)
	if !strings.Contains(data, made[0].SHA256) || !strings.Contains(data, "registrar@example.org") || strings.Contains(strings.ToLower(data), "nisse") || strings.Contains(strings.ToLower(data), "kula") {
		t.Errorf("the log says %s", data)
	}
	if a, err := v.store.VerifyAudit(t.Context()); err != nil || !a.OK {
		t.Errorf("%+v %v", a, err)
	}
	// The school does not learn that somebody asked.
	if w := v.call("teacher", "GET", v.path+"/events", ""); strings.Contains(fmt.Sprint(w.body), "disclosed") {
		t.Error("the applicant reads that the case was disclosed")
	}
	// Without masks the same words are there: the test can fail.
	v.fill("registrar", page, 303, "ground", "none", "reason", "Inget hemligt.", "do", "make")
	made, _ = v.store.Disclosures(t.Context(), registrarOf(t, v), v.id)
	body, err := v.store.DisclosureBody(t.Context(), registrarOf(t, v), v.id, made[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	if _, err := dossier.Verify(bytes.NewReader(body), int64(len(body)), func(name string, b []byte) error { text += string(b); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{k.App.ApplicantName, "Finland", "Kalle Kula", p.ContactPhone} {
		if !strings.Contains(text, want) {
			t.Errorf("the whole copy does not say %q", want)
		}
	}
	// A mail to several stands once, with everyone it went to.
	if n := strings.Count(text, "Brev med e-post: Bedömningen är klar"); n != 1 || !strings.Contains(text, "Till officer@example.org, ") || !strings.Contains(text, "Till head@example.org, ") {
		t.Errorf("a mail to two stands %d times in %q", n, text)
	}
	// Who assessed is named as in the log, in the reasons and in the table, which the text has too.
	for _, want := range []string{"K1, Maria Granström: Väl motiverat.", "K1 Partnerskap och ömsesidighet: Maria Granström 4; Olof Burman 4; Samlad bedömning 4", "Beviljat belopp: 30"} {
		if !strings.Contains(text, want) {
			t.Errorf("the whole copy does not say %q", want)
		}
	}
	w := httptest.NewRecorder()
	v.pages.ServeHTTP(w, httptest.NewRequest("GET", fmt.Sprintf("/archive/cases/%d/disclosures/%d/copy.zip", v.id, made[0].ID), nil))
	if w.Code != 303 {
		t.Errorf("a stranger gets %d", w.Code)
	}
}

func registrarOf(t *testing.T, v *school) workflow.Actor {
	t.Helper()
	p, err := v.store.PersonByEmail(t.Context(), "registrar@example.org")
	if err != nil {
		t.Fatal(err)
	}
	return workflow.Act(p)
}
