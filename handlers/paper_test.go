package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fund/workflow"
)

func TestOfficerRegistersPaper(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.get("teacher", "/paper", http.StatusForbidden)
	form := v.get("officer", "/paper", http.StatusOK)
	v.says(form, "När den kom fram", "Projektets namn", "Sökandens roll")
	if strings.Contains(form, "Din roll") || strings.Contains(form, "Skriv inte ett privat nummer") {
		t.Error("who copies a paper is advised as if it were their own")
	}
	v.at("2026-04-02T10:00:00+02:00")
	paper := []string{"round", "VT26", "title", "Papper från Kåge", "applicant.school", "Kågeskolan", "applicant.contact_email", "teacher2@example.org", "partner.name", "Koulu", "partner.country", "Finland",
		"activity.type", "outgoing_group", "activity.start", "2026-09-07", "activity.end", "2026-09-12", "participants.pupils", "20", "participants.staff", "2",
		"budget.1.code", "RES", "budget.1.text", "Tåg", "budget.1.qty", "22", "budget.1.unit_price", "1 000", "requested", "20 000"}
	v.says(v.postAs("officer", "/paper", http.StatusUnprocessableEntity, append(paper, "title", "")...), "Fyll i det här")
	v.says(v.postAs("officer", "/paper", http.StatusUnprocessableEntity, append(paper, "received_at.day", "2026-04-03", "received_at.time", "08.00")...), "Dagen har inte varit än")
	// A row button keeps what was written and files nothing.
	v.says(v.postAs("officer", "/paper", http.StatusOK, append(paper, "row", "add:budget")...), "Rad 2")
	v.postAs("officer", "/paper", http.StatusSeeOther, append(paper, "received_at.day", "2026-03-31", "received_at.time", "23.59")...)
	k, err := v.store.Case(t.Context(), workflow.Machine(), v.id+1)
	if err != nil {
		t.Fatal(err)
	}
	if k.App.Channel != "paper" || k.Late() || k.App.ReceivedAt.Format(time.RFC3339) != "2026-03-31T23:59:00+02:00" || *k.App.Form.Requested != 20000 || k.App.Form.TotalCost() != 22000 {
		t.Errorf("filed %+v, received %s", k.App.Form, k.App.ReceivedAt)
	}
	page := fmt.Sprintf("/paper/%d/files", v.id+1)
	v.send("officer", fileForm(t, page, "letter_of_intent", "avsikt.pdf", []byte("%PDF-1.4 avsikt\n%%EOF")), http.StatusSeeOther)
	v.says(v.get("officer", page, http.StatusOK), "avsikt.pdf")
	v.get("officer", fmt.Sprintf("/paper/%d/files", v.id), http.StatusNotFound) // came by the web
}

func TestDeadlineMovesForOneApplication(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	round := func() workflow.Round {
		rounds, err := v.store.Rounds(t.Context(), true)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rounds {
			if r.ID == "VT26" {
				return r
			}
		}
		t.Fatal("no round")
		return workflow.Round{}
	}
	post := func(want int, pairs ...string) string {
		t.Helper()
		return v.postAs("head", "/rounds/VT26/extend", want, append(pairs, "version", fmt.Sprint(round().Version), "closes.day", "2026-04-10", "closes.time", "12.00", "reason", "Sjukdom på skolan.")...)
	}
	before := round().ClosesAt
	v.says(post(http.StatusUnprocessableEntity, "for", "IF 1999-0001"), "är ingen ansökan i den här omgången")
	post(http.StatusSeeOther, "for", "IF 2026-0001")
	r := round()
	if !r.ClosesAt.Equal(before) || r.Deadline(v.id).Format(time.RFC3339) != "2026-04-10T12:00:00+02:00" {
		t.Errorf("for all %s, for one %s", r.ClosesAt, r.Deadline(v.id))
	}
}

// TestServersClockCounts: a browser whose clock is wrong by years files in time all the same, and the page says what time it is here.
func TestServersClockCounts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		now  string
		late bool
	}{{"2026-03-31T23:59:59+02:00", false}, {"2026-04-01T00:00:00+02:00", true}} {
		v := newSchool(t)
		v.path = fmt.Sprintf("/applications/%v", v.draft().at("id"))
		fmt.Sscanf(v.path, "/applications/%d", &v.id)
		v.at(tt.now)
		v.says(v.get("teacher", v.path+"/edit/purpose", http.StatusOK), "svensk tid", "I tjänsten är det nu")
		k, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
		if err != nil {
			t.Fatal(err)
		}
		w := v.raw("teacher", http.MethodPost, v.path+"/check", "do=submit&version="+fmt.Sprint(k.App.Version), "Date", "Thu, 01 Jan 1970 00:00:00 GMT")
		if w.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", w.Code, pageText(t, w.Body.String()))
		}
		if k, err = v.store.Case(t.Context(), workflow.Machine(), v.id); err != nil || k.Late() != tt.late {
			t.Errorf("%s: late %v, %v", tt.now, k.Late(), err)
		}
		if !strings.Contains(k.App.ReceivedAt.Format(time.RFC3339), tt.now) {
			t.Errorf("received %s, want %s", k.App.ReceivedAt, tt.now)
		}
	}
}
