package bank

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ledger looks up in a slice, as the database would in its table.
func ledger(payments []Candidate, asked *[]string) Lookup {
	return func(key MatchKey, value string) ([]Candidate, error) {
		if asked != nil {
			*asked = append(*asked, string(key)+"="+value)
		}
		var out []Candidate
		for _, c := range payments {
			fields := map[MatchKey][]string{
				ByUETR: {c.UETR}, ByEndToEnd: {c.EndToEndID}, ByInstruction: {c.InstructionID}, ByPmtInf: {c.PmtInfID},
				ByMessage: {c.MsgID}, ByReference: {c.CreditorRef, c.EndToEndID}, ByAmount: {c.AmountOre.Decimal()},
			}[key]
			for _, f := range fields {
				if f == value {
					out = append(out, c)
					break
				}
			}
		}
		return out, nil
	}
}

var payments = []Candidate{
	{Payment: 1, UETR: "u1", EndToEndID: "IF26-U000001", InstructionID: "IF26-U000001", PmtInfID: "M-1", MsgID: "M", AmountOre: 12500, CreditorRef: "1245", Status: Sent},
	{Payment: 2, UETR: "u2", EndToEndID: "IF26-U000002", InstructionID: "IF26-U000002", PmtInfID: "M-1", MsgID: "M", AmountOre: 20000, Status: Sent},
	{Payment: 3, UETR: "u3", EndToEndID: "IF26-U000003", InstructionID: "IF26-U000003", PmtInfID: "M-2", MsgID: "M", AmountOre: 20000, Status: Sent},
	{Payment: 4, UETR: "u4", EndToEndID: "IF26-U000004", InstructionID: "IF26-U000004", PmtInfID: "M-2", MsgID: "M", AmountOre: 30000, Status: Sent},
}

func TestFind(t *testing.T) {
	t.Parallel()
	debit := func(change func(*Line)) Line {
		l := said("debit")
		change(&l)
		return l
	}
	rows := []struct {
		name    string
		line    Line
		outcome Outcome
		by      MatchKey
		payment int64
		offered int
		problem Problem
	}{
		{"UETR before all", debit(func(l *Line) { l.UETR, l.EndToEndID = "u1", "IF26-U000002" }), Applied, ByUETR, 1, 0, ""},
		{"EndToEndId", debit(func(l *Line) { l.UETR, l.EndToEndID = "u9", "IF26-U000001" }), Applied, ByEndToEnd, 1, 0, ""},
		{"InstrId", debit(func(l *Line) { l.InstructionID = "IF26-U000001" }), Applied, ByInstruction, 1, 0, ""},
		{"PmtInf and amount", debit(func(l *Line) { l.PmtInfID, l.AmountOre = "M-1", 20000 }), Applied, ByPmtInf, 2, 0, ""},
		{"message and amount", debit(func(l *Line) { l.MsgID = "M" }), Applied, ByMessage, 1, 0, ""},
		{"two of the amount in the message", debit(func(l *Line) { l.MsgID, l.AmountOre = "M", 20000 }), Proposed, ByAmount, 0, 2, ProblemSeveral},
		{"creditor reference filled with zeros", debit(func(l *Line) { l.CreditorRef = "0000 0000 1245" }), Applied, ByReference, 1, 0, ""},
		{"reference in the text", debit(func(l *Line) { l.Remittance, l.AmountOre = "Utbytesbidrag IF26-U000004, elevresa", 30000 }), Applied, ByReference, 4, 0, ""},
		{"reference of another amount", debit(func(l *Line) { l.Remittance, l.AmountOre = "IF26-U000004", 29999 }), Unknown, "", 0, 0, ProblemNotFound},
		{"by amount and day to a person", debit(func(l *Line) { l.Remittance, l.AmountOre = "bidrag", 20000 }), Proposed, ByAmount, 0, 2, ProblemSeveral},
		{"one by amount is a proposal too", debit(func(l *Line) { l.Remittance = "bidrag" }), Proposed, ByAmount, 0, 1, ProblemSeveral},
		{"equal id, other amount", debit(func(l *Line) { l.EndToEndID, l.AmountOre = "IF26-U000001", 12501 }), Conflict, ByEndToEnd, 1, 1, ProblemOtherAmount},
		{"equal id, other currency", debit(func(l *Line) { l.EndToEndID, l.Currency = "IF26-U000001", "EUR" }), Proposed, ByEndToEnd, 0, 1, ProblemCurrency},
		{"equal id, no amount", debit(func(l *Line) { l.EndToEndID, l.HasAmount, l.AmountOre = "IF26-U000001", false, 0 }), Proposed, ByEndToEnd, 0, 1, ProblemNoAmount},
		{"debit without reference", debit(func(l *Line) {}), Unknown, "", 0, 0, ProblemNoReference},
		{"nobody's", debit(func(l *Line) { l.EndToEndID, l.AmountOre = "X", 99 }), Unknown, "", 0, 0, ProblemNotFound},
		{"return by id", debit(func(l *Line) { l.Direction, l.EndToEndID = Credit, "IF26-U000001" }), Applied, ByEndToEnd, 1, 0, ""},
		{"return of a part", debit(func(l *Line) { l.Direction, l.EndToEndID, l.AmountOre = Credit, "IF26-U000001", 500 }), Proposed, ByEndToEnd, 0, 1, ProblemOtherAmount},
		{"unmarked credit with only a reference", debit(func(l *Line) { l.Direction, l.CreditorRef, l.AmountOre = Credit, "1245", 77 }), Unknown, "", 0, 0, ProblemNotFound},
		{"marked return with a reference", debit(func(l *Line) { l.Direction, l.Return, l.CreditorRef = Credit, true, "1245" }), Applied, ByReference, 1, 0, ""},
		{"credit taken back", debit(func(l *Line) { l.Return, l.EndToEndID = true, "IF26-U000001" }), Proposed, ByEndToEnd, 0, 1, ProblemTakenBack},
		{"pending", debit(func(l *Line) { l.Status, l.Booked, l.EndToEndID = "PDNG", false, "IF26-U000001" }), Informational, "", 0, 0, ""},
		{"status by id alone", func() Line { l := said("ACSC"); l.EndToEndID = "IF26-U000003"; return l }(), Applied, ByEndToEnd, 3, 0, ""},
		{"status with another amount", func() Line {
			l := said("ACSC")
			l.EndToEndID, l.HasAmount, l.AmountOre, l.Currency = "IF26-U000003", true, 1, "SEK"
			return l
		}(), Conflict, ByEndToEnd, 3, 1, ProblemOtherAmount},
		{"status by PmtInf alone is nobody's", func() Line { l := said("ACSC"); l.PmtInfID = "M-1"; return l }(), Unknown, "", 0, 0, ProblemNotFound},
		{"echo of its level", func() Line { l := said("ACSC"); l.PmtInfID, l.Inherited = "M-1", OneGroup; return l }(), Informational, "", 0, 0, ""},
	}
	for _, row := range rows {
		m, err := Find(row.line, ledger(payments, nil))
		if err != nil {
			t.Fatal(err)
		}
		if m.Outcome != row.outcome || m.By != row.by || m.Payment.Payment != row.payment || len(m.Candidates) != row.offered || m.Problem != row.problem {
			t.Errorf("%s: %+v", row.name, m)
		}
	}
}

func TestFindAsksInOrderAndStops(t *testing.T) {
	t.Parallel()
	l := said("debit")
	l.UETR, l.EndToEndID, l.InstructionID, l.PmtInfID, l.MsgID, l.CreditorRef, l.Remittance = "u9", "E", "I", "P", "N", "77", "se IF26-U000009"
	var asked []string
	if _, err := Find(l, ledger(payments, &asked)); err != nil {
		t.Fatal(err)
	}
	want := []string{"uetr=u9", "end_to_end_id=E", "instruction_id=I", "pmtinf_id=P", "message_id=N", "reference=77", "reference=IF26-U000009", "amount=125.00"}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
	asked = nil
	l.EndToEndID = "IF26-U000001"
	if _, err := Find(l, ledger(payments, &asked)); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 2 {
		t.Errorf("asked on after the hit: %v", asked)
	}
	broken := errors.New("broken")
	if _, err := Find(l, func(MatchKey, string) ([]Candidate, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	rows := []struct {
		line Line
		want string
	}{
		{Line{Level: WholeMessage, MsgID: "M"}, "1 2 3 4"},
		{Line{Level: WholeMessage}, ""},
		{Line{Level: WholeMessage, MsgID: "N"}, ""},
		{Line{Level: OneGroup, MsgID: "M", PmtInfID: "M-2"}, "3 4"},
		{Line{Level: OneGroup, PmtInfID: "M-1"}, "1 2"},
		{Line{Level: OneGroup, MsgID: "N", PmtInfID: "M-1"}, ""},
		{Line{Level: OneGroup, MsgID: "M"}, ""},
		{Line{Level: OnePayment, MsgID: "M", PmtInfID: "M-1"}, ""},
	}
	for _, row := range rows {
		var got []string
		for _, c := range payments {
			if Covers(row.line, c) {
				got = append(got, fmt.Sprint(c.Payment))
			}
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%+v covers %v", row.line, got)
		}
	}
}

func TestBulk(t *testing.T) {
	t.Parallel()
	group := append([]Candidate(nil), payments...)
	booked := said("debit")
	booked.Level, booked.PmtInfID, booked.AmountOre = OneEntry, "M-2", 50000
	if m := Bulk(booked, group); m.Outcome != Applied || len(m.Candidates) != 2 || m.Candidates[0].Payment != 3 {
		t.Errorf("the whole group: %+v", m)
	}
	group[2].Status = Rejected
	if m := Bulk(booked, group); m.Outcome != Proposed || m.Problem != ProblemGroupSum {
		t.Errorf("a rejected one was not debited: %+v", m)
	}
	booked.AmountOre = 30000
	if m := Bulk(booked, group); m.Outcome != Applied || len(m.Candidates) != 1 || m.Candidates[0].Payment != 4 {
		t.Errorf("the sum less the rejected: %+v", m)
	}
	all := booked
	all.PmtInfID, all.MsgID, all.AmountOre = "", "M", 62500
	if m := Bulk(all, group); m.Outcome != Applied || len(m.Candidates) != 3 {
		t.Errorf("by message: %+v", m)
	}
	none := booked
	none.PmtInfID = "X"
	if m := Bulk(none, group); m.Outcome != Unknown {
		t.Errorf("another group: %+v", m)
	}
	pending := booked
	pending.Status, pending.Booked = "PDNG", false
	if m := Bulk(pending, group); m.Outcome != Informational {
		t.Errorf("pending: %+v", m)
	}
	credit := booked
	credit.Direction = Credit
	if m := Bulk(credit, group); m.Outcome != Proposed {
		t.Errorf("credit: %+v", m)
	}
}

// TestReferencesOfACredit: what a payer wrote, in the field for it or in the text.
func TestReferencesOfACredit(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(*Line)
		want   string
	}{
		"OCR":             {func(l *Line) { l.CreditorRef = "260000018" }, "260000018"},
		"OCR filled up":   {func(l *Line) { l.CreditorRef = "0000000000260000018" }, "260000018"},
		"OCR in the text": {func(l *Line) { l.Remittance = "OCR 260000018" }, "260000018"},
		"second of two":   {func(l *Line) { l.Remittance = "260000018 260000026" }, "260000026"},
	} {
		l := said("return")
		row.change(&l)
		if !slices.Contains(l.References(), row.want) {
			t.Errorf("%s: %q lacks %s", name, l.References(), row.want)
		}
	}
	if refs := (&Line{}).References(); len(refs) > 0 {
		t.Errorf("an empty line has %q", refs)
	}
}
