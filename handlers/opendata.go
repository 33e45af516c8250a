package handlers

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/jobs/table"
	"fund/workflow"
	"fund/workflow/lang"
)

// openPages lists the open data besides the API's: the CSV form and the description of both.
func (s *Server) openPages() []pageRoute {
	const get = http.MethodGet
	return []pageRoute{
		{method: get, path: "/open-data/grants.csv", do: s.sendOpenCSV, open: true},
		{method: get, path: "/open-data/dcat.jsonld", do: s.sendDCAT, open: true},
	}
}

// openGrants are the public grants in 360Giving's form.
func (s *Server) openGrants(c *gin.Context) ([]openGrant, error) {
	list, err := s.grants(c)
	out := []openGrant{}
	for _, k := range list {
		out = append(out, openGrantOf(k))
	}
	return out, err
}

// sendOpenCSV is 360Giving's flat form: one row a grant, headings as its spreadsheets have them.
func (s *Server) sendOpenCSV(c *gin.Context) error {
	list, err := s.openGrants(c)
	if err != nil {
		return err
	}
	head := []string{"Identifier", "Title", "Description", "Currency", "Amount Applied For", "Amount Awarded", "Amount Disbursed", "Award Date", "Planned Dates:Start Date", "Planned Dates:End Date",
		"Recipient Org:Identifier", "Recipient Org:Name", "Recipient Org:Company Number", "Funding Org:Identifier", "Funding Org:Name", "Funding Org:Company Number", "Grant Programme:Code", "Grant Programme:Title",
		"Beneficiary Location:0:Name", "Beneficiary Location:0:Country Code", "From An Open Call?", "Last Modified"}
	var rows [][]string
	for _, g := range list {
		var start, end, place, country string
		if len(g.Planned) > 0 {
			start, end = g.Planned[0].Start.String(), g.Planned[0].End.String()
		}
		if len(g.Beneficiary) > 0 {
			place, country = g.Beneficiary[0].Name, g.Beneficiary[0].CountryCode
		}
		n := func(v int64) string { return strconv.FormatInt(v, 10) }
		rows = append(rows, []string{g.ID, g.Title, g.Description, g.Currency, n(g.Applied), n(g.Awarded), n(g.Disbursed), g.AwardDate, start, end, g.Recipient[0].ID, g.Recipient[0].Name, g.Recipient[0].CharityNumber, g.Funder[0].ID, g.Funder[0].Name, g.Funder[0].CharityNumber,
			g.Programme[0].Code, g.Programme[0].Title, place, country, g.FromOpen, time.Time(g.Modified).In(workflow.Stockholm()).Format(time.RFC3339)})
	}
	var b bytes.Buffer
	if err := table.EncodeCommas(&b, head, rows); err != nil {
		return err
	}
	c.Header("Access-Control-Allow-Origin", "*")
	c.Header("Cross-Origin-Resource-Policy", "cross-origin")
	sendFile(c, "grants.csv", "text/csv; charset=utf-8", b.Bytes())
	return nil
}

// dcatNode is a node of the description: JSON-LD with its names written out by the context.
type dcatNode map[string]any

// dcatContext names the vocabularies of DCAT-AP-SE.
var dcatContext = dcatNode{"dcat": "http://www.w3.org/ns/dcat#", "dcterms": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/", "vcard": "http://www.w3.org/2006/vcard/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#"}

// sendDCAT describes the open data for data portals, by DCAT-AP-SE: a catalogue
// with one dataset and its two forms.
func (s *Server) sendDCAT(c *gin.Context) error {
	list, err := s.grants(c)
	if err != nil {
		return err
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	modified := workflow.DateOf(now).String()
	for i, k := range list {
		if day := workflow.DateOf(lastChange(k)).String(); i == 0 || day > modified {
			modified = day
		}
	}
	c.Header("Access-Control-Allow-Origin", "*")
	c.Header("Cross-Origin-Resource-Policy", "cross-origin")
	c.Header("Content-Type", "application/ld+json; charset=utf-8")
	c.JSON(http.StatusOK, dcatOf(strings.TrimRight(s.BaseURL, "/"), modified))
	return nil
}

func dcatOf(base, modified string) dcatNode {
	both := func(sv, en string) []dcatNode {
		return []dcatNode{{"@language": "sv", "@value": sv}, {"@language": "en", "@value": en}}
	}
	id := func(address string) dcatNode { return dcatNode{"@id": address} }
	day := dcatNode{"@type": "xsd:date", "@value": modified}
	const cc0 = "http://creativecommons.org/publicdomain/zero/1.0/"
	const publisher = "http://dataportal.se/organisation/SE2120002643"
	form := func(name, mediaType, address, sv, en string) dcatNode {
		return dcatNode{"@id": base + "/open-data#" + name, "@type": "dcat:Distribution", "dcterms:title": both(sv, en), "dcterms:format": mediaType, "dcat:mediaType": id("https://www.iana.org/assignments/media-types/" + mediaType),
			"dcat:accessURL": id(base + address), "dcat:downloadURL": id(base + address), "dcterms:license": id(cc0)}
	}
	about := both("Bidrag till skolutbyten och internationella projekt som Skellefteå kommun har beviljat, utan personuppgifter. Formen följer 360Givings fält.",
		"Grants for school exchanges and international projects made by Skellefteå municipality, without personal data. The form follows 360Giving's fields.")
	dataset := dcatNode{"@id": base + "/open-data#grants", "@type": "dcat:Dataset", "dcterms:title": both("Beviljade bidrag ur Internationella fonden", "Grants of the International Fund"), "dcterms:description": about,
		"dcterms:publisher": id(publisher), "dcterms:modified": day, "dcterms:accessRights": id("http://publications.europa.eu/resource/authority/access-right/PUBLIC"),
		"dcterms:accrualPeriodicity": id("http://publications.europa.eu/resource/authority/frequency/CONT"), "dcat:theme": []dcatNode{id("http://publications.europa.eu/resource/authority/data-theme/EDUC"), id("http://publications.europa.eu/resource/authority/data-theme/GOVE")},
		"dcat:keyword": both("bidrag", "grants"), "dcat:landingPage": id(base + "/registry"), "dcat:contactPoint": dcatNode{"@type": "vcard:Organization", "vcard:fn": "Internationella enheten, Skellefteå kommun", "vcard:hasEmail": id("mailto:" + lang.T(lang.SV, "app.contact")), "vcard:hasURL": id(base + "/ideas")},
		"dcat:distribution": []dcatNode{form("json", "application/json", apiPrefix+"/open-data/360giving.json", "360Giving (JSON)", "360Giving (JSON)"), form("csv", "text/csv", "/open-data/grants.csv", "Tabell (CSV)", "Table (CSV)")}}
	return dcatNode{"@context": dcatContext, "@graph": []dcatNode{
		{"@id": base + "/open-data", "@type": "dcat:Catalog", "dcterms:title": both("Internationella fondens öppna data", "Open data of the International Fund"), "dcterms:description": about, "dcterms:publisher": id(publisher),
			"dcterms:license": id(cc0), "dcterms:modified": day, "dcterms:language": []dcatNode{id("http://publications.europa.eu/resource/authority/language/SWE"), id("http://publications.europa.eu/resource/authority/language/ENG")}, "dcat:dataset": id(base + "/open-data#grants"), "foaf:homepage": id(base + "/")},
		dataset,
		{"@id": publisher, "@type": "foaf:Agent", "foaf:name": "Skellefteå kommun", "dcterms:type": id("http://purl.org/adms/publishertype/LocalAuthority")}}}
}
