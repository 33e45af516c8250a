package table_test

import (
	"os"
	"os/exec"
	"testing"
)

// mustPass runs the payout file checker, warnings counted as errors.
func mustPass(t *testing.T, file string) {
	t.Helper()
	for _, need := range []string{"bash", "awk", "iconv", "gzip", "od"} {
		if _, err := exec.LookPath(need); err == nil {
			continue
		}
		if os.Getenv("FUND_TEST_STRICT") == "1" {
			t.Fatalf("%s is not installed", need)
		}
		t.Skipf("%s is not installed; FUND_TEST_STRICT=1 makes this a failure", need)
	}
	cmd := exec.CommandContext(t.Context(), "../../testdata/tools/check-payout-files", "--strict", file)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("checker refuses %s: %v\n%s", file, err, out)
	}
}
