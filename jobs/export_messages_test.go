package jobs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/money"
)

var updateGolden = flag.Bool("update", false, "rewrite the golden files")

// limited are the default settings of a bank that takes so many payments in a message.
func limited(payments int) workflow.FinanceSettings {
	s := workflow.DefaultFinance()
	s.Bank.MaxPayments = payments
	return s
}

// ordered makes a batch's files but the workbook, which is slow.
func ordered(t *rapid.T, b workflow.Batch, s workflow.FinanceSettings) (all map[string][]byte, groups []sql.BankGroup) {
	sum, source, err := held(b)
	if err != nil {
		t.Fatal(err)
	}
	x := &exporting{batch: b, sum: sum, settings: s, source: source}
	if x.messages, err = x.bankMessages(); err != nil {
		t.Fatal(err)
	}
	for _, m := range x.makings() {
		if m.name == "payouts.xlsx" {
			continue
		}
		if err := x.make(m); err != nil {
			t.Fatalf("%s: %v", m.name, err)
		}
	}
	all = map[string][]byte{}
	for _, f := range x.files {
		if all[f.Name], err = io.ReadAll(f.Body); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
	}
	return all, x.bankGroups()
}

// bodies exports a batch and reads its files.
func bodies(t *testing.T, b workflow.Batch, s workflow.FinanceSettings) (all map[string][]byte, made exported) {
	t.Helper()
	made, err := exportHeld(b, s)
	if err != nil {
		t.Fatalf("export: %v", err)
	}
	defer made.Close()
	all = map[string][]byte{}
	for _, f := range made.files {
		if all[f.Name], err = io.ReadAll(f.Body); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
	}
	return all, made
}

// order is what another program reads of a message.
type order struct {
	Header struct {
		ID    string `xml:"MsgId"`
		Count int    `xml:"NbOfTxs"`
		Sum   string `xml:"CtrlSum"`
	} `xml:"CstmrCdtTrfInitn>GrpHdr"`
	Groups []struct {
		ID       string `xml:"PmtInfId"`
		Count    int    `xml:"NbOfTxs"`
		Sum      string `xml:"CtrlSum"`
		Payments []struct {
			ID  string `xml:"PmtId>EndToEndId"`
			Sum string `xml:"Amt>InstdAmt"`
		} `xml:"CdtTrfTxInf"`
	} `xml:"CstmrCdtTrfInitn>PmtInf"`
}

// TestOneMessageIsAsItWas: a batch that the bank takes at once has the names and the
// bytes that it had before large ones were divided.
func TestOneMessageIsAsItWas(t *testing.T) {
	t.Parallel()
	const golden = "testdata/one_message.sha256"
	for _, s := range []workflow.FinanceSettings{workflow.DefaultFinance(), limited(4)} {
		all, _ := bodies(t, attestedBatch(), s)
		var sums []string
		for name, body := range all {
			sum := sha256.Sum256(body)
			sums = append(sums, hex.EncodeToString(sum[:])+"  "+name+"\n")
		}
		slices.SortFunc(sums, func(a, b string) int { return strings.Compare(a[64:], b[64:]) })
		holdGolden(t, golden, []byte(strings.Join(sums, "")))
	}
}

// holdGolden holds bytes against a file.
func holdGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *updateGolden {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

// TestLargeBatchGolden: three payments a message, four to the bank.
func TestLargeBatchGolden(t *testing.T) {
	t.Parallel()
	all, made := bodies(t, attestedBatch(), limited(3))
	want := []string{"sie.si", "bokforingsorder.csv", "pain.001.001.09.xml", "pain.001.001.09-2.xml", "pain.001.001.03.xml", "pain.001.001.03-2.xml",
		"utbetalningar.csv", "payouts.xlsx", "manifest.json"}
	if got := names(made.files); !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
	for _, name := range []string{"pain.001.001.09.xml", "pain.001.001.09-2.xml", "pain.001.001.03.xml", "pain.001.001.03-2.xml"} {
		holdGolden(t, filepath.Join("testdata/split", name), all[name])
	}
	whole, _ := bodies(t, attestedBatch(), workflow.DefaultFinance())
	for _, name := range []string{"sie.si", "bokforingsorder.csv", "utbetalningar.csv"} {
		if !bytes.Equal(all[name], whole[name]) {
			t.Errorf("%s changes with the messages", name)
		}
	}
}

// TestEveryPaymentIsInOneMessage divides batches of any mixture: each payment to the bank
// stands in exactly one message, in the order of the batch, no message holds more than
// the bank takes, and the sums are those of the batch, in both versions and the manifest.
func TestEveryPaymentIsInOneMessage(t *testing.T) {
	t.Parallel()
	kinds := attestedBatch().Lines
	rapid.Check(t, func(t *rapid.T) {
		b := attestedBatch()
		b.Lines = nil
		for i := range rapid.IntRange(1, 30).Draw(t, "lines") {
			l := rapid.SampledFrom(kinds).Draw(t, "kind")
			l.PaymentID, l.Reference, l.UETR = int64(i+1), fmt.Sprintf("IF27-U%06d", i+1), fmt.Sprintf("6d0f3c1e-5b7a-4c21-9e44-%012x", i+1)
			l.Amount = money.SEK(rapid.Int64Range(1, 1e9).Draw(t, "ore"))
			b.Lines = append(b.Lines, l)
		}
		limit := rapid.IntRange(1, 12).Draw(t, "limit")
		all, groups := ordered(t, b, limited(limit))
		var list struct {
			Files []struct {
				Name     string
				Message  string    `json:"message_id"`
				Payments int       `json:"payments"`
				Sum      money.SEK `json:"sum_ore"`
			}
		}
		if err := json.Unmarshal(all["manifest.json"], &list); err != nil {
			t.Fatalf("manifest: %v", err)
		}
		for _, version := range []string{"03", "09"} {
			inOrder(t, b, limit, version, all)
		}
		files := 0
		for _, f := range list.Files {
			if !workflow.BankOrder(f.Name) {
				continue
			}
			files++
			o := parse(t, all[f.Name])
			if f.Payments != o.Header.Count || f.Sum.Decimal() != o.Header.Sum || f.Message != "" && f.Message != o.Header.ID {
				t.Fatalf("the manifest says %+v of %s, which says %+v", f, f.Name, o.Header)
			}
		}
		held := 0
		for _, l := range b.Lines {
			if l.Bank() {
				held++
			}
		}
		if want := 2 * ((held + limit - 1) / limit); files != want {
			t.Fatalf("%d files to the bank, want %d", files, want)
		}
		covered := 0
		for _, g := range groups {
			covered += g.Lines.Count
		}
		if covered != held {
			t.Fatalf("the groups name %d lines of %d", covered, held)
		}
	})
}

func parse(t *rapid.T, body []byte) (o order) {
	t.Helper()
	if err := xml.Unmarshal(body, &o); err != nil {
		t.Fatalf("xml: %v", err)
	}
	return o
}

// inOrder reads the messages of a version one after the other.
func inOrder(t *rapid.T, b workflow.Batch, limit int, version string, all map[string][]byte) {
	t.Helper()
	var got, want []string
	ids := map[string]bool{}
	for n := 1; ; n++ {
		body, ok := all[workflow.PaymentFileName(version, n)]
		if !ok {
			break
		}
		o := parse(t, body)
		var sum money.SEK
		count := 0
		for _, g := range o.Groups {
			for _, p := range g.Payments {
				got = append(got, p.ID+" "+p.Sum)
				count++
				for _, l := range b.Lines {
					if l.Reference == p.ID {
						sum += l.Amount
					}
				}
			}
			if ids[g.ID] || !strings.HasPrefix(g.ID, o.Header.ID+"-") || g.Count != len(g.Payments) {
				t.Fatalf("group %s of message %s with %d of %d", g.ID, o.Header.ID, len(g.Payments), g.Count)
			}
			ids[g.ID] = true
		}
		if o.Header.ID != workflow.MessageName(b.MessageID, n) || ids[o.Header.ID] || count != o.Header.Count || count > limit || sum.Decimal() != o.Header.Sum {
			t.Fatalf("message %d is %+v with %d payments of %s", n, o.Header, count, sum.Decimal())
		}
		ids[o.Header.ID] = true
	}
	for _, giro := range []bool{true, false} {
		for _, l := range b.Lines {
			if l.Bank() && (l.Channel == "bankgiro") == giro {
				want = append(want, l.Reference+" "+l.Amount.Decimal())
			}
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("payments (-want +got):\n%s", d)
	}
}
