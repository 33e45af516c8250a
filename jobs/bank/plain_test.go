package bank

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"
)

func TestReturnsWithoutACodeAndReferencesInOddPlaces(t *testing.T) {
	t.Parallel()
	file := func(direction, detail string) File {
		return mustReadAll(t, `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>B</MsgId></GrpHdr><Stmt><Ntry><Amt Ccy="SEK">5.00</Amt><CdtDbtInd>`+direction+
			`</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2027-01-14</Dt></BookgDt><NtryDtls><TxDtls>`+detail+`</TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>`)
	}
	back := file("CRDT", `<Refs><EndToEndId>IF27-U000301</EndToEndId></Refs><RtrInf><AddtlInf>Kontot är</AddtlInf><AddtlInf>avslutat</AddtlInf></RtrInf>`).Lines[0]
	if !back.Return || !strings.Contains(back.Text, "avslutat") {
		t.Errorf("%+v", back)
	}
	for _, refs := range []string{`<TxId>IF27-U000301</TxId>`, `<Prtry><Tp>OTHR</Tp><Ref>IF27-U000301</Ref></Prtry>`, `<TxId>7</TxId><Prtry><Tp>A</Tp><Ref>IF27-U000301</Ref></Prtry>`} {
		f := file("DBIT", `<Refs>`+refs+`</Refs>`)
		if l := f.Lines[0]; l.Remittance != "IF27-U000301" || len(f.Findings) > 0 {
			t.Errorf("%s: %+v %+v", refs, l, f.Findings)
		}
	}
}

// What stands around the XML of a bank's file and says nothing of it.
func TestWhatStandsAroundTheMessage(t *testing.T) {
	t.Parallel()
	body := painFile(`<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>NARR</Cd></Rsn><AddtlInf>%</AddtlInf></StsRsnInf>`, "")
	with := func(head, text, tail string) string { return head + strings.Replace(body, "%", text, 1) + tail }
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(with(`<?xml version="1.1" encoding="UTF-16"?>`, "Björken", "\r\n\x1a"))
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]string{
		"XML 1.1":              with(`<?xml version="1.1" encoding="UTF-8"?>`, "Björken", ""),
		"XML 1.1, ISO-8859-1":  with(`<?xml version='1.1' encoding='ISO-8859-1' standalone='yes'?>`+"\r\n", "Bj\xf6rken", ""),
		"XML 1.1 after a mark": "\xef\xbb\xbf" + with(`<?xml version = "1.1"?>`, "Björken", ""),
		"XML 1.1 in UTF-16":    wide,
		"Java's name":          with(`<?xml version="1.0" encoding="ISO8859_1"?>`, "Bj\xf6rken", ""),
		"Ctrl-Z":               with("", "Björken", "\x1a"),
		"Ctrl-Z on a line":     with("", "Björken", "\r\n\x1a\r\n"),
		"zeros to the block":   with("", "Björken", strings.Repeat("\x00", 9000)),
		"blanks":               with("", "Björken", strings.Repeat(" \n", 5000)),
	} {
		for _, in := range []string{"whole", "byte by byte"} {
			src := iotest.OneByteReader(strings.NewReader(s))
			if in == "whole" {
				src = strings.NewReader(s)
			}
			f, err := ReadAll(src)
			if err != nil || len(f.Lines) != 1 || f.Lines[0].Text != "Björken" {
				t.Errorf("%s, %s: %v %+v", name, in, err, f.Lines)
			}
		}
	}
	for name, s := range map[string]string{
		"XML 2.0":               with(`<?xml version="2.0"?>`, "x", ""),
		"Ctrl-Z inside":         with("", "a\x1ab", ""),
		"Ctrl-Z, then more":     with("", "x", "\x1a<more/>"),
		"text behind":           with("", "x", "\x1atext"),
		"cut off before Ctrl-Z": strings.TrimSuffix(with("", "x", ""), "</Document>") + "\x1a",
		"endless zeros":         with("", "x", strings.Repeat("\x00", 2*maxTail)),
	} {
		if _, err := ReadAll(strings.NewReader(s)); !errors.Is(err, ErrNotXML) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, s := range []string{"\x1a", " \r\n\x00"} {
		if _, err := ReadAll(strings.NewReader(s)); !errors.Is(err, ErrEmpty) {
			t.Errorf("%q: %v", s, err)
		}
	}
	broken := errors.New("broken")
	if _, err := ReadAll(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a broken source: %v", err)
	}
}
