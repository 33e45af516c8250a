package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"fund/jobs/letter/lettertest"
	"fund/workflow"
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
	v.says(pageText(t, page), "§ 58", "Ada Berg Bo Ek", "Cia Dal", "Chefen har jäv i ärendet")
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
	const copyIt = "anteckna dagen här"
	v.says(v.get("secretary", "/meetings/1", 200), copyIt)
	if page := v.get("head", "/meetings/1", 200); strings.Contains(page, copyIt) {
		t.Error("who doesn't record the notice is asked to")
	}
	v.post("secretary", "/meetings/1/notice", 422, "posted_on", "2026-01-09")
	v.post("secretary", "/meetings/1/notice", 303, "posted_on", "2026-01-10")
	page = v.get("secretary", "/meetings/1", 200)
	v.says(page, "Anslag är antecknat", "Bifall", "Anslaget sätts upp: 10 januari 2026", "Sista dag att överklaga: 31 januari 2026", "tas ner tidigast: 1 februari 2026")
	if strings.Contains(page, copyIt) {
		t.Error("a notice that is posted is asked for again")
	}
	for _, pdf := range []string{"/meetings/1/minutes.pdf", "/cases/1/proposal.pdf"} {
		if _, faults := lettertest.Check(v.file("secretary", pdf, "application/pdf")); len(faults) > 0 {
			t.Errorf("%s: %s", pdf, strings.Join(faults, "\n"))
		}
	}
	v.post("secretary", "/meetings", 303, "body", "COMMITTEE", "date", "2026-02-10", "first_item", "3")
	early := v.markup("secretary", httptest.NewRequest(http.MethodGet, "/meetings/3", nil), 200)
	if v.says(pageText(t, early), "Sammanträdet har inte varit än"); strings.Contains(early, "<pre") || strings.Contains(early, "posted_on") {
		t.Error("a meeting to come has a notice already")
	}
	v.says(v.post("secretary", "/meetings/3/notice", 422, "posted_on", "2026-01-12"), "efter sammanträdet")
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

// TestMeetingRecordsMoreThanDecisions: reservations, a case sent back and the
// chair's urgent decision come into the minutes, where they happened.
func TestMeetingRecordsMoreThanDecisions(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	v.act("head", v.path, "declare_interest", `{"conflict":true,"reason":"Släkt."}`) // so it goes up to the committee
	propose := func() {
		v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[{"text":"Visa planen","due_on":"2026-06-30"}]}`)
	}
	propose()
	v.post("secretary", "/meetings", 303, "body", "COMMITTEE", "date", "2026-01-10", "first_item", "58")
	meeting := []string{"do", "save", "date", "2026-01-10", "first_item", "58", "chair", "Ada Berg", "present", "Ada Berg\nBo Ek"}
	v.says(v.get("secretary", "/meetings/1", 200), "Skriv vilka som är närvarande innan ni börjar")

	// Leading on to a case saves what was typed; an old page loses nothing.
	to := v.where("secretary", v.formOf("secretary", "/meetings/1", append(meeting, "version", "1", "do", "take:1")...), 303)
	if to != "/decisions/1?meeting=1" {
		t.Errorf("led to %s", to)
	}
	stale := append(meeting, "version", "1", "present", "Cia Dal")
	v.says(v.post("secretary", "/meetings/1", 409, stale...), "Någon annan har sparat", "Ada Berg, Bo Ek", "Cia Dal")

	// Sent back from the meeting, and proposed anew.
	v.says(v.get("secretary", "/do/1/remit_back?meeting=1", 200), "Sammanträdet som återremitterar")
	back := []string{"from_meeting", "1", "meeting_date", "2026-01-10", "reason", "Vad kostar svarsbesöket?"}
	if to := v.where("secretary", v.formOf("secretary", "/do/1/remit_back", append(back, "version", v.hidden("secretary", "/do/1/remit_back?meeting=1", "version"))...), 303); to != "/meetings/1" {
		t.Errorf("after sending back: %s", to)
	}
	v.says(v.get("secretary", "/meetings/1", 200), "Återremitterat")
	why := "Skäl: Vad kostar svarsbesöket?"
	v.says(v.get("officer", "/cases/1", 200), "Förslaget återremitterades 10 januari. "+why, "återremitterade. "+why)
	v.post("secretary", "/do/1/take_back", 303, "reason", "Fel paragraf.")
	text := v.get("officer", "/cases/1", 200)
	v.says(text, "tog tillbaka senaste steget. Det som togs tillbaka: återremitterade. Skäl: Fel paragraf.")
	if strings.Contains(text, "Förslaget återremitterades") {
		t.Error("Förslaget återremitterades is still told")
	}
	v.act("secretary", v.path, "remit_back", `{"reason":"Vad kostar svarsbesöket?","meeting_date":"2026-01-09"}`)
	v.says(v.get("officer", "/cases/1", 200), "Förslaget återremitterades 9 januari")
	v.post("secretary", "/do/1/take_back", 303, "reason", "Fel dag.")
	v.act("secretary", v.path, "remit_back", `{"reason":"Vad kostar svarsbesöket?","meeting_date":"2026-01-10"}`)
	v.act("officer", v.path, "rule_eligibility", `{"eligible":true,"rulings":[]}`)
	v.act("officer", v.path, "rank", `{}`)
	v.says(v.get("officer", "/cases/1", 200), "Förslaget återremitterades")
	propose()
	if strings.Contains(v.get("officer", "/cases/1", 200), "Förslaget återremitterades") {
		t.Error("Förslaget återremitterades is still told")
	}
	if strings.Contains(v.get("teacher", "/applications/1", 200), "svarsbesöket?") {
		t.Error("svarsbesöket? is still told")
	}
	if minutes := v.text("secretary", "/meetings/1/minutes.txt"); !strings.Contains(minutes, "återremitteras. Skäl: Vad kostar svarsbesöket?") {
		t.Errorf("minutes:\n%s", minutes)
	}

	// The chair decides alone; the next meeting hears of it.
	at := "/decisions/1"
	v.says(v.get("secretary", at, 200), "Brådskande: ordföranden beslutar")
	urgent := []string{"how", "urgent", "outcome", "granted", "amount", "30 000", "text", "Bra utbyte.", "meeting.date", "2026-01-10", "conditions.1.text", "Visa planen", "conditions.1.due_on", "2026-06-30"}
	v.says(v.post("secretary", at, 422, append(urgent, "do", "decide", "seen", v.hidden("secretary", at+"?how=urgent", "seen"))...), "Ordförandens namn: Fyll i det här", "Varför ärendet inte kan vänta: Fyll i det här")
	urgent = append(urgent, "meeting.urgent.chair", "Ada Berg", "meeting.urgent.reason", "Biljetterna måste köpas i dag")
	page := v.markup("secretary", v.formOf("secretary", at, append(urgent, "do", "preview")...), 200)
	v.says(pageText(t, page), "genom ordföranden, Ada Berg", "Biljetterna måste köpas i dag. Beslutet anmäls på nästa sammanträde.", "Visa planen. Senast 30 juni 2026.")
	v.post("secretary", at, 303, append(urgent, "do", "decide", "seen", regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(page)[1])...)
	if minutes := v.text("secretary", "/meetings/1/minutes.txt"); strings.Contains(minutes, "beslutar: bifall") || strings.Contains(minutes, "Brådskande") {
		t.Errorf("the chair's decision stands as the meeting's:\n%s", minutes)
	}
	v.post("secretary", "/meetings", 303, "body", "COMMITTEE", "date", "2026-01-24", "first_item", "70")
	if minutes := v.text("secretary", "/meetings/2/minutes.txt"); !strings.Contains(minutes, "Brådskande beslut av ordföranden") || !strings.Contains(minutes, "Ada Berg") {
		t.Errorf("the next meeting is not told:\n%s", minutes)
	}
	v.post("secretary", "/meetings", 303, "body", "BOARD", "date", "2026-01-24", "first_item", "90")
	if minutes := v.text("secretary", "/meetings/3/minutes.txt"); strings.Contains(minutes, "Anmälan") {
		t.Errorf("the board is told of the committee's:\n%s", minutes)
	}
}

// TestMeetingHoldsItsLetters: what the meeting decides after the word is told to
// nobody until it is released; reservations stand in the minutes; the same
// decision pressed twice is no fault, another one loses nothing that was typed.
func TestMeetingHoldsItsLetters(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	v.act("head", v.path, "declare_interest", `{"conflict":true,"reason":"Släkt."}`)
	v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]}`)
	v.post("secretary", "/meetings", 303, "body", "COMMITTEE", "date", "2026-01-10", "first_item", "58")
	at := "/letters?meeting=1"
	v.says(v.get("officer", at, 200), "går med beslutet", "Håll sammanträdets brev")
	v.get("officer", "/letters?meeting=9", 404)
	v.post("auditor", "/letters", 403, "meeting", "1", "do", "hold", "reason", "x")
	v.says(v.post("secretary", "/letters", 422, "meeting", "1", "do", "hold", "reason", " "), "Fyll i det här")
	v.post("secretary", "/letters", 303, "meeting", "1", "do", "hold", "reason", "Protokollet ska justeras först.")
	v.says(v.get("secretary", at, 200), "ska vänta", "Protokollet ska justeras först.")
	v.says(v.get("secretary", "/meetings/1", 200), "Breven om det som beslutas här hålls kvar")

	page := v.markup("secretary", httptest.NewRequest(http.MethodGet, "/decisions/1?meeting=1", nil), 200)
	v.says(pageText(t, page), "Brevet hålls kvar när du fattar beslutet", "§ 58 IF 2026-0001")
	seen := regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(page)[1]
	body := []string{"version", v.hidden("secretary", "/decisions/1?meeting=1", "version"), "seen", seen, "do", "decide", "from_meeting", "1", "outcome", "granted", "amount", "30 000", "text", "Bra utbyte.", "meeting.date", "2026-01-10", "meeting.item_no", "§ 58"}
	v.says(v.post("secretary", "/decisions/1", 422, body...), "Skriv vilka som var närvarande")
	body = append(body, "meeting.present", "Ada Berg\nBo Ek", "meeting.reservations", "Bo Ek ville avslå ansökan.") // neither stands in the letter
	for range 2 {
		if to := v.where("secretary", v.formOf("secretary", "/decisions/1", body...), 303); to != "/meetings/1" {
			t.Errorf("after the decision: %s", to)
		}
	}
	v.says(v.post("secretary", "/decisions/1", 409, append(body, "text", "Andra ord.")...), "Förslaget är inte kvar", "Bifall, 30 000 kr", "Andra ord.")
	if minutes := v.text("secretary", "/meetings/1/minutes.txt"); !strings.Contains(minutes, "Reservation: Bo Ek ville avslå ansökan.") {
		t.Errorf("minutes:\n%s", minutes)
	}
	if got := v.call("teacher", "GET", v.path, "").want(200).body["state"]; got != "proposed" {
		t.Errorf("the teacher knows: %v", got)
	}
	v.says(v.get("secretary", at, 200), "väntar", "Släpp ett brev")
	v.post("secretary", "/letters", 303, "meeting", "1", "do", "release")
	v.says(v.get("secretary", at, 200), "har gått")
	if got := v.call("teacher", "GET", v.path, "").want(200).body["state"]; got != "decided" {
		t.Errorf("the teacher doesn't know: %v", got)
	}
	v.post("secretary", "/letters", 303, "meeting", "1", "do", "send")
	if text := v.get("secretary", "/meetings/1", 200); strings.Contains(text, "hålls kvar.") {
		t.Error("still held")
	}
}

// where is send for a form that leads on: the address that it leads to.
func (v *school) where(who string, req *http.Request, want int) string {
	v.t.Helper()
	v.get(who, "/tasks", 200) // signs in
	req.AddCookie(&http.Cookie{Name: sessionCookie, Value: v.cookies[who]})
	w := httptest.NewRecorder()
	v.pages.ServeHTTP(w, req)
	if w.Code != want {
		v.t.Fatalf("%s %s as %s: got %d, want %d: %s", req.Method, req.URL, who, w.Code, want, pageText(v.t, w.Body.String()))
	}
	return w.Header().Get("Location")
}

// text is a page of plain text, with plain spaces.
func (v *school) text(who, path string) string {
	v.t.Helper()
	return strings.ReplaceAll(v.markup(who, httptest.NewRequest(http.MethodGet, path, nil), 200), "\u00a0", " ")
}

// TestAllFaultsOfAFormAreToldAtOnce: a day that can't be read hides neither a missing reason nor a missing answer.
func TestAllFaultsOfAFormAreToldAtOnce(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	v.act("head", v.path, "declare_interest", `{"conflict":true,"reason":"Släkt."}`)
	v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]}`)
	both := func(page string, wants ...string) {
		t.Helper()
		v.says(page, append(wants, "Skriv en dag som finns")...)
	}
	both(v.post("secretary", "/do/1/remit_back", 422, "reason", " ", "meeting_date", "snart"), "Skäl: Fyll i det här")
	both(v.post("secretary", "/decisions/1", 422, "do", "decide", "outcome", "granted", "amount", "30 000", "text", "Bra.", "meeting.date", "snart", "meeting.present", "Ada Berg"), "Paragraf: ")
	unseen := v.post("secretary", "/decisions/1", 422, "do", "decide", "outcome", "granted", "amount", "30 000", "text", "Bra.", "meeting.date", "2026-01-10", "meeting.present", "Ada Berg")
	v.says(unseen, "Paragraf: Fyll i det här")
	over := v.post("secretary", "/decisions/1", 422, "do", "decide", "outcome", "granted", "amount", "9 000 000", "text", "Bra.")
	v.says(over, "mer än omgången har kvar", "Det här ärendet, så mycket som ryms") // the bar shows no more than the round has
	if strings.Contains(unseen, "så mycket som ryms") {
		t.Error("a sum that fits is called one that doesn't")
	}
	if strings.Contains(unseen, "Brevet har ändrats") {
		t.Error("the letter is to be read again before the fault is told")
	}
	both(v.post("secretary", "/meetings", 422, "body", "COMMITTEE", "date", "snart", "first_item", "0"), "Första paragraf: Skriv ett nummer från 1 och uppåt")
}

// TestAnotherCasesParagraphIsRefused: a paragraph typed by hand may be that of another case on the meeting's agenda.
func TestAnotherCasesParagraphIsRefused(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	v.act("head", v.path, "declare_interest", `{"conflict":true,"reason":"Släkt."}`)
	proposal := `"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]`
	v.act("officer", v.path, "propose", "{"+proposal+"}")
	day := workflow.NewDate(2026, time.January, 10)
	m := workflow.Sitting{Body: workflow.Committee, Day: day, FirstItem: 58, Agenda: []int64{999, v.id}}
	if _, err := v.store.NewSitting(t.Context(), v.actor("secretary"), m); err != nil {
		t.Fatal(err)
	}
	decide := func(item string) reply {
		tag := v.call("secretary", http.MethodGet, v.path, "").want(200).tag()
		return v.call("secretary", http.MethodPost, v.path+"/actions/decide", "{"+proposal+`,"meeting":{"date":"2026-01-10","item_no":"`+item+`","present":["Ada Berg"],"conflicted":[]}}`, "If-Match", tag)
	}
	if got := string(decide("58").want(422).raw); !strings.Contains(got, "meeting.item_no") || !strings.Contains(got, "§ 58 har ett annat ärende") {
		t.Errorf("refused with %s", got)
	}
	decide("§ 59").want(200)
}

// TestPresenceIsTypedOnce: who took part in the meeting's first decision stands in the meeting, and in the form of the next case.
func TestPresenceIsTypedOnce(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	v.act("head", v.path, "declare_interest", `{"conflict":true,"reason":"Släkt."}`)
	v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]}`)
	v.post("secretary", "/meetings", 303, "body", "COMMITTEE", "date", "2026-01-10", "first_item", "58")
	// Opened without the meeting, the page finds the one that has the case.
	page := v.markup("secretary", httptest.NewRequest(http.MethodGet, "/decisions/1", nil), 200)
	seen := regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(page)[1]
	if !strings.Contains(page, `value="§ 58"`) {
		t.Error("the page does not know the meeting's paragraph")
	}
	v.post("secretary", "/decisions/1", 303, "seen", seen, "do", "decide", "outcome", "granted", "amount", "30 000", "text", "Bra utbyte.",
		"meeting.date", "2026-01-10", "meeting.item_no", "§ 58", "meeting.present", "Ada Berg\nBo Ek", "meeting.conflicted", "Cia Dal")
	m, err := v.store.Sitting(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(m.Present, ","); got != "Ada Berg,Bo Ek,Cia Dal" || len(m.Conflicts) != 1 || m.Conflicts[0].Name != "Cia Dal" {
		t.Errorf("the meeting knows of %s and %+v", got, m.Conflicts)
	}
	if got := strings.Join(m.Meeting(2).Present, ","); got != "Ada Berg,Bo Ek,Cia Dal" {
		t.Errorf("the next case begins with %s", got)
	}
}

// TestDelegatedDecisionIsReportedOnce: to the next meeting that takes place, however long it takes, and to no other.
func TestDelegatedDecisionIsReportedOnce(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	secretary := v.actor("secretary")
	call := func(day workflow.Date, present ...string) workflow.Sitting {
		m, err := v.store.NewSitting(t.Context(), secretary, workflow.Sitting{Body: workflow.Committee, Day: day, FirstItem: 1, Present: present})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	reported := func(m workflow.Sitting) int {
		rows, err := v.store.Delegated(t.Context(), secretary, m)
		if err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	late := call(workflow.NewDate(2028, time.March, 1))
	if got := reported(late); got != 1 {
		t.Errorf("the first meeting, two years later, is told of %d decisions", got)
	}
	soon := call(workflow.NewDate(2026, time.January, 20))
	if a, b := reported(soon), reported(late); a != 1 || b != 0 {
		t.Errorf("with one to come before it, the two are told of %d and %d", a, b)
	}
	told := []string{"Ingen är antecknad som närvarande", "Ställdes det in"}
	page, next := fmt.Sprintf("/meetings/%d", soon.ID), fmt.Sprintf("/meetings/%d", late.ID)
	silent := func(page string, words ...string) {
		t.Helper()
		for _, w := range words {
			if strings.Contains(page, w) {
				t.Errorf("the page says %s", w)
			}
		}
	}
	silent(v.get("secretary", page, 200), told...)
	silent(v.get("secretary", next, 200), "Ett sammanträde har passerat")
	v.at("2026-02-01T10:00:00+01:00") // nobody came
	v.says(v.get("secretary", page, 200), told...)
	v.says(v.get("secretary", "/meetings", 200), "Ingen närvaro antecknad")
	v.says(v.get("secretary", next, 200), "Ett sammanträde har passerat utan att någon är antecknad", "20 januari 2026")
	silent(v.get("secretary", "/meetings", 200), "Hållet")
	silent(v.get("head", page, 200), "Ställdes det in", "Till närvaron") // it isn't theirs to write
	if got := reported(late); got != 1 {
		t.Errorf("after a meeting that was called off the next is told of %d", got)
	}
	soon.Present = []string{"Ada Berg"}
	if err := v.store.SaveSitting(t.Context(), secretary, soon); err != nil {
		t.Fatal(err)
	}
	v.says(v.get("secretary", "/meetings", 200), "Hållet")
	silent(v.get("secretary", page, 200), told...)
	silent(v.get("secretary", next, 200), "Ett sammanträde har passerat")
	if a, b := reported(soon), reported(late); a != 1 || b != 0 {
		t.Errorf("after one that was held, the two are told of %d and %d", a, b)
	}
}

// TestACalledOffMeetingKeepsNoCase: its page tells how its cases come to the next one, and there they are.
func TestACalledOffMeetingKeepsNoCase(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	v.act("head", v.path, "declare_interest", `{"conflict":true,"reason":"Släkt."}`)
	v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]}`)
	v.post("secretary", "/meetings", 303, "body", "COMMITTEE", "date", "2026-01-20", "first_item", "58")
	v.at("2026-01-25T10:00:00+01:00")
	page := v.get("secretary", "/meetings/1", 200)
	v.says(page, "Ingen är antecknad som närvarande", "utlyser du ett nytt, och ärendena som väntar kommer med där")
	if strings.Contains(page, "behöver du inte göra något") {
		t.Error("a case waits, and nothing is to be done")
	}
	v.post("secretary", "/meetings", 303, "body", "COMMITTEE", "date", "2026-02-20", "first_item", "70")
	v.says(v.get("secretary", "/meetings/2", 200), "§ 70", "Möte i Brahestad")
}
