package pain001_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const checker = "../../testdata/tools/check-payout-files"

// check runs the payout file checker, which reads the schemas too.
func check(t *testing.T, args ...string) (ok bool, output string) {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		if os.Getenv("FUND_TEST_STRICT") == "1" {
			t.Fatal("xmllint is not installed")
		}
		t.Skip("xmllint is not installed; FUND_TEST_STRICT=1 makes this a failure")
	}
	args = append([]string{
		"--schemas", "../../testdata/schemas/iso20022",
	}, args...)
	out, err := exec.CommandContext(t.Context(), checker, args...).CombinedOutput()
	return err == nil, string(out)
}

func mustPass(t *testing.T, args ...string) {
	t.Helper()
	if ok, out := check(t, append([]string{"--strict"}, args...)...); !ok {
		t.Errorf("checker refuses %s:\n%s", strings.Join(args, " "), out)
	}
}

// The checker has to know good from bad, or its word on our files means nothing.
func TestCheckerKnowsTheExamples(t *testing.T) {
	t.Parallel()
	const examples = "../../testdata/examples/"
	tests := []struct {
		folder           string
		count            int
		passes, strictly bool
	}{
		{folder: "good", count: 4, passes: true, strictly: true},
		{folder: "broken", count: 31, passes: false, strictly: false},
		{folder: "warned", count: 3, passes: true, strictly: false},
	}
	for _, test := range tests {
		files, err := filepath.Glob(examples + test.folder + "/*")
		if err != nil || len(files) < test.count {
			t.Fatalf("%s: %d examples, want %d (%v)", test.folder, len(files), test.count, err)
		}
		for _, file := range files {
			t.Run(test.folder+"/"+filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				if ok, out := check(t, file); ok != test.passes {
					t.Errorf("passes: %t, want %t\n%s", ok, test.passes, out)
				}
				if test.folder == "broken" {
					return
				}
				if ok, out := check(t, "--strict", file); ok != test.strictly {
					t.Errorf("passes --strict: %t, want %t\n%s", ok, test.strictly, out)
				}
			})
		}
	}
}
