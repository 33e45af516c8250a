package workflow

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestDiagramIsCurrent holds the diagram in docs/workflow.md to the table.
func TestDiagramIsCurrent(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../docs/workflow.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(raw), "<!-- diagram: from workflow.Diagram -->\n```mermaid\n")
	got, _, end := strings.Cut(rest, "```\n<!-- /diagram -->")
	if !ok || !end {
		t.Fatal("docs/workflow.md has no diagram between its markers")
	}
	if got != Diagram() {
		t.Errorf("docs/workflow.md shows another table; put this between the markers:\n%s", Diagram())
	}
}

// TestDiagramTellsTheTruth: each arrow was walked by some row's walk, and each walk that leaves its state is an arrow.
func TestDiagramTellsTheTruth(t *testing.T) {
	t.Parallel()
	d := Diagram()
	for _, k := range walks() {
		if k.from == k.to {
			continue
		}
		told := slices.ContainsFunc(strings.Split(d, "\n"), func(line string) bool {
			arrow := strings.HasPrefix(line, "    "+string(k.from)+" --> "+string(k.to)+": ")
			note := strings.HasPrefix(line, "    note right of "+string(k.to)+": ") && strings.Contains(line, string(k.from))
			return (arrow || note) && strings.Contains(line, string(k.row))
		})
		if !told {
			t.Errorf("nothing tells of %s from %s to %s", k.row, k.from, k.to)
		}
	}
	for _, s := range States {
		if !strings.Contains(d, "--> "+string(s)) && !strings.Contains(d, "note right of "+string(s)) {
			t.Errorf("nothing leads to %s", s)
		}
	}
}

// TestDocsNameEverything: the life of an application and the glossary leave out no state and no action of people.
func TestDocsNameEverything(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../docs/workflow.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(raw), "<!-- /diagram -->")
	for _, s := range States {
		if !strings.Contains(text, "`"+string(s)+"`") {
			t.Errorf("docs/workflow.md does not tell of the state %s", s)
		}
	}
	for _, a := range Public() {
		if !strings.Contains(text, "`"+string(a)+"`") {
			t.Errorf("docs/workflow.md does not tell of the action %s", a)
		}
	}
	words, err := os.ReadFile("../docs/glossary.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range slices.Concat(States, []State{"granted", "partially_granted", "rejected", "dismissed"}) {
		if !strings.Contains(string(words), "`"+string(s)+"`") {
			t.Errorf("docs/glossary.md has no word for %s", s)
		}
	}
}
