package handlers

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/jobs/bank"
	"fund/jobs/bankfile"
	"fund/sql"
)

// bankFileJSON is one answer of the bank in the list of them.
type bankFileJSON struct {
	ID        int64     `json:"id"`
	Kind      bank.Kind `json:"kind" doc:"pain.002, camt.053 or camt.054."`
	Version   string    `json:"version"`
	MessageID string    `json:"message_id"`
	SHA256    string    `json:"sha256"`
	Refusal   string    `json:"refusal,omitempty" doc:"Why the file was not read. Such a file is kept for 30 days."`
	Uploader  string    `json:"uploaded_by"`
	At        moment    `json:"at"`
	Lines     int       `json:"lines"`
	Waiting   int       `json:"waiting" doc:"Lines of which a person must say what they mean."`
}

func representBankFile(f sql.BankFile) bankFileJSON {
	return bankFileJSON{f.ID, bank.Kind(f.Kind), f.Version, f.MessageID, f.SHA256, f.Refusal, f.Uploader, moment(f.At), f.Lines, f.Waits}
}

// matchIn is what a person says of a line.
type matchIn struct {
	Payment     paymentName `json:"payment" doc:"The payment's id, or its end_to_end_id."`
	Application number      `json:"application" doc:"Instead: the case whose claim the incoming money repays."`
	Dismiss     bool        `json:"dismiss" doc:"Instead: the line is none of ours."`
	Paid        bool        `json:"paid" doc:"With a payment that was paid or replaced: the money has left, so it is a second payout, or the instalment's own."`
	Reason      string      `json:"reason"`
}

// paymentName is a payment's id or one of its end-to-end ids.
type paymentName string

// UnmarshalJSON reads 12, "12" and "IF27-U000301".
func (p *paymentName) UnmarshalJSON(raw []byte) error {
	var n number
	if n.UnmarshalJSON(raw) == nil {
		*p = paymentName(strconv.FormatInt(int64(n), 10))
		return nil
	}
	return json.Unmarshal(raw, (*string)(p))
}

func (p paymentName) split() (id int64, reference string) {
	text := strings.TrimSpace(string(p))
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 {
		return n, ""
	}
	return 0, text
}

// paymentStatus takes in a file of the bank's. The same bytes answer again.
func (s *Server) paymentStatus(c *gin.Context) error {
	by := actorOf(c)
	if err := sql.FinanceOnly(by); err != nil {
		return err
	}
	raw, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return bodyError(err)
	}
	out, err := bankfile.Import(c.Request.Context(), s.store, by, raw)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, out, "")
}

// paymentStatuses lists the bank's answers, oldest first.
func (s *Server) paymentStatuses(c *gin.Context) error {
	limit, after, err := windowOf(c)
	if err != nil {
		return err
	}
	files, err := s.store.BankFiles(c.Request.Context(), actorOf(c), after, limit+1)
	if err != nil {
		return err
	}
	if len(files) > limit {
		files = files[:limit]
		linkNext(c, idKeyOf(files[limit-1].ID))
	}
	items := make([]bankFileJSON, 0, len(files))
	for _, f := range files {
		items = append(items, representBankFile(f))
	}
	return answer(c, http.StatusOK, listJSON[bankFileJSON]{items}, "")
}

// showPaymentStatus shows an answer with what its lines have led to by now.
func (s *Server) showPaymentStatus(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return s.answerBankFile(c, id)
}

func (s *Server) answerBankFile(c *gin.Context, id int64) error {
	f, err := s.store.BankFile(c.Request.Context(), actorOf(c), id)
	if err != nil {
		return err
	}
	lines, err := s.store.BankLines(c.Request.Context(), actorOf(c), id, 0, 0)
	if err != nil {
		return err
	}
	out, err := bankfile.AnswerOf(f, lines)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, out, "")
}

// matchBankLine lets a person say what a line is about.
func (s *Server) matchBankLine(c *gin.Context) error {
	id, n, err := pathIDs(c, "n")
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	if _, err := s.store.BankFile(ctx, by, id); err != nil {
		return err
	}
	var in matchIn
	if err := readJSON(c, &in); err != nil {
		return err
	}
	said := bankfile.Said{Application: int64(in.Application), Dismiss: in.Dismiss, Gone: in.Paid, Reason: in.Reason}
	said.Payment, said.Reference = in.Payment.split()
	if err := bankfile.Match(ctx, s.store, by, id, int(n), said); err != nil {
		return err
	}
	return s.answerBankFile(c, id)
}

// resendBankFile answers for a file or a match that is stored while its answer
// was lost: both say the same when they are asked again.
func (s *Server) resendBankFile(c *gin.Context, body []byte) error {
	if c.Param("id") != "" {
		return s.showPaymentStatus(c)
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
	return s.paymentStatus(c)
}

var (
	docPaymentStatus = operation{
		summary:  "Take in an answer of the bank",
		text:     "A pain.002, camt.053 or camt.054 as XML, at most 20 MB. Safe to send twice (repeated: true) and in any order. By finance1 and finance2.",
		tag:      "payouts",
		body:     "",
		bodyKind: "application/xml",
		answer:   bank.Answer{},
	}
	docPaymentStatuses = operation{summary: "Answers of the bank", tag: "payouts", query: listQuery, answer: listJSON[bankFileJSON]{}}
	docOnePaymentState = operation{summary: "One answer of the bank, with what its lines have led to", tag: "payouts", answer: bank.Answer{}}
	docMatchLine       = operation{
		summary: "Say what a line of the bank's is about",
		text:    "For a line that found no payment, or whose payment is in doubt. Ends the doubt.",
		tag:     "payouts",
		body:    matchIn{},
		answer:  bank.Answer{},
	}
)

// refusedBankFile names why a file of the bank's was not read.
func refusedBankFile(err error) (status int, field problemField, ok bool) {
	code, sv, en, ok := bank.Refusal(err)
	status = http.StatusUnprocessableEntity
	if code == "too_large" {
		status = http.StatusRequestEntityTooLarge
	}
	return status, problemField{"file", code, code, sv, en}, ok
}
