package handlers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestNoPageHidesItsLayout: a page's own field of the same name would be drawn
// by the layout instead of Page's, as "Over" once was above every proposal.
func TestNoPageHidesItsLayout(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{}
	page := reflect.TypeFor[Page]()
	for i := range page.NumField() {
		taken[page.Field(i).Name] = true
	}
	pages := 0
	for _, f := range goFiles(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			st, ok := spec.Type.(*ast.StructType)
			if !ok || !embedsPage(st) {
				return true
			}
			pages++
			for _, field := range st.Fields.List {
				for _, name := range field.Names {
					if taken[name.Name] {
						t.Errorf("%s.%s hides Page.%s", spec.Name.Name, name.Name, name.Name)
					}
				}
			}
			return true
		})
	}
	if pages < 50 {
		t.Errorf("only %d pages were looked at", pages)
	}
}

func embedsPage(st *ast.StructType) bool {
	for _, field := range st.Fields.List {
		if id, ok := field.Type.(*ast.Ident); ok && len(field.Names) == 0 && id.Name == "Page" {
			return true
		}
	}
	return false
}

// goFiles parses the package's sources without its tests.
func goFiles(t *testing.T) (files []*ast.File) {
	t.Helper()
	list, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range list {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}
