package bank

import "errors"

// What a file may not exceed.
const (
	MaxBytes = 20 << 20
	MaxDepth = 64
	MaxLines = 500_000
)

// Why a file is refused as a whole. Nothing of it may be applied.
var (
	ErrTooLarge     = errors.New("file is larger than 20 MB")
	ErrTooDeep      = errors.New("file nests deeper than 64 levels")
	ErrTooManyLines = errors.New("file has more than 500 000 lines")
	ErrDoctype      = errors.New("file has a DOCTYPE or another directive")
	ErrCharset      = errors.New("file is in a charset that is not read, or not in the one it declares")
	ErrNotXML       = errors.New("file is not well-formed XML")
	ErrOtherKind    = errors.New("file is no pain.002, camt.053 or camt.054")
	ErrInterim      = errors.New("file is a camt.052, whose figures are not final")
	ErrOurs         = errors.New("file is a pain.001, which is sent to the bank")
	ErrSeveral      = errors.New("file holds several messages that are not read together")
	ErrEmpty        = errors.New("file is empty")
	ErrPacked       = errors.New("file is packed (zip or gzip)")
)

type refusal struct {
	err          error
	code, sv, en string
}

var refusals = []refusal{
	{ErrTooLarge, "too_large", "Filen är större än 20 MB.", "The file is larger than 20 MB."},
	{ErrTooDeep, "too_deep", "Filen är inget vanligt bankbesked (för många nivåer).", "The file is no ordinary bank message (nested too deep)."},
	{
		ErrTooManyLines,
		"too_many_lines",
		"Filen har fler än 500 000 rader. Be banken dela den.",
		"The file has more than 500,000 lines. Ask the bank to split it.",
	},
	{ErrDoctype, "doctype", "Filen innehåller DOCTYPE och läses inte av säkerhetsskäl.", "The file holds a DOCTYPE and is not read, for safety."},
	{
		ErrCharset,
		"charset",
		"Filen är inte skriven i den teckenkodning den anger, eller i en som inte läses. Be banken om UTF-8.",
		"The file is not written in the charset it declares, or in one that is not read. Ask the bank for UTF-8.",
	},
	{
		ErrSeveral,
		"several_messages",
		"Filen innehåller flera filer eller flera slags meddelanden. Lämna dem en och en.",
		"The file holds several files or several kinds of message. Send them one by one.",
	},
	{
		ErrInterim,
		"interim_report",
		"Filen är en camt.052, en lägesrapport under dagen som kan ändras innan dagen är slut. Lämna i stället dagens kontoutdrag (camt.053) eller en avisering (camt.054) från banken.",
		"The file is a camt.052, a report during the day that may change before the day ends. Bring the day's account statement (camt.053) or a notification (camt.054) from the bank instead.",
	},
	{ErrOurs, "payment_order", "Filen är en betalfil (pain.001), som lämnas till banken. Här lämnas bankens svar: pain.002, camt.053 eller camt.054.",
		"The file is a payment order (pain.001), which goes to the bank. The bank's answers are brought here: pain.002, camt.053 or camt.054."},
	{ErrOtherKind, "other_kind", "Filen är inte pain.002, camt.053 eller camt.054.", "The file is no pain.002, camt.053 or camt.054."},
	{
		ErrPacked,
		"packed",
		"Filen är packad (zip eller gzip). Packa upp den och lämna XML-filen i den.",
		"The file is packed (zip or gzip). Unpack it and bring the XML file inside.",
	},
	{ErrEmpty, "empty", "Filen är tom.", "The file is empty."},
	{
		ErrNotXML,
		"not_xml",
		"Filen är ingen hel XML-fil. Hämta den igen från banken, som XML.",
		"The file is no whole XML file. Fetch it from the bank again, as XML.",
	},
}

// Refusal gives the code and the words for an error of Read that says that the file
// is refused; ok is false for any other error, such as a broken connection.
func Refusal(err error) (code, sv, en string, ok bool) {
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return r.code, r.sv, r.en, true
		}
	}
	return "", "", "", false
}

// RefusalWords gives the words for a refusal's code, as it was kept with the file.
func RefusalWords(code string) (sv, en string) {
	for _, r := range refusals {
		if r.code == code {
			return r.sv, r.en
		}
	}
	return code, code
}
