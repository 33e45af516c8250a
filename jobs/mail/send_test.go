package mail

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestSendHandsOverTheMail(t *testing.T) {
	t.Parallel()
	offer, trust := certificate(t)
	for _, tt := range []struct {
		name      string
		sink      *sink
		user      string
		query     string
		secret    string
		encrypted bool
	}{
		{"plain on this machine", &sink{}, "", "", "", false},
		{"plain with a password", &sink{}, "fund:l%C3%B6sen%20ord@", "", "\x00fund\x00lösen ord", false},
		{"encrypted where offered", &sink{offer: offer}, "", "", "", true},
		{"encrypted with a password", &sink{offer: offer}, "fund:secret@", "?tls=required", "\x00fund\x00secret", true},
		{"hung up after taking it", &sink{hangUp: true}, "", "", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := startSink(t, tt.sink)
			if err := Send(t.Context(), SMTP{URL: "smtp://" + tt.user + s.addr + tt.query, trust: trust}, message()); err != nil {
				t.Fatalf("Send: %v", err)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.mails) != 1 {
				t.Fatalf("%d mails arrived, want one", len(s.mails))
			}
			got := s.mails[0]
			if !strings.Contains(got.from, "<internationella.fonden@example.org>") || !strings.Contains(got.to, "<teacher@example.org>") {
				t.Errorf("envelope is %q to %q", got.from, got.to)
			}
			if got.encrypted != tt.encrypted {
				t.Errorf("encrypted is %v, want %v", got.encrypted, tt.encrypted)
			}
			if want := encode(t, message()); strings.TrimSpace(got.data) != strings.TrimSpace(want) {
				t.Errorf("arrived\n%s\nwant\n%s", got.data, want)
			}
			if tt.secret != "" && (len(s.secrets) != 1 || s.secrets[0] != tt.secret) {
				t.Errorf("signed in with %q, want %q", s.secrets, tt.secret)
			}
		})
	}
}

func TestSendTellsWhatIsForGood(t *testing.T) {
	t.Parallel()
	offer, trust := certificate(t)
	for _, tt := range []struct {
		name      string
		sink      *sink
		query     string
		trusted   bool
		permanent bool
	}{
		{"unknown person", &sink{refuse: "550 5.1.1 no such person"}, "", true, true},
		{"full mailbox", &sink{refuse: "452 4.2.2 mailbox full"}, "", true, false},
		{"no encryption where it must be", &sink{}, "?tls=required", true, false},
		{"a certificate nobody vouches for", &sink{offer: offer}, "?tls=required", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := startSink(t, tt.sink)
			to := SMTP{URL: "smtp://fund:hemligt@" + s.addr + tt.query, Timeout: 10 * time.Second}
			if tt.trusted {
				to.trust = trust
			}
			err := Send(t.Context(), to, message())
			if err == nil {
				t.Fatal("Send took it for sent")
			}
			if got := Permanent(err); got != tt.permanent {
				t.Errorf("Permanent(%v) = %v, want %v", err, got, tt.permanent)
			}
			if strings.Contains(err.Error(), "hemligt") {
				t.Errorf("the error shows the password: %v", err)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.mails) != 0 || strings.Contains(tt.query, "required") && len(s.secrets) != 0 {
				t.Errorf("the server got %d mails and %d passwords", len(s.mails), len(s.secrets))
			}
		})
	}
}

func TestSendStopsWithItsContext(t *testing.T) {
	t.Parallel()
	s := startSink(t, &sink{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Send(ctx, SMTP{URL: "smtp://" + s.addr}, message()); !errors.Is(err, context.Canceled) {
		t.Errorf("Send = %v, want context.Canceled", err)
	}
}

func TestCheckReadsTheAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		url string
		ok  bool
	}{
		{"smtp://localhost:1025", true}, {"smtp://u:p@mail.example.org", true}, {"smtps://mail.example.org", true},
		{"smtp://mail:1025?tls=none", true}, {"smtp://[::1]:25/", true},
		{"", false}, {"mail.example.org:25", false}, {"http://mail.example.org", false}, {"smtp://", false},
		{"smtp://u:hemligt@mail.example.org/path", false}, {"smtp://u:hemligt@mail.example.org:99999", false},
		{"smtp://u:hemligt@mail.example.org?tls=maybe", false}, {"smtp://u:hem%ligt@mail.example.org", false},
	} {
		err := SMTP{URL: tt.url}.Check()
		if (err == nil) != tt.ok {
			t.Errorf("Check(%q) = %v, want ok %v", tt.url, err, tt.ok)
		}
		if err != nil && strings.Contains(err.Error(), "hemligt") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
	for url, want := range map[string]int{"smtp://mail.example.org": 587, "smtps://mail.example.org": 465, "smtp://mail.example.org:2525": 2525} {
		if got, err := (SMTP{URL: url}).parse(); err != nil || got.port != want {
			t.Errorf("port of %s is %d (%v), want %d", url, got.port, err, want)
		}
	}
}
