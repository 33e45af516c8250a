// Package bank reads what the bank answers (pain.002, camt.053, camt.054) into
// one shape and holds the rules for what an answer does to a payment.
//
// The rules:
//   - A file comes from outside and is hostile until read: at most 20 MB, 64
//     levels and 500 000 lines, no DOCTYPE, three charsets beside UTF-8, strict
//     XML. It is decoded token by token and one line is held at a time.
//   - A file comes from a bank and is sloppy: local names count and namespaces
//     do not; unknown elements are skipped and missing ones tolerated, both with
//     a Finding. Nothing that carries a status or a booking is dropped.
//   - Lines come most exact first: named payments, then the PmtInf they stand
//     under, then the whole message. Whoever applies them in that order and lets
//     each payment be hit once per file has the inheritance of the levels right.
//   - Find, Covers, Bulk and Next are pure. They read no clock and no database;
//     the caller looks up, locks and writes.
//
// Sums are öre (hundredths of the currency that stands beside them).
package bank
