package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestChangeSaysByWhen: alone within the promised days, a body at its next sitting, and honestly where none is planned.
func TestChangeSaysByWhen(t *testing.T) {
	t.Parallel()
	rules := workflow.Rules{ChangeAnswerDays: 5}
	asked, sits := workflow.NewDate(2026, 10, 30), map[string]workflow.Date{workflow.Committee: workflow.NewDate(2026, 11, 10)} // a Friday
	for level, want := range map[string]string{workflow.ByItself: "6\u00a0november", workflow.Delegate: "6\u00a0november", workflow.Committee: "10\u00a0november", workflow.Board: "inte bestämd"} {
		if got := changeByWords(lang.SV, rules, level, asked, sits); !strings.Contains(got, want) {
			t.Errorf("%s: %q has no %s", level, got, want)
		}
	}
	rules.ChangeAnswerDays = 1
	if got := changeByWords(lang.SV, rules, workflow.ByItself, asked, nil); !strings.Contains(got, "2\u00a0november") {
		t.Errorf("a round that promises one day says %q", got)
	}
}

// TestAChangeOfAnotherLevelSaysWhoDecides: the officer reads who decides a big change,
// beside what is to change, and is given no form; who decides it is.
func TestAChangeOfAnotherLevelSaysWhoDecides(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.act("teacher", v.path, "accept_conditions", "{}")
	v.post("teacher", v.path+"/change", 303, "type", "dates", "proposed.activity.start", "2026-11-16", "proposed.activity.end", "2026-11-21", "cause", "outside", "reason", "Partnerskolans prov.")
	do := fmt.Sprintf("/do/%d/decide_change", v.id)
	v.says(v.get("officer", do, 200), "Chefen för Internationella enheten fattar det här beslutet.", "Partnerskolans prov.")
	for who, want := range map[string]bool{"officer": false, "head": true} {
		if got := strings.Contains(v.raw(who, http.MethodGet, do, "").Body.String(), `action="`+do+`"`); got != want {
			t.Errorf("%s is given the form: %v, want %v", who, got, want)
		}
	}
}

// TestAMeetingAnswersAChange: where the committee decides, its secretary is asked for the meeting as of any decision of
// the committee; page, API, letter and minutes say it. Who decides alone is asked for none, and refused one.
func TestAMeetingAnswersAChange(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	v.act("head", v.path, "declare_interest", `{"conflict":true,"reason":"Släkt."}`) // so it goes up to the committee
	words := `"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]`
	v.act("officer", v.path, "propose", "{"+words+"}")
	v.post("secretary", "/meetings", 303, "body", "COMMITTEE", "date", "2026-01-10", "first_item", "58")
	v.post("secretary", "/meetings/1", 303, "version", "1", "do", "save", "date", "2026-01-10", "first_item", "58", "chair", "Ada Berg", "adjuster", "Bo Ek", "present", "Ada Berg\nBo Ek\nCia Dal")
	v.act("secretary", v.path, "decide", "{"+words+`,"meeting":{"date":"2026-01-10","item_no":"§ 58","present":["Ada Berg"],"conflicted":[]}}`)
	v.act("teacher", v.path, "accept_conditions", "{}")
	change := func(first, last string) {
		v.post("teacher", v.path+"/change", 303, "type", "dates", "proposed.activity.start", first, "proposed.activity.end", last, "cause", "outside", "reason", "Partnerskolans prov.")
	}
	change("2026-09-08", "2026-09-13")
	v.says(v.get("officer", "/decisions", 200), "Möte i Brahestad", "Handläggaren") // the committee's grant, and not its change
	do := fmt.Sprintf("/do/%d/decide_change", v.id)
	if text := v.get("officer", do, 200); strings.Contains(text, "Sammanträdets datum") {
		t.Error("the officer is asked for a meeting")
	}
	tag := v.call("officer", http.MethodGet, v.path, "").tag()
	v.call("officer", http.MethodPost, v.path+"/actions/decide_change", `{"outcome":"approved","reason":"Går bra.","meeting":{"date":"2026-01-10","item_no":"59"}}`, "If-Match", tag).want(422)
	v.act("officer", v.path, "decide_change", `{"outcome":"approved","reason":"Går bra."}`)
	change("2026-11-16", "2026-11-21")
	v.says(v.get("secretary", do, 200), "Sammanträdets datum", "Ada Berg Bo Ek Cia Dal")
	if page := v.raw("secretary", http.MethodGet, do, "").Body.String(); !strings.Contains(page, `value="§ 59"`) {
		t.Error("the paragraph after the agenda is not filled in")
	}
	v.says(v.post("secretary", do, 422, "outcome", "approved", "reason", "Nya dagar ryms."), "Skriv vilka som var närvarande")
	v.post("secretary", do, 303, "outcome", "approved", "reason", "Nya dagar ryms.", "meeting.date", "2026-01-10", "meeting.item_no", "59", "meeting.present", "Ada Berg\nBo Ek", "meeting.conflicted", "Cia Dal", "meeting.reservations", "Bo Ek vill avslå.")
	x := v.call("officer", http.MethodGet, v.path, "").want(200).body["changes"].([]any)
	if m, ok := x[1].(map[string]any)["meeting"].(map[string]any); !ok || m["item_no"] != "59" || x[0].(map[string]any)["meeting"] != nil {
		t.Errorf("changes %v", x)
	}
	v.says(v.get("officer", v.office(), 200), "§ 59")
	minutes := strings.ReplaceAll(v.raw("secretary", http.MethodGet, "/meetings/1/minutes.txt", "").Body.String(), "\u00a0", " ")
	for _, want := range []string{"§ 59 Möte i Brahestad", "handläggningen: Cia Dal", "beslutar: ändringen godkänns", "Nya dagar ryms.", "Bo Ek vill avslå.", "§ 60 Anmälan av delegationsbeslut"} {
		if !strings.Contains(minutes, want) {
			t.Errorf("the minutes lack %q:\n%s", want, minutes)
		}
	}
	v.noticeOfChange()
	v.lateCase()
}

// noticeOfChange: the notice of a meeting that answered a change alone names its case, and its day is recorded once for it too.
func (v *school) noticeOfChange() {
	v.says(v.get("secretary", "/meetings/1", 200), "Anslag saknas för beslut: 2") // the grant, and the change
	v.post("secretary", "/meetings/1/notice", 303, "posted_on", "2026-01-10")
	v.at("2026-01-12T09:00:00+01:00")
	v.says(v.get("secretary", "/meetings/1", 200), "Anslag är antecknat", "Anslaget sätts upp: 10 januari 2026")
	v.post("secretary", "/meetings", 303, "body", "COMMITTEE", "date", "2026-01-12", "first_item", "7")
	v.says(v.get("secretary", "/meetings/2", 200), "Inget är beslutat på sammanträdet än")
	v.post("teacher", v.path+"/change", 303, "type", "dates", "proposed.activity.start", "2026-10-05", "proposed.activity.end", "2026-10-10", "cause", "outside", "reason", "Nytt lov.")
	v.post("secretary", fmt.Sprintf("/do/%d/decide_change", v.id), 303, "outcome", "refused", "reason", "För sent.", "meeting.date", "2026-01-12", "meeting.item_no", "7", "meeting.present", "Ada Berg")
	v.says(v.get("secretary", "/meetings/2", 200), "Anslag saknas för beslut: 1", "utbyte: IF 2026-0001")
	v.post("registrar", "/meetings/2/notice", 303, "posted_on", "2026-01-12")
	v.at("2026-01-13T09:00:00+01:00")
	v.says(v.get("secretary", "/meetings/2", 200), "Anslag är antecknat", "Anslaget sätts upp: 12 januari 2026")
}

// lateCase: a case that comes to the agenda after the answer has a paragraph of its own, and the minutes are in their order;
// confirmed minutes tell of the change, so who may not know of its case doesn't read them.
func (v *school) lateCase() {
	t := v.t
	first := v.path
	v.path = v.filed()
	v.act("head", v.path, "declare_interest", `{"conflict":true,"reason":"Släkt."}`)
	v.act("officer", v.path, "propose", `{"outcome":"rejected","amount":0,"reasons":["R-QUAL"],"text":"Planen räcker inte.","conditions":[]}`)
	form := []string{"do", "add", "date", "2026-01-10", "first_item", "58", "chair", "Ada Berg", "adjuster", "Bo Ek", "present", "Ada Berg\nBo Ek\nCia Dal"}
	v.post("secretary", "/meetings/1", 422, append(form, "version", "2", "first_item", "70")...) // the answer has its paragraph
	v.post("secretary", "/meetings/1", 303, append(form, "version", "2")...)
	minutes := strings.ReplaceAll(v.text("secretary", "/meetings/1/minutes.txt"), "\u00a0", " ")
	at := -1
	for _, want := range []string{"§ 59 Möte i Brahestad", "beslutar: ändringen godkänns", "§ 60 Möte i Brahestad", "§ 61 Anmälan av delegationsbeslut"} {
		i := strings.Index(minutes, want)
		if i <= at {
			t.Errorf("the minutes lack %q in its place:\n%s", want, minutes)
		}
		at = i
	}
	v.act("officer", first, "declare_interest", `{"conflict":true,"reason":"Granne."}`)
	v.post("secretary", "/meetings/1", 303, append(form, "version", "3", "do", "drop:2", "approved_on", "2026-01-11")...)
	v.file("registrar", "/papers/3", "application/pdf")
	v.get("officer", "/papers/3", 404)
}
