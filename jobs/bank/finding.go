package bank

import (
	"fmt"

	"fund/jobs/reading"
)

// Finding is something that a person should know of a file that was read all the same.
type Finding = reading.Finding

// The codes of findings.
const (
	FindingVersion         = "version_other"
	FindingNamespace       = "namespace"
	FindingContradiction   = "version_contradicts"
	FindingBOM             = "bom_charset"
	FindingElement         = "unknown_element"
	FindingRepeated        = "repeated_element"
	FindingOrder           = "element_order"
	FindingCut             = "text_cut"
	FindingNoMessageID     = "no_message_id"
	FindingNoOriginal      = "no_original_message"
	FindingNoOriginalName  = "no_original_name"
	FindingNoReference     = "no_reference"
	FindingNoStatus        = "no_status"
	FindingAmount          = "amount_form"
	FindingNoAmount        = "no_amount"
	FindingCurrency        = "currency"
	FindingNoBookingDay    = "no_booking_day"
	FindingNoDirection     = "no_direction"
	FindingCount           = "count_differs"
	FindingSum             = "sum_differs"
	FindingBatch           = "batch_differs"
	FindingNoLines         = "no_lines"
	FindingUETR            = "uetr_form"
	FindingSeveral         = "several_messages"
	FindingSameMessageID   = "same_message_id"
	FindingDuplicateByText = "duplicate_by_text"
	FindingOtherAccount    = "other_account"
)

var findingWords = reading.Words{
	FindingVersion: {
		"Versionen är inte en av dem som prövats; filen lästes ändå.",
		"The version is none of those tried; the file was read all the same.",
	},
	FindingNamespace: {
		"Namnrymden saknas eller är felstavad; versionen är en gissning.",
		"The namespace is missing or misspelt; the version is a guess.",
	},
	FindingContradiction: {"Namnrymden nämner ett annat slags meddelande än innehållet.", "The namespace names another kind of message than the content."},
	FindingBOM: {
		"Filen säger en annan teckenkodning än den har; den lästes som UTF-8.",
		"The file declares another charset than it has; it was read as UTF-8.",
	},
	FindingElement: {"Ett okänt fält hoppades över.", "An unknown element was skipped."},
	FindingRepeated: {
		"Ett fält finns två gånger med olika värden; det första gäller.",
		"An element is there twice with different values; the first one holds.",
	},
	FindingOrder: {
		"En status kom efter de betalningar den gäller och ärvdes inte av dem.",
		"A status came after the payments it is for and was not inherited by them.",
	},
	FindingCut:            {"En text var för lång och kortades.", "A text was too long and was cut."},
	FindingNoMessageID:    {"Bankens meddelande saknar eget nummer (MsgId).", "The bank's message has no number of its own (MsgId)."},
	FindingNoOriginal:     {"Det står inte vilken av våra filer beskedet gäller (OrgnlMsgId).", "It is not said which of our files is answered (OrgnlMsgId)."},
	FindingNoOriginalName: {"Det står inte vilket slags fil beskedet gäller (OrgnlMsgNmId).", "It is not said what kind of file is answered (OrgnlMsgNmId)."},
	FindingNoReference:    {"En rad saknar alla referenser.", "A line has no reference at all."},
	FindingNoStatus:       {"En rad saknar status, och ingen nivå ovanför ger någon.", "A line has no status and no level above gives one."},
	FindingAmount:         {"Ett belopp kan inte läsas som ett tal med två decimaler.", "An amount cannot be read as a number with two decimals."},
	FindingNoAmount:       {"En bokad rad saknar eget belopp.", "A booked line has no amount of its own."},
	FindingCurrency:       {"Ett belopp är inte i svenska kronor, eller saknar valuta.", "An amount is not in Swedish kronor, or has no currency."},
	FindingNoBookingDay:   {"Bokföringsdag saknas; en annan dag i filen används.", "The booking day is missing; another day of the file is used."},
	FindingNoDirection:    {"Det står inte om raden är en debitering eller kreditering.", "It is not said whether the line is a debit or a credit."},
	FindingCount:          {"Antalet betalningar stämmer inte.", "The count of payments does not agree."},
	FindingSum:            {"Summan stämmer inte.", "The sum does not agree."},
	FindingBatch: {
		"Bankens antal eller summa för bunten stämmer inte med raderna; raderna gäller.",
		"The bank's count or sum of the batch differs from the details; the details count.",
	},
	FindingNoLines: {"Filen säger inget om någon betalning.", "The file says nothing of any payment."},
	FindingUETR:    {"En UETR har fel form och används inte.", "A UETR has the wrong form and is not used."},
	FindingSeveral: {
		"Filen innehåller flera meddelanden från banken; alla lästes. Numret är det förstas.",
		"The file holds several messages from the bank; all were read. The number is the first one's.",
	},
	FindingSameMessageID: {"Banken har använt samma nummer för en annan fil.", "The bank used the same number for another file."},
	FindingOtherAccount: {
		"En rad med vår referens står på ett annat konto än det i bankprofilen. Den är sparad men ändrar ingen betalning.",
		"A line with our reference stands on another account than the bank profile's. It is kept but changes no payment.",
	},
	FindingDuplicateByText: {"Banken skriver utan kod att den redan har betalningen.", "The bank writes without a code that it has the payment already."},
}

// Found makes a finding with its words, for callers that compare a file with
// what the database holds.
func Found(code string, line int, detail string) Finding {
	return findingWords.Finding(code, line, detail)
}

// CompareLevel gives the findings where the count or sum that the bank claims for
// a level differs from ours. Sums are compared as decimals: 5.0400 is 5.04.
func CompareLevel(l Level, ours Total) []Finding {
	var out []Finding
	name := l.PmtInfID
	if name == "" {
		name = l.MsgID
	}
	if l.Count != nil && *l.Count != ours.Count {
		out = append(out, Found(FindingCount, l.Line, fmt.Sprintf("%s: %d, %d", name, *l.Count, ours.Count)))
	}
	if l.Sum != nil && *l.Sum != ours.Sum {
		out = append(out, Found(FindingSum, l.Line, fmt.Sprintf("%s: %s, %s", name, l.Sum.Decimal(), ours.Sum.Decimal())))
	}
	return out
}
