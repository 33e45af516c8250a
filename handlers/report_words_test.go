package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"fund/workflow"
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
	if r.JointShare == nil || r.JointShare.Percent() != "75" || intOf(r.Voluntary) != 1200 || !r.MandatoryFee || r.Texts["differences"] != "Tåget blev dyrare." || r.Texts["voices"] == "" || r.Texts["incidents"] == "" {
		t.Errorf("kept %+v", r)
	}
	text := pageText(t, v.raw("officer", http.MethodGet, v.report(), "").Body.String())
	v.says(text, "75 procent", "1 200 kr", "Tåget blev dyrare.", "De kommer hit i maj.", "Eleverna får inte behöva betala något.")
}
