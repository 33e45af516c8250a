package main

import (
	"errors"
	"io"
	"net/http"

	"fund/jobs/sieread"
)

// checkSIE prints for each SIE file, whoever wrote it, what our reader reads in it:
// one JSON object a file, with findings where the file deviates from the format.
func checkSIE(paths []string, out io.Writer) error {
	return checkFiles("sie", paths, out, func(src io.Reader) (any, *refusedFile, error) {
		file, err := sieread.Read(src)
		if code, sv, en, refused := sieread.Refusal(err); refused {
			no := refusal("sie-file", "The SIE file is not read", file.SHA256, err, refusedRule{Rule: code, MessageSV: sv, MessageEN: en})
			if errors.Is(err, sieread.ErrTooLarge) {
				no.Status = http.StatusRequestEntityTooLarge
			}
			return nil, no, err
		}
		return file, nil, err
	})
}
