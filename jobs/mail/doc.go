// Package mail builds the fund's mails and hands them to a mail server.
//
// A mail is the same words twice: as plain text and as HTML without images,
// fonts or anything else that is fetched, so that nothing tells who reads it.
// It holds one link, and opening it changes nothing. The same Message always
// gives the same bytes and the same Message-ID, so that a mail that is sent
// once more after a lost answer is seen to be the same one.
//
// The words come from package lang; no sensitive content belongs in a mail.
package mail
