package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fund/sql"
	"fund/workflow"
)

// TestRefusalsBecomeProblems holds each refusal to the status that the contract gives it.
func TestRefusalsBecomeProblems(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err    error
		status int
		kind   string
	}{
		{workflow.ErrUnauthorised, 401, "/problems/not-signed-in"},
		{workflow.ErrNotFound, 404, "/problems/not-found"},
		{lostCase{"conflict"}, 404, "/problems/lost-conflict"},
		{lostCase{"relieved"}, 404, "/problems/lost-relieved"},
		{workflow.Forbidden{Code: "role"}, 403, "/problems/forbidden"},
		{workflow.ErrNoVersion, 428, "/problems/version-required"},
		{workflow.ErrStale, 412, "/problems/changed-meanwhile"},
		{workflow.WrongState{State: workflow.Draft, Action: workflow.ActDecide}, 409, "/problems/wrong-state"},
		{workflow.Refused{Code: "blocked"}, 409, "/problems/refused"},
		{workflow.Violations{{Field: "title", Code: "required"}}, 422, "/problems/refused-form"},
		{sql.ErrKeyReused, 422, "/problems/idempotency-key-reused"},
		{sql.ErrPast, 409, "/problems/clock-only-forward"},
		{errBodySize, 413, "/problems/too-large"},
		{errKeyForm, 400, "/problems/idempotency-key-form"},
		{errMalformed, 400, "/problems/malformed"},
		{errMethod, 405, "/problems/method-not-allowed"},
		{workflow.ErrBusy, 503, "/problems/busy"},
		{errors.New("disk full"), 500, "/problems/internal"},
	} {
		for _, err := range []error{tt.err, fmt.Errorf("application 41: %w", tt.err)} {
			w := httptest.NewRecorder()
			p := problemOf(httptest.NewRequest(http.MethodGet, "/api/v1/me", nil), err)
			writeProblem(w, p)
			var got problem
			if e := json.Unmarshal(w.Body.Bytes(), &got); e != nil {
				t.Fatalf("%v: %v", err, e)
			}
			if w.Code != tt.status || got.Status != tt.status || got.Type != tt.kind || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%v: got %d %s %s, want %d %s", err, w.Code, got.Type, w.Header().Get("Content-Type"), tt.status, tt.kind)
			}
			if strings.Contains(w.Body.String(), "⟦") || got.Title == "" || got.DetailSV == "" || got.DetailEN == "" {
				t.Errorf("%v: words are missing: %s", err, w.Body)
			}
			if strings.Contains(w.Body.String(), "disk full") {
				t.Errorf("an error of ours is shown to the caller: %s", w.Body)
			}
		}
	}
}

func TestRefusedFormNamesRuleAndBothLanguages(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/api/v1/applications/1/actions/submit", nil)
	r.Header.Set("Accept-Language", "en")
	p := problemOf(r, workflow.Violations{{Field: "text.risk", Rule: "RF-25", Code: "personal_number"}, {Field: "applicant.payment.bankgiro", Code: "check_digit"}})
	if len(p.Errors) != 2 || p.Errors[0].Rule != "RF-25" || p.Errors[0].Field != "text.risk" || p.Errors[1].Rule != "check_digit" {
		t.Errorf("got %+v", p.Errors)
	}
	if p.Title != "Something needs mending" || p.Errors[0].MessageSV == p.Errors[0].MessageEN {
		t.Errorf("got %+v", p)
	}
}

func TestWrongStateNamesStateAndOpenActions(t *testing.T) {
	t.Parallel()
	p := problemOf(httptest.NewRequest(http.MethodPost, "/", nil),
		workflow.WrongState{State: workflow.Decided, Action: workflow.ActSubmit, Open: []workflow.Action{workflow.ActDecline}})
	if p.State != "decided" || p.Action != workflow.ActSubmit || len(p.Open) != 1 || !strings.Contains(p.DetailSV, "tacka nej") {
		t.Errorf("got %+v", p)
	}
}

func TestIfMatch(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		header []string
		want   int64
	}{
		{nil, workflow.NoVersion},
		{[]string{`"7"`}, 7},
		{[]string{`*`}, workflow.AnyVersion},
		{[]string{`"0"`}, noSuchVersion}, // 0 is no version, and must not mean any
		{[]string{`"-1"`}, noSuchVersion},
		{[]string{`7`}, noSuchVersion},
		{[]string{`W/"7"`}, noSuchVersion},
		{[]string{`"abc"`}, noSuchVersion},
		{[]string{`"6", "7"`}, 7},
		{[]string{`"6"`, `"5"`}, 6},
	} {
		r := httptest.NewRequest(http.MethodPatch, "/", nil)
		for _, v := range tt.header {
			r.Header.Add("If-Match", v)
		}
		if got := ifMatch(r); got != tt.want {
			t.Errorf("If-Match %q: got %d, want %d", tt.header, got, tt.want)
		}
	}
}

func TestBodiesAreReadStrictly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ body, field, code string }{
		{`{"budget": "many"}`, "budget", "wrong_type"},
		{`{"colour": 1}`, "colour", "unknown_field"},
		{`{"budget": 1`, "", "json"},
		{`{"budget": 1} x`, "", "json"},
		{`{"budget": 1}`, "", ""},
		{``, "", ""},
	} {
		var in allocationIn
		err := decode([]byte(tt.body), &in)
		var v workflow.Violations
		if !errors.As(err, &v) {
			if tt.code != "" || err != nil {
				t.Errorf("%s: got %v, want %s", tt.body, err, tt.code)
			}
			continue
		}
		if v[0].Field != tt.field || v[0].Code != tt.code {
			t.Errorf("%s: got %+v, want %s %s", tt.body, v[0], tt.field, tt.code)
		}
	}
}

func TestIDsMayBeTexts(t *testing.T) {
	t.Parallel()
	var in batchIn
	if err := decode([]byte(`{"applications": ["12", 13], "pay_date": "2027-02-11"}`), &in); err != nil {
		t.Fatal(err)
	}
	if got := whole64(in.Applications); len(got) != 2 || got[0] != 12 || got[1] != 13 {
		t.Errorf("got %v", got)
	}
	if err := decode([]byte(`{"applications": ["a"]}`), &in); err == nil {
		t.Error("a text that is no number was taken for an application")
	}
}
