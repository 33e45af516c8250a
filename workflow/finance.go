package workflow

import (
	"slices"
	"strings"
)

// FinanceSettings are what the municipality's bank and books want: rows that an
// administrator changes, never numbers in the code (design/payments.md, 11).
type FinanceSettings struct {
	Payer      Payer       `json:"payer"`
	Bank       BankProfile `json:"bank"`
	CutoffHour int         `json:"cutoff_hour"` // Stockholm; from this hour on the bank pays tomorrow at the earliest
	Books      Books       `json:"books"`
	Coding     []Coding    `json:"coding"`
	Language   string      `json:"language"` // of the headers in lists: sv or en

	Limits      []AttestLimit `json:"limits,omitempty"`
	Substitutes []Substitute  `json:"substitutes,omitempty"`
}

// Payer is who pays, and from which accounts. Numbers are in their normal form: digits alone.
type Payer struct {
	Name     string `json:"name"`
	OrgNo    string `json:"org_no"`
	Town     string `json:"town"`
	IBAN     string `json:"iban"`
	Bankgiro string `json:"bankgiro"`
	BIC      string `json:"bic"`
}

// BankProfile is what differs between banks. An empty text leaves the element out.
type BankProfile struct {
	Version         string `json:"version"`          // of pain.001.001 that finance is offered: 09 or 03
	InitiatorID     string `json:"initiator_id"`     // empty: the payer's organisation number
	InitiatorScheme string `json:"initiator_scheme"` // of that id
	BatchBooking    bool   `json:"batch_booking"`    // one debit a group on the account
	ChargeBearer    string `json:"charge_bearer"`
	ServiceLevel    string `json:"service_level"`
	CategoryPurpose string `json:"category_purpose"`
	UETR            bool   `json:"uetr"`
	Letters         string `json:"letters"`       // swedish or ascii
	SwedbankForm    string `json:"swedbank_form"` // iban or bban: accounts with clearing 8xxx
	PaidOn          string `json:"paid_on"`       // booking: a status alone does not say that money has gone; else status
	Repayments      string `json:"repayments"`    // by_hand: a person records each; else one with a claim's OCR and exact amount is recorded at once

	MaxPayments int   `json:"max_payments,omitempty"` // in a message; 0: as PerMessage says
	MaxKronor   int64 `json:"max_kronor,omitempty"`   // of a payment, whole kronor; 0: no limit
	MaxDays     int   `json:"max_days,omitempty"`     // ahead; 0: as DaysAhead says
}

// Books is how the booking file is written.
type Books struct {
	Series     string `json:"series"`     // of the vouchers; empty: the receiver numbers them
	ChartType  string `json:"chart_type"` // #KPTYP; empty: left out
	NoChecksum bool   `json:"no_checksum"`
	By         string `json:"by"` // #GEN: who made the file
}

// What is booked.
const (
	EventInstalment = "instalment"
	EventRepayment  = "repayment" // the same strings, signs turned
)

// Coding is the pair of strings that one kind of payment is booked with. An
// empty Channel or Operator fits any; the first row that fits is used.
type Coding struct {
	Channel  string     `json:"channel"`
	Operator string     `json:"operator"`
	Event    string     `json:"event"`
	Level    string     `json:"level"` // school form; empty fits any
	Debit    CodeString `json:"debit"`
	Credit   CodeString `json:"credit"`
}

// CodeString is a line of the books (kodsträng). Parts without a code are left out.
type CodeString struct {
	Ansvar     Code `json:"ansvar"`
	Verksamhet Code `json:"verksamhet"`
	Konto      Code `json:"konto"`
	Aktivitet  Code `json:"aktivitet"`
	Projekt    Code `json:"projekt"`
	Objekt     Code `json:"objekt"`
	Motpart    Code `json:"motpart"`
}

// Code is a value of one part, with the name it is declared by. The codes
// {cost_centre} and {project} stand for what the payee gave.
type Code struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Codes that stand for something of the payment.
const (
	CodeCostCentre = "{cost_centre}"
	CodeProject    = "{project}"
)

// CodingFor gives the strings for a line, filled in. False: the table has no
// row for it, and then nothing can be booked.
func (s FinanceSettings) CodingFor(l BatchLine, event string) (debit, credit CodeString, ok bool) {
	fits := func(want, is string) bool { return want == "" || want == is }
	i := slices.IndexFunc(s.Coding, func(c Coding) bool {
		return c.Event == event && fits(c.Channel, l.Channel) && fits(c.Operator, l.Operator) && fits(c.Level, l.Level)
	})
	if i < 0 {
		return CodeString{}, CodeString{}, false
	}
	debit, credit = s.Coding[i].Debit.fill(l), s.Coding[i].Credit.fill(l)
	return debit, credit, debit.Konto.Code != "" && credit.Konto.Code != ""
}

// fill puts the payee's own codes in.
func (c CodeString) fill(l BatchLine) CodeString {
	for _, part := range []*Code{&c.Ansvar, &c.Verksamhet, &c.Konto, &c.Aktivitet, &c.Projekt, &c.Objekt, &c.Motpart} {
		switch part.Code {
		case CodeCostCentre:
			*part = Code{strings.TrimSpace(l.Account.CostCentre), l.Payee}
		case CodeProject:
			*part = Code{strings.TrimSpace(l.Account.Project), l.Title}
		}
	}
	return c
}

// DefaultFinance is what a rehearsal begins with: proposals, every one of them
// to be replaced by what the municipality's bank and accountants say.
func DefaultFinance() FinanceSettings {
	s := FinanceSettings{
		Payer: Payer{Name: "Skellefteå kommun", OrgNo: "2120002643", Town: "Skellefteå", IBAN: "SE1350000000053681234566",
			Bankgiro: "9912346", BIC: "ESSESESS"},
		Bank:       BankProfile{Version: "09", BatchBooking: true, UETR: true, Letters: "swedish", SwedbankForm: "iban"},
		CutoffHour: 12,
		Books:      Books{By: "Internationella fonden"},
		Language:   "sv",
	}
	receivers := []struct{ level, activity, name, party, board string }{
		{"gymnasieskola", "450", "Gymnasieskola", "140", "Gymnasienämnden"},
		{"anpassad_gymnasieskola", "453", "Anpassad gymnasieskola", "140", "Gymnasienämnden"},
		{"grundskola", "440", "Grundskola", "130", "För- och grundskolenämnden"},
		{"anpassad_grundskola", "443", "Anpassad grundskola", "130", "För- och grundskolenämnden"},
		{"", "920", "Gemensam verksamhet", "", ""},
	}
	for _, r := range receivers {
		debit := CodeString{Ansvar: Code{"1010", "Internationella fonden"}, Verksamhet: Code{"920", "Gemensam verksamhet"},
			Konto: Code{"4519", "Lämnade bidrag, internt"}, Aktivitet: Code{"IF", "Internationella fonden"}, Projekt: Code{Code: CodeProject},
			Motpart: Code{r.party, r.board}}
		credit := CodeString{Ansvar: Code{Code: CodeCostCentre}, Verksamhet: Code{r.activity, r.name}, Konto: Code{"3519", "Erhållna bidrag, internt"},
			Aktivitet: Code{"IF", "Internationella fonden"}, Projekt: Code{Code: CodeProject}, Motpart: Code{"110", "Kommunstyrelsen"}}
		for _, event := range []string{EventInstalment, EventRepayment} {
			s.Coding = append(s.Coding, Coding{Channel: "internal", Event: event, Level: r.level, Debit: debit, Credit: credit})
		}
	}
	return s
}
