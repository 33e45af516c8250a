// Package sql keeps the fund's truth in PostgreSQL. An application is born
// through Begin and changes only through Apply: one transaction locks the row,
// asks workflow.Decide, and writes state, event, ledger entries and what must
// follow (outbox) together, or nothing.
//
// Queries stand in queries/*.sql, each under a "-- name:" line; a name becomes
// a field of struct queries, and a statement without a field (or a field
// without a statement) stops the program when it starts. Parameters are named.
//
// Locks are taken in this order: outbox row, batch, applications by id, round
// balances. Every writer follows it, so they never wait for each other in a ring.
package sql
