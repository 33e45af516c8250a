package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
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
