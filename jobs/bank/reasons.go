package bank

import (
	"slices"
	"strings"
)

// reasons collects the StsRsnInf or RtrInf of one level.
type reasons struct {
	codes       []string
	proprietary bool // of the first code
	text        pieces
}

// maxReasons is how many codes of a line are kept; the first ones count.
const maxReasons = 10

func (r *reasons) add(code string, proprietary bool) {
	code = cutText(strings.TrimSpace(code), 35)
	if !proprietary {
		code = strings.ToUpper(code)
	}
	if code == "" || len(r.codes) == maxReasons || slices.Contains(r.codes, code) {
		return
	}
	if len(r.codes) == 0 {
		r.proprietary = proprietary
	}
	r.codes = append(r.codes, code)
}

func (r *reasons) first() string {
	if len(r.codes) == 0 {
		return ""
	}
	return r.codes[0]
}

func (r *reasons) empty() bool { return len(r.codes) == 0 && r.text.text == "" }

// put writes the reasons into a line.
func (r *reasons) put(l *Line) {
	l.Reason, l.Reasons, l.Proprietary, l.Text = r.first(), r.codes, r.proprietary, r.text.text
}

// duplicateCodes say that the bank has the message or payment already. They do
// not say that it was not paid.
var duplicateCodes = []string{"DU01", "DU02", "DU03", "DU04", "DU05", "AM05", "DUPL"}

// duplicateWords are what banks write where they give no such code. A wrong guess
// costs one question to the bank, a missed one could pay twice.
var duplicateWords = []string{
	"duplicat",
	"already exist",
	"already received",
	"already been received",
	"already processed",
	"dubblett",
	"finns redan",
	"redan mottag",
}

// Duplicate says that the line refuses something as already known to the bank.
func (l Line) Duplicate() bool {
	if slices.ContainsFunc(l.Reasons, func(c string) bool { return slices.Contains(duplicateCodes, strings.ToUpper(c)) }) {
		return true
	}
	return l.duplicateByText()
}

func (l Line) duplicateByText() bool {
	if l.Kind != Pain002 || !codeless(l.Reason) && !l.Proprietary {
		return false
	}
	text := strings.ToLower(l.Text)
	return slices.ContainsFunc(duplicateWords, func(w string) bool { return strings.Contains(text, w) })
}

// codeless are the reasons that only point to the text.
func codeless(code string) bool {
	return slices.Contains([]string{"", "NARR", "MS02", "MS03"}, code)
}
