package sql

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"fund/workflow"
)

// chunkSize of stored files: a file is never whole in the database's memory.
const chunkSize = 256 << 10

// MaxFile is the largest attachment, in bytes (domain 9.1).
const MaxFile = 10 << 20

// PutFile stores a file and adds it to the application, in one transaction. file holds its
// kind, name and type, and what the virus scanner said (Scan): clean, not_scanned (there is
// none), or waiting: then a job asks it until it answers. A consent that is declared is the
// caller's, now. ref.Version workflow.NoVersion counts as AnyVersion: files need no If-Match.
func (s *Store) PutFile(
	ctx context.Context,
	ref Ref,
	by workflow.Actor,
	file workflow.Attachment,
	r io.Reader,
	replaces int64,
) (app workflow.Application, err error) {
	if ref.Version == workflow.NoVersion {
		ref.Version = workflow.AnyVersion
	}
	body, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return app, fmt.Errorf("file: %w", err)
	}
	if len(body) > MaxFile {
		return app, workflow.Violations{{Field: "file", Code: "file_too_large"}}
	}
	sum := sha256.Sum256(body)
	err = s.InTx(ctx, func(tx *Tx) error {
		at, err := tx.Now()
		if err != nil {
			return err
		}
		file.Size, file.SHA256, file.At, file.By = int64(len(body)), hex.EncodeToString(sum[:]), at, by.ID
		if file.Consent != nil {
			file.Consent = &workflow.Consent{By: by.Email, At: at}
		}
		row := params{"application": ref.ID, "kind": file.Kind, "name": file.Name, "type": file.Type, "size": file.Size, "sha256": file.SHA256,
			"scan": file.Scan, "by": nullID(by.ID), "at": at}
		// The row's own lock comes first; Apply refuses before anything is kept.
		if _, err := one[struct {
			ID      int64 `db:"id"`
			Version int64 `db:"version"`
		}](ctx, tx, s.q.ApplicationLock, params{"id": ref.ID}); err != nil {
			return found(err, "application", ref.ID)
		}
		if file.ID, err = one[int64](ctx, tx, s.q.InsertAttachment, row); err != nil {
			return fmt.Errorf("attachment: %w", err)
		}
		for n := 0; n*chunkSize < len(body) || n == 0; n++ {
			part := body[n*chunkSize : min(len(body), (n+1)*chunkSize)]
			if _, err := exec(ctx, tx, s.q.InsertAttachmentChunk, params{"attachment": file.ID, "n": n, "body": part}); err != nil {
				return fmt.Errorf("attachment: %w", err)
			}
		}
		if app, err = tx.Apply(ctx, ref, by, &workflow.Attach{File: file, Replaces: replaces}); err != nil || file.Scan != "waiting" {
			return err
		}
		return tx.AddJob(ctx, Job{Application: ref.ID, Kind: workflow.JobScanFile, Data: map[string]any{"attachment": file.ID}})
	})
	return app, err
}

type attachmentRow struct {
	ID          int64     `db:"id"`
	Application int64     `db:"application"`
	Kind        string    `db:"kind"`
	Name        string    `db:"name"`
	Type        string    `db:"type"`
	Size        int64     `db:"size"`
	SHA256      string    `db:"sha256"`
	Scan        string    `db:"scan"`
	UploadedBy  int64     `db:"uploaded_by"`
	At          time.Time `db:"at"`
}

// Attachment reads a file of a case that the caller may see.
func (s *Store) Attachment(ctx context.Context, by workflow.Actor, app, id int64) (workflow.Attachment, io.ReadCloser, error) {
	c, err := s.Case(ctx, by, app)
	if err != nil {
		return workflow.Attachment{}, nil, err
	}
	if workflow.Blind(c, by.Person) { // what is in a file, and in its properties, no program can take out for sure
		return workflow.Attachment{}, nil, workflow.Refused{Code: "blind_file"}
	}
	if workflow.MoneyOnly(c, by) && !slices.ContainsFunc(c.App.Attachments, func(a workflow.Attachment) bool { return a.ID == id }) {
		return workflow.Attachment{}, nil, workflow.ErrNotFound
	}
	row, err := one[attachmentRow](ctx, s.db, s.q.AttachmentRow, params{"id": id, "application": app})
	if err != nil {
		return workflow.Attachment{}, nil, found(err, "attachment", id)
	}
	a := workflow.Attachment{
		ID:     row.ID,
		Kind:   row.Kind,
		Name:   row.Name,
		Type:   row.Type,
		Size:   row.Size,
		SHA256: row.SHA256,
		Scan:   row.Scan,
		At:     row.At,
		By:     row.UploadedBy,
	}
	body, err := chunks(ctx, s.db, s.q.AttachmentChunks, params{"attachment": id})
	return a, body, err
}

// AttachmentBody reads a file for scanning it.
func (tx *Tx) AttachmentBody(ctx context.Context, id int64) ([]byte, error) {
	r, err := chunks(ctx, tx, tx.s.q.AttachmentChunks, params{"attachment": id})
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r)
	return body, errors.Join(err, r.Close())
}

// NoteScan writes down what the scanner said of a file, in its row and in the case.
func (tx *Tx) NoteScan(ctx context.Context, app, id int64, scan string) error {
	if _, err := exec(ctx, tx, tx.s.q.SetScan, params{"id": id, "application": app, "scan": scan}); err != nil {
		return fmt.Errorf("attachment %d: %w", id, err)
	}
	_, err := tx.Apply(ctx, Ref{ID: app}, workflow.Machine(), &workflow.FileScanned{ID: id, Scan: scan})
	return err
}

// chunkReader streams the chunks of a stored file.
type chunkReader struct {
	next  func() ([]byte, bool, error)
	close func() error
	rest  bytes.Reader
}

func (r *chunkReader) Read(p []byte) (int, error) {
	for r.rest.Len() == 0 {
		part, ok, err := r.next()
		if err != nil {
			return 0, err
		}
		if !ok {
			return 0, io.EOF
		}
		r.rest.Reset(part)
	}
	return r.rest.Read(p)
}

func (r *chunkReader) Close() error { return r.close() }

func chunks(ctx context.Context, q querier, query string, p params) (io.ReadCloser, error) {
	text, args, err := bind(q, query, p)
	if err != nil {
		return nil, err
	}
	rows, err := q.QueryxContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("file: %w", err)
	}
	return &chunkReader{close: rows.Close, next: func() ([]byte, bool, error) {
		if !rows.Next() {
			return nil, false, rows.Err()
		}
		var part []byte
		err := rows.Scan(&part)
		return part, true, err
	}}, nil
}

// DocumentRow is a letter, a receipt or a payout file.
type DocumentRow struct {
	ID          int64     `db:"id"`
	Application int64     `db:"application"`
	Batch       int64     `db:"batch"`
	Kind        string    `db:"kind"`
	Name        string    `db:"name"`
	Title       string    `db:"title"`
	Type        string    `db:"type"`
	Size        int64     `db:"size"`
	SHA256      string    `db:"sha256"`
	Corrects    int64     `db:"corrects"`
	Answers     int       `db:"-"` // the number of the change that an amendment answers, or of the decision that a letter tells of; 0: none
	At          time.Time `db:"at"`
	Job         int64     `db:"-"` // the job that made it; a second run makes nothing
}

// AddDocument stores a made document once. A document of an application also
// stands in its history. Made already by the same job: its id is 0.
func (tx *Tx) AddDocument(ctx context.Context, d DocumentRow, body []byte) (int64, error) {
	return tx.AddDocumentFrom(ctx, d, bytes.NewReader(body))
}

// AddDocumentFrom is AddDocument for a file of any size: it is read twice, once
// for its sum and once in chunks.
func (tx *Tx) AddDocumentFrom(ctx context.Context, d DocumentRow, body io.ReadSeeker) (int64, error) {
	made, err := tx.insertDocument(ctx, d, body)
	if err != nil || made.ID == 0 || d.Application == 0 {
		return made.ID, err
	}
	_, err = tx.Apply(
		ctx,
		Ref{ID: d.Application},
		workflow.Machine(),
		&workflow.AddDocument{Document: workflow.Document{ID: made.ID, Kind: d.Kind, Title: d.Title,
			Corrects: d.Corrects, Answers: d.Answers, At: made.At, SHA256: made.SHA256}},
	)
	return made.ID, err
}

// insertDocument stores the row and the bytes. Made already by the same job: its id is 0.
func (tx *Tx) insertDocument(ctx context.Context, d DocumentRow, body io.ReadSeeker) (DocumentRow, error) {
	at, err := tx.Now()
	if err != nil {
		return d, err
	}
	sum := sha256.New()
	if d.Size, err = io.Copy(sum, body); err != nil {
		return d, fmt.Errorf("document %s: %w", d.Name, err)
	}
	d.At, d.SHA256 = at, hex.EncodeToString(sum.Sum(nil))
	d.ID, err = one[int64](
		ctx,
		tx,
		tx.s.q.InsertDocument,
		params{"application": nullID(d.Application), "batch": nullID(d.Batch), "kind": d.Kind, "name": d.Name,
			"title": d.Title, "type": d.Type, "size": d.Size, "sha256": d.SHA256, "corrects": nullID(d.Corrects), "made_by": nullID(d.Job), "at": at},
	)
	if none(err) {
		d.ID = 0
		return d, nil
	}
	if err == nil {
		err = tx.addChunks(ctx, d.ID, body)
	}
	if err != nil {
		return d, fmt.Errorf("document %s: %w", d.Name, err)
	}
	return d, nil
}

func (tx *Tx) addChunks(ctx context.Context, id int64, body io.ReadSeeker) error {
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return err
	}
	part := make([]byte, chunkSize)
	for n := 0; ; n++ {
		size, err := io.ReadFull(body, part)
		if size > 0 {
			if _, err := exec(ctx, tx, tx.s.q.InsertDocumentChunk, params{"document": id, "n": n, "body": part[:size]}); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Document reads a letter or receipt of a case that the caller may see.
func (s *Store) Document(ctx context.Context, by workflow.Actor, app, id int64) (DocumentRow, []byte, error) {
	c, err := s.Case(ctx, by, app)
	if err != nil {
		return DocumentRow{}, nil, err
	}
	if workflow.Blind(c, by.Person) { // receipts and letters are addressed
		return DocumentRow{}, nil, workflow.ErrNotFound
	}
	if !slices.ContainsFunc(workflow.VisibleDocuments(c, by), func(d workflow.Document) bool { return d.ID == id }) {
		return DocumentRow{}, nil, workflow.ErrNotFound
	}
	row, err := one[DocumentRow](ctx, s.db, s.q.DocumentRow, params{"id": id, "application": app})
	if err != nil {
		return row, nil, found(err, "document", id)
	}
	body, err := s.documentBody(ctx, id)
	return row, body, err
}

func (s *Store) documentBody(ctx context.Context, id int64) ([]byte, error) {
	r, err := chunks(ctx, s.db, s.q.DocumentChunks, params{"document": id})
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r)
	return body, errors.Join(err, r.Close())
}

// DocumentByContent finds the document that has exactly these bytes; ErrNotFound if the fund never made it.
func (s *Store) DocumentByContent(ctx context.Context, body []byte) (DocumentRow, error) {
	sum := sha256.Sum256(body)
	row, err := one[DocumentRow](ctx, s.db, s.q.DocumentBySum, params{"sha256": hex.EncodeToString(sum[:])})
	return row, found(err, "document", "by content")
}
