// Package xlsx writes payouts.xlsx, the workbook in which finance looks a batch
// over: payments, booking order, control sums, and a legend of the columns.
//
// Amounts and days are numbers with a format, everything else is text and stays
// text, also if it begins with "=". Sums come from öre in whole numbers. Each sheet
// is written row by row; the bytes depend on nothing but the input.
package xlsx
