package handlers

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"fund/workflow"
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
	v.says(pageText(t, bring("admin", "Namn;Skolform\n", http.StatusOK)), "inga skolor under rubrikerna")
	v.says(pageText(t, bring("admin", "Namn;Skolform\nNya skolan;grundskola\n", http.StatusOK)), "Driftsform Välj ett alternativ", "Inget är ändrat")
	if one := pageText(t, bring("admin", "Namn;Skolform;Driftsform\nNya skolan;grundskola;kommunal\n", http.StatusOK)); !strings.Contains(one, "Ta in 1 ändring") || strings.Contains(one, "1 ändringar") {
		t.Errorf("one change is called %q", one)
	}
	good := "Namn;Skolform;Driftsform;Ort;Ansvar\nNya skolan;grundskola;kommunal;Kåge;9999\nKågeskolan;grundskola;kommunal;Kåge;8888\n"
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

// TestASchoolIsEditedOnItsPage: a name can change and its people stay; what is wrong is said at its field and kept.
func TestASchoolIsEditedOnItsPage(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	page := func(name, code, level, from, to string) []string {
		return []string{"name", name, "school_unit_code", code, "level", level, "operator", "kommunal", "town", "Kåge", "active_from", from, "active_to", to}
	}
	v.write("officer", "/admin/schools/0", http.StatusForbidden, page("Nya skolan", "", "grundskola", "", "")...)
	v.says(v.write("admin", "/admin/schools/0", http.StatusUnprocessableEntity, page("", "1234", "", "2026-08-01", "2026-01-31")...),
		"Namn: ", "Skolenhetskod: ", "Skolform: ", "Sista dagen kan inte komma före den första")
	v.says(v.write("admin", "/admin/schools/0", http.StatusUnprocessableEntity, page("Kågeskolan", "", "grundskola", "", "")...), "Det finns redan")
	v.write("admin", "/admin/schools/0", http.StatusSeeOther, page("Nya skolan", "12345675", "grundskola", "2026-08-01", "")...)
	v.says(v.write("admin", "/admin/schools/0", http.StatusUnprocessableEntity, page("Nya-skolan", "", "grundskola", "", "")...), "Det finns redan")
	v.says(v.write("admin", "/admin/schools/0", http.StatusUnprocessableEntity, page("Andra skolan", "12345675", "grundskola", "", "")...), "hör till Nya skolan")

	id := func(name string) string {
		rows, err := v.store.Schools(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Name == name {
				return strconv.FormatInt(r.ID, 10)
			}
		}
		t.Fatalf("no school %s", name)
		return ""
	}
	was := id("Nya skolan")
	v.says(v.get("admin", "/admin/schools/"+was, http.StatusOK), "Nya skolan")
	v.write("admin", "/admin/schools/"+was, http.StatusSeeOther, page("Bättre skolan", "12345675", "gymnasieskola", "2026-08-01", "2027-06-30")...)
	if is := id("Bättre skolan"); is != was {
		t.Errorf("the school has another id: %s, was %s", is, was)
	}
	v.says(v.get("admin", "/admin/schools", http.StatusOK), "Bättre skolan", "Gymnasieskola")
	v.get("admin", "/admin/schools/999999", http.StatusNotFound)
	v.get("teacher", "/admin/schools/"+was, http.StatusForbidden)
}

// TestPeopleAreFound by name, address and school, a page at a time.
func TestPeopleAreFound(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	for i := range peopleOnPage + 3 {
		if _, err := v.store.SavePerson(t.Context(), workflow.Machine(), workflow.Person{Email: fmt.Sprintf("p%02d@example.org", i), Name: fmt.Sprintf("Åsa %02d Åström", i), Roles: []workflow.RoleAt{{Role: workflow.Officer}}}); err != nil {
			t.Fatal(err)
		}
	}
	first := v.markup("admin", httptest.NewRequest(http.MethodGet, "/admin/people?q=%C3%85str%C3%B6m", nil), http.StatusOK)
	v.says(pageText(t, first), "Åsa 00 Åström", "Åsa 49 Åström")
	if strings.Contains(first, "Åsa 50") {
		t.Error("more than a page")
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	next, _ := doc.Find("nav.pager a").Attr("href")
	second := v.get("admin", next, http.StatusOK)
	v.says(second, "Åsa 50 Åström", "Åsa 52 Åström")
	if strings.Contains(second, "Åsa 49") {
		t.Error("the same person on both pages")
	}
	v.says(v.get("admin", "/admin/people?q=nobody-has-this", http.StatusOK), "Ingen hittades")
	v.says(v.get("admin", "/admin/people?q=P07%40example", http.StatusOK), "Åsa 07")
}

// TestFaultsStandInThePagesOrder, whichever was found first.
func TestFaultsStandInThePagesOrder(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	for path, least := range map[string]int{"/rounds/new": 4, "/admin/people/0": 3, "/admin/disturbance": 3, "/admin/schools/0": 2} {
		req := httptest.NewRequest(http.MethodPost, path, strings.NewReader("roles=1&roles.1.role=teacher"))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		page := v.markup("admin", req, http.StatusUnprocessableEntity)
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		last, n := 0, 0
		doc.Find(".errors a, .ds-error-summary a").Each(func(_ int, a *goquery.Selection) {
			href, _ := a.Attr("href")
			at := strings.Index(page, `id="`+strings.TrimPrefix(href, "#"))
			if at < last {
				t.Errorf("%s: %s stands above what is listed before it", path, href)
			}
			last, n = at, n+1
		})
		if n < least {
			t.Errorf("%s: %d faults listed, want %d", path, n, least)
		}
	}
}
