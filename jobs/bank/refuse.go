package bank

import (
	"errors"

	"fund/jobs/reading"
)

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

var refusals = reading.Refusals{
	{
		Err:  ErrTooLarge,
		Code: "too_large",
		SV:   "Filen är större än 20 MB.",
		EN:   "The file is larger than 20 MB.",
	},
	{
		Err:  ErrTooDeep,
		Code: "too_deep",
		SV:   "Filen är inget vanligt bankbesked (för många nivåer).",
		EN:   "The file is no ordinary bank message (nested too deep).",
	},
	{
		Err:  ErrTooManyLines,
		Code: "too_many_lines",
		SV:   "Filen har fler än 500 000 rader. Be banken dela den.",
		EN:   "The file has more than 500,000 lines. Ask the bank to split it.",
	},
	{
		Err:  ErrDoctype,
		Code: "doctype",
		SV:   "Filen innehåller DOCTYPE och läses inte av säkerhetsskäl.",
		EN:   "The file holds a DOCTYPE and is not read, for safety.",
	},
	{
		Err:  ErrCharset,
		Code: "charset",
		SV:   "Filen är inte skriven i den teckenkodning den anger, eller i en som inte läses. Be banken om UTF-8.",
		EN:   "The file is not written in the charset it declares, or in one that is not read. Ask the bank for UTF-8.",
	},
	{
		Err:  ErrSeveral,
		Code: "several_messages",
		SV:   "Filen innehåller flera filer eller flera slags meddelanden. Lämna dem en och en.",
		EN:   "The file holds several files or several kinds of message. Send them one by one.",
	},
	{
		Err:  ErrInterim,
		Code: "interim_report",
		SV:   "Filen är en camt.052, en lägesrapport under dagen som kan ändras innan dagen är slut. Lämna i stället dagens kontoutdrag (camt.053) eller en avisering (camt.054) från banken.",
		EN:   "The file is a camt.052, a report during the day that may change before the day ends. Bring the day's account statement (camt.053) or a notification (camt.054) from the bank instead.",
	},
	{
		Err:  ErrOurs,
		Code: "payment_order",
		SV:   "Filen är en betalfil (pain.001), som lämnas till banken. Här lämnas bankens svar: pain.002, camt.053 eller camt.054.",
		EN:   "The file is a payment order (pain.001), which goes to the bank. The bank's answers are brought here: pain.002, camt.053 or camt.054.",
	},
	{
		Err:  ErrOtherKind,
		Code: "other_kind",
		SV:   "Filen är inte pain.002, camt.053 eller camt.054.",
		EN:   "The file is no pain.002, camt.053 or camt.054.",
	},
	{
		Err:  ErrPacked,
		Code: "packed",
		SV:   "Filen är packad (zip eller gzip). Packa upp den och lämna XML-filen i den.",
		EN:   "The file is packed (zip or gzip). Unpack it and bring the XML file inside.",
	},
	{
		Err:  ErrEmpty,
		Code: "empty",
		SV:   "Filen är tom.",
		EN:   "The file is empty.",
	},
	{
		Err:  ErrNotXML,
		Code: "not_xml",
		SV:   "Filen är ingen hel XML-fil. Hämta den igen från banken, som XML.",
		EN:   "The file is no whole XML file. Fetch it from the bank again, as XML.",
	},
}

// Refusal gives the code and the words for an error of Read that says that the file
// is refused; ok is false for any other error, such as a broken connection.
func Refusal(err error) (code, sv, en string, ok bool) {
	return refusals.Of(err)
}

// RefusalWords gives the words for a refusal's code, as it was kept with the file.
func RefusalWords(code string) (sv, en string) {
	return refusals.Words(code)
}
