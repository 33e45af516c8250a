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
}
