package handlers

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/jobs/mail"
	"fund/workflow"
)

// route is one line of the API. The same table registers the routes and is
// described by the OpenAPI document, so that neither can forget one.
type route struct {
	method, path string // path below /api/v1, with :names
	do           handler
	doc          operation
	limit        int64 // bytes of a body; 0: jsonLimit
}

// apiRoutes lists the whole API.
func (s *Server) apiRoutes() []route {
	const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	list := []route{
		{get, "/openapi.json", s.openAPIDocument, docOpenAPI, 0},
		{get, "/open-data/360giving.json", s.openData, docOpenData, 0},
		{get, "/me", s.me, docMe, 0},

		{get, "/rounds", s.rounds, docRounds, 0},
		{post, "/rounds", s.newRound, docNewRound, 0},
		{get, "/rounds/:id", s.round, docRound, 0},
		{patch, "/rounds/:id", s.patchRound, docPatchRound, 0},
		{get, "/rounds/:id/allocations", s.allocations, docAllocations, 0},
		{post, "/rounds/:id/allocations", s.newAllocation, docNewAllocation, 0},
		{get, "/rounds/:id/allocations/:aid", s.allocation, docAllocation, 0},

		{get, "/schools", s.schools, docSchools, 0},
		{put, "/schools", s.putSchools, docPutSchools, 0},
		{get, "/schools/:id", s.school, docSchool, 0},
		{get, "/people", s.people, docPeople, 0},
		{post, "/people", s.newPerson, docNewPerson, 0},
		{patch, "/people/:id", s.patchPerson, docPatchPerson, 0},

		{get, "/applications", s.applications, docApplications, 0},
		{post, "/applications", s.newApplication, docNewApplication, 0},
		{get, "/applications/:id", s.application, docApplication, 0},
		{patch, "/applications/:id", s.patchApplication, docPatchApplication, 0},
		{post, "/applications/:id/attachments", s.attach, docAttach, formLimit},
		{get, "/applications/:id/attachments/:aid", s.attachment, docAttachment, 0},
		{del, "/applications/:id/attachments/:aid", s.detach, docDetach, 0},
		{get, "/applications/:id/events", s.events, docEvents, 0},
		{get, "/applications/:id/versions", s.versions, docVersions, 0},
		{get, "/applications/:id/versions/:n", s.version, docVersion, 0},
		{get, "/applications/:id/mails", s.mails, docMails, 0},
		{get, "/applications/:id/documents/:did", s.document, docDocument, 0},
		{get, "/applications/:id/package", s.apiPackage, docPackage, 0},

		{get, "/payout-batches", s.batches, docBatches, 0},
		{post, "/payout-batches", s.newBatch, docNewBatch, 0},
		{get, "/payout-batches/:id", s.batch, docBatch, 0},
		{get, "/payout-batches/:id/files/:name", s.batchFile, docBatchFile, 0},

		{post, "/mail-returns", s.postMailReturn, docMailReturn, mail.MaxReturn},
		{get, "/payment-status", s.paymentStatuses, docPaymentStatuses, 0},
		{post, "/payment-status", s.paymentStatus, docPaymentStatus, bankLimit},
		{get, "/payment-status/:id", s.showPaymentStatus, docOnePaymentState, 0},
		{post, "/payment-status/:id/lines/:n/match", s.matchBankLine, docMatchLine, 0},

		{get, "/audit/verify", s.verifyAudit, docAudit, 0},
	}
	for _, a := range workflow.Public() {
		list = append(list, route{post, "/applications/:id/actions/" + string(a), s.act(a), docAct(a), 0})
	}
	for _, a := range roundActions {
		list = append(list, route{post, "/rounds/:id/actions/" + a, s.roundAction(a), docRoundAction(a), 0})
	}
	for _, t := range workflow.BatchTransitions {
		list = append(list, route{post, "/payout-batches/:id/actions/" + string(t.Action), s.batchAction(t.Action), docBatchAction(t.Action), 0})
	}
	if s.Rehearsal {
		list = append(list,
			route{get, "/rehearsal/clock", s.clock, docClock, 0},
			route{post, "/rehearsal/clock", s.moveClock, docMoveClock, 0},
			route{get, "/rehearsal/mail", s.rehearsalMail, docRehearsalMail, 0})
	}
	return list
}

// routes is every address of the service.
func (s *Server) routes() http.Handler {
	e := s.engine()
	handle(e, http.MethodGet, "/healthz", s.healthz)
	handle(e, http.MethodGet, "/readyz", s.readyz)
	if !s.MetricsElsewhere {
		e.GET("/metrics", gin.WrapH(s.MetricsHandler()))
	}
	for _, r := range s.apiRoutes() {
		limit := r.limit
		if limit == 0 {
			limit = jsonLimit
		}
		chain := []gin.HandlerFunc{s.limited(limit), s.signedIn, s.readable, s.idempotent, s.api(r.do)}
		if r.doc.open {
			chain = []gin.HandlerFunc{s.limited(limit), s.readable, s.api(r.do)}
		}
		e.Handle(r.method, apiPrefix+r.path, chain...)
	}
	if s.Render != nil {
		static := gin.WrapH(s.Static)
		e.GET("/static/*file", static)
		e.HEAD("/static/*file", static)
		for _, r := range s.pageRoutes() {
			handle(e, r.method, r.path, s.limited(max(r.limit, formLimit)), s.visitor, s.readable, s.admitted(r), s.mending, s.onPage(r.do))
		}
	}
	e.NoRoute(s.nowhere(workflow.ErrNotFound))
	e.NoMethod(s.nowhere(errMethod))
	return e
}

// handle registers a route; what can be read can also be asked for without its body (RFC 9110 9.3.2).
func handle(e *gin.Engine, method, path string, chain ...gin.HandlerFunc) {
	e.Handle(method, path, chain...)
	if method == http.MethodGet {
		e.Handle(http.MethodHead, path, chain...)
	}
}

// nowhere answers what has no route. In the API nobody learns of that before signing in.
func (s *Server) nowhere(err error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if !strings.HasPrefix(c.Request.URL.Path, apiPrefix+"/") {
			if s.visitor(c); !c.IsAborted() {
				s.failPage(c, err)
			}
			return
		}
		if s.signedIn(c); !c.IsAborted() {
			s.fail(c, err)
		}
	}
}

// area is the label of a path in the numbers: the first word, or of the API the second.
func area(path string) string {
	rest, isAPI := strings.CutPrefix(path, apiPrefix+"/")
	first, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	switch first {
	case "applications",
		"rounds",
		"schools",
		"people",
		"payout-batches",
		"payment-status",
		"mail-returns",
		"rehearsal",
		"audit",
		"open-data",
		"me",
		"openapi.json":
		if isAPI {
			return "api " + first
		}
	case "", "apply", "approve", "cases", "reviews", "decisions", "meetings", "payouts", "reports", "statistics", "registry", "ideas", "cofinancing", "funding",
		"admin", "archive", "accessibility", "sign-in", "static", "healthz", "readyz", "metrics":
		return "/" + first
	}
	if isAPI {
		return "api other"
	}
	return "other"
}
