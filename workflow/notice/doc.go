// Package notice writes what the fund tells an applicant in writing: the
// receipt, the decision, its correction, and a claim for money back.
//
// A Notice is words in order, without paper or screen. The PDF and the
// accessible page are made from the same Notice, so they can't say different
// things. The package decides nothing: sums come from package workflow, words
// from package lang.
package notice
