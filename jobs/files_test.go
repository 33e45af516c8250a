package jobs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/money"
)

// attested is a batch of both channels with every kind of account.
func attestedBatch() workflow.Batch {
	at := time.Date(2027, 1, 12, 9, 15, 0, 0, time.UTC)
	day := workflow.NewDate(2027, time.January, 14)
	line := func(id int64, channel string, kronor int64, into workflow.PayInto) workflow.BatchLine {
		into.Method = channel
		return workflow.BatchLine{PaymentID: id, Application: id, N: 1, Reference: "IF27-U00030" + string(rune('0'+id)),
			UETR: "6d0f3c1e-5b7a-4c21-9e44-0a1b2c3d4e0" + string(rune('0'+id)), Amount: money.Kronor(kronor), Channel: channel,
			Status: workflow.PayInBatch, Payee: "Friskolan Björken & Söner AB", Town: "Skellefteå", Account: into, DNR: "IF 2026-0412",
			Title: "Utbyte \"Pardubice\" våren 2027", Level: "gymnasieskola", Operator: "fristående"}
	}
	own := line(5, "internal", 64800, workflow.PayInto{CostCentre: "6110", Project: "IF2701"})
	own.Payee, own.Operator = "Baldergymnasiet", "kommunal"
	other := line(6, "internal", 1200, workflow.PayInto{CostCentre: "6120"})
	other.Payee, other.Operator, other.Level = "=Kågeskolan", "kommunal", "grundskola"
	b := workflow.Batch{ID: 7, State: workflow.BatchAttested2, MessageID: "IF-20270112-0021", PayDate: day, Execution: day, CreatedAt: at, ExportAt: at,
		Attest1: &workflow.Attest{Person: 1, By: "finance1@example.org", At: at}, Attest2: &workflow.Attest{Person: 2, By: "finance2@example.org", At: at},
		Lines: []workflow.BatchLine{
			line(1, "bankgiro", 47400, workflow.PayInto{Bankgiro: "5912-3455"}),
			line(2, "plusgiro", 12000, workflow.PayInto{Plusgiro: "12 34 55"}),
			line(3, "account", 800, workflow.PayInto{Clearing: "5368", Account: "1234566"}),
			line(4, "iban", 900, workflow.PayInto{IBAN: "SE13 5000 0000 0536 8123 4566"}),
			own, other,
		}}
	return b
}

// held sums the lines that a batch holds, and streams them.
func held(b workflow.Batch) (*workflow.LineSum, lineSource, error) {
	sum := workflow.NewLineSum(b)
	for _, l := range b.Lines {
		if err := sum.Add(l); err != nil {
			return nil, nil, err
		}
	}
	return sum, func(r sql.LineRange) iter.Seq2[sql.ExportLine, error] {
		return func(yield func(sql.ExportLine, error) bool) {
			n := 0
			for _, l := range b.Lines {
				if !slices.Contains(r.Channels, l.Channel) {
					continue
				}
				if n++; n <= r.Skip || r.Count > 0 && n > r.Skip+r.Count {
					continue
				}
				if !yield(sql.ExportLine{BatchLine: l, School: l.Payee, UnitCode: "12345678", OrgNo: "2120002643"}, nil) {
					return
				}
			}
		}
	}, nil
}

// exportHeld exports a batch whose lines are held.
func exportHeld(b workflow.Batch, s workflow.FinanceSettings) (exported, error) {
	sum, source, err := held(b)
	if err != nil {
		return exported{}, err
	}
	return export(b, sum, s, source)
}

func names(files []sql.FileBody) (list []string) {
	for _, f := range files {
		list = append(list, f.Name)
	}
	return list
}

func exportOf(t *testing.T, b workflow.Batch) map[string][]byte {
	t.Helper()
	made, err := exportHeld(b, workflow.DefaultFinance())
	if err != nil {
		t.Fatal(err)
	}
	defer made.Close()
	out := map[string][]byte{}
	for _, f := range made.files {
		if out[f.Name], err = io.ReadAll(f.Body); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestExportMakesOnlyFilesWithLines(t *testing.T) {
	t.Parallel()
	both := attestedBatch()
	bank, internal := both, both
	bank.Lines, internal.Lines = both.Lines[:4], both.Lines[4:]
	for _, c := range []struct {
		name  string
		batch workflow.Batch
		want  []string
	}{
		{"both", both, []string{"sie.si", "bokforingsorder.csv", "pain.001.001.09.xml", "pain.001.001.03.xml", "utbetalningar.csv", "payouts.xlsx", "manifest.json"}},
		{"bank", bank, []string{"pain.001.001.09.xml", "pain.001.001.03.xml", "utbetalningar.csv", "payouts.xlsx", "manifest.json"}},
		{"internal", internal, []string{"sie.si", "bokforingsorder.csv", "payouts.xlsx", "manifest.json"}},
	} {
		made, err := exportHeld(c.batch, workflow.DefaultFinance())
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := names(made.files); !slices.Equal(got, c.want) {
			t.Errorf("%s: files %v, want %v", c.name, got, c.want)
		}
	}
}

func TestExportGivesTheSameBytesEachTime(t *testing.T) {
	t.Parallel()
	b := attestedBatch()
	first, second := exportOf(t, b), exportOf(t, b)
	for name, body := range first {
		if !bytes.Equal(body, second[name]) {
			t.Errorf("%s differs between two runs", name)
		}
	}
}

func TestExportManifestTellsTheTruth(t *testing.T) {
	t.Parallel()
	b := attestedBatch()
	files := exportOf(t, b)
	var m struct {
		Files []struct {
			Name   string
			Bytes  int
			SHA256 string
		}
		Payments []string
	}
	if err := json.Unmarshal(files["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != len(files)-1 {
		t.Errorf("manifest lists %d files, want %d", len(m.Files), len(files)-1)
	}
	for _, f := range m.Files {
		digest := sha256.Sum256(files[f.Name])
		if f.Bytes != len(files[f.Name]) || f.SHA256 != hex.EncodeToString(digest[:]) {
			t.Errorf("manifest says %d bytes and %s of %s", f.Bytes, f.SHA256, f.Name)
		}
	}
	if len(m.Payments) != len(b.Lines) {
		t.Errorf("manifest has %d payments, want %d", len(m.Payments), len(b.Lines))
	}
}

func TestExportNeverPutsAMunicipalUnitIntoABankFile(t *testing.T) {
	t.Parallel()
	b := attestedBatch()
	files := exportOf(t, b)
	for _, name := range []string{"pain.001.001.09.xml", "pain.001.001.03.xml", "utbetalningar.csv"} {
		if bytes.Contains(files[name], []byte("IF27-U000305")) || !bytes.Contains(files[name], []byte("IF27-U000301")) {
			t.Errorf("%s holds an internal payment, or lacks a bank payment", name)
		}
	}
	for _, name := range []string{"sie.si", "bokforingsorder.csv"} {
		if bytes.Contains(files[name], []byte("IF27-U000301")) || !bytes.Contains(files[name], []byte("IF27-U000305")) {
			t.Errorf("%s holds a bank payment, or lacks an internal one", name)
		}
	}
}

func TestExportPassesTheChecker(t *testing.T) {
	t.Parallel()
	for _, need := range []string{"bash", "awk", "iconv", "gzip", "od", "xmllint"} {
		if _, err := exec.LookPath(need); err != nil {
			if os.Getenv("FUND_TEST_STRICT") == "1" {
				t.Fatalf("%s is not installed", need)
			}
			t.Skipf("%s is not installed; FUND_TEST_STRICT=1 makes this a failure", need)
		}
	}
	split, _ := bodies(t, attestedBatch(), limited(2))
	var messages []string // those of a divided batch pass together, too
	dir := t.TempDir()
	for _, name := range []string{"pain.001.001.09.xml", "pain.001.001.09-2.xml"} {
		messages = append(messages, filepath.Join(dir, name))
		if err := os.WriteFile(filepath.Join(dir, name), split[name], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.CommandContext(t.Context(), "../testdata/tools/check-payout-files", append([]string{"--strict", "--today", "2027-01-12"}, messages...)...).CombinedOutput(); err != nil {
		t.Errorf("the checker refuses the messages of a divided batch: %v\n%s", err, out)
	}
	b := attestedBatch()
	for name, body := range exportOf(t, b) {
		if !strings.HasSuffix(name, ".si") && !strings.HasSuffix(name, ".csv") && !strings.HasSuffix(name, ".xml") {
			continue
		}
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
		args := []string{"--strict", "--today", "2027-01-12", file}
		if strings.HasSuffix(name, ".si") {
			args = append([]string{"--sie", "4I"}, args...)
		}
		if out, err := exec.CommandContext(t.Context(), "../testdata/tools/check-payout-files", args...).CombinedOutput(); err != nil {
			t.Errorf("the checker refuses %s: %v\n%s", name, err, out)
		}
	}
}

func TestExportRefusesWhatItCannotBook(t *testing.T) {
	t.Parallel()
	b := attestedBatch()
	empty := workflow.DefaultFinance()
	empty.Coding = nil
	if _, err := exportHeld(b, empty); !errors.Is(err, errCoding) {
		t.Errorf("without code strings: %v, want %v", err, errCoding)
	}
	wrong := b
	wrong.Lines = slices.Clone(b.Lines)
	wrong.Lines[0].Account.Bankgiro = "5912-3456"
	if _, err := exportHeld(wrong, workflow.DefaultFinance()); err == nil {
		t.Error("a bankgiro with a wrong check digit was exported")
	}
	if _, err := exportHeld(workflow.Batch{MessageID: "IF-20270112-0021"}, workflow.DefaultFinance()); err == nil {
		t.Error("a batch without lines was exported")
	}
}

// Lines that change between the sum and a file, or between two files, stop the export.
func TestExportRefusesLinesThatMove(t *testing.T) {
	t.Parallel()
	b := attestedBatch()
	sum := workflow.NewLineSum(b)
	for _, l := range b.Lines {
		if err := sum.Add(l); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func(*workflow.BatchLine, *int){
		"another amount": func(l *workflow.BatchLine, reads *int) { l.Amount++ },
		"later":          func(l *workflow.BatchLine, reads *int) { l.Amount += money.SEK(*reads / 3) },
	} {
		reads := 0
		made, err := export(b, sum, workflow.DefaultFinance(), func(r sql.LineRange) iter.Seq2[sql.ExportLine, error] {
			reads++
			return func(yield func(sql.ExportLine, error) bool) {
				for _, l := range b.Lines {
					if l.PaymentID == 5 {
						change(&l, &reads)
					}
					if slices.Contains(r.Channels, l.Channel) && !yield(sql.ExportLine{BatchLine: l}, nil) {
						return
					}
				}
			}
		})
		if !errors.Is(err, errLinesMoved) {
			t.Errorf("%s: %v, want %v (%d files)", name, err, errLinesMoved, len(made.files))
		}
	}
}

func TestVouchersAreNeverDatedBeforeTheExport(t *testing.T) {
	t.Parallel()
	b := attestedBatch()
	b.Lines, b.PayDate = b.Lines[4:], workflow.NewDate(2026, time.December, 30)
	body := exportOf(t, b)["sie.si"]
	if !bytes.Contains(body, []byte("#RAR 0 20270101 20271231")) || !bytes.Contains(body, []byte(`#VER "" "" 20270112`)) {
		t.Errorf("a batch exported on 12 January for 30 December is booked as\n%s", body)
	}
}

// TestSwedbankAsTheBankWantsIt: the bank profile says whether an account of Swedbank's (8xxx) is written as
// IBAN or as clearing and number. Account and IBAN are the banks' own example.
func TestSwedbankAsTheBankWantsIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		form       string
		with, none string
	}{
		{"iban", "<IBAN>SE5580000832790147258925</IBAN>", "<MmbId>8327</MmbId>"},
		{"bban", "<MmbId>8327</MmbId>", "SE5580000832790147258925"},
	} {
		b := attestedBatch()
		b.Lines = b.Lines[2:3]
		b.Lines[0].Account.Clearing, b.Lines[0].Account.Account = "8327-9", "014 725 892-5"
		s := workflow.DefaultFinance()
		s.Bank.SwedbankForm = c.form
		made, err := exportHeld(b, s)
		if err != nil {
			t.Fatal(err)
		}
		defer made.Close()
		for _, f := range made.files {
			if !strings.HasPrefix(f.Name, "pain.001") {
				continue
			}
			raw, err := io.ReadAll(f.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(raw); !strings.Contains(got, c.with) || strings.Contains(got, c.none) {
				t.Errorf("%s, %s: want %s and no %s in\n%s", c.form, f.Name, c.with, c.none, got)
			}
		}
	}
}

// A name may fill the voucher's text, and it still says which part of the grant it is.
func TestVoucherTextKeepsThePart(t *testing.T) {
	t.Parallel()
	for payee, want := range map[string]string{
		"Baldergymnasiet": "IF27-U000305 Baldergymnasiet del 2",
		"Anpassade gymnasieskolan för Skellefteå och Norsjö": "IF27-U000305 Anpassade gymnasieskolan för Skellefteå del 2",
		strings.Repeat("Ö", 80):                              "IF27-U000305 " + strings.Repeat("Ö", 41) + " del 2",
	} {
		l := attestedBatch().Lines[4]
		l.Payee, l.N = payee, 2
		if got := voucherText(l); got != want {
			t.Errorf("%s: %q, want %q", payee, got, want)
		}
	}
}
