package handlers

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// match says what a route wants of If-Match.
type match int

const (
	noMatch match = iota
	needsMatch
	mayMatch
)

// operation describes a route for the OpenAPI document.
type operation struct {
	summary, text string
	tag           string
	open          bool // without sign-in
	query         []queryParam
	body          any    // Go value whose type is the body's
	bodyKind      string // content type; JSON when empty
	status        int    // 200 when 0
	answer        any    // Go value whose type is the answer's; nil: a file
	fileKinds     []string
	match         match
	tagged        bool // answers with an ETag
}

// queryParam is a parameter behind the question mark.
type queryParam struct{ name, text, kind string }

// openAPIDocument answers the description of the API.
func (s *Server) openAPIDocument(c *gin.Context) error {
	raw, err := s.openAPI()
	if err != nil {
		return err
	}
	tag := digestTag(raw)
	c.Header("ETag", tag)
	c.Header("Cache-Control", "public, max-age=300")
	c.Header("Access-Control-Allow-Origin", "*")
	if notModified(c.Request, tag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", raw)
	return nil
}

type object = map[string]any

// makeOpenAPI writes the document from the table of routes and the types that they take and give.
func (s *Server) makeOpenAPI() ([]byte, error) {
	types := newTypes()
	paths := object{}
	for _, r := range s.apiRoutes() {
		path, params := pathOfRoute(r.path)
		item, ok := paths[path].(object)
		if !ok {
			item = object{}
			paths[path] = item
		}
		if len(params) > 0 {
			item["parameters"] = params
		}
		item[strings.ToLower(r.method)] = s.describe(r, types)
	}
	version := s.Version
	if version == "" {
		version = "1.0.0"
	}
	doc := object{
		"openapi": "3.1.0",
		"info": object{"title": "Internationella fonden", "version": version, "description": openAPIText,
			"license": object{"name": "CC0 1.0 for the open data", "url": "https://creativecommons.org/publicdomain/zero/1.0/"}},
		"servers":  []object{{"url": s.BaseURL + apiPrefix}},
		"security": []object{{"bearer": []string{}}},
		"tags":     openAPITags,
		"paths":    paths,
		"components": object{
			"securitySchemes": object{"bearer": object{"type": "http", "scheme": "bearer"}},
			"schemas":         types.all,
			"responses":       object{"problem": problemResponse(types)},
		},
	}
	raw, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, fmt.Errorf("api description: %w", err)
	}
	return raw, nil
}

var ginParam = regexp.MustCompile(`:(\w+)`)

// pathOfRoute turns Gin's :id into OpenAPI's {id}.
func pathOfRoute(path string) (string, []object) {
	var params []object
	for _, m := range ginParam.FindAllStringSubmatch(path, -1) {
		schema := object{"type": "integer", "minimum": 1}
		if m[1] == "name" || m[1] == "id" && strings.HasPrefix(path, "/rounds/") {
			schema = object{"type": "string"}
		}
		params = append(params, object{"name": m[1], "in": "path", "required": true, "schema": schema})
	}
	return ginParam.ReplaceAllString(path, "{$1}"), params
}

// describe writes one operation.
func (s *Server) describe(r route, types *types) object {
	d := r.doc
	out := object{"operationId": operationID(r), "summary": d.summary, "tags": []string{d.tag}}
	if d.text != "" {
		out["description"] = d.text
	}
	if d.open {
		out["security"] = []object{}
	}
	if params := parameters(r); len(params) > 0 {
		out["parameters"] = params
	}
	if d.body != nil {
		kind := d.bodyKind
		if kind == "" {
			kind = "application/json"
		}
		content := object{kind: object{"schema": types.input(d.body)}}
		if kind == mergePatch {
			content["application/json"] = content[kind]
		}
		out["requestBody"] = object{"content": content, "required": r.method != http.MethodPost || kind != "application/json"}
	}
	out["responses"] = responses(r, types)
	return out
}

// mergePatch is RFC 7396's content type.
const mergePatch = "application/merge-patch+json"

var notWord = regexp.MustCompile(`[^A-Za-z0-9]+`)

func operationID(r route) string {
	return strings.ToLower(r.method) + "_" + strings.Trim(notWord.ReplaceAllString(r.path, "_"), "_")
}

func parameters(r route) (params []object) {
	for _, q := range r.doc.query {
		params = append(params, object{"name": q.name, "in": "query", "description": q.text, "schema": object{"type": q.kind}})
	}
	if r.method == http.MethodPost {
		params = append(params, object{"name": "Idempotency-Key", "in": "header", "schema": object{"type": "string", "maxLength": 255},
			"description": "The same key and body give the same answer for at least 24 hours; another body is refused with 422."})
	}
	switch r.doc.match {
	case needsMatch:
		params = append(params, object{"name": "If-Match", "in": "header", "required": true, "schema": object{"type": "string"},
			"description": "The ETag that was read. None: 428; another one than the present: 412."})
	case mayMatch:
		params = append(params, object{"name": "If-Match", "in": "header", "schema": object{"type": "string"},
			"description": "The ETag that was read. Another one than the present: 412."})
	}
	return params
}

// responses are the good answer, and the refusals that this route can give.
func responses(r route, types *types) object {
	d := r.doc
	status := d.status
	if status == 0 {
		status = http.StatusOK
	}
	good := object{"description": http.StatusText(status)}
	headers := object{}
	if d.answer != nil {
		good["content"] = object{"application/json": object{"schema": types.output(d.answer)}}
	} else {
		content := object{}
		for _, k := range d.fileKinds {
			schema := object{"type": "string", "contentMediaType": k}
			if k == "application/json" {
				schema = object{"type": "object"}
			}
			content[k] = object{"schema": schema}
		}
		good["content"] = content
	}
	text := object{"type": "string"}
	if d.tagged || d.answer == nil {
		headers["ETag"] = object{"schema": text}
	}
	if status == http.StatusCreated {
		headers["Location"] = object{"schema": text}
	}
	if slices.ContainsFunc(d.query, func(q queryParam) bool { return q.name == "after" }) {
		headers["Link"] = object{"schema": text, "description": `rel="next": where the list goes on.`}
	}
	if len(headers) > 0 {
		good["headers"] = headers
	}
	out := object{strconv.Itoa(status): good}
	problem := object{"$ref": "#/components/responses/problem"}
	codes := []int{http.StatusInternalServerError}
	if !d.open {
		codes = append(codes, http.StatusUnauthorized, http.StatusForbidden)
	}
	if strings.Contains(r.path, ":") {
		codes = append(codes, http.StatusNotFound)
	}
	if d.match != noMatch {
		codes = append(codes, http.StatusPreconditionFailed)
	}
	if d.match == needsMatch {
		codes = append(codes, http.StatusPreconditionRequired)
	}
	if r.method == http.MethodPost { // still busy with the same key, or with the files
		codes = append(codes, http.StatusServiceUnavailable)
	}
	if r.method == http.MethodPost || len(d.query) > 0 { // a malformed key or query
		codes = append(codes, http.StatusBadRequest)
	}
	if d.body != nil {
		codes = append(codes, http.StatusUnsupportedMediaType)
	}
	if r.method != http.MethodGet {
		codes = append(codes, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge)
	} else if len(d.fileKinds) > 0 { // not scanned yet, harmful, or not for a blind reviewer
		codes = append(codes, http.StatusConflict)
	} else if len(d.query) > 0 {
		codes = append(codes, http.StatusUnprocessableEntity)
	}
	for _, code := range codes {
		out[strconv.Itoa(code)] = problem
	}
	return out
}

func problemResponse(types *types) object {
	return object{"description": "A refusal (RFC 9457).", "content": object{"application/problem+json": object{"schema": types.output(problem{})}}}
}

// sortedKeys is for enumerations that are maps elsewhere.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
