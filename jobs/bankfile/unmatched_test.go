package bankfile

import (
	"fmt"
	"strings"
	"testing"

	"fund/jobs/bank"
)

// A booking that carries an id in our form and fits nothing waits for a person on either side of
// the account, marked as a return or not (payments.md §6). Everybody else's money doesn't.
func TestABookingWithAnIDOfOursWaits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, side, refs, more string
		want                   bool
	}{
		{"debit", "DBIT", "IF27-U000003", "", true},
		{"return", "CRDT", "IF27-U000003", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>", true},
		{"credit that nobody calls a return", "CRDT", "IF27-U000003", "", true},
		{"credit with a claim's number in its text", "CRDT", "NOTPROVIDED", "<RmtInf><Ustrd>IF27-K000003</Ustrd></RmtInf>", true},
		{"other credit", "CRDT", "FAKTURA-4711", "", false},
		{"other debit", "DBIT", "FAKTURA-4711", "", false},
	} {
		file, err := bank.ReadAll(strings.NewReader(fmt.Sprintf(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>B</MsgId></GrpHdr>`+
			`<Stmt><Ntry><Amt Ccy="SEK">50.00</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2027-01-14</Dt></BookgDt>`+
			`<NtryDtls><TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs>%s</TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>`, tt.side, tt.refs, tt.more)))
		if err != nil {
			t.Fatal(tt.name, err)
		}
		a, err := Unmatched(t.Context(), file)
		if err != nil || len(a.Lines) != 1 || a.Lines[0].Waits != tt.want {
			t.Errorf("%s: %+v, want waits %v (%v)", tt.name, a.Lines, tt.want, err)
		}
	}
}
