package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// TestImportYearsFromTheShell: a faulty file says why and takes nothing in; the
// same file twice is taken in once; what is changed is overwritten only when asked.
func TestImportYearsFromTheShell(t *testing.T) {
	t.Parallel()
	s, url := sqltest.OpenURL(t)
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const head = "år;omgång;skola;titel;land;områden;elever;sökt;beviljat;utbetalt;återbetalt;utfall;beslutsdag;sammanfattning;intern kod\n"
	const good = "2023;VT23;Baldergymnasiet;Till Pori;Finland;Språk;24;60000;50000;50000;4000;delvis beviljad;;Vi byggde en bro.;x\n"
	const bad = "2023;VT23;Ankeborg;Till Oslo;Norge;;3;1;1;1;0;beviljad;2023-05-09;;x\n"
	list := file("2023.csv", head+good+bad)
	changed := file("2023-ny.csv", head+strings.Replace(good, "50000;50000", "51000;50000", 1))
	for _, tt := range []struct {
		name   string
		args   []string
		err    string // "" for none
		says   []string
		grants int
		sum    int64
	}{
		{"no file", nil, "usage", nil, 0, 0},
		{"changes without apply", []string{"--changes", list}, "usage", nil, 0, 0},
		{"a flag that there is not", []string{"--force", list}, "usage", nil, 0, 0},
		{"a file that there is not", []string{filepath.Join(dir, "nej.csv")}, "no such file", nil, 0, 0},
		{"an empty file", []string{file("tom.csv", "")}, "The file is empty", nil, 0, 0},
		{"a column missing", []string{"--apply", file("fel.csv", "år;titel\n2023;x\n")}, "granted", nil, 0, 0},
		{"looked at", []string{list}, "", []string{"left out, no known column: intern kod", "line 3 rejected, school", "2 rows: 1 new, 0 as they were, 0 changed, 1 rejected", "nothing is taken in"}, 0, 0},
		{"taken in", []string{"--apply", list}, "", []string{"2023: 1 rows, 1 grants, requested 60000, granted 50000, paid 50000, repaid 4000", "1 new", "taken in"}, 1, 50000},
		{"a second time", []string{"--apply", list}, "", []string{"0 new, 1 as they were, 0 changed, 1 rejected"}, 1, 50000},
		{"changed, left", []string{"--apply", changed}, "", []string{`line 2 changed, granted: "50000" here, "51000" in the file`, "left as they were"}, 1, 50000},
		{"changed, overwritten", []string{"--apply", "--changes", changed}, "", []string{"overwritten"}, 1, 51000},
		{"changed, a second time", []string{"--apply", "--changes", changed}, "", []string{"0 new, 1 as they were, 0 changed, 0 rejected"}, 1, 51000},
	} {
		var out bytes.Buffer
		err := importYears(t.Context(), Config{Database: url, Mode: sql.RehearsalM}, tt.args, &out)
		if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.err)
		}
		for _, want := range tt.says {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: never says %q:\n%s", tt.name, want, out.String())
			}
		}
		cases, err := s.EarlierCases(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if st := workflow.Count(cases, workflow.StatFilter{}); len(cases) != tt.grants || st.Total.Granted != tt.sum {
			t.Errorf("%s: %d grants of %d kr, want %d of %d", tt.name, len(cases), st.Total.Granted, tt.grants, tt.sum)
		}
	}
}
