package handlers

import (
	"strings"
	"testing"

	"fund/sql"
)

func TestAnyoneAsksAndAnOfficerAnswers(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.says(v.get("teacher", "/ideas", 200), "Har du en idé?", "Europe Direct")
	wrong := v.fill("teacher", "/ideas", 422, "kind", "idea", "question", "Jag är född 19121212-1212", "name", "Anna Berg", "email", "anna")
	v.says(wrong, "Jag är född", "Din fråga eller idé: Här står")
	v.fill("teacher", "/ideas", 303, "kind", "idea", "question", "Köp nu", "name", "Robot", "email", "robot@example.com", "website", "http://spam.example")
	v.fill("teacher", "/ideas", 303, "kind", "europe_direct", "question", "Vad gör EU för unga?", "name", "Anna Berg", "email", "Anna@Example.com")
	v.get("teacher", "/ideas/queue", 403)
	queue := v.get("officer", "/ideas/queue", 200)
	v.says(queue, "Anna Berg", "Vad gör EU för unga?")
	if strings.Contains(queue, "Robot") {
		t.Error("what a machine wrote is kept")
	}
	v.says(v.get("officer", "/tasks", 200), "Idéer och frågor att svara på")
	v.says(v.fill("officer", "/ideas/queue/1", 422, "outcome", "referred"), "Ditt svar")
	v.fill("officer", "/ideas/queue/1", 303, "outcome", "referred", "answer", "Europe Direct Västerbotten vet mer.")
	v.fill("head", "/ideas/queue/1", 409, "outcome", "answered", "answer", "En gång till.")
	mails, _, err := v.store.RehearsalMail(t.Context(), "anna@example.com", 0, 10, 0)
	if err != nil || len(mails) != 1 || !strings.Contains(mails[0].Body, "Europe Direct Västerbotten vet mer.") || !strings.Contains(mails[0].Body, "Vad gör EU för unga?") {
		t.Errorf("mails %+v (%v)", mails, err)
	}
	v.says(v.get("officer", "/ideas/queue", 200), "Inget väntar på svar", "Hänvisas vidare")
	v.says(v.get("officer", "/statistics", 200), "Idéer och frågor", "En fråga om EU")

	for range 4 {
		v.fill("teacher", "/ideas", 303, "kind", "question", "question", "En fråga till.", "name", "Anna Berg", "email", "anna@example.com")
	}
	v.fill("teacher", "/ideas", 303, "kind", "question", "question", "En fråga till.", "name", "Anna Berg", "email", "anna@example.com")
	v.says(v.fill("teacher", "/ideas", 429, "kind", "question", "question", "Min sjätte fråga.", "name", "Anna Berg", "email", "anna@example.com"), "Min sjätte fråga.", "Vänta en stund")

	// Two years after the answer its name and address may go.
	v.at("2028-02-10T09:00:00+01:00")
	v.says(v.get("registrar", "/archive/retention/idea", 200), "Anna Berg")
	v.fill("registrar", "/archive/retention/idea", 303, "items", "1", "reference", "KS 2028/1", "sure", "1")
	i, err := v.store.Ideas(t.Context(), v.actor("officer"), false)
	if err != nil || len(i) != 1 || i[0].Name != "–" || i[0].Email != "" {
		t.Errorf("what is left is %+v (%v)", i, err)
	}
	if n, err := v.store.CountIdeas(t.Context()); err != nil || n[0] != (sql.IdeaCount{Year: "2026", Kind: "europe_direct", N: 1, Answered: 1}) {
		t.Errorf("counted %+v (%v)", n, err)
	}
}

func TestOfficeKeepsTheFunders(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.says(v.get("teacher", "/funding", 200), "Erasmus+", "Nordplus Junior", "www.utbyten.se")
	v.get("teacher", "/funding/1", 403)
	v.says(v.get("officer", "/funding/1", 200), "Finansiärens namn")
	good := []string{"name", "Svenska testfonden", "who_sv", "Klasser", "who_en", "Classes", "what_sv", "Resor.", "what_en", "Travel.", "sort", "9", "active", "1"}
	v.says(v.fill("officer", "/funding/0", 422, append(good, "url", "javascript:alert(1)", "name", "")...), "Webbadress")
	v.fill("officer", "/funding/0", 303, append(good, "url", "https://fond.example")...)
	v.says(v.get("teacher", "/funding?lang=en", 200), "Svenska testfonden", "Classes")
	v.fill("officer", "/funding/1", 303, "name", "Erasmus+", "who_sv", "A", "who_en", "A", "what_sv", "A", "what_en", "A", "sort", "1")
	if page := v.get("teacher", "/funding?lang=sv", 200); strings.Contains(page, "Erasmus+") {
		t.Error("a funder that is hidden is shown")
	}
}

func TestCofinancingLeadsToADraft(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.says(v.get("external", "/cofinancing", 200), "Så söker ni")
	v.call("admin", "POST", "/rounds", `{"id":"MF26","scheme":"medfinansiering","name":"Medfinansiering 2026","opens":"2026-01-01","budget":1000000}`).want(201)
	v.call("admin", "POST", "/rounds/MF26/actions/publish", `{}`, "If-Match", `"1"`).want(200)
	v.says(v.get("external", "/cofinancing", 200), "Medfinansiering 2026", "Löpande, inget sista datum", "Börja en ansökan")
	v.get("teacher", "/cofinancing/prepared", 403)
	v.says(v.get("secretary", "/cofinancing/prepared", 200), "Ingen medfinansiering är beredd")
}
