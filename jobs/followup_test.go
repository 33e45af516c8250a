package jobs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fund/jobs/books"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// live takes an application through a life in which everything by the calendar
// happens: asked for more and not answered, decided, corrected, reminded,
// accepted late, paid, travelled, and never reported. It ends on 1 September 2026.
func (h *house) live() (app int64) {
	h.t.Helper()
	app = h.granted()
	h.clock("2026-09-01T09:00:00+02:00")
	return app
}

// granted is live up to the payment, on 1 July 2026; the trip is 24–29 August.
func (h *house) granted() (app int64) {
	h.t.Helper()
	h.round()
	h.clock("2026-02-02T10:00:00+01:00")
	app = h.draft(outgoing())
	h.file(app)
	h.clock("2026-02-03T09:00:00+01:00")
	h.do(app, "officer", &workflow.RequestCompletion{Points: []workflow.Point{{Field: "text.risk", Text: "Beskriv riskerna."}}})
	h.clock("2026-05-12T10:00:00+02:00")
	h.decide(app)
	h.clock("2026-05-13T09:00:00+02:00")
	h.do(app, "secretary", &workflow.RecordNotice{PostedOn: workflow.NewDate(2026, time.May, 13)})
	h.do(app, "officer", &workflow.Correct{Was: "förberet", Is: "förberett", Reason: "Skrivfel."})
	h.clock("2026-06-01T09:00:00+02:00")
	h.ready(app)
	h.clock("2026-07-01T09:00:00+02:00")
	h.pay(app)
	return app
}

// pay composes, attests, exports and settles a batch with what the case has to pay.
func (h *house) pay(app int64) workflow.Batch {
	h.t.Helper()
	b, err := h.store.ComposeBatch(h.t.Context(), h.who("finance1"), []int64{app}, workflow.NewDate(2026, time.July, 3))
	if err != nil {
		h.t.Fatal(err)
	}
	h.batch("finance1", b.ID, workflow.BatchAttest1, `{}`)
	h.batch("finance2", b.ID, workflow.BatchAttest2, `{}`)
	exported := make(chan workflow.Batch, 1)
	go func() { exported <- h.batch("finance1", b.ID, workflow.BatchExport, `{}`) }()
	for done := false; h.double && !done; {
		select {
		case b = <-exported:
			done = true
		default:
			h.deliverTwice(h.due())
		}
	}
	if !h.double {
		b = <-exported
	}
	if b.State != workflow.BatchExported {
		h.t.Fatalf("batch is %s, want exported", b.State)
	}
	b = h.batch("finance1", b.ID, workflow.BatchMarkPaid, `{"on":"2026-07-01","voucher":"V1"}`)
	h.settle()
	return b
}

func TestTheCalendarOfAGrant(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	app := h.live()
	h.clock("2027-02-01T09:00:00+01:00")

	var got []string
	rows, err := h.store.Mails(t.Context(), workflow.Machine(), app)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range rows {
		if m.OffsetDays != nil {
			got = append(got, fmt.Sprintf("%s %+d %s", workflow.DateOf(m.CreatedAt), *m.OffsetDays, m.To))
		}
	}
	want := []string{
		"2026-10-14 -14 teacher@example.org", "2026-10-25 -3 teacher@example.org",
		"2026-10-29 +1 teacher@example.org", "2026-10-29 +1 principal@example.org",
		"2026-11-11 +14 teacher@example.org", "2026-11-11 +14 principal@example.org",
		"2026-11-27 +30 teacher@example.org", "2026-11-27 +30 principal@example.org",
	}
	got = slices.DeleteFunc(got, func(s string) bool { return strings.Contains(s, "@") && strings.Contains(s, "baldergymnasiet") })
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("report reminders (-want +got):\n%s", d)
	}
	for _, x := range []struct {
		day, kind, to, says string
	}{
		{"2026-02-10", "completion_reminder", "teacher@example.org", "17 februari"},
		{"2026-02-18", "other", "officer@example.org", "Svarstiden"},
		{"2026-05-21", "other", "officer@example.org", "villkor"},
		{"2026-05-27", "other", "teacher@example.org", "11 juni"},
		{"2026-06-25", "other", "finance1@example.org", "30 000"},
		{"2026-07-25", "other", "officer@example.org", "24 augusti"},
		{"2026-08-17", "other", "officer@example.org", "24 augusti"},
		{"2026-08-30", "other", "teacher@example.org", "28 oktober"},
		{"2026-10-29", "other", "principal@example.org", "Baldergymnasiet"},
		{"2027-01-26", "other", "head@example.org", "återkrav"},
	} {
		if !slices.ContainsFunc(rows, func(m sql.MailRow) bool {
			return workflow.DateOf(m.CreatedAt).String() == x.day && m.Kind == x.kind && m.To == x.to &&
				strings.Contains(strings.ToLower(plain(m.Subject+m.Body)), strings.ToLower(x.says))
		}) {
			t.Errorf("no mail %s on %s to %s that says %q", x.kind, x.day, x.to, x.says)
		}
	}
	for _, m := range rows {
		if strings.Contains(m.Subject+m.Body, "⟦") {
			t.Errorf("mail %s lacks words: %s\n%s", m.Kind, m.Subject, m.Body)
		}
	}

	c := h.read(app)
	if c.App.State != workflow.ReportDue || c.App.Recovery == nil || c.App.Recovery.Proposed != 30000 || !c.Facts.Blocked {
		t.Errorf("state %s, recovery %+v, blocked %v; want a blocked school and a proposed recovery of 30000", c.App.State, c.App.Recovery, c.Facts.Blocked)
	}
	h.do(app, "head", &workflow.DecideRecovery{Amount: 30000, DueOn: workflow.NewDate(2027, time.March, 3), Reason: "Ingen rapport har kommit."})
	var kinds []string
	for _, d := range h.read(app).App.Documents {
		kinds = append(kinds, d.Kind)
	}
	if want := []string{"receipt", "decision", "correction", "recovery"}; !slices.Equal(kinds, want) {
		t.Errorf("documents %v, want %v", kinds, want)
	}
	documents := h.read(app).App.Documents
	if documents[2].Corrects != documents[1].ID {
		t.Errorf("the correction corrects document %d, want %d", documents[2].Corrects, documents[1].ID)
	}
	for _, d := range documents {
		row, body, err := h.store.Document(t.Context(), workflow.Machine(), app, d.ID)
		if err != nil || !strings.HasPrefix(string(body), "%PDF-") || row.Type != "application/pdf" {
			t.Errorf("document %s is %s (%v)", d.Kind, row.Type, err)
		}
	}
}

// TestClaimsAreRemindedOf: before the day, after it with what is still missing, and not once all is back.
func TestClaimsAreRemindedOf(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	app := h.live()
	h.clock("2027-02-01T09:00:00+01:00")
	h.do(app, "head", &workflow.DecideRecovery{Amount: 30000, DueOn: workflow.NewDate(2027, time.March, 3), Reason: "Ingen rapport har kommit."})
	h.clock("2027-03-10T09:00:00+01:00")
	h.do(app, "finance1", &workflow.RecordRepayment{Amount: 10000, On: workflow.NewDate(2027, time.March, 10), Reference: "F 1"})
	h.clock("2027-03-18T09:00:00+01:00")
	h.do(app, "finance1", &workflow.RecordRepayment{Amount: 20000, On: workflow.NewDate(2027, time.March, 18), Reference: "F 2"})
	h.clock("2027-05-01T09:00:00+02:00")
	rows, err := h.store.Mails(t.Context(), workflow.Machine(), app)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range rows {
		sum, _, _ := strings.Cut(plain(m.Body[strings.Index(m.Body, "\n")+1:]), " kr av bidraget")
		if m.Kind == "other" && strings.Contains(m.Subject, "Betala tillbaka") || strings.Contains(m.Subject, "Återbetalningen är sen") {
			got = append(got, fmt.Sprintf("%s %s %s", workflow.DateOf(m.CreatedAt), strings.TrimSpace(sum[max(0, len(sum)-6):]), strings.TrimSuffix(m.To, "@example.org")))
		}
	}
	got = slices.DeleteFunc(got, func(s string) bool { return strings.Contains(s, "baldergymnasiet") })
	want := []string{"2027-02-24 30 000 teacher", "2027-02-24 30 000 principal", "2027-03-04 30 000 teacher", "2027-03-04 30 000 principal", "2027-03-04 30 000 finance1", "2027-03-04 30 000 finance2",
		"2027-03-17 20 000 teacher", "2027-03-17 20 000 principal", "2027-03-17 20 000 finance1", "2027-03-17 20 000 finance2"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("reminders (-want +got):\n%s", d)
	}
}

// plain has ordinary blanks.
func plain(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

func TestOneJumpAndDayByDayGiveTheSameMails(t *testing.T) {
	t.Parallel()
	jump, days := open(t), open(t)
	jump.run()
	days.run()
	a, b := jump.live(), days.live()
	jump.clock("2027-03-01T00:00:00+01:00")
	for day := workflow.NewDate(2026, time.September, 2); !day.After(workflow.NewDate(2027, time.March, 1)); day = day.AddDays(1) {
		days.clock(day.String())
	}
	if d := cmp.Diff(jump.story(a), days.story(b)); d != "" {
		t.Errorf("one jump and day by day differ (-jump +days):\n%s", d)
	}
}

func TestDeliveredTwiceAndDoubledHasOneEffect(t *testing.T) {
	t.Parallel()
	once, twice := open(t), open(t)
	once.run()
	twice.hand, twice.double = false, true
	a, b := once.live(), twice.live()
	once.clock("2027-02-01T09:00:00+01:00")
	twice.clock("2027-02-01T09:00:00+01:00")
	for _, h := range []*house{once, twice} {
		h.do(a, "head", &workflow.DecideRecovery{Amount: 30000, DueOn: workflow.NewDate(2027, time.March, 3), Reason: "Ingen rapport har kommit."})
	}
	if d := cmp.Diff(once.story(a), twice.story(b)); d != "" {
		t.Errorf("delivered once and twice differ (-once +twice):\n%s", d)
	}
}

func TestDaysMovedAndMovedBackRemindOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	app := h.live()
	move := func(start, end string) {
		h.do(app, "teacher", &workflow.RequestChange{Type: "dates", Cause: "outside", Reason: "Flyget är flyttat.",
			Proposed: workflow.RawObject(fmt.Sprintf(`{"activity":{"start":%q,"end":%q}}`, start, end))})
		h.do(app, "officer", &workflow.DecideChange{Outcome: "approved", Reason: "Det går bra."})
	}
	move("2026-08-25", "2026-08-30")
	move("2026-08-24", "2026-08-29")
	h.clock("2026-10-30T09:00:00+01:00")
	var got []string
	for _, line := range h.mailLines(app) {
		first, _, _ := strings.Cut(line, ":")
		if strings.Contains(first, "report_reminder") && strings.HasSuffix(first, "teacher@example.org") {
			got = append(got, first)
		}
	}
	want := []string{"mail 2026-10-14 report_reminder -14 to teacher@example.org", "mail 2026-10-25 report_reminder -3 to teacher@example.org",
		"mail 2026-10-29 report_reminder +1 to teacher@example.org"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("reminders (-want +got):\n%s", d)
	}
}

func TestAnAnsweredChangeIsALetter(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.double = true
	h.run()
	app := h.granted()
	ask := func(kind, patch string) {
		h.do(app, "teacher", &workflow.RequestChange{Type: kind, Cause: "outside", Reason: "Flyget är flyttat.", Proposed: workflow.RawObject(patch)})
	}
	ask("dates", `{"activity":{"start":"2026-08-25","end":"2026-08-30"}}`)
	h.do(app, "officer", &workflow.DecideChange{Outcome: "approved", Reason: "Det går bra."})
	h.clock("2026-07-02T09:00:00+02:00")
	ask("dates", `{"activity":{"start":"2026-08-26","end":"2026-08-31"}}`)
	h.do(app, "officer", &workflow.DecideChange{Outcome: "refused", Reason: "Det går inte."})
	h.clock("2026-07-03T09:00:00+02:00")
	for _, day := range []string{"27", "28"} { // both are answered before a letter is made
		ask("dates", `{"activity":{"start":"2026-08-`+day+`"}}`)
		h.do(app, "officer", &workflow.DecideChange{Outcome: "refused", Reason: "Det går inte."})
	}
	h.clock("2026-07-04T09:00:00+02:00")
	got := map[int]int{}
	for _, d := range h.read(app).App.Documents {
		if d.Kind == notice.KindAmendment {
			got[d.Answers]++
		}
	}
	if d := cmp.Diff(map[int]int{1: 1, 2: 1, 3: 1, 4: 1}, got); d != "" {
		t.Errorf("letters that answer changes (-want +got):\n%s", d)
	}
}

func TestNobodyIsRemindedOfACancelledTrip(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	app := h.live()
	h.do(app, "teacher", &workflow.ReportCancellation{Cause: "own", Reason: "För få elever."})
	h.clock("2027-02-01T09:00:00+01:00")
	if n := h.mailsTo(app, "teacher@example.org", "report_reminder"); n != 0 {
		t.Errorf("%d reminders of a report on a cancelled trip", n)
	}
	if c := h.read(app); c.App.Recovery != nil || c.Facts.Blocked {
		t.Errorf("a cancelled trip led to recovery %v, block %v", c.App.Recovery, c.Facts.Blocked)
	}
}

// TestFilesOfAClaimAreFrozenWithItsDecision: they are made once, with the coding of that
// day. What finance writes into the settings afterwards changes neither bytes nor sum.
func TestFilesOfAClaimAreFrozenWithItsDecision(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	app := h.live()
	h.clock("2027-02-01T09:00:00+01:00")
	files := func() (list []string) {
		rows, err := h.store.ClaimFiles(t.Context(), h.who("finance1"), app)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range sql.OfClaim(h.read(app), rows) {
			body, err := h.store.ClaimFile(t.Context(), h.who("finance1"), d)
			if sum := sha256.Sum256(body); err != nil || hex.EncodeToString(sum[:]) != d.SHA256 || d.Size != int64(len(body)) {
				t.Errorf("%s: %d bytes with sum %x, kept as %d with %s (%v)", d.Name, len(body), sum, d.Size, d.SHA256, err)
			}
			list = append(list, d.Name+" "+d.SHA256)
		}
		return list
	}
	if got := files(); len(got) != 0 {
		t.Errorf("files before the decision: %v", got)
	}
	h.do(app, "head", &workflow.DecideRecovery{Amount: 30000, DueOn: workflow.NewDate(2027, time.March, 3), Reason: "Ingen rapport har kommit."})
	h.clock("2027-02-02T09:00:00+01:00")
	before := files()
	if len(before) != 2 {
		t.Fatalf("files of the claim: %v, want two", before)
	}
	settings, err := h.store.FinanceSettings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range settings.Coding {
		settings.Coding[i].Debit.Ansvar.Code, settings.Coding[i].Credit.Ansvar.Code = "9876", "9875"
	}
	if err := h.store.SaveFinanceSettings(t.Context(), h.who("admin"), settings); err != nil {
		t.Fatal(err)
	}
	if made, err := books.ClaimFiles(h.read(app), settings); err != nil || fmt.Sprint(made[0].Name) == "" || slices.Contains(before, made[0].Name+" "+sumOf(t, made[0].Body)) {
		t.Fatalf("the new coding says nothing else in %v (%v): the test proves nothing", made, err)
	}
	again := func(tx *sql.Tx) error { return tx.KeepClaimFiles(t.Context(), app, 0, books.ClaimFiles) }
	if err := h.store.InTx(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, files()); d != "" {
		t.Errorf("files after the coding was changed (-before +after):\n%s", d)
	}
}

func sumOf(t *testing.T, r io.Reader) string {
	t.Helper()
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// TestLateClaimIsToldToEachInTheirWords: the school is reminded of its debt, finance of what it can do. The mail
// of a claim in parts names the first day, too.
func TestLateClaimIsToldToEachInTheirWords(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	app := h.live()
	h.clock("2027-02-01T09:00:00+01:00")
	h.do(app, "head", &workflow.DecideRecovery{Amount: 30000, DueOn: workflow.NewDate(2027, time.March, 3), Reason: "Ingen rapport har kommit."})
	h.clock("2027-03-31T09:00:00+02:00")
	late := func(to string) (bodies []string) {
		mails, _, err := h.store.RehearsalMail(t.Context(), to, app, 500, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range mails {
			if strings.HasPrefix(m.Subject, "Återbetalningen är sen") {
				bodies = append(bodies, m.Body)
			}
		}
		return bodies
	}
	school, finance := late("teacher@example.org"), late("finance1@example.org")
	if len(school) == 0 || !strings.Contains(school[0], "Är det redan betalt behöver ni inte göra något") {
		t.Errorf("the school is told %q", school)
	}
	if len(finance) != len(school) || strings.Contains(strings.Join(finance, ""), "behöver ni inte göra något") ||
		!strings.Contains(finance[0], "skriv av med skäl") || !strings.Contains(finance[0], "/payouts/claims") {
		t.Errorf("finance is told %q", finance)
	}
	c := h.read(app)
	c.App.Recovery.Plan = []workflow.ClaimPart{{DueOn: workflow.NewDate(2027, time.February, 10), Amount: 10000}, {DueOn: c.App.Recovery.DueOn, Amount: 20000}}
	w, err := mailOf(c, nil, sql.Job{Data: map[string]any{"kind": "recovery"}})
	if args := w.args(lang.SV); err != nil || w.words != "recovery_parts" || w.kind != "recovery" || plain(fmt.Sprint(args["First"])) != "onsdag 10 februari 2027" || args["Count"] != 2 {
		t.Errorf("a claim in parts is told as %s with %v (%v)", w.words, args, err)
	}
}
