package bank

import (
	"strings"
	"testing"
)

// TestSeveralAnswersInOneFile: a bank that gathers a day's answers puts several pain.002 into
// one file. Each speaks of its own batch: no level reaches into another message.
func TestSeveralAnswersInOneFile(t *testing.T) {
	t.Parallel()
	answer := func(id, original, status, rest string) string {
		return `<CstmrPmtStsRpt><GrpHdr><MsgId>` + id + `</MsgId><CreDtTm>2026-09-02T06:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>` + original +
			`</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.03</OrgnlMsgNmId>` + status + `</OrgnlGrpInfAndSts>` + rest + `</CstmrPmtStsRpt>`
	}
	document := func(inner string) string {
		return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03">` + inner + `</Document>`
	}
	first := answer("B1", "IF-20260901-0001", `<GrpSts>PART</GrpSts>`, `<OrgnlPmtInfAndSts><OrgnlPmtInfId>IF-20260901-0001-1</OrgnlPmtInfId><PmtInfSts>ACSP</PmtInfSts>`+
		`<TxInfAndSts><OrgnlEndToEndId>IF26-U000001</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>`)
	second := answer("B2", "IF-20260901-0002", `<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>`,
		`<OrgnlPmtInfAndSts><OrgnlPmtInfId>IF-20260901-0002-1</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>IF26-U000002</OrgnlEndToEndId></TxInfAndSts></OrgnlPmtInfAndSts>`)
	for name, body := range map[string]string{
		"documents in an envelope": `<Payload xmlns="urn:bank">` + document(first) + document(second) + `</Payload>`,
		"messages in one document": document(first + second),
	} {
		f := mustReadAll(t, body)
		if f.MessageID != "B1" || f.OriginalMessageID != "" || f.GroupStatus != "" || !hasFinding(f, FindingSeveral) || hasFinding(f, FindingRepeated) {
			t.Errorf("%s: file %s %q %q, findings %+v", name, f.MessageID, f.OriginalMessageID, f.GroupStatus, f.Findings)
		}
		var got []string
		for _, l := range f.Lines {
			got = append(got, strings.Join([]string{string(rune('0' + l.Message)), string(l.Level), l.MsgID, l.PmtInfID, l.EndToEndID, l.Status, l.Reason}, " "))
		}
		want := []string{
			"0 payment IF-20260901-0001 IF-20260901-0001-1 IF26-U000001 RJCT AC04",
			"0 pmtinf IF-20260901-0001 IF-20260901-0001-1  ACSP ",
			"1 payment IF-20260901-0002 IF-20260901-0002-1 IF26-U000002 RJCT AM04",
			"1 message IF-20260901-0002   RJCT AM04",
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: lines\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		var levels []string
		for _, l := range f.Levels {
			levels = append(levels, string(l.Name)+" "+l.MsgID+" "+l.Status)
		}
		if got := strings.Join(levels, ", "); got != "pmtinf IF-20260901-0001 ACSP, message IF-20260901-0001 PART, pmtinf IF-20260901-0002 , message IF-20260901-0002 RJCT" {
			t.Errorf("%s: levels %s", name, got)
		}
	}
	if f := mustReadAll(t, document(first+strings.Replace(first, "B1", "B3", 1))); f.OriginalMessageID != "IF-20260901-0001" || f.GroupStatus != "PART" {
		t.Errorf("two answers to one batch: %q %q", f.OriginalMessageID, f.GroupStatus)
	}
}
