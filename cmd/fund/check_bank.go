package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"fund/jobs/bank"
)

// checkBank prints for each pain.002, camt.053 or camt.054 the JSON that POST
// /payment-status would answer, one object a file, without a database: no line
// finds a payment. A refused file prints its problem; the others are read all the
// same, and the error at the end names every file that was not.
func checkBank(paths []string, out io.Writer) error {
	if len(paths) == 0 {
		return errors.New("check bank: no file given")
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	var bad []error
	for _, path := range paths {
		if err := checkBankFile(path, enc); err != nil {
			bad = append(bad, fmt.Errorf("check bank: %s: %w", path, err))
		}
	}
	return errors.Join(bad...)
}

// refusedFile is what is printed for a file that is not read.
type refusedFile struct {
	Type   string        `json:"type"`
	Title  string        `json:"title"`
	Status int           `json:"status"`
	Detail string        `json:"detail"`
	SHA256 string        `json:"sha256"`
	Errors []refusedRule `json:"errors"`
}

type refusedRule struct {
	Field     string `json:"field"`
	Rule      string `json:"rule"`
	MessageSV string `json:"message_sv"`
	MessageEN string `json:"message_en"`
}

func checkBankFile(path string, enc *json.Encoder) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() // read only: nothing is lost when closing fails
	file, err := bank.ReadAll(f)
	if code, sv, en, refused := bank.Refusal(err); refused {
		problem := refusedFile{
			Type: "/problems/bank-file", Title: "The bank file is not read", Status: 422, Detail: err.Error(), SHA256: file.SHA256,
			Errors: []refusedRule{{Field: "file", Rule: code, MessageSV: sv, MessageEN: en}},
		}
		if errors.Is(err, bank.ErrTooLarge) {
			problem.Status = 413
		}
		return errors.Join(err, enc.Encode(problem))
	}
	if err != nil {
		return err
	}
	return enc.Encode(file.Answer())
}
