package bankfile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"fund/jobs/bank"
	"fund/sql"
	"fund/workflow"
)

// Import reads a file of the bank's and does what it says. A file that cannot
// be read is kept with its reason and nothing of it is done; the error is then
// one of bank.Refusal. Only finance may bring files.
func Import(ctx context.Context, store *sql.Store, by workflow.Actor, body []byte) (bank.Answer, error) {
	if err := sql.FinanceOnly(by); err != nil {
		return bank.Answer{}, err
	}
	file, err := bank.ReadAll(bytes.NewReader(body))
	if code, _, _, refused := bank.Refusal(err); refused {
		return bank.Answer{}, errors.Join(err, keepRefused(ctx, store, by, file, code, body))
	}
	if err != nil {
		return bank.Answer{}, err
	}
	var answer bank.Answer
	err = store.InTx(ctx, func(tx *sql.Tx) error {
		if err := tx.LockBank(ctx); err != nil {
			return err
		}
		kept, known, err := tx.BankFileBySum(ctx, file.SHA256)
		if err != nil {
			return err
		}
		if !known || kept.Refusal != "" {
			if kept, err = take(ctx, tx, by, file, body); err != nil {
				return err
			}
			known = false
		}
		lines, err := tx.BankLines(ctx, by, kept.ID)
		if err != nil {
			return err
		}
		answer, err = AnswerOf(kept, lines)
		answer.Repeated = known
		return err
	})
	return answer, err
}

// keepRefused keeps a file that nobody can read, so that it can be looked into.
func keepRefused(ctx context.Context, store *sql.Store, by workflow.Actor, file bank.File, code string, body []byte) error {
	if len(body) == 0 || len(body) > bank.MaxBytes {
		return nil
	}
	return store.InTx(ctx, func(tx *sql.Tx) error {
		if err := tx.LockBank(ctx); err != nil {
			return err
		}
		if _, known, err := tx.BankFileBySum(ctx, file.SHA256); err != nil || known {
			return err
		}
		_, err := tx.AddBankFile(ctx, by, sql.BankFile{SHA256: file.SHA256, Kind: string(file.Kind), Refusal: code}, body)
		return err
	})
}

// take keeps the file, judges its lines, and does what they say.
func take(ctx context.Context, tx *sql.Tx, by workflow.Actor, file bank.File, body []byte) (sql.BankFile, error) {
	j, err := newJudge(ctx, tx, file)
	if err != nil {
		return sql.BankFile{}, err
	}
	for _, l := range file.Lines {
		if err := j.judge(ctx, l); err != nil {
			return sql.BankFile{}, fmt.Errorf("line %d: %w", l.N, err)
		}
	}
	j.compareLevels()
	if seen, err := tx.BankMessageSeen(ctx, string(file.Kind), file.MessageID); err != nil {
		return sql.BankFile{}, err
	} else if seen {
		j.found(bank.Found(bank.FindingSameMessageID, 0, file.MessageID))
	}
	findings, err := json.Marshal(j.findings)
	if err != nil {
		return sql.BankFile{}, err
	}
	kept := sql.BankFile{SHA256: file.SHA256, Kind: string(file.Kind), Version: file.Version, MessageID: file.MessageID, Original: file.OriginalMessageID,
		GroupStatus: file.GroupStatus, Findings: findings}
	if kept.ID, err = tx.AddBankFile(ctx, by, kept, body); err != nil {
		return kept, err
	}
	return kept, j.write(ctx, kept.ID, by.Email)
}

// AnswerOf puts the answer together from what is kept: the lines as they were
// read, with what they have led to by now.
func AnswerOf(f sql.BankFile, lines []sql.BankLine) (bank.Answer, error) {
	a := bank.Answer{ID: &f.ID, Kind: bank.Kind(f.Kind), Version: f.Version, MessageID: f.MessageID, OriginalMessageID: f.Original, SHA256: f.SHA256,
		Findings: []bank.Finding{}, Lines: make([]bank.AnswerLine, 0, len(lines))}
	if f.GroupStatus != "" {
		a.GroupStatus = &f.GroupStatus
	}
	if err := json.Unmarshal(f.Findings, &a.Findings); err != nil {
		return a, fmt.Errorf("findings of bank file %d: %w", f.ID, err)
	}
	for _, l := range lines {
		line, err := AnswerLineOf(l)
		if err != nil {
			return a, err
		}
		a.Lines = append(a.Lines, line)
	}
	return a, nil
}

// AnswerLineOf is one line of an answer.
func AnswerLineOf(l sql.BankLine) (bank.AnswerLine, error) {
	line, err := Line(l)
	if err != nil {
		return bank.AnswerLine{}, err
	}
	a := line.Answer()
	led(&a, l)
	if l.Withheld {
		return a.Withhold(), nil
	}
	if l.Claim != 0 {
		a.Claim = &l.Claim
	}
	if err := json.Unmarshal(l.Payments, &a.Payments); err != nil {
		return a, fmt.Errorf("payments of bank line %d: %w", l.N, err)
	}
	if len(a.Payments) == 1 {
		a.Payment = &a.Payments[0]
	}
	return a, nil
}

// led puts into an answer's line what the line has led to.
func led(a *bank.AnswerLine, l sql.BankLine) {
	a.Outcome, a.Problem, a.Waits = bank.Outcome(l.Outcome), nil, l.Waits
	if l.Problem != "" {
		a.Problem = &l.Problem
	}
}

// Line is the line as it was read.
func Line(l sql.BankLine) (line bank.Line, err error) {
	if err := json.Unmarshal(l.Line, &line); err != nil {
		return line, fmt.Errorf("bank line %d: %w", l.N, err)
	}
	return line, nil
}
