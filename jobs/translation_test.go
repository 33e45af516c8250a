package jobs

import (
	"slices"
	"strings"
	"testing"

	"fund/jobs/letter/lettertest"
	"fund/sql"
	"fund/workflow"
)

// TestTranslatedDecisionGoesOut: the words become one letter for the archive, in
// their own letters and language, and each addressee is told once.
func TestTranslatedDecisionGoesOut(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.double = true
	h.run()
	app := h.live()
	h.do(app, "officer", &workflow.OrderTranslation{Lang: "se", To: "secretary@example.org"})
	h.do(app, "secretary", &workflow.EnterTranslation{Title: "Mearrádus skuvlalonohallamis", Text: "Doarjja: 30 000 ruvnno.\n\nČujuhus: áâčđŋšŧž ÁÂČĐŊŠŦŽ, ïöäå."})
	h.settle()
	var found []workflow.Document
	for _, d := range h.read(app).App.Documents {
		if d.Kind == "translation" {
			found = append(found, d)
		}
	}
	if len(found) != 1 || found[0].Title != "Mearrádus skuvlalonohallamis" {
		t.Fatalf("documents %+v", found)
	}
	_, body, err := h.store.Document(t.Context(), workflow.Machine(), app, found[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, faults := lettertest.Check(body); len(faults) > 0 || !strings.Contains(string(body), "/Lang (se)") {
		t.Errorf("the letter's language is missing, or %s", strings.Join(faults, "\n"))
	}
	rows, err := h.store.Mails(t.Context(), workflow.Machine(), app)
	if err != nil {
		t.Fatal(err)
	}
	for to, subject := range map[string]string{"secretary@example.org": "Se till att beslutet översätts", "teacher@example.org": "Beslutet är översatt", "principal@example.org": "Beslutet är översatt"} {
		n := 0
		for _, m := range rows {
			if m.To == to && strings.Contains(m.Subject, subject) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d mails %q to %s", n, subject, to)
		}
	}
	if slices.ContainsFunc(rows, func(m sql.MailRow) bool { return strings.Contains(m.Body, "30 000 ruvnno") }) {
		t.Error("the mail holds the decision's words")
	}
}
