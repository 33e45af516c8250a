package manifest

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"fund/workflow/money"
)

// Encode writes the manifest as JSON, indented, with a line end. Names of
// schools and people are written as they are, not escaped for HTML.
func Encode(w io.Writer, m Manifest) error {
	if err := m.Validate(); err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(m.document()); err != nil {
		return fmt.Errorf("manifest %s: %w", m.Batch, err)
	}
	return nil
}

// document is the form outside; its names are a promise to whoever reads it.
type document struct {
	Batch    string    `json:"batch"`
	Created  string    `json:"created"`
	SumOre   money.SEK `json:"sum_ore"`
	Files    []file    `json:"files"`
	Channels []channel `json:"channels"`
	Payments []string  `json:"payments"`
	Attests  []attest  `json:"attests"`
}

type file struct {
	Name     string    `json:"name"`
	Message  string    `json:"message_id,omitempty"`
	Bytes    int64     `json:"bytes"`
	SHA256   string    `json:"sha256"`
	Payments int       `json:"payments"`
	SumOre   money.SEK `json:"sum_ore"`
}

type channel struct {
	Channel  string    `json:"channel"`
	Payments int       `json:"payments"`
	SumOre   money.SEK `json:"sum_ore"`
}

type attest struct {
	Who  string `json:"who"`
	At   string `json:"at"`
	Step int    `json:"step"`
}

func (m Manifest) document() document {
	d := document{
		Batch: m.Batch, Created: m.Created.Format(time.RFC3339), Payments: m.Payments,
		Files: []file{}, Channels: []channel{}, Attests: []attest{},
	}
	for _, f := range m.Files {
		d.Files = append(d.Files, file{f.Name, f.Message, f.Bytes, f.SHA256, f.Payments, f.Sum})
	}
	for _, c := range m.Channels {
		d.SumOre += c.Sum // Validate saw that it does not overflow
		d.Channels = append(d.Channels, channel{c.Name, c.Payments, c.Sum})
	}
	for _, a := range m.Attests {
		d.Attests = append(d.Attests, attest{a.Who, a.At.Format(time.RFC3339), a.Step})
	}
	return d
}
