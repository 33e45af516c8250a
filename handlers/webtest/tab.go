package webtest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	_ "embed"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
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
