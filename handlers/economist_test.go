package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const aReport = `{"pupils":20,"staff":2,"start":"2026-09-07","end":"2026-09-12","actual":[{"line":1,"amount":30000,"voucher":"V 12"}],"external_grants_received":0,"texts":{"summary":"HEMLIG resa","fund_named":"Ja."},"publish":true}`

// TestEconomistApprovesTheReportsMoney walks the economist from the mail to the
// approval: they find the report, read its money and nothing else, and approve it.
func TestEconomistApprovesTheReportsMoney(t *testing.T) {
	t.Parallel()
	v := newSchool(t).reported()
	v.get("economist", "/reports", http.StatusOK)
	if w := v.raw("economist", http.MethodGet, v.report(), ""); w.Code != http.StatusNotFound {
		t.Errorf("before the report: %d", w.Code)
	}
	v.act("teacher", v.path, "submit_report", aReport)
	title := fmt.Sprint(v.call("officer", http.MethodGet, v.path, "").want(200).at("title"))
	v.says(v.get("economist", "/reports", http.StatusOK), title)
	v.says(v.get("economist", "/tasks", http.StatusOK), title)
	for _, page := range []string{v.report(), fmt.Sprintf("/approve/%d", v.id), v.path + "/settlement"} {
		body := v.get("economist", page, http.StatusOK)
		if strings.Contains(body, "HEMLIG") {
			t.Errorf("%s shows what the school wrote", page)
		}
	}
	v.says(v.get("economist", v.report(), http.StatusOK), "V 12", "30 000")
	// Who finds something wrong can say so: the office alone sends a report back.
	v.says(v.get("economist", fmt.Sprintf("/approve/%d", v.id), http.StatusOK), "verifikat V 12", "Stämmer något inte?", "internationella.fonden@example.org")
	v.says(v.get("principal", fmt.Sprintf("/approve/%d", v.id), http.StatusOK), "Skriv till oss i ärendet")
	if html := v.raw("principal", http.MethodGet, fmt.Sprintf("/approve/%d", v.id), "").Body.String(); !strings.Contains(html, fmt.Sprintf(`href="/cases/%d/messages"`, v.id)) {
		t.Error("the principal is not led to write to the office")
	}
	for _, api := range []string{"", "/events", "/versions", "/mails"} {
		if got := fmt.Sprint(v.call("economist", http.MethodGet, v.path+api, "").want(200).body); strings.Contains(got, "HEMLIG") || api != "" && got != "map[items:[]]" {
			t.Errorf("%s tells the economist %s", api, got)
		}
	}
	v.call("economist", http.MethodGet, v.path+"/versions/1", "").want(404)
	v.call("economist", http.MethodPost, v.path+"/actions/accept_report", "{}", "If-Match", v.call("economist", http.MethodGet, v.path, "").tag()).want(403)
	v.post("economist", fmt.Sprintf("/approve/%d", v.id), http.StatusSeeOther, "statement", "Stämmer med huvudboken.", "do", "approve")
	v.call("officer", http.MethodGet, v.path, "").has("report.approval.role", "economist").has("report.approval.by", "economist@example.org")
	v.says(v.get("officer", v.report(), http.StatusOK), "skolans ekonom, godkände", "Stämmer med huvudboken.")
	v.act("officer", v.path, "accept_report", "{}").has("state", "report_accepted")
	v.says(v.get("economist", "/reports", http.StatusOK), title)
	v.get("economist", fmt.Sprintf("/approve/%d", v.id), http.StatusSeeOther) // it would show a form without what they may not read
}

// TestPrincipalNamesTheEconomist: for their own school alone, with a log and a mail, and takes the right away again.
func TestPrincipalNamesTheEconomist(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.says(v.get("principal", "/economists", http.StatusOK), "Ulrika Norberg")
	v.says(v.get("principal.kageskolan", "/economists", http.StatusOK), "Skolan har ingen ekonom här")
	if w := v.raw("teacher", http.MethodGet, "/economists", ""); w.Code != http.StatusForbidden {
		t.Errorf("a teacher: %d", w.Code)
	}
	kage := "principal.kageskolan"
	post := func(want int, form string) string {
		t.Helper()
		w := v.raw(kage, http.MethodPost, "/economists", form)
		if w.Code != want {
			t.Fatalf("%s: %d", form, w.Code)
		}
		return pageText(t, w.Body.String())
	}
	p, err := v.store.PersonByEmail(t.Context(), kage+"@example.org")
	if err != nil {
		t.Fatal(err)
	}
	at := fmt.Sprintf("&school=%d", p.Roles[0].School)
	v.says(post(422, "email=x"+at), "Skriv en e-postadress")
	v.says(post(422, "email=ny.ekonom@example.org"+at), "Fyll i det här")
	v.says(post(422, "email=officer@example.org"+at), "arbetar med fonden")
	post(303, "email=Ny.Ekonom@example.org&name=Nina+Ny"+at)
	v.says(v.get(kage, "/economists", http.StatusOK), "Nina Ny", "ny.ekonom@example.org", "Fick rätten av Rektor, Kågeskolan")
	v.says(post(422, "email=ny.ekonom@example.org"+at), "redan skolans ekonom")
	v.says(v.raw("officer", http.MethodGet, "/rehearsal/mail?to=ny.ekonom@example.org", "").Body.String(), "godkänna slutrapporter för Kågeskolan")
	if p, err = v.store.PersonByEmail(t.Context(), "ny.ekonom@example.org"); err != nil {
		t.Fatal(err)
	}
	drop := fmt.Sprintf("%d.%d", p.Roles[0].School, p.ID)
	if w := v.raw("principal", http.MethodPost, "/economists", "drop="+drop); w.Code != http.StatusForbidden {
		t.Errorf("another school's principal takes it away: %d", w.Code)
	}
	if w := v.raw("principal", http.MethodPost, "/economists", "email=a@example.org&name=A"+at); w.Code != http.StatusForbidden {
		t.Errorf("another school's principal gives it: %d", w.Code)
	}
	post(303, "drop="+drop)
	v.says(v.get(kage, "/economists", http.StatusOK), "Skolan har ingen ekonom här")
}
