package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"fund/sql/sqltest"
)

// split is a batch of n payments that went to the bank two in a message.
func split(t *testing.T, n int) *counter {
	t.Helper()
	k := payable(t, n)
	k.split = 2
	k.batch, k.message = k.exported(k.payees)
	sqltest.Freeze(t, k.url, time.Date(2026, 7, 8, 6, 0, 0, 0, time.UTC))
	return k
}

// level is what a bank says of a message as a whole, or of one of its groups.
func level(nonce int, message, group, status string) string {
	all, one := "<GrpSts>"+status+"</GrpSts>", ""
	if group != "" {
		all, one = "<GrpSts>PART</GrpSts>", "<OrgnlPmtInfAndSts><OrgnlPmtInfId>"+group+"</OrgnlPmtInfId><PmtInfSts>"+status+"</PmtInfSts></OrgnlPmtInfAndSts>"
	}
	return fmt.Sprintf(`<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>S%d</MsgId><CreDtTm>2026-07-07T08:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>%s</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.03</OrgnlMsgNmId>%s</OrgnlGrpInfAndSts>%s</CstmrPmtStsRpt></Document>`, nonce, message, all, one)
}

func (k *counter) statuses() string {
	var all []string
	for _, p := range k.payees {
		all = append(all, strings.Fields(k.status(p))[0])
	}
	return strings.Join(all, " ")
}

// TestAnAnswerIsAboutItsOwnMessage: what the bank says of one message, or of a group of
// it, touches no payment of the batch's other messages.
func TestAnAnswerIsAboutItsOwnMessage(t *testing.T) {
	t.Parallel()
	k := split(t, 5)
	for i, step := range []struct{ message, group, status, want string }{
		{k.message + "-B", "", "ACCP", "sent sent accepted accepted sent"},
		{k.message, "", "ACTC", "sent sent accepted accepted sent"},
		{k.message + "-C", k.message + "-C-1", "RJCT", "sent sent accepted accepted rejected"},
		{k.message, "", "ACSC", "paid paid accepted accepted rejected"},
		{k.message + "-B", k.message + "-B-1", "RJCT", "paid paid rejected rejected rejected"},
	} {
		r := k.bring(level(i, step.message, step.group, step.status)).want(200)
		if got := k.statuses(); got != step.want {
			t.Errorf("%d: after %s of %s%s payments are %s, want %s (%v)", i, step.status, step.message, step.group, got, step.want, r.body)
		}
		if n := len(r.body["findings"].([]any)); n > 0 && strings.Contains(fmt.Sprint(r.body["findings"]), "differs") {
			t.Errorf("%d: findings %v", i, r.body["findings"])
		}
	}
	// A message that the batch does not have is nobody's.
	k.bring(level(9, k.message+"-D", "", "RJCT")).want(200).has("lines.0.outcome", "unknown")
	k.call("finance1", http.MethodGet, fmt.Sprintf("/payout-batches/%d", k.batch), "").want(200).has("state", "settled")
}

// TestCountsAreThoseOfTheMessage: the bank's own count is held against the message's, not the batch's.
func TestCountsAreThoseOfTheMessage(t *testing.T) {
	t.Parallel()
	k := split(t, 3)
	say := func(nonce int, count string) string {
		return strings.Replace(level(nonce, k.message+"-B", "", "ACTC"), "<GrpSts>", "<OrgnlNbOfTxs>"+count+"</OrgnlNbOfTxs><GrpSts>", 1)
	}
	if r := k.bring(say(1, "1")).want(200); strings.Contains(fmt.Sprint(r.body["findings"]), "count_differs") {
		t.Errorf("one payment in the message: %v", r.body["findings"])
	}
	if r := k.bring(say(2, "3")).want(200); !strings.Contains(fmt.Sprint(r.body["findings"]), "count_differs") {
		t.Errorf("three said of one: %v", r.body["findings"])
	}
}

// TestFilesOfADividedBatch: every message's file on page and API, and none that is not there.
func TestFilesOfADividedBatch(t *testing.T) {
	t.Parallel()
	k := split(t, 3)
	v := pagesOf(k)
	path := fmt.Sprintf("/payout-batches/%d", k.batch)
	r := k.call("finance1", http.MethodGet, path, "").want(200).has("files.0.name", "pain.001.001.09.xml").has("files.0.message_id", k.message).
		has("files.1.name", "pain.001.001.09-2.xml").has("files.1.message_id", k.message+"-B").has("files.3.name", "pain.001.001.03-2.xml")
	if n := len(r.body["files"].([]any)); n != 4 {
		t.Errorf("%d files, want 4", n)
	}
	k.call("finance1", http.MethodGet, path+"/files/pain.001.001.09-2.xml", "").want(200)
	for _, name := range []string{"pain.001.001.09-3.xml", "pain.001.001.09-1.xml", "pain.001.001.09-02.xml", "pain.001.001.08-2.xml"} {
		k.call("finance1", http.MethodGet, path+"/files/"+name, "").want(404)
	}
	page := v.get("finance1", fmt.Sprintf("/payouts/%d", k.batch), 200)
	v.says(page, "Fil 1 av 2 till banken", "Fil 2 av 2 till banken", k.message+"-B", "pain.001.001.09-2.xml", "i en version som banken inte använder")
	// Handed over: each of the files asks why it is wanted again.
	file := fmt.Sprintf("/payouts/%d/files/pain.001.001.09-2.xml", k.batch)
	v.says(v.get("finance1", file, 200), "Filen är redan lämnad.")
	v.sendForm("finance1", file, url.Values{"reason": {""}}, 422)
	v.sendForm("finance1", file, url.Values{"reason": {"Banken fick den aldrig."}}, 200)
	v.says(v.get("finance1", fmt.Sprintf("/payouts/%d", k.batch), 200), "Banken fick den aldrig.")
	v.get("finance1", fmt.Sprintf("/payouts/%d/files/pain.001.001.09-3.xml", k.batch), 404)
}

// TestTheBanksLimits: a payment above the largest amount and a day too far ahead are
// refused when a batch is composed, and at the attest where the profile was changed since.
func TestTheBanksLimits(t *testing.T) {
	t.Parallel()
	k := payable(t, 2)
	v := pagesOf(k)
	body := func(i int, day string) string {
		return fmt.Sprintf(`{"applications":[%d],"pay_date":"%s"}`, k.payees[i].app, day)
	}
	v.says(v.sendForm("admin", "/admin/finance", financeForm("bank.max_payments", "0", "bank.max_kronor", "0", "bank.max_days", "400"), 422), "1 till 100000", "1 till 366", "större än noll")
	v.sendForm("admin", "/admin/finance", financeForm("bank.max_payments", "", "bank.max_kronor", "5 050", "bank.max_days", ""), 303)
	if s, err := k.store.FinanceSettings(t.Context()); err != nil || s.Bank.PerMessage() != 10_000 || s.Bank.DaysAhead() != 90 || s.Bank.MaxKronor != 5050 {
		t.Errorf("%+v %v", s.Bank, err)
	}
	k.call("finance1", http.MethodPost, "/payout-batches", body(0, "2026-10-05")).want(422).has("errors.0.field", "pay_date").has("errors.0.rule", "bank_days_ahead")
	k.call("finance1", http.MethodPost, "/payout-batches", body(1, "2026-07-06")).want(422).has("errors.0.field", "applications").has("errors.0.rule", "bank_amount")
	v.says(v.sendForm("finance1", "/payouts", url.Values{fmt.Sprintf("app.%d", k.payees[1].app): {"1"}, "pay_date": {"2026-07-06"}}, 422), "bankens gräns för en betalning")
	made := k.call("finance1", http.MethodPost, "/payout-batches", body(0, "2026-10-02")).want(201)
	path := fmt.Sprintf("/payout-batches/%v/actions/", made.at("id"))
	v.sendForm("admin", "/admin/finance", financeForm("bank.max_days", "30"), 303)
	k.call("finance1", http.MethodPost, path+"attest1", "{}", "If-Match", made.tag()).want(409).has("code", "bank_days_ahead")
	v.sendForm("admin", "/admin/finance", financeForm("bank.max_kronor", "4999"), 303)
	k.call("finance1", http.MethodPost, path+"attest1", "{}", "If-Match", made.tag()).want(409).has("code", "bank_amount")
	v.sendForm("admin", "/admin/finance", financeForm("bank.max_kronor", "5000"), 303)
	k.call("finance1", http.MethodPost, path+"attest1", "{}", "If-Match", made.tag()).want(200)
}
