package handlers

import (
	"fmt"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// payoutDoors lead from the payouts to the pages beside them, with what waits there.
func (s *Server) payoutDoors(c *gin.Context, l lang.Lang) ([]Task, error) {
	answers := Task{Text: lang.T(l, "payouts.bank"), Href: "/payouts/bank", Hint: lang.T(l, "payouts.bank.text")}
	failed, err := s.store.FailedPayments(c.Request.Context(), actorOf(c))
	if err != nil {
		return nil, err
	}
	waits, err := s.store.WaitingLines(c.Request.Context())
	if err != nil {
		return nil, err
	}
	if n := len(failed) + waits; n > 0 {
		answers.Tag = &Tag{Text: lang.T(l, "bank.waits", lang.Args{"Count": n}), Color: "warning"}
	}
	last, green, err := s.store.SelfChecks(c.Request.Context())
	if err != nil {
		return nil, err
	}
	books := Task{Text: lang.T(l, "reconcile.title"), Href: "/payouts/reconciliation", Hint: lang.T(l, "reconcile.text")}
	if last != nil {
		books.Tag = &Tag{Text: lang.T(l, "selfcheck.tag", lang.Args{"Day": lang.ShortDay(l, last.Day.String())}), Color: "success"}
		if !last.Green {
			books.Tag = &Tag{Text: lang.T(l, "selfcheck.red"), Color: "danger"}
		}
	}
	if last != nil && !last.Green && green != nil {
		books.Hint = lang.T(l, "selfcheck.last_green", lang.Args{"At": lang.DateTime(l, green.At)})
	}
	return []Task{answers, books}, nil
}

// bankTodos are what the bank's answers left for a person.
func (s *Server) bankTodos(c *gin.Context, l lang.Lang, failed []sql.FailedPayment) (todos []Todo, err error) {
	for _, x := range failed {
		todos = append(todos, Todo{
			Count:   1,
			Text:    lang.T(l, "payment_status."+x.Status) + ": " + x.Reference,
			Href:    "/payouts/bank",
			Detail:  failedWhy(l, x),
			When:    lang.T(l, "tasks.now"),
			Urgency: "soon",
		})
	}
	waits, err := s.store.WaitingLines(c.Request.Context())
	if err != nil {
		return nil, err
	}
	if waits > 0 {
		todos = append(todos, Todo{Count: waits, Text: lang.T(l, "tasks.lines"), Href: "/payouts/bank", When: lang.T(l, "tasks.now")})
	}
	return todos, nil
}

// financeState is how money stands: what can be paid, the batches under way, and the
// payments that a person must look at.
type financeState struct {
	payable []workflow.Case
	open    []sql.BatchSum
	failed  []sql.FailedPayment
}

func (s *Server) financeState(c *gin.Context, by workflow.Actor) (out financeState, err error) {
	ctx := c.Request.Context()
	if out.payable, err = s.store.Payable(ctx, by); err != nil {
		return out, err
	}
	if out.open, err = s.store.BatchSums(ctx, by, true, openShown); err != nil {
		return out, err
	}
	out.failed, err = s.store.FailedPayments(ctx, by)
	return out, err
}

// financeTodos are the payments, batches and lines that wait for this person.
func (s *Server) financeTodos(c *gin.Context, l lang.Lang, by workflow.Actor) (todos []Todo, err error) {
	if sql.FinanceOnly(by) != nil {
		return nil, nil
	}
	state, err := s.financeState(c, by)
	if err != nil {
		return nil, err
	}
	return s.todosOf(c, l, by, state)
}

func (s *Server) todosOf(c *gin.Context, l lang.Lang, by workflow.Actor, state financeState) (todos []Todo, err error) {
	if sql.FinanceOnly(by) != nil {
		return nil, nil
	}
	if n := len(state.payable); n > 0 {
		todos = append(todos, Todo{Count: n, Text: lang.T(l, "tasks.payable"), Href: "/payouts#payable", When: lang.T(l, "tasks.now")})
	}
	answers, err := s.bankTodos(c, l, state.failed)
	if err != nil {
		return nil, err
	}
	todos = append(todos, answers...)
	ids := make([]int64, len(state.open))
	for i, b := range state.open {
		ids[i] = b.ID
	}
	gists, err := s.store.BatchGists(c.Request.Context(), ids...)
	if err != nil {
		return nil, err
	}
	for _, b := range state.open {
		gist := gists[b.ID]
		if can := workflow.BatchAllowed(b.Batch, gist, by); batchWaits(gist, can) {
			todos = append(todos, Todo{Count: 1, Text: batchActionWord(l, gist.Bank(), can[0]) + ": " + b.MessageID, Href: fmt.Sprintf("/payouts/%d", b.ID),
				Detail: lang.T(l, "payouts.todo", lang.Args{"Count": b.Payments, "Sum": lang.Ore(l, b.Sum)}), When: lang.ShortDay(l, b.PayDate.String())})
		}
	}
	return todos, nil
}

// batchWaits tells whether a batch waits for the person who may do this: to cancel is
// possible and asked of nobody, and payments are noted by hand where no bank tells of them.
func batchWaits(g workflow.BatchGist, can []workflow.Action) bool {
	switch {
	case len(can) == 0 || can[0] == workflow.BatchCancel || can[0] == workflow.BatchReissue:
		return false
	case can[0] == workflow.BatchMarkPaid:
		return slices.ContainsFunc(g.Channels, func(x workflow.ChannelSum) bool { return !x.Bank() && x.Open > 0 })
	}
	return true
}
