package handlers

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// payMethods are the ways to be paid, and the fields that each asks for.
var payMethods = []struct {
	method string
	fields []string
}{
	{"internal", []string{"cost_centre", "project"}},
	{"bankgiro", []string{"bankgiro", "holder"}},
	{"plusgiro", []string{"plusgiro", "holder"}},
	{"account", []string{"clearing", "account", "holder"}},
	{"iban", []string{"iban", "holder"}},
}

// accountPage gives another account: first how, then its number.
type accountPage struct {
	Page
	Form    *Form
	Post    string
	Method  Field
	Fields  []Field
	Given   []Fact
	Follows []string
	Home    string
}

func (s *Server) showAccount(c *gin.Context) error {
	k, f, err := s.grantOpen(c, workflow.ActChangeAccount)
	if err != nil {
		return err
	}
	p := k.App.Form.Applicant.Payment
	f.Set("payment.method", workflow.Channel(k))
	for name, v := range payValues(p) {
		f.Set("payment."+name, v)
	}
	f.Set("drawn", f.Raw("payment.method"))
	return s.drawAccount(c, http.StatusOK, k, f)
}

func payValues(p workflow.PayInto) map[string]string {
	return map[string]string{
		"cost_centre": p.CostCentre,
		"project":     p.Project,
		"bankgiro":    p.Bankgiro,
		"plusgiro":    p.Plusgiro,
		"clearing":    p.Clearing,
		"account":     p.Account,
		"iban":        p.IBAN,
		"holder":      p.Holder,
	}
}

func (s *Server) drawAccount(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.grantTop(c, k, "grant.account.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Lead, p.Errors = lang.T(l, "act.change_account.lead"), f.Errors
	page := accountPage{Page: p, Form: f, Post: grantHref(k, workflow.ActChangeAccount), Home: homeOf(k, actorOf(c))}
	page.Method = Field{
		Form:    f,
		Name:    "payment.method",
		Label:   lang.T(l, "field.payment.method"),
		Options: Options(l, "method", waysOffered(k, f.Raw("payment.method"))...),
	}
	for _, name := range payFields(f.Raw("payment.method")) {
		x := Field{Form: f, Name: "payment." + name, Label: lang.T(l, "field.payment."+name), Width: "w16", Optional: name == "project" || name == "holder"}
		if key := "grant.account." + name + ".hint"; lang.Has(l, key) {
			x.Hint = lang.T(l, key)
		}
		page.Fields = append(page.Fields, x)
	}
	verified := lang.T(l, "grant.account.verified", lang.Args{"N": len(k.App.Account.Verifications)})
	page.Given = []Fact{
		{Term: lang.T(l, "grant.account.now"), Value: paidInto(l, k.App.Form.Applicant.Payment, workflow.Channel(k))},
		{Term: lang.T(l, "grant.account.checked"), Value: verified},
	}
	page.Follows = []string{lang.T(l, "grant.account.follows.two")}
	if k.App.Decision != nil {
		page.Follows = append(page.Follows, lang.T(l, "grant.account.follows.wait", lang.Args{"Count": k.Round.Rules.AccountCoolOffDays}))
	}
	return s.page(c, status, "grant/account", page)
}

// waysOffered are the ways in which the applicant can be paid. One that was chosen
// and doesn't fit stays in the list, so that the fault stands at what was chosen.
func waysOffered(k workflow.Case, chosen string) []string {
	ways := slices.Clone(workflow.PayWays(k))
	if payFields(chosen) != nil && !slices.Contains(ways, chosen) {
		ways = append(ways, chosen)
	}
	return ways
}

// payFields are the fields of a way to be paid; none for one that does not exist.
func payFields(method string) []string {
	for _, m := range payMethods {
		if m.method == method {
			return m.fields
		}
	}
	return nil
}

// postAccount changes the account. When another way was chosen than the page
// shows fields for, the page is shown again with the right ones.
func (s *Server) postAccount(c *gin.Context) error {
	k, f, err := s.grantOpen(c, workflow.ActChangeAccount)
	if err != nil {
		return err
	}
	method := f.Raw("payment.method")
	if f.Raw("do") == "fields" || method != f.Raw("drawn") && payFields(method) != nil {
		f.Set("drawn", method)
		return s.drawAccount(c, http.StatusOK, k, f)
	}
	get := func(name string) string {
		if !slices.Contains(payFields(method), name) {
			return ""
		}
		return f.Text("payment." + name)
	}
	into := workflow.PayInto{Method: method, CostCentre: get("cost_centre"), Project: get("project"), Bankgiro: get("bankgiro"), Plusgiro: get("plusgiro"),
		Clearing: get("clearing"), Account: get("account"), IBAN: get("iban"), Holder: get("holder")}
	if k.PaidInto(into) {
		return s.see(c, homeOf(k, actorOf(c)), "grant.account.same")
	}
	_, ok, err := s.apply(c, f, k.App.ID, &workflow.ChangeAccount{Payment: into})
	if err != nil {
		return err
	}
	if !ok {
		for i := range f.Errors { // "not complete" is about the whole account: it stands at its first field
			if f.Errors[i].Field == "payment" {
				f.Errors[i].Field = "payment." + append(payFields(method), "method")[0]
			}
		}
		return s.drawAccount(c, http.StatusUnprocessableEntity, k, f)
	}
	return s.see(c, homeOf(k, actorOf(c)), "done.change_account")
}
