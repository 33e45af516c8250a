// Package bankfile takes the bank's answers into the books: it reads a file
// with jobs/bank, finds the payments that its lines speak of, and lets each line
// do what the rules of jobs/bank say, through the one door of package sql.
//
// A file is one transaction: its bytes, its lines, what they did to payments
// and batches, events and ledger, or nothing. Files are taken in one after the
// other, whoever brings them. The same bytes answer again with what they led
// to; the same line in another file does nothing. The caller waits for the
// answer, so this is no job of the outbox, although it stands among the jobs.
package bankfile
