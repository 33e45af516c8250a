package handlers

import (
	"fmt"
	"strings"
	"testing"
)

// TestAnUnsentDraftIsRemovedNotWithdrawn: nothing was sent that could be taken back.
func TestAnUnsentDraftIsRemovedNotWithdrawn(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	filed := v.get("teacher", fmt.Sprintf("/do/%d/withdraw", v.id), 200)
	v.says(filed, "Ta tillbaka ansökan", "Skäl")
	id := int64(v.call("teacher", "POST", "/applications", `{"round":"VT26"}`).want(201).body["id"].(float64))
	v.path = fmt.Sprintf("/applications/%d", id)
	v.says(v.get("teacher", v.path, 200), "Ta bort utkastet")
	page := v.get("teacher", fmt.Sprintf("/do/%d/withdraw", id), 200)
	v.says(page, "Ta bort utkastet", "inte ändras eller skickas in")
	for _, word := range []string{"Ta tillbaka", "prövas", "Skäl"} {
		if strings.Contains(page, word) {
			t.Errorf("a draft's removal says %q: %s", word, page)
		}
	}
	v.post("teacher", fmt.Sprintf("/do/%d/withdraw", id), 303)
	v.says(v.get("teacher", v.path, 200), "Utkast utan namn", "Borttaget utkast", "aldrig in", "tog bort utkastet")
	v.says(v.get("teacher", "/applications", 200), "Borttaget utkast")
}
