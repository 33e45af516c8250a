package sieread

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// xmlDepth is how deep an SIE 5 file may nest; the format needs less than ten.
const xmlDepth = 32

// xmlReader reads SIE 5 (a Sie or a SieEntry) by local names. Signatures and
// attached documents are passed over.
type xmlReader struct {
	*File
	depth     int
	journal   string
	dimension string
}

func readXML(f *File, b []byte) error {
	f.Type, f.Charset = "5", utf8bom
	r := &xmlReader{File: f}
	dec := xml.NewDecoder(bytes.NewReader(b))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) && r.depth == 0 && f.Program != "" {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %.140s", ErrXML, err.Error())
		}
		switch t := token.(type) {
		case xml.Directive:
			return fmt.Errorf("%w: it holds a DOCTYPE", ErrXML)
		case xml.StartElement:
			if r.depth++; r.depth > xmlDepth {
				return fmt.Errorf("%w: nested too deep", ErrXML)
			}
			if r.depth == 1 && t.Name.Local != "Sie" && t.Name.Local != "SieEntry" {
				return ErrNoSIE
			}
			line, _ := dec.InputPos()
			r.element(t, line)
		case xml.EndElement:
			r.depth--
		}
	}
}

// element takes what an element's attributes say.
func (r *xmlReader) element(t xml.StartElement, line int) {
	at := map[string]string{}
	for _, a := range t.Attr {
		at[a.Name.Local] = strings.TrimSpace(a.Value)
	}
	switch t.Name.Local {
	case "SoftwareProduct":
		r.Program, r.Version = at["name"], at["version"]
	case "FileCreation":
		r.Generated, r.By = isoDay(at["time"]), at["by"]
	case "Company":
		r.Company, r.OrgNo = at["name"], at["organizationId"]
	case "AccountingCurrency":
		r.Currency = at["currency"]
	case "FiscalYear":
		r.Years = append(r.Years, Year{Number: -len(r.Years), From: isoMonth(at["start"], 0), To: isoMonth(at["end"], 1)})
	case "Account":
		r.Accounts = append(r.Accounts, Account{Number: at["id"], Name: at["name"]})
	case "Dimension":
		r.dimension = at["id"]
		r.Dimensions = append(r.Dimensions, Dimension{Number: at["id"], Name: at["name"]})
	case "Object":
		r.Objects = append(r.Objects, Object{Dimension: r.dimension, ID: at["id"], Name: at["name"]})
	case "Journal":
		r.journal = at["id"]
	case "JournalEntry":
		r.Vouchers = append(r.Vouchers, Voucher{Series: r.journal, Number: at["id"], Day: isoDay(at["journalDate"]), Text: at["text"], Rows: []Row{}})
	case "OriginalEntryInfo", "EntryInfo":
		if v := r.last(); v != nil && v.Registered == "" {
			v.Registered = isoDay(at["date"])
		}
	case "LedgerEntry":
		r.row(at, line)
	case "Overstrike":
		if v := r.last(); v != nil && len(v.Rows) > 0 {
			v.Rows[len(v.Rows)-1].Kind = "removed"
		}
	case "ObjectReference":
		if v := r.last(); v != nil && len(v.Rows) > 0 {
			row := &v.Rows[len(v.Rows)-1]
			row.Objects = append(row.Objects, Object{Dimension: at["dimId"], ID: at["objectId"]})
		}
	}
}

func (r *xmlReader) last() *Voucher {
	if len(r.Vouchers) == 0 {
		return nil
	}
	return &r.Vouchers[len(r.Vouchers)-1]
}

func (r *xmlReader) row(at map[string]string, line int) {
	v := r.last()
	if v == nil {
		return
	}
	ore, ok := parseAmount(at["amount"])
	if !ok {
		r.found(FindingAmount, line, at["amount"])
	}
	v.Rows = append(
		v.Rows,
		Row{Account: at["accountId"], Objects: []Object{}, AmountOre: ore, Day: isoDay(at["ledgerDate"]), Text: at["text"], Quantity: at["quantity"]},
	)
}

// isoDay is the day of an XML date or time, "" if it is none.
func isoDay(s string) string {
	if len(s) < 10 {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, s[:10]); err != nil {
		return ""
	}
	return s[:10]
}

// isoMonth is the first (end 0) or last (end 1) day of an XML month such as 2027-01.
func isoMonth(s string, end int) string {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return isoDay(s)
	}
	return t.AddDate(0, end, -end).Format(time.DateOnly)
}
