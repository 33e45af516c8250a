package bank

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fund/workflow/money"
)

const samples = "../../testdata/samples"

func sample(t *testing.T, name string) File {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(samples, name))
	if err != nil {
		t.Fatal(err)
	}
	file, err := ReadAll(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return file
}

// seen is a line as a person reads it in the sample.
type seen struct {
	level  LevelName
	id     string // EndToEndId, else InstrId, UETR or PmtInfId
	ore    money.SEK
	ccy    string
	status string
	reason string
	side   Direction
	day    string
	wrong  Problem
}

func asSeen(l Line) seen {
	s := seen{level: l.Level, ore: l.AmountOre, ccy: l.Currency, status: l.Status, reason: l.Reason, side: l.Direction, day: l.BookingDay, wrong: l.Problem}
	for _, id := range []string{l.EndToEndID, l.InstructionID, l.UETR} {
		if s.id == "" {
			s.id = id
		}
	}
	if s.id == "" && l.Level != WholeMessage {
		s.id = l.PmtInfID
	}
	return s
}

// The rows were written with the files open beside, not taken from the reader.
var sampleRows = []struct {
	file     string
	version  string
	message  string
	group    string
	original string
	levels   int
	lines    []seen
	findings []string
}{
	{"pain002/v03-crossriver-tx-reject-nonamespace.xml", "pain.002.001.03", "abcdefg0123456789", "ACTC", "missing2", 2, []seen{
		{level: OnePayment, id: "sanity-10-1-12-1-21", status: "RJCT", reason: "NARR"},
		{level: OnePayment, id: "example01234567", status: "RJCT", reason: "NARR"},
		{level: OnePayment, id: "example012345678", status: "RJCT", reason: "NARR"},
	}, []string{FindingDuplicateByText, FindingNamespace}},
	{"pain002/v03-goldman-payment-accepted.xml", "pain.002.001.03", "1744XXX", "", "XXX001_20220315_B_DZSOXXXX", 2, []seen{
		{level: OneGroup, id: "xxx001220315B000XXXX", status: "ACCP", reason: "NARR"},
	}, nil},
	{"pain002/v03-nordea-fi-actc.xml", "pain.002.001.03", "1539869", "ACTC", "20110102-0000001", 1, []seen{
		{level: WholeMessage, status: "ACTC"},
	}, nil},
	{"pain002/v03-nordea-fi-part.xml", "pain.002.001.03", "1540378", "PART", "MsgId_110610", 5, []seen{
		{level: OnePayment, id: "TEST PMT", ore: 2211, ccy: "EUR", status: "RJCT", reason: "NARR", wrong: ProblemCurrency},
		{level: OnePayment, id: "20140102-123456-02", ore: 74022, ccy: "EUR", status: "RJCT", reason: "DT01"},
		{level: OnePayment, id: "20140102-123456-03", ore: 66522, ccy: "EUR", status: "ACCP"},
		{level: OnePayment, id: "20140102-123456-04", ore: 50000011, ccy: "EUR", status: "ACCP"},
		{level: OneGroup, id: "20140102-123456-02", status: "RJCT", reason: "DT01"},
		{level: OneGroup, id: "20140102-123456-03", status: "ACCP"},
		{level: OneGroup, id: "20140102-123456-04", status: "ACCP"},
	}, []string{FindingCurrency, FindingNoReference, FindingElement}},
	{"pain002/v03-nordea-group-reject-du01.xml", "pain.002.001.03", "XML990920150810101909283", "RJCT", "MSGID-PS-TEST-0708-01", 1, []seen{
		{level: WholeMessage, status: "RJCT", reason: "DU01"},
	}, nil},
	{"pain002/v03-nordea-tx-reject.xml", "pain.002.001.03", "XML990920150728124014189", "", "MSGID-950-TEST2-2807-01", 2, []seen{
		{level: OnePayment, id: "ENDTOENDID-950-TEST2-2807-02", status: "RJCT", reason: "NARR"},
		{level: OnePayment, id: "ENDTOENDID-950-TEST2-2807-01", status: "RJCT", reason: "NARR"},
		{level: OneGroup, id: "PMTINFID-950-TEST2-2807-01", status: "RJCT"},
	}, nil},
	{"pain002/v10-part-missing-ids.xml", "pain.002.001.10", "M", "PART", "CT-1", 2, []seen{
		{level: OnePayment, id: "INSTR-7", status: "RJCT", reason: "AC01"},
		{level: OnePayment, id: "E2E-2", wrong: ProblemNoStatus},
	}, []string{FindingNoStatus}},
	{"camt/camt053-v02-minimal.xml", "camt.053.001.02", "CAMT053RIB000000000001", "", "", 0, []seen{
		{level: OnePayment, ore: 885, ccy: "EUR", status: "BOOK", side: Credit, day: "2014-12-31", wrong: ProblemCurrency},
	}, []string{FindingCurrency}},
	{"camt/camt053-v02-nordea.xml", "camt.053.001.02", "XML12345678901234567890123456789012", "", "", 0, []seen{
		{level: OnePayment, id: "20190501-E00005", ore: 1000000, ccy: "EUR", status: "BOOK", side: Credit, day: "2019-05-08", wrong: ProblemCurrency},
		{level: OnePayment, ore: 10050, ccy: "EUR", status: "BOOK", side: Credit, day: "2019-05-08", wrong: ProblemCurrency},
		{level: OnePayment, id: "20190508-E123456", ore: 70050, ccy: "EUR", status: "BOOK", side: Debit, day: "2019-05-08", wrong: ProblemCurrency},
		{level: OnePayment, ore: 30000, ccy: "EUR", status: "BOOK", side: Debit, day: "2019-05-08", wrong: ProblemCurrency},
		{level: OnePayment, ore: 40000, ccy: "EUR", status: "BOOK", side: Debit, day: "2019-05-08", wrong: ProblemCurrency},
		{level: OnePayment, ore: 10000, ccy: "EUR", status: "BOOK", side: Debit, day: "2019-05-08", wrong: ProblemCurrency},
	}, []string{FindingCurrency}},
	{"camt/camt054-v02-iso-example-sek.xml", "camt.054.001.02", "AAAASESS-FP-ACCR001", "", "", 0, []seen{
		{level: OnePayment, id: "MUELL/FINP/RA12345", status: "BOOK", side: Debit, day: "2007-10-18", wrong: ProblemNoAmount},
		{level: OnePayment, id: "MUELL/FINP/RA12345", status: "BOOK", side: Debit, day: "2007-10-18", wrong: ProblemNoAmount},
		{level: OnePayment, id: "MUELL/FINP/RA12345", status: "BOOK", side: Debit, day: "2007-10-18", wrong: ProblemNoAmount},
	}, []string{FindingNoAmount}},
	{"camt/camt054-v08-uetr-sek.xml", "camt.054.001.08", "AAAASESS-FP-ACCR001", "", "", 0, []seen{
		{level: OnePayment, id: "255ae394-9965-4438-ac86-f406feada396", ore: 20000000, ccy: "SEK", status: "BOOK", side: Debit, day: "2007-10-18"},
	}, []string{FindingNoBookingDay}},
}

func TestSamplesGiveWhatAPersonReads(t *testing.T) {
	t.Parallel()
	for _, row := range sampleRows {
		t.Run(row.file, func(t *testing.T) {
			t.Parallel()
			f := sample(t, row.file)
			got := []string{f.Version, f.MessageID, f.GroupStatus, f.OriginalMessageID}
			if diff := cmp.Diff([]string{row.version, row.message, row.group, row.original}, got); diff != "" {
				t.Error(diff)
			}
			var lines []seen
			for i, l := range f.Lines {
				lines = append(lines, asSeen(l))
				if l.N != i+1 || l.Kind != f.Kind {
					t.Errorf("line %d: n %d, kind %s", i+1, l.N, l.Kind)
				}
			}
			if diff := cmp.Diff(row.lines, lines, cmp.AllowUnexported(seen{})); diff != "" {
				t.Error(diff)
			}
			if len(f.Levels) != row.levels {
				t.Errorf("%d levels, want %d", len(f.Levels), row.levels)
			}
			var codes []string
			for _, x := range f.Findings {
				codes = append(codes, x.Code)
				if x.TextSV == "" || x.TextEN == "" {
					t.Errorf("finding %s has no words", x.Code)
				}
			}
			slices.Sort(codes)
			want := slices.Sorted(slices.Values(row.findings))
			if diff := cmp.Diff(want, codes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEverySampleOfAnAnswerHasARow(t *testing.T) {
	t.Parallel()
	var files, rows []string
	for _, dir := range []string{"camt", "pain002"} {
		names, err := filepath.Glob(filepath.Join(samples, dir, "*.xml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			files = append(files, dir+"/"+filepath.Base(n))
		}
	}
	for _, r := range sampleRows {
		rows = append(rows, r.file)
	}
	slices.Sort(files)
	slices.Sort(rows)
	if diff := cmp.Diff(rows, files); diff != "" {
		t.Error(diff)
	}
}

// What the bank claims of a level is kept, also where the level made no line.
func TestLevelsKeepTheBanksClaims(t *testing.T) {
	t.Parallel()
	f := sample(t, "pain002/v03-nordea-fi-part.xml")
	g := f.Levels[0]
	if g.Name != OneGroup || g.Status != "PART" || g.Line != 0 || *g.Count != 3 || *g.Sum != 11177933 || g.Named != 1 {
		t.Errorf("first PmtInf: %+v", g)
	}
	if len(g.PerStatus) != 2 || g.PerStatus[0].Status != "ACCP" || g.PerStatus[0].Count != 2 || *g.PerStatus[0].Sum != 11175722 {
		t.Errorf("per status: %+v", g.PerStatus)
	}
	if second := f.Levels[1]; second.Line != 5 || f.Lines[4].PmtInfID != second.PmtInfID {
		t.Errorf("second PmtInf: %+v", second)
	}
	cross := sample(t, "pain002/v03-crossriver-tx-reject-nonamespace.xml")
	// 5.0400 is 5.04.
	if got := CompareLevel(cross.Levels[0], Total{Count: 3, Sum: 504}); len(got) != 0 {
		t.Errorf("equal count and sum differ: %+v", got)
	}
	got := CompareLevel(cross.Levels[0], Total{Count: 2, Sum: 505})
	if len(got) != 2 || got[0].Code != FindingCount || got[1].Code != FindingSum {
		t.Errorf("findings %+v", got)
	}
}

// A reason below does not leak into the level above it.
func TestLevelHasNoReasonOfItsPayments(t *testing.T) {
	t.Parallel()
	l := sample(t, "pain002/v03-nordea-tx-reject.xml").Lines[2]
	if l.Level != OneGroup || l.Reason != "" || l.Text != "" {
		t.Errorf("line %+v", l)
	}
}

// The copies are those that the project was given, where that folder is at hand.
func TestSamplesAndCodesAreUnchanged(t *testing.T) {
	t.Parallel()
	for from, to := range map[string]string{
		"../../../shared/samples":                samples,
		"../../../shared/schemas/iso20022/codes": "codes",
	} {
		if _, err := os.Stat(from); err != nil {
			continue // a bare clone
		}
		err := filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			rel, err := filepath.Rel(from, path)
			if err != nil {
				return err
			}
			want, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			got, err := os.ReadFile(filepath.Join(to, rel))
			if err != nil {
				return err
			}
			if !bytes.Equal(want, got) {
				t.Errorf("%s differs", rel)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
