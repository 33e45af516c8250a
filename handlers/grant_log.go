package handlers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// Kinds of log items, also the values of ?show=.
const (
	logLetters = "letters"
	logMails   = "mails"
	logMine    = "mine"
	logOther   = ""
)

// logEntry is an item of the log and the list that it belongs to.
type logEntry struct {
	LogItem
	list string
}

// machineSteps are the program's own steps that a school is told of.
var machineSteps = []workflow.Action{workflow.ActStartTravel, workflow.ActEndTravel, workflow.ActExpireCompletion, workflow.ActProposeRecovery, workflow.ActBankRepayment}

// quietSteps are steps of the office that say nothing to a school, or that something else in the log tells better.
var quietSteps = []workflow.Action{
	workflow.ActAssignOfficer,
	workflow.ActSaveReview,
	workflow.ActSubmitReview,
	workflow.ActAssignReviewers,
	workflow.ActSetConsensus,
	workflow.ActMovePayment,
	workflow.ActRank,
	workflow.ActPropose,
	workflow.ActDeclareInterest,
	workflow.ActAddDocument,
	workflow.ActNote,
	workflow.ActSave,
	workflow.ActMakePayable,
	workflow.ActRemitBack,
	workflow.ActTakeBack,
	workflow.ActRegister,
	workflow.ActAttach,
	workflow.ActDetach,
	workflow.ActTakeUp,
}

// schoolMails are the kinds of mail that go to the school; a mail of another kind is shown to its addressee alone.
var schoolMails = []string{
	"receipt", "principal_asked", "completion_asked", "completion_reminder", "decided", "conditions_waiting", "paid",
	"change_decided", "report_reminder", "report_returned", "recovery", "closed",
}

// grantLog is everything that was sent and decided, newest first.
func (s *Server) grantLog(c *gin.Context, l lang.Lang, k workflow.Case) ([]logEntry, error) {
	by, ctx := actorOf(c), c.Request.Context()
	events, err := s.store.Events(ctx, by, k.App.ID)
	if err != nil {
		return nil, err
	}
	mails, err := s.store.Mails(ctx, by, k.App.ID)
	if err != nil {
		return nil, err
	}
	list := eventLog(l, k, by, events, func(email string) string { return s.calledBy(c, email) })
	list = append(list, mailLog(l, by, mails)...)
	for _, d := range workflow.VisibleDocuments(k, by) {
		title := documentTitle(l, k, d)
		list = append(
			list,
			logEntry{LogItem{At: d.At, Text: title, Kind: lang.T(l, "document."+d.Kind), Link: &Link{Text: lang.T(l, "grant.log.pdf"), Hidden: title,
				Href: fmt.Sprintf("/applications/%d/documents/%d", k.App.ID, d.ID)}}, logLetters},
		)
	}
	for _, p := range k.App.Payments {
		if !p.PaidOn.IsZero() {
			list = append(list, logEntry{
				LogItem{
					At:   p.PaidOn.At(12, 0),
					Text: lang.T(l, "grant.log.paid", lang.Args{"Sum": lang.Money(l, p.Sum())}),
					Kind: lang.T(l, "grant.log.payment"),
				},
				logOther,
			})
		}
	}
	latestFirst(list)
	return list, nil
}

// latestFirst turns the order of a log that is written oldest first. What was done at the same instant keeps its
// turn, with the mail about it, written after it, above it.
func latestFirst(list []logEntry) {
	slices.Reverse(list)
	slices.SortStableFunc(list, func(a, b logEntry) int { return b.At.Compare(a.At) })
}

// eventLog is what was done: by the reader, by somebody else at the school, by the office, or by time itself.
func eventLog(l lang.Lang, k workflow.Case, by workflow.Actor, events []sql.EventRow, called func(email string) string) (list []logEntry) {
	decided := -1 // the newest decision: the letter is about that one
	for i, e := range events {
		if e.Action == workflow.ActDecide {
			decided = i
		}
	}
	for i, e := range events {
		x := logEntry{LogItem: LogItem{At: e.At, Kind: lang.T(l, "grant.log.office")}}
		what := eventWord(l, k, e)
		own := "grant.log." + string(e.Action)
		switch {
		case e.By == "" && !slices.Contains(machineSteps, e.Action) || e.By != "" && slices.Contains(quietSteps, e.Action):
			continue
		case e.By == "":
			if e.Action == workflow.ActProposeRecovery && causeIn(e.Data) == workflow.CauseUnanswered {
				own += "_unanswered"
			}
			x.Text, x.Kind = lang.T(l, own), lang.T(l, "grant.log.program")
		case e.By == by.Email:
			x.Text, x.Kind, x.list = lang.T(l, "grant.log.you", lang.Args{"What": what}), lang.T(l, "grant.log.own"), logMine
		case atSchool(e.Action):
			x.Text, x.Kind = lang.T(l, "grant.log.who", lang.Args{"Who": e.ByName, "What": what}), lang.T(l, "grant.log.school")
		case e.Action == workflow.ActDecide && k.App.Decision != nil:
			x.Text = lang.T(l, "grant.log.decide", lang.Args{"Body": lang.T(l, "body."+k.App.Decision.Body)})
			if i == decided {
				x.Link = &Link{Text: lang.T(l, "grant.log.letter"), Href: fmt.Sprintf("/applications/%d/decision", k.App.ID)}
				x.list = logLetters
			}
		case lang.Has(l, own):
			x.Text = lang.T(l, own)
		default:
			x.Text = lang.T(l, "grant.log.we", lang.Args{"What": what})
		}
		if as, role := actingFor(e.Data); role == workflow.Principal {
			x.Kind += ", " + lang.T(l, "absence.acted", lang.Args{"Name": called(as)})
		}
		list = append(list, x)
	}
	return list
}

// atSchool tells whether only the school takes the action.
func atSchool(a workflow.Action) bool {
	return slices.ContainsFunc(workflow.Transitions, func(t workflow.Transition) bool {
		return t.Action == a && (slices.Contains(t.By, workflow.ByApplicant) || slices.Contains(t.By, workflow.ByPrincipal))
	})
}

// mailLog is what was mailed to the school; one mail to several is one item.
func mailLog(l lang.Lang, by workflow.Actor, mails []sql.MailRow) (list []logEntry) {
	for _, m := range mails {
		if m.SentAt == nil || m.To != by.Email && !slices.Contains(schoolMails, m.Kind) {
			continue
		}
		to := m.To
		if to == by.Email {
			to = lang.T(l, "grant.log.to_you")
		}
		x := logEntry{LogItem{At: *m.SentAt, Text: m.Subject, Kind: lang.T(l, "grant.log.mail", lang.Args{"To": to})}, logMails}
		if m.To == by.Email {
			x.Link = &Link{Text: lang.T(l, "grant.log.read_mail"), Hidden: m.Subject, Href: fmt.Sprintf("/cases/%d/mails", m.Application)}
		}
		same := slices.IndexFunc(list, func(e logEntry) bool { return e.Text == x.Text && e.At.Sub(x.At).Abs() < time.Minute })
		if same < 0 {
			list = append(list, x)
			continue
		}
		if list[same].Link == nil {
			list[same].Link = x.Link
		}
		if !slices.Contains(
			strings.FieldsFunc(list[same].Kind, func(r rune) bool { return r == ' ' || r == ',' }),
			to,
		) { // else two of the same words in a minute
			list[same].Kind += ", " + to
		}
	}
	return list
}

// shownLog keeps the chosen list and puts each year above its items.
func shownLog(all []logEntry, show string) (log Log, counts map[string]int) {
	counts = map[string]int{"all": len(all)}
	year := 0
	for _, e := range all {
		counts[e.list]++
		if show != "all" && e.list != show {
			continue
		}
		at := e.At.In(workflow.Stockholm())
		if at.Year() != year {
			year = at.Year()
			log.Items = append(log.Items, LogItem{Year: fmt.Sprint(year)})
		}
		log.Items = append(log.Items, e.LogItem)
	}
	return log, counts
}

// coming is what lies ahead for the school, next first: its own deadlines, the
// trip, the payments, and the reminders that the program will send.
func coming(l lang.Lang, k workflow.Case, jobs []sql.Job, now time.Time) Log {
	a, today := k.App, workflow.DateOf(now)
	var list []LogItem
	add := func(d workflow.Date, key string, args lang.Args) {
		if !d.IsZero() && !d.Before(today) {
			x := LogItem{At: d.At(23, 59), Form: "date", Text: lang.T(l, "grant.coming."+key, args)}
			if kind := "grant.coming." + key + ".kind"; lang.Has(l, kind) {
				x.Kind = lang.T(l, kind, args)
			}
			list = append(list, x)
		}
	}
	if a.State == workflow.CompletionRequested {
		add(a.Completion.DueOn, "completion", nil)
	}
	if d := a.Decision; d != nil {
		if d.Favourable() && a.State == workflow.Decided {
			add(notice.AcceptBy(k), "accept", nil)
		}
		add(a.LegalForceOn(), "appeal", nil)
		if d.Favourable() && a.State != workflow.Lapsed {
			comingGrant(l, k, today, add)
		}
	}
	if r := a.Recovery; r.Open() && r.DecidedAt.IsZero() && r.Statement != nil && !r.Statement.Given() {
		add(r.Statement.DueOn, "statement", nil)
	}
	if r := a.Recovery; r.Open() && !r.DueOn.IsZero() {
		key, told := "recovery", int64(0)
		if workflow.Channel(k) == "internal" {
			key = "recovery_internal" // finance books it; the school has nothing to pay
		}
		for _, p := range r.Parts() {
			if owed := r.Owed(p.DueOn) - told; owed > 0 {
				add(p.DueOn, key, lang.Args{"Sum": lang.Money(l, owed)})
				told += owed
			}
		}
	}
	for _, j := range jobs {
		if !j.RunAt.After(now) || outdated(k, j) {
			continue
		}
		switch j.Kind {
		case workflow.JobCompletionHalf, workflow.JobAcceptReminder:
			list = append(list, LogItem{At: j.RunAt, Form: "date", Text: lang.T(l, "grant.coming."+j.Kind)})
		case workflow.JobReportReminder:
			if due := workflow.Compute(k, today).ReportDue; a.Report == nil && a.Cancelled == nil && !workflow.DateOf(j.RunAt).After(due) {
				list = append(list, LogItem{At: j.RunAt, Form: "date", Text: lang.T(l, "grant.coming.report_reminder")})
			}
		}
	}
	slices.SortStableFunc(list, func(x, y LogItem) int { return x.At.Compare(y.At) })
	return Log{Items: list}
}

// comingGrant is what lies ahead of a granted exchange that is not over.
func comingGrant(l lang.Lang, k workflow.Case, today workflow.Date, add func(workflow.Date, string, lang.Args)) {
	a := k.App
	for _, x := range a.Decision.Conditions {
		if x.Met == nil {
			add(x.DueOn, "condition", lang.Args{"N": x.N})
		}
	}
	for _, p := range a.Payments {
		if p.Status == workflow.PayPlanned {
			add(p.Earliest, "payment", lang.Args{"Sum": lang.Money(l, p.Sum())})
		}
	}
	if a.Cancelled != nil {
		return
	}
	if start, end, ok := a.Form.Activity.Days(); ok {
		add(start, "start", nil)
		add(end, "end", nil)
	}
	switch {
	case a.State == workflow.ReportReturned:
		add(a.Report.ReturnDueOn, "report", nil)
	case a.Report == nil:
		add(workflow.Compute(k, today).ReportDue, "report", nil)
	}
}
