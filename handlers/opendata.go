package handlers

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

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

// openGrants are the public grants in 360Giving's form. It takes no award without its day, and no
// file with one: a grant of earlier years whose day nobody knows stands in the register alone.
func (s *Server) openGrants(c *gin.Context) ([]openGrant, error) {
	list, err := s.grants(c)
	if err != nil {
		return nil, err
	}
	funder, err := s.funder(c.Request.Context())
	out := []openGrant{}
	for _, k := range list {
		if k.Earlier == nil || k.Earlier.DayKnown {
			out = append(out, openGrantOf(strings.TrimRight(s.BaseURL, "/"), funder, k))
		}
	}
	return out, err
}

// dcatNode is a node of the description: JSON-LD with its names written out by the context.
type dcatNode map[string]any

// dcatContext names the vocabularies of DCAT-AP-SE.
var dcatContext = dcatNode{
	"dcat":    "http://www.w3.org/ns/dcat#",
	"dcatap":  "http://data.europa.eu/r5r/",
	"dcterms": "http://purl.org/dc/terms/",
	"foaf":    "http://xmlns.com/foaf/0.1/",
	"skos":    "http://www.w3.org/2004/02/skos/core#",
	"vcard":   "http://www.w3.org/2006/vcard/ns#",
	"xsd":     "http://www.w3.org/2001/XMLSchema#",
}

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
	modified, first := workflow.DateOf(now).String(), ""
	for i, k := range list {
		if day := workflow.DateOf(k.App.Decision.DecidedAt).String(); first == "" || day < first {
			first = day
		}
		if day := workflow.DateOf(lastChange(k)).String(); i == 0 || day > modified {
			modified = day
		}
	}
	funder, err := s.funder(c.Request.Context())
	if err != nil {
		return err
	}
	c.Header("Access-Control-Allow-Origin", "*")
	c.Header("Cross-Origin-Resource-Policy", "cross-origin")
	c.Header("Content-Type", "application/ld+json; charset=utf-8")
	c.JSON(http.StatusOK, dcatOf(strings.TrimRight(s.BaseURL, "/"), modified, first, s.Contact, funder))
	return nil
}

// dcatOf is the description with the day of the newest change, and that of the first decision ("": there is none).
func dcatOf(base, modified, first, contact string, funder openOrgJSON) dcatNode {
	both := func(sv, en string) []dcatNode {
		return []dcatNode{{"@language": "sv", "@value": sv}, {"@language": "en", "@value": en}}
	}
	id := func(address string) dcatNode { return dcatNode{"@id": address} }
	date := func(day string) dcatNode { return dcatNode{"@type": "xsd:date", "@value": day} }
	languages := []dcatNode{
		id("http://publications.europa.eu/resource/authority/language/SWE"),
		id("http://publications.europa.eu/resource/authority/language/ENG"),
	}
	day := date(modified)
	const cc0 = "http://creativecommons.org/publicdomain/zero/1.0/"
	publisher := "http://dataportal.se/organisation/SE" + strings.ReplaceAll(strings.TrimPrefix(funder.ID, "SE-ON-"), "-", "")
	home := lang.AtHome()
	// What the forms follow, with its page; and where the grants are made: the municipality in words, the county of Skellefteå by its NUTS code.
	standard := dcatNode{"@id": "https://standard.threesixtygiving.org/", "@type": "dcterms:Standard", "dcterms:title": "360Giving Data Standard 1.1"}
	places := []dcatNode{{"@type": "dcterms:Location", "skos:prefLabel": both(home.Municipality, home.English)}}
	if home == lang.Skelleftea {
		places = append([]dcatNode{id("http://data.europa.eu/nuts/code/SE331")}, places...)
	}
	form := func(name, mediaType, address, sv, en string, about []dcatNode) dcatNode {
		return dcatNode{
			"@id":                 base + "/open-data#" + name,
			"@type":               "dcat:Distribution",
			"dcterms:title":       both(sv, en),
			"dcterms:description": about,
			"dcterms:conformsTo":  standard,
			"dcterms:language":    languages,
			"dcterms:modified":    day,
			"dcatap:availability": id("http://publications.europa.eu/resource/authority/planned-availability/STABLE"),
			"dcterms:format":      mediaType,
			"dcat:mediaType":      id("https://www.iana.org/assignments/media-types/" + mediaType),
			"dcat:accessURL":      id(base + address),
			"dcat:downloadURL":    id(base + address),
			"dcterms:license":     id(cc0),
		}
	}
	about := both(
		"Bidrag till skolutbyten och internationella projekt som "+home.Municipality+" har beviljat, utan personuppgifter. Formen följer 360Givings fält.",
		"Grants for school exchanges and international projects made by "+home.English+", without personal data. The form follows 360Giving's fields.",
	)
	dataset := dcatNode{
		"@id":                  base + "/open-data#grants",
		"@type":                "dcat:Dataset",
		"dcterms:title":        both("Beviljade bidrag ur Internationella fonden", "Grants of the International Fund"),
		"dcterms:description":  about,
		"dcterms:publisher":    id(publisher),
		"dcterms:identifier":   base + "/open-data#grants",
		"dcterms:modified":     day,
		"dcterms:language":     languages,
		"dcterms:spatial":      places,
		"dcterms:conformsTo":   standard,
		"dcterms:accessRights": id("http://publications.europa.eu/resource/authority/access-right/PUBLIC"),
		"dcterms:accrualPeriodicity": id(
			"http://publications.europa.eu/resource/authority/frequency/CONT",
		),
		"dcat:theme": []dcatNode{
			id("http://publications.europa.eu/resource/authority/data-theme/EDUC"),
			id("http://publications.europa.eu/resource/authority/data-theme/GOVE"),
		},
		"dcat:keyword":     both("bidrag", "grants"),
		"dcat:landingPage": id(base + "/registry"),
		"dcat:contactPoint": dcatNode{
			"@type":          "vcard:Organization",
			"vcard:fn":       "Internationella enheten, " + home.Municipality,
			"vcard:hasEmail": id("mailto:" + contact),
			"vcard:hasURL":   id(base + "/ideas"),
		},
		"dcat:distribution": []dcatNode{
			form("json", "application/json", apiPrefix+"/open-data/360giving.json", "360Giving (JSON)", "360Giving (JSON)",
				both("Varje bidrag med 360Givings fält, i dess paket.", "Each grant with 360Giving's fields, in its package.")),
			form("csv", "text/csv", "/open-data/grants.csv", "Tabell (CSV)", "Table (CSV)",
				both("Ett bidrag per rad, med 360Givings rubriker. Teckenkodningen är UTF-8 och fälten skiljs med komma.", "One grant a row, with 360Giving's headings. Encoded as UTF-8, with commas between the fields.")),
		},
	}
	if first != "" {
		dataset["dcterms:temporal"] = dcatNode{"@type": "dcterms:PeriodOfTime", "dcat:startDate": date(first)}
	}
	return dcatNode{"@context": dcatContext, "@graph": []dcatNode{
		{
			"@id":                 base + "/open-data",
			"@type":               "dcat:Catalog",
			"dcterms:title":       both("Internationella fondens öppna data", "Open data of the International Fund"),
			"dcterms:description": about,
			"dcterms:publisher":   id(publisher),
			"dcterms:license":     id(cc0),
			"dcterms:modified":    day,
			"dcterms:language":    languages,
			"dcterms:spatial":     places,
			"dcat:themeTaxonomy":  id("http://publications.europa.eu/resource/authority/data-theme"),
			"dcat:dataset":        id(base + "/open-data#grants"),
			"foaf:homepage":       id(base + "/"),
		},
		dataset,
		{"@id": publisher, "@type": "foaf:Agent", "foaf:name": funder.Name, "dcterms:type": id("http://purl.org/adms/publishertype/LocalAuthority")}}}
}
