// Package plaintext writes free text with the few characters that a bank file
// or a booking file can carry. What they cannot carry is written with its nearest
// letters, so that a school is still known by its name.
//
// The bank's set is the Swedish practice for ISO 20022: A–Z, a–z, 0–9,
// blank, / - ? : ( ) . , ' + and, unless the bank refuses them, å ä ö. The booking
// set is what SIE readers agree on: ASCII and the letters of CP437.
package plaintext
