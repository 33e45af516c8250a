package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// grantPages lists the pages of this room: what a school meets after filing, and the report.
func (s *Server) grantPages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	return []pageRoute{
		{method: get, path: "/applications/:id/decision", do: s.showLetter},
		{method: get, path: "/applications/:id/decision/translation", do: s.showTranslation},
		{method: post, path: "/applications/:id/accept", do: s.postAccept},
		{method: get, path: "/applications/:id/decline", do: s.showDecline},
		{method: post, path: "/applications/:id/decline", do: s.postDecline},
		{method: get, path: "/applications/:id/papers", do: s.showGrantPapers},
		{method: post, path: "/applications/:id/papers", do: s.postGrantPapers},
		{method: get, path: "/applications/:id/account", do: s.showAccount},
		{method: post, path: "/applications/:id/account", do: s.postAccount},
		{method: get, path: "/applications/:id/change", do: s.showChange},
		{method: post, path: "/applications/:id/change", do: s.postChange},
		{method: post, path: "/applications/:id/change/live", do: s.liveChange},
		{method: get, path: "/applications/:id/cancel", do: s.showCancel},
		{method: post, path: "/applications/:id/cancel", do: s.postCancel},
		{method: post, path: "/applications/:id/cancel/live", do: s.liveCancel},
		{method: get, path: "/applications/:id/settlement", do: s.showSettlement},
		{method: get, path: "/reports/:id", do: s.showReport},
		{method: post, path: "/reports/:id", do: s.postReport},
		{method: post, path: "/reports/:id/live", do: s.liveReport},
		{method: post, path: "/reports/:id/save", do: s.saveReport},
		{method: post, path: "/reports/:id/files", do: s.postReportFile},
	}
}

// schoolFlags are the flags that a school is shown, beside its state; one of them fits.
var schoolFlags = []string{"cancelled", "recovery_open", "change_open", "blocked", "appealed", "late", "unapproved"}

// grantTop is what the pages of a grant have in common: number, state and the way back.
func (s *Server) grantTop(c *gin.Context, k workflow.Case, title string, args ...lang.Args) (Page, error) {
	p, err := s.newPage(c, title, args...)
	if err != nil {
		return p, err
	}
	p.Over, p.Tags = k.App.DNR, grantTags(p.Lang, k)
	p.Back = &Link{Text: lang.T(p.Lang, "act.back"), Href: homeOf(k, actorOf(c))}
	return p, nil
}

// grantTags say where the case is, in the applicant's words, and the first flag that concerns the school.
func grantTags(l lang.Lang, k workflow.Case) []Tag {
	tags := []Tag{caseTag(l, k)}
	if d := k.App.Decision; d != nil && k.App.State == workflow.Decided {
		tags[0] = OutcomeTag(l, d.Outcome, true)
	}
	flags := workflow.Flags(k)
	if i := slices.IndexFunc(schoolFlags, func(f string) bool { return slices.Contains(flags, f) }); i >= 0 {
		tags = append(tags, caseFlag(l, k, schoolFlags[i]))
	}
	return tags
}

// mayNow refuses the form of an action that could not be taken now, in the
// workflow's own words. What a body would have to hold is no matter yet.
func mayNow(k workflow.Case, by workflow.Actor, a workflow.Action, now time.Time) error {
	_, err := workflow.Decide(k, by, workflow.NewCommand(a), k.App.Version, now)
	var wrong workflow.Violations
	if errors.As(err, &wrong) {
		return nil
	}
	return err
}

// grantOpen is caseForm for an action that must be open now.
func (s *Server) grantOpen(c *gin.Context, a workflow.Action) (workflow.Case, *Form, error) {
	k, f, err := s.caseForm(c)
	if err != nil {
		return k, f, err
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return k, f, err
	}
	return k, f, mayNow(k, actorOf(c), a, now)
}

// grantHref leads to the page where a school takes an action.
func grantHref(k workflow.Case, a workflow.Action) string {
	pages := map[workflow.Action]string{
		workflow.ActComplete: "complete", workflow.ActAcceptConditions: "decision", workflow.ActDecline: "decline", workflow.ActChangeAccount: "account",
		workflow.ActRequestChange: "change", workflow.ActReportCancellation: "cancel",
	}
	switch page, ok := pages[a]; {
	case ok:
		return fmt.Sprintf("/applications/%d/%s", k.App.ID, page)
	case a == workflow.ActApprove:
		return fmt.Sprintf("/approve/%d", k.App.ID)
	case a == workflow.ActSubmitReport:
		return fmt.Sprintf("/reports/%d", k.App.ID)
	}
	if page := deskHref(k, a); page != "" {
		return page
	}
	return fmt.Sprintf("/do/%d/%s", k.App.ID, a)
}
