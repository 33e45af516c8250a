package workflow

import "strings"

// PlainOrgNo is how an organisation number is kept: NNNNNN-NNNN. What is no
// number (CheckOrgNo) stays as it was typed, as a draft keeps what was written.
func PlainOrgNo(typed string) string {
	normal, wrong := CheckOrgNo(typed)
	if wrong != nil {
		return strings.TrimSpace(typed)
	}
	return FormatOrgNo(normal)
}

// SameOrg tells whether two numbers name one organisation, however they were
// typed: with a hyphen, without, or with 16 before (RF-18).
func SameOrg(a, b string) bool { return a != "" && PlainOrgNo(a) == PlainOrgNo(b) }
