package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestWhoIsInConflictAttestsNoBatchOfTheCase: one case of the batch is enough, whichever
// of its lines it is, before the first attest and between the two; the page offers
// nothing that the API refuses (KL 6:28).
func TestWhoIsInConflictAttestsNoBatchOfTheCase(t *testing.T) {
	t.Parallel()
	k := payable(t, 2)
	v := pagesOf(k)
	made := k.call("finance1", http.MethodPost, "/payout-batches", fmt.Sprintf(`{"applications":[%d,%d],"pay_date":"2026-07-06"}`, k.payees[0].app, k.payees[1].app)).want(201)
	path, page := fmt.Sprintf("/payout-batches/%v", made.at("id")), fmt.Sprintf("/payouts/%v", made.at("id"))
	offered := func(who, attest string, want bool) {
		t.Helper()
		r := k.call(who, http.MethodGet, path, "").want(200)
		if got := strings.Contains(fmt.Sprint(r.at("allowed_actions")), attest); got != want {
			t.Errorf("%s is offered %s by the API: %v, want %v", who, attest, got, want)
		}
		if got := strings.Contains(v.raw(who, http.MethodGet, page, "").Body.String(), page+"/"+attest); got != want {
			t.Errorf("%s is offered %s by the page: %v, want %v", who, attest, got, want)
		}
	}
	attest := func(who, which string, want int) reply {
		t.Helper()
		tag := k.call(who, http.MethodGet, path, "").want(200).tag()
		return k.call(who, http.MethodPost, path+"/actions/"+which, "{}", "If-Match", tag).want(want)
	}
	conflict := func(who string, app int64) {
		t.Helper()
		at := fmt.Sprintf("/applications/%d", app)
		tag := k.call(who, http.MethodGet, at, "").want(200).tag()
		k.call(who, http.MethodPost, at+"/actions/declare_interest", `{"conflict":true,"reason":"Släkt."}`, "If-Match", tag).want(200)
	}
	offered("finance1", "attest1", true)
	offered("finance2", "attest1", true)
	conflict("finance2", k.payees[1].app)
	offered("finance1", "attest1", true)
	offered("finance2", "attest1", false)
	attest("finance2", "attest1", 403)
	attest("finance1", "attest1", 200)
	offered("finance2", "attest2", false)
	attest("finance2", "attest2", 403)
	v.sendForm("finance2", page+"/attest2", url.Values{"version": {fmt.Sprint(k.call("finance2", http.MethodGet, path, "").want(200).at("version"))}}, 403)
}

// TestWhoIsInConflictReadsNothingOfTheCaseInABatch: the other payments of the batch are
// still there and its sum still holds all; of the case in conflict no page, list, file or
// choice says a word, and no step is left to take (RF-18).
func TestWhoIsInConflictReadsNothingOfTheCaseInABatch(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	v := pagesOf(k)
	mine, others := k.payees[1], k.payees[0]
	at, page := fmt.Sprintf("/payout-batches/%d", k.batch), fmt.Sprintf("/payouts/%d", k.batch)
	k.bring(k.says(mine, "RJCT:AC04", 1)).want(200)
	dnr := fmt.Sprint(k.call("finance2", http.MethodGet, fmt.Sprintf("/applications/%d", mine.app), "").want(200).at("dnr"))
	names := []string{dnr, mine.reference}
	found := func(who string) (where []string) {
		t.Helper()
		for _, path := range []string{at, "/payout-batches"} {
			body := string(k.call(who, http.MethodGet, path, "").want(200).raw)
			for _, name := range append(names, fmt.Sprintf(`"application":%d,`, mine.app)) {
				if strings.Contains(body, name) {
					where = append(where, path+": "+name)
				}
			}
			if !strings.Contains(body, others.reference) {
				t.Errorf("%s doesn't get the other payment in %s", who, path)
			}
		}
		if body := string(k.call(who, http.MethodGet, "/payment-status/1", "").want(200).raw); strings.Contains(body, mine.reference) {
			where = append(where, "/payment-status/1")
		}
		for _, path := range []string{page, "/payouts", "/payouts/bank", "/payouts/bank/1", "/payouts/bank/1/lines/1"} {
			body := v.raw(who, http.MethodGet, path, "").Body.String()
			for _, name := range names {
				if strings.Contains(body, name) {
					where = append(where, path+": "+name)
				}
			}
		}
		return where
	}
	if where := found("finance2"); len(where) < 8 {
		t.Fatalf("before the conflict only %v name the case: this test would see nothing", where)
	}
	app := fmt.Sprintf("/applications/%d", mine.app)
	k.act("finance2", app, "declare_interest", `{"conflict":true,"reason":"Släkt."}`)
	if where := found("finance2"); len(where) > 0 {
		t.Errorf("who is in conflict finds the case in %v", where)
	}
	if where := found("finance1"); len(where) < 8 {
		t.Errorf("the other one finds it in %v only", where)
	}
	if text := v.get("finance2", "/payouts/bank/1", 200); !strings.Contains(text, "Rad om ett ärende där du är jävig") {
		t.Errorf("the line is not told of: %s", text)
	}
	k.call("finance2", http.MethodPost, "/payment-status/1/lines/1/match", `{"dismiss":true,"reason":"Inte vår."}`).want(404)
	r := k.call("finance2", http.MethodGet, at, "").want(200).has("withheld", 1).has("total_ore", 1.01e+06)
	if got := fmt.Sprint(r.at("allowed_actions")); got != "[]" {
		t.Errorf("steps left to who is in conflict: %s", got)
	}
	for _, step := range [][2]string{{"mark_paid", `{"on":"2026-07-07","voucher":"V 1"}`}, {"reissue", fmt.Sprintf(`{"payments":[%d],"reason":"Fel."}`, mine.payment)}} {
		k.call("finance2", http.MethodPost, at+"/actions/"+step[0], step[1], "If-Match", r.tag()).want(403)
	}
	k.call("finance2", http.MethodGet, at+"/files/sie.si", "").want(403)
	if got := v.raw("finance2", http.MethodGet, page+"/files/sie.si", "").Code; got != http.StatusForbidden {
		t.Errorf("the page gives the file with %d", got)
	}
	k.call("finance1", http.MethodGet, at+"/files/sie.si", "").want(200)
}

// TestASubstitutesAttestSaysWhose: whoever reads the batch sees whose authority it was given with.
func TestASubstitutesAttestSaysWhose(t *testing.T) {
	t.Parallel()
	var page batchPage
	b := workflow.Batch{Attest1: &workflow.Attest{By: "Eva"}, Attest2: &workflow.Attest{By: "Lena", For: "Nils"}}
	page.signs(lang.SV, b, func(email string) string { return email })
	if one, two := page.Signs[0].Name, page.Signs[1].Name; one != "Eva" || two != "Lena, som ersättare för Nils" {
		t.Errorf("signed by %q and %q", one, two)
	}
}
