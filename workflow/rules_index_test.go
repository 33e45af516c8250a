package workflow

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestRulesIndexIsTrue holds docs/rules.md against the code: every rule has a
// row, every name in it stands in the source, and every number of a rule stands
// in its rule's row.
func TestRulesIndexIsTrue(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	declared := declarations(t, "../workflow", "../handlers", "../sql", "../jobs")
	settings, err := os.ReadFile("rules.go")
	if err != nil {
		t.Fatal(err)
	}
	word := regexp.MustCompile("`([A-Za-z_]+)`")
	rows := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || strings.HasPrefix(cells[1], "--") {
			continue
		}
		where := cells[2]
		if rule := strings.TrimSpace(cells[1]); strings.HasPrefix(rule, "RF-") {
			rows[rule] = line
			where = cells[3]
		}
		for _, m := range word.FindAllStringSubmatch(where, -1) {
			if name := m[1]; !declared[name] && !slices.Contains([]string{"workflow", "handlers", "sql", "jobs", "retention_rules"}, name) {
				t.Errorf("%s: nothing in the source is called %s", strings.TrimSpace(cells[1]), name)
			}
		}
	}
	for n := 1; n <= 27; n++ {
		if rows[fmt.Sprintf("RF-%02d", n)] == "" {
			t.Errorf("RF-%02d has no row", n)
		}
	}
	for _, m := range regexp.MustCompile(`json:"([a-z_]+)"`+"`"+` +// ((?:RF-\d\d(?:, )?)+)`).FindAllStringSubmatch(string(settings), -1) {
		for rule := range strings.SplitSeq(strings.TrimSuffix(m[2], ", "), ", ") {
			if !strings.Contains(rows[rule], "`"+m[1]+"`") {
				t.Errorf("%s: the row doesn't name %s", rule, m[1])
			}
		}
	}
}

// declarations are the names of functions, methods, types, constants and tables of folders.
func declarations(t *testing.T, folders ...string) map[string]bool {
	t.Helper()
	decl := regexp.MustCompile(`(?m)^(?:(?:func (?:\([^)]*\) )?|type |var |const )([A-Za-z]\w*)|\t([A-Z]\w*) )`)
	all := map[string]bool{}
	for _, folder := range folders {
		err := fs.WalkDir(os.DirFS(folder), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(folder + "/" + path)
			for _, m := range decl.FindAllStringSubmatch(string(text), -1) {
				all[m[1]+m[2]] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}
