package sieread

import "fund/jobs/reading"

// Finding is something that a person should know of a file that was read all the same.
type Finding = reading.Finding

// The codes of findings.
const (
	FindingCharset    = "charset"
	FindingNoFlag     = "no_flag"
	FindingNoType     = "no_type"
	FindingRecord     = "unknown_record"
	FindingNoRecord   = "no_record"
	FindingQuote      = "quote"
	FindingTypeOther  = "type_other"
	FindingBraces     = "braces"
	FindingField      = "field_missing"
	FindingObjects    = "object_list"
	FindingAmount     = "amount_form"
	FindingDay        = "day_form"
	FindingUnbalanced = "unbalanced"
	FindingNoRows     = "no_rows"
	FindingSameNumber = "same_number"
	FindingUndeclared = "undeclared_object"
	FindingOutside    = "outside_year"
	FindingChecksum   = "checksum"
)

var findingWords = reading.Words{
	FindingCharset: {
		"Filen är inte skriven med CP437, som formatet säger; den lästes med en annan teckenkodning.",
		"The file is not in CP437, as the format says; it was read in another charset.",
	},
	FindingNoFlag:   {"Filen börjar inte med #FLAGGA.", "The file does not begin with #FLAGGA."},
	FindingNoType:   {"Filen säger inte vilken typ den är (#SIETYP); typen är slutledd.", "The file does not say its type (#SIETYP); the type is inferred."},
	FindingRecord:   {"En okänd post hoppades över.", "An unknown record was skipped."},
	FindingNoRecord: {"En rad är ingen post och hoppades över.", "A line is no record and was skipped."},
	FindingQuote:    {"Ett citattecken saknas; texten lästes till radens slut.", "A quotation mark is missing; the text was read to the end of its line."},
	FindingTypeOther: {
		"Typen (#SIETYP) är ingen av 1, 2, 3 och 4; filen lästes som den är.",
		"The type (#SIETYP) is none of 1, 2, 3 and 4; the file was read as it is.",
	},
	FindingBraces:     {"Klammerparenteserna runt en verifikations rader är fel satta.", "The braces round a voucher's rows are misplaced."},
	FindingField:      {"En post saknar ett fält.", "A record lacks a field."},
	FindingObjects:    {"En objektlista saknas eller har ett udda antal fält.", "An object list is missing or has an odd number of fields."},
	FindingAmount:     {"Ett belopp är inget tal med punkt och två decimaler.", "An amount is no number with a point and two decimals."},
	FindingDay:        {"En dag är inget datum.", "A day is no date."},
	FindingUnbalanced: {"En verifikation balanserar inte.", "A voucher does not balance."},
	FindingSameNumber: {"Två verifikationer har samma serie och nummer.", "Two vouchers have the same series and number."},
	FindingNoRows:     {"En verifikation saknar rader.", "A voucher has no rows."},
	FindingUndeclared: {"En rad använder en dimension eller ett objekt som inte är deklarerat.", "A row uses a dimension or an object that is not declared."},
	FindingOutside:    {"En verifikation ligger utanför räkenskapsåren.", "A voucher lies outside the accounting years."},
	FindingChecksum:   {"Kontrollsumman stämmer inte.", "The checksum does not agree."},
}

// found adds a finding, or counts it if its code is there.
func (f *File) found(code string, line int, detail string) {
	f.Findings = reading.Add(f.Findings, findingWords.Finding(code, line, detail))
}
