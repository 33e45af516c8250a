package jobs

import (
	"strings"
	"testing"

	"fund/jobs/clamd"
	"fund/jobs/clamd/clamdtest"
	"fund/sql"
	"fund/workflow"
)

// The scanner here is a fake that speaks clamd's protocol.
func TestFileThatWaitedIsScanned(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ body, want string }{"clean": {"%PDF-1.4 avsikt", "clean"}, "infected": {"%PDF-1.4 " + clamdtest.Signature, "infected"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			fake := clamdtest.Start(t)
			fake.Away.Store(true)
			r := &Runner{store: h.store, options: Options{Scanner: &clamd.Client{Addr: fake.Addr}}}
			app, err := h.store.Begin(t.Context(), h.who("teacher"), workflow.Form{Title: "Möte"})
			if err != nil {
				t.Fatal(err)
			}
			if app, err = h.store.PutFile(t.Context(), sql.Ref{ID: app.ID}, h.who("teacher"),
				workflow.Attachment{Kind: "other", Name: "x.pdf", Type: "application/pdf", Scan: "waiting"}, strings.NewReader(tt.body), 0); err != nil {
				t.Fatal(err)
			}
			job := sql.Job{Application: app.ID, Kind: workflow.JobScanFile, Data: map[string]any{"attachment": app.Attachments[0].ID}}
			do := func() error {
				return h.store.InTx(t.Context(), func(tx *sql.Tx) error { return r.scanFile(t.Context(), tx, job) })
			}
			if err := do(); err == nil || !strings.Contains(err.Error(), "the virus scanner does not answer") {
				t.Errorf("scanner away: %v", err)
			}
			fake.Away.Store(false)
			for range 2 { // a job may come twice
				if err := do(); err != nil {
					t.Fatal(err)
				}
			}
			k, err := h.store.Case(t.Context(), workflow.Machine(), app.ID)
			if err != nil || k.App.Attachments[0].Scan != tt.want || k.App.Version != app.Version+1 {
				t.Errorf("%+v, version %d after %d, %v", k.App.Attachments, k.App.Version, app.Version, err)
			}
			a, body, err := h.store.Attachment(t.Context(), h.who("teacher"), app.ID, app.Attachments[0].ID)
			if err != nil || a.Scan != tt.want {
				t.Errorf("row: %+v %v", a, err)
			}
			body.Close()
		})
	}
}
