package bankfile

import (
	"fmt"
	"strings"
	"testing"

	"fund/jobs/bank"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/money"
)

// read judges a pain.002 of the message M with the groups M-1 (payments A, B) and M-2 (C), which are sent,
// and tells each line's outcome and each payment's status.
func read(t *testing.T, status, groups string) (lines, payments string) {
	t.Helper()
	file, err := bank.ReadAll(strings.NewReader(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>B</MsgId></GrpHdr>` +
		`<OrgnlGrpInfAndSts><OrgnlMsgId>M</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>` + status + `</OrgnlGrpInfAndSts>` + groups + `</CstmrPmtStsRpt></Document>`))
	if err != nil {
		t.Fatal(err)
	}
	j := blankJudge(file)
	j.near = map[money.SEK][]sql.BankPayment{}
	for i, id := range []string{"A", "B", "C"} {
		j.payments = append(j.payments, sql.BankPayment{Payment: int64(i + 1), Application: int64(i + 1), Batch: 1, Reference: id, PmtInf: []string{"M-1", "M-1", "M-2"}[i], MessageID: "M", Live: true, Status: workflow.PaySent, Ore: 100})
	}
	j.indexPayments()
	for _, l := range file.Lines {
		if err := j.judge(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range j.lines {
		lines += fmt.Sprintf("%s %s %v; ", l.Outcome, l.Problem, l.Waits)
	}
	for _, p := range j.payments {
		payments += p.Reference + " " + string(j.standing[p.Payment].Status) + "; "
	}
	return lines, payments
}

// PART speaks of nobody but whom it names, also where the level above says more (payments.md §6).
func TestPartOfAGroupHoldsBackTheWhole(t *testing.T) {
	t.Parallel()
	part := `<OrgnlPmtInfAndSts><OrgnlPmtInfId>M-1</OrgnlPmtInfId><PmtInfSts>PART</PmtInfSts><TxInfAndSts><OrgnlEndToEndId>A</OrgnlEndToEndId><TxSts>RJCT</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>`
	if lines, got := read(t, "<GrpSts>ACCP</GrpSts>", part); got != "A rejected; B sent; C accepted; " {
		t.Errorf("%s (%s)", got, lines)
	}
	if lines, got := read(t, "<GrpSts>ACCP</GrpSts>", strings.Replace(part, "<PmtInfSts>PART</PmtInfSts>", "", 1)); got != "A rejected; B accepted; C accepted; " {
		t.Errorf("%s (%s)", got, lines)
	}
}

// What the bank says of payees' names moves nothing and is for information, also where no payment is
// found; where a name is not the account's somebody must look.
func TestPayeeChecksInformAndAsk(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ status, groups, lines string }{
		{"<GrpSts>RVCM</GrpSts>", "", "informational payee_check true; "},
		{"<GrpSts>RVNC</GrpSts>", "", "informational  false; "},
		{"", `<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>A</OrgnlEndToEndId><TxSts>RVNM</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>`, "informational payee_check true; "},
		{"", `<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>Z</OrgnlEndToEndId><TxSts>RVNM</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>`, "informational payee_check true; "},
		{"", `<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>Z</OrgnlEndToEndId><TxSts>RVMC</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>`, "informational  false; "},
	} {
		if lines, got := read(t, row.status, row.groups); lines != row.lines || got != "A sent; B sent; C sent; " && !strings.Contains(row.groups, ">A<") {
			t.Errorf("%s%s: %s %s", row.status, row.groups, lines, got)
		}
	}
}
