// Package sieread reads SIE files of any program: types 1 to 4 (balances,
// budgets and vouchers; 4I and 4E) and the entries of SIE 5. It is a
// receiver's reader and shares no code with package sie, which writes ours, so
// that the tests of the one prove the other.
//
// A file comes from outside: at most 20 MB, and what deviates from the format is
// read as far as it has one meaning, with a Finding. Nothing of a voucher is
// dropped. Sums are öre (hundredths of the file's currency).
package sieread
