package bank

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"fund/jobs/reading"
)

// sink takes lines and findings from a family's reader, numbers them and passes them on.
type sink struct {
	file     *File
	each     func(Line) error
	n        int
	levels   int
	seen     map[[16]byte]uint32 // how often a line like this came
	newer    bool                // the structure has something of the later versions
	misspelt bool
	several  int // how many messages came after the first
	names    map[string]bool
}

func (s *sink) message(kind Kind) message {
	s.names = elementNames(kind)
	if kind == Pain002 {
		return &pain{sink: s}
	}
	return &camt{sink: s}
}

// known notes an element that no version of the message has.
func (s *sink) known(name string) {
	if !s.names[name] {
		s.found(FindingElement, 0, name)
	}
}

// found adds a finding, or counts it if its code is there.
func (s *sink) found(code string, line int, detail string) {
	s.file.Findings = reading.Add(s.file.Findings, Found(code, line, detail))
}

// next is the number that the next line will have.
func (s *sink) next() int { return s.n + 1 }

// emit numbers and hands on a line.
func (s *sink) emit(l Line) error {
	if s.n++; s.n > MaxLines {
		return ErrTooManyLines
	}
	l.N, l.Kind, l.Message = s.n, s.file.Kind, s.several
	l.Key = s.key(l)
	return s.each(l)
}

// level keeps what the bank claims of a level; a file of empty groups has an end too.
func (s *sink) level(l Level) error {
	if s.levels++; s.levels > MaxLines {
		return ErrTooManyLines
	}
	l.Message = s.several
	s.file.Levels = append(s.file.Levels, l)
	return nil
}

// key is the line's own hash. Lengths go before texts, so that no two lists of texts
// give the same bytes.
func (s *sink) key(l Line) string {
	h := sha256.New()
	put := func(text string) {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(text)))
		h.Write(n[:])
		h.Write([]byte(text))
	}
	amount := ""
	if l.HasAmount {
		amount = l.AmountOre.Decimal()
	}
	mark := ""
	if l.Return {
		mark = "return"
	}
	for _, text := range []string{
		BareAccount(l.Account), string(l.Kind), string(l.Level),
		l.UETR, l.EndToEndID, l.InstructionID, l.PmtInfID, l.MsgID, l.BankRef, l.CreditorRef,
		amount, l.Currency, string(l.Direction), l.BookingDay, l.Status, mark, strings.Join(l.Reasons, " "),
	} {
		put(text)
	}
	var short [16]byte
	copy(short[:], h.Sum(nil))
	nth := s.seen[short]
	s.seen[short] = nth + 1
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], nth)
	h.Write(n[:])
	return hex.EncodeToString(h.Sum(nil))
}

// set keeps the first value of an element that may be there once.
func (s *sink) set(field *string, value, path string) {
	switch {
	case *field == "":
		*field = value
	case value != "" && *field != value:
		s.found(FindingRepeated, s.next(), path)
	}
}

// id keeps an id, trimmed.
func (s *sink) id(field *string, text, path string) {
	if value := reference(text); value != "" {
		s.set(field, value, path)
	}
}

// code keeps an ISO code in capitals.
func (s *sink) code(field *string, text, path string) {
	s.set(field, cutText(strings.ToUpper(strings.TrimSpace(text)), 35), path)
}

// uetr keeps a UETR in small letters.
func (s *sink) uetr(field *string, text, path string) {
	value, ok := uetr(text)
	if !ok {
		s.found(FindingUETR, s.next(), text)
	}
	s.set(field, value, path)
}
