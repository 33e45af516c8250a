package handlers

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// document is the API's description as it is served, for many readers at once.
type document struct {
	*openapi3.T

	mu       sync.Mutex // compiler and schemas
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema // by their place in the document
}

// documents are those that were read, by their text: reading and checking one takes longer than most tests.
var documents struct {
	sync.Mutex
	read map[string]*document
}

// described reads the served document and has it checked by another reader of OpenAPI 3.1.
func described(t testing.TB, s *Server) *document {
	t.Helper()
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/openapi.json", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	text := w.Body.String()
	documents.Lock()
	defer documents.Unlock()
	if d := documents.read[text]; d != nil {
		return d
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	tree, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d := &document{T: doc, compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}}
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource("openapi.json", tree); err != nil {
		t.Fatal(err)
	}
	if documents.read == nil {
		documents.read = map[string]*document{}
	}
	documents.read[text] = d
	return d
}

// check holds JSON against the schema that stands in a place of the document.
func (d *document) check(t testing.TB, place string, raw []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	d.mu.Lock()
	schema := d.schemas[place]
	if schema == nil {
		if schema, err = d.compiler.Compile("openapi.json" + place); err == nil {
			d.schemas[place] = schema
		}
	}
	d.mu.Unlock()
	if err != nil {
		t.Fatalf("the schema at %s can't be read: %v", place, err)
	}
	return schema.Validate(v)
}

// route gives the described path of an address; a path without parameters goes first. "" for none.
func (d *document) route(path string) string {
	if d.Paths.Value(path) != nil {
		return path
	}
	parts := strings.Split(path, "/")
next:
	for name := range d.Paths.Map() {
		names := strings.Split(name, "/")
		if len(names) != len(parts) {
			continue
		}
		for i, n := range names {
			if n != parts[i] && !strings.HasPrefix(n, "{") {
				continue next
			}
		}
		return name
	}
	return ""
}

// within joins names to a place of the document (RFC 6901).
func within(names ...string) string {
	place := "#"
	for _, n := range names {
		place += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(n)
	}
	return place
}

// answers fails where an answer is not what the document says.
func (d *document) answers(t testing.TB, req *http.Request, r reply) {
	t.Helper()
	address, _, _ := strings.Cut(strings.TrimPrefix(req.URL.Path, apiPrefix), "?")
	route := d.route(address)
	if route == "" || d.Paths.Value(route).GetOperation(req.Method) == nil {
		return // an address that does not exist
	}
	status := strconv.Itoa(r.status)
	response := d.Paths.Value(route).GetOperation(req.Method).Responses.Value(status)
	if response == nil {
		if r.status != http.StatusBadRequest {
			t.Errorf("%s: status %d is not described", r.call, r.status)
		}
		return
	}
	place := response.Ref
	if place == "" {
		place = within("paths", route, strings.ToLower(req.Method), "responses", status)
	}
	kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	if response.Value.Content[kind] == nil {
		t.Errorf("%s: %s is not described for %d", r.call, kind, r.status)
		return
	}
	if err := d.check(t, place+strings.TrimPrefix(within("content", kind, "schema"), "#"), r.raw); err != nil {
		t.Errorf("%s: the answer is not as described: %v", r.call, err)
	}
}

// fits holds a value against a component's schema.
func fits(t *testing.T, doc *document, component string, v any) {
	t.Helper()
	if doc.Components.Schemas[component] == nil {
		t.Fatalf("no schema %s", component)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.check(t, within("components", "schemas", component), raw); err != nil {
		t.Errorf("%s: %v\n%s", component, err, raw)
	}
}
