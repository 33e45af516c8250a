package sql

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// TestKnownCoversEveryTable: what is known about a person names every table that
// points to people, so that a new one is not forgotten (GDPR art. 15).
func TestKnownCoversEveryTable(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	q, err := loadQueries()
	if err != nil {
		t.Fatal(err)
	}
	statement := regexp.MustCompile(`(?s)(?:CREATE TABLE|ALTER TABLE) (\w+)(.*?);`)
	seen := 0
	for _, name := range files {
		raw, err := migrationFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range statement.FindAllStringSubmatch(string(raw), -1) {
			if !strings.Contains(m[2], "REFERENCES people") {
				continue
			}
			seen++
			if !regexp.MustCompile(`\b` + m[1] + `\b`).MatchString(q.KnownAbout) {
				t.Errorf("%s points to people, and what is known about a person leaves it out", m[1])
			}
		}
	}
	if seen < 25 {
		t.Errorf("only %d tables point to people", seen)
	}
}
