package webtest

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// stopJS tells of what has the focus: its name, whether its focus is seen, and
// whether it comes after the stop before it in the order of the page.
const stopJS = `(() => { const f = %s, e = document.activeElement, out = {Name: "", Fault: ""};
	if (!e || e === document.body) { window.lastStop = null; return JSON.stringify(out); }
	const name = (e.labels?.length ? [...e.labels].map((l) => l.textContent).join(" ") : "") || e.getAttribute("aria-label") || e.textContent || e.id;
	out.Name = f.flat(name);
	const r = e.getBoundingClientRect();
	// The ring is around the control itself, or around the box with its label.
	const ring = [e, e.closest(".ds-field")].some((x) => { const s = x && getComputedStyle(x); return s && (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== "none"); });
	if (!ring) out.Fault = "its focus cannot be seen";
	else if (!r.width || !r.height) out.Fault = "it has no size";
	else if (r.bottom < 1 || r.top > innerHeight - 1) out.Fault = "it is outside the window";
	else { const x = Math.min(Math.max(r.left + Math.min(r.width / 2, 40), 1), innerWidth - 1), y = Math.min(Math.max(r.top + r.height / 2, 1), innerHeight - 1), top = document.elementFromPoint(x, y);
		if (top && top !== e && !e.contains(top) && !top.contains(e)) out.Fault = "it lies under " + top.outerHTML.slice(0, 80); }
	if (window.lastStop?.isConnected && !(window.lastStop.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)) out.Fault = out.Fault || "it comes before the stop before it";
	window.lastStop = e; return JSON.stringify(out); })()`

// Stop is where the keyboard is.
type Stop struct {
	Name  string // label or words of what has the focus; empty: the page itself
	Fault string // what a person with a keyboard would stumble on
}

// TabKey presses Tab once and tells where it leads.
func (p *Tab) TabKey() (s Stop) {
	p.t.Helper()
	p.Press(kb.Tab)
	if err := json.Unmarshal([]byte(p.eval(fmt.Sprintf(stopJS, findJS))), &s); err != nil {
		p.t.Fatalf("where the focus is: %v", err)
	}
	return s
}

// keyEvents is chromedp.KeyEvent with the kind of event that a keyboard sends:
// only of a raw key does the browser drop the character when the key has done
// something, so that Enter on a link does not also send the form it leads into.
func keyEvents(keys string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, r := range keys {
			for _, k := range kb.Encode(r) {
				if k.Type == input.DispatchKeyEventTypeKeyDown {
					k.Type = input.DispatchKeyEventTypeRawKeyDown
				}
				if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, *k); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Leave presses keys on what has the focus and waits until the next page is there.
func (p *Tab) Leave(keys string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, keyEvents(keys))); err != nil {
		p.t.Fatalf("press keys on %q and wait for the next page: %v\n%s", p.Focused(), err, p.Text())
	}
}

// ChooseFile presses Space on the file field that has the focus, and chooses
// the file in the window that opens.
func (p *Tab) ChooseFile(path string) {
	p.t.Helper()
	full, err := filepath.Abs(path)
	if err != nil {
		p.t.Fatalf("path %s: %v", path, err)
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: true}); err != nil {
		p.t.Fatalf("file window: %v", err)
	}
	got, err := chromedp.Run(ctx, chromedp.WaitEvent(page.FileChooserOpened, nil, keyEvents(" ")))
	if err != nil {
		p.t.Fatalf("Space opens no file window on %q: %v", p.Focused(), err)
	}
	if _, err := chromedp.Call(ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{full}, BackendNodeID: got.BackendNodeID}); err != nil {
		p.t.Fatalf("choose %s: %v", path, err)
	}
}
