package workflow

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// promised is what the contract says of one action, all its rows together.
type promised struct {
	by   []Who
	from []State
	to   []State
	any  bool // the contract names no states
	kept bool
}

// readContract reads the copy of the contract's table.
func readContract(t *testing.T) map[Action]*promised {
	t.Helper()
	raw, err := os.ReadFile("../testdata/contract/actions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	out := map[Action]*promised{}
	for n, row := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if strings.HasPrefix(row, "#") || strings.HasPrefix(row, "action\t") {
			continue
		}
		f := strings.Split(row, "\t")
		if len(f) != 4 {
			t.Fatalf("line %d: %d fields", n+1, len(f))
		}
		p := out[Action(f[0])]
		if p == nil {
			p = &promised{}
			out[Action(f[0])] = p
		}
		for _, w := range strings.Split(f[1], ",") {
			p.by = append(p.by, Who(w))
		}
		for _, s := range strings.Split(f[2], ",") {
			if s == "*" {
				p.any = true
				continue
			}
			p.from = append(p.from, State(s))
		}
		for _, s := range strings.Split(f[3], ",") {
			if s == "kept" {
				p.kept = true
				continue
			}
			p.to = append(p.to, State(s))
		}
	}
	return out
}

// Beside the contract's words, each with its reason.
var (
	alsoBy = map[Action][]Who{
		ActApprove: {ByEconomist}, // domain.md 9.4: "principal or school economist", of a report's money
	}
	alsoFrom = map[Action][]State{
		ActDecideChange: reportIn, // a change that nobody had answered when the report came; else it could never be settled
		ActDecideRecovery: {UnderCheck, Decided, Withdrawn, // annulled: "what was paid becomes a proposed recovery"
			ReportReturned}, // domain.md 8, step 16: "returned for correction (14 days); never comes → recovery"
		ActAcceptReport: {ReportReturned}, // when its 14 days have passed without an answer; else it could never be judged
	}
)

// TestTransitionsAsPromised compares who may do what, from where and to where, with the contract's table.
func TestTransitionsAsPromised(t *testing.T) {
	t.Parallel()
	contract := readContract(t)
	if len(contract) < 40 {
		t.Fatalf("only %d actions read", len(contract))
	}
	same := func(a Action, what string, got, want []string) {
		slices.Sort(got)
		slices.Sort(want)
		if got, want = slices.Compact(got), slices.Compact(want); !slices.Equal(got, want) {
			t.Errorf("%s %s:\n%v, contract\n%v", a, what, got, want)
		}
	}
	for a, p := range contract {
		var by []Who
		var from, to []State
		kept := false
		for _, row := range rowsFor(a) {
			by, from, to = append(by, row.By...), append(from, row.From...), append(to, row.To...)
			kept = kept || len(row.To) == 0
		}
		same(a, "by", texts(by), texts(append(p.by, alsoBy[a]...)))
		same(a, "to", texts(to), texts(p.to))
		if len(p.to) == 0 && !kept {
			t.Errorf("%s: the contract keeps the state", a)
		}
		if !p.any {
			same(a, "from", texts(from), texts(append(p.from, alsoFrom[a]...)))
		}
	}
}

func texts[T ~string](list []T) (out []string) {
	for _, x := range list {
		out = append(out, string(x))
	}
	return out
}
