package pain001_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fund/jobs/pain001"
	"fund/jobs/plaintext"
	"fund/workflow/money"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// message gives a message without groups.
func message() pain001.Message {
	return pain001.Message{
		ID:        "IF-20261228-0021",
		Created:   time.Date(2026, 12, 28, 10, 15, 0, 123, time.FixedZone("CET", 3600)),
		Initiator: pain001.Initiator{Name: "Skellefteå kommun", ID: "2120002643"},
		Debtor: pain001.Debtor{
			Name: "Skellefteå kommun", Town: "Skellefteå", OrgNo: "2120002643",
			IBAN: "SE1350000000053681234566", Bankgiro: "9912346", BIC: "ESSESESS",
		},
		Settings: pain001.Settings{
			BatchBooking: true, UETR: true,
			Letters: plaintext.Swedish,
		},
	}
}

func payment(n int) pain001.Payment {
	return pain001.Payment{
		Day:        date(2026, 12, 30),
		EndToEndID: fmt.Sprintf("IF26-U%06d", n),
		UETR:       fmt.Sprintf("6d0f3c1e-5b7a-4c21-9e44-0a1b%08x", n),
		Amount:     money.Kronor(1000 + int64(n)),
		Payee:      pain001.Payee{Name: "Friskolan Björken AB", Town: "Skellefteå"},
		Kind:       pain001.Bankgiro,
		Number:     "59123455",
		Text:       fmt.Sprintf("IF26-U%06d Internationella fonden dnr 2026/0412", n),
	}
}

// every gives one payment of each kind and oddity, over a year's end.
func every() []pain001.Payment {
	change := func(n int, f func(*pain001.Payment)) pain001.Payment {
		p := payment(n)
		f(&p)
		return p
	}
	next := date(2027, 1, 4)
	return []pain001.Payment{
		change(1, func(p *pain001.Payment) {}),
		change(2, func(p *pain001.Payment) { p.Number, p.Reference = "59876540", "1234566" }),
		change(3, func(p *pain001.Payment) {
			p.Kind, p.Number, p.Payee = pain001.Plusgiro, "123455", pain001.Payee{Name: "Lycée Müller & Söner § 3 🎒", Town: "Boliden"}
		}),
		change(4, func(p *pain001.Payment) {
			p.Kind, p.Number, p.Clearing = pain001.Account, "1234566", "5368"
			p.Payee.Name = strings.Repeat("Nordskolan ", 7) + "öre"
		}),
		change(5, func(p *pain001.Payment) {
			p.Kind, p.Number, p.Clearing, p.Reference = pain001.Account, "509876501", "6112", "RF18539007547034"
		}),
		change(6, func(p *pain001.Payment) { p.Kind, p.Number, p.Clearing = pain001.Account, "1234566", "8327" }),
		change(7, func(p *pain001.Payment) {
			p.Kind, p.Number, p.IBAN = pain001.IBAN, "", "SE7460000000000401234568"
			p.Text = "=2+5 " + strings.Repeat("åäö ", 50)
		}),
		change(8, func(p *pain001.Payment) { p.Day = next }),
		change(9, func(p *pain001.Payment) { p.Day, p.Kind, p.Number, p.Amount = next, pain001.Plusgiro, "9091026", 1 }),
	}
}

func encode(v pain001.Version, m pain001.Message, payments []pain001.Payment) ([]byte, error) {
	sorted, groups, err := pain001.Groups(payments)
	if err != nil {
		return nil, err
	}
	m.Groups = groups
	var b bytes.Buffer
	err = pain001.Encode(&b, v, m, pain001.Each(sorted))
	return b.Bytes(), err
}

func TestGoldenMessages(t *testing.T) {
	t.Parallel()
	bank := message()
	bank.Initiator.ID, bank.Initiator.Scheme = "062120002643B001", "BANK"
	bank.Settings = pain001.Settings{
		ChargeBearer: "SLEV", ServiceLevel: "NURG", CategoryPurpose: "SUPP",
		Letters: plaintext.ASCII,
	}
	tests := []struct {
		name    string
		version pain001.Version
		message pain001.Message
	}{
		{"default.09", pain001.V09, message()},
		{"default.03", pain001.V03, message()},
		{"settings.09", pain001.V09, bank},
		{"settings.03", pain001.V03, bank},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := encode(test.version, test.message, every())
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", test.name+".xml")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
			again, err := encode(test.version, test.message, every())
			if err != nil || !bytes.Equal(got, again) {
				t.Errorf("the second time the bytes differ (%v)", err)
			}
			mustPass(t, "--today", "2026-12-28", golden)
		})
	}
}

func TestTheTwoVersionsAreOneMessage(t *testing.T) {
	t.Parallel()
	m := message()
	m.Settings.UETR = false
	v9, err := encode(pain001.V09, m, every())
	if err != nil {
		t.Fatal(err)
	}
	v3, err := encode(pain001.V03, m, every())
	if err != nil {
		t.Fatal(err)
	}
	s := strings.ReplaceAll(string(v9), "BICFI>", "BIC>")
	s = strings.ReplaceAll(s, "pain.001.001.09", "pain.001.001.03")
	for _, day := range []string{"2026-12-30", "2027-01-04"} {
		s = strings.ReplaceAll(s, "<ReqdExctnDt>\n        <Dt>"+day+"</Dt>\n      </ReqdExctnDt>", "<ReqdExctnDt>"+day+"</ReqdExctnDt>")
	}
	if diff := cmp.Diff(string(v3), s); diff != "" {
		t.Errorf("03 (-) and 09 (+) differ in more than their dress:\n%s", diff)
	}
}

// numbers with right check digits for each kind
var (
	bankgiros = []string{"59123455", "1609908", "59876540", "9912346"}
	plusgiros = []string{"9091026", "123455", "18"}
	ibans     = []string{"SE7460000000000401234568", "SE1350000000053681234566"}
	accounts  = [][2]string{{"5368", "1234566"}, {"6112", "509876501"}, {"8327", "1234566"}, {"83279", "18"}}
)

func drawPayment(t *rapid.T, n int) pain001.Payment {
	p := payment(n)
	p.Day = date(2027, 1, rapid.SampledFrom([]int{11, 12, 13, 14, 15}).Draw(t, "day"))
	p.Amount = money.SEK(rapid.Int64Range(1, 1e11).Draw(t, "ore"))
	visible := func(s string) bool { return strings.TrimSpace(s) != "" }
	p.Payee.Name = rapid.String().Filter(visible).Draw(t, "name")
	p.Payee.Town = rapid.OneOf(rapid.Just(""), rapid.String()).Draw(t, "town")
	p.Text = rapid.String().Draw(t, "text")
	p.Number = ""
	p.Kind = rapid.SampledFrom([]pain001.Kind{pain001.Bankgiro, pain001.Plusgiro, pain001.Account, pain001.IBAN}).Draw(t, "kind")
	switch p.Kind {
	case pain001.Bankgiro:
		p.Number = rapid.SampledFrom(bankgiros).Draw(t, "bankgiro")
	case pain001.Plusgiro:
		p.Number = rapid.SampledFrom(plusgiros).Draw(t, "plusgiro")
	case pain001.Account:
		a := rapid.SampledFrom(accounts).Draw(t, "account")
		p.Clearing, p.Number = a[0], a[1]
	case pain001.IBAN:
		p.IBAN = rapid.SampledFrom(ibans).Draw(t, "iban")
	}
	p.Reference = rapid.SampledFrom([]string{"", "", "1234566", "2026112306", "RF18539007547034"}).Draw(t, "reference")
	return p
}

func TestDecodingGivesThePaymentsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var payments []pain001.Payment
		for n := range rapid.IntRange(1, 12).Draw(t, "payments") {
			payments = append(payments, drawPayment(t, n))
		}
		m := message()
		m.Settings.UETR = rapid.Bool().Draw(t, "uetr")
		m.Settings.Letters = rapid.SampledFrom([]plaintext.Letters{plaintext.Swedish, plaintext.ASCII}).Draw(t, "letters")
		v := rapid.SampledFrom([]pain001.Version{pain001.V03, pain001.V09}).Draw(t, "version")
		got, err := encode(v, m, payments)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, v, m, payments, got)
	})
}

// compare reads the bytes and holds them against what went in.
func compare(t *rapid.T, v pain001.Version, m pain001.Message, payments []pain001.Payment, got []byte) {
	body := read(t, bytes.NewReader(got)).at("Document/CstmrCdtTrfInitn")
	byID := map[string]pain001.Payment{}
	for _, p := range payments {
		byID[p.EndToEndID] = p
	}
	var count int
	var sum int64
	last := ""
	for i, group := range body.all("PmtInf") {
		if got, want := group.value("PmtInfId"), fmt.Sprintf("%s-%d", m.ID, i+1); got != want {
			t.Fatalf("group id %s, want %s", got, want)
		}
		day := group.value("ReqdExctnDt")
		if v == pain001.V09 {
			day = group.value("ReqdExctnDt/Dt")
		}
		form := "iban"
		if group.value("DbtrAcct/Id/Othr/Id") == m.Debtor.Bankgiro {
			form = "bankgiro"
		} else if group.value("DbtrAcct/Id/IBAN") != m.Debtor.IBAN {
			t.Fatalf("group %d is paid from no account", i+1)
		}
		if key := day + form; key <= last {
			t.Fatalf("group %s after %s", key, last)
		} else {
			last = key
		}
		var groupSum int64
		transfers := group.all("CdtTrfTxInf")
		for _, x := range transfers {
			p, ok := byID[x.value("PmtId/EndToEndId")]
			if !ok {
				t.Fatalf("payment %s was not given, or stands twice", x.value("PmtId/EndToEndId"))
			}
			delete(byID, p.EndToEndID)
			if day != p.Day.Format(time.DateOnly) || (form == "bankgiro") != (p.Kind == pain001.Bankgiro) {
				t.Fatalf("payment %s is in the group %s %s", p.EndToEndID, day, form)
			}
			compareTransfer(t, v, m, p, x)
			groupSum += ore(t, x.value("Amt/InstdAmt"))
		}
		if group.value("NbOfTxs") != fmt.Sprint(len(transfers)) || ore(t, group.value("CtrlSum")) != groupSum {
			t.Fatalf("group %d says %s and %s, has %d and %d", i+1, group.value("NbOfTxs"), group.value("CtrlSum"), len(transfers), groupSum)
		}
		count, sum = count+len(transfers), sum+groupSum
	}
	if len(byID) != 0 {
		t.Fatalf("%d payments are missing", len(byID))
	}
	if body.value("GrpHdr/NbOfTxs") != fmt.Sprint(count) || ore(t, body.value("GrpHdr/CtrlSum")) != sum {
		t.Fatalf("header says %s and %s, has %d and %d", body.value("GrpHdr/NbOfTxs"), body.value("GrpHdr/CtrlSum"), count, sum)
	}
}

func compareTransfer(t *rapid.T, v pain001.Version, m pain001.Message, p pain001.Payment, x *node) {
	uetr := ""
	if v == pain001.V09 && m.Settings.UETR {
		uetr = p.UETR
	}
	iban, number, scheme, clearing := p.IBAN, p.Number, "Cd=BBAN", ""
	switch p.Kind {
	case pain001.Bankgiro:
		scheme, clearing = "Prtry=BGNR", "SESBA 9900"
	case pain001.Plusgiro:
		clearing = "SESBA 9960"
	case pain001.Account:
		clearing = "SESBA " + p.Clearing[:4]
		if len(number) < 7 {
			number = strings.Repeat("0", 7-len(number)) + number
		}
	}
	if number == "" {
		scheme = ""
	}
	gotScheme := ""
	if s := x.value("CdtrAcct/Id/Othr/SchmeNm/Cd"); s != "" {
		gotScheme = "Cd=" + s
	}
	if s := x.value("CdtrAcct/Id/Othr/SchmeNm/Prtry"); s != "" {
		gotScheme += "Prtry=" + s
	}
	gotIBAN := x.value("CdtrAcct/Id/IBAN")
	country := "SE"
	homeless := strings.TrimSpace(p.Payee.Town) == ""
	if homeless { // without a town no postal address is written
		country = ""
		if x.at("Cdtr/PstlAdr") != nil {
			t.Fatalf("payment %s has an address without a town", p.EndToEndID)
		}
	}
	want := map[string]string{
		"id": p.EndToEndID, "uetr": uetr, "ore": fmt.Sprint(int64(p.Amount)), "currency": "SEK",
		"iban": iban, "number": number, "scheme": scheme, "clearing": clearing, "reference": p.Reference, "country": country,
	}
	got := map[string]string{
		"id": x.value("PmtId/InstrId"), "uetr": x.value("PmtId/UETR"),
		"ore": fmt.Sprint(ore(t, x.value("Amt/InstdAmt"))), "currency": x.at("Amt/InstdAmt").attrs["Ccy"],
		"iban": gotIBAN, "number": x.value("CdtrAcct/Id/Othr/Id"), "scheme": gotScheme,
		"clearing":  strings.TrimSpace(x.value("CdtrAgt/FinInstnId/ClrSysMmbId/ClrSysId/Cd") + " " + x.value("CdtrAgt/FinInstnId/ClrSysMmbId/MmbId")),
		"reference": x.value("RmtInf/Strd/CdtrRefInf/Ref"), "country": x.value("Cdtr/PstlAdr/Ctry"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("payment %s (-want +got):\n%s", p.EndToEndID, diff)
	}
	text := x.value("RmtInf/Ustrd")
	if (text == "") == (p.Reference == "") || text != "" && !strings.HasPrefix(text, p.EndToEndID) {
		t.Fatalf("payment %s has reference %q and text %q", p.EndToEndID, p.Reference, text)
	}
	for limit, s := range map[int]string{70: x.value("Cdtr/Nm"), 35: x.value("Cdtr/PstlAdr/TwnNm"), 140: text} {
		if utf8.RuneCountInString(s) > limit || s != plaintext.Payment(s, m.Settings.Letters) || s == "" && limit != 140 && !(homeless && limit == 35) {
			t.Fatalf("text %q has more than %d characters or others than a bank takes", s, limit)
		}
	}
}

// A few random messages go through the schemas and the checker too; it takes
// processes, so not as many as above.
func TestRandomMessagesPassTheChecker(t *testing.T) {
	t.Parallel()
	draw := rapid.Custom(func(t *rapid.T) []pain001.Payment {
		payments := make([]pain001.Payment, 25)
		for n := range payments {
			payments[n] = drawPayment(t, n)
			payments[n].Amount = money.Kronor(int64(n) + 1) // the checker doubts equal payments
		}
		return payments
	})
	for seed := range 3 {
		for _, v := range []pain001.Version{pain001.V03, pain001.V09} {
			got, err := encode(v, message(), draw.Example(seed))
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "pain.001.001."+string(v)+".xml")
			if err := os.WriteFile(file, got, 0o600); err != nil {
				t.Fatal(err)
			}
			mustPass(t, file)
		}
	}
}

func TestEncodeRefusesWhatWasNotAnnounced(t *testing.T) {
	t.Parallel()
	sorted, groups, err := pain001.Groups(every())
	if err != nil {
		t.Fatal(err)
	}
	lost := errors.New("connection lost")
	tests := []struct {
		name, want string
		groups     func([]pain001.Group) []pain001.Group
		payments   func([]pain001.Payment) iter.Seq2[pain001.Payment, error]
	}{
		{"a payment less", "group 1 count: announced 2, came 1", nil, func(p []pain001.Payment) iter.Seq2[pain001.Payment, error] { return pain001.Each(p[1:]) }},
		{"the last group less", "announced 4, came 3", nil, func(p []pain001.Payment) iter.Seq2[pain001.Payment, error] { return pain001.Each(p[:len(p)-1]) }},
		{"none", "announced 4, came 0", nil, func([]pain001.Payment) iter.Seq2[pain001.Payment, error] { return pain001.Each(nil) }},
		{"another sum", "group 1 sum: announced", func(g []pain001.Group) []pain001.Group { g[0].Sum++; return g }, nil},
		{"another day", "the group's are", func(g []pain001.Group) []pain001.Group { g[0].Day = g[0].Day.AddDate(0, 0, -1); return g }, nil},
		{"a group less", "after the last one", func(g []pain001.Group) []pain001.Group { return g[:3] }, nil},
		{"groups out of order", "group 2: not after group 1", func(g []pain001.Group) []pain001.Group { g[0], g[1] = g[1], g[0]; return g }, nil},
		{"a payment twice", "given twice", nil, func(p []pain001.Payment) iter.Seq2[pain001.Payment, error] {
			return pain001.Each([]pain001.Payment{p[0], p[0]})
		}},
		{"a UETR twice", "uetr: given twice", nil, func(p []pain001.Payment) iter.Seq2[pain001.Payment, error] {
			q := p[1]
			q.UETR = p[0].UETR
			return pain001.Each([]pain001.Payment{p[0], q})
		}},
		{"no UETR", "uetr: missing", nil, func(p []pain001.Payment) iter.Seq2[pain001.Payment, error] {
			q := p[0]
			q.UETR = ""
			return pain001.Each([]pain001.Payment{q})
		}},
		{"the source breaks", "next payment: connection lost", nil, func([]pain001.Payment) iter.Seq2[pain001.Payment, error] {
			return func(yield func(pain001.Payment, error) bool) { yield(pain001.Payment{}, lost) }
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m, payments := message(), pain001.Each(sorted)
			m.Groups = append([]pain001.Group(nil), groups...)
			if test.groups != nil {
				m.Groups = test.groups(m.Groups)
			}
			if test.payments != nil {
				payments = test.payments(append([]pain001.Payment(nil), sorted...))
			}
			err := pain001.Encode(io.Discard, pain001.V09, m, payments)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if test.name == "the source breaks" && !errors.Is(err, lost) {
				t.Errorf("error %v does not wrap the source's", err)
			}
		})
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestEncodeTellsOfAWriterThatBreaks(t *testing.T) {
	t.Parallel()
	sorted, groups, err := pain001.Groups(every())
	if err != nil {
		t.Fatal(err)
	}
	m := message()
	m.Groups = groups
	if err := pain001.Encode(brokenPipe{}, pain001.V09, m, pain001.Each(sorted)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v, want %v", err, io.ErrClosedPipe)
	}
}

// BenchmarkHundredThousandPayments fails if the heap grows with the payments
// beyond the ids that are remembered.
func BenchmarkHundredThousandPayments(b *testing.B) {
	const count = 100_000
	m := message()
	m.Groups = []pain001.Group{{Day: date(2026, 12, 30), Form: pain001.FromBankgiro, Count: count}}
	for n := range count {
		m.Groups[0].Sum += payment(n).Amount
	}
	for b.Loop() {
		var peak uint64
		var stats runtime.MemStats
		stream := func(yield func(pain001.Payment, error) bool) {
			for n := range count {
				if n%10_000 == 0 {
					runtime.ReadMemStats(&stats)
					peak = max(peak, stats.HeapAlloc)
				}
				if !yield(payment(n), nil) {
					return
				}
			}
		}
		if err := pain001.Encode(io.Discard, pain001.V09, m, stream); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
		if peak > 64<<20 {
			b.Fatalf("heap of %d MiB for %d payments, want at most 64", peak>>20, count)
		}
	}
}
