package jobs

import (
	"bufio"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"fund/jobs/mail"
	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// sink is a small mail server that keeps what it is given.
type sink struct {
	refuse string // the answer to RCPT, where it is not 250
	mu     sync.Mutex
	got    []string
}

func (s *sink) start(t *testing.T) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var talks sync.WaitGroup
	talks.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			talks.Go(func() { s.talk(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		talks.Wait()
	})
	return "smtp://" + l.Addr().String() + "?tls=none"
}

func (s *sink) talk(c net.Conn) {
	defer c.Close()
	say := func(line string) { _, _ = c.Write([]byte(line + "\r\n")) }
	say("220 sink")
	in := bufio.NewScanner(c)
	for in.Scan() {
		switch verb, _, _ := strings.Cut(strings.ToUpper(in.Text()), " "); verb {
		case "EHLO", "HELO":
			say("250 sink")
		case "RCPT":
			if s.refuse != "" {
				say(s.refuse)
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			var body strings.Builder
			for in.Scan() && in.Text() != "." {
				body.WriteString(in.Text() + "\n")
			}
			s.mu.Lock()
			s.got = append(s.got, body.String())
			s.mu.Unlock()
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *sink) mails() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.got...)
}

// production is a store of the same database that does not know it for a
// rehearsal, with real time, and a runner that sends through the sink.
func production(t *testing.T, server *sink) *house {
	t.Helper()
	_, at := sqltest.OpenURL(t)
	store, err := sql.Open(t.Context(), at, sql.Options{Wall: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	r := &Runner{store: store, options: Options{BaseURL: "https://fund.example.org", From: "Fonden <fonden@example.org>", SMTP: mail.SMTP{URL: server.start(t)}}}
	r.options.Seen = func(string, error) {}
	r.handlers = r.table()
	return &house{t: t, store: store, runner: r, hand: true}
}

// post stores a mail, and gives the job that sends it.
func (h *house) post() sql.Job {
	h.t.Helper()
	m := bare().message(sampleCase(), writing{words: "decided"}, "sv", "/applications/41")
	if err := h.store.InTx(h.t.Context(), func(tx *sql.Tx) error {
		_, _, err := tx.AddMail(h.t.Context(), sql.MailRow{To: "teacher@example.org", Kind: "decided", Lang: "sv", Subject: m.Subject, Body: m.Plain()})
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	due := h.due()
	if len(due) != 1 || due[0].Kind != workflow.JobSendMail {
		h.t.Fatalf("jobs %v, want one that sends", due)
	}
	return due[0]
}

func TestMailIsSentOnce(t *testing.T) {
	t.Parallel()
	server := &sink{}
	h := production(t, server)
	job := h.post()
	for range 2 {
		if err := h.runner.Work(t.Context(), job.ID); err != nil {
			t.Fatal(err)
		}
	}
	// Another row for the same mail finds it sent.
	if err := h.store.InTx(t.Context(), func(tx *sql.Tx) error {
		return tx.AddJob(t.Context(), sql.Job{Kind: workflow.JobSendMail, Data: job.Data})
	}); err != nil {
		t.Fatal(err)
	}
	h.work()
	got := server.mails()
	if len(got) != 1 || !strings.Contains(got[0], "Message-ID: <mail-") || !strings.Contains(got[0], "https://fund.example.org/applications/41") {
		t.Errorf("sent %d mails: %s", len(got), got)
	}
}

func TestRefusedMailIsGivenUpAndNamesNobody(t *testing.T) {
	t.Parallel()
	h := production(t, &sink{refuse: "550 no such user teacher@example.org"})
	job := h.post()
	err := h.runner.Work(t.Context(), job.ID)
	if err == nil || strings.Contains(err.Error(), "teacher@example.org") {
		t.Errorf("a refused mail: %v, want an error without the address", err)
	}
	stuck, err := h.store.StuckJobs(t.Context())
	if err != nil || len(stuck) != 1 || !stuck[0].Dead || strings.Contains(stuck[0].Error, "teacher@example.org") {
		t.Errorf("stuck jobs %+v (%v), want one that is dead", stuck, err)
	}
}

func TestMailWaitsForAServerThatIsDown(t *testing.T) {
	t.Parallel()
	h := production(t, &sink{refuse: "451 later"})
	job := h.post()
	if err := h.runner.Work(t.Context(), job.ID); err == nil {
		t.Error("a server that said later was taken for success")
	}
	stuck, err := h.store.StuckJobs(t.Context())
	if err != nil || len(stuck) != 1 || stuck[0].Dead || stuck[0].Tries != 1 {
		t.Errorf("stuck jobs %+v (%v), want one that comes again", stuck, err)
	}
}
