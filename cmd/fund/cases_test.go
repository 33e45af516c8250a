package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCases plays every case, variant and allocation of testdata/cases over
// HTTP against the built program, each on an installation of its own.
func TestCases(t *testing.T) { playCases(t, "testdata/cases/given.yaml") }

// TestOwnCases plays further cases of our own in the same form: bounds, order
// of refusals, the other ways a case may take. Every variant is for "make long".
func TestOwnCases(t *testing.T) {
	if os.Getenv("FUND_TEST_LONG") != "" {
		playCases(t, "testdata/own-cases/cases.yaml")
		return
	}
	playCases(t, "testdata/own-cases/cases.yaml", "--variants=none")
}

// TestPathCases plays ways that neither of the others walks: a round where every
// number is another, RF-27's bounds, the ways out of each state, what was open when a case went on.
func TestPathCases(t *testing.T) {
	if os.Getenv("FUND_TEST_LONG") != "" {
		playCases(t, "testdata/own-cases/paths.yaml")
		return
	}
	playCases(t, "testdata/own-cases/paths.yaml", "--variants=none")
}

func playCases(t *testing.T, file string, options ...string) {
	if testing.Short() {
		t.Skip("plays whole cases: not with -short")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil { // as root the database runs under another account
		t.Fatal(err)
	}
	bin, player := filepath.Join(dir, "fund"), filepath.Join(dir, "player")
	build(t, ".", bin, ".")
	build(t, filepath.Join(house, "testdata/tools/playcases"), player, ".")
	tools, err := filepath.Abs(filepath.Join(house, "testdata/tools"))
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"--home", tools, "--bin", bin}, options...)
	cmd := exec.Command(player, append(args, filepath.Join(house, file))...)
	out, err := cmd.CombinedOutput()
	last := string(bytes.TrimSpace(out[bytes.LastIndexByte(bytes.TrimSpace(out), '\n')+1:]))
	if err != nil || !regexp.MustCompile(`^[1-9]\d* passed, 0 failed$`).MatchString(last) {
		t.Fatalf("%v\n%s", err, out)
	}
	if os.Getenv("FUND_TEST_STRICT") != "" && strings.Contains(string(out), "could not look at") {
		t.Errorf("payout files were not checked:\n%s", out)
	}
	t.Log(last)
}

func build(t *testing.T, dir, out, what string) {
	t.Helper()
	cmd := exec.Command("go", "build", "-trimpath", "-o", out, what)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", dir, err, text)
	}
}

// TestCopiesAreCurrent holds the copies in testdata against their sources,
// where those lie beside the project.
func TestCopiesAreCurrent(t *testing.T) {
	t.Parallel()
	shared := filepath.Join(house, "../shared")
	if _, err := os.Stat(shared); err != nil {
		t.Skip("a bare clone: there is nothing to compare with")
	}
	pairs := map[string]string{"cases": "cases", "tools/playcases": "tools/playcases", "tools/check-payout-files": "tools/check-payout-files",
		"schemas/iso20022": "schemas/iso20022", "samples": "samples", "vectors/accounts.tsv": "vectors/accounts.tsv", "vectors/clearing-ranges.psv": "vectors/clearing-ranges.psv", "examples": "tools/examples"}
	for ours, theirs := range pairs {
		root := filepath.Join(house, "testdata", ours)
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if d.Name() == "SHA256SUMS" {
				return nil // lists only the schemas that are copied
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			mine, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			source, err := os.ReadFile(filepath.Join(shared, theirs, rel))
			if err != nil {
				return err
			}
			if !bytes.Equal(mine, source) {
				t.Errorf("%s is not the present copy", path)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", ours, err)
		}
	}
}
