package lang

import "strings"

// Compare orders names as a Swedish list does: å, ä and ö after z, great and small letters alike.
func Compare(a, b string) int { return strings.Compare(sortKey(a), sortKey(b)) }

var swedishOrder = strings.NewReplacer("å", "{", "ä", "|", "æ", "|", "ö", "}", "ø", "}", "é", "e", "ü", "y")

func sortKey(s string) string { return swedishOrder.Replace(strings.ToLower(Composed(s))) }
