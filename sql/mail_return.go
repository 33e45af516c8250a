package sql

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"fund/workflow"
)

// MailReturn is a delivery report about one mail, as it was read.
type MailReturn struct {
	Mail           int64
	Failed         bool
	Action, Status string
	Diagnostic     string
	Sum            [sha256.Size]byte // of the report's bytes: it is taken once
}

// TakenReturn is what a report has led to.
type TakenReturn struct {
	Mail     MailRow
	Repeated bool // the same report was taken before
	Task     bool // the mail is noted as returned in its case, and somebody has to find another way
}

// MayReturnMail tells whether the person may take in delivery reports.
func MayReturnMail(by workflow.Actor) error {
	if by.Is(workflow.Officer) || by.Is(workflow.Registrar) {
		return nil
	}
	return workflow.Forbidden{Code: "role"}
}

// TakeMailReturn takes in a delivery report: one that says failed makes the mail
// a task of its case, once. A mail that isn't there, or of a case that the person
// may not know of, is a violation that tells neither.
func (s *Store) TakeMailReturn(ctx context.Context, by workflow.Actor, r MailReturn) (out TakenReturn, err error) {
	if err := MayReturnMail(by); err != nil {
		return out, err
	}
	unknown := workflow.Violations{{Field: "message_id", Code: "no_mail_found"}}
	sum := hex.EncodeToString(r.Sum[:])
	err = s.InTx(ctx, func(tx *Tx) error {
		m, err := tx.MailToSend(ctx, r.Mail)
		if errors.Is(err, workflow.ErrNotFound) {
			return unknown
		}
		if err != nil {
			return err
		}
		if m.Application != 0 {
			c, err := tx.Case(ctx, m.Application)
			if err != nil {
				return err
			}
			if !workflow.Sees(c, by) {
				return unknown
			}
		}
		at, err := tx.Now()
		if err != nil {
			return err
		}
		n, err := exec(
			ctx,
			tx,
			s.q.InsertMailReturn,
			params{"sha256": sum, "mail": m.ID, "action": r.Action, "status": r.Status, "by": nullID(by.ID), "at": at},
		)
		if err != nil {
			return fmt.Errorf("mail return: %w", err)
		}
		out.Repeated = n == 0
		if r.Failed && !out.Repeated {
			if err := tx.MarkBounced(ctx, m.ID, strings.TrimSpace(r.Status+" "+r.Diagnostic)); err != nil {
				return err
			}
			if m, err = tx.MailToSend(ctx, r.Mail); err != nil {
				return err
			}
		}
		out.Mail, out.Task = m, m.Application != 0 && m.BouncedAt != nil && m.BounceDone == ""
		return nil
	})
	return out, err
}
