// Package lang holds every word that people read, in Swedish and English, and
// prints money, days and numbers the way each language does.
//
// The words stand in sv/*.json and en/*.json: flat maps from a key to a text
// with places as {{.Name}}. A text that depends on a number is an object
// {"one": …, "other": …} and is chosen by the argument Count. The files are
// merged; a key stands in one file only, and in both languages with the same
// places. Words hold no HTML, so a template may escape them as it escapes
// everything else.
//
// Words of the office and the applicants differ: state.<state> is what the
// office calls a state, state.applicant.<state> what the applicant reads.
//
// # Letters by mail
//
// mail.<kind>.subject, mail.<kind>.body and mail.<kind>.button take these
// arguments; sums, days and instants are already in words (Money, LongDay …).
// Every mail may be given more than it uses.
//
//	kind                 arguments
//	receipt              DNR Title At
//	principal_asked      Name School Title Amount Due (Due is when the round closes)
//	completion_asked     DNR Title Due Count (number of points)
//	completion_reminder  DNR Title Due
//	assigned             DNR Title School Due
//	reviews_done         DNR Title
//	decided              DNR Title
//	conditions_waiting   DNR Title Amount Due
//	paid                 DNR Title Amount On
//	change_decided       DNR Title
//	report_reminder      DNR Title Due Count (days left)
//	report_reminder_after DNR Title Due Count (days late) Claim (day of the proposal)
//	report_returned      DNR Title Due
//	recovery             DNR Title Amount Due
//	closed               DNR Title
//	other                DNR Title
//
// A day or name that does not exist in a case (a round without a last day, a
// school without a name) is not left empty: the callers have a kind with other
// words, mail.<kind>_open, where that can happen.
package lang
