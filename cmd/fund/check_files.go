package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
)

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

// refusal is the problem of a file that cannot be read as what it should be.
func refusal(kind, title, sha256 string, err error, rule refusedRule) *refusedFile {
	rule.Field = "file"
	return &refusedFile{
		Type:   "/problems/" + kind,
		Title:  title,
		Status: http.StatusUnprocessableEntity,
		Detail: err.Error(),
		SHA256: sha256,
		Errors: []refusedRule{rule},
	}
}

// checkFiles prints one JSON object for each file: what read says of it, or its
// problem. The others are read all the same, and the error at the end names every
// file that was not.
func checkFiles(kind string, paths []string, out io.Writer, read func(io.Reader) (any, *refusedFile, error)) error {
	if len(paths) == 0 {
		return fmt.Errorf("check %s: no file given", kind)
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	var bad []error
	for _, path := range paths {
		if err := checkFile(path, enc, read); err != nil {
			bad = append(bad, fmt.Errorf("check %s: %s: %w", kind, path, err))
		}
	}
	return errors.Join(bad...)
}

func checkFile(path string, enc *json.Encoder, read func(io.Reader) (any, *refusedFile, error)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() // read only: nothing is lost when closing fails
	answer, problem, err := read(f)
	switch {
	case problem != nil:
		return errors.Join(err, enc.Encode(problem))
	case err != nil:
		return err
	}
	return enc.Encode(answer)
}
