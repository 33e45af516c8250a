package pain001

import "strconv"

// key orders groups: by day, then bankgiro before iban.
func (g Group) key() string { return day(g.Day) + " " + string(g.Form) }

func (p Payment) key() string { return day(p.Day) + " " + string(p.Kind.Form()) }

// GroupID is the PmtInfId of a message's n-th group, counted from 1.
func GroupID(message string, n int) string { return message + "-" + strconv.Itoa(n) }
