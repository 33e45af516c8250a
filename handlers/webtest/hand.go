package webtest

import (
	"strings"

	"github.com/chromedp/chromedp/kb"
)

// Hand is somebody at a screen, with a mouse or, with Keys, with a keyboard alone.
// A keyboard goes forward only: its calls follow the order of the page.
type Hand struct {
	*Tab
	Keys bool
}

// To presses Tab until the stop whose name begins like this: of a field, as the list of faults has links of its name.
func (h Hand) To(name string, field bool) {
	h.t.Helper()
	var way []string
	for range 120 {
		s := h.TabKey()
		if s.Fault != "" {
			h.t.Errorf("%s: %q: %s", h.URL(), s.Name, s.Fault)
		}
		if strings.HasPrefix(s.Name, name) && (!field || h.Eval(`String("value" in document.activeElement)`) == "true") {
			return
		}
		if way = append(way, s.Name); s.Name == "" && len(way) > 1 {
			break
		}
	}
	h.t.Fatalf("Tab never comes to %q on %s, but to %q", name, h.URL(), way)
}

// Fill types into the field with the label, in place of what it held.
func (h Hand) Fill(label, text string) {
	h.t.Helper()
	if !h.Keys {
		h.Tab.Fill(label, text)
		return
	}
	h.To(label, true)
	h.Eval(`(document.activeElement.select?.(), "")`)
	h.Press(text)
}

// Choose ticks the box or the radio button with the label.
func (h Hand) Choose(label string) {
	h.t.Helper()
	if !h.Keys {
		h.Tab.Choose(label)
		return
	}
	h.To(label, true)
	h.Press(" ")
}

// Click follows a link or sends a form, and waits for the page that comes.
func (h Hand) Click(text string) {
	h.t.Helper()
	if !h.Keys {
		h.Tab.Click(text)
		return
	}
	h.To(text, false)
	h.Leave(kb.Enter)
}

// Unfold opens what lies below the words on the same page, and waits until it is drawn.
func (h Hand) Unfold(text string) {
	h.t.Helper()
	if h.Keys {
		h.To(text, false)
		h.Press(kb.Enter)
	} else {
		h.Tab.Click(text)
	}
	h.Wait(
		`(() => { const was = window.unfolded; window.unfolded = document.documentElement.scrollHeight; return document.querySelector("details[open]") !== null && was === window.unfolded; })()`,
	)
}
