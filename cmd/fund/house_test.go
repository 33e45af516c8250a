package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// house is the root of the project, seen from this folder.
const house = "../.."

// room says what a folder may import of ours, and what of others it never may.
type room struct {
	dir   string
	ours  []string // prefixes below fund/
	never []string // prefixes of imports that stand elsewhere
}

// rooms are the directions of the house (docs/architecture.md). The longest dir that fits counts.
var rooms = []room{
	{"workflow/money", nil, []string{"net", "os", "database", "log", "github.com"}},
	{"workflow/checkdigit", nil, []string{"net", "os", "database", "log", "github.com"}},
	{"workflow/lang", []string{"workflow/money"}, []string{"net", "database", "log", "github.com/gin", "github.com/hibiken"}},
	{"workflow/notice", []string{"workflow"}, []string{"net", "os", "database", "log", "github.com"}},
	{"workflow", []string{"workflow/money", "workflow/checkdigit"}, []string{"net", "os", "database", "log", "context", "github.com/gin", "github.com/jmoiron", "github.com/hibiken", "github.com/lib"}},
	{"sql/localpg", []string{"sql/localpg"}, []string{"github.com/gin", "github.com/hibiken"}},
	{"sql/sqltest", []string{"sql"}, []string{"github.com/gin", "github.com/hibiken"}},
	{"sql", []string{"workflow", "workflow/money"}, []string{"github.com/gin", "github.com/hibiken"}},
	{"jobs/localredis", nil, []string{"github.com/gin"}},
	{"jobs", []string{"workflow", "workflow/money", "workflow/checkdigit", "workflow/lang", "workflow/notice", "sql", "jobs/"}, []string{"github.com/gin", "github.com/jmoiron", "database/sql"}},
	{"handlers/webtest", nil, []string{"github.com/hibiken"}},
	{"handlers", []string{"workflow", "sql", "jobs/", "handlers/"}, []string{"github.com/hibiken", "github.com/jmoiron", "database/sql"}},
	{"cmd", []string{""}, []string{"github.com/jmoiron", "database/sql"}},
}

// leaves are the encoders: they know nothing of the fund but leafKnows.
var leaves = []string{"jobs/bank", "jobs/clamd", "jobs/dossier", "jobs/filetext", "jobs/grid", "jobs/imageclean", "jobs/letter", "jobs/mail", "jobs/manifest", "jobs/pain001", "jobs/plaintext", "jobs/reading", "jobs/row", "jobs/sie", "jobs/sieread", "jobs/table", "jobs/xlsx"}

var leafKnows = []string{"workflow/money", "workflow/checkdigit", "workflow/lang", "jobs/plaintext", "jobs/reading", "jobs/row"}

func TestImportsGoTheHousesWay(t *testing.T) {
	t.Parallel()
	eachFile(t, func(path string, file *ast.File, _ []byte) {
		dir := filepath.ToSlash(filepath.Dir(path))
		r := roomOf(dir)
		for _, imp := range file.Imports {
			name := strings.Trim(imp.Path.Value, `"`)
			ours, isOurs := strings.CutPrefix(name, "fund/")
			switch {
			case isOurs && slices.Contains(leaves, dir):
				if !slices.Contains(leafKnows, ours) {
					t.Errorf("%s: a leaf imports %s", path, name)
				}
			case isOurs && !slices.ContainsFunc(r.ours, func(p string) bool {
				return ours == p || strings.HasPrefix(ours, p) && (p == "" || strings.HasSuffix(p, "/") || strings.HasPrefix(ours, p+"/"))
			}):
				t.Errorf("%s: %s imports %s", path, r.dir, name)
			case !isOurs && slices.ContainsFunc(r.never, func(p string) bool {
				return name == p || strings.HasPrefix(name, p+"/") || strings.HasPrefix(name, p) && strings.Contains(p, ".")
			}):
				t.Errorf("%s: %s imports %s", path, r.dir, name)
			}
		}
		if dir == "handlers" && importsExactly(file, "fund/jobs") {
			t.Errorf("%s: handlers import jobs", path)
		}
	})
}

// TestOneClock: the only time.Now and os.Getenv of the program are in cmd and in the local starters.
func TestOneClock(t *testing.T) {
	t.Parallel()
	allowed := []string{"cmd/", "sql/localpg", "sql/sqltest", "jobs/localredis", "handlers/webtest"}
	eachFile(t, func(path string, _ *ast.File, src []byte) {
		if slices.ContainsFunc(allowed, func(p string) bool { return strings.HasPrefix(filepath.ToSlash(path), p) }) {
			return
		}
		for _, word := range []string{"time.Now()", "os.Getenv(", "os.Environ("} {
			for n, line := range bytes.Split(src, []byte("\n")) {
				if code, _, _ := bytes.Cut(line, []byte("//")); bytes.Contains(code, []byte(word)) {
					t.Errorf("%s:%d: %s", path, n+1, word)
				}
			}
		}
	})
}

func importsExactly(f *ast.File, name string) bool {
	return slices.ContainsFunc(f.Imports, func(i *ast.ImportSpec) bool { return strings.Trim(i.Path.Value, `"`) == name })
}

func roomOf(dir string) room {
	var best room
	for _, r := range rooms {
		if (dir == r.dir || strings.HasPrefix(dir, r.dir+"/")) && len(r.dir) > len(best.dir) {
			best = r
		}
	}
	return best
}

// eachFile visits every Go file of the program, tests left out.
func eachFile(t *testing.T, visit func(path string, file *ast.File, src []byte)) {
	t.Helper()
	n := 0
	for _, top := range []string{"cmd", "handlers", "jobs", "sql", "workflow"} {
		err := filepath.WalkDir(filepath.Join(house, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			src, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.ImportsOnly)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(house, path)
			if err != nil {
				return err
			}
			n++
			visit(rel, file, src)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 50 {
		t.Fatalf("only %d files were read", n)
	}
}
