package handlers

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// Text is the field without space around it. Line ends are as on Unix.
func (f *Form) Text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(f.Raw(name), "\r\n", "\n"))
}

// Need is Text, and an empty field is a fault.
func (f *Form) Need(name string) string {
	text := f.Text(name)
	if text == "" {
		f.Fail(name, "form.required")
	}
	return text
}

// Kronor reads whole kronor: 83 430, with any kind of space, and kr or SEK
// around it. Empty is nil and no fault; what cannot be read is a fault and nil.
func (f *Form) Kronor(name string) *int64 {
	text := strings.ToLower(f.Text(name))
	for _, unit := range []string{"kr", "sek", ":-"} {
		text = strings.TrimPrefix(strings.TrimSuffix(text, unit), unit)
	}
	for _, none := range []string{",00", ",-"} { // no öre
		text = strings.TrimSuffix(strings.TrimSpace(text), none)
	}
	return f.whole(name, text, "form.kronor")
}

// Int reads a whole number. Empty is nil and no fault.
func (f *Form) Int(name string) *int64 { return f.whole(name, f.Text(name), "form.int") }

// notBelowZero faults a number that was read and is less than nothing.
func (f *Form) notBelowZero(name string, n *int64) *int64 {
	if n != nil && *n < 0 {
		f.Fail(name, "violation.negative")
	}
	return n
}

// maxWhole keeps sums of any number of fields far below overflow.
const maxWhole = 1_000_000_000_000

func (f *Form) whole(name, text, fault string) *int64 {
	text = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '\u202f', '\u2009':
			return -1
		case '\u2212', '–':
			return '-'
		}
		return r
	}, text)
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n > maxWhole || n < -maxWhole {
		f.Fail(name, fault)
		return nil
	}
	return &n
}

// Percent reads a share written in percent: 80 or 80 %. Empty is nil and no fault.
func (f *Form) Percent(name string) *money.Share {
	text := strings.TrimSpace(strings.TrimSuffix(f.Text(name), "%"))
	if text == "" {
		return nil
	}
	digits := strings.ReplaceAll(text, ",", ".")
	// Two places to the left, so that 80 becomes 0.80 without a float.
	before, after, _ := strings.Cut(digits, ".")
	for len(before) < 3 {
		before = "0" + before
	}
	s, err := money.ParseShare(before[:len(before)-2] + "." + before[len(before)-2:] + after)
	if err != nil || strings.ContainsAny(text, "eE+-") {
		f.Fail(name, "form.percent")
		return nil
	}
	return &s
}

// Date reads a day: 2027-04-12, 20270412, 12/4 2027, 12.4.2027 or 12 april
// 2027. Empty is the zero Date and no fault.
func (f *Form) Date(name string) workflow.Date {
	text := f.Text(name)
	if text == "" {
		return workflow.Date{}
	}
	d, ok := readDate(text)
	if !ok {
		f.Fail(name, "form.date")
	}
	return d
}

// Day is Date as text for fields that are kept as written: what can be read
// comes as 2027-04-12, anything else as it is and without a fault.
func (f *Form) Day(name string) string {
	text := f.Text(name)
	if d, ok := readDate(text); ok {
		return d.String()
	}
	return text
}

func readDate(text string) (workflow.Date, bool) {
	text = strings.Join(strings.Fields(strings.NewReplacer("/", " ", ".", " ", "\u00a0", " ", ",", " ").Replace(text)), " ")
	for _, layout := range []string{"2006-01-02", "20060102", "2006 1 2", "2 1 2006", "2-1-2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return workflow.NewDate(t.Year(), t.Month(), t.Day()), true
		}
	}
	parts := strings.Fields(strings.ToLower(text))
	if len(parts) != 3 {
		return workflow.Date{}, false
	}
	for month := time.January; month <= time.December; month++ {
		for _, l := range lang.All() {
			// The language's own word for the month, without and with its tail.
			word := strings.ToLower(strings.Fields(strings.ReplaceAll(lang.ShortDate(l, time.Date(2026, month, 1, 12, 0, 0, 0, time.UTC)), "\u00a0", " "))[1])
			if len(parts[1]) < 3 || !strings.HasPrefix(word, parts[1]) {
				continue
			}
			if t, err := time.Parse("2 1 2006", parts[0]+" "+strconv.Itoa(int(month))+" "+parts[2]); err == nil {
				return workflow.NewDate(t.Year(), t.Month(), t.Day()), true
			}
		}
	}
	return workflow.Date{}, false
}

// Moment reads a day and a clock from <name>.day and <name>.time (23.58 or
// 23:58) in Swedish time. ok is false, with the fault noted, where one is
// missing or cannot be read.
func (f *Form) Moment(name string) (time.Time, bool) {
	if f.Need(name+".day") == "" {
		return time.Time{}, false
	}
	day := f.Date(name + ".day")
	clock, err := time.Parse("15:04", strings.ReplaceAll(f.Text(name+".time"), ".", ":"))
	if err != nil {
		f.Fail(name+".time", "form.clock")
		return time.Time{}, false
	}
	return day.At(clock.Hour(), clock.Minute()), !day.IsZero()
}

// Choice is the chosen value, if it is one of those allowed. Nothing chosen is
// empty and no fault; a value that was never offered is a fault.
func (f *Form) Choice(name string, allowed ...string) string {
	v := f.Raw(name)
	if v != "" && !slices.Contains(allowed, v) {
		f.Fail(name, "form.choice")
		return ""
	}
	return v
}

// Bool tells whether a box is ticked.
func (f *Form) Bool(name string) bool { return f.Raw(name) != "" }

// YesNo is a pair of radio buttons with the values yes and no; nil is neither.
func (f *Form) YesNo(name string) *bool {
	switch f.Raw(name) {
	case "yes":
		yes := true
		return &yes
	case "no":
		var no bool
		return &no
	}
	return nil
}

// lines are the lines of a text that hold something.
func (f *Form) lines(name string) []string {
	list := []string{}
	for line := range strings.Lines(f.Text(name)) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// List is every value of the name that is not empty, trimmed.
func (f *Form) List(name string) (list []string) {
	for _, v := range f.All(name) {
		if v = strings.TrimSpace(v); v != "" {
			list = append(list, v)
		}
	}
	return list
}
