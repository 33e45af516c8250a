package bank

import (
	"slices"
	"strings"
	"testing"

	"fund/workflow/money"
)

func camtFile(entries string) string {
	return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>S1</MsgId><CreDtTm>2026-09-03T06:00:00+02:00</CreDtTm></GrpHdr>` +
		`<Stmt><Id>1</Id><CreDtTm>2026-09-02T23:59:00+02:00</CreDtTm><Acct><Id><IBAN>SE13 5000 0000 0536 8123 4566</IBAN></Id></Acct>` + entries + `</Stmt></BkToCstmrStmt></Document>`
}

// entry is an Ntry of 125.00 SEK; parts are put between its head and its end.
func entry(side, status string, parts ...string) string {
	return `<Ntry><Amt Ccy="SEK">125.00</Amt><CdtDbtInd>` + side + `</CdtDbtInd><Sts><Cd>` + status + `</Cd></Sts><BookgDt><Dt>2026-09-01</Dt></BookgDt>` +
		`<AcctSvcrRef>A1</AcctSvcrRef>` + strings.Join(parts, "") + `</Ntry>`
}

func details(parts ...string) string {
	return `<NtryDtls><TxDtls>` + strings.Join(parts, `</TxDtls><TxDtls>`) + `</TxDtls></NtryDtls>`
}

func refs(id string) string { return `<Refs><EndToEndId>` + id + `</EndToEndId></Refs>` }

func TestCamtLines(t *testing.T) {
	t.Parallel()
	one := func(check func(Line) bool) func([]Line) bool {
		return func(l []Line) bool { return len(l) == 1 && check(l[0]) }
	}
	ore := func(n money.SEK) func([]Line) bool {
		return one(func(l Line) bool { return l.HasAmount && l.AmountOre == n })
	}
	amt := `<Amt Ccy="SEK">`
	rows := []struct {
		name, entries, finding string
		check                  func([]Line) bool
	}{
		{"a single detail has the entry's amount", entry("DBIT", "BOOK", details(refs("E"))), "", ore(12500)},
		{"its own goes first", entry("DBIT", "BOOK", details(refs("E")+amt+`125.00</Amt><AmtDtls><TxAmt><Amt Ccy="SEK">1.00</Amt></TxAmt></AmtDtls>`)), "", ore(12500)},
		{"then TxAmt, wherever it stands", entry("DBIT", "BOOK", details(refs("E")+`<AmtDtls><InstdAmt><Amt Ccy="SEK">9.00</Amt></InstdAmt><TxAmt><Amt Ccy="SEK">125.00</Amt></TxAmt></AmtDtls>`)), "", ore(12500)},
		{"then InstdAmt", entry("DBIT", "BOOK", details(refs("E")+`<AmtDtls><InstdAmt><Amt Ccy="SEK">125.00</Amt></InstdAmt></AmtDtls>`)), "", ore(12500)},
		{"of two details none has the entry's", entry("DBIT", "BOOK", details(refs("E"), refs("F"))), FindingNoAmount, func(l []Line) bool {
			return len(l) == 2 && !l[0].HasAmount && !l[1].HasAmount && l[0].EndToEndID == "E" && l[1].EndToEndID == "F"
		}},
		{"details that do not add up", entry("DBIT", "BOOK", details(refs("E")+amt+`100.00</Amt>`, refs("F")+amt+`20.00</Amt>`)), FindingSum, func(l []Line) bool { return len(l) == 2 }},
		{"what came back lessens a bulk", entry("DBIT", "BOOK", `<NtryDtls><Btch><TtlAmt Ccy="SEK">125.00</TtlAmt></Btch><TxDtls>`+refs("E")+amt+`150.00</Amt></TxDtls><TxDtls>`+refs("F")+amt+`25.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls></NtryDtls>`), "", func(l []Line) bool {
			return len(l) == 2 && l[0].Direction == Debit && l[1].Direction == Credit
		}},
		{"what came back does not add up", entry("DBIT", "BOOK", details(refs("E")+amt+`150.00</Amt>`, refs("F")+amt+`20.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>`)), FindingSum, func(l []Line) bool { return len(l) == 2 }},
		{"details over two NtryDtls", entry("DBIT", "BOOK", details(refs("E")+amt+`100.00</Amt>`), details(refs("F")+amt+`25.00</Amt>`)), "", func(l []Line) bool { return len(l) == 2 }},
		{"a detail of the other side", entry("DBIT", "BOOK", details(refs("E")+amt+`125.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>`)), "", one(func(l Line) bool { return l.Direction == Credit })},
		{"the bank's number is the entry's", entry("DBIT", "BOOK", details(refs("E"))), "", one(func(l Line) bool { return l.BankRef == "A1" && l.Account == "SE1350000000053681234566" })},
		{"batch that disagrees", entry("DBIT", "BOOK", `<NtryDtls><Btch><PmtInfId>P1</PmtInfId><NbOfTxs>2</NbOfTxs><TtlAmt Ccy="SEK">125.00</TtlAmt></Btch><TxDtls>`+refs("E")+`</TxDtls></NtryDtls>`), FindingBatch, one(func(l Line) bool { return l.PmtInfID == "P1" && !l.Bulk })},
		{"batch without details", entry("DBIT", "BOOK", `<NtryDtls><Btch><MsgId>M1</MsgId><PmtInfId>P1</PmtInfId><NbOfTxs>2</NbOfTxs></Btch></NtryDtls>`), "", one(func(l Line) bool {
			return l.Level == OneEntry && l.Bulk && l.PmtInfID == "P1" && l.MsgID == "M1" && l.AmountOre == 12500
		})},
		{"two batches with details", entry("DBIT", "BOOK", `<NtryDtls><Btch><PmtInfId>P1</PmtInfId></Btch><TxDtls>`+refs("E")+amt+`100.00</Amt></TxDtls></NtryDtls>`,
			`<NtryDtls><Btch><PmtInfId>P2</PmtInfId></Btch><TxDtls>`+refs("F")+amt+`25.00</Amt></TxDtls></NtryDtls>`), "", func(l []Line) bool {
			return len(l) == 2 && l[0].PmtInfID == "P1" && l[1].PmtInfID == "P2"
		}},
		{"two batches without details", entry("DBIT", "BOOK", `<NtryDtls><Btch><PmtInfId>P1</PmtInfId><TtlAmt Ccy="SEK">100.00</TtlAmt></Btch></NtryDtls>`, `<NtryDtls><Btch><PmtInfId>P2</PmtInfId><TtlAmt Ccy="SEK">25.00</TtlAmt></Btch></NtryDtls>`), "", func(l []Line) bool {
			return len(l) == 2 && l[0].Bulk && l[0].PmtInfID == "P1" && l[0].AmountOre == 10000 && l[1].Bulk && l[1].PmtInfID == "P2" && l[1].AmountOre == 2500 &&
				l[1].BankRef == "A1" && l[1].Booked && l[1].Direction == Debit
		}},
		{"two batches without sums", entry("DBIT", "BOOK", `<NtryDtls><Btch><PmtInfId>P1</PmtInfId></Btch></NtryDtls>`, `<NtryDtls><Btch><PmtInfId>P2</PmtInfId></Btch></NtryDtls>`), FindingRepeated, one(func(l Line) bool {
			return l.Bulk && l.PmtInfID == "P1" && l.AmountOre == 12500
		})},
		{"two batches that do not add up", entry("DBIT", "BOOK", `<NtryDtls><Btch><PmtInfId>P1</PmtInfId><TtlAmt Ccy="SEK">100.00</TtlAmt></Btch></NtryDtls>`, `<NtryDtls><Btch><PmtInfId>P2</PmtInfId><TtlAmt Ccy="SEK">20.00</TtlAmt></Btch></NtryDtls>`), FindingRepeated, ore(12500)},
		{"a batch without details beside one with", entry("DBIT", "BOOK", details(refs("E")+amt+`100.00</Amt>`), `<NtryDtls><Btch><PmtInfId>P2</PmtInfId><TtlAmt Ccy="SEK">25.00</TtlAmt></Btch></NtryDtls>`), "", func(l []Line) bool {
			return len(l) == 2 && l[0].EndToEndID == "E" && l[0].AmountOre == 10000 && l[1].Bulk && l[1].PmtInfID == "P2" && l[1].AmountOre == 2500
		}},
		{"a batch before its details, and another", entry("DBIT", "BOOK", `<NtryDtls><Btch><PmtInfId>P1</PmtInfId><TtlAmt Ccy="SEK">100.00</TtlAmt></Btch></NtryDtls>`, details(refs("E")+amt+`100.00</Amt>`), `<NtryDtls><Btch><PmtInfId>P2</PmtInfId><TtlAmt Ccy="SEK">25.00</TtlAmt></Btch></NtryDtls>`), "", func(l []Line) bool {
			return len(l) == 2 && l[0].PmtInfID == "P1" && !l[0].Bulk && l[1].Bulk && l[1].PmtInfID == "P2"
		}},
		{"a batch before its details", entry("DBIT", "BOOK", `<NtryDtls><Btch><PmtInfId>P1</PmtInfId></Btch></NtryDtls>`, details(refs("E"))), "", one(func(l Line) bool { return l.PmtInfID == "P1" })},
		{"entry without anything", entry("DBIT", "BOOK"), FindingNoReference, one(func(l Line) bool { return l.Level == OneEntry && !l.Bulk && l.Problem == ProblemNoReference })},
		{"our id as NtryRef alone", entry("DBIT", "BOOK", `<NtryRef>IF27-U000301</NtryRef>`), "", one(func(l Line) bool { return slices.Equal(l.References(), []string{"IF27-U000301"}) })},
		{"the bank's number as NtryRef", entry("DBIT", "BOOK", `<NtryRef>20270114-0001</NtryRef>`), FindingNoReference, one(func(l Line) bool { return l.Problem == ProblemNoReference && l.Remittance == "" })},
		{"our id in the entry's text alone", entry("DBIT", "BOOK", details(`<AmtDtls/>`), `<AddtlNtryInf>Utbet. IF27-U000301, Friskolan 12345</AddtlNtryInf>`), "", one(func(l Line) bool { return slices.Equal(l.References(), []string{"IF27-U000301"}) })},
		{"our id beside a reference", entry("DBIT", "BOOK", `<NtryRef>IF27-U000301</NtryRef>`, details(refs("E"))), "", one(func(l Line) bool { return l.EndToEndID == "E" && len(l.References()) == 0 })},
		{"pending", entry("DBIT", "PDNG", details(refs("E"))), "", one(func(l Line) bool { return !l.Booked && l.Signal().Kind == SaysInfo })},
		{"information", entry("DBIT", "INFO", details(refs("E"))), "", one(func(l Line) bool { return !l.Booked && l.Signal().Kind == SaysInfo })},
		{"RvslInd", entry("CRDT", "BOOK", `<RvslInd>true</RvslInd>`, details(refs("E"))), "", one(func(l Line) bool { return l.Return && l.Signal().Kind == SaysReturn })},
		{"a credit taken back", entry("DBIT", "BOOK", `<RvslInd>1</RvslInd>`, details(refs("E"))), "", one(func(l Line) bool { return l.Signal().Problem == ProblemTakenBack })},
		{"RRTN", entry("CRDT", "BOOK", details(refs("E")+`<BkTxCd><Domn><Fmly><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>`)), "", one(func(l Line) bool { return l.Return })},
		{"RtrInf", entry("CRDT", "BOOK", details(refs("E")+`<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Kontot</AddtlInf></RtrInf>`)), "", one(func(l Line) bool { return l.Return && l.Reason == "AC04" && l.Text == "Kontot" })},
		{"a plain credit", entry("CRDT", "BOOK", details(refs("E"))), "", one(func(l Line) bool { return !l.Return && l.Direction == Credit })},
		{"no side", entry("", "BOOK", details(refs("E"))), FindingNoDirection, one(func(l Line) bool { return l.Problem == ProblemNoDirection && l.Signal().Kind == SaysPerson })},
		{"payee of a debit", entry("DBIT", "BOOK", details(refs("E")+`<RltdPties><Dbtr><Pty><Nm>Kommunen</Nm></Pty></Dbtr><Cdtr><Pty><Nm>Friskolan</Nm></Pty></Cdtr><CdtrAcct><Id><Othr><Id>991-2346</Id></Othr></Id></CdtrAcct></RltdPties>`)), "",
			one(func(l Line) bool { return l.Party == "Friskolan" && l.PartyAccount == "991-2346" })},
		{"payer of a credit", entry("CRDT", "BOOK", details(refs("E")+`<RltdPties><Dbtr><Agt><FinInstnId><Nm>Banken</Nm></FinInstnId></Agt></Dbtr><Cdtr><Pty><Nm>Kommunen</Nm></Pty></Cdtr></RltdPties>`)), "",
			one(func(l Line) bool { return l.Party == "Banken" })},
		{"other currency", strings.ReplaceAll(entry("DBIT", "BOOK", details(refs("E"))), "SEK", "NOK"), FindingCurrency, one(func(l Line) bool { return l.Problem == ProblemCurrency && l.Signal().Kind == SaysPerson })},
		{"day of value", strings.ReplaceAll(entry("DBIT", "BOOK", `<ValDt><DtTm>2026-08-31T10:00:00</DtTm></ValDt>`, details(refs("E"))), "<BookgDt><Dt>2026-09-01</Dt></BookgDt>", ""), FindingNoBookingDay, one(func(l Line) bool { return l.BookingDay == "2026-08-31" })},
		{"the statement's day", strings.ReplaceAll(entry("DBIT", "BOOK", details(refs("E"))), "2026-09-01", "1 september"), FindingNoBookingDay, one(func(l Line) bool { return l.BookingDay == "2026-09-02" })},
		{"booking time", strings.ReplaceAll(entry("DBIT", "BOOK", details(refs("E"))), "<Dt>2026-09-01</Dt>", "<DtTm>2026-09-01T23:30:00+02:00</DtTm>"), "", one(func(l Line) bool { return l.BookingDay == "2026-09-01" })},
	}
	for _, row := range rows {
		f := mustReadAll(t, camtFile(row.entries))
		if !row.check(f.Lines) {
			t.Errorf("%s: %+v", row.name, f.Lines)
		}
		if row.finding == "" && len(f.Findings) > 0 || row.finding != "" && !hasFinding(f, row.finding) {
			t.Errorf("%s: findings %+v", row.name, f.Findings)
		}
	}
}

// Each statement of a file has its own account.
func TestSeveralStatements(t *testing.T) {
	t.Parallel()
	body := strings.Replace(camtFile(entry("DBIT", "BOOK", details(refs("E")))), "</Stmt>", `</Stmt><Stmt><Acct><Id><Othr><Id>123-4567</Id></Othr></Id></Acct>`+entry("DBIT", "BOOK", details(refs("F")))+`</Stmt>`, 1)
	f := mustReadAll(t, body)
	if len(f.Lines) != 2 || f.Lines[0].Account != "SE1350000000053681234566" || f.Lines[1].Account != "123-4567" {
		t.Errorf("lines %+v", f.Lines)
	}
	if BareAccount(f.Lines[1].Account) != "1234567" {
		t.Errorf("account %q", BareAccount(f.Lines[1].Account))
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	three := entry("DBIT", "BOOK", details(refs("E"))) + entry("DBIT", "BOOK", details(refs("E"))) + entry("DBIT", "BOOK", details(refs("F")))
	a, b := mustReadAll(t, camtFile(three)), mustReadAll(t, camtFile(`<Bal/>`+three))
	seen := map[string]bool{}
	for i, l := range a.Lines {
		if l.Key != b.Lines[i].Key {
			t.Errorf("line %d has another key in another file", l.N)
		}
		seen[l.Key] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d keys for three lines, two of them equal", len(seen))
	}
	// A page that begins with the second of them has the keys of the first two.
	if page := mustReadAll(t, camtFile(entry("DBIT", "BOOK", details(refs("E"))))); page.Lines[0].Key != a.Lines[0].Key {
		t.Error("the first equal line has another key on a page")
	}
	changes := []string{"DBIT", "BOOK", "125.00", "2026-09-01", "A1", ">E<", "SE13"}
	for _, c := range changes {
		body := strings.Replace(camtFile(three), c, map[string]string{"DBIT": "CRDT", "BOOK": "PDNG", "125.00": "125.01", "2026-09-01": "2026-09-02", "A1": "A2", ">E<": ">G<", "SE13": "SE14"}[c], 1)
		if got := mustReadAll(t, body); got.Lines[0].Key == a.Lines[0].Key {
			t.Errorf("%s does not count in the key", c)
		}
	}
	acsp, acsc := mustReadAll(t, painFile("", inf("P", "", tx("E", "ACSP")))), mustReadAll(t, painFile("", inf("P", "", tx("E", "ACSC"))))
	if acsp.Lines[0].Key == acsc.Lines[0].Key {
		t.Error("two statuses of a payment have one key")
	}
}

// TestSeveralMessagesOfOneKind: banks put the statements of several accounts into one file,
// and several messages into one envelope; each has its account and its days.
func TestSeveralMessagesOfOneKind(t *testing.T) {
	t.Parallel()
	statement := func(id, account, created string) string {
		return `<BkToCstmrStmt><GrpHdr><MsgId>` + id + `</MsgId><CreDtTm>` + created + `T06:00:00</CreDtTm></GrpHdr><Stmt><Acct><Id><IBAN>` + account + `</IBAN></Id></Acct>` +
			`<Ntry><Amt Ccy="SEK">125.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>` + details(refs("E-"+id)) + `</Ntry></Stmt></BkToCstmrStmt>`
	}
	document := func(inner string) string {
		return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">` + inner + `</Document>`
	}
	first, second := statement("S1", "SE1350000000053681234566", "2026-09-02"), statement("S2", "SE7280000810340009783242", "2026-09-03")
	for name, body := range map[string]string{
		"documents in an envelope":  `<Payload xmlns="urn:bank">` + document(first) + document(second) + `</Payload>`,
		"messages in one document":  document(first + second),
		"statements in one message": document(strings.Replace(first, "</BkToCstmrStmt>", second[strings.Index(second, "<Stmt>"):], 1)),
	} {
		f := mustReadAll(t, body)
		if f.MessageID != "S1" || f.Created != "2026-09-02T06:00:00" || len(f.Lines) != 2 {
			t.Fatalf("%s: message %s of %s, lines %+v", name, f.MessageID, f.Created, f.Lines)
		}
		apart := name != "statements in one message"
		if hasFinding(f, FindingSeveral) != apart || hasFinding(f, FindingRepeated) {
			t.Errorf("%s: findings %+v", name, f.Findings)
		}
		day := "2026-09-02" // the only message's
		if apart {
			day = "2026-09-03"
		}
		if l := f.Lines[1]; l.EndToEndID != "E-S2" || l.Account != "SE7280000810340009783242" || l.BookingDay != day || l.N != 2 {
			t.Errorf("%s: second line %+v", name, l)
		}
	}
}

func TestAmounts(t *testing.T) {
	t.Parallel()
	good := map[string]money.SEK{"0": 0, "1": 100, "1.5": 150, "5.0400": 504, "12500.00": 1250000, "0.01": 1, "200000": 20000000, " 7.10 ": 710, "999999999999999.99": 99999999999999999, "007": 700, "+1": 100, ".5": 50, "5.": 500, "000000000000000007.10": 710}
	for s, want := range good {
		if got, ok := parseAmount(s); !ok || got != want {
			t.Errorf("%q: %d %v", s, got, ok)
		}
	}
	for _, s := range []string{"", ".", "+", "-1", "+-1", "++1", "1,5", "1.005", "1e3", "1 000", "1.0.0", "１", "1000000000000000", "0x1", "1.00000000000000000000"} {
		if got, ok := parseAmount(s); ok {
			t.Errorf("%q is read as %d", s, got)
		}
	}
}

// An instant is of the day it has in Sweden; what has no offset, and midnight, is a day already.
func TestBookingDayIsSwedens(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2027-01-14":                       "2027-01-14",
		" 2027-01-14+02:00 ":               "2027-01-14",
		"2027-01-14Z":                      "2027-01-14",
		"2027-01-14T23:59:59":              "2027-01-14",
		"2027-01-14T00:15:00+01:00":        "2027-01-14",
		"2027-01-14T23:30:00.123456+01:00": "2027-01-14",
		"2027-01-14T22:59:59Z":             "2027-01-14",
		"2027-01-14T23:00:00Z":             "2027-01-15",
		"2027-07-14T22:00:00.000Z":         "2027-07-15",
		"2026-12-31T23:30:00+00:00":        "2027-01-01",
		"2027-01-15T00:30:00+02:00":        "2027-01-14",
		"2027-01-15T00:00:00+02:00":        "2027-01-15",
		"2027-01-14T00:00:00-05:00":        "2027-01-14",
		"2027-02-30":                       "",
		"14 januari":                       "",
	} {
		if got := day(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestSameAccount(t *testing.T) {
	t.Parallel()
	const seb, handelsbanken, swedbank = "SE1350000000053681234566", "SE7460000000000401234568", "SE7280000810340009783242"
	for _, row := range []struct {
		ours, theirs string
		want         bool
	}{
		{seb, "SE13 5000 0000 0536 8123 4566", true},
		{seb, "5368 12 345 66", true},
		{seb, "1234566", false}, // without the clearing number it can be any bank's
		{seb, "53681234567", false},
		{handelsbanken, "401234568", true},
		{handelsbanken, "6112401234568", true},
		{handelsbanken, "1401234568", false},
		{swedbank, "8103-4, 000 978 324-2", true},
		{"9912346", "991-2346", true},
		{"9912346", "0009912346", true},
		{"9912346", "19912346", false},
		{seb, "SE7460000000000401234568", false},
		{seb, "SE1353681234566", false},             // an IBAN is another or the same
		{"SE0060000000000000001234", "1234", false}, // so few figures can be any account's
	} {
		if got := SameAccount(row.ours, row.theirs); got != row.want {
			t.Errorf("%s and %s: %v", row.ours, row.theirs, got)
		}
	}
}
