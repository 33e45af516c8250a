package workflow

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// WrongDays lists the days in a JSON body that are none, by their paths; v is what
// the body would be read into. encoding/json tells that a day is wrong, but not which.
func WrongDays(raw []byte, v any) Violations {
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil
	}
	return wrongDays(reflect.TypeOf(v), "", tree)
}

func wrongDays(t reflect.Type, path string, v any) (list Violations) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == reflect.TypeFor[Date]() {
		text, ok := v.(string)
		if _, err := ParseDate(text); v != nil && (!ok || text != "" && err != nil) {
			return Violations{{Field: path, Code: "date"}}
		}
		return nil
	}
	switch x := v.(type) {
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return nil
		}
		for i := range t.NumField() {
			f := t.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous && name == "" {
				list = append(list, wrongDays(f.Type, path, v)...)
			} else if inner, ok := x[name]; ok && f.IsExported() {
				list = append(list, wrongDays(f.Type, strings.TrimPrefix(path+"."+name, "."), inner)...)
			}
		}
	case []any:
		if t.Kind() != reflect.Slice || t.Elem().Kind() == reflect.Uint8 {
			return nil
		}
		for i, inner := range x {
			list = append(list, wrongDays(t.Elem(), fmt.Sprintf("%s[%d]", path, i), inner)...)
		}
	}
	return list
}
