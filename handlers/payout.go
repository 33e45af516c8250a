package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// financeReaders see payments; only finance takes steps.
var financeReaders = []workflow.Role{workflow.Finance1, workflow.Finance2, workflow.Auditor}

// payoutPages lists the pages of this room: what can be paid, and the batches.
func (s *Server) payoutPages() []pageRoute {
	return []pageRoute{
		{method: http.MethodGet, path: "/payouts", do: s.showPayouts, roles: financeReaders},
		{method: http.MethodPost, path: "/payouts", do: s.postPayouts, roles: financeReaders},
		{method: http.MethodGet, path: "/payouts/claims", do: s.showClaims, roles: financeReaders},
		{method: http.MethodGet, path: "/payouts/claims/:id/:file", do: s.showFile(s.claimFileAsked), roles: financeReaders},
		{method: http.MethodPost, path: "/payouts/claims/:id/:file", do: s.postFile(s.claimFileAsked), roles: financeReaders},
		{method: http.MethodGet, path: "/payouts/:id", do: s.showBatchPage, roles: financeReaders},
		{method: http.MethodPost, path: "/payouts/:id/:action", do: s.postBatchPage, roles: financeReaders},
		{method: http.MethodGet, path: "/payouts/:id/files/:name", do: s.showFile(s.batchFileAsked), roles: financeReaders},
		{method: http.MethodPost, path: "/payouts/:id/files/:name", do: s.postFile(s.batchFileAsked), roles: financeReaders},
	}
}

// accountWords shows an account as people write it.
func accountWords(l lang.Lang, a workflow.PayInto) string {
	text := ""
	switch a.Method {
	case "internal":
		text = a.CostCentre + " " + a.Project
	case "bankgiro":
		text = workflow.FormatBankgiro(a.Bankgiro)
	case "plusgiro":
		text = workflow.FormatPlusgiro(a.Plusgiro)
	case "iban":
		text = workflow.FormatIBAN(a.IBAN)
	case "account":
		text = workflow.FormatAccount(a.Clearing, a.Account)
	default:
		return "–"
	}
	return strings.TrimSpace(lang.T(l, "method."+a.Method) + " " + text)
}

// accountFacts are what somebody who is to check an account compares: its number, whose it
// is said to be, and who has checked it already and how.
func (s *Server) accountFacts(c *gin.Context, l lang.Lang, k workflow.Case) []Fact {
	into := k.App.Form.Applicant.Payment
	facts := []Fact{{Term: lang.T(l, "payouts.account"), Value: accountWords(l, into)}}
	if into.Holder != "" {
		facts = append(facts, Fact{Term: lang.T(l, "field.payment.holder"), Value: into.Holder})
	}
	if k.App.OrgNo != "" {
		facts = append(facts, Fact{Term: lang.T(l, "field.org_no"), Value: workflow.FormatOrgNo(k.App.OrgNo)})
	}
	if on := k.App.Account.ChangedOn; !on.IsZero() {
		facts = append(facts, Fact{Term: lang.T(l, "payouts.changed"), Value: lang.Day(l, on.String())})
		if was := s.filedAccount(c, k); was.Method != "" {
			facts = append(facts, Fact{Term: lang.T(l, "payouts.account_filed"), Value: accountWords(l, was), Note: was.Holder})
		}
	}
	for _, a := range k.App.Attachments {
		if a.Kind == "payee_proof" {
			facts = append(facts, Fact{Term: lang.T(l, "attachment.payee_proof"), Links: []Link{{Text: a.Name, Href: pathOf("applications", k.App.ID, "attachments", a.ID)}}})
		}
	}
	for _, v := range k.App.Account.Verifications {
		facts = append(facts, Fact{Term: lang.T(l, "payouts.checked"), Value: s.calledBy(c, v.By) + ", " + lang.Date(l, v.At), Note: v.Note})
	}
	return facts
}

// filedAccount is the account that the application was filed with, to hold a changed one
// against; empty where the reader may not see what was filed.
func (s *Server) filedAccount(c *gin.Context, k workflow.Case) workflow.PayInto {
	all, err := s.store.Versions(c.Request.Context(), actorOf(c), k.App.ID)
	if err != nil || len(all) == 0 {
		return workflow.PayInto{}
	}
	var form workflow.Form
	if err := json.Unmarshal(all[len(all)-1].Form, &form); err != nil {
		return workflow.PayInto{}
	}
	return form.Applicant.Payment
}

func (s *Server) postPayouts(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	var apps []int64
	for name := range f.values {
		if id, ok := strings.CutPrefix(name, "app."); ok && f.Bool(name) {
			if n, err := strconv.ParseInt(id, 10, 64); err == nil {
				apps = append(apps, n)
			}
		}
	}
	day := f.Date("pay_date")
	if len(apps) == 0 {
		f.Fail(s.firstPayable(c), "payouts.choose")
	}
	if !f.OK() {
		return s.drawPayouts(c, http.StatusUnprocessableEntity, f)
	}
	b, err := s.store.ComposeBatch(c.Request.Context(), actorOf(c), apps, day)
	var wrong workflow.Violations
	if errors.As(err, &wrong) {
		for i, v := range wrong {
			if app, ok := v.Args["Application"]; ok { // the box of the case that is at fault
				wrong[i].Field = fmt.Sprintf("app.%v", app)
			}
		}
		f.Refuse(wrong)
		return s.drawPayouts(c, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return s.see(c, fmt.Sprintf("/payouts/%d", b.ID), "payouts.composed")
}

func (s *Server) postBatchPage(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	action := c.Param("action")
	body := map[string]any{}
	switch action {
	case "attest1":
		checks := map[string]bool{}
		for _, name := range workflow.BatchChecks {
			checks[name] = f.Bool("checks." + name)
		}
		body["checks"] = checks
	case "mark_sent":
		body["on"] = f.Date("on").String()
	case "mark_paid":
		body["on"], body["voucher"] = f.Date("paid_on").String(), f.Text("voucher")
		if list := marked(f, "pay."); len(list) > 0 {
			body["payments"] = list
		} else if !f.Bool("pay.all") {
			f.Fail(f.Text("first"), "payouts.choose")
		}
	case "cancel":
		body["reason"] = f.Text("reason")
	case "reissue":
		list := marked(f, "again.")
		if f.Bool("again.all") {
			if list, err = s.replaceable(c, id); err != nil {
				return err
			}
		}
		body["reason"], body["payments"] = f.Text("again_reason"), list
	}
	if !f.OK() {
		return s.drawBatch(c, http.StatusUnprocessableEntity, f)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	err = s.store.StepBatch(c.Request.Context(), actorOf(c), id, versionOf(f), action, raw)
	var (
		wrong   workflow.Violations
		refused workflow.Refused
	)
	switch {
	case errors.Is(err, workflow.ErrStale): // two windows, or two people at once
		f.Fail("", "payouts.stale")
		return s.drawBatch(c, http.StatusConflict, f)
	case errors.As(err, &refused):
		f.FailText("", SayRefused(f.Lang, refused))
		return s.drawBatch(c, http.StatusConflict, f)
	case errors.As(err, &wrong):
		own := map[string]string{"mark_paid on": "paid_on", "reissue reason": "again_reason"} // where two forms of the page have the field
		for i, v := range wrong {
			wrong[i].Field = orText(own[action+" "+v.Field], v.Field)
		}
		f.Refuse(wrong)
		return s.drawBatch(c, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return s.see(c, fmt.Sprintf("/payouts/%d", id), "done."+action)
}

// replaceable lists every payment of a batch that may be issued anew.
func (s *Server) replaceable(c *gin.Context, id int64) (list []int64, err error) {
	lines, err := s.store.LinesStanding(c.Request.Context(), actorOf(c), id, 0, workflow.CanBeReplaced()...)
	for _, x := range lines {
		list = append(list, x.PaymentID)
	}
	return list, err
}

// marked lists the numbers of the ticked boxes whose name begins so.
func marked(f *Form, prefix string) []int64 {
	list := []int64{}
	for name := range f.values {
		if id, ok := strings.CutPrefix(name, prefix); ok && f.Bool(name) {
			if n, err := strconv.ParseInt(id, 10, 64); err == nil {
				list = append(list, n)
			}
		}
	}
	slices.Sort(list)
	return list
}
