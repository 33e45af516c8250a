package handlers

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"fund/jobs/letter/lettertest"
)

// TestCommitteeMeeting: a secretary calls a meeting, notes presence and conflict
// once, decides the case live, and gets minutes and a notice without names.
func TestCommitteeMeeting(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	v.act("head", v.path, "declare_interest", `{"conflict":true,"reason":"Släkt."}`) // so it goes up to the committee
	v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]}`)
	v.get("finance1", "/meetings", 403)
	v.says(v.post("secretary", "/meetings", 422, "body", "COMMITTEE", "date", "", "first_item", "58"), "Sammanträdesdag")
	v.post("secretary", "/meetings", 303, "body", "COMMITTEE", "date", "2026-01-10", "first_item", "58")
	v.post("secretary", "/meetings", 422, "body", "COMMITTEE", "date", "2026-01-10", "first_item", "58") // one a day
	v.says(v.get("secretary", "/meetings/1", 200), "§ 58", "Möte i Brahestad", "Inte behandlat")
	if text := v.get("head", "/meetings/1", 200); strings.Contains(text, "Brahestad") {
		t.Errorf("the head in conflict reads of the case: %s", text)
	}
	save := func(want int, pairs ...string) string {
		return v.post("secretary", "/meetings/1", want, append([]string{"version", "1", "do", "save", "date", "2026-01-10", "first_item", "58", "chair", "Ada Berg", "adjuster", "Bo Ek", "present", "Ada Berg\nBo Ek\nCia Dal"}, pairs...)...)
	}
	v.says(save(422, "conflicts.1.name", "Dan Al", "conflicts.1.application", "1"), "står bland de närvarande")
	save(303, "conflicts.1.name", "Cia Dal", "conflicts.1.application", "1")
	save(409) // another has saved since
	at := "/decisions/1"
	page := v.markup("secretary", httptest.NewRequest(http.MethodGet, at+"?meeting=1", nil), 200)
	v.says(pageText(t, page), "§ 58", "Ada Berg Bo Ek", "Cia Dal")
	seen := regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(page)[1]
	v.post("secretary", at, 303, "seen", seen, "do", "decide", "from_meeting", "1", "outcome", "granted", "amount", "30 000", "text", "Bra utbyte.",
		"meeting.date", "2026-01-10", "meeting.item_no", "§ 58", "meeting.present", "Ada Berg\nBo Ek", "meeting.conflicted", "Cia Dal")
	d := v.call("officer", http.MethodGet, v.path, "").want(200).body["decision"].(map[string]any)
	if d["body"] != "COMMITTEE" {
		t.Errorf("decision %v", d)
	}
	req := httptest.NewRequest(http.MethodGet, "/meetings/1/minutes.txt", nil)
	minutes := v.markup("secretary", req, 200)
	for _, want := range []string{"§ 58 Möte i Brahestad", "deltar inte i handläggningen: Cia Dal", "beslutar: bifall", "§ 59 Anmälan av delegationsbeslut", "Ada Berg"} {
		if !strings.Contains(strings.ReplaceAll(minutes, "\u00a0", " "), want) {
			t.Errorf("minutes lack %q:\n%s", want, minutes)
		}
	}
	html := v.markup("secretary", httptest.NewRequest(http.MethodGet, "/meetings/1", nil), 200)
	board := regexp.MustCompile(`(?s)<pre[^>]*>(.*?)</pre>`).FindStringSubmatch(html)[1]
	if !strings.Contains(board, "IF 2026-0001") {
		t.Errorf("the notice names no case: %s", board)
	}
	for _, name := range []string{"Ada", "Cia", "Brahestad", "Marklund", "Holmlund"} {
		if strings.Contains(board, name) {
			t.Errorf("the notice names %s: %s", name, board)
		}
	}
	v.post("secretary", "/meetings/1/notice", 422, "posted_on", "2026-01-09")
	v.post("secretary", "/meetings/1/notice", 303, "posted_on", "2026-01-10")
	v.says(v.get("secretary", "/meetings/1", 200), "Anslag är antecknat", "Bifall")
	for _, pdf := range []string{"/meetings/1/minutes.pdf", "/cases/1/proposal.pdf"} {
		if _, faults := lettertest.Check(v.file("secretary", pdf, "application/pdf")); len(faults) > 0 {
			t.Errorf("%s: %s", pdf, strings.Join(faults, "\n"))
		}
	}
	v.paperStays()
}

// paperStays: what was on the table is given word for word, whatever happens with
// the case afterwards; minutes confirmed anew in other words stand beside the old.
func (v *school) paperStays() {
	t := v.t
	before := v.file("secretary", "/papers/1", "application/pdf")
	if got := v.file("officer", "/cases/1/proposal.pdf", "application/pdf"); !bytes.Equal(got, before) {
		t.Error("the proposal is another than the one that was kept when it was made")
	}
	v.get("head", "/papers/1", 404) // in conflict
	v.get("teacher", "/papers/1", 403)
	save := func(version, chair string) {
		v.post("secretary", "/meetings/1", 303, "version", version, "do", "save", "date", "2026-01-10", "first_item", "58", "chair", chair, "adjuster", "Bo Ek", "present", chair+"\nBo Ek\nCia Dal", "approved_on", "2026-01-10", "conflicts.1.name", "Cia Dal", "conflicts.1.application", "1")
	}
	save("2", "Ada Berg")
	minutes := v.file("secretary", "/meetings/1/minutes.pdf", "application/pdf")
	save("3", "Ada Berg") // the same words: nothing new is kept
	if got := v.file("registrar", "/papers/2", "application/pdf"); !bytes.Equal(got, minutes) {
		t.Error("the minutes are others than those that were kept")
	}
	v.get("secretary", "/papers/3", 404)
	save("4", "Ada Bergh")
	v.says(v.get("secretary", "/meetings/1", 200), "Ersätter den som sparades", "Som det låg på bordet")
	if got := v.file("secretary", "/papers/2", "application/pdf"); !bytes.Equal(got, minutes) {
		t.Error("the first minutes were changed")
	}
	if got := v.file("secretary", "/meetings/1/minutes.pdf", "application/pdf"); bytes.Equal(got, minutes) {
		t.Error("the newest minutes are not given")
	}
	v.get("head", "/papers/2", 404)
	if text := v.get("head", "/meetings/1", 200); strings.Contains(text, "Som det låg på bordet") {
		t.Error("the head in conflict is led to the whole minutes")
	}
}

// TestDelegatedDecisionsAreReported: what the head decides stands in the next committee meeting's minutes.
func TestDelegatedDecisionsAreReported(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.post("secretary", "/meetings", 303, "body", "COMMITTEE", "date", "2026-02-10", "first_item", "1")
	minutes := v.markup("secretary", httptest.NewRequest(http.MethodGet, "/meetings/1/minutes.txt", nil), 200)
	if !strings.Contains(minutes, "IF 2026-0001, Baldergymnasiet: bifall") || !strings.Contains(minutes, "3.1") {
		t.Errorf("minutes:\n%s", minutes)
	}
	v.post("secretary", "/meetings", 303, "body", "COMMITTEE", "date", "2026-03-10", "first_item", "1")
	if minutes := v.markup("secretary", httptest.NewRequest(http.MethodGet, "/meetings/2/minutes.txt", nil), 200); strings.Contains(minutes, "IF 2026-0001") {
		t.Errorf("reported twice:\n%s", minutes)
	}
}
