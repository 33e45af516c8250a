package handlers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// TestALetterThatLacksWordsSaysWhereTheyAreMended: own words that are older than the program can have a place that
// nothing comes into. The letter is not sent, and its page leads to them: an administrator by a link, others by their name.
func TestALetterThatLacksWordsSaysWhereTheyAreMended(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	const key = "notice.questions.text"
	if err := v.store.AddText(t.Context(), v.actor("admin"), sql.StandingText{Key: key, SV: "Ring {{.Phone}}.", EN: "Call {{.Phone}}."}); err != nil {
		t.Fatal(err)
	}
	v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]}`)
	v.says(v.get("head", "/letters/1", 200), "Håll brevet")
	v.post("head", "/letters/1", 303, "do", "hold", "reason", "Vi läser.")
	v.says(v.get("head", "/letters/1", 200), "Brevet ska vänta. Vi läser.")
	words := []string{"do", "preview", "outcome", "granted", "amount", "30000", "text", "Bra utbyte.", "delegation_item", "3.1"}
	read := func(path string, form ...string) string { // without the rules of a good page: the letter below shows the hole
		req := v.formOf("head", path, form...)
		req.AddCookie(&http.Cookie{Name: sessionCookie, Value: v.cookies["head"]})
		w := httptest.NewRecorder()
		v.pages.ServeHTTP(w, req)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", path, w.Code)
		}
		return pageText(t, w.Body.String())
	}
	v.says(read("/decisions/1", words...), "Brevet kan inte skickas", "Ring {{.Phone}}. Orden heter "+key)
	v.act("head", v.path, "decide", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[],"delegation_item":"3.1"}`)
	v.says(read("/letters/1", "do", "release"), "Brevet saknar ord och kan inte släppas", "Ring {{.Phone}}. Orden heter "+key)
	if err := v.store.AddText(t.Context(), v.actor("admin"), sql.StandingText{Key: key}); err != nil {
		t.Fatal(err)
	}
	v.post("head", "/letters/1", 303, "do", "release")
	page := v.markup("head", httptest.NewRequest(http.MethodGet, "/letters/1", nil), 200)
	if !strings.Contains(page, "har gått") {
		t.Errorf("the letter is not gone: %s", page)
	}
}

// TestEachFaultLeadsToItsMending: words of the decision to taking it back, the office's own to their page, the rest to the case.
func TestEachFaultLeadsToItsMending(t *testing.T) {
	t.Parallel()
	k := workflow.Case{App: workflow.Application{ID: 7}}
	admin := workflow.Act(workflow.Person{ID: 1, Roles: []workflow.RoleAt{{Role: workflow.Admin}}})
	back := []workflow.Action{workflow.ActTakeBack}
	for _, x := range []struct {
		name  string
		fault notice.Fault
		by    workflow.Actor
		open  []workflow.Action
		want  string
	}{
		{"own words, administrator", notice.Fault{Key: "notice.appeal.how", Text: "⟦notice.appeal.how X⟧"}, admin, nil, "/admin/texts/notice.appeal.how"},
		{"own words, others", notice.Fault{Key: "notice.appeal.how", Text: "⟦notice.appeal.how X⟧"}, workflow.Actor{}, back, ""},
		{"empty reasons, untold", notice.Fault{Where: "Skäl", Field: "text"}, workflow.Actor{}, back, "/do/7/take_back"},
		{"empty reasons, told", notice.Fault{Where: "Skäl", Field: "text"}, workflow.Actor{}, nil, "/cases/7"},
		{"a fact of the case", notice.Fault{Where: "Ansökan kom in"}, workflow.Actor{}, back, "/cases/7"},
	} {
		got := letterFaultsOf(lang.SV, k, x.by, x.open, []notice.Fault{x.fault})[0]
		if href := ""; got.Link != nil {
			href = got.Link.Href
			if href != x.want {
				t.Errorf("%s leads to %q, want %q", x.name, href, x.want)
			}
		} else if x.want != "" || !strings.Contains(got.Text, x.fault.Key) {
			t.Errorf("%s leads nowhere: %+v", x.name, got)
		}
	}
	f := NewForm(lang.SV)
	f.failLetter(k, admin, []notice.Fault{{Where: "Skäl", Field: "text"}, {Key: "notice.appeal.how", Text: "⟦notice.appeal.how X⟧"}})
	if len(f.Errors) != 2 || f.Errors[0].Field != "text" || f.Errors[1].At == nil || f.Errors[1].At.Href != "/admin/texts/notice.appeal.how" {
		t.Errorf("errors %+v", f.Errors)
	}
}
