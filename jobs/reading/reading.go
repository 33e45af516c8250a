// Package reading is what our readers of other people's files (jobs/bank, jobs/sieread) say of one:
// findings, where the file was read all the same, and refusals, where nothing of it counts.
package reading

import (
	"errors"
	"slices"
)

// Finding is something that a person should know of a file that was read all the
// same. Findings of the same code are one, with Count and the first place.
type Finding struct {
	Code string `json:"code"`
	// Line is the first line concerned, from 1; 0 for the file.
	Line   int    `json:"line"`
	Count  int    `json:"count"`
	Detail string `json:"detail"`
	TextSV string `json:"text_sv"`
	TextEN string `json:"text_en"`
}

// Words are a format's sentences by code, Swedish and English.
type Words map[string][2]string

// maxDetail is how many letters of a detail are kept: it quotes the file, which may hold anything.
const maxDetail = 140

// Finding makes a finding of one place.
func (w Words) Finding(code string, line int, detail string) Finding {
	if len(detail) > maxDetail {
		if r := []rune(detail); len(r) > maxDetail {
			detail = string(r[:maxDetail])
		}
	}
	words := w[code]
	return Finding{Code: code, Line: line, Count: 1, Detail: detail, TextSV: words[0], TextEN: words[1]}
}

// Add counts the finding whose code is there already, or appends it.
func Add(findings []Finding, f Finding) []Finding {
	if i := slices.IndexFunc(findings, func(x Finding) bool { return x.Code == f.Code }); i >= 0 {
		findings[i].Count++
		return findings
	}
	return append(findings, f)
}

// Refusal is a reason to refuse a whole file: the reader's error, its code and its words.
type Refusal struct {
	Err          error
	Code, SV, EN string
}

// Refusals are a format's, the first that fits an error counting.
type Refusals []Refusal

// Of gives the code and the words for a reader's error that says that the file is refused;
// ok is false for any other error, such as a broken connection.
func (all Refusals) Of(err error) (code, sv, en string, ok bool) {
	for _, r := range all {
		if errors.Is(err, r.Err) {
			return r.Code, r.SV, r.EN, true
		}
	}
	return "", "", "", false
}

// Words gives the words for a refusal's code, as it was kept with the file.
func (all Refusals) Words(code string) (sv, en string) {
	for _, r := range all {
		if r.Code == code {
			return r.SV, r.EN
		}
	}
	return code, code
}
