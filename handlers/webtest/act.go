package webtest

import (
	"context"
	"fmt"
	"path/filepath"

	_ "embed"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Open goes to an address and waits until the page is there.
func (p *Tab) Open(url string) {
	p.t.Helper()
	p.do("open "+url, chromedp.Navigate(url))
}

// Fill types a value into the field with the label, in place of what it held.
func (p *Tab) Fill(label, value string) {
	p.t.Helper()
	p.fill("document", label, value)
}

// FillIn is Fill inside the group (fieldset, section, row) with the heading.
func (p *Tab) FillIn(group, label, value string) {
	p.t.Helper()
	p.fill(p.group(group), label, value)
}

func (p *Tab) fill(root, label, value string) {
	p.t.Helper()
	p.must(
		"field",
		label,
		fmt.Sprintf(
			`(() => { const e = %s.control(%s, %s); if (!e) return false; e.focus(); e.select ? e.select() : 0; return true; })()`,
			findJS,
			quote(label),
			root,
		),
	)
	if value == "" {
		p.do("empty "+label, chromedp.KeyEvent(kb.Delete))
		return
	}
	if _, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: value}); err != nil {
		p.t.Fatalf("fill %q: %v", label, err)
	}
}

// Choose ticks the box or the radio button with the label.
func (p *Tab) Choose(label string) {
	p.t.Helper()
	p.choose("document", label)
}

// ChooseIn is Choose inside the group with the heading.
func (p *Tab) ChooseIn(group, label string) {
	p.t.Helper()
	p.choose(p.group(group), label)
}

func (p *Tab) choose(root, label string) {
	p.t.Helper()
	p.must(
		"choice",
		label,
		fmt.Sprintf(`(() => { const e = %s.control(%s, %s); if (!e) return false; if (!e.checked) e.click(); return true; })()`, findJS, quote(label), root),
	)
}

// Select chooses an option, by its words, in the list with the label.
func (p *Tab) Select(label, option string) {
	p.t.Helper()
	p.must("list or option", label+": "+option, fmt.Sprintf(`(() => { const f = %s; const e = f.control(%s); if (!e || !e.options) return false;
		const o = [...e.options].find((o) => f.flat(o.textContent) === f.flat(%s)); if (!o) return false;
		e.value = o.value; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`, findJS, quote(label), quote(option)))
}

// Upload puts a file into the file field with the label.
func (p *Tab) Upload(label, path string) {
	p.t.Helper()
	full, err := filepath.Abs(path)
	if err != nil {
		p.t.Fatalf("path %s: %v", path, err)
	}
	sel := chromedp.JSPath(fmt.Sprintf(`%s.control(%s)`, findJS, quote(label)))
	p.do("upload to "+label, chromedp.SetUploadFiles(sel, []string{full}))
}

// Click presses the button or follows the link with the words. Where that
// leaves the page, it waits until the next one is there.
func (p *Tab) Click(text string) {
	p.t.Helper()
	p.click("document", text)
}

// ClickIn is Click inside the group with the heading.
func (p *Tab) ClickIn(group, text string) {
	p.t.Helper()
	p.click(p.group(group), text)
}

func (p *Tab) click(root, text string) {
	p.t.Helper()
	find := fmt.Sprintf(`%s.action(%s, %s)`, findJS, quote(text), root)
	p.must("button or link", text, find+" !== null")
	leaves := p.eval(fmt.Sprintf(`String((() => { const f = %s; return f.leaves(f.action(%s, %s)); })())`, findJS, quote(text), root))
	press := chromedp.Click(chromedp.JSPath(find))
	if leaves != "true" {
		p.do("press "+text, press)
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, press)); err != nil {
		p.t.Fatalf("press %q and wait for the next page: %v\n%s", text, err, p.Text())
	}
}

// Press sends keys to what has the focus: kb.Tab, kb.Enter, "\r" …
func (p *Tab) Press(keys string) {
	p.t.Helper()
	p.do("press keys", keyEvents(keys))
}

// Enter presses Enter in the field with the label and waits for the next page.
func (p *Tab) Enter(label string) {
	p.t.Helper()
	p.must("field", label, fmt.Sprintf(`(() => { const e = %s.control(%s); if (!e) return false; e.focus(); return true; })()`, findJS, quote(label)))
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, keyEvents(kb.Enter))); err != nil {
		p.t.Fatalf("press Enter in %q: %v\n%s", label, err, p.Text())
	}
}

// SetCookie signs in without the form: a cookie for the address.
func (p *Tab) SetCookie(url, name, value string) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: url}); err != nil {
		p.t.Fatalf("cookie %s: %v", name, err)
	}
}

// Resize makes the window another width, in CSS pixels.
func (p *Tab) Resize(width int) {
	p.t.Helper()
	p.do("resize", chromedp.EmulateViewport(int64(width), height(width)))
}
