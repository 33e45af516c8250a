package bank

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

const painHead = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>B1</MsgId></GrpHdr>` +
	`<OrgnlGrpInfAndSts><OrgnlMsgId>IF-20260901-0001</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.03</OrgnlMsgNmId>`

// painFile is a pain.002.001.03 with what stands in the group after the ids and what stands after the group.
func painFile(group, rest string) string {
	return painHead + group + `</OrgnlGrpInfAndSts>` + rest + `</CstmrPmtStsRpt></Document>`
}

func TestHostileFilesAreRefused(t *testing.T) {
	t.Parallel()
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := io.WriteString(z, painFile("", "")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	good := painFile(`<GrpSts>ACTC</GrpSts>`, "")
	rows := []struct {
		name, body string
		want       error
	}{
		{"empty", "", ErrEmpty},
		{"blanks", " \n\t ", ErrEmpty},
		{"BOM alone", "\xef\xbb\xbf", ErrEmpty},
		{"a letter", "Hej!", ErrNotXML},
		{"gzip", zipped.String(), ErrPacked},
		{"ZIP", "PK\x03\x04\x14\x00", ErrPacked},
		{"a byte over", good + strings.Repeat(" ", MaxBytes+1-len(good)), ErrTooLarge},
		{"deep before the message", strings.Repeat("<a>", 65), ErrTooDeep},
		{"deep in the message", painHead + strings.Repeat("<a>", 62), ErrTooDeep},
		{"doctype", `<!DOCTYPE d [<!ENTITY e "x">]>` + good, ErrDoctype},
		{"doctype outside", `<!DOCTYPE d SYSTEM "file:///etc/passwd">` + good, ErrDoctype},
		{"a late directive", good + `<!ELEMENT a ANY>`, ErrDoctype},
		{"own entity", painFile(`<GrpSts>&e;</GrpSts>`, ""), ErrNotXML},
		{"UTF-16 declared", `<?xml version="1.0" encoding="UTF-16"?>` + good, ErrCharset},
		{"shift-jis declared", `<?xml version="1.0" encoding="shift_jis"?>` + good, ErrCharset},
		{"UTF-16 in fact", "\xff\xfe<\x00D\x00", ErrNotXML},
		{"bad UTF-8", painFile("<GrpSts>\xe5</GrpSts>", ""), ErrCharset},
		{"cut off", good[:len(good)-20], ErrNotXML},
		{"crossed tags", `<Document><CstmrPmtStsRpt></Document></CstmrPmtStsRpt>`, ErrNotXML},
		{"two roots", good + `<x/>`, ErrNotXML},
		{"text after the root", good + `x`, ErrNotXML},
		{"text before the root", `x` + good, ErrNotXML},
		{"attribute without quotes", `<Document a=b/>`, ErrNotXML},
		{"pain.001", `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"><CstmrCdtTrfInitn/></Document>`, ErrOurs},
		{"camt.052", `<Document><BkToCstmrAcctRpt/></Document>`, ErrInterim},
		{"a web page", `<html><body/></html>`, ErrOtherKind},
		{"two messages", `<Document><CstmrPmtStsRpt/><BkToCstmrStmt/></Document>`, ErrSeveral},
		{"a statement and a notification", `<Document><BkToCstmrStmt/><BkToCstmrDbtCdtNtfctn/></Document>`, ErrSeveral},
		{"two files put together", good + "\n" + good, ErrSeveral},
		{"too many lines", painFile("", `<OrgnlPmtInfAndSts>`+strings.Repeat("<TxInfAndSts/>", MaxLines+1)+`</OrgnlPmtInfAndSts>`), ErrTooManyLines},
		{"too many groups", painFile("", strings.Repeat("<OrgnlPmtInfAndSts/>", MaxLines+1)), ErrTooManyLines},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			file, err := Read(strings.NewReader(row.body), func(Line) error { return nil })
			if !errors.Is(err, row.want) {
				t.Fatalf("got %v, want %v", err, row.want)
			}
			code, sv, en, ok := Refusal(err)
			if !ok || code == "" || sv == "" || en == "" {
				t.Errorf("refusal %q %q %q %v", code, sv, en, ok)
			}
			if row.want == ErrTooLarge {
				return
			}
			sum := sha256.Sum256([]byte(row.body))
			if file.SHA256 != hex.EncodeToString(sum[:]) {
				t.Error("hash is not over the whole file")
			}
		})
	}
}

func TestLargestAndDeepestFileIsRead(t *testing.T) {
	t.Parallel()
	deep := painFile(`<GrpSts>ACTC</GrpSts>`, strings.Repeat("<a>", 62)+strings.Repeat("</a>", 62))
	if file, err := ReadAll(strings.NewReader(deep)); err != nil || len(file.Lines) != 1 {
		t.Errorf("64 levels: %v", err)
	}
	large := painFile(`<GrpSts>ACTC</GrpSts>`, "")
	large += strings.Repeat("\n", MaxBytes-len(large))
	if file, err := ReadAll(strings.NewReader(large)); err != nil || len(file.Lines) != 1 {
		t.Errorf("20 MB: %v", err)
	}
}

// A broken connection is no verdict about the file.
func TestBrokenSourceIsNoRefusal(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	for _, before := range []string{"", painHead} {
		_, err := ReadAll(io.MultiReader(strings.NewReader(before), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
		if _, _, _, ok := Refusal(err); ok {
			t.Errorf("%v is taken for a refusal", err)
		}
	}
	stop := errors.New("stop")
	_, err := Read(strings.NewReader(painFile(`<GrpSts>ACTC</GrpSts>`, "")), func(Line) error { return stop })
	if !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

func TestLongTextsAreCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("å", 200_000)
	f, err := ReadAll(strings.NewReader(painFile("", `<OrgnlPmtInfAndSts><OrgnlPmtInfId>`+long+`</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>`+
		`<StsRsnInf><Rsn><Cd>`+long+`</Cd></Rsn><AddtlInf>`+long+`</AddtlInf><AddtlInf>`+long+`</AddtlInf></StsRsnInf><`+strings.Repeat("n", 5000)+`/></OrgnlPmtInfAndSts>`)))
	if err != nil {
		t.Fatal(err)
	}
	l := f.Lines[0]
	if len([]rune(l.PmtInfID)) != maxID || len([]rune(l.Text)) != maxText || len(l.Reason) > 2*35 {
		t.Errorf("id %d, text %d, reason %d", len(l.PmtInfID), len(l.Text), len(l.Reason))
	}
	for _, x := range f.Findings {
		if len(x.Detail) > 300 {
			t.Errorf("finding %s has a detail of %d bytes", x.Code, len(x.Detail))
		}
	}
	if !hasFinding(f, FindingCut) || !hasFinding(f, FindingElement) {
		t.Errorf("findings %+v", f.Findings)
	}
}

func hasFinding(f File, code string) bool {
	for _, x := range f.Findings {
		if x.Code == code {
			return true
		}
	}
	return false
}
