package handlers

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestSchoolsComeFromAFile: looked at first, faults line by line, taken in once and the same file changes nothing after.
func TestSchoolsComeFromAFile(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	bring := func(who, content string, want int) string {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		part, err := w.CreateFormFile("file", "skolor.csv")
		if err != nil {
			t.Fatal(err)
		}
		part.Write([]byte(content))
		w.Close()
		req := httptest.NewRequest(http.MethodPost, "/admin/schools/import", &b)
		req.Header.Set("Content-Type", w.FormDataContentType())
		return v.markup(who, req, want)
	}
	bring("officer", "namn\nX\n", http.StatusForbidden)
	bring("admin", "", http.StatusUnprocessableEntity)
	text := pageText(t, bring("admin", "Namn;Skolform;Färg;Skolenhetskod\nNya skolan;Slott;blå;\nKågeskolan;grundskola;röd;12345678\nKågeskolan;grundskola;röd;\n;grundskola;;\n", http.StatusOK))
	v.says(text, "Kolumner som inte används: Färg", "Skolan står redan på rad 3", "Rätta felen", "Inget är ändrat")
	good := "Namn;Skolform;Ort;Ansvar\nNya skolan;grundskola;Kåge;9999\nKågeskolan;grundskola;Kåge;8888\n"
	page := bring("admin", good, http.StatusOK)
	v.says(pageText(t, page), "Ny skola", "→ 8888", "Ta in 2 ändringar")
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	lines, _ := doc.Find("input[name=lines]").Attr("value")
	v.write("admin", "/admin/schools/take", http.StatusSeeOther, "lines", lines)
	v.says(v.get("admin", "/admin/schools", http.StatusOK), "Nya skolan")
	v.says(pageText(t, bring("admin", good, http.StatusOK)), "stämmer redan med filen")
	v.write("admin", "/admin/schools/take", http.StatusSeeOther, "lines", lines)
	v.write("officer", "/admin/schools/take", http.StatusForbidden, "lines", lines)
}
