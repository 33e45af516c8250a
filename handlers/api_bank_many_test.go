package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// statement makes a camt.053 of debits: an end-to-end id ("" for none) and whole kronor each.
func statement(id string, debits ...any) string {
	var entries strings.Builder
	for i := 0; i+1 < len(debits); i += 2 {
		refs := ""
		if debits[i] != "" {
			refs = fmt.Sprintf("<Refs><EndToEndId>%v</EndToEndId></Refs>", debits[i])
		}
		fmt.Fprintf(&entries, `<Ntry><Amt Ccy="SEK">%v.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-07-07</Dt></BookgDt><AcctSvcrRef>R%d</AcctSvcrRef><BkTxCd/><NtryDtls><TxDtls>%s</TxDtls></NtryDtls></Ntry>`, debits[i+1], i, refs)
	}
	return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>` + id + `</MsgId><CreDtTm>2026-07-07T20:00:00+02:00</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id><CreDtTm>2026-07-07T20:00:00+02:00</CreDtTm><Acct><Id><IBAN>SE1350000000053681234566</IBAN></Id></Acct>` + entries.String() + `</Stmt></BkToCstmrStmt></Document>`
}

// TestStatementOfManyLines: a municipality's statement is mostly about others. It is taken
// in with what is ours in it, and told again it changes nothing.
func TestStatementOfManyLines(t *testing.T) {
	t.Parallel()
	k := counting(t, 3)
	var debits []any
	for i := range 2500 {
		debits = append(debits, fmt.Sprintf("ANNAN-%06d", i), 300+i)
	}
	for _, p := range k.payees {
		debits = append(debits, p.reference, p.kronor)
	}
	r := k.bring(statement("STMT-1", debits...)).want(200).has("lines.2500.outcome", "applied").has("lines.2502.outcome", "applied").has("lines.0.outcome", "unknown")
	if n := len(r.body["lines"].([]any)); n != 2503 {
		t.Errorf("%d lines, want 2503", n)
	}
	for _, p := range k.payees {
		if got := k.status(p); got != "paid 2026-07-07" {
			t.Errorf("%s is %s", p.reference, got)
		}
	}
	k.call("finance1", http.MethodGet, fmt.Sprintf("/payout-batches/%d", k.batch), "").want(200).has("state", "settled")
	k.bring(statement("STMT-2", debits...)).want(200).has("lines.2500.outcome", "no_change")
}

// TestLineByAmountForgetsNothing: a line that is only near a payment does not undo what
// an earlier line of the same file said of it.
func TestLineByAmountForgetsNothing(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	p := k.payees[0]
	k.bring(statement("STMT-1", p.reference, p.kronor, "ANNAN-1", p.kronor, p.reference, p.kronor)).want(200).
		has("lines.0.outcome", "applied").has("lines.1.outcome", "proposed").has("lines.2.outcome", "conflict").has("lines.2.problem", "paid_twice")
	if got := k.status(p); got != "paid in doubt 2026-07-07" {
		t.Error(got)
	}
}
