package handlers

import (
	"context"
	dbsql "database/sql"
	"fmt"
	"net/http"
	"strings"
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
	split   int // payments in a message; 0: all in one
}

// counting walks a case to where it can be paid, copies it until there are n,
// and puts them into a batch that is exported and sent. Its day is 6 July 2026, the clock 8 July.
func counting(t testing.TB, n int) *counter {
	t.Helper()
	k := payable(t, n)
	k.batch, k.message = k.exported(k.payees)
	sqltest.Freeze(t, k.url, time.Date(2026, 7, 8, 6, 0, 0, 0, time.UTC))
	return k
}

// payable is n cases that can be paid on 6 July 2026.
func payable(t testing.TB, n int) *counter {
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
			files, groups := k.files(b)
			return tx.FinishExport(ctx, batch, files, groups)
		}); err != nil {
			k.t.Fatal(err)
		}
		break
	}
	if err := <-done; err != nil {
		k.t.Fatal(err)
	}
}

// files are what the job would have made of a batch.
func (k *counter) files(b workflow.Batch) (files []sql.FileBody, groups []sql.BankGroup) {
	bank := []string{"bankgiro", "plusgiro", "account", "iban"}
	if k.split == 0 {
		return []sql.FileBody{{Name: "sie.si", Type: "text/plain; charset=cp437", Body: strings.NewReader("x")}}, []sql.BankGroup{{PmtInf: b.MessageID + "-1", Lines: sql.LineRange{Channels: bank}}}
	}
	for _, version := range []string{"09", "03"} {
		for n := 1; (n-1)*k.split < len(b.Lines); n++ {
			files = append(files, sql.FileBody{Name: workflow.PaymentFileName(version, n), Type: "application/xml", Body: strings.NewReader(fmt.Sprint(version, n))})
			id := workflow.MessageName(b.MessageID, n)
			g := sql.BankGroup{PmtInf: id + "-1", Lines: sql.LineRange{Channels: bank, Skip: (n - 1) * k.split, Count: k.split}}
			if n > 1 {
				g.Message = id
			}
			if version == "09" {
				groups = append(groups, g)
			}
		}
	}
	return files, groups
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
