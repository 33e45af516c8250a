package handlers

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// step posts a step as it is drawn for the teacher, with some values changed.
func (v *school) step(name string, status int, change ...string) *stepAnswer {
	v.t.Helper()
	form := v.drawn("teacher", name)
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	w := v.raw("teacher", http.MethodPost, v.path+"/edit/"+name, form.Encode())
	if w.Code != status {
		v.t.Fatalf("step %s: %d, want %d\n%s", name, w.Code, status, w.Body)
	}
	return &stepAnswer{w.Header().Get("Location"), strings.Join(strings.Fields(w.Body.String()), " ")}
}

type stepAnswer struct{ to, body string }

func TestWhatIsWrittenWrongIsSavedAndSaidAtOnce(t *testing.T) {
	t.Parallel()
	v := writing(t)
	for _, x := range []struct {
		name, step string
		change     []string
		says       string
	}{
		{"days in the wrong order", "activity", []string{"activity.start", "2026-09-20", "activity.end", "2026-09-12"}, "Sista dagen kan inte komma före den första."},
		{"no such day", "partner", []string{"partner.letter_of_intent.date", "i våras"}, "Skriv en dag som finns"},
		{"personal number", "purpose", []string{"text.purpose", "Ring 850709-9805."}, "ser ut som ett personnummer"},
		{"check digit", "school", []string{"applicant.payment.method", "bankgiro", "applicant.payment.bankgiro", "123-4567"}, "kontrollsiffran"},
		{"personal number in a row", "purpose", []string{"text.goals.1.indicator", "Räknas", "text.goals.1.goal", "Ring 850709-9805."}, `href="#f-text-goals-1-goal"`},
		{"a row's text that is too long", "programme", []string{"text.programme.1.day", "måndag", "text.programme.1.text", strings.Repeat("museum ", 44)}, `href="#f-text-programme-1-text"`},
		{"no address", "school", []string{"applicant.contact_email", "elin(at)skola"}, "Skriv en e-postadress"},
		{"more than all time", "activity", []string{"activity.joint_share", "180"}, "Andelen kan inte vara mer än 100 procent."},
		{"a line that isn't there", "budget", []string{"funding.1.source", "Föreningen", "funding.1.amount", "1000", "funding.1.covers", "7"}, "Budgeten har ingen rad 7."},
		{"a cost without its kind", "budget", []string{"budget.1.code", "", "budget.1.text", "Tåg"}, `href="#f-budget-1-code"`},
		{"too long", "care", []string{"text.climate", strings.Repeat("tåg ", 200)}, "Den kan vara högst 500"},
	} {
		t.Run(x.name, func(t *testing.T) {
			if got := v.step(x.step, http.StatusUnprocessableEntity, append(x.change, "go", "next")...); !strings.Contains(got.body, x.says) || !strings.Contains(got.body, "<title>Fel:") {
				t.Errorf("step %s does not say %q", x.step, x.says)
			}
			last := x.change[len(x.change)-1]
			if got := v.drawn("teacher", x.step).Get(x.change[len(x.change)-2]); got != strings.TrimSpace(last) {
				t.Errorf("kept %q, want %q", got, last)
			}
			if w := v.raw("teacher", http.MethodGet, v.path+"/edit/"+x.step, ""); !strings.Contains(strings.Join(strings.Fields(w.Body.String()), " "), x.says) {
				t.Errorf("opened again, step %s does not say %q", x.step, x.says)
			}
			if got := v.step(x.step, http.StatusSeeOther, "go", "back"); got.to != v.path {
				t.Errorf("all parts: to %s, want %s", got.to, v.path)
			}
		})
	}
}

func TestStepsLeadToTheCheck(t *testing.T) {
	t.Parallel()
	v := writing(t)
	if got := v.step("declarations", http.StatusSeeOther, "go", "next"); got.to != v.path+"/check" {
		t.Errorf("after the last step: %s, want the check", got.to)
	}
	w := v.raw("teacher", http.MethodGet, v.path+"/check", "")
	if strings.Contains(w.Body.String(), "Rektors godkännande saknas") {
		t.Error("the check counts the principal's approval as missing, while its button asks for it")
	}
}

func TestTheFormOffersTheSchoolsOfThePerson(t *testing.T) {
	t.Parallel()
	v := writing(t)
	w := v.raw("teacher", http.MethodGet, v.path+"/edit/school", "")
	for _, want := range []string{`<select class="ds-input" id="f-applicant-school"`, `<option value="Baldergymnasiet" selected>`, `data-for="bankgiro plusgiro account iban"`, "Del 1 av 10"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("step school has no %s", want)
		}
	}
	if strings.Contains(w.Body.String(), `value="Kågeskolan"`) {
		t.Error("step school offers a school where the person does not work")
	}
}

// TestACompletionIsNotHeldUpByWhatIsNotAsked: a text that is too long and can't be changed now is no fault of the answer.
func TestACompletionIsNotHeldUpByWhatIsNotAsked(t *testing.T) {
	t.Parallel()
	st, _ := stepOf("care")
	k := workflow.Case{App: workflow.Application{State: workflow.Draft}}
	k.Round.Rules.StaffPerPupils = 10
	k.App.Form.Text.Climate = strings.Repeat("tåg ", 200)
	for _, x := range []struct {
		state  workflow.State
		asked  string
		faults int
	}{{workflow.Draft, "", 1}, {workflow.CompletionRequested, "text.risk", 0}, {workflow.CompletionRequested, "text.climate", 1}, {workflow.CompletionRequested, "text", 1}} {
		k.App.State, k.App.Completion = x.state, &workflow.Completion{Points: []workflow.Point{{Field: x.asked}}}
		f := NewForm(lang.SV)
		if judgeStep(f, k, st, workflow.Date{}); len(f.Errors) != x.faults {
			t.Errorf("%s, asked %q: %v, want %d faults", x.state, x.asked, f.Errors, x.faults)
		}
	}
}

// TestSumsFromTheAPISurviveThePage: a budget line without pieces and price keeps its sum when another one is changed on the page.
func TestSumsFromTheAPISurviveThePage(t *testing.T) {
	t.Parallel()
	v := writing(t)
	p, err := v.store.PersonByEmail(t.Context(), "teacher@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.store.Apply(t.Context(), sql.Ref{ID: v.id}, workflow.Act(p), &workflow.Save{Patch: []byte(`{"budget": [{"line": 1, "code": "RES", "text": "Tåg", "amount": 12345}, {"line": 2, "code": "MAT", "text": "Mat", "qty": 2, "unit_price": 100, "amount": 200}]}`)}); err != nil {
		t.Fatal(err)
	}
	v.step("budget", http.StatusSeeOther, "budget.2.qty", "3", "go", "back")
	if l := v.form().Lines(); len(l) != 2 || l[0].Sum() != 12345 || l[1].Sum() != 300 {
		t.Errorf("the budget is %+v", l)
	}
}

// TestAnOrganisationReadsItsOwnWords: co-financing has no partner school and no school to work at, at the fields and among the answers.
func TestAnOrganisationReadsItsOwnWords(t *testing.T) {
	t.Parallel()
	for _, l := range lang.All() {
		for _, key := range []string{"step.activity", "step.partner", "step.school", "field.partner.name", "field.partner.contact", "field.declarations.sent_by_staff"} {
			if own := schemeWord(l, true, key); own == lang.T(l, key) || strings.Contains(own, "skol") || strings.Contains(own, "school") {
				t.Errorf("%s in %s is %q for an organisation", key, l, own)
			}
			if schemeWord(l, false, key) != lang.T(l, key) {
				t.Errorf("%s in %s is not the school's word for a school", key, l)
			}
		}
	}
	f := NewForm(lang.SV)
	f.organisation = true
	f.Fail("partner.name", "form.required")
	if says := f.Errors[0].Says(); !strings.HasPrefix(says, "Partnerns namn:") {
		t.Errorf("a fault says %q", says)
	}
	k := workflow.Case{Scheme: workflow.Scheme{Applicant: "organisation"}}
	for _, code := range []string{"letter_date", "partner_abroad"} {
		own, school := sayFindingOf(lang.SV, k, workflow.Finding{Code: code}), sayFindingOf(lang.SV, workflow.Case{}, workflow.Finding{Code: code})
		if strings.Contains(own, "skol") || own == school {
			t.Errorf("finding %s is %q for an organisation, %q for a school", code, own, school)
		}
	}
	var form workflow.Form
	form.Applicant.Organisation, form.Partner.Name = "Föreningen", "X"
	if a, ok := formAnswer(lang.SV, form, doField{name: "partner.name", kind: "text"}); !ok || a.Term != "Partnerns namn" {
		t.Errorf("among the answers it is %q", a.Term)
	}
}

// TestACostWithoutItsKindIsKept: a new row's choices are open; what is typed beside them is kept,
// counted in the sum and not yet as eligible, and asked about where it stands and before filing.
func TestACostWithoutItsKindIsKept(t *testing.T) {
	t.Parallel()
	v := writing(t)
	page := v.raw("teacher", http.MethodPost, v.path+"/edit/budget", filled(v.drawn("teacher", "budget"), "row", "add:budget").Encode()).Body.String()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	if first := doc.Find(`select[name="budget.2.code"] option`).First(); first.Text() != "Välj ett alternativ" || first.AttrOr("value", "?") != "" {
		t.Errorf("a new row begins with %q", first.Text())
	}

	// Row 2 is left empty, row 3 has all but its kind: the kind of the second line is asked for in row 3.
	typed := filled(v.drawn("teacher", "budget"), "budget.1.code", "RES", "budget.1.text", "Tåg", "budget.1.qty", "10", "budget.1.unit_price", "1 000",
		"budget.2.row", "1", "budget.2.code", "", "budget.2.text", "", "budget.3.code", "", "budget.3.text", "Kanot", "budget.3.qty", "3", "budget.3.unit_price", "500",
		"funding.1.source", "Föreningen", "funding.1.type", "", "funding.1.status", "")
	if got := v.autosave("teacher", "budget", typed); got.Trouble != "" {
		t.Errorf("saving says %q", got.Trouble)
	}
	lines := v.form().Budget
	if len(lines) != 2 || lines[1].Code != "" || lines[1].Text != "Kanot" || lines[1].Sum() != 1500 || v.form().Funding[0].Source != "Föreningen" {
		t.Fatalf("kept %+v and %+v", lines, v.form().Funding)
	}
	w := v.raw("teacher", http.MethodPost, v.path+"/live/budget", typed.Encode())
	v.says(strings.Join(strings.Fields(w.Body.String()), " "), "Utan kostnadsslag, räknas inte än", "1 500 kr", "11 500 kr")
	typed.Set("go", "next")
	typed.Set("base", v.drawn("teacher", "budget").Get("base"))
	typed.Set("version", v.drawn("teacher", "budget").Get("version"))
	w = v.raw("teacher", http.MethodPost, v.path+"/edit/budget", typed.Encode())
	for _, want := range []string{"#f-budget-3-code", "#f-funding-1-type", "#f-funding-1-status"} {
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), want) {
			t.Errorf("going on: %d, no link to %s", w.Code, want)
		}
	}
	if strings.Contains(w.Body.String(), "#f-budget-2-code") {
		t.Error("the empty row is faulted")
	}
	check := v.raw("teacher", http.MethodGet, v.path+"/check", "").Body.String()
	v.says(strings.Join(strings.Fields(check), " "), "Slag · Läge · Kostnadsslag", "Kostnadsslag inte valt, Kanot", "läge inte valt")
	if strings.Contains(check, "⟦") {
		t.Error("the check has a word that isn't there")
	}
	found := false
	for _, x := range v.call("teacher", http.MethodGet, v.path, "").want(http.StatusOK).body["findings"].([]any) {
		f := x.(map[string]any)
		found = found || f["field"] == "budget[1].code" && f["severity"] == "warning" && f["message_sv"] == "Välj ett alternativ."
	}
	if !found {
		t.Error("the API does not ask for the kind of the second line")
	}

	// What is chosen alone is kept, too.
	v.autosave("teacher", "budget", filled(v.drawn("teacher", "budget"), "budget.3.code", "BOE"))
	if lines := v.form().Budget; len(lines) != 3 || lines[2].Code != "BOE" {
		t.Errorf("a kind alone: kept %+v", lines)
	}
}
