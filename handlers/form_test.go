package handlers

import (
	"maps"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fund/workflow"
	"fund/workflow/lang"
)

func form(name, value string) *Form { return ReadForm(lang.SV, url.Values{name: {value}}) }

func TestKronorAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		typed string
		want  int64
		none  bool
		fault bool
	}{
		{typed: "83 430", want: 83430},
		{typed: "83\u00a0430", want: 83430},
		{typed: "83\u202f430 kr", want: 83430},
		{typed: "SEK 81 000", want: 81000},
		{typed: " 0 ", want: 0},
		{typed: "−500", want: -500},
		{typed: "500:-", want: 500},
		{typed: "", none: true},
		{typed: "   ", none: true},
		{typed: "83 430,50", none: true, fault: true},
		{typed: "83.430", none: true, fault: true},
		{typed: "många", none: true, fault: true},
		{typed: "0x10", none: true, fault: true},
		{typed: "99999999999999999999", none: true, fault: true},
	} {
		t.Run(tt.typed, func(t *testing.T) {
			t.Parallel()
			f := form("amount", tt.typed)
			got := f.Kronor("amount")
			if (got == nil) != tt.none || (got != nil && *got != tt.want) {
				t.Errorf("Kronor(%q) = %v, want %d (none: %v)", tt.typed, got, tt.want, tt.none)
			}
			if (f.Fault("amount") != "") != tt.fault {
				t.Errorf("Kronor(%q) notes %q, want a fault: %v", tt.typed, f.Fault("amount"), tt.fault)
			}
			if f.Raw("amount") != tt.typed {
				t.Errorf("after reading, the field holds %q, want what was typed: %q", f.Raw("amount"), tt.typed)
			}
		})
	}
}

func TestShownKronorAreReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Int64Range(-maxWhole, maxWhole).Draw(t, "kronor")
		f := NewForm(lang.SV)
		f.SetKronor("amount", &want)
		if got := f.Kronor("amount"); got == nil || *got != want {
			t.Fatalf("shown as %q, read as %v, want %d", f.Raw("amount"), got, want)
		}
	})
}

func TestDaysAreReadAsSwedesWriteThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"2027-04-12": "2027-04-12", "20270412": "2027-04-12", "12/4 2027": "2027-04-12", "12/4/2027": "2027-04-12",
		"12.4.2027": "2027-04-12", "12 april 2027": "2027-04-12", "12 Apr 2027": "2027-04-12", "1 maj 2027": "2027-05-01",
		"3 May 2027": "2027-05-03", "12-4-2027": "2027-04-12", "29 feb 2028": "2028-02-29", "2027 4 12": "2027-04-12",
		"2027-02-30": "", "29 feb 2027": "", "i april": "", "12 ap 2027": "", "12 april": "", "12/13 2027": "",
	} {
		f := form("start", typed)
		got := f.Date("start")
		if got.IsZero() != (want == "") || (want != "" && got.String() != want) {
			t.Errorf("Date(%q) = %s, want %q", typed, got, want)
		}
		if (f.Fault("start") == "") != (want != "") {
			t.Errorf("Date(%q) notes %q", typed, f.Fault("start"))
		}
	}
	if f := form("start", ""); !f.Date("start").IsZero() || !f.OK() {
		t.Error("an empty day is a fault, want none")
	}
	if f := form("start", "nästa vår"); f.Day("start") != "nästa vår" || !f.OK() {
		t.Error("Day does not keep what it cannot read")
	}
}

func TestPercentIsExact(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"80": "0.8", "80 %": "0.8", "7": "0.07", "100": "1", "33,5": "0.335", "0": "0"} {
		f := form("share", typed)
		if got := f.Percent("share"); got == nil || got.String() != want {
			t.Errorf("Percent(%q) = %v (%s), want %s", typed, got, f.Fault("share"), want)
		}
	}
	for _, typed := range []string{"åttio", "8e1", "-5", "1.2.3"} {
		if f := form("share", typed); f.Percent("share") != nil || f.OK() {
			t.Errorf("Percent(%q) was read", typed)
		}
	}
}

func TestMomentIsSwedishTime(t *testing.T) {
	t.Parallel()
	f := ReadForm(lang.SV, url.Values{"now.day": {"2026-09-30"}, "now.time": {"23.58"}})
	got, ok := f.Moment("now")
	if want := "2026-09-30T21:58:00Z"; !ok || got.UTC().Format("2006-01-02T15:04:05Z") != want {
		t.Errorf("Moment = %s (%v), want %s", got.UTC(), ok, want)
	}
	f = ReadForm(lang.SV, url.Values{"now.day": {"2026-09-30"}, "now.time": {"sent"}})
	if _, ok := f.Moment("now"); ok || f.Fault("now.time") == "" {
		t.Error("a time that is none was read")
	}
}

func TestChoiceTakesOnlyWhatWasOffered(t *testing.T) {
	t.Parallel()
	if f := form("kind", "iban"); f.Choice("kind", "bankgiro", "iban") != "iban" || !f.OK() {
		t.Error("an offered choice is refused")
	}
	if f := form("kind", "gold"); f.Choice("kind", "bankgiro", "iban") != "" || f.OK() {
		t.Error("a choice that was never offered is taken")
	}
}

func TestRowsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	typed := url.Values{
		"budget.1.text": {"Flyg"}, "budget.2.text": {"Tåg"}, "budget.2.qty": {"x"}, "budget.4.text": {"Buss"},
		"budget.4.row": {"1"}, "title": {"Pardubice"},
	}
	for _, tt := range []struct {
		button, want, focus string
	}{
		{"add:budget", "Flyg,Tåg,Buss,", "f-budget-4"},
		{"remove:budget:2", "Flyg,Buss", "f-budget-1"},
		{"remove:budget:1", "Tåg,Buss", "f-budget-1"},
		{"up:budget:4", "Flyg,Buss,Tåg", "f-budget-2"},
		{"down:budget:1", "Tåg,Flyg,Buss", "f-budget-2"},
		{"up:budget:1", "Flyg,Tåg,Buss", "f-budget-1"},
		{"down:budget:4", "Flyg,Tåg,Buss", "f-budget-3"},
		{"remove:budget:9", "Flyg,Tåg,Buss", "f-budget-0"},
	} {
		t.Run(tt.button, func(t *testing.T) {
			t.Parallel()
			values := maps.Clone(typed)
			values["row"] = []string{tt.button}
			f := ReadForm(lang.SV, values)
			focus, pressed := f.ChangeRows()
			var texts []string
			for _, n := range f.Rows("budget") {
				texts = append(texts, f.Raw("budget."+strconv.Itoa(n)+".text"))
			}
			if got := strings.Join(texts, ","); got != tt.want || !pressed {
				t.Errorf("rows are %q, want %q", got, tt.want)
			}
			if tt.focus != "f-budget-0" && focus != tt.focus {
				t.Errorf("focus is %q, want %q", focus, tt.focus)
			}
			if want := slices.Collect(seq(len(texts))); !cmp.Equal(f.Rows("budget"), want) {
				t.Errorf("numbers are %v, want %v", f.Rows("budget"), want)
			}
			if f.Raw("title") != "Pardubice" {
				t.Error("another field was lost")
			}
		})
	}
	if _, pressed := ReadForm(lang.SV, typed).ChangeRows(); pressed {
		t.Error("no button was pressed, but rows changed")
	}
}

// TestCoversFollowTheLines moves and removes budget lines that funding names by their numbers.
func TestCoversFollowTheLines(t *testing.T) {
	t.Parallel()
	for button, want := range map[string]string{
		"remove:budget:1": "1, 2", "remove:budget:2": "2", "remove:budget:3": "2",
		"up:budget:3": "3, 2", "down:budget:1": "1, 3", "add:budget": "2, 3", "remove:funding:2": "2 3",
	} {
		f := ReadForm(lang.SV, url.Values{"row": {button}, "budget.1.text": {"Flyg"}, "budget.2.text": {"Tåg"}, "budget.3.text": {"Buss"}, "budget.4.text": {"Mat"},
			"funding.1.covers": {"2 3"}, "funding.2.covers": {"x"}})
		f.ChangeRows()
		if got := f.Raw("funding.1.covers"); got != want {
			t.Errorf("%s: covers %q, want %q", button, got, want)
		}
		if got := f.Raw("funding.2.covers"); strings.Contains(button, "budget") && got != "x" {
			t.Errorf("%s: what is no number became %q", button, got)
		}
	}
}

func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 1; i <= n && yield(i); i++ {
		}
	}
}

func TestRemovingTheLastRowLeadsToTheSet(t *testing.T) {
	t.Parallel()
	f := ReadForm(lang.SV, url.Values{"goals.1.goal": {"x"}, "row": {"remove:goals:1"}})
	if focus, _ := f.ChangeRows(); focus != "f-goals" || len(f.Rows("goals")) != 0 {
		t.Errorf("focus %q, rows %v", focus, f.Rows("goals"))
	}
}

func TestRefusedFieldsAreNamedAsTheirControls(t *testing.T) {
	t.Parallel()
	f := NewForm(lang.SV)
	f.Refuse(workflow.Violations{{Field: "budget[1].qty", Code: "nothing_of_the_kind"}, {Code: "four_eyes"}})
	f.Refuse(workflow.Violations{{Field: "budget[1].qty", Code: "again"}})
	if len(f.Errors) != 2 || f.Errors[0].ID() != "f-budget-2-qty" || f.Fault("budget.2.qty") == "" {
		t.Errorf("errors are %+v", f.Errors)
	}
	if got := len(f.FaultUnder("budget.2")); got != 1 {
		t.Errorf("row 2 has %d faults, want 1", got)
	}
	if got := len(f.FaultUnder("budget.22")); got != 0 {
		t.Errorf("row 22 has %d faults, want 0", got)
	}
}

func TestFormReadsTheBodyAlone(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "/x?title=address", strings.NewReader("title=body&sum=1"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f, err := FormOf(r, lang.EN)
	if err != nil || f.Raw("title") != "body" || f.Lang != lang.EN {
		t.Errorf("title = %q (%v), want what the body says", f.Raw("title"), err)
	}
	r = httptest.NewRequest("POST", "/x", strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nfile form\r\n--b--\r\n"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	if f, err = FormOf(r, lang.SV); err != nil || f.Raw("title") != "file form" {
		t.Errorf("title = %v (%v), want what the parts say", f, err)
	}
}

func TestSetShowsEveryKindOfValue(t *testing.T) {
	t.Parallel()
	n, yes := int64(24), true
	var none *int64
	f := NewForm(lang.SV)
	for name, value := range map[string]any{
		"n": &n, "none": none, "t": "text", "b": true, "nb": false, "yes": &yes, "list": []string{"a", "b"}, "day": workflow.NewDate(2027, 4, 12),
	} {
		f.Set(name, value)
	}
	want := url.Values{"n": {"24"}, "t": {"text"}, "b": {"1"}, "yes": {"yes"}, "list": {"a", "b"}, "day": {"2027-04-12"}}
	if diff := cmp.Diff(want, f.values); diff != "" {
		t.Error(diff)
	}
	if got := f.YesNo("yes"); got == nil || !*got || f.YesNo("t") != nil {
		t.Errorf("YesNo = %v", got)
	}
}
