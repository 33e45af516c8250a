package main

import (
	"context"
	"errors"
	"io"
	"net/http"

	"fund/jobs/bank"
	"fund/jobs/bankfile"
)

// checkBank prints for each pain.002, camt.053 or camt.054 the JSON that POST
// /payment-status would answer, one object a file, without a database: no line
// finds a payment, and each says why.
func checkBank(paths []string, out io.Writer) error {
	return checkFiles("bank", paths, out, func(src io.Reader) (any, *refusedFile, error) {
		file, err := bank.ReadAll(src)
		if code, sv, en, refused := bank.Refusal(err); refused {
			no := refusal("bank-file", "The bank file is not read", file.SHA256, err, refusedRule{Rule: code, MessageSV: sv, MessageEN: en})
			if errors.Is(err, bank.ErrTooLarge) {
				no.Status = http.StatusRequestEntityTooLarge
			}
			return nil, no, err
		}
		if err != nil {
			return nil, nil, err
		}
		answer, err := bankfile.Unmatched(context.Background(), file)
		return answer, nil, err
	})
}
