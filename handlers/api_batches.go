package handlers

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
)

// batchJSON is a set of payments that leave together. Both channels may be in one.
type batchJSON struct {
	ID        int64               `json:"id"`
	Version   int64               `json:"version" doc:"Rises with every change; the ETag."`
	State     workflow.BatchState `json:"state" enum:"batch_state"`
	MessageID string              `json:"message_id" doc:"IF-YYYYMMDD-NNNN, in the bank's file."`
	PayDate   workflow.Date       `json:"pay_date"`
	Execution workflow.Date       `json:"execution_day" doc:"Bank day of the bank channel."`
	TotalOre  int64               `json:"total_ore" doc:"Öre."`
	Payments  []batchPaymentJSON  `json:"payments"`
	Withheld  int                 `json:"withheld,omitempty" doc:"Payments that total_ore holds and this caller doesn't get: of cases in which they are in conflict of interest. They have no file of the batch either, and take no step with it (403)."`
	Files     []batchFileJSON     `json:"files" doc:"Empty until exported."`
	Composer  string              `json:"composer"`
	CreatedAt moment              `json:"created_at"`
	Attest1   *attestJSON         `json:"attest1"`
	Attest2   *attestJSON         `json:"attest2"`
	ExportAt  moment              `json:"exported_at"`
	SentOn    workflow.Date       `json:"sent_on"`
	SentAs    string              `json:"sent_as,omitempty" doc:"pain.001.001.03 or pain.001.001.09: which of the two the bank got, where mark_sent said it."`
	Reason    string              `json:"reason,omitempty" doc:"Why it was cancelled."`
	Actions   []workflow.Action   `json:"allowed_actions" doc:"What this caller can do now."`
}

type batchPaymentJSON struct {
	ID          int64         `json:"id"`
	EndToEnd    string        `json:"end_to_end_id"`
	Application int64         `json:"application"`
	DNR         string        `json:"dnr"`
	N           int           `json:"n" doc:"Which instalment."`
	AmountOre   int64         `json:"amount_ore" doc:"Öre."`
	Channel     string        `json:"channel" enum:"method"`
	Status      string        `json:"status" enum:"payment_status"`
	Payee       string        `json:"payee"`
	PaidOn      workflow.Date `json:"paid_on"`
	Voucher     string        `json:"voucher,omitempty"`
}

type batchFileJSON struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size" doc:"Bytes."`
	SHA256 string `json:"sha256" doc:"Also the file's ETag."`

	MessageID string `json:"message_id,omitempty" doc:"Of a payment order: the MsgId in it. A batch with more payments to the bank than its profile allows in a message has several: the batch's own, then with -B, -C … behind it, in pain.001.001.09.xml, pain.001.001.09-2.xml … (and the same in version 03)."`
}

type attestJSON struct {
	By     string          `json:"by"`
	At     moment          `json:"at"`
	Checks map[string]bool `json:"checks,omitempty"`
}

func representBatch(b workflow.Batch, files []sql.DocumentRow, by workflow.Actor) (batchJSON, error) {
	gist, err := workflow.GistOf(b)
	if err != nil {
		return batchJSON{}, err
	}
	out, err := representHead(b, gist, files, by)
	if err != nil {
		return batchJSON{}, err
	}
	for _, l := range b.Lines {
		if !l.Withheld {
			out.Payments = append(out.Payments, representLine(l))
		}
	}
	return out, nil
}

// representHead is a batch without its payments.
func representHead(b workflow.Batch, gist workflow.BatchGist, files []sql.DocumentRow, by workflow.Actor) (batchJSON, error) {
	all, err := gist.Of()
	if err != nil {
		return batchJSON{}, err
	}
	out := batchJSON{ID: b.ID, Version: b.Version, State: b.State, MessageID: b.MessageID, PayDate: b.PayDate, Execution: b.Execution,
		TotalOre: int64(
			all.Sum,
		), Payments: []batchPaymentJSON{}, Withheld: gist.Conflicted[by.ID], Files: []batchFileJSON{}, Composer: b.Composer, CreatedAt: moment(b.CreatedAt),
		Attest1: representAttest(
			b.Attest1,
		), Attest2: representAttest(b.Attest2), ExportAt: moment(b.ExportAt), SentOn: b.SentOn, SentAs: b.SentAs, Reason: b.Reason,
		Actions: orEmpty(workflow.BatchAllowed(b, gist, by))}
	for _, f := range files {
		out.Files = append(out.Files, representFile(b, f))
	}
	return out, nil
}

func representLine(l workflow.BatchLine) batchPaymentJSON {
	return batchPaymentJSON{l.PaymentID, l.Reference, l.Application, l.DNR, l.N, int64(l.Amount), l.Channel, l.Status, l.Payee, l.PaidOn, l.Voucher}
}

func representFile(b workflow.Batch, f sql.DocumentRow) batchFileJSON {
	out := batchFileJSON{Name: f.Name, Type: f.Type, Size: f.Size, SHA256: f.SHA256}
	if _, n, ok := workflow.PaymentFilePart(f.Name); ok {
		out.MessageID = workflow.MessageName(b.MessageID, n)
	}
	return out
}

func representAttest(a *workflow.Attest) *attestJSON {
	if a == nil {
		return nil
	}
	return &attestJSON{a.By, moment(a.At), a.Checks}
}

// showBatch answers with the whole batch.
func (s *Server) showBatch(c *gin.Context, status int, b workflow.Batch) error {
	files, err := s.store.BatchFiles(c.Request.Context(), actorOf(c), b.ID)
	if err != nil {
		return err
	}
	out, err := representBatch(b, files, actorOf(c))
	if err != nil {
		return err
	}
	return answer(c, status, out, etag(b.Version))
}

// seesBatches are the roles that work with payments, or watch over them.
func seesBatches(by workflow.Actor) error {
	return is(by, workflow.Finance1, workflow.Finance2, workflow.Auditor)
}

// batchIn composes a batch.
type batchIn struct {
	Applications []number      `json:"applications" doc:"Everything payable of these applications."`
	PayDate      workflow.Date `json:"pay_date"`
}

// newBatch puts payable instalments into a batch: a person composes, never a job.
func (s *Server) newBatch(c *gin.Context) error {
	by := actorOf(c)
	if err := is(by, workflow.Finance1, workflow.Finance2); err != nil {
		return err
	}
	var in batchIn
	if err := readJSON(c, &in); err != nil {
		return err
	}
	var v workflow.Violations
	if len(in.Applications) == 0 {
		v = append(v, workflow.Violation{Field: "applications", Code: "required"})
	}
	if in.PayDate.IsZero() {
		v = append(v, workflow.Violation{Field: "pay_date", Code: "required"})
	}
	if len(v) > 0 {
		return v
	}
	b, err := s.store.ComposeBatch(c.Request.Context(), by, whole64(in.Applications), in.PayDate)
	if err != nil {
		return err
	}
	c.Header("Location", apiPrefix+"/payout-batches/"+idKeyOf(b.ID))
	return s.showBatch(c, http.StatusCreated, b)
}

// batches lists them, oldest first.
func (s *Server) batches(c *gin.Context) error {
	ctx, by := c.Request.Context(), actorOf(c)
	if err := seesBatches(by); err != nil {
		return err
	}
	list, err := s.store.BatchHeads(ctx, by)
	if err != nil {
		return err
	}
	cut, err := page(c, list, func(b workflow.Batch) string { return idKeyOf(b.ID) })
	if err != nil {
		return err
	}
	items := make([]batchJSON, 0, len(cut))
	for _, head := range cut { // lines are read of those that are answered, not of all
		b, err := s.store.Batch(ctx, by, head.ID)
		if err != nil {
			return err
		}
		files, err := s.store.BatchFiles(ctx, by, b.ID)
		if err != nil {
			return err
		}
		item, err := representBatch(b, files, by)
		if err != nil {
			return err
		}
		items = append(items, item)
	}
	return answer(c, http.StatusOK, listJSON[batchJSON]{items}, "")
}

// batch shows one.
func (s *Server) batch(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	by := actorOf(c)
	b, err := s.store.BatchPart(c.Request.Context(), by, id, 0, batchPart)
	if err != nil {
		return err
	}
	if err := seesBatches(by); err != nil {
		return err
	}
	return s.streamBatch(c, b)
}

// batchAction takes one step of a batch.
func (s *Server) batchAction(action workflow.Action) handler {
	return func(c *gin.Context) error {
		id, err := pathID(c, "id")
		if err != nil {
			return err
		}
		ctx, by, seen := c.Request.Context(), actorOf(c), ifMatch(c.Request)
		raw, fault := body(c)
		if fault == nil {
			_, fault = workflow.ParseBatchCommand(action, raw)
		}
		if fault != nil {
			return s.batchEarlier(c, id, seen, action, fault)
		}
		b, err := s.store.BatchAction(ctx, by, id, seen, string(action), json.RawMessage(raw))
		if err != nil {
			return err
		}
		return s.showBatch(c, http.StatusOK, b)
	}
}

// batchEarlier finds what would be refused before the body is looked at.
func (s *Server) batchEarlier(c *gin.Context, id, seen int64, action workflow.Action, fault error) error {
	by := actorOf(c)
	b, err := s.store.Batch(c.Request.Context(), by, id)
	if err != nil {
		return err
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	if _, _, err = workflow.DecideBatch(b, by, workflow.BatchCommand{Action: action}, seen, now); err == nil || errors.As(err, new(workflow.Violations)) {
		return fault
	}
	return err
}

// batchFile sends one file of a batch: always the same bytes.
func (s *Server) batchFile(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	by := actorOf(c)
	if _, err := s.store.BatchHead(c.Request.Context(), by, id); err != nil {
		return err
	}
	if err := seesBatches(by); err != nil {
		return err
	}
	f, raw, err := s.store.BatchFile(c.Request.Context(), by, id, c.Param("name"))
	if err != nil {
		return err
	}
	if err := s.store.NoteAccess(c.Request.Context(), by.ID, f.ID, f.Name); err != nil {
		return err
	}
	download(c, f.Name, f.Type, f.SHA256, false, raw)
	return nil
}
