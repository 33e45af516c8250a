package manifest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fund/jobs/manifest"
	"fund/workflow/money"
)

var update = flag.Bool("update", false, "rewrite the golden file")

func full() manifest.Manifest {
	at := func(hour, minute int) time.Time {
		return time.Date(2027, 2, 9, hour, minute, 30, 999, time.FixedZone("CET", 3600))
	}
	return manifest.Manifest{
		Batch: "IF-20270209-0023", Created: at(11, 5),
		Files: []manifest.File{
			{Name: "pain.001.001.09.xml", Bytes: 3120, SHA256: strings.Repeat("c41d9e07", 8), Payments: 1, Sum: money.Kronor(47400)},
			{Name: "sie.si", Bytes: 1400, SHA256: strings.Repeat("07be62f4", 8), Payments: 1, Sum: 1072550},
		},
		Channels: []manifest.Channel{
			{Name: "internal", Payments: 1, Sum: 1072550},
			{Name: "bankgiro", Payments: 1, Sum: money.Kronor(47400)},
		},
		Payments: []string{"IF27-U000310", "IF27-U000311"},
		Attests: []manifest.Attest{
			{Who: "Maria Lövgren <maria@example.test> & co", At: at(10, 31), Step: 1},
			{Who: "Åke Öberg", At: at(11, 2), Step: 2},
		},
	}
}

func TestGoldenManifest(t *testing.T) {
	t.Parallel()
	var got, again bytes.Buffer
	if err := errors.Join(manifest.Encode(&got, full()), manifest.Encode(&again, full())); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/manifest.json"
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
	if !bytes.Equal(got.Bytes(), again.Bytes()) {
		t.Error("the second time the bytes differ")
	}
	var read struct {
		Batch   string
		SumOre  int64 `json:"sum_ore"`
		Created time.Time
		Files   []struct {
			SumOre int64 `json:"sum_ore"`
		}
	}
	if err := json.Unmarshal(got.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	if read.SumOre != 5812550 || read.Files[0].SumOre != 4740000 || !read.Created.Equal(full().Created.Truncate(time.Second)) {
		t.Errorf("read %+v", read)
	}
}

func TestAManifestDoesNotContradictItself(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, want string
		change     func(*manifest.Manifest)
	}{
		{"good", "", func(*manifest.Manifest) {}},
		{"batch", "batch: missing", func(m *manifest.Manifest) { m.Batch = "" }},
		{"created", "created: missing", func(m *manifest.Manifest) { m.Created = time.Time{} }},
		{"files", "files: none", func(m *manifest.Manifest) { m.Files = nil }},
		{"payments", "payments: none", func(m *manifest.Manifest) { m.Payments = nil }},
		{"payment twice", `payment 2: "IF27-U000310"`, func(m *manifest.Manifest) { m.Payments[1] = m.Payments[0] }},
		{"channel twice", "channel 2 name:", func(m *manifest.Manifest) { m.Channels[1].Name = "internal" }},
		{"empty channel", "channel internal: 0 payments", func(m *manifest.Manifest) { m.Channels[0].Payments = 0 }},
		{"channel count", "they hold 3 payments, the batch 2", func(m *manifest.Manifest) { m.Channels[0].Payments = 2 }},
		{"overflow", "channel bankgiro sum:", func(m *manifest.Manifest) { m.Channels[0].Sum = 1<<63 - 1 }},
		{"itself", "file 1 name:", func(m *manifest.Manifest) { m.Files[0].Name = "manifest.json" }},
		{"file twice", "file 2 name:", func(m *manifest.Manifest) { m.Files[1].Name = m.Files[0].Name }},
		{"empty file", "sie.si bytes: 0", func(m *manifest.Manifest) { m.Files[1].Bytes = 0 }},
		{"hash", "sie.si sha256:", func(m *manifest.Manifest) { m.Files[1].SHA256 = strings.ToUpper(m.Files[1].SHA256) }},
		{"too many payments", "sie.si payments: 3 of 2", func(m *manifest.Manifest) { m.Files[1].Payments = 3 }},
		{"too much", "sie.si sum:", func(m *manifest.Manifest) { m.Files[1].Sum = money.Kronor(58126) }},
		{"nobody", "attest 2 who: missing", func(m *manifest.Manifest) { m.Attests[1].Who = " " }},
		{"never", "attest 1 at: missing", func(m *manifest.Manifest) { m.Attests[0].At = time.Time{} }},
		{"step", "attest 2 step: 1", func(m *manifest.Manifest) { m.Attests[1].Step = 1 }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := full()
			test.change(&m)
			err := manifest.Encode(io.Discard, m)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestEncodeTellsOfAWriterThatBreaks(t *testing.T) {
	t.Parallel()
	if err := manifest.Encode(brokenPipe{}, full()); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v", err)
	}
}
