package handlers

import (
	"bytes"
	"context"
	dbsql "database/sql"
	"encoding/json"
	"fmt"
	"fund/jobs/bankfile"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// bankForm is an application from an independent school, paid by bankgiro.
const bankForm = `{"title":"Möte %d","scheme":"skolutbyte","round":"VT26",
 "applicant":{"school":"Yrkesgymnasiet Skellefteå","applicant_role":"lärare","contact_email":"t@example.org","principal_name":"Rektor","payment":{"method":"bankgiro","bankgiro":"5912-3455"}},
 "partner":{"name":"Brahestads gymnasium","city":"Brahestad","country":"Finland","sister_city":true,"letter_of_intent":{"date":"2026-01-08"}},
 "activity":{"type":"outgoing_group","start":"2026-09-01","end":"2026-09-06","programme_days":4,"travel_days":2,"joint_share":0.6},
 "participants":{"pupils":20,"staff":2},"text":{"summary":"Ett möte.","risk":"Genomgången.","programme":[{"day":"1","text":"Dag ett"}]},
 "budget":[{"line":1,"code":"RES","qty":22,"unit_price":2000,"amount":44000}],"funding":[],"requested":%d,"voluntary":0,
 "declarations":{"no_mandatory_fee":true,"public_record":true}}`

// payee is a case of the bank channel with its one payment.
type payee struct {
	app, payment int64
	reference    string
	kronor       int64
}

// counter is a stage with a batch that the bank has been given.
type counter struct {
	*stage
	batch   int64
	message string
	payees  []payee
}

// counting walks a case to where it can be paid, copies it until there are n,
// and puts them into a batch that is exported and sent. Its day is 6 July 2026, the clock 8 July.
func counting(t *testing.T, n int) *counter {
	t.Helper()
	k := payable(t, n)
	k.batch, k.message = k.exported(k.payees)
	sqltest.Freeze(t, k.url, time.Date(2026, 7, 8, 6, 0, 0, 0, time.UTC))
	return k
}

// payable is n cases that can be paid on 6 July 2026.
func payable(t *testing.T, n int) *counter {
	t.Helper()
	k := &counter{stage: newStage(t), payees: []payee{{kronor: 5000}}}
	k.round("VT26")
	k.decide(0)
	sqltest.Freeze(t, k.url, time.Date(2026, 7, 6, 6, 0, 0, 0, time.UTC))
	k.act("officer", fmt.Sprintf("/applications/%d", k.payees[0].app), "check_advisory", `{"level":"none","source":"UD","on":"2026-07-01"}`)
	k.machine(k.payees[0].app, workflow.MakePayable{})
	db, err := dbsql.Open("postgres", k.url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for i := 1; i < n; i++ {
		k.payees = append(k.payees, payee{app: k.copied(db, k.payees[0], int64(5000+100*i)), kronor: int64(5000 + 100*i)})
	}
	return k
}

// copied is another case like the first with another sum, as rows.
func (k *counter) copied(db *dbsql.DB, first payee, kronor int64) (app int64) {
	k.t.Helper()
	const columns = "version, state, scheme, round, school, org_no, applicant, channel, title, requested, has_money, received_at, decided_at, trip_start, trip_end, search, created_at, updated_at"
	if err := db.QueryRow(`INSERT INTO applications (`+columns+`, granted, dnr, record)
		SELECT `+columns+`, CAST($2 AS bigint), 'IF 2026-9' || CAST(CAST($2 AS bigint) AS text), jsonb_set(record, '{decision,granted}', to_jsonb(CAST($2 AS bigint))) FROM applications WHERE id = $1 RETURNING id`,
		first.app, kronor).Scan(&app); err != nil {
		k.t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO payments (application, n, share, amount, earliest, last, status, channel) SELECT $2, n, share, $3, earliest, last, status, channel FROM payments WHERE application = $1`,
		`INSERT INTO ledger (round, application, version, at, kind, from_acc, to_acc, amount) SELECT round, $2, version, at, kind, from_acc, to_acc, $3 FROM ledger WHERE application = $1`,
	} {
		if _, err := db.Exec(statement, first.app, app, kronor); err != nil {
			k.t.Fatal(err)
		}
	}
	return app
}

func (k *counter) machine(app int64, cmd workflow.Command) {
	k.t.Helper()
	if _, err := k.store.Apply(k.t.Context(), sql.Ref{ID: app}, workflow.Machine(), cmd); err != nil {
		k.t.Fatal(err)
	}
}

func (k *counter) decide(i int) {
	k.t.Helper()
	p := &k.payees[i]
	const teacher = "teacher.yrkesgymnasiet-skelleftea"
	made := k.call(teacher, http.MethodPost, "/applications", fmt.Sprintf(bankForm, i+1, p.kronor)).want(201)
	if _, err := fmt.Sscan(fmt.Sprint(made.at("id")), &p.app); err != nil {
		k.t.Fatal(err)
	}
	path := fmt.Sprintf("/applications/%d", p.app)
	k.act(teacher, path, "request_approval", "{}")
	k.act("principal.yrkesgymnasiet-skelleftea", path, "approve", `{"statement":"Ja."}`)
	k.act(teacher, path, "submit", "{}")
	k.machine(p.app, workflow.TakeUp{})
	k.act("officer", path, "rule_eligibility", `{"eligible":true,"rulings":[]}`)
	k.act("officer", path, "assign_reviewers", `{"reviewers":["reviewer1@example.org","reviewer2@example.org"]}`)
	words := strings.Repeat("Väl motiverat. ", 10)
	review := `{"ratings":{"K1":4,"K2":4,"K3":4,"K4":4,"K5":4},"comments":{"K1":"` + words + `","K2":"` + words + `","K3":"` + words + `","K4":"` + words + `","K5":"` + words + `"}}`
	for _, who := range []string{"reviewer1", "reviewer2"} {
		k.act(who, path, "declare_interest", `{"conflict":false}`)
		k.act(who, path, "submit_review", review)
	}
	k.act("officer", path, "set_consensus", `{"ratings":{"K1":4,"K2":4,"K3":4,"K4":4,"K5":4},"comment":"Enigt."}`)
	k.act("officer", path, "rank", `{}`)
	proposal := fmt.Sprintf(`"outcome":"granted","amount":%d,"reasons":[],"text":"Bra utbyte."`, p.kronor)
	k.act("officer", path, "propose", "{"+proposal+"}")
	k.act("head", path, "decide", "{"+proposal+`,"delegation_item":"3.1"}`)
	k.act(teacher, path, "accept_conditions", "{}")
	for _, who := range []string{"finance1", "finance2"} {
		k.act(who, path, "verify_account", `{"called_back":true,"note":"Stämmer."}`)
	}
}

// exported composes a batch of the cases, attests and exports it, and sends it.
func (k *counter) exported(list []payee) (batch int64, message string) {
	k.t.Helper()
	return k.exportedOn(list, "2026-07-06")
}

func (k *counter) exportedOn(list []payee, day string) (batch int64, message string) {
	k.t.Helper()
	var apps []string
	for _, p := range list {
		apps = append(apps, fmt.Sprint(p.app))
	}
	made := k.call("finance1", http.MethodPost, "/payout-batches", `{"applications":[`+strings.Join(apps, ",")+`],"pay_date":"`+day+`"}`).want(201)
	if _, err := fmt.Sscan(fmt.Sprint(made.at("id")), &batch); err != nil {
		k.t.Fatal(err)
	}
	path := fmt.Sprintf("/payout-batches/%d", batch)
	tag := made.tag()
	for _, step := range [][2]string{{"finance1", "attest1"}, {"finance2", "attest2"}} {
		tag = k.call(step[0], http.MethodPost, path+"/actions/"+step[1], "{}", "If-Match", tag).want(200).tag()
	}
	k.export(batch)
	tag = k.call("finance1", http.MethodGet, path, "").want(200).tag()
	sent := k.call("finance1", http.MethodPost, path+"/actions/mark_sent", `{"on":"`+day+`"}`, "If-Match", tag).want(200)
	for i := range k.payees {
		for j := range list {
			x := fmt.Sprintf("payments.%d.", j)
			if fmt.Sprint(sent.at(x+"application")) == fmt.Sprint(k.payees[i].app) {
				k.payees[i].reference = fmt.Sprint(sent.at(x + "end_to_end_id"))
				fmt.Sscan(fmt.Sprint(sent.at(x+"id")), &k.payees[i].payment)
			}
		}
	}
	return batch, fmt.Sprint(sent.at("message_id"))
}

// export does what the job does, with one small file.
func (k *counter) export(batch int64) {
	k.t.Helper()
	who, err := k.store.PersonByEmail(k.t.Context(), "finance1@example.org")
	if err != nil {
		k.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := k.store.BatchAction(k.t.Context(), workflow.Act(who), batch, workflow.AnyVersion, "export", nil)
		done <- err
	}()
	for k.t.Context().Err() == nil {
		var job sql.Job
		if _, err := k.store.SendDue(k.t.Context(), 1000, func(j sql.Job) error {
			if j.Kind == workflow.JobExportBatch {
				job = j
			}
			return nil
		}); err != nil {
			k.t.Fatal(err)
		}
		if job.ID == 0 {
			continue
		}
		if err := k.store.Work(k.t.Context(), job.ID, func(ctx context.Context, tx *sql.Tx, _ sql.Job) error {
			b, err := tx.Batch(ctx, batch)
			if err != nil {
				return err
			}
			return tx.FinishExport(ctx, batch, []sql.FileBody{{Name: "sie.si", Type: "text/plain; charset=cp437", Body: strings.NewReader("x")}}, map[string][]string{b.MessageID + "-1": {"bankgiro", "plusgiro", "account", "iban"}})
		}); err != nil {
			k.t.Fatal(err)
		}
		break
	}
	if err := <-done; err != nil {
		k.t.Fatal(err)
	}
}

func (k *counter) bring(body string) reply {
	k.t.Helper()
	return k.call("finance1", http.MethodPost, "/payment-status", body, "Content-Type", "application/xml")
}

// status is how the payment stands now, with what is in doubt.
func (k *counter) status(p payee) string {
	k.t.Helper()
	c, err := k.store.Case(k.t.Context(), workflow.Machine(), p.app)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, x := range c.App.Payments {
		if x.ID == p.payment {
			out := x.Status
			if x.Unsettled() {
				out += " in doubt"
			}
			if !x.PaidOn.IsZero() {
				out += " " + x.PaidOn.String()
			}
			return out
		}
	}
	return "none"
}

// says makes a file of the bank's about one payment.
func (k *counter) says(p payee, word string, nonce int) string {
	code, reason, _ := strings.Cut(word, ":")
	switch code {
	case "debit", "return":
		side, back := "DBIT", ""
		if code == "return" {
			side, back = "CRDT", "<RtrInf><Rsn><Cd>"+orWord(reason, "AC04")+"</Cd></Rsn></RtrInf>"
		}
		return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>CAMT-%d</MsgId><CreDtTm>2026-07-07T08:00:00+02:00</CreDtTm></GrpHdr><Ntfctn><Id>N-%d</Id><Acct><Id><IBAN>SE1350000000053681234566</IBAN></Id></Acct>
<Ntry><Amt Ccy="SEK">%d.00</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-07-07</Dt></BookgDt><BkTxCd/>
<NtryDtls><TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs><Amt Ccy="SEK">%d.00</Amt><CdtDbtInd>%s</CdtDbtInd>%s</TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`,
			nonce, nonce, p.kronor, side, p.reference, p.kronor, side, back)
	}
	why := ""
	if reason != "" {
		why = "<StsRsnInf><Rsn><Cd>" + reason + "</Cd></Rsn></StsRsnInf>"
	}
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>PAIN-%d</MsgId><CreDtTm>2026-07-07T08:00:00+02:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>%s</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>%s-1</OrgnlPmtInfId><TxInfAndSts><OrgnlInstrId>%s</OrgnlInstrId><OrgnlEndToEndId>%s</OrgnlEndToEndId><TxSts>%s</TxSts>%s</TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`,
		nonce, k.message, k.message, p.reference, p.reference, code, why)
}

func orWord(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

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

// books holds ledger and payments against each other.
func (k *counter) books() {
	k.t.Helper()
	m, err := k.store.RoundMoney(k.t.Context(), "VT26")
	if err != nil {
		k.t.Fatal(err)
	}
	var paid, granted int64
	for _, p := range k.payees {
		c, err := k.store.Case(k.t.Context(), workflow.Machine(), p.app)
		if err != nil {
			k.t.Fatal(err)
		}
		paid, granted = paid+c.App.PaidOut(), granted+c.App.Decision.Granted
	}
	if m.Paid != paid || m.Reserved+m.Paid != granted {
		k.t.Errorf("the ledger says %+v; payments say %d paid of %d granted", m, paid, granted)
	}
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

// pagesOf gives a counter pages.
func pagesOf(k *counter) *school {
	k.t.Helper()
	static, err := NewStatic()
	if err != nil {
		k.t.Fatal(err)
	}
	s := New(Deps{Store: k.store, Render: testRenderer(k.t), Static: static, Rehearsal: true, BaseURL: "http://fund.test", Wall: time.Now, Log: slog.New(slog.NewTextHandler(k.t.Output(), nil))})
	return &school{stage: k.stage, pages: s.Handler(), cookies: map[string]string{}, path: fmt.Sprintf("/applications/%d", k.payees[0].app)}
}

// uploadBank brings a file through the page.
func (v *school) uploadBank(who, body string, want int) string {
	v.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "svar.xml")
	if err != nil {
		v.t.Fatal(err)
	}
	if _, err := io.WriteString(part, body); err != nil {
		v.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		v.t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, "/payouts/bank", &b)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return v.send(who, req, want)
}

func TestAnswersFromTheBankOnPages(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	v := pagesOf(k)
	p := k.payees[0]
	v.says(v.get("finance1", "/payouts/bank", 200), "Inga filer än", "Läs in filen")
	v.says(v.uploadBank("finance1", "nonsens", 422), "ingen hel XML-fil")
	v.uploadBank("finance1", k.says(p, "RJCT:AC04", 1), 303)
	v.uploadBank("finance1", strings.ReplaceAll(k.says(k.payees[1], "debit", 2), k.payees[1].reference, "IF26-U999999"), 303)
	v.says(v.get("finance1", "/payouts/bank", 200), "Kontot är avslutat.", p.reference, "1 rad väntar", "Kunde inte läsas")
	v.says(v.get("finance1", "/tasks", 200), "Banken sade nej: "+p.reference, "Kontot är avslutat.", "Rader från banken att koppla")
	v.says(v.get("finance1", "/payouts", 200), "Svar från banken")
	v.says(v.get("auditor", "/payouts/bank/3", 200), "IF26-U999999", "Koppla")
	v.get("teacher", "/payouts/bank/3", 403)
	v.says(v.get("finance1", "/payouts/bank/3/lines/1", 200), "Vad gäller raden?", k.payees[1].reference)
	v.says(v.post("finance1", "/payouts/bank/3/lines/1", 422, "what", "payment", "payment", "", "reason", "Banken skrev fel."), "Betalning", "Banken skrev fel.")
	v.post("finance1", "/payouts/bank/3/lines/1", 303, "what", "payment", "payment", fmt.Sprint(k.payees[1].payment), "reason", "Banken skrev fel.")
	if got := k.status(k.payees[1]); got != "paid 2026-07-07" {
		t.Error(got)
	}
	v.says(v.get("finance1", "/payouts/bank/3/lines/1", 200), "Kopplad av", "Banken skrev fel.")
	v.says(v.get("finance1", fmt.Sprintf("/payouts/%d", k.batch), 200), "Betala "+p.reference+" igen")
	b := k.call("finance1", http.MethodGet, fmt.Sprintf("/payout-batches/%d", k.batch), "")
	v.post("finance1", fmt.Sprintf("/payouts/%d/reissue", k.batch), 303, "version", fmt.Sprint(b.body["version"]), fmt.Sprintf("again.%d", p.payment), "1", "again_reason", "Nytt konto.")
	if got := k.status(p); got != "replaced" {
		t.Error(got)
	}
}

// TestIncomingMoneyIsOnlyProposed: a claim's reference proposes a repayment, which a person records.
func TestIncomingMoneyIsOnlyProposed(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	p := k.payees[0]
	k.bring(k.says(p, "debit", 1)).want(200)
	path := fmt.Sprintf("/applications/%d", p.app)
	sqltest.Freeze(t, k.url, time.Date(2027, 4, 8, 6, 0, 0, 0, time.UTC))
	k.machine(p.app, workflow.StartTravel{})
	k.machine(p.app, workflow.EndTravel{})
	k.machine(p.app, workflow.ProposeRecovery{})
	k.act("head", path, "decide_recovery", `{"amount":5000,"due_on":"2027-05-01","reason":"Ingen rapport."}`)
	dnr := fmt.Sprint(k.call("officer", http.MethodGet, path, "").at("dnr"))
	credit := strings.NewReplacer("<EndToEndId>"+p.reference+"</EndToEndId>", "<EndToEndId>NOTPROVIDED</EndToEndId>", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>",
		"<RmtInf><Ustrd>Retur "+strings.ToLower(dnr)+"</Ustrd></RmtInf>", "2026-07-07", "2027-04-07").Replace(k.says(p, "return", 2))
	r := k.bring(credit).want(200).has("lines.0.outcome", "proposed").has("lines.0.problem", "repayment").has("lines.0.claim", p.app).has("lines.0.payment", "<nil>")
	k.call("officer", http.MethodGet, path, "").want(200).has("recovery.repaid", 0)
	match := fmt.Sprintf("/payment-status/%v/lines/1/match", r.at("id"))
	k.call("finance2", http.MethodPost, match, fmt.Sprintf(`{"application":%d,"reason":"Stämmer."}`, p.app)).want(403)
	k.call("finance1", http.MethodPost, match, fmt.Sprintf(`{"application":%d,"reason":"Stämmer."}`, p.app)).want(200).has("lines.0.waits", false)
	k.call("officer", http.MethodGet, path, "").want(200).has("recovery.repaid", 5000)
	k.bring(credit).want(200).has("repeated", true)
	k.call("officer", http.MethodGet, path, "").want(200).has("recovery.repaid", 5000)
}

// TestReconciliationFollowsTheLedger: page, workbook and PDF have the same sums, and they hold.
func TestReconciliationFollowsTheLedger(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	v := pagesOf(k)
	k.bring(k.says(k.payees[0], "debit", 1)).want(200)
	k.bring(k.says(k.payees[0], "return", 2)).want(200)
	k.bring(k.says(k.payees[1], "debit", 3)).want(200)
	p, err := k.store.PersonByEmail(t.Context(), "auditor@example.org")
	if err != nil {
		t.Fatal(err)
	}
	all, err := k.store.Reconcile(t.Context(), workflow.Act(p))
	if err != nil || len(all) != 1 || !all[0].Holds() {
		t.Fatalf("%+v %v", all, err)
	}
	if got := all[0].Sum; got.Total != 400000 || got.Paid != 10100 || got.Returned != 5000 || got.Net != 5100 || got.Reserved != 5000 || got.Left != 400000-10100 {
		t.Errorf("sums %+v", got)
	}
	v.says(v.get("auditor", "/payouts/reconciliation", 200), "10 100 kr", "389 900 kr", "juli 2026", "inte kontrollerats")
	for _, kind := range []string{"xlsx", "pdf"} {
		v.file("finance2", "/payouts/reconciliation."+kind, "application/")
		v.get("officer", "/payouts/reconciliation."+kind, 403)
	}
}

// TestSelfCheckFindsWhatIsWrong breaks the books behind the program's back, one way after the other.
func TestSelfCheckFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	k := counting(t, 2)
	v := pagesOf(k)
	k.bring(k.says(k.payees[0], "debit", 1)).want(200)
	check := func() map[string]bool {
		wrong := map[string]bool{}
		if err := k.store.InTx(t.Context(), func(tx *sql.Tx) error {
			got, err := tx.RunSelfCheck(t.Context())
			for _, c := range got.Checks {
				if len(c.Items) > 0 {
					wrong[c.Code] = true
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return wrong
	}
	if wrong := check(); len(wrong) > 0 {
		t.Fatalf("sound books: %v", wrong)
	}
	v.says(v.get("finance1", "/payouts/reconciliation", 200), "Böckerna stämde", "Håller")
	v.says(v.get("finance1", "/payouts", 200), "Stämde 8 juli")
	db, err := dbsql.Open("postgres", k.url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, wrong := range [][2]string{
		{"sums", `UPDATE payments SET pay = amount - 1`},
		{"unanswered", `UPDATE batches SET record = jsonb_set(record, '{sent_on}', '"2026-06-01"')`},
		{"years", `UPDATE payments SET paid_on = '2027-01-02' WHERE status = 'paid'`},
		{"undecided", `UPDATE applications SET record = record - 'decision'`},
		{"paid", `UPDATE payments SET status = 'paid', paid_on = '2026-07-07' WHERE status = 'sent'`},
		{"balances", `UPDATE round_balances SET balance = balance + 1 WHERE account = 'paid'`},
		{"lines", `UPDATE batch_lines SET live = false`},
	} {
		code, statement := wrong[0], wrong[1]
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		if wrong := check(); !wrong[code] {
			t.Errorf("%s: not found; found %v", code, wrong)
		}
	}
	v.says(v.get("finance1", "/payouts/reconciliation", 200), "Böckerna stämmer inte")
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
