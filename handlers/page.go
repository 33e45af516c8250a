package handlers

import (
	"net/url"
	"time"

	"fund/workflow/lang"
)

// ContentSecurityPolicy goes with every page: nothing inline and nothing from
// elsewhere. Designsystemet draws its icons with data: masks.
const ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Page is what the layout needs to know; the struct of each page embeds it.
type Page struct {
	Lang  lang.Lang
	Title string // the only h1
	Tab   string // in <title> instead of Title, where that is long: a dnr
	Over  string // small text above the h1
	Tags  []Tag  // beside Over: state and flags
	Aside string // beside the tags: "4 av 10 dagar"
	Lead  string // one sentence below the h1
	Saved string // "Sparat kl. 14.02 …" below the h1, with a tick
	Bare  bool   // the content has its own h1: a panel, a letter

	Path  string     // of the page as GET reads it: current link, language switch
	Query url.Values // kept by the language switch

	Person  *Visitor // nil: nobody is signed in
	Nav     []NavItem
	Office  bool   // dense: pages of the office
	Contact string // the office's mail address

	Rehearsal bool
	Now       time.Time // the service's clock
	Ticks     bool      // the clock runs; that of a rehearsal may stand still
	Disturbed *Note     // what does not work now, above every page
	Deadline  *Deadline // below the h1: until when this is taken in

	Back   *Link        // "Alla delar i ansökan"
	Flash  *Note        // what just happened, once
	Errors []FieldError // of a refused form
}

// Visitor is who is signed in, in words.
type Visitor struct {
	Name string
	As   string // school or role: Baldergymnasiet, handläggare
}

// NavItem is a link of the service's menu. Count is shown when it is not 0.
type NavItem struct {
	Text    string
	Href    string
	Count   int
	Current bool
}

// common lets the renderer reach the Page inside any page.
func (p Page) common() Page { return p }

// rendered is implemented by every struct that embeds Page.
type rendered interface{ common() Page }

// DocTitle is the text of <title>: h1, service and owner, with the word for a
// fault first when a form was refused.
func (p Page) DocTitle() string {
	name := p.Tab
	if name == "" {
		name = p.Title
	}
	title := name + " – " + lang.T(p.Lang, "app.name") + ", " + lang.T(p.Lang, "app.municipality")
	if len(p.Errors) > 0 {
		title = lang.T(p.Lang, "page.error_prefix") + " " + title
	}
	return title
}

// InLang is the address of this page in a language.
func (p Page) InLang(l lang.Lang) string {
	query := url.Values{}
	for key, values := range p.Query {
		query[key] = values
	}
	query.Set("lang", string(l))
	at := p.Path
	if at == "" {
		at = "/"
	}
	return (&url.URL{Path: at, RawQuery: query.Encode()}).String()
}

// SignIn is the link to the sign-in page that leads back here.
func (p Page) SignIn() string {
	if p.Path == "" || p.Path == "/" || p.Path == "/sign-in" {
		return "/sign-in"
	}
	return "/sign-in?" + url.Values{"next": {(&url.URL{Path: p.Path, RawQuery: p.Query.Encode()}).String()}}.Encode()
}
