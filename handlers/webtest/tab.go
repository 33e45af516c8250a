package webtest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed find.js
var findJS string

// Options are what a tab may be without.
type Options struct {
	Width     int    // CSS pixels; 0 is 1280
	WithoutJS bool   // the page's scripts don't run
	First     string // a script that runs before those of every page: a wrong clock
}

// Tab is a window of one person.
type Tab struct {
	t       testing.TB
	ctx     context.Context
	mu      sync.Mutex
	console []string
}

// Tab opens a window with cookies of its own. It closes when the test ends.
func (b *Browser) Tab(t testing.TB, o Options) *Tab {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	return newTab(t, ctx, closeTab, o)
}

// Beside opens another tab of the same person: it shares the cookies.
func (p *Tab) Beside(o Options) *Tab {
	p.t.Helper()
	ctx, closeTab := chromedp.NewContext(p.ctx)
	return newTab(p.t, ctx, closeTab, o)
}

func newTab(t testing.TB, ctx context.Context, closeTab func(), o Options) *Tab {
	t.Helper()
	p := &Tab{t: t, ctx: ctx}
	if o.Width == 0 {
		o.Width = 1280
	}
	p.do("open a tab", chromedp.EmulateViewport(int64(o.Width), height(o.Width)))
	messages := chromedp.Console(ctx)
	done := make(chan struct{})
	go func() { // ends with the tab's context, below
		defer close(done)
		for m, err := range messages {
			if err != nil {
				return
			}
			if kind := string(m.Type); kind == "error" || kind == "warning" || strings.Contains(kind, "exception") {
				p.mu.Lock()
				p.console = append(p.console, fmt.Sprintf("%s: %v", kind, m))
				p.mu.Unlock()
			}
		}
	}()
	t.Cleanup(func() { closeTab(); <-done })
	if o.First != "" {
		if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: o.First}); err != nil {
			t.Fatalf("first script: %v", err)
		}
	}
	if o.WithoutJS {
		if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			t.Fatalf("without scripts: %v", err)
		}
	}
	return p
}

func height(width int) int64 {
	if width < 600 {
		return 760
	}
	return 900
}

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

// group is an expression for the element with the heading.
func (p *Tab) group(heading string) string {
	p.t.Helper()
	find := fmt.Sprintf(`%s.group(%s)`, findJS, quote(heading))
	p.must("group", heading, find+" !== null")
	return find
}

func (p *Tab) must(kind, name, expression string) {
	p.t.Helper()
	if p.eval("String("+expression+")") != "true" {
		p.t.Fatalf("no %s called %q on %s. The page says:\n%s", kind, name, p.URL(), p.Text())
	}
}

func (p *Tab) eval(expression string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		p.t.Fatalf("evaluate: %v", err)
	}
	return text
}

// wait looks again, 20 times a second, until the expression is true.
func (p *Tab) wait(expression string) bool {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience/3)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if err == nil && ok {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-tick.C: // also after an error: the page may be changing just now
		}
	}
}

func (p *Tab) do(what string, a chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	// The first use opens the tab and binds it to the context, so that one has no time limit.
	if err := chromedp.Do(p.ctx); err != nil {
		p.t.Fatalf("tab: %v", err)
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, a); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

func quote(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("quote %q: %v", s, err)) // a string always has a JSON form
	}
	return string(raw)
}
