// Package pain001 writes the payment order for the bank: ISO 20022 customer
// credit transfer initiation, pain.001.001.09 or pain.001.001.03, as Swedish
// banks read it (schemas of ISO 20022; common Swedish interpretation for giro
// and account payments in kronor).
//
// One message holds one batch. Payments stand in groups (PmtInf), one for each
// execution day and debtor account, in that order. The groups' counts and sums
// stand before their payments, so the caller says them first and streams the
// payments after; Encode refuses payments that do not add up to what was said.
//
// Nothing here is made up: ids, UETRs and the instant come from stored rows, so
// the same batch gives the same bytes. What a right check digit cannot prove,
// such as who owns an account or whether a day is a bank day, is decided before
// a payment gets here.
package pain001
