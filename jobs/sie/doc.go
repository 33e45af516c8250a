// Package sie writes booking orders for a finance system: SIE type 4I, an
// import file of vouchers (SIE 4B/4C as public readers describe and test it).
//
// The bytes are CP437 with CRLF. The order of the records is fixed, everything
// a voucher uses is declared before it, and each voucher balances to the öre.
// The sum at the end (#KSUMMA) is the CRC-32 of the label and field bytes
// between its two records, without separators, quotes, braces and line ends.
package sie
