package handlers

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// types turns Go types into JSON schemas, named structs once each under
// components. An answer names what is always there; of a body nothing is
// required here, as the workflow says what is missing, and nothing unknown is taken.
type types struct {
	all   object
	names map[typeKey]string
}

type typeKey struct {
	t     reflect.Type
	input bool
}

func newTypes() *types { return &types{object{}, map[typeKey]string{}} }

func (x *types) output(v any) object { return x.schema(reflect.TypeOf(v), false) }
func (x *types) input(v any) object  { return x.schema(reflect.TypeOf(v), true) }

// special are types that write themselves.
func special(t reflect.Type, input bool) (object, bool) {
	switch t {
	case reflect.TypeFor[moment]():
		if input {
			return object{"type": []string{"string", "null"}, "description": "RFC 3339, or Stockholm's local time without offset, or a day."}, true
		}
		return object{"type": []string{"string", "null"}, "format": "date-time"}, true
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}, true
	case reflect.TypeFor[workflow.Date]():
		return object{"type": []string{"string", "null"}, "format": "date"}, true
	case reflect.TypeFor[money.Share]():
		return object{"type": "number"}, true
	case reflect.TypeFor[money.SEK]():
		return object{"type": "integer", "description": "Öre."}, true
	case reflect.TypeFor[json.RawMessage]():
		return object{}, true
	case reflect.TypeFor[workflow.RawObject]():
		return object{"type": []string{"object", "null"}}, true
	case reflect.TypeFor[number]():
		return object{"type": []string{"integer", "string"}}, true
	case reflect.TypeFor[schoolRef]():
		return object{"type": []string{"integer", "string", "null"}}, true
	case reflect.TypeFor[upfile]():
		return object{"type": "string", "contentMediaType": "application/octet-stream"}, true
	}
	return nil, false
}

func (x *types) schema(t reflect.Type, input bool) object {
	if s, ok := special(t, input); ok {
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return nullable(x.schema(t.Elem(), input))
	case reflect.Struct:
		return object{"$ref": "#/components/schemas/" + x.component(t, input)}
	case reflect.Slice:
		return object{"type": "array", "items": x.schema(t.Elem(), input)}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": x.schema(t.Elem(), input)}
	case reflect.String:
		s := object{"type": "string"}
		if t == reflect.TypeFor[workflow.Role]() {
			s["enum"] = workflow.Roles
		}
		return s
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Int32:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	}
	return object{}
}

// nullable lets null stand beside a schema.
func nullable(s object) object {
	switch kind := s["type"].(type) {
	case string:
		s["type"] = []string{kind, "null"}
		return s
	case []string:
		if !slices.Contains(kind, "null") {
			s["type"] = append(kind, "null")
		}
		return s
	}
	if s["$ref"] == nil {
		return s
	}
	return object{"anyOf": []object{s, {"type": "null"}}}
}

// component describes a named struct and gives its name.
func (x *types) component(t reflect.Type, input bool) string {
	key := typeKey{t, input}
	if name, ok := x.names[key]; ok {
		return name
	}
	name := typeName(t)
	if input {
		name += "Input"
	}
	for other, taken := range x.names {
		if taken == name {
			panic(fmt.Sprintf("the document calls %v and %v both %s", other.t, t, name))
		}
	}
	x.names[key] = name
	properties, required := object{}, []string{}
	for _, f := range jsonFields(t) {
		s := x.schema(f.Type, input)
		_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if text := f.Tag.Get("doc"); text != "" {
			if s["$ref"] != nil {
				s = object{"allOf": []object{s}}
			}
			s["description"] = text
		}
		if words := f.Tag.Get("enum"); words != "" {
			addEnum(s, words, input)
		}
		optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		// A list or map of the workflow may be nil, which is null.
		if kind := f.Type.Kind(); !input && !optional && (kind == reflect.Slice || kind == reflect.Map) && strings.HasPrefix(t.PkgPath(), "fund/workflow") {
			s = nullable(s)
		}
		if input && s["type"] != nil {
			s = nullable(s) // null removes in a merge patch, and means nothing elsewhere
		}
		properties[jsonName(f)] = s
		if !input && !optional {
			required = append(required, jsonName(f))
		}
	}
	schema := object{"type": "object", "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	if input {
		schema["additionalProperties"] = false
	}
	x.all[name] = schema
	return name
}

// typeName is a component's name: applicationJSON is Application, a page of them ApplicationList.
func typeName(t reflect.Type) string {
	name := t.Name()
	if base, arg, ok := strings.Cut(name, "["); ok && base == "listJSON" {
		arg = strings.TrimSuffix(arg, "]")
		return plainName(arg[strings.LastIndex(arg, ".")+1:]) + "List"
	}
	if p := t.PkgPath(); p == "fund/jobs/bank" || p == "fund/jobs/reading" { // their words are too common
		return "Bank" + name
	}
	return plainName(name)
}

func plainName(s string) string {
	for _, end := range []string{"JSON", "In"} {
		s = strings.TrimSuffix(s, end)
	}
	r := []rune(s)
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// jsonFields lists the fields that encoding/json writes; an outer one hides an embedded one.
func jsonFields(t reflect.Type) (fields []reflect.StructField) {
	var embedded []reflect.StructField
	for i := range t.NumField() {
		f := t.Field(i)
		switch name := jsonName(f); {
		case f.Anonymous && name == "":
			embedded = append(embedded, jsonFields(f.Type)...)
		case name != "" && name != "-" && f.IsExported():
			fields = append(fields, f)
		}
	}
	for _, f := range embedded {
		if !slices.ContainsFunc(fields, func(g reflect.StructField) bool { return jsonName(g) == jsonName(f) }) {
			fields = append(fields, f)
		}
	}
	return fields
}

// addEnum lists the values of a field: those that the words know under the prefix.
// Bodies are judged by the workflow, which says in words what is wrong.
func addEnum(s object, prefix string, input bool) {
	if input {
		return
	}
	values := []any{}
	for _, key := range lang.Keys(lang.SV) {
		rest, ok := strings.CutPrefix(key, prefix+".")
		if ok && !strings.Contains(rest, ".") {
			values = append(values, rest)
		}
	}
	if items, ok := s["items"].(object); ok {
		items["enum"] = values
		return
	}
	s["enum"] = values
}

// upfile stands for the bytes of an uploaded file.
type upfile string

// attachBody is the multipart body of an attachment.
type attachBody struct {
	Kind     string `json:"kind" doc:"letter_of_intent, programme, risk_assessment, payee_proof, main_funder, report_evidence or other."`
	File     upfile `json:"file" doc:"PDF, JPEG, PNG, DOCX or ODT, at most 10 MB; judged by its content."`
	Replaces int64  `json:"replaces,omitempty" doc:"Number of the attachment that this one replaces."`
	Consent  string `json:"consent,omitempty" doc:"1 declares of a picture of the kind report_evidence that no pupil can be recognised without a guardian's consent, and that no name is seen. Without it the officer sees that nothing was declared."`
}
