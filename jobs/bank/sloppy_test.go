package bank

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"
)

func mustReadAll(t *testing.T, body string) File {
	t.Helper()
	f, err := ReadAll(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCharsets(t *testing.T) {
	t.Parallel()
	plain := painFile(`<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>NARR</Cd></Rsn><AddtlInf>%</AddtlInf></StsRsnInf>`, "")
	with := func(head, text string) string { return head + strings.Replace(plain, "%", text, 1) }
	wide := func(order unicode.Endianness, bom unicode.BOMPolicy, text string) string {
		out, err := unicode.UTF16(order, bom).NewEncoder().String(with(`<?xml version="1.0" encoding="UTF-16"?>`, text))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	rows := []struct{ name, body, want string }{
		{"UTF-16", wide(unicode.LittleEndian, unicode.UseBOM, "spärrat €"), "spärrat €"},
		{"UTF-16, the other way", wide(unicode.BigEndian, unicode.UseBOM, "spärrat €"), "spärrat €"},
		{"UTF-16 without a mark", wide(unicode.LittleEndian, unicode.IgnoreBOM, "spärrat €"), "spärrat €"},
		{"UTF-8 undeclared", with("", "Kontot är spärrat"), "Kontot är spärrat"},
		{"BOM", with("\xef\xbb\xbf"+`<?xml version="1.0" encoding="utf-8"?>`, "Kontot är spärrat"), "Kontot är spärrat"},
		{"ISO-8859-1", with(`<?xml version="1.0" encoding="ISO-8859-1"?>`, "Kontot \xe4r sp\xe4rrat"), "Kontot är spärrat"},
		{"ISO-8859-15", with(`<?xml version="1.0" encoding="iso-8859-15"?>`, "\xa4 \xe5"), "€ å"},
		{"Windows-1252", with(`<?xml version="1.0" encoding="windows-1252"?>`, "\x80 \x96 \xf6"), "€ – ö"},
		{"BOM with another charset", with("\xef\xbb\xbf"+`<?xml version="1.0" encoding="ISO-8859-1"?>`, "spärr"), "spärr"},
		{"UTF8", with(`<?xml version="1.0" encoding="UTF8"?>`, "spärr"), "spärr"},
		{"ASCII", with(`<?xml version="1.0" encoding="US-ASCII"?>`, "stopped &#246;"), "stopped ö"},
		{"CDATA", with("", "<![CDATA[<b> & ö]]>"), "<b> & ö"},
	}
	for _, row := range rows {
		f := mustReadAll(t, row.body)
		if got := f.Lines[0].Text; got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
		if hasFinding(f, FindingBOM) != (row.name == "BOM with another charset") {
			t.Errorf("%s: findings %+v", row.name, f.Findings)
		}
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	msg := func(attr, inner string) string {
		return `<Document ` + attr + `>` + inner + `</Document>`
	}
	xmlns := func(v string) string { return `xmlns="urn:iso:std:iso:20022:tech:xsd:` + v + `"` }
	pain := `<CstmrPmtStsRpt><GrpHdr><MsgId>B</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>M</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId><GrpSts>ACTC</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt>`
	rows := []struct {
		name, body, version, finding string
		kind                         Kind
	}{
		{"03", msg(xmlns("pain.002.001.03"), pain), "pain.002.001.03", "", Pain002},
		{"10", msg(xmlns("pain.002.001.10"), pain), "pain.002.001.10", "", Pain002},
		{"12 is tried", msg(xmlns("pain.002.001.12"), pain), "pain.002.001.12", FindingVersion, Pain002},
		{"no namespace", msg("", pain), "pain.002.001.03", FindingNamespace, Pain002},
		{"misspelt", msg(strings.ToUpper("x")+xmlns("pain.002.001.10")[1:], pain), "pain.002.001.10", FindingNamespace, Pain002},
		{"schemaLocation is none", msg(`xsi:schemaLocation="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10 x.xsd"`, pain), "pain.002.001.03", FindingNamespace, Pain002},
		{"other family's", msg(xmlns("camt.053.001.08"), pain), "pain.002.001.03", FindingContradiction, Pain002},
		{"prefix", `<n:Document xmlns:n="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03">` + strings.NewReplacer("</", "</n:", "<", "<n:").Replace(pain) + `</n:Document>`, "pain.002.001.03", "", Pain002},
		{"a community's namespace", msg(`xmlns="http://www.six-interbank-clearing.com/de/pain.002.001.10.ch.03.xsd"`, pain), "pain.002.001.10", "", Pain002},
		{"a namespace of no message", msg(`xmlns="urn:bank:pain.002"`, pain), "pain.002.001.03", FindingNamespace, Pain002},
		{"in an envelope", `<Envelope xmlns="urn:bank"><AppHdr><Fr/></AppHdr>` + msg(xmlns("pain.002.001.03"), pain) + `</Envelope>`, "pain.002.001.03", "", Pain002},
		{"without Document", pain, "pain.002.001.03", FindingNamespace, Pain002},
		{"02", msg(xmlns("pain.002.001.02"), `<pain.002.001.02><GrpHdr><MsgId>B</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>M</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId></OrgnlGrpInfAndSts>`+
			`<TxInfAndSts><OrgnlEndToEndId>E</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts></pain.002.001.02>`), "pain.002.001.02", FindingVersion, Pain002},
		{"UETR means 10", msg("", strings.Replace(pain, `<GrpSts>ACTC</GrpSts></OrgnlGrpInfAndSts>`, `</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><TxInfAndSts><OrgnlUETR>255AE394-9965-4438-AC86-F406FEADA396</OrgnlUETR></TxInfAndSts></OrgnlPmtInfAndSts>`, 1)),
			"pain.002.001.10", FindingNamespace, Pain002},
		{"Sts/Cd means 08", msg("", `<BkToCstmrStmt><GrpHdr><MsgId>B</MsgId></GrpHdr><Stmt><Ntry><Sts><Cd>BOOK</Cd></Sts></Ntry></Stmt></BkToCstmrStmt>`), "camt.053.001.08", FindingNamespace, Camt053},
	}
	for _, row := range rows {
		f := mustReadAll(t, row.body)
		if f.Kind != row.kind || f.Version != row.version || len(f.Lines) != 1 || f.MessageID != "B" {
			t.Errorf("%s: %s %s, %d lines", row.name, f.Kind, f.Version, len(f.Lines))
		}
		for _, code := range []string{FindingVersion, FindingNamespace, FindingContradiction} {
			want := code == row.finding || row.finding == FindingContradiction && code == FindingNamespace
			if hasFinding(f, code) != want {
				t.Errorf("%s: finding %s: %v", row.name, code, !want)
			}
		}
	}
}

func tx(id, status string) string {
	s := `<TxInfAndSts><OrgnlEndToEndId>` + id + `</OrgnlEndToEndId>`
	if status != "" {
		s += `<TxSts>` + status + `</TxSts>`
	}
	return s + `</TxInfAndSts>`
}

func inf(id, status, rest string) string {
	s := `<OrgnlPmtInfAndSts><OrgnlPmtInfId>` + id + `</OrgnlPmtInfId>`
	if status != "" {
		s += `<PmtInfSts>` + status + `</PmtInfSts>`
	}
	return s + rest + `</OrgnlPmtInfAndSts>`
}

// The table "level by level; the more exact one wins".
func TestStatusIsInherited(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, group, rest string
		want              []string // level id status
	}{
		{"group RJCT speaks for all", "RJCT", "", []string{"message  RJCT"}},
		{"PmtInf RJCT speaks for its own", "", inf("P1", "RJCT", ""), []string{"pmtinf P1 RJCT"}},
		{"group ACSP for all not named", "ACSP", inf("P1", "", tx("E1", "RJCT")), []string{"payment E1 RJCT", "message  ACSP"}},
		{"PART speaks of nobody", "PART", inf("P1", "PART", tx("E1", "RJCT")), []string{"payment E1 RJCT"}},
		{"named without TxSts inherits the PmtInf", "ACTC", inf("P1", "RJCT", tx("E1", "")), []string{"payment E1 RJCT", "pmtinf P1 RJCT", "message  ACTC"}},
		{"else the group", "ACTC", inf("P1", "", tx("E1", "")), []string{"payment E1 ACTC", "message  ACTC"}},
		{"not from PART on the group", "PART", inf("P1", "", tx("E1", "")), []string{"payment E1 "}},
		{"nor from PART on the PmtInf", "ACTC", inf("P1", "PART", tx("E1", "")), []string{"payment E1 ", "message  ACTC"}},
		{"PmtInf RJCT under group ACTC", "ACTC", inf("P1", "RJCT", ""), []string{"pmtinf P1 RJCT", "message  ACTC"}},
		{"all named by the bank's count", "ACTC", inf("P1", "RJCT", `<OrgnlNbOfTxs>2</OrgnlNbOfTxs>`+tx("E1", "RJCT")+tx("E2", "RJCT")), []string{"payment E1 RJCT", "payment E2 RJCT", "message  ACTC"}},
		{"one named twice is one", "", inf("P1", "RJCT", `<OrgnlNbOfTxs>2</OrgnlNbOfTxs>`+tx("E1", "RJCT")+tx("E1", "RJCT")), []string{"payment E1 RJCT", "payment E1 RJCT", "pmtinf P1 RJCT"}},
		{"levels come after all payments", "", inf("P1", "RJCT", "") + inf("P1", "", tx("E1", "ACSC")), []string{"payment E1 ACSC", "pmtinf P1 RJCT"}},
		{"small letters and blanks", " rjct ", "", []string{"message  RJCT"}},
		{"nothing said", "", "", nil},
	}
	for _, row := range rows {
		group := ""
		if row.group != "" {
			group = `<GrpSts>` + row.group + `</GrpSts>`
		}
		f := mustReadAll(t, painFile(group, row.rest))
		var got []string
		for _, l := range f.Lines {
			id := l.EndToEndID
			if l.Level == OneGroup {
				id = l.PmtInfID
			}
			got = append(got, string(l.Level)+" "+id+" "+l.Status)
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s: %s", row.name, diff)
		}
		if hasFinding(f, FindingNoLines) != (row.want == nil) {
			t.Errorf("%s: findings %+v", row.name, f.Findings)
		}
	}
}

// A payment refused without a reason has the one of the level above, or a duplicate
// would be taken for a plain rejection.
func TestReasonComesFromAbove(t *testing.T) {
	t.Parallel()
	du01 := `<StsRsnInf><Rsn><Cd>DU01</Cd></Rsn></StsRsnInf>`
	f := mustReadAll(t, painFile(`<GrpSts>RJCT</GrpSts>`+du01, inf("P1", "RJCT", tx("E1", "RJCT")+tx("E2", ""))))
	for _, l := range f.Lines {
		if !l.Duplicate() || l.Reason != "DU01" {
			t.Errorf("%s %s: reason %q", l.Level, l.EndToEndID, l.Reason)
		}
	}
	f = mustReadAll(t, painFile(`<GrpSts>ACTC</GrpSts>`+du01, inf("P1", "", tx("E1", "RJCT"))))
	if l := f.Lines[0]; l.Reason != "" {
		t.Errorf("a reason of another status was taken: %q", l.Reason)
	}
}

func TestSloppyPain002(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, body, finding string
		check               func(Line) bool
	}{
		{"blanks around ids", painFile("", inf(" P1\n", "ACSC", tx("\t E1 ", "ACSC"))), "", func(l Line) bool { return l.EndToEndID == "E1" && l.PmtInfID == "P1" }},
		{"NOTPROVIDED", painFile("", inf("P1", "", tx("NotProvided", "ACSC"))), FindingNoReference, func(l Line) bool { return l.EndToEndID == "" && l.Problem == ProblemNoReference }},
		{"one text in three", painFile(`<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Prtry>X9</Prtry></Rsn><AddtlInf>`+strings.Repeat("a", 104)+`b</AddtlInf><AddtlInf>c d</AddtlInf><AddtlInf>e</AddtlInf></StsRsnInf>`, ""), "",
			func(l Line) bool { return strings.HasSuffix(l.Text, "abc d e") && l.Reason == "X9" && l.Proprietary }},
		{"two statuses", painFile("", inf("P1", "", `<TxInfAndSts><OrgnlEndToEndId>E</OrgnlEndToEndId><TxSts>RJCT</TxSts><TxSts>ACSC</TxSts></TxInfAndSts>`)), FindingRepeated, func(l Line) bool { return l.Status == "RJCT" }},
		{"status after its payments", painFile("", `<OrgnlPmtInfAndSts><OrgnlPmtInfId>P1</OrgnlPmtInfId>`+tx("E", "")+`<PmtInfSts>RJCT</PmtInfSts></OrgnlPmtInfAndSts>`), FindingOrder, func(l Line) bool { return l.Status == "" }},
		{"no message id", strings.Replace(painFile(`<GrpSts>ACTC</GrpSts>`, ""), "<MsgId>B1</MsgId>", "", 1), FindingNoMessageID, nil},
		{"no original id", strings.Replace(painFile(`<GrpSts>RJCT</GrpSts>`, ""), "<OrgnlMsgId>IF-20260901-0001</OrgnlMsgId>", "", 1), FindingNoOriginal, func(l Line) bool { return l.Problem == ProblemNoReference }},
		{"no original name", strings.Replace(painFile(`<GrpSts>ACTC</GrpSts>`, ""), "<OrgnlMsgNmId>pain.001.001.03</OrgnlMsgNmId>", "", 1), FindingNoOriginalName, nil},
		{"counts that differ", painFile(`<OrgnlNbOfTxs>5</OrgnlNbOfTxs><GrpSts>ACTC</GrpSts><NbOfTxsPerSts><DtldNbOfTxs>4</DtldNbOfTxs><DtldSts>ACTC</DtldSts></NbOfTxsPerSts>`, ""), FindingCount, nil},
		{"a UETR of wrong form", painFile("", inf("P1", "", `<TxInfAndSts><OrgnlUETR>255ae394x9965-4438-ac86-f406feada396</OrgnlUETR><OrgnlEndToEndId>E</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>`)), FindingUETR, func(l Line) bool { return l.UETR == "" }},
		{"amount with a comma", painFile("", inf("P1", "", `<TxInfAndSts><OrgnlEndToEndId>E</OrgnlEndToEndId><TxSts>ACSC</TxSts><OrgnlTxRef><Amt><InstdAmt Ccy="SEK">12,50</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>`)), FindingAmount, func(l Line) bool { return !l.HasAmount && l.Problem == ProblemAmountForm }},
		{"what we asked for goes before what was settled", painFile("", inf("P1", "", `<TxInfAndSts><OrgnlEndToEndId>E</OrgnlEndToEndId><TxSts>ACSC</TxSts><OrgnlTxRef><IntrBkSttlmAmt Ccy="EUR">1.00</IntrBkSttlmAmt><Amt><InstdAmt Ccy="SEK">12500.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>`)), "",
			func(l Line) bool { return l.AmountOre == 1250000 && l.Currency == "SEK" }},
		{"names under Pty", painFile("", inf("P1", "", `<TxInfAndSts><OrgnlEndToEndId>E</OrgnlEndToEndId><TxSts>ACSC</TxSts><OrgnlTxRef><Cdtr><Pty><Nm>Friskolan</Nm></Pty></Cdtr></OrgnlTxRef></TxInfAndSts>`)), "", func(l Line) bool { return l.Party == "Friskolan" }},
		{"anything in an envelope", painFile(`<GrpSts>ACTC</GrpSts>`, `<SplmtryData><Envlp><Own><OrgnlMsgId>other</OrgnlMsgId></Own></Envlp></SplmtryData>`), "", func(l Line) bool { return l.MsgID == "IF-20260901-0001" }},
	}
	for _, row := range rows {
		f := mustReadAll(t, row.body)
		if row.finding != "" && !hasFinding(f, row.finding) {
			t.Errorf("%s: findings %+v", row.name, f.Findings)
		}
		if row.finding == "" && len(f.Findings) != 0 {
			t.Errorf("%s: findings %+v", row.name, f.Findings)
		}
		if len(f.Lines) == 0 || row.check != nil && !row.check(f.Lines[0]) {
			t.Errorf("%s: lines %+v", row.name, f.Lines)
		}
	}
}

// What nobody sees is in no id and turns no text around.
func TestUnseenCharactersAreLeftOut(t *testing.T) {
	t.Parallel()
	f := mustReadAll(t, painFile("", inf("P1", "", `<TxInfAndSts><OrgnlEndToEndId>&#x200B;IF27-&#xAD;U000301&#xFEFF; </OrgnlEndToEndId><TxSts>RJCT</TxSts>`+
		`<StsRsnInf><Rsn><Cd>NARR</Cd></Rsn><AddtlInf>&#x202E;Kontot &#x200D;är stängt</AddtlInf></StsRsnInf></TxInfAndSts>`)))
	if l := f.Lines[0]; l.EndToEndID != "IF27-U000301" || l.Text != "Kontot är stängt" {
		t.Errorf("id %q, text %q", l.EndToEndID, l.Text)
	}
}
