package bank

import (
	"encoding/xml"
	"regexp"
	"slices"
	"strings"
)

// messages are the elements that hold a message, by their local name.
var messages = map[string]Kind{
	"CstmrPmtStsRpt":        Pain002,
	"BkToCstmrStmt":         Camt053,
	"BkToCstmrDbtCdtNtfctn": Camt054,
}

// notRead are messages that are easily taken for those, and why they are refused.
var notRead = map[string]error{
	"BkToCstmrAcctRpt": ErrInterim,
	"CstmrCdtTrfInitn": ErrOurs,
}

// tried are the versions that are read as the schemas say; others are tried.
var tried = []string{
	"pain.002.001.03", "pain.002.001.10",
	"camt.053.001.02", "camt.053.001.08",
	"camt.054.001.02", "camt.054.001.08",
}

// messageName is a message's name with variant and version.
var messageName = regexp.MustCompile(`(?:^|[:/])([a-z]{4}\.\d{3}\.\d{3}\.\d{2})(?:\.[a-zA-Z]|\s*$)`)

// schemaName takes pain.002.001.03 from a namespace such as
// urn:iso:std:iso:20022:tech:xsd:pain.002.001.03, "" if it is none. A community's
// own namespace names the version in the same way, as in …/camt.053.001.08.ch.02.xsd.
func schemaName(space string) string {
	if len(space) > 200 {
		return ""
	}
	if m := messageName.FindStringSubmatch(space); m != nil {
		return m[1]
	}
	return ""
}

// declared looks for the version on an element: in its namespace, or in any
// attribute that reads like one, as banks misspell xmlns.
func declared(el xml.StartElement) (version string, misspelt bool) {
	if v := schemaName(el.Name.Space); v != "" {
		return v, false
	}
	for _, a := range el.Attr {
		if a.Name.Local == "schemaLocation" {
			continue
		}
		if v := schemaName(a.Value); v != "" {
			return v, a.Name.Local != "xmlns" && a.Name.Space != "xmlns"
		}
	}
	return "", false
}

// settleVersion decides the version at the end of the file, when its structure is known.
func (s *sink) settleVersion() {
	f := s.file
	if f.Version != "" && !strings.HasPrefix(f.Version, string(f.Kind)+".") {
		s.found(FindingContradiction, 0, f.Version)
		f.Version = ""
		s.misspelt = false
	}
	if f.Version == "" {
		f.Version = map[Kind]string{Pain002: "pain.002.001.03", Camt053: "camt.053.001.02", Camt054: "camt.054.001.02"}[f.Kind]
		if s.newer {
			f.Version = map[Kind]string{Pain002: "pain.002.001.10", Camt053: "camt.053.001.08", Camt054: "camt.054.001.08"}[f.Kind]
		}
		s.found(FindingNamespace, 0, f.Version)
		return
	}
	if s.misspelt {
		s.found(FindingNamespace, 0, f.Version)
	}
	if !slices.Contains(tried, f.Version) {
		s.found(FindingVersion, 0, f.Version)
	}
}
