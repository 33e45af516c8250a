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
