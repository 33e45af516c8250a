package handlers

import (
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"fund/handlers/webtest"
)

// TestLongIDsOfTheBankStayOnThePage: ISO's ids are 35 characters, and banks write them without a blank.
func TestLongIDsOfTheBankStayOnThePage(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := pagesOf(counting(t, 1))
	long := strings.Repeat("W", 35)
	body := `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>` + long + `</MsgId></GrpHdr><Stmt><Ntry>` +
		`<Amt Ccy="JPY">1250.5</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><NtryDtls><TxDtls><Refs><EndToEndId>` + long + `</EndToEndId></Refs>` +
		`<RtrInf><Rsn><Prtry>` + long + `</Prtry></Rsn></RtrInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>`
	v.uploadBank("finance1", body, http.StatusSeeOther)
	list := v.raw("finance1", http.MethodGet, "/payouts/bank", "").Body.String()
	file := regexp.MustCompile(`/payouts/bank/\d+`).FindString(list)
	line := file + "/lines/1"
	v.says(v.get("finance1", file, http.StatusOK), "1 250,50 JPY")

	var down atomic.Bool
	url := cutNetwork(t, v.pages, &down)
	tab := b.Tab(t, webtest.Options{Width: 1280})
	tab.SetCookie(url, sessionCookie, v.cookies["finance1"])

	for _, path := range []string{"/payouts/bank", file, line} {
		tab.Open(url + path)
		for _, width := range []int{1280, 768, 360} {
			tab.Resize(width)
			if px, culprit := tab.SideScroll(); px > 0 {
				t.Errorf("%s scrolls %d px sideways at %d: %s", path, px, width, culprit)
			}
		}
	}
}
