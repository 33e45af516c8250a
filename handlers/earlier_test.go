package handlers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fund/workflow"
)

// bring sends a file as the administrator and gives the address of its page; want 422 gives "".
func (v *school) bring(name, content string, want int) string {
	v.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		v.t.Fatal(err)
	}
	part.Write([]byte(content))
	m.Close()
	req := httptest.NewRequest(http.MethodPost, "/admin/earlier", &b)
	req.Header.Set("Content-Type", m.FormDataContentType())
	v.send("admin", req, want)
	if want != http.StatusSeeOther {
		return ""
	}
	imports, err := v.store.EarlierImports(v.t.Context(), workflow.Machine())
	if err != nil {
		v.t.Fatal(err)
	}
	return fmt.Sprintf("/admin/earlier/%d", imports[0].ID)
}

const earlierHead = "år;omgång;skola;titel;land;områden;elever;sökt;beviljat;utbetalt;återbetalt;utfall;beslutsdag;sammanfattning;intern kod\n"

// TestEarlierYearsFromFileToEverywhere: a list is read, compared, taken in by a
// yes, and is then in the registry, the statistics, the open data and on the school's page.
func TestEarlierYearsFromFileToEverywhere(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.says(v.get("admin", "/admin/earlier", 200), "Tidigare år", "skolenhetskod", "Hämta mall (XLSX)")
	v.get("officer", "/admin/earlier", 403)
	v.bring("tom.csv", "", 422)
	v.bring("bild.png", "a\x00b", 422)
	v.bring("fel.csv", "år;titel\n2023;x\n", 422)
	page := v.bring("2023.csv", earlierHead+
		"2023;VT23;Baldergymnasiet;Till Pori;Finland;Språk;24;60000;50000;50000;4000;delvis beviljad;;Vi byggde en bro.;x\n"+
		"2023;VT23;Baldergymnasiet;Till Rom;Italien;;3;60 000;0;;;avslag;2023-05-09;;x\n"+
		"2023;VT23;Ankeborg;Till Oslo;Norge;;3;1;1;1;0;beviljad;2023-05-09;;x\n"+
		"2023;VT26;Baldergymnasiet;Till Paris;Frankrike;;3;1;1;1;0;kanske;2023-05-09;;x\n", 303)
	report := v.get("admin", page, 200)
	v.says(report, "Ta in 2 nya beslut", "50 000 kr", "4 000 kr", "skola: Skolan finns inte i registret", "omgång: Den omgången finns i tjänsten", "utfall: Skriv beviljad")
	if strings.Contains(v.get("officer", "/registry", 200), "Till Pori") {
		t.Error("taken in without a yes")
	}
	v.fill("admin", page, 303)
	v.says(v.get("admin", page, 200), "Filen togs in", "Filen togs in 10 januari 2026")
	list := v.get("officer", "/registry", 200)
	v.says(list, "Till Pori", "Beslut 2023", "Från tidigare år", "Vi byggde en bro.")
	if strings.Contains(list, "Till Rom") {
		t.Error("a rejected application is listed as a grant")
	}
	v.says(v.get("officer", "/registry/earlier/1", 200), "Till Pori", "50 000 kr", "från tiden före den här tjänsten")
	v.get("officer", "/registry/earlier/2", 404) // rejected: no grant
	v.get("officer", "/registry/earlier/9", 404)
	v.says(v.get("officer", "/statistics?from=2023&to=2023", 200), "50 000 kr", "Finland", "Tidigare år")
	v.says(v.get("officer", "/statistics/yearly/2023", 200), "50 000 kr")
	v.says(v.get("teacher", "/applications", 200), "Det här har skolan fått", "Till Pori", "46 000 kr")
	raw := v.file("", apiPrefix+"/open-data/360giving.json", "application/json")
	if err := openSchema(t).Validate(parsed(t, raw)); err != nil {
		t.Error(err)
	}
	var open struct {
		Grants []struct {
			ID   string `json:"id"`
			Date string `json:"awardDate"`
			Sum  int64  `json:"amountDisbursed"`
			URL  string `json:"url"`
		} `json:"grants"`
	}
	if err := json.Unmarshal(raw, &open); err != nil || len(open.Grants) != 0 { // an award without its day is none in 360Giving
		t.Errorf("%+v %v", open, err)
	}
	if csv := string(v.file("", "/registry.csv", "text/csv")); !strings.Contains(csv, ";;2023;Till Pori;") {
		t.Errorf("the table says %s", csv)
	}
	// The same file again brings nothing; a changed row waits for its own yes.
	v.says(v.get("admin", v.bring("igen.csv", earlierHead+"2023;VT23;Baldergymnasiet;Till Pori;Finland;Språk;24;60000;50000;50000;4000;delvis beviljad;;Vi byggde en bro.;x\n", 303), 200), "Det finns inget att ta in")
	page = v.bring("rättad.csv", earlierHead+"2023;VT23;Baldergymnasiet;Till Pori;Estland;Språk;24;60000;50000;50000;4000;delvis beviljad;;Vi byggde en bro.;x\n", 303)
	v.says(v.get("admin", page, 200), "Finland", "Estland", "Skriv också över beslutet")
	v.fill("admin", page, 303, "changes", "1")
	v.says(v.get("officer", "/registry/earlier/1", 200), "Estland")
	page = v.bring("dag.csv", earlierHead+"2023;VT23;Baldergymnasiet;Till Pori;Estland;Språk;24;60000;50000;50000;4000;delvis beviljad;2023-05-09;Vi byggde en bro.;x\n", 303)
	v.fill("admin", page, 303, "changes", "1")
	raw = v.file("", apiPrefix+"/open-data/360giving.json", "application/json")
	if err := openSchema(t).Validate(parsed(t, raw)); err != nil {
		t.Error(err)
	}
	if err := json.Unmarshal(raw, &open); err != nil || len(open.Grants) != 1 || open.Grants[0].Date != "2023-05-09" || open.Grants[0].Sum != 46000 || !strings.HasSuffix(open.Grants[0].URL, "/registry/earlier/1") {
		t.Errorf("%+v %v", open, err)
	}
	// The template reads as it stands.
	for _, form := range []string{"csv", "xlsx"} {
		kind := map[string]string{"csv": "text/csv", "xlsx": "application/vnd.openxml"}[form]
		for _, l := range []string{"sv", "en"} {
			body := v.file("admin", "/admin/earlier/template."+form+"?lang="+l, kind)
			rows, unknown, err := ReadEarlier(body)
			if err != nil || len(unknown) > 0 || len(rows) != 2 || rows[0].Cells["granted"] != "50000" {
				t.Errorf("%s %s: %v %v %v", form, l, rows, unknown, err)
			}
		}
	}
}
