package jobs

import (
	"testing"
	"time"

	"fund/jobs/mail"
)

// TestMailServerMayBeAwayForLong: a mail outlives every outage, and goes when the
// server is back, without anybody's help.
func TestMailServerMayBeAwayForLong(t *testing.T) {
	t.Parallel()
	server := &sink{}
	h := production(t, server)
	there := h.runner.options.SMTP
	h.runner.options.SMTP = mail.SMTP{URL: "smtp://127.0.0.1:1?tls=none", Timeout: time.Second}
	job := h.post()
	for range 10 {
		if h.runner.Work(t.Context(), job.ID) == nil {
			t.Fatal("a mail went to a server that is not there")
		}
	}
	stuck, err := h.store.StuckJobs(t.Context())
	if err != nil || len(stuck) != 1 || stuck[0].Dead || stuck[0].Tries != 10 {
		t.Fatalf("after ten tries: %+v %v; it must be shown, and live", stuck, err)
	}
	h.runner.options.SMTP = there
	if err := h.runner.Work(t.Context(), job.ID); err != nil || len(server.mails()) != 1 {
		t.Errorf("the server is back: %v, %d mails", err, len(server.mails()))
	}
}
