package bank

import "strings"

// reasonRow is what finance reads for some reasons.
type reasonRow struct {
	codes  string
	sv, en string
}

var reasonRows = []reasonRow{
	{"AC01 AC03", "Kontonumret är fel. Be skolan bekräfta kontot.", "The account number is wrong. Ask the school."},
	{"AC04 AC07", "Kontot är avslutat.", "The account is closed."},
	{"AC06 AC14 AG01 AG03", "Kontot är spärrat eller tar inte emot betalningen.", "The account is blocked or does not take this payment."},
	{"AC02 AC05 AC13", "Kommunens eget konto godtas inte.", "The municipality's own account is not accepted."},
	{"AM04 AG07", "Täckning saknas på kommunens konto.", "Not enough money on the municipality's account."},
	{"AM02", "Beloppet är över bankens gräns.", "The amount is above the bank's limit."},
	{
		"AM05 DUPL DU01 DU02 DU03 DU04 DU05",
		"Banken har redan fått detta. Betala inte igen innan banken svarat.",
		"The bank already has this. Do not pay again before it has answered.",
	},
	{
		"AM09 AM10 AM18 AM19 FF01 FF02 FF03 FF04 FF05 FF06",
		"Filens form, summa eller antal godtas inte. Anmäl till förvaltaren.",
		"Form, sum or count of the file is refused. Tell the administrator.",
	},
	{"BE01 BE04 BE06 BE22", "Mottagarens namn eller adress saknas eller hör inte till kontot.", "Payee's name or address is missing or not the account's."},
	{"CH03 CH04 DT01 TM01", "Dagen godtas inte, eller filen kom efter stopptiden.", "Day refused, or the file came after the cut-off."},
	{"DS02 CUST", "Makulerad i banken av någon med behörighet.", "Cancelled at the bank by someone with authority."},
	{"FR01 RR04", "Stoppad av banken (bedrägeri, regelverk).", "Stopped by the bank (fraud, regulation)."},
	{"RC01 RC02 RC03 RC04 RC05 RC06 RC07 RC08 CNOR AGNT", "Bank eller clearingnummer är fel.", "Bank or clearing number is wrong."},
	{"RR07 RR09", "Referensen godtas inte.", "The reference is not accepted."},
}

// PayeeAccount tells whether a bank's reason is about the payee's account: wrong, closed
// or blocked, or another's.
func PayeeAccount(reason string) bool {
	for _, r := range reasonRows {
		for _, code := range strings.Fields(r.codes) {
			if code == reason {
				return payeeRows[strings.Fields(r.codes)[0]]
			}
		}
	}
	return false
}

// payeeRows are the rows of reasons, by their first code, that the payee can do something about.
var payeeRows = map[string]bool{"AC01": true, "AC04": true, "AC06": true, "BE01": true, "RC01": true}

var statusWords = map[string][2]string{
	"RCVD": {"Banken har tagit emot betalningen.", "The bank has received the payment."},
	"PDNG": {"Banken behandlar betalningen.", "The bank is working on the payment."},
	"ACTC": {"Banken har tagit emot och kontrollerat filen.", "The bank has received and checked the file."},
	"PATC": {"Banken väntar på fler godkännanden.", "The bank waits for more approvals."},
	"ACCP": {"Banken har godtagit betalningen.", "The bank has accepted the payment."},
	"ACFC": {"Banken har godtagit betalningen och täckning finns.", "The bank has accepted the payment, and there is money for it."},
	"ACWC": {"Banken har godtagit betalningen med en ändring.", "The bank has accepted the payment with a change."},
	"ACSP": {"Banken har godtagit betalningen och utför den.", "The bank has accepted the payment and is carrying it out."},
	"ACPD": {"Betalningen har lämnat banken och är hos clearingen.", "The payment has left the bank and is in clearing."},
	"ACWP": {"Mottagarens bank har betalningen men har inte bokfört den.", "The payee's bank has the payment but has not booked it."},
	"ACFW": {"Täckning finns; banken väntar på bekräftelse.", "There is money for it; the bank waits for a confirmation."},
	"ACSC": {"Betald från kommunens konto.", "Paid from the municipality's account."},
	"ACCC": {"Pengarna finns på mottagarens konto.", "The money is on the payee's account."},
	"RJCT": {"Avvisad av banken.", "Rejected by the bank."},
	"CANC": {"Makulerad i banken.", "Cancelled at the bank."},
	"BLCK": {"Spärrad hos banken: varken betald eller avvisad.", "Blocked at the bank: neither paid nor rejected."},
	"PART": {"Delvis godtagen; se varje betalning.", "Partly accepted; see each payment."},
	"RVCM": {"Kontroll av mottagare: namn och konto stämmer inte för alla.", "Check of payees: name and account do not match for all."},
	"RVNM": {"Kontroll av mottagare: namnet stämmer inte med kontot.", "Check of payee: the name does not match the account."},
	"RVMC": {"Kontroll av mottagare: namnet stämmer nästan.", "Check of payee: the name matches closely."},
	"RCVC": {"Kontroll av mottagare: allt stämmer.", "Check of payee: all matches."},
	"RVNC": {"Kontroll av mottagare: inte klar.", "Check of payee: not finished."},
	"RVNA": {"Kontroll av mottagare: gick inte att göra.", "Check of payee: could not be made."},
}

var bookingWords = map[string][2]string{
	"debit":  {"Bokförd debitering.", "Booked debit."},
	"credit": {"Bokförd kreditering.", "Booked credit."},
	"return": {"Pengarna kom tillbaka.", "The money came back."},
	// A credit of an earlier day that the bank reverses.
	"taken_back": {"Banken har tagit tillbaka en tidigare insättning.", "The bank took an earlier credit back."},
	"neither":    {"Bokförd, men det står inte om pengarna gick ut eller kom in.", "Booked, but it is not said whether money went out or came in."},
	"PDNG":       {"Väntar på bokföring.", "Waits to be booked."},
	"INFO":       {"Endast upplysning.", "For information only."},
	"FUTR":       {"Bevakad för en senare dag.", "Due on a later day."},
}

// Words gives what a person reads for a line, in Swedish and English.
func (l Line) Words() (sv, en string) {
	if l.Kind != Pain002 {
		return l.bookingSentence()
	}
	// Why it was rejected says that it was; a cancellation, or a refusal without a word, is named.
	if l.Status == "RJCT" && l.Reason+l.Text != "" {
		return l.reasonSentence()
	}
	sv, en = StatusWords(l.Status)
	if codeless(l.Reason) && !l.Proprietary && l.Text == "" && l.Status != "RJCT" {
		return sv, en
	}
	rsv, ren := l.reasonSentence()
	return join(sv, rsv), join(en, ren)
}

// StatusWords gives the words for a pain.002 status; ISO's own for one without.
func StatusWords(code string) (sv, en string) {
	if w, ok := statusWords[code]; ok {
		return w[0], w[1]
	}
	switch text := isoText(code, "payment_transaction_status", "payment_group_status"); {
	case code == "":
		return "Banken ger ingen status.", "The bank gives no status."
	case text != "":
		return code + ": " + text, code + ": " + text
	}
	return "Okänd status " + code + ".", "Unknown status " + code + "."
}

// ReasonWords gives the words for a reason: ours, else ISO's sentence with the code, else
// (a bank's own code, or one of no list) the code as it is. Codes that only point to
// the text, and no code, give the bank's text.
func ReasonWords(code string, proprietary bool, text string) (sv, en string) {
	text = strings.TrimSpace(text)
	if !proprietary {
		if codeless(code) {
			if text == "" {
				return "Ingen kod och ingen text från banken.", "Neither code nor text from the bank."
			}
			return "Ingen kod. Bankens text: " + text, "No code. The bank's text: " + text
		}
		for _, r := range reasonRows {
			if strings.Contains(" "+r.codes+" ", " "+code+" ") {
				return r.sv, r.en
			}
		}
	}
	out := code
	if iso := isoText(code, "status_reason", "return_reason"); iso != "" && !proprietary {
		out += ": " + iso
	}
	if text == "" {
		return out, out
	}
	return join(out, "Bankens text: "+text), join(out, "The bank's text: "+text)
}

func (l Line) reasonSentence() (sv, en string) {
	sv, en = ReasonWords(l.Reason, l.Proprietary, l.Text)
	if l.rejects() && l.duplicateByText() {
		dsv, den := ReasonWords("DUPL", false, "")
		return join(sv, dsv), join(en, den)
	}
	return sv, en
}

func (l Line) bookingSentence() (sv, en string) {
	key := string(l.Direction)
	switch {
	case !l.Booked:
		key = l.Status
	case l.Direction == "":
		key = "neither"
	case l.Return && l.Direction == Credit:
		key = "return"
	case l.Return:
		key = "taken_back"
	}
	w, ok := bookingWords[key]
	if !ok {
		return StatusWords(key)
	}
	sv, en = w[0], w[1]
	if l.Reason != "" || l.Return && l.Text != "" {
		rsv, ren := l.reasonSentence()
		return join(sv, rsv), join(en, ren)
	}
	return sv, en
}

// join puts two sentences after each other with what is between them.
func join(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	case strings.HasSuffix(a, "."), strings.HasSuffix(a, "!"), strings.HasSuffix(a, "?"):
		return a + " " + b
	}
	return a + ". " + b
}
