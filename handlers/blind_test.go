package handlers

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fund/jobs/letter"
	"fund/workflow"
)

// named is an application that names its school, people and place wherever it can.
var named = strings.NewReplacer(`"summary":"Ett möte."`, `"summary":"Baldergymnasiet i Skellefteå reser. Elin Marklund leder, Marklunds grupp. Ring 0910-73 50 00 eller elin@balder.example."`,
	`"risk":"Genomgången."`, `"risk":"Baldereleverna och Sixtina Öhrn vet. Rektor Beata Nygren-Alm har läst."`, `"text":"Dag ett"`, `"text":"Från BALDERGYMNASIET till hamnen."`,
	`"principal_name":"Rektor"`, `"principal_name":"Beata Nygren-Alm"`, `"title":"Möte i Brahestad"`, `"title":"Balder möter Brahestad"`).Replace(goodForm)

// addWriter makes a colleague of the school a co-writer.
func (v *school) addWriter(name string) {
	v.t.Helper()
	v.call("admin", http.MethodPost, "/people", `{"email":"sixtina@example.org","name":"`+name+`","roles":[{"role":"teacher","school":"Baldergymnasiet"}]}`).want(201)
	v.post("teacher", v.path+"/writers", http.StatusSeeOther, "email", "sixtina@example.org")
}

// TestBlindReviewLeaksNothing asks everything that a reviewer can open in a
// blind round, as pages in both languages, through the API, in mails, names of
// files and exports, and looks for each of the case's secrets.
func TestBlindReviewLeaksNothing(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	st := v.stage
	db, err := sql.Open("postgres", st.url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `UPDATE rounds SET rules = rules || '{"blind_review": true}'`); err != nil {
		t.Fatal(err)
	}
	id := st.call("teacher", http.MethodPost, "/applications", named).want(201).at("id")
	st.upload("teacher", id, "risk_assessment", "Balder risker Elin Marklund.pdf", append(bytes.Clone(pdf), "/Author (Elin Marklund)"...)).want(201)
	var letterPDF bytes.Buffer
	if err := letter.Encode(&letterPDF, letter.Letter{Title: "Avsiktsförklaring från Baldergymnasiet", Municipality: "Balder", Date: time.Unix(1, 0), Sections: []letter.Section{{Paragraphs: []string{
		"Vi på Baldergymnasiet och Brahestads gymnasium i Brahestad möts.", "Läraren Elin Marklund och kollegan Sixten Öberg, org.nr 212000-2643, skriver till elin@balder.example eller www.balder.example."}}}}); err != nil {
		t.Fatal(err)
	}
	st.upload("teacher", id, "letter_of_intent", "Balder avsikt.pdf", letterPDF.Bytes()).want(201)
	path := fmt.Sprintf("/applications/%v", id)
	v.path = path
	if _, err := fmt.Sscan(fmt.Sprint(id), &v.id); err != nil {
		t.Fatal(err)
	}
	v.addWriter("Sixtina Öhrn")
	st.act("teacher", path, "request_approval", "{}")
	st.act("principal", path, "approve", `{"statement":"Beata Nygren-Alm tillstyrker för Baldergymnasiet."}`)
	st.act("teacher", path, "submit", "{}")
	v.machine(workflow.TakeUp{})
	st.act("officer", path, "request_completion", `{"points":[{"field":"text.risk","text":"Hur reser Baldergymnasiet?"}]}`)
	st.act("teacher", path, "complete", `{"message":"Hälsar Elin Marklund på Balder."}`)
	st.act("officer", path, "rule_eligibility", `{"eligible":true,"rulings":[{"rule":"RF-03","met":true,"reason":"Baldergymnasiet är känt."}]}`)
	st.act("officer", path, "assign_reviewers", `{"reviewers":["reviewer1@example.org","reviewer2@example.org"]}`)
	st.act("reviewer1", path, "declare_interest", `{"conflict":false}`)
	k, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
	if err != nil {
		t.Fatal(err)
	}
	if got := workflow.Leaks(k, "Vi på Balder, Elin Marklund och Sixtina"); len(got) < 3 {
		t.Fatalf("the check finds too little: %v", got)
	}
	seen := 0
	look := func(where, text string) {
		t.Helper()
		if found := workflow.Leaks(k, text); len(found) > 0 {
			t.Errorf("%s leaks %q", where, found)
		}
		seen += len(text)
	}
	for _, page := range []string{"/tasks", "/cases?view=all", "/cases/%d", "/cases/%d/mails", "/cases/%d/versions/1", "/cases/%d/versions/2", "/reviews", "/reviews/%d", "/reviews/%d/interest", "/do/%d/declare_interest", "/registry", "/statistics"} {
		for _, l := range []string{"sv", "en"} {
			at := page
			if strings.Contains(at, "%d") {
				at = fmt.Sprintf(at, v.id)
			}
			sign := "?"
			if strings.Contains(at, "?") {
				sign = "&"
			}
			html := v.markup("reviewer1", httptest.NewRequest(http.MethodGet, at+sign+"lang="+l, nil), 200)
			_, main, _ := strings.Cut(html, "<main") // the head of the page tells who reads, not whose case it is
			look(at+" in "+l, main)
		}
	}
	for _, at := range []string{path, "/applications", path + "/events", path + "/versions", path + "/versions/1", path + "/mails", "/open-data/360giving.json"} {
		look("API "+at, string(st.call("reviewer1", http.MethodGet, at, "").want(200).raw))
	}
	file := fmt.Sprint(st.call("officer", http.MethodGet, path, "").want(200).at("attachments.0.id"))
	look("refused file", string(st.call("reviewer1", http.MethodGet, path+"/attachments/"+file, "").want(409).raw))
	files := st.call("officer", http.MethodGet, path, "").want(200).body["attachments"].([]any)
	for _, x := range files {
		a := x.(map[string]any)
		at := fmt.Sprintf("/cases/%d/blind/%v", v.id, a["id"])
		text := v.get("reviewer1", at, 200)
		look(at, v.markup("reviewer1", httptest.NewRequest(http.MethodGet, at, nil), 200)[500:])
		if a["kind"] == "letter_of_intent" {
			v.says(text, "[skolan]", "Brahestads gymnasium i Brahestad", "[namn]", "[nummer]")
			for _, word := range []string{"Sixten", "Öberg", "212000", "balder", "Balder"} {
				if strings.Contains(text, word) {
					t.Errorf("the masked file says %q: %s", word, text)
				}
			}
		} else {
			v.says(text, "visas inte vid blind bedömning")
		}
		v.get("teacher", at, 403)
		v.get("reviewer3", at, 404)
	}
	v.says(v.get("officer", fmt.Sprintf("/cases/%d/blind", v.id), 200), "Filer", "Läs orden utan namn")
	v.says(v.get("officer", fmt.Sprintf("/cases/%d/reviewers", v.id), 200), "Så läser bedömarna", "finns kvar")
	for _, q := range []string{"q=balder", "q=Brahestad", "school=Baldergymnasiet"} {
		if got := st.call("reviewer1", http.MethodGet, "/applications?"+q, "").want(200).at("items.0"); got != nil {
			t.Errorf("%s finds the case, which tells whose it is", q)
		}
		if got := st.call("officer", http.MethodGet, "/applications?"+q, "").want(200).at("items.0"); got == nil {
			t.Errorf("the officer doesn't find it by %s", q)
		}
	}
	look("answer to a saved review", string(st.call("reviewer1", http.MethodPost, path+"/actions/save_review", `{"ratings":{"K1":3},"comments":{}}`).want(200).raw))
	text := v.get("reviewer1", fmt.Sprintf("/reviews/%d", v.id), 200)
	v.says(text, "[skolan]", "Brahestad")
	if html := v.markup("officer", httptest.NewRequest(http.MethodGet, fmt.Sprintf("/cases/%d", v.id), nil), 200); len(workflow.Leaks(k, html)) == 0 {
		t.Error("the officer reads it blind too")
	}
	if seen < 20000 {
		t.Errorf("only %d characters were looked at", seen)
	}
}
