package bank

// Answer is the JSON that POST /payment-status gives for a file.
type Answer struct {
	// ID is the stored file's, nil where nothing is stored.
	ID                *int64       `json:"id"`
	Kind              Kind         `json:"kind"`
	Version           string       `json:"version"`
	MessageID         string       `json:"message_id"`
	OriginalMessageID string       `json:"original_message_id"`
	SHA256            string       `json:"sha256"`
	Repeated          bool         `json:"repeated"`
	GroupStatus       *string      `json:"group_status"`
	Findings          []Finding    `json:"findings"`
	Lines             []AnswerLine `json:"lines"`
}

// AnswerLine is one line of an Answer. Absent values are null.
type AnswerLine struct {
	N             int       `json:"n"`
	Level         LevelName `json:"level"`
	EndToEndID    *string   `json:"end_to_end_id"`
	InstructionID *string   `json:"instruction_id"`
	UETR          *string   `json:"uetr"`
	PmtInfID      *string   `json:"pmtinf_id"`
	MsgID         *string   `json:"original_message_id"`
	AmountOre     *int64    `json:"amount_ore"`
	Currency      *string   `json:"currency"`
	Status        *string   `json:"status"`
	Reason        *string   `json:"reason"`
	TextSV        string    `json:"text_sv"`
	TextEN        string    `json:"text_en"`
	// BankText is what the bank wrote itself.
	BankText   *string `json:"bank_text"`
	Direction  *string `json:"direction"`
	Booked     bool    `json:"booked"`
	BookingDay *string `json:"booking_day"`
	Return     bool    `json:"return"`
	Account    *string `json:"account"`
	// Payment is the id of the payment hit, nil where none was or, of a group, several.
	Payment *int64 `json:"payment"`
	// Payments are the ids of all payments hit.
	Payments []int64 `json:"payments"`
	// Claim is the application whose claim an incoming credit may repay.
	Claim   *int64  `json:"claim"`
	Problem *string `json:"problem"`
	Outcome Outcome `json:"outcome"`
	// Waits says that a person must say what the line means.
	Waits bool `json:"waits"`
	// Withheld says that the line is about a case in which the caller is in conflict of interest: they get nothing of it.
	Withheld bool `json:"withheld,omitempty"`
}

// Withhold leaves of a line only that there is one.
func (l AnswerLine) Withhold() AnswerLine {
	return AnswerLine{N: l.N, Level: l.Level, Outcome: l.Outcome, Payments: []int64{}, Withheld: true,
		TextSV: "Rad om ett ärende där du är jävig. Den visas inte för dig.", TextEN: "A line about a case in which you have a conflict of interest. It is not shown to you."}
}

// Answer gives the file's answer before any payment was looked for: no line has a
// payment, and each outcome is unknown or informational.
func (f File) Answer() Answer {
	a := Answer{
		Kind: f.Kind, Version: f.Version, MessageID: f.MessageID, OriginalMessageID: f.OriginalMessageID,
		SHA256: f.SHA256, GroupStatus: text(f.GroupStatus), Findings: f.Findings, Lines: make([]AnswerLine, 0, len(f.Lines)),
	}
	if a.Findings == nil {
		a.Findings = []Finding{}
	}
	for _, l := range f.Lines {
		a.Lines = append(a.Lines, l.Answer())
	}
	return a
}

// Answer gives a line's answer before any payment was looked for.
func (l Line) Answer() AnswerLine {
	a := AnswerLine{
		N: l.N, Level: l.Level,
		EndToEndID: text(l.EndToEndID), InstructionID: text(l.InstructionID), UETR: text(l.UETR),
		PmtInfID: text(l.PmtInfID), MsgID: text(l.MsgID),
		Status: text(l.Status), Reason: text(l.Reason),
		Direction: text(string(l.Direction)), Booked: l.Booked, BookingDay: text(l.BookingDay), Return: l.Return,
		Account: text(l.Account), BankText: text(l.Text), Problem: text(string(l.Problem)), Outcome: Unknown,
		Payments: []int64{},
	}
	a.TextSV, a.TextEN = l.Words()
	if l.HasAmount {
		ore := int64(l.AmountOre)
		a.AmountOre, a.Currency = &ore, text(l.Currency)
	}
	if s := l.Signal(); s.Kind == SaysInfo {
		a.Outcome = Informational
		if a.Problem == nil {
			a.Problem = text(string(s.Problem))
		}
	}
	return a
}

// text makes null of nothing.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
