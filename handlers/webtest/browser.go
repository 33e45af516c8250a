package webtest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long a page may take before the test gives up: long, as a
// busy machine is no fault of the page.
const patience = 90 * time.Second

// Browser is a running Chromium with an empty profile. It is safe for use by
// tests that run beside each other, each with tabs of its own.
type Browser struct {
	ctx context.Context
}

// names are what Chromium and its kin are called in PATH.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

// Find gives the browser's path, or "" where there is none.
func Find() string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// Start runs a browser until the test ends. Without one the test fails: a check
// that did not run must not look like one that passed. Only go test -short
// leaves it out.
func Start(t testing.TB) *Browser {
	t.Helper()
	if testing.Short() {
		t.Skip("browser tests are left out of -short")
	}
	path := Find()
	if path == "" {
		t.Fatal("no Chromium in PATH; install it (Debian: apt-get install chromium)")
	}
	profile := t.TempDir()
	on := func(names ...string) (flags []chromedp.ExecAllocatorOption) {
		for _, name := range names {
			flags = append(flags, chromedp.Flag(name, true))
		}
		return flags
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(profile),
		chromedp.Flag("lang", "sv-SE"), chromedp.Flag("font-render-hinting", "none"))
	options = append(options, on("no-sandbox", "disable-gpu", "disable-quic", "disable-component-update", "hide-scrollbars")...)
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeBrowser := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		// Wait for the end, so that the profile can be removed after it.
		if err := chromedp.Cancel(ctx); err != nil {
			t.Logf("close browser: %v", err)
		}
		closeBrowser()
		stop()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return &Browser{ctx: ctx}
}

// fromRoot gives a path below the folder of go.mod, from wherever a test runs.
func fromRoot(t testing.TB, parts ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("working folder: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(append([]string{dir}, parts...)...)
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the working folder")
		}
		dir = up
	}
}
