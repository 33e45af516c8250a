package handlers

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
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
	out := []openGrant{}
	for _, k := range list {
		if k.Earlier == nil || k.Earlier.DayKnown {
			out = append(out, openGrantOf(strings.TrimRight(s.BaseURL, "/"), k))
		}
	}
	return out, err
}

// dcatNode is a node of the description: JSON-LD with its names written out by the context.
type dcatNode map[string]any

// dcatContext names the vocabularies of DCAT-AP-SE.
var dcatContext = dcatNode{
	"dcat":    "http://www.w3.org/ns/dcat#",
	"dcterms": "http://purl.org/dc/terms/",
	"foaf":    "http://xmlns.com/foaf/0.1/",
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
	modified := workflow.DateOf(now).String()
	for i, k := range list {
		if day := workflow.DateOf(lastChange(k)).String(); i == 0 || day > modified {
			modified = day
		}
	}
	c.Header("Access-Control-Allow-Origin", "*")
	c.Header("Cross-Origin-Resource-Policy", "cross-origin")
	c.Header("Content-Type", "application/ld+json; charset=utf-8")
	c.JSON(http.StatusOK, dcatOf(strings.TrimRight(s.BaseURL, "/"), modified, s.Contact))
	return nil
}

func dcatOf(base, modified, contact string) dcatNode {
	both := func(sv, en string) []dcatNode {
		return []dcatNode{{"@language": "sv", "@value": sv}, {"@language": "en", "@value": en}}
	}
	id := func(address string) dcatNode { return dcatNode{"@id": address} }
	day := dcatNode{"@type": "xsd:date", "@value": modified}
	const cc0 = "http://creativecommons.org/publicdomain/zero/1.0/"
	const publisher = "http://dataportal.se/organisation/SE2120002643"
	form := func(name, mediaType, address, sv, en string) dcatNode {
		return dcatNode{
			"@id":              base + "/open-data#" + name,
			"@type":            "dcat:Distribution",
			"dcterms:title":    both(sv, en),
			"dcterms:format":   mediaType,
			"dcat:mediaType":   id("https://www.iana.org/assignments/media-types/" + mediaType),
			"dcat:accessURL":   id(base + address),
			"dcat:downloadURL": id(base + address),
			"dcterms:license":  id(cc0),
		}
	}
	about := both(
		"Bidrag till skolutbyten och internationella projekt som Skellefteå kommun har beviljat, utan personuppgifter. Formen följer 360Givings fält.",
		"Grants for school exchanges and international projects made by Skellefteå municipality, without personal data. The form follows 360Giving's fields.",
	)
	dataset := dcatNode{
		"@id":                  base + "/open-data#grants",
		"@type":                "dcat:Dataset",
		"dcterms:title":        both("Beviljade bidrag ur Internationella fonden", "Grants of the International Fund"),
		"dcterms:description":  about,
		"dcterms:publisher":    id(publisher),
		"dcterms:modified":     day,
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
			"vcard:fn":       "Internationella enheten, Skellefteå kommun",
			"vcard:hasEmail": id("mailto:" + contact),
			"vcard:hasURL":   id(base + "/ideas"),
		},
		"dcat:distribution": []dcatNode{
			form("json", "application/json", apiPrefix+"/open-data/360giving.json", "360Giving (JSON)", "360Giving (JSON)"),
			form("csv", "text/csv", "/open-data/grants.csv", "Tabell (CSV)", "Table (CSV)"),
		},
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
			"dcterms:language": []dcatNode{
				id("http://publications.europa.eu/resource/authority/language/SWE"),
				id("http://publications.europa.eu/resource/authority/language/ENG"),
			},
			"dcat:dataset":  id(base + "/open-data#grants"),
			"foaf:homepage": id(base + "/"),
		},
		dataset,
		{"@id": publisher, "@type": "foaf:Agent", "foaf:name": "Skellefteå kommun", "dcterms:type": id("http://purl.org/adms/publishertype/LocalAuthority")}}}
}
