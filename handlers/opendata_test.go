package handlers

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// openSchema is our schema of 360Giving's fields (testdata/open-data/README.md).
func openSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("../testdata/open-data/grants.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parsed(t *testing.T, raw []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestOpenDataFitTheirSchema(t *testing.T) {
	t.Parallel()
	schema := openSchema(t)
	v := newSchool(t)
	empty := v.file("", apiPrefix+"/open-data/360giving.json", "application/json")
	if err := schema.Validate(parsed(t, empty)); err != nil {
		t.Error(err)
	}
	v.decided().act("teacher", v.path, "accept_conditions", "{}") // a decision that nobody has been told of is not published
	raw := v.file("", apiPrefix+"/open-data/360giving.json", "application/json")
	if err := schema.Validate(parsed(t, raw)); err != nil {
		t.Error(err)
	}
	for _, person := range []string{"Elin Marklund", "@example.org", "Rektor", "Lena Vikström"} {
		if bytes.Contains(raw, []byte(person)) {
			t.Errorf("the open data name %s", person)
		}
	}
	for _, wrong := range []string{strings.Replace(string(raw), `"currency":"SEK"`, `"currency":"EUR"`, 1), strings.Replace(string(raw), `"amountAwarded":`, `"applicant_name":`, 1), strings.Replace(string(raw), `"id":"360G-skelleftea-`, `"id":"`, 1)} {
		if wrong == string(raw) || schema.Validate(parsed(t, []byte(wrong))) == nil {
			t.Errorf("the schema takes %s", wrong)
		}
	}
	rows, err := csv.NewReader(bytes.NewReader(v.file("", "/open-data/grants.csv", "text/csv"))).ReadAll() // with commas, as its quality tool reads
	if err != nil || len(rows) != 2 || rows[0][0] != "Identifier" || rows[1][5] != "30000" || rows[1][0] != "360G-skelleftea-1" {
		t.Errorf("CSV %v (%v)", rows, err)
	}
}

func TestDCATNamesEveryForm(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.act("teacher", v.path, "accept_conditions", "{}") // so that there is a period
	raw := v.file("", "/open-data/dcat.jsonld", "application/ld+json")
	var doc struct {
		Context map[string]string `json:"@context"`
		Graph   []map[string]any  `json:"@graph"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]map[string]any{}
	for _, n := range doc.Graph {
		kinds[n["@type"].(string)] = n
	}
	// What DCAT-AP-SE asks for: catalogue, dataset, publisher.
	for kind, need := range map[string][]string{"dcat:Catalog": {"dcterms:title", "dcterms:description", "dcterms:publisher", "dcat:dataset", "dcterms:license", "dcterms:language", "dcterms:spatial", "dcat:themeTaxonomy", "foaf:homepage"},
		"dcat:Dataset": {"dcterms:title", "dcterms:description", "dcterms:publisher", "dcat:contactPoint", "dcat:distribution", "dcat:theme", "dcat:keyword", "dcterms:accrualPeriodicity", "dcterms:spatial", "dcterms:language", "dcterms:conformsTo", "dcterms:identifier", "dcterms:temporal", "dcat:landingPage"}, "foaf:Agent": {"foaf:name", "dcterms:type"}} { // and of the contact: vcard:fn, vcard:hasEmail
		for _, name := range need {
			if kinds[kind][name] == nil {
				t.Errorf("%s has no %s", kind, name)
			}
		}
	}
	contact := kinds["dcat:Dataset"]["dcat:contactPoint"].(map[string]any)
	if mail, _ := contact["vcard:hasEmail"].(map[string]any); contact["vcard:fn"] == nil || mail == nil || !strings.HasPrefix(mail["@id"].(string), "mailto:") {
		t.Errorf("the contact is %v", contact)
	}
	for _, d := range kinds["dcat:Dataset"]["dcat:distribution"].([]any) {
		for _, name := range []string{"dcat:accessURL", "dcterms:license", "dcterms:title", "dcterms:description", "dcterms:format", "dcatap:availability", "dcterms:conformsTo"} {
			if d.(map[string]any)[name] == nil {
				t.Errorf("a form has no %s", name)
			}
		}
		at := d.(map[string]any)["dcat:downloadURL"].(map[string]any)["@id"].(string)
		kind := d.(map[string]any)["dcterms:format"].(string)
		v.file("", strings.TrimPrefix(at, "http://fund.test"), kind)
	}
}
