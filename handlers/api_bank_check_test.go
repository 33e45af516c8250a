package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fund/jobs/bank"
	"fund/jobs/bankfile"
)

// ownAccount puts the payer's account into a statement: what is booked elsewhere is not ours.
var ownAccount = regexp.MustCompile(`(?s)(<Acct>\s*<Id>).*?(</Id>\s*(<Ccy>|<Nm>|<Ownr>|<Svcr>|</Acct>))`)

var firstMessageID = regexp.MustCompile(`<GrpHdr>(\s*)<MsgId>([^<]*)</MsgId>`)

// `fund check bank` says what the API would answer where no payment is known.
func TestCheckBankSaysWhatThePostAnswers(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	var files []string
	for _, pattern := range []string{"pain002/*.xml", "camt/*.xml"} {
		found, err := filepath.Glob("../testdata/samples/" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			body, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, ownAccount.ReplaceAllString(string(body), `${1}<IBAN>SE1350000000053681234566</IBAN>$2`))
		}
	}
	if len(files) < 11 {
		t.Fatalf("%d samples", len(files))
	}
	const group = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>G</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>M</OrgnlMsgId><GrpSts>RJCT</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>`
	files = append(files, group, strings.Replace(group, "<OrgnlMsgId>M</OrgnlMsgId>", "", 1), strings.Replace(group, "RJCT", "RVNM", 1))
	for i, body := range files {
		// Some samples share a number, which the database would find.
		body = firstMessageID.ReplaceAllString(body, fmt.Sprintf("<GrpHdr>${1}<MsgId>${2}-%d</MsgId>", i))
		file, err := bank.ReadAll(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := bankfile.Unmatched(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		var want map[string]any
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		got := st.call("finance1", http.MethodPost, "/payment-status", body, "Content-Type", "application/xml").want(200).body
		got["id"] = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", file.MessageID, diff)
		}
		for _, l := range answer.Lines {
			if l.Outcome == bank.Unknown && l.Problem == nil {
				t.Errorf("%s line %d: no reason why it found nothing", file.MessageID, l.N)
			}
		}
	}
}
