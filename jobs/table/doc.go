// Package table writes the two lists that finance reads in a spreadsheet or
// imports: bokforingsorder.csv (booking order) and utbetalningar.csv (payments).
//
// UTF-8 with a byte order mark, semicolons, CRLF, decimal comma, one header
// row, the same number of columns in each row. Text that a spreadsheet would run
// as a formula gets an apostrophe in front (OWASP, CSV injection); a number column
// is never touched, as the column decides and not the look of the cell.
package table
