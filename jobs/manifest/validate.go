package manifest

import (
	"fmt"
	"strings"

	"fund/workflow/money"
)

// Validate refuses a manifest that contradicts itself, naming the field. A
// payment stands in one channel, and in as many files as hold it.
func (m Manifest) Validate() error {
	switch {
	case m.Batch == "":
		return fmt.Errorf("batch: missing")
	case m.Created.IsZero():
		return fmt.Errorf("created: missing")
	case len(m.Files) == 0:
		return fmt.Errorf("files: none")
	case len(m.Payments) == 0:
		return fmt.Errorf("payments: none")
	}
	seen := make(map[string]bool, len(m.Payments))
	for i, id := range m.Payments {
		if id == "" || seen[id] {
			return fmt.Errorf("payment %d: %q is empty or given twice", i+1, id)
		}
		seen[id] = true
	}
	total, err := m.validateChannels()
	if err != nil {
		return err
	}
	if err := m.validateFiles(total); err != nil {
		return err
	}
	return m.validateAttests()
}

func (m Manifest) validateChannels() (total money.SEK, err error) {
	count, seen := 0, map[string]bool{}
	for i, c := range m.Channels {
		switch {
		case c.Name == "" || seen[c.Name]:
			return 0, fmt.Errorf("channel %d name: %q is empty or given twice", i+1, c.Name)
		case c.Payments < 1 || c.Sum < 1:
			return 0, fmt.Errorf("channel %s: %d payments of %s", c.Name, c.Payments, c.Sum.Decimal())
		}
		seen[c.Name] = true
		count += c.Payments
		if total, err = money.Sum(total, c.Sum); err != nil {
			return 0, fmt.Errorf("channel %s sum: %w", c.Name, err)
		}
	}
	if count != len(m.Payments) {
		return 0, fmt.Errorf("channels: they hold %d payments, the batch %d", count, len(m.Payments))
	}
	return total, nil
}

func (m Manifest) validateFiles(total money.SEK) error {
	seen := map[string]bool{}
	for i, f := range m.Files {
		switch {
		case f.Name == "" || f.Name == "manifest.json" || seen[f.Name]:
			return fmt.Errorf("file %d name: %q is empty, the manifest's, or given twice", i+1, f.Name)
		case f.Bytes < 1:
			return fmt.Errorf("file %s bytes: %d", f.Name, f.Bytes)
		case len(f.SHA256) != 64 || strings.Trim(f.SHA256, "0123456789abcdef") != "":
			return fmt.Errorf("file %s sha256: %q is not 64 small hexadecimal digits", f.Name, f.SHA256)
		case f.Payments < 1 || f.Payments > len(m.Payments):
			return fmt.Errorf("file %s payments: %d of %d", f.Name, f.Payments, len(m.Payments))
		case f.Sum < 1 || f.Sum > total:
			return fmt.Errorf("file %s sum: %s of %s", f.Name, f.Sum.Decimal(), total.Decimal())
		}
		seen[f.Name] = true
	}
	return nil
}

func (m Manifest) validateAttests() error {
	for i, a := range m.Attests {
		switch {
		case strings.TrimSpace(a.Who) == "":
			return fmt.Errorf("attest %d who: missing", i+1)
		case a.At.IsZero():
			return fmt.Errorf("attest %d at: missing", i+1)
		case a.Step != i+1:
			return fmt.Errorf("attest %d step: %d", i+1, a.Step)
		}
	}
	return nil
}
