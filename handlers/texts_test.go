package handlers

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"fund/workflow/notice"
)

// TestTheOfficeChoosesTheWordsOfLetters: the words of every place can be changed by an administrator and
// by nobody else; words that lost a fact of the letter are refused at their field, with what was typed;
// the letter in the making shows them at once, and one that was made before keeps its own.
func TestTheOfficeChoosesTheWordsOfLetters(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.decided()
	const at = "/admin/texts/notice.questions.text"
	v.says(v.get("admin", "/admin", 200), "Brevens ord")
	v.says(v.get("admin", "/admin/texts", 200), "Brevens ord", "notice.questions.text", "Överklagande")
	v.says(v.get("admin", "/admin/texts?lang=en", 200), "The words of letters", "Appeal")
	v.get("admin", "/admin/texts?lang=sv", 200)
	v.get("officer", "/admin/texts", 403)
	v.get("officer", at, 403)
	v.get("admin", "/admin/texts/menu.admin", 404)
	v.get("admin", "/admin/texts/notice.nothing", 404)
	v.says(v.get("admin", at, 200), "{{.Email}}", "Inga egna ord har sparats")
	const good = "Ring 0910 om {{.DNR}}, eller skriv: {{.Email}}"
	v.write("officer", at, http.StatusForbidden, "do", "save", "text_sv", good, "text_en", good)
	for _, bad := range []struct{ sv, says string }{{"", "Fyll i"}, {"Ring oss om {{.DNR}}.", "{{.Email}} måste stå med"}, {good + " {{.Sum}}", "{{.Sum}} finns inte här"}, {good + " {{if .X}}", "Inom klamrar"},
		{good + strings.Repeat("å", 2000), "högst 2000"}} {
		page := v.write("admin", at, http.StatusUnprocessableEntity, "do", "save", "text_sv", bad.sv, "text_en", "Typed {{.DNR}} {{.Email}}")
		v.says(page, bad.says, "Typed {{.DNR}} {{.Email}}")
	}
	letter := v.path + "/decision"
	before := v.get("teacher", letter, 200)
	v.write("admin", at, http.StatusSeeOther, "do", "save", "text_sv", good, "text_en", "Call us about {{.DNR}} or write to {{.Email}}")
	v.says(v.get("admin", at, 200), "Ring 0910", "Gå tillbaka till standardtexten", "Ändrat av")
	v.says(v.get("admin", "/admin/texts", 200), "egna ord")
	if after := v.get("teacher", letter, 200); after == before || !strings.Contains(after, "Ring 0910 om IF 2026-0001") {
		t.Errorf("the letter in the making says %s", after)
	}
	words, err := v.store.OwnWords(t.Context(), "sv", time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil || len(words) > 0 {
		t.Errorf("before they were chosen there were words: %v %v", words, err)
	}
	v.write("admin", at, http.StatusSeeOther, "do", "back")
	v.says(v.get("admin", at, 200), "Standardtexten")
	if after := v.get("teacher", letter, 200); after != before {
		t.Errorf("the program's words are not back: %s", after)
	}
	for _, key := range notice.TextKeys() {
		v.get("admin", "/admin/texts/"+key, 200)
	}
}
