package webtest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/chromedp/chromedp"
)

// Violation is a rule of axe-core that the page breaks.
type Violation struct {
	ID     string
	Impact string
	Help   string
	Nodes  []struct {
		HTML           string `json:"html"`
		FailureSummary string `json:"failureSummary"`
	}
}

func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n    %s\n      %s", n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", " "))
	}
	return b.String()
}

// axeRun asks for WCAG 2.0 to 2.2, levels A and AA, and axe's own good advice.
const axeRun = `(async () => { const r = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]});
	return JSON.stringify(r.violations); })()`

// Axe runs axe-core on the page as it stands and gives what it finds. The
// library is what .ci/package.json installs; without it the test fails.
func (p *Tab) Axe() []Violation {
	p.t.Helper()
	library, err := os.ReadFile(fromRoot(p.t, ".ci", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		p.t.Fatalf("axe-core is not installed (make test installs it, or npm ci in .ci): %v", err)
	}
	ctx, cancel := context.WithTimeout(p.ctx, 3*patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](string(library))); err != nil {
		p.t.Fatalf("load axe-core: %v", err)
	}
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[string](axeRun, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("run axe-core: %v", err)
	}
	var found []Violation
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		p.t.Fatalf("read axe-core: %v", err)
	}
	return found
}

// Faults is all that can be wrong with a page for everybody at once: axe-core,
// sideways scrolling, and errors in the console.
func (p *Tab) Faults() (faults []string) {
	p.t.Helper()
	for _, v := range p.Axe() {
		faults = append(faults, v.String())
	}
	if over, what := p.SideScroll(); over > 0 {
		faults = append(faults, fmt.Sprintf("scrolls sideways by %d pixels: %s", over, what))
	}
	return append(faults, p.Console()...)
}
