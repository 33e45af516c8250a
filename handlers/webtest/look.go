package webtest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	_ "embed"
	"github.com/chromedp/chromedp"
)

// Focused is the name of what has the focus: its label, its words, or its id.
func (p *Tab) Focused() string {
	p.t.Helper()
	return p.eval(
		fmt.Sprintf(
			`(() => { const f = %s, e = document.activeElement; return f.flat(e.labels?.[0]?.textContent || e.getAttribute("aria-label") || e.textContent || e.id); })()`,
			findJS,
		),
	)
}

// Value is what the field with the label holds.
func (p *Tab) Value(label string) string {
	p.t.Helper()
	p.must("field", label, fmt.Sprintf(`%s.control(%s) !== null`, findJS, quote(label)))
	return p.eval(
		fmt.Sprintf(
			`(() => { const e = %s.control(%s); return e.type === "checkbox" || e.type === "radio" ? String(e.checked) : e.value; })()`,
			findJS,
			quote(label),
		),
	)
}

// Text is what the page says, with single spaces, line by line.
func (p *Tab) Text() string {
	p.t.Helper()
	return p.eval(`document.body.innerText.replace(/[ \u00a0\u202f]+/g, " ")`)
}

// HTML is the page's source as the browser has it.
func (p *Tab) HTML() string {
	p.t.Helper()
	return p.eval(`document.documentElement.outerHTML`)
}

// Title is the text of <title>.
func (p *Tab) Title() string { p.t.Helper(); return p.eval(`document.title`) }

// URL is the address of the page.
func (p *Tab) URL() string { p.t.Helper(); return p.eval(`location.href`) }

// See waits until the page says all of the texts.
func (p *Tab) See(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		wanted := quote(strings.Join(strings.Fields(strings.ReplaceAll(text, "\u00a0", " ")), " "))
		if !p.wait(`document.body.innerText.replace(/\s+/g, " ").includes(` + wanted + `)`) {
			p.t.Fatalf("page %s does not say %q. It says:\n%s", p.URL(), text, p.Text())
		}
	}
}

// NotSee fails if the page says one of the texts.
func (p *Tab) NotSee(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		if strings.Contains(strings.Join(strings.Fields(p.Text()), " "), text) {
			p.t.Fatalf("page %s says %q:\n%s", p.URL(), text, p.Text())
		}
	}
}

// Wait waits until a JavaScript expression is true.
func (p *Tab) Wait(expression string) {
	p.t.Helper()
	if !p.wait(expression) {
		p.t.Fatalf("never true: %s", expression)
	}
}

// Eval gives the text that a JavaScript expression comes to.
func (p *Tab) Eval(expression string) string { p.t.Helper(); return p.eval(expression) }

// Screenshot gives the whole page as PNG at a width.
func (p *Tab) Screenshot(width int) []byte {
	p.t.Helper()
	p.Resize(width)
	if !p.wait(`document.fonts.status === "loaded"`) {
		p.t.Fatal("fonts never came")
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Fatalf("screenshot: %v", err)
	}
	return png
}

// SaveScreenshot writes the screenshot to a file; its folder is made.
func (p *Tab) SaveScreenshot(width int, file string) {
	p.t.Helper()
	png := p.Screenshot(width)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		p.t.Fatalf("folder for screenshot: %v", err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		p.t.Fatalf("write screenshot: %v", err)
	}
}

// SideScroll tells how many CSS pixels the page is wider than the window, and
// which element sticks out most.
func (p *Tab) SideScroll() (pixels int, culprit string) {
	p.t.Helper()
	var got struct {
		Over int
		What string
	}
	raw := p.eval(`(() => { const w = document.documentElement.clientWidth; const over = document.documentElement.scrollWidth - w;
		let what = "", far = w; if (over > 0) for (const e of document.body.querySelectorAll("*")) { const r = e.getBoundingClientRect().right; if (r > far) { far = r; what = e.outerHTML.slice(0, 160); } }
		return JSON.stringify({Over: over, What: what}); })()`)
	if err := json.Unmarshal([]byte(raw), &got); err != nil {
		p.t.Fatalf("side scroll: %v", err)
	}
	return max(got.Over, 0), got.What
}

// Console gives the errors and warnings that the page's console has had,
// refusals by the content security policy among them.
func (p *Tab) Console() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.console...)
}
