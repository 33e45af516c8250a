// Package manifest writes manifest.json: what the files of a payout batch hold,
// for the archive and for whoever compares what was made with what was sent.
//
// All sums are öre. The order of everything is the caller's, so the same batch
// gives the same bytes. The manifest does not list itself.
package manifest
