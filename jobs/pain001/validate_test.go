package pain001_test

import (
	"strings"
	"testing"

	"fund/jobs/pain001"
)

// Each row is the input that would make a file which a bank refuses; where the
// checker's examples hold such a file, the row is named for it.
func TestValidatePaymentNamesTheField(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, want string
		change     func(*pain001.Payment)
	}{
		{"good", "", func(*pain001.Payment) {}},
		{"04-bankgiro-check-digit", "number: bankgiro: wrong check digit", func(p *pain001.Payment) { p.Number = "59123456" }},
		{"bankgiro short", "number: bankgiro: 6 digits", func(p *pain001.Payment) { p.Number = "123455" }},
		{"bankgiro zeros", "number: bankgiro: zeros only", func(p *pain001.Payment) { p.Number = "0000000" }},
		{"bankgiro hyphen", "number: bankgiro: not digits only", func(p *pain001.Payment) { p.Number = "5912-3455" }},
		{"11-clearing-of-bankgiro", `clearing: given with kind "bankgiro"`, func(p *pain001.Payment) { p.Clearing = "6112" }},
		{"12-ocr-check-digit", "reference: wrong check digit", func(p *pain001.Payment) { p.Reference = "1234567" }},
		{"ocr blank", "reference: not 2 to 25 digits", func(p *pain001.Payment) { p.Reference = "12 34566" }},
		{"rf", "reference: wrong check digits", func(p *pain001.Payment) { p.Reference = "RF19539007547034" }},
		{"14-swedish-letters-in-reference", "end-to-end id: \"IF26-Å1\" has characters", func(p *pain001.Payment) { p.EndToEndID = "IF26-Å1" }},
		{"slash", "begins or ends with a slash", func(p *pain001.Payment) { p.EndToEndID = "/1" }},
		{"blank", "begins or ends with a blank", func(p *pain001.Payment) { p.EndToEndID = " 1" }},
		{"long id", "longer than 35", func(p *pain001.Payment) { p.EndToEndID = strings.Repeat("1", 36) }},
		{"not provided", "end-to-end id: not given", func(p *pain001.Payment) { p.EndToEndID = "NOTPROVIDED" }},
		{"no id", "end-to-end id: missing", func(p *pain001.Payment) { p.EndToEndID = "" }},
		{"uetr of version 1", "uetr: not a UUID", func(p *pain001.Payment) { p.UETR = "6d0f3c1e-5b7a-1c21-9e44-0a1b2c3d4e01" }},
		{"uetr in capitals", "uetr: not a UUID", func(p *pain001.Payment) { p.UETR = strings.ToUpper(p.UETR) }},
		{"nothing", "amount: 0.00 is not above zero", func(p *pain001.Payment) { p.Amount = 0 }},
		{"negative", "amount: -1.00", func(p *pain001.Payment) { p.Amount = -100 }},
		{"no name", "payee name: missing", func(p *pain001.Payment) { p.Payee.Name = " \t" }},
		{"town", "payee town: not UTF-8", func(p *pain001.Payment) { p.Payee.Town = "B\xf6le" }},
		{"06-charset", "payee name: not UTF-8", func(p *pain001.Payment) { p.Payee.Name = "Bj\xf6rken" }},
		{"no day", "day: missing", func(p *pain001.Payment) { p.Day = date(1, 1, 1) }},
		{"kind", "kind:", func(p *pain001.Payment) { p.Kind = "swish" }},
		{"plusgiro", "number: plusgiro: wrong check digit", func(p *pain001.Payment) { p.Kind, p.Number = pain001.Plusgiro, "123456" }},
		{"iban", "iban: wrong check digits", func(p *pain001.Payment) {
			p.Kind, p.Number, p.IBAN = pain001.IBAN, "", "SE7560000000000401234568"
		}},
		{"foreign iban", "iban: not SE and digits", func(p *pain001.Payment) {
			p.Kind, p.Number, p.IBAN = pain001.IBAN, "", "NO9386011117947"
		}},
		{"number beside iban", "number: given with kind iban", func(p *pain001.Payment) {
			p.Kind, p.IBAN = pain001.IBAN, "SE7460000000000401234568"
		}},
		{"clearing five", "clearing: five digits", func(p *pain001.Payment) { p.Kind, p.Clearing = pain001.Account, "53681" }},
		{"clearing fifth", "clearing: wrong check digit", func(p *pain001.Payment) { p.Kind, p.Clearing = pain001.Account, "83278" }},
		{"account long", "number: 11 digits", func(p *pain001.Payment) {
			p.Kind, p.Clearing, p.Number = pain001.Account, "5368", "12345678901"
		}},
		{"handelsbanken short", "number: 7 digits, not 8 or 9", func(p *pain001.Payment) {
			p.Kind, p.Clearing, p.Number = pain001.Account, "6112", "1234566"
		}},
		{"swedbank", "number: wrong check digit", func(p *pain001.Payment) {
			p.Kind, p.Clearing, p.Number = pain001.Account, "8327", "1234567"
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := payment(1)
			test.change(&p)
			verify(t, p.Validate(), test.want)
		})
	}
}

func TestValidateMessageNamesTheField(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, want string
		change     func(*pain001.Message)
	}{
		{"good", "", func(*pain001.Message) {}},
		{"no id", "message id: missing", func(m *pain001.Message) { m.ID = "" }},
		{"long id", "message id:", func(m *pain001.Message) { m.ID = strings.Repeat("1", 31) }},
		{"swedish id", "message id:", func(m *pain001.Message) { m.ID = "IF-Å" }},
		{"no instant", "message created: missing", func(m *pain001.Message) { m.Created = date(1, 1, 1) }},
		{"no initiator", "initiator id: missing", func(m *pain001.Message) { m.Initiator.ID = "" }},
		{"no initiator's name", "initiator name: missing", func(m *pain001.Message) { m.Initiator.Name = "" }},
		{"scheme", "initiator scheme:", func(m *pain001.Message) { m.Initiator.Scheme = "ÅÄÖ" }},
		{"no groups", "groups: none", func(m *pain001.Message) { m.Groups = nil }},
		{"past", "group 1 day: 2026-12-27 is before", func(m *pain001.Message) { m.Groups[0].Day = date(2026, 12, 27) }},
		{"count", "group 1 count: 0", func(m *pain001.Message) { m.Groups[0].Count = 0 }},
		{"sum", "group 1 sum: 0.00", func(m *pain001.Message) { m.Groups[0].Sum = 0 }},
		{"overflow", "groups: ", func(m *pain001.Message) { m.Groups[0].Sum = 1<<63 - 1 }},
		{"form", "group 1 form:", func(m *pain001.Message) { m.Groups[0].Form = "cash" }},
		{"debtor town", "debtor town: missing", func(m *pain001.Message) { m.Debtor.Town = "" }},
		{"debtor orgnr", "debtor organisation number:", func(m *pain001.Message) { m.Debtor.OrgNo = "2120002644" }},
		{"debtor bankgiro", "debtor bankgiro: not digits", func(m *pain001.Message) { m.Debtor.Bankgiro = "" }},
		{"debtor iban", "debtor iban:", func(m *pain001.Message) { m.Debtor.IBAN = "SE14" }},
		{"bic", "debtor bic:", func(m *pain001.Message) { m.Debtor.BIC = "ESSE" }},
		{"bearer", "settings: charge bearer:", func(m *pain001.Message) { m.Settings.ChargeBearer = "DEBT" }},
		{"sepa", "settings: service level:", func(m *pain001.Message) { m.Settings.ServiceLevel = "SEPA" }},
		{"salary", "settings: category purpose: SALA", func(m *pain001.Message) { m.Settings.CategoryPurpose = "SALA" }},
		{"purpose", "settings: category purpose:", func(m *pain001.Message) { m.Settings.CategoryPurpose = "x" }},
		{"letters", "settings: letters:", func(m *pain001.Message) { m.Settings.Letters = "" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := message()
			var err error
			if _, m.Groups, err = pain001.Groups(every()); err != nil {
				t.Fatal(err)
			}
			test.change(&m)
			verify(t, m.Validate(), test.want)
		})
	}
}

func TestVersionIsOneOfTwo(t *testing.T) {
	t.Parallel()
	verify(t, pain001.V03.Validate(), "")
	verify(t, pain001.V09.Validate(), "")
	verify(t, pain001.Version("10").Validate(), "version:")
}

func TestGroupsRefuseToOverflow(t *testing.T) {
	t.Parallel()
	p := payment(1)
	p.Amount = 1<<63 - 1
	_, _, err := pain001.Groups([]pain001.Payment{p, p})
	verify(t, err, "amount:")
}

func verify(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("refused: %v", err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("error %v, want %q", err, want)
	}
}
