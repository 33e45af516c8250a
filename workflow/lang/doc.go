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
// # Mails
//
// Each kind of mail has mail.<kind>.subject, .heading, .body and .button, and
// some have .after, the words below the button. All texts of a kind may be
// given the same arguments, and more than they use. Sums, days and instants are
// already in words: Amount by Money, Due, On and Claim by LongDay, At by
// DateTime; Count is an int.
//
//	kind                  arguments
//	receipt               DNR Title At
//	principal_asked       Name School Title Amount Due (when the round closes)
//	principal_asked_open  Name School Title Amount (a round without a last day)
//	completion_asked      DNR Title Due Count (points)
//	completion_reminder   DNR Title Due
//	assigned              DNR Title School Due
//	reviews_done          DNR Title
//	decided               DNR Title
//	conditions_waiting    DNR Title Amount Due
//	paid                  DNR Title Amount On
//	change_decided        DNR Title
//	report_reminder       DNR Title Due Count (days left)
//	report_reminder_after DNR Title Due Count (days late) Claim (day of a proposed recovery)
//	report_returned       DNR Title Due
//	recovery              DNR Title Amount Due
//	closed                DNR Title
//	other                 DNR Title
//
// mail.from is the sender's name and mail.footer stands under every mail.
package lang
