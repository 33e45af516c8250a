package handlers

import (
	"fmt"
	"strings"
	"testing"
)

// TestApplicationCanBePrinted: the answers of a draft and each filed version have a button that prints them. It is
// hidden until the script that prints shows it.
func TestApplicationCanBePrinted(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	draft := int64(v.call("teacher", "POST", "/applications", goodForm).want(201).body["id"].(float64))
	for _, path := range []string{fmt.Sprintf("/applications/%d/check", draft), fmt.Sprintf("/cases/%d/versions/1", v.id)} {
		page := v.raw("teacher", "GET", path, "").Body.String()
		if !strings.Contains(page, "data-print hidden>Skriv ut</button>") {
			t.Errorf("%s has no button to print", path)
		}
		checkHTML(t, page)
	}
}
