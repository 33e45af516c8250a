// Package letter writes letters and receipts as PDF: A4, the fund's mark and
// the municipality's name on top, what the letter is about, and page numbers.
//
// The same letter always gives the same bytes: the day in the file is the
// letter's own, and nothing is drawn at random. Fonts are embedded, so that a
// name from Sápmi, Czechia or Greece looks the same on every machine, and so
// that the file can be archived.
//
// The file is laid out as PDF/A-2b (ISO 19005-2) and tagged (ISO 32000-1, 14.8):
// package lettertest asserts the parts of both that it can read from the bytes.
// veraPDF or another validator was not at hand, and PDF/UA isn't claimed.
//
// The package knows nothing of applications. Whoever sends a letter writes its
// words, from package lang, into a Letter.
package letter
