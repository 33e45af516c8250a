package handlers

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fund/jobs/bankfile"
	"fund/sql/sqltest"
	"fund/workflow"
)

func TestPaymentStatusMovesPayments(t *testing.T) {
	t.Parallel()
	k := counting(t, 4)
	for i, step := range []struct {
		payee                          int
		word, status, outcome, problem string
	}{
		{0, "ACCP", "accepted", "applied", "<nil>"},
		{0, "debit", "paid 2026-07-07", "applied", "<nil>"},
		{0, "ACCP", "paid 2026-07-07", "no_change", "<nil>"},
		{1, "RJCT:AC04", "rejected", "applied", "<nil>"},
		{1, "debit", "rejected in doubt", "conflict", "paid_although_rejected"},
		{2, "RJCT:DU01", "unclear in doubt", "applied", "duplicate"},
		{3, "return", "sent in doubt", "conflict", "return_before_debit"},
		{3, "debit", "returned", "applied", "<nil>"},
	} {
		p := k.payees[step.payee]
		r := k.bring(k.says(p, step.word, i)).want(200).has("repeated", false).has("lines.0.outcome", step.outcome).has("lines.0.problem", step.problem).
			has("lines.0.payment", p.payment).has("lines.0.end_to_end_id", p.reference)
		if got := k.status(p); got != step.status {
			t.Errorf("%s: payment is %s, want %s", step.word, got, step.status)
		}
		again := k.bring(k.says(p, step.word, i)).want(200).has("repeated", true)
		r.body["repeated"], again.body["repeated"] = nil, nil
		a, _ := json.Marshal(r.body)
		b, _ := json.Marshal(again.body)
		if string(a) != string(b) {
			t.Errorf("%s again:\n%s\n%s", step.word, a, b)
		}
	}
	if got := k.call("finance1", http.MethodGet, "/payment-status/6", "").want(200); fmt.Sprint(got.at("lines.0.text_sv")) == "" {
		t.Error("a refusal has no words")
	}
	// A rejected payment in doubt can't be issued anew; one that came back can.
	path := fmt.Sprintf("/payout-batches/%d", k.batch)
	tag := k.call("finance1", http.MethodGet, path, "").want(200).tag()
	k.call("finance1", http.MethodPost, path+"/actions/reissue", fmt.Sprintf(`{"payments":[%d],"reason":"Fel konto."}`, k.payees[1].payment), "If-Match", tag).want(409).has("code", "disputed")
	k.call("finance1", http.MethodPost, path+"/actions/reissue", fmt.Sprintf(`{"payments":[%d],"reason":"Fel konto."}`, k.payees[3].payment), "If-Match", tag).want(200)
}

func TestAWholeMessageSettlesItsBatch(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	file := `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>A</MsgId><CreDtTm>2026-07-07T08:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>` + k.message + `</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.03</OrgnlMsgNmId><OrgnlNbOfTxs>3</OrgnlNbOfTxs><GrpSts>ACSC</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>`
	r := k.bring(file).want(200).has("group_status", "ACSC").has("lines.0.payment", "<nil>").has("lines.0.outcome", "applied").has("findings.0.code", "count_differs")
	if got := r.at("lines.0.payments"); fmt.Sprint(got) != fmt.Sprintf("[%d %d]", k.payees[0].payment, k.payees[1].payment) {
		t.Errorf("payments %v", got)
	}
	k.call("finance1", http.MethodGet, fmt.Sprintf("/payout-batches/%d", k.batch), "").want(200).has("state", "settled").has("payments.0.status", "paid").has("payments.0.paid_on", "2026-07-06")
	// The booking that comes later tells the true day.
	k.bring(k.says(k.payees[0], "debit", 1)).want(200).has("lines.0.outcome", "confirmed")
	if got := k.status(k.payees[0]); got != "paid 2026-07-07" {
		t.Error(got)
	}
}

// TestSeveralAnswersInOneFileAreToldOneByOne: what the second message says of the whole
// batch holds for the payments that only the first one named, too.
func TestSeveralAnswersInOneFileAreToldOneByOne(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	answer := func(id, status, rest string) string {
		return `<CstmrPmtStsRpt><GrpHdr><MsgId>` + id + `</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>` + k.message +
			`</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.03</OrgnlMsgNmId><GrpSts>` + status + `</GrpSts></OrgnlGrpInfAndSts>` + rest + `</CstmrPmtStsRpt>`
	}
	named := `<OrgnlPmtInfAndSts><OrgnlPmtInfId>` + k.message + `-1</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>` + k.payees[0].reference +
		`</OrgnlEndToEndId><TxSts>ACSP</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>`
	k.bring(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03">`+answer("A", "PART", named)+answer("B", "ACSC", "")+`</Document>`).want(200).
		has("message_id", "A").has("group_status", "<nil>").has("original_message_id", k.message).has("findings.0.code", "several_messages").
		has("lines.0.outcome", "applied").has("lines.1.outcome", "applied").has("lines.1.level", "message")
	for i, p := range k.payees {
		if got := k.status(p); got != "paid 2026-07-06" {
			t.Errorf("payment %d is %s", i+1, got)
		}
	}
}

// TestAnswersInAnyOrderEndAlike: pairs of payments are told the same, in another order and some of it twice.
func TestAnswersInAnyOrderEndAlike(t *testing.T) {
	t.Parallel()
	const pairs = 8
	k := counting(t, 2*pairs)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	draw := rand.New(rand.NewPCG(seed, 0))
	vocabulary := []string{"RCVD", "ACTC", "ACCP", "ACSP", "ACSC", "RJCT:AC04", "RJCT:DU01", "debit", "return", "PART"}
	nonce := 0
	tell := func(p payee, words []string) {
		for _, w := range words {
			nonce++
			k.bring(k.says(p, w, nonce)).want(200)
		}
	}
	for i := range pairs {
		var words []string
		for range 1 + draw.IntN(4) {
			words = append(words, vocabulary[draw.IntN(len(vocabulary))])
		}
		other := slices.Clone(words)
		draw.Shuffle(len(other), func(a, b int) { other[a], other[b] = other[b], other[a] })
		other = append(other, words[draw.IntN(len(words))])
		a, b := k.payees[2*i], k.payees[2*i+1]
		tell(a, words)
		tell(b, other)
		one, two := k.status(a), k.status(b)
		// What contradicts itself is a person's in any order; all else ends alike.
		if one != two && !(strings.Contains(one, "doubt") || strings.Contains(two, "doubt")) {
			t.Errorf("%v: %s; %v: %s", words, one, other, two)
		}
		gone := slices.Contains(words, "debit") || slices.Contains(words, "ACSC")
		if gone && !slices.Contains(words, "return") && (one == "rejected" || two == "rejected") {
			t.Errorf("%v: the money has gone, and may be paid again: %s, %s", words, one, two)
		}
	}
	k.books()
}

// TestSamplesInAnyOrder imports every sample, twice and in two orders, with ids of ours put in for some of theirs.
func TestSamplesInAnyOrder(t *testing.T) {
	t.Parallel()
	var files []string
	for _, dir := range []string{"camt", "pain002"} {
		found, err := filepath.Glob("../testdata/samples/" + dir + "/*.xml")
		if err != nil || len(found) == 0 {
			t.Fatal(found, err)
		}
		files = append(files, found...)
	}
	end := func(order []string) (states []string) {
		k := counting(t, 3)
		for range 2 {
			for _, name := range order {
				raw, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				body := strings.NewReplacer("XXX001_20220315_B_DZSOXXXX", k.message, "20110102-0000001", k.message, "CT-1", k.message,
					"ENDTOENDID-950-TEST2-2807-01", k.payees[0].reference, "E2E-2", k.payees[1].reference, "INSTR-7", k.payees[2].reference).Replace(string(raw))
				r := k.bring(body).want(200)
				for i := range r.body["lines"].([]any) {
					x := fmt.Sprintf("lines.%d.", i)
					if r.at(x+"payment") == nil && fmt.Sprint(r.at(x+"payments")) == "[]" && r.at(x+"problem") == nil && r.at(x+"outcome") != "informational" && r.at(x+"outcome") != "not_ours" && r.at(x+"outcome") != "no_change" {
						t.Errorf("%s: line %d has neither payment nor reason: %v", name, i+1, r.at("lines."+fmt.Sprint(i)))
					}
				}
			}
		}
		for _, p := range k.payees {
			states = append(states, k.status(p))
		}
		k.books()
		return append(states, fmt.Sprint(k.call("finance1", http.MethodGet, fmt.Sprintf("/payout-batches/%d", k.batch), "").at("state")))
	}
	back := slices.Clone(files)
	slices.Reverse(back)
	one, two := end(files), end(back)
	if !slices.Equal(one, two) {
		t.Errorf("in order %v, in reverse %v", one, two)
	}
	if one[0] != "rejected" || one[2] != "rejected" {
		t.Errorf("the samples' refusals were lost: %v", one)
	}
}

func TestLinesAreMatchedByHand(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	p := k.payees[0]
	lost := strings.ReplaceAll(k.says(p, "debit", 1), p.reference, "IF26-U999999")
	r := k.bring(lost).want(200).has("lines.0.outcome", "proposed").has("lines.0.waits", true)
	path := fmt.Sprintf("/payment-status/%v/lines/1/match", r.at("id"))
	k.call("teacher", http.MethodPost, path, `{}`).want(403)
	k.call("teacher", http.MethodPost, "/payment-status/999/lines/1/match", `{}`).want(404)
	k.call("auditor", http.MethodPost, path, `{}`).want(403)
	k.call("finance1", http.MethodPost, fmt.Sprintf("/payment-status/%v/lines/2/match", r.at("id")), `{}`).want(404)
	k.call("finance1", http.MethodPost, path, `{"payment":12345,"reason":"x"}`).want(422).has("errors.0.field", "payment")
	k.call("finance1", http.MethodPost, path, fmt.Sprintf(`{"payment":%d,"reason":" "}`, p.payment)).want(422).has("errors.0.field", "reason")
	k.call("finance1", http.MethodPost, path, fmt.Sprintf(`{"payment":%d,"reason":"Rätt skola."}`, k.payees[1].payment)).want(409).has("code", "other_amount")
	k.call("finance2", http.MethodPost, path, fmt.Sprintf(`{"payment":"%s","reason":"Banken skrev fel."}`, p.reference), "Idempotency-Key", "m1").want(200).
		has("lines.0.payment", p.payment).has("lines.0.waits", false)
	k.call("finance2", http.MethodPost, path, fmt.Sprintf(`{"payment":"%s","reason":"Banken skrev fel."}`, p.reference), "Idempotency-Key", "m1").want(200)
	if got := k.status(p); got != "paid 2026-07-07" {
		t.Error(got)
	}
	k.call("finance2", http.MethodPost, path, fmt.Sprintf(`{"payment":%d,"reason":"Igen."}`, p.payment)).want(409).has("code", "line_placed")

	// The bank refused as a duplicate; it was asked, and had not paid.
	q := k.payees[1]
	r = k.bring(k.says(q, "RJCT:DU01", 2)).want(200)
	k.call("finance1", http.MethodPost, fmt.Sprintf("/payment-status/%v/lines/1/match", r.at("id")), fmt.Sprintf(`{"payment":%d,"reason":"Banken säger att den inte är betald."}`, q.payment)).want(200)
	if got := k.status(q); got != "rejected" {
		t.Error(got)
	}
	k.call("finance1", http.MethodGet, fmt.Sprintf("/payout-batches/%d", k.batch), "").want(200).has("state", "settled")
	k.books()
}

func TestOnlyFinanceBringsAnswers(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	for _, who := range []string{"teacher", "officer", "head", "auditor", "admin"} {
		st.call(who, http.MethodPost, "/payment-status", "<a/>").want(403)
	}
	st.call("officer", http.MethodGet, "/payment-status", "").want(403)
	st.call("officer", http.MethodGet, "/payment-status/1", "").want(404)
	st.call("auditor", http.MethodGet, "/payment-status", "").want(200)
	for body, rule := range map[string]string{"": "empty", "{}": "not_xml", "<Document/>": "other_kind", `<!DOCTYPE a [<!ENTITY b "c">]><a/>`: "doctype"} {
		st.call("finance1", http.MethodPost, "/payment-status", body).want(422).has("type", "/problems/bank-file").has("errors.0.rule", rule)
	}
	st.call("finance1", http.MethodPost, "/payment-status", strings.Repeat(" ", 21<<20)).want(413)
	if list := st.call("auditor", http.MethodGet, "/payment-status", "").want(200).body["items"].([]any); len(list) != 3 {
		t.Errorf("%d refused files are kept, want 3", len(list))
	}
}

func TestBatchesOutsideFinance(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	for _, path := range []string{"/payout-batches/%d", "/payout-batches/%d/files/sie.si"} {
		k.call("teacher", http.MethodGet, fmt.Sprintf(path, k.batch), "").want(403)
		k.call("teacher", http.MethodGet, fmt.Sprintf(path, 999), "").want(404)
		k.call("auditor", http.MethodGet, fmt.Sprintf(path, k.batch), "").want(200)
	}
	k.call("teacher", http.MethodPost, "/payout-batches/999/actions/attest1", "{}").want(404)
	k.call("teacher", http.MethodPost, fmt.Sprintf("/payout-batches/%d/actions/attest1", k.batch), "{}").want(403)
	k.call("finance1", http.MethodGet, fmt.Sprintf("/payout-batches/%d/files/none", k.batch), "").want(404)
}

// TestImportKilledAtEveryStep kills the taking in of an answer between any two
// statements: all of it is there, or nothing, and it is never booked twice.
func TestImportKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	who, err := k.store.PersonByEmail(t.Context(), "finance1@example.org")
	if err != nil {
		t.Fatal(err)
	}
	files := func() int {
		list, err := k.store.BankFiles(t.Context(), workflow.Act(who), 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	body := []byte(k.says(k.payees[0], "debit", 1))
	before := k.status(k.payees[0])
	kills := 0
	for n := 1; files() == 0; n++ {
		ctx, _, release := sqltest.KillAfter(t.Context(), n)
		_, err := bankfile.Import(ctx, k.store, workflow.Act(who), body)
		release()
		if got := k.status(k.payees[0]); (got == before) != (files() == 0) {
			t.Fatalf("killed at %d (%v): payment %s with %d files", n, err, got, files())
		}
		k.books()
		kills++
	}
	if kills < 20 {
		t.Errorf("killed at %d places only", kills)
	}
	k.bring(string(body)).want(200).has("repeated", true)
	if got := k.status(k.payees[0]); got != "paid 2026-07-07" || files() != 1 {
		t.Errorf("after all: %s, %d files", got, files())
	}
	k.books()
}

// TestTheSameAnswerTwiceAtOnce: one is taken in, the other is a repeat.
func TestTheSameAnswerTwiceAtOnce(t *testing.T) {
	t.Parallel()
	k := counting(t, 3)
	k.token("finance1")
	var all sync.WaitGroup
	for i, p := range k.payees {
		for range 2 {
			all.Go(func() {
				if r := k.bring(k.says(p, "debit", i)); r.status != 200 {
					t.Errorf("%d: %s", r.status, r.raw)
				}
			})
		}
	}
	all.Wait()
	for _, p := range k.payees {
		if got := k.status(p); got != "paid 2026-07-07" {
			t.Error(got)
		}
	}
	k.books()
	k.call("finance1", http.MethodGet, fmt.Sprintf("/payout-batches/%d", k.batch), "").want(200).has("state", "settled")
}

// TestAReplacedPaymentThatWasPaidStopsTheNewOne: the bank rejects, finance issues anew, and the bank has paid the first after all.
func TestAReplacedPaymentThatWasPaidStopsTheNewOne(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	p := k.payees[0]
	k.bring(k.says(p, "RJCT:AC04", 1)).want(200)
	path := fmt.Sprintf("/payout-batches/%d", k.batch)
	tag := k.call("finance1", http.MethodGet, path, "").want(200).tag()
	k.call("finance1", http.MethodPost, path+"/actions/reissue", fmt.Sprintf(`{"payments":[%d],"reason":"Nytt konto."}`, p.payment), "If-Match", tag).want(200)
	compose := fmt.Sprintf(`{"applications":[%d],"pay_date":"2026-07-08"}`, p.app)
	made := k.call("finance1", http.MethodPost, "/payout-batches", compose).want(201)
	if fmt.Sprint(made.at("payments.0.end_to_end_id")) == p.reference {
		t.Error("a new payment has the old one's id")
	}
	r := k.bring(k.says(p, "debit", 2)).want(200).has("lines.0.problem", "paid_although_replaced").has("lines.0.payment", p.payment)
	next := fmt.Sprintf("/payout-batches/%v/actions/", made.at("id"))
	k.call("finance1", http.MethodPost, next+"attest1", "{}", "If-Match", made.tag()).want(409).has("code", "disputed")
	k.call("finance1", http.MethodPost, next+"cancel", `{"reason":"Banken säger emot sig."}`, "If-Match", made.tag()).want(200)
	k.call("finance1", http.MethodPost, "/payout-batches", compose).want(409).has("code", "not_payable")
	k.call("finance1", http.MethodPost, fmt.Sprintf("/payment-status/%v/lines/1/match", r.at("id")), fmt.Sprintf(`{"payment":%d,"reason":"Banken har bekräftat att den inte är betald."}`, p.payment)).want(200)
	again := k.call("finance1", http.MethodPost, "/payout-batches", compose).want(201)
	if again.at("payments.0.end_to_end_id") == made.at("payments.0.end_to_end_id") {
		t.Error("a cancelled batch's id was used again")
	}
	k.books()
}
