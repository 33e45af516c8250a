package handlers

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fund/jobs/dossier"
	"fund/sql/sqltest"
)

// unpacked writes a package's files into a folder, as on another machine.
func unpacked(t *testing.T, raw []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range z.File {
		at := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// summed runs the machine's own tool over an unpacked package: the program has no part in it.
func summed(t *testing.T, dir string) (string, bool) {
	t.Helper()
	for _, tool := range [][]string{{"sha256sum"}, {"shasum", "-a", "256"}} {
		path, err := exec.LookPath(tool[0])
		if err != nil {
			continue
		}
		cmd := exec.CommandContext(t.Context(), path, append(tool[1:], "-c", dossier.SumsName)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		return string(out), err == nil
	}
	t.Fatal("neither sha256sum nor shasum is here: apt-get install coreutils")
	return "", false
}

// TestPackageIsProvedElsewhere: a case that a meeting decided has its proposal and
// the minutes in its package, byte for byte; unpacked anywhere it is proved by
// sha256sum and by what its README says, without the program.
func TestPackageIsProvedElsewhere(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.act("officer", v.path, "request_completion", `{"points":[{"field":"attachments.risk_assessment","text":"Den nya saknas."}],"due_on":"2026-02-20"}`)
	v.upload("teacher", v.id, "risk_assessment", "Våra åtgärder (två).pdf", pdf).want(201)
	v.act("teacher", v.path, "complete", `{}`)
	v.ranked()
	v.act("head", v.path, "declare_interest", `{"conflict":true,"reason":"Släkt."}`)
	v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]}`)
	v.fill("secretary", "/meetings", 303, "body", "COMMITTEE", "date", "2026-01-10", "first_item", "58")
	meeting := []string{"date", "2026-01-10", "first_item", "58", "chair", "Ada Berg", "adjuster", "Bo Ek", "present", "Ada Berg\nBo Ek", "do", "save"}
	v.fill("secretary", "/meetings/1", 303, append(meeting, "version", "1")...)
	v.act("secretary", v.path, "decide", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[],"meeting":{"date":"2026-01-10","item_no":"§ 58","present":["Ada Berg","Bo Ek"],"conflicted":[]}}`)
	page := fmt.Sprintf("/archive/cases/%d/package.zip", v.id)
	if m := v.manifest(v.file("registrar", page, "application/zip")); !slices.Contains(m.LeftOut, "minutes of 2026-01-10: not confirmed yet") {
		t.Errorf("left out: %q", m.LeftOut)
	}
	v.fill("secretary", "/meetings/1", 303, append(meeting, "version", "2", "approved_on", "2026-01-10")...)
	v.get("head", page, 404) // in conflict

	raw := v.file("registrar", page, "application/zip")
	dir := unpacked(t, raw)
	if out, ok := summed(t, dir); !ok || !strings.Contains(out, "papers/1-tjansteskrivelse.pdf: OK") || !strings.Contains(out, "papers/2-protokoll-2026-01-10.pdf: OK") {
		t.Fatalf("sha256sum says\n%s", out)
	}
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if got := string(read("README.txt")); strings.Count(got, "ForEach-Object { $sum, $name") != 2 || strings.Contains(got, "{{") {
		t.Errorf("the README says\n%s", got)
	}
	for file, at := range map[string]string{"papers/1-tjansteskrivelse.pdf": "/papers/1", "papers/2-protokoll-2026-01-10.pdf": "/papers/2"} {
		if !bytes.Equal(read(file), v.file("registrar", at, "application/pdf")) {
			t.Errorf("%s is not the paper that was kept", file)
		}
	}
	for _, m := range []string{dossier.ManifestName, dossier.SumsName} { // both lists name every file but themselves and what came after
		list := string(read(m))
		if err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			name, _ := filepath.Rel(dir, path)
			if err == nil && !d.IsDir() && name != dossier.ManifestName && name != dossier.SumsName && !strings.Contains(list, filepath.ToSlash(name)) {
				t.Errorf("%s does not name %s", m, name)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	provedByHand(t, read("events.json"))
	// A name is in ASCII, so that every unpacking program writes it as SHA256SUMS has it; the manifest has it as it came.
	if !strings.Contains(string(read(dossier.SumsName)), "-Vara-atgarder-(tva).pdf\n") || !strings.Contains(string(read(dossier.ManifestName)), "risk_assessment: Våra åtgärder (två).pdf") {
		t.Errorf("the names are\n%s", read(dossier.SumsName))
	}

	// Whoever changes a byte is found out by either tool.
	at := filepath.Join(dir, "papers", "1-tjansteskrivelse.pdf")
	if err := os.WriteFile(at, append(read("papers/1-tjansteskrivelse.pdf"), ' '), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, ok := summed(t, dir); ok {
		t.Errorf("a changed paper passes: %s", out)
	}
}

// provedByHand follows the chain by the words of the package's README alone.
func provedByHand(t *testing.T, raw []byte) {
	t.Helper()
	var events []map[string]any
	if err := json.Unmarshal(raw, &events); err != nil || len(events) < 5 {
		t.Fatalf("%d events (%v)", len(events), err)
	}
	prev := ""
	for _, e := range events {
		at, err := time.Parse(time.RFC3339Nano, e["at"].(string))
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		for _, x := range []any{prev, e["application"], e["version"], at.UTC().Format(time.RFC3339Nano), e["actor"], e["action"], e["from"], e["to"], e["data_sha256"]} {
			fmt.Fprintf(h, "%v\n", x)
		}
		if sum := hex.EncodeToString(h.Sum(nil)); sum != e["hash"] || e["prev_hash"] != prev {
			t.Fatalf("event %v: by hand %s, it says %v", e["version"], sum, e["hash"])
		}
		prev = e["hash"].(string)
		data, err := json.Marshal(e["data"]) // on one line, its keys in order, < > & escaped
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != e["data_sha256"] {
			t.Fatalf("the data of event %v: %s", e["version"], data)
		}
	}
}

// manifest proves a package and gives its list.
func (v *school) manifest(raw []byte) dossier.Manifest {
	v.t.Helper()
	m, err := dossier.Verify(bytes.NewReader(raw), int64(len(raw)), nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return m
}

// TestArchiveDecisionTakesEveryWord: proposal, disclosure copy, messages, letters
// and mails of a refused case go with it by archive decision, and no column of the
// database holds them; before, neither the table nor a hold lets them go.
func TestArchiveDecisionTakesEveryWord(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	tag := v.call("officer", "GET", v.path, "").want(200).tag()
	v.call("officer", "POST", v.path+"/actions/message", `{"text":"Kvastfibula i posten?"}`, "If-Match", tag, "Idempotency-Key", "kvast-1").want(200)
	v.ranked()
	refused := `"outcome":"rejected","amount":0,"reasons":["R-QUAL"],"text":"Kvastfibula saknas.","conditions":[]`
	v.act("officer", v.path, "propose", "{"+refused+"}")
	v.file("officer", fmt.Sprintf("/cases/%d/proposal.pdf", v.id), "application/pdf")
	v.act("head", v.path, "decide", "{"+refused+`,"delegation_item":"3.1"}`)
	disclosure := fmt.Sprintf("/archive/cases/%d/disclosure", v.id)
	v.fill("registrar", disclosure, 303, "words", "Kvastfibula", "ground", "other", "reason", "Kvastfibula är hemligt.", "requester", "Kvastfibula AB", "do", "make")
	copyAt := fmt.Sprintf("/archive/cases/%d/disclosures/1/copy.zip", v.id)
	v.file("registrar", copyAt, "application/zip")
	v.at("2026-03-20T09:00:00+01:00")
	v.act("secretary", v.path, "record_notice", `{"posted_on":"2026-01-12"}`)
	v.act("officer", v.path, "close", "{}")
	for _, marker := range []string{"Kvastfibula", "Brahestad"} {
		if len(sqltest.Holding(t, v.url, marker)) < 4 {
			t.Fatalf("%s stands in too few places for this test: %v", marker, sqltest.Holding(t, v.url, marker))
		}
	}
	made, err := v.store.Disclosures(t.Context(), registrarOf(t, v), v.id)
	if err != nil || len(made) != 1 {
		t.Fatal(made, err)
	}

	rule := "/archive/retention/refused"
	decision := []string{"items", fmt.Sprint(v.id), "reference", "KS 2031/7", "sure", "1"}
	v.fill("registrar", rule, 409, decision...) // not due
	for _, statement := range []string{"DELETE FROM papers", "UPDATE papers SET body = ''", "UPDATE disclosures SET body = ''", "DELETE FROM disclosures"} {
		if err := sqltest.Exec(v.url, statement); err == nil {
			t.Errorf("%s: nothing stops it", statement)
		}
	}
	v.at("2031-06-01T09:00:00+02:00")
	v.fill("registrar", "/archive/holds", 303, "dnr", "IF 2026-0001", "reason", "Tvist om avslaget")
	v.fill("registrar", rule, 409, decision...) // held
	v.says(v.get("registrar", rule, 200), "Undantas: hålls kvar", "IF 2026-0001")
	v.file("registrar", "/papers/1", "application/pdf")
	v.fill("registrar", "/archive/holds/1", 303, "reason", "Domen har fått laga kraft.")
	v.fill("registrar", rule, 303, decision...)

	v.get("registrar", "/papers/1", 404)
	v.get("registrar", copyAt, 404)
	for _, marker := range []string{"Kvastfibula", "Brahestad", "Elin Marklund"} {
		left := sqltest.Holding(t, v.url, marker)
		left = slices.DeleteFunc(left, func(c string) bool { return c == "people.name" || c == "legal_holds.reason" }) // people have a rule of their own
		if len(left) > 0 {
			t.Errorf("%s still stands in %v", marker, left)
		}
	}
	m := v.manifest(v.file("registrar", fmt.Sprintf("/archive/cases/%d/package.zip", v.id), "application/zip"))
	if !slices.ContainsFunc(m.LeftOut, func(why string) bool {
		return strings.HasPrefix(why, "paper 1 (sha256 ") && strings.HasSuffix(why, "deleted by archive decision")
	}) {
		t.Errorf("the package does not say that the proposal is deleted: %q", m.LeftOut)
	}
	// That a copy was handed out, when and with which hash, stays.
	after, err := v.store.Disclosures(t.Context(), registrarOf(t, v), v.id)
	if err != nil || len(after) != 1 || after[0].SHA256 != made[0].SHA256 || !after[0].At.Equal(made[0].At) || len(after[0].Words) > 0 || after[0].Requester != "" {
		t.Errorf("the disclosure is %+v (%v)", after, err)
	}
	if a, err := v.store.VerifyAudit(t.Context()); err != nil || !a.OK {
		t.Errorf("audit %+v (%v)", a, err)
	}
	v.says(v.get("auditor", "/archive/retention", 200), "KS 2031/7", "Protokoll från sammanträden")
}
