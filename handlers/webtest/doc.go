// Package webtest drives a real browser in tests, as a person would: fields by
// their labels, buttons and links by their words, in the order of the page.
//
//	browser := webtest.Start(t)
//	elin := browser.Tab(t, webtest.Options{})
//	elin.Open(base + "/sign-in")
//	elin.Click("Elin Marklund")
//	elin.Fill("Projektets namn", "Energi och demokrati")
//	elin.Click("Spara och fortsätt")
//	elin.See("Sparat kl.")
//	if faults := elin.Faults(); len(faults) > 0 { … }
//
// Every tab has cookies of its own, so two people are two tabs. Whatever goes
// wrong ends the test with what was looked for and what the page says instead.
package webtest
