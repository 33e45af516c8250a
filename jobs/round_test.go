package jobs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fund/sql"
	"fund/workflow"
)

// mailbox lists every mail to an address as day, kind and subject.
func (h *house) mailbox(to string) (list []string) {
	h.t.Helper()
	rows, _, err := h.store.RehearsalMail(h.t.Context(), to, 0, 500, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, m := range rows {
		list = append(list, fmt.Sprintf("%s %s", workflow.DateOf(m.CreatedAt), plain(m.Subject)))
	}
	return list
}

func TestWritersOfDraftsAreRemindedAndToldWhenTheRoundHasClosed(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	h.round()
	h.clock("2026-02-02T10:00:00+01:00")
	first, second, sent := outgoing(), outgoing(), outgoing()
	first.Title, second.Title, sent.Title = "Ett", "Två", "Tre"
	h.draft(first)
	h.draft(second)
	h.file(h.draft(sent))
	h.clock("2026-04-02T09:00:00+02:00")

	var got []string
	for _, line := range h.mailbox("teacher@example.org") {
		if strings.Contains(line, "”Ett”") || strings.Contains(line, "”Två”") {
			got = append(got, line)
		}
	}
	slices.Sort(got)
	want := []string{
		"2026-03-17 Skicka in senast tisdag 31 mars 2026 kl. 23.59: ”Ett”", "2026-03-17 Skicka in senast tisdag 31 mars 2026 kl. 23.59: ”Två”",
		"2026-03-28 Skicka in senast tisdag 31 mars 2026 kl. 23.59: ”Ett”", "2026-03-28 Skicka in senast tisdag 31 mars 2026 kl. 23.59: ”Två”",
		"2026-04-01 Din ansökan är inte inskickad: ”Ett”", "2026-04-01 Din ansökan är inte inskickad: ”Två”",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("mails to the writer (-want +got):\n%s", d)
	}
	if box := h.mailbox("officer@example.org"); !slices.Contains(box, "2026-04-01 Vårens omgång 2026 har stängt") {
		t.Errorf("the officer is not told that the round has closed: %s", box)
	}
}

func TestAnExtendedRoundIsNotToldToHaveClosed(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	h.round()
	h.clock("2026-02-02T10:00:00+01:00")
	h.draft(outgoing())
	r, err := h.store.Round(t.Context(), "VT26")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.store.RoundAction(t.Context(), h.who("admin"), sql.RoundStep{Round: r.ID, Seen: r.Version, Action: "extend"},
		[]byte(`{"closes":"2026-04-07T23:59:59+02:00","reason":"Driftstopp.","for":"all"}`)); err != nil {
		t.Fatal(err)
	}
	h.clock("2026-04-02T09:00:00+02:00")
	for _, line := range h.mailbox("") {
		if strings.Contains(line, "har stängt") || strings.Contains(line, "inte inskickad:") || strings.Contains(line, "31 mars") {
			t.Errorf("before the new day: %s", line)
		}
	}
	h.clock("2026-04-08T09:00:00+02:00")
	closed := 0
	for _, line := range h.mailbox("officer@example.org") {
		if strings.Contains(line, "har stängt") {
			closed++
		}
	}
	if closed != 1 {
		t.Errorf("told %d times that the round has closed, want once", closed)
	}
}

// TestMoreTimeIsTold: whoever writes the application learns of a deadline of its own, with day, hour and
// zone, and that it passed; what came in late and is in time by it is told so. An extension for all tells every draft.
func TestMoreTimeIsTold(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	h.round()
	h.clock("2026-02-02T10:00:00+01:00")
	one, other, late := outgoing(), outgoing(), outgoing()
	one.Title, other.Title, late.Title = "Ett", "Två", "Tre"
	own := h.draft(one)
	h.draft(other)
	filed := h.draft(late)
	extend := func(closes, whom string) {
		t.Helper()
		r, err := h.store.Round(t.Context(), "VT26")
		if err != nil {
			t.Fatal(err)
		}
		body := fmt.Sprintf(`{"closes":%q,"reason":"Sjukdom.","for":%s}`, closes, whom)
		if _, err := h.store.RoundAction(t.Context(), h.who("admin"), sql.RoundStep{Round: r.ID, Seen: r.Version, Action: "extend"}, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	h.clock("2026-04-01T08:00:00+02:00")
	h.file(filed)
	extend("2026-04-07T15:00:00+02:00", fmt.Sprintf("[%d,%d]", own, filed))
	h.clock("2026-04-02T09:00:00+02:00")
	told := func(words string) (list []string) {
		rows, _, err := h.store.RehearsalMail(t.Context(), "teacher@example.org", 0, 500, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range rows {
			if strings.Contains(plain(m.Subject), words) {
				list = append(list, plain(m.Subject)+" "+plain(m.Body))
			}
		}
		return list
	}
	if got := told("Mer tid"); len(got) != 1 || !strings.Contains(got[0], "”Ett”") || !strings.Contains(got[0], "senast tisdag 7 april 2026 kl. 15.00, svensk tid") || strings.Contains(got[0], "Sjukdom") {
		t.Errorf("told of more time: %q", got)
	}
	if got := told("har kommit in i tid"); len(got) != 1 || !strings.Contains(got[0], "”Tre”") {
		t.Errorf("told to be in time: %q", got)
	}
	h.clock("2026-04-08T09:00:00+02:00")
	if got := told("inte inskickad: ”Ett”"); len(got) != 2 { // once when the round closed, before it had more time
		t.Errorf("told when the own deadline had passed: %q", got)
	}
	extend("2026-04-20T15:00:00+02:00", `"all"`)
	h.clock("2026-04-09T09:00:00+02:00")
	if got := told("Mer tid"); len(got) != 3 {
		t.Errorf("told of more time for all: %q", got)
	}
}

// TestTheApplicantIsWrittenToInTheContactLanguage: as the form asks, though they are known to speak another;
// who is at the school beside them is written to in their own.
func TestTheApplicantIsWrittenToInTheContactLanguage(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	h.round()
	h.clock("2026-02-02T10:00:00+01:00")
	form := outgoing()
	form.Title, form.Applicant.Language = "Voices", "en"
	h.draft(form)
	form.Title, form.Applicant.Language = "Röster", ""
	h.draft(form)
	h.clock("2026-03-18T09:00:00+01:00")
	want := []string{"2026-03-17 Send by Tuesday 31 March 2026 at 23:59: “Voices”", "2026-03-17 Skicka in senast tisdag 31 mars 2026 kl. 23.59: ”Röster”"}
	got := h.mailbox("teacher@example.org")
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("mails to the writer (-want +got):\n%s", d)
	}
}
