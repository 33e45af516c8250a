package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"fund/jobs/dossier"
	"fund/sql"
	"fund/workflow"
)

// verifyPackage proves a case's package by what is in it alone: every file by the
// manifest, the log by its chain, the anchors by their lines, and documents and
// files by the hashes that the case's record has of them.
func verifyPackage(name string, out io.Writer) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("package: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("package: %w", err)
	}
	var events []sql.ChainEvent
	var anchors []sql.AnchorProof
	var app workflow.Application
	var papers []keptPaper
	m, err := dossier.Verify(f, info.Size(), func(name string, body []byte) error {
		switch path.Base(name) {
		case "events.json":
			return json.Unmarshal(body, &events)
		case "anchors.json":
			return json.Unmarshal(body, &anchors)
		case "case.json":
			return json.Unmarshal(body, &app)
		case "papers.json":
			return json.Unmarshal(body, &papers)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := sql.CheckChain(events); err != nil {
		return err
	}
	for _, a := range anchors {
		if err := sql.CheckAnchor(a, events); err != nil {
			return err
		}
	}
	if n := len(events); n != m.Events || n == 0 || events[n-1].Hash != m.LastHash || events[n-1].Version != app.Version {
		return errors.New("the log in the package is not the one its manifest names")
	}
	if err := sameFiles(m, app, papers); err != nil {
		return err
	}
	fmt.Fprintf(
		out,
		"%s, %s\nmade %s by %s\n%d files, %d events, %d anchors: as the fund made it\n",
		m.Case,
		m.Title,
		m.MadeAt.Format("2006-01-02 15:04:05"),
		m.MadeBy,
		len(m.Files),
		m.Events,
		len(anchors),
	)
	for _, x := range m.LeftOut {
		fmt.Fprintln(out, "left out:", x)
	}
	for _, x := range m.ReadFirst {
		fmt.Fprintln(out, "read before it is handed on:", x)
	}
	return nil
}

// keptPaper is a written proposal or minutes in the package's list of them.
type keptPaper struct {
	ID     int64  `json:"id"`
	SHA256 string `json:"sha256"`
}

// noted are the folders whose files have a hash in the case's record. The others are written for the package
// (words of what is JSON beside them) or copied from finance, and proved by the manifest alone.
var noted = []string{"documents/", "attachments/", "papers/"}

// sameFiles holds the documents, papers and files of the package against the hashes that were noted when they were made.
func sameFiles(m dossier.Manifest, app workflow.Application, papers []keptPaper) error {
	hashes := map[string]string{}
	for _, d := range app.Documents {
		hashes[fmt.Sprintf("documents/%d-", d.ID)] = d.SHA256
	}
	for _, a := range app.Attachments {
		hashes[fmt.Sprintf("attachments/%d-", a.ID)] = a.SHA256
	}
	for _, p := range papers {
		hashes[fmt.Sprintf("papers/%d-", p.ID)] = p.SHA256
	}
	for _, f := range m.Files {
		dir, base := path.Split(f.Name)
		if !slices.Contains(noted, dir) {
			continue
		}
		id, _, _ := strings.Cut(base, "-")
		if want := hashes[dir+id+"-"]; want != f.SHA256 {
			return fmt.Errorf("%s is not the file that the case names", f.Name)
		}
	}
	return nil
}
