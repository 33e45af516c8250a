// Package workflow is the fund itself: who may do what when, what the rules
// RF-01…RF-27 say, what money follows, and which dates count. It is pure: no
// clock, no database, no words for people. The same arguments give the same
// outcome, so every rule is tested in a moment and used alike by page, API,
// letter, file and statistics.
//
// The words are those of docs/glossary.md. An application becomes a case when
// it is filed; a case is the application together with its round, its school
// and the facts around it (Case). A Command is what somebody wants done;
// Decide answers with an Outcome or with a reason why not.
//
// Amounts are whole kronor (int64) as people write and decide them. Only
// payments leave the program, and they do so as öre (money.SEK).
package workflow
