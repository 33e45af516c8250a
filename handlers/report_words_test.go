package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestReportExplainsItsDifferences: a cost far from the budget wants a word, in the form and not over the
// API; what else domain 9.4 asks for is kept, shown beside the plan, and a fee is found (RF-11).
func TestReportExplainsItsDifferences(t *testing.T) {
	t.Parallel()
	v := reporting(t)
	plan := v.form().Lines()[0].Sum()
	form := filled(v.drawnReport("teacher"), "pupils", "20", "texts.summary", "Vi byggde broar.", "texts.fund_named", "I tidningen.", "external_grants_received", "0", "publish", "no",
		"joint_share", "75", "voluntary_contributions", "1 200", "mandatory_fee", "yes", "texts.voices", "Roligast var verkstaden.", "texts.deviations", "Vi åkte en dag senare.",
		"texts.continuation", "De kommer hit i maj.", "texts.incidents", "Inget hände.")
	far := filled(form, costField(1), fmt.Sprint(plan+plan/5+1))
	w := v.raw("teacher", http.MethodPost, v.report(), far.Encode())
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("unexplained: %d", w.Code)
	}
	v.says(pageText(t, w.Body.String()), "Förklara varför kostnaden skiljer sig mer än 20 procent från budgeten", "Roligast var verkstaden.")
	checkHTML(t, w.Body.String())
	if strings.Contains(pageText(t, w.Body.String()), "Varför blev kostnader högre eller lägre? (frivilligt)") {
		t.Error("what is asked for stands as optional")
	}
	near := filled(v.drawnReport("teacher"), costField(1), fmt.Sprint(plan+plan/5), "voluntary_contributions", "-1")
	w = v.raw("teacher", http.MethodPost, v.report(), near.Encode())
	if text := pageText(t, w.Body.String()); w.Code != http.StatusUnprocessableEntity || strings.Contains(text, "Förklara varför") {
		t.Errorf("less than nothing, and a fifth more than planned: %d %s", w.Code, text)
	}
	far = filled(v.drawnReport("teacher"), costField(1), fmt.Sprint(plan+plan/5+1), "voluntary_contributions", "1 200")
	far.Set("texts.differences", "Tåget blev dyrare.")
	if w = v.raw("teacher", http.MethodPost, v.report(), far.Encode()); w.Code != http.StatusSeeOther {
		t.Fatalf("explained: %d %s", w.Code, pageText(t, w.Body.String()))
	}
	c, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
	if err != nil {
		t.Fatal(err)
	}
	r := c.App.Report
	if r.JointShare == nil || r.JointShare.Percent() != "75" || intOf(r.Voluntary) != 1200 || r.MandatoryFee == nil || !*r.MandatoryFee || r.Texts["differences"] != "Tåget blev dyrare." || r.Texts["voices"] == "" || r.Texts["incidents"] == "" {
		t.Errorf("kept %+v", r)
	}
	text := pageText(t, v.raw("officer", http.MethodGet, v.report(), "").Body.String())
	v.says(text, "75 procent", "1 200 kr", "Tåget blev dyrare.", "De kommer hit i maj.", "Eleverna får inte behöva betala något.")
}

// Whether a pupil had to pay (RF-11) has three answers: yes, no and none. None is no no, neither on the
// form nor beside the plan nor in the API.
func TestReportTellsNoFromUnanswered(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		answer string
		want   *bool
		shown  string
		api    string
	}{{"", nil, "–", `"mandatory_fee":null`}, {"no", new(false), "Nej", `"mandatory_fee":false`}, {"yes", new(true), "Ja", `"mandatory_fee":true`}} {
		f := NewForm(lang.SV)
		f.Set("mandatory_fee", tt.answer)
		got := readReport(f, workflow.Form{}).MandatoryFee
		if (got == nil) != (tt.want == nil) || got != nil && *got != *tt.want {
			t.Fatalf("%q is read as %v", tt.answer, got)
		}
		k := workflow.Case{Round: workflow.Round{Rules: rules(t)}, App: workflow.Application{Form: workflow.Form{Declarations: workflow.Declarations{NoMandatoryFee: true}},
			Report: &workflow.Report{MandatoryFee: got, Texts: map[string]string{}}}}
		again := NewForm(lang.SV)
		fillReport(again, k)
		if again.Raw("mandatory_fee") != tt.answer {
			t.Errorf("the form of %q begins with %q", tt.answer, again.Raw("mandatory_fee"))
		}
		i := slices.IndexFunc(planTable(lang.SV, k).Rows, func(r Row) bool { return r.Cells[0].Text == lang.T(lang.SV, "field.mandatory_fee") })
		if i < 0 || planTable(lang.SV, k).Rows[i].Cells[1].Text != "Nej" || planTable(lang.SV, k).Rows[i].Cells[2].Text != tt.shown {
			t.Errorf("%q is shown in %+v", tt.answer, planTable(lang.SV, k).Rows)
		}
		body, err := json.Marshal(reportJSON{MandatoryFee: got})
		if err != nil || !strings.Contains(string(body), tt.api) {
			t.Errorf("the API answers %s to %q (%v)", body, tt.answer, err)
		}
	}
}
