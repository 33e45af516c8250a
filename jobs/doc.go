// Package jobs does what must follow: letters, mails, deadlines and payment
// files. A job is a row of the outbox (package sql); Redis only rings its number.
//
// A handler reads everything again by id, looks whether the job is still due,
// and writes through the transaction it is given, in which its row is marked
// done as well. So it may come late, twice, or after its reason is gone. What no
// retry can mend wraps sql.ErrGiveUp, and what waits for somebody else's server
// wraps sql.ErrOutside. The test of each handler delivers it twice.
package jobs
