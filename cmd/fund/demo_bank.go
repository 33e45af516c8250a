package main

import (
	"context"
	"fmt"
	"strings"

	"fund/jobs/bankfile"
	"fund/sql"
	"fund/workflow"
)

// answered brings what the bank would send about a batch: each payment booked
// on its day, and a payment that nobody of the fund has made, for a person to look at.
func answered(ctx context.Context, store *sql.Store, by workflow.Actor, b workflow.Batch) error {
	settings, err := store.FinanceSettings(ctx)
	if err != nil {
		return err
	}
	entry := func(ore int64, reference, name string) string {
		sum := fmt.Sprintf("%d.%02d", ore/100, ore%100)
		return `<Ntry><Amt Ccy="SEK">` + sum + `</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>` + b.PayDate.String() +
			`</Dt></BookgDt><BkTxCd/><NtryDtls><TxDtls><Refs><EndToEndId>` + reference + `</EndToEndId></Refs><Amt Ccy="SEK">` + sum +
			`</Amt><CdtDbtInd>DBIT</CdtDbtInd><RltdPties><Cdtr><Pty><Nm>` + name + `</Nm></Pty></Cdtr></RltdPties></TxDtls></NtryDtls></Ntry>`
	}
	var x strings.Builder
	x.WriteString(
		`<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>BANK-` + b.MessageID +
			`</MsgId><CreDtTm>` + b.PayDate.String() + `T18:00:00+02:00</CreDtTm></GrpHdr><Ntfctn><Id>` + b.MessageID + `</Id><Acct><Id><IBAN>` + settings.Payer.IBAN + `</IBAN></Id></Acct>`,
	)
	for _, l := range b.Lines {
		if l.Bank() {
			x.WriteString(entry(int64(l.Amount), l.Reference, "Mottagaren"))
		}
	}
	x.WriteString(entry(123400, fmt.Sprintf("IF%02d-U099999", b.PayDate.Year()%100), "Okänd mottagare") + `</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`)
	_, err = bankfile.Import(ctx, store, by, []byte(x.String()))
	return err
}
