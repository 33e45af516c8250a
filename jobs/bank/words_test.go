package bank

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestReasonWords(t *testing.T) {
	t.Parallel()
	rows := []struct{ codes, sv, en string }{
		{"AC01 AC03", "Kontonumret är fel. Be skolan bekräfta kontot.", "The account number is wrong. Ask the school."},
		{"AC04 AC07", "Kontot är avslutat.", "The account is closed."},
		{"AC06 AC14 AG01 AG03", "Kontot är spärrat eller tar inte emot betalningen.", "The account is blocked or does not take this payment."},
		{"AC02 AC05 AC13", "Kommunens eget konto godtas inte.", "The municipality's own account is not accepted."},
		{"AM04 AG07", "Täckning saknas på kommunens konto.", "Not enough money on the municipality's account."},
		{"AM02", "Beloppet är över bankens gräns.", "The amount is above the bank's limit."},
		{"AM05 DUPL DU01 DU02 DU03 DU04 DU05", "Banken har redan fått detta. Betala inte igen innan banken svarat.", "The bank already has this. Do not pay again before it has answered."},
		{"AM09 AM10 AM18 AM19 FF01 FF06", "Filens form, summa eller antal godtas inte. Anmäl till förvaltaren.", "Form, sum or count of the file is refused. Tell the administrator."},
		{"BE01 BE04 BE06 BE22", "Mottagarens namn eller adress saknas eller hör inte till kontot.", "Payee's name or address is missing or not the account's."},
		{"CH03 CH04 DT01 TM01", "Dagen godtas inte, eller filen kom efter stopptiden.", "Day refused, or the file came after the cut-off."},
		{"DS02 CUST", "Makulerad i banken av någon med behörighet.", "Cancelled at the bank by someone with authority."},
		{"FR01 RR04", "Stoppad av banken (bedrägeri, regelverk).", "Stopped by the bank (fraud, regulation)."},
		{"RC01 RC08 CNOR AGNT", "Bank eller clearingnummer är fel.", "Bank or clearing number is wrong."},
		{"RR07 RR09", "Referensen godtas inte.", "The reference is not accepted."},
	}
	for _, row := range rows {
		for _, code := range strings.Fields(row.codes) {
			if sv, en := ReasonWords(code, false, "x"); sv != row.sv || en != row.en {
				t.Errorf("%s: %q %q", code, sv, en)
			}
		}
	}
	for _, code := range []string{"", "MS02", "MS03", "NARR"} {
		if sv, en := ReasonWords(code, false, "Viite virheellinen"); sv != "Ingen kod. Bankens text: Viite virheellinen" || en != "No code. The bank's text: Viite virheellinen" {
			t.Errorf("%q: %q %q", code, sv, en)
		}
	}
	if sv, _ := ReasonWords("AB01", false, ""); sv != "AB01: Clearing process aborted due to timeout." {
		t.Errorf("ISO's status reason: %q", sv)
	}
	if sv, _ := ReasonWords("AC17", false, ""); sv != "AC17: Account is in liquidation." {
		t.Errorf("ISO's return reason: %q", sv)
	}
	if sv, en := ReasonWords("AC01", true, "Fel"); sv != "AC01. Bankens text: Fel" || en != "AC01. The bank's text: Fel" {
		t.Errorf("a bank's own code: %q %q", sv, en)
	}
	if sv, en := ReasonWords("ZZ99", false, ""); sv != "ZZ99" || en != "ZZ99" {
		t.Errorf("an unknown code: %q %q", sv, en)
	}
}

// Every code of ISO's lists and every status gives a sentence in both languages.
func TestEveryCodeHasWords(t *testing.T) {
	t.Parallel()
	for list, codes := range isoTexts() {
		if len(codes) < 10 {
			t.Errorf("list %s has %d codes", list, len(codes))
		}
		for code := range codes {
			sv, en := ReasonWords(code, false, "")
			if strings.HasPrefix(list, "payment_") {
				sv, en = StatusWords(code)
			}
			if len(sv) < 8 || len(en) < 8 {
				t.Errorf("%s %s: %q %q", list, code, sv, en)
			}
		}
	}
	for code := range ranks {
		if _, ok := statusWords[code]; !ok {
			t.Errorf("status %s has no Swedish", code)
		}
	}
	for code := range payeeChecks {
		if _, ok := statusWords[code]; !ok {
			t.Errorf("status %s has no Swedish", code)
		}
	}
	for p, w := range problemWords {
		if w[0] == "" || w[1] == "" {
			t.Errorf("problem %s", p)
		}
	}
}

func TestLineWords(t *testing.T) {
	t.Parallel()
	back := said("return")
	back.Return, back.Reason, back.Reasons = true, "AC04", []string{"AC04"}
	pending := said("debit")
	pending.Booked, pending.Status = false, "PDNG"
	nowhere := said("debit")
	nowhere.Direction = ""
	taken := said("debit")
	taken.Return = true
	narr := said("ACCP:NARR")
	narr.Text = "profile checked"
	known := said("RJCT:NARR")
	known.Text = "already exist"
	for want, l := range map[string]Line{
		"Banken har tagit emot och kontrollerat filen.":                                                              said("ACTC"),
		"Kontot är avslutat.":                                                                                        said("RJCT:AC04"),
		"Avvisad av banken. Ingen kod och ingen text från banken.":                                                   said("RJCT"),
		"Betald från kommunens konto.":                                                                               said("ACSC:NARR"),
		"Makulerad i banken.":                                                                                        said("CANC"),
		"Makulerad i banken. Makulerad i banken av någon med behörighet.":                                            said("CANC:DS02"),
		"Bokförd, men det står inte om pengarna gick ut eller kom in.":                                               nowhere,
		"Banken har tagit tillbaka en tidigare insättning.":                                                          taken,
		"Banken har godtagit betalningen. Ingen kod. Bankens text: profile checked":                                  narr,
		"Ingen kod. Bankens text: already exist. Banken har redan fått detta. Betala inte igen innan banken svarat.": known,
		"Okänd status QQQQ.":                                                                                         said("QQQQ"),
		"Banken ger ingen status.":                                                                                   said(""),
		"Bokförd debitering.":                                                                                        said("debit"),
		"Bokförd kreditering.":                                                                                       said("return"),
		"Pengarna kom tillbaka. Kontot är avslutat.":                                                                 back,
		"Väntar på bokföring.":                                                                                       pending,
	} {
		sv, en := l.Words()
		if sv != want || en == "" {
			t.Errorf("%q %q, want %q", sv, en, want)
		}
	}
}

// The names are the contract's.
func TestAnswerNames(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(sample(t, "pain002/v10-part-missing-ids.xml").Answer())
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	has := func(m map[string]any, names ...string) {
		for _, n := range names {
			if _, ok := m[n]; !ok {
				t.Errorf("no %s in %s", n, data)
			}
		}
	}
	has(got, "id", "kind", "message_id", "repeated", "group_status", "lines", "version", "sha256", "findings")
	lines := got["lines"].([]any)
	first, second := lines[0].(map[string]any), lines[1].(map[string]any)
	has(first, "n", "end_to_end_id", "instruction_id", "amount_ore", "currency", "status", "reason", "text_sv", "text_en", "payment", "problem", "outcome")
	want := map[string]any{"n": 1.0, "end_to_end_id": nil, "instruction_id": "INSTR-7", "amount_ore": nil, "currency": nil, "status": "RJCT", "reason": "AC01", "payment": nil, "problem": nil, "outcome": "unknown"}
	for k, v := range want {
		if !reflect.DeepEqual(first[k], v) {
			t.Errorf("%s is %v", k, first[k])
		}
	}
	if second["problem"] != "no_status" || second["status"] != nil || got["group_status"] != "PART" || got["id"] != nil || got["repeated"] != false {
		t.Errorf("answer %s", data)
	}
	empty, err := json.Marshal(mustReadAll(t, painFile("", "")).Answer())
	if err != nil || !strings.Contains(string(empty), `"lines":[]`) || !strings.Contains(string(empty), `"group_status":null`) {
		t.Errorf("%s %v", empty, err)
	}
	amount := sample(t, "camt/camt054-v08-uetr-sek.xml").Answer().Lines[0]
	if *amount.AmountOre != 20000000 || *amount.Currency != "SEK" || *amount.Direction != "debit" || !amount.Booked {
		t.Errorf("amount %+v", amount)
	}
	echo := sample(t, "pain002/v03-nordea-fi-part.xml").Answer().Lines
	if slices.IndexFunc(echo, func(l AnswerLine) bool { return l.Outcome == Informational }) != 1 {
		t.Errorf("the echo of a PmtInf is not informational: %+v", echo)
	}
}
