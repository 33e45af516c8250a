package workflow

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/se"
)

// bankCalendar holds the days on which no Swedish bank books. The library's
// list has all of them: public holidays, 6 June, and the eves of midsummer,
// Christmas and New Year, which are no public holidays but closed all the same.
// Its cache stays off, as that is a map without a lock.
var bankCalendar = sync.OnceValue(func() *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(se.Holidays...)
	return c
})

// BankDay says whether banks in Sweden book payments on the day: not on
// Saturdays, Sundays, 1 and 6 January, Good Friday, Easter Monday, 1 May,
// Ascension Day, 6 June, Midsummer Eve, 24, 25, 26 and 31 December.
func BankDay(d Date) bool {
	if d.IsZero() {
		return false
	}
	// At noon UTC, so that no zone can move the day.
	return bankCalendar().IsWorkday(d.utc().Add(12 * time.Hour))
}

// NextBankDay is the day itself if it is a bank day, else the first one after it. No day stays no day.
func NextBankDay(d Date) Date {
	for !d.IsZero() && !BankDay(d) {
		d = d.AddDays(1)
	}
	return d
}

// AddBankDays is the nth bank day after the day, or before it if n is
// negative. With 0 it is the day itself, bank day or not.
func AddBankDays(d Date, n int) Date {
	if d.IsZero() {
		return d
	}
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d = d.AddDays(step)
		if BankDay(d) {
			n--
		}
	}
	return d
}

// BankDaysUntil counts the bank days after from, up to and with to; 0 if to is not later.
func BankDaysUntil(from, to Date) int {
	n := 0
	if from.IsZero() {
		return n
	}
	for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
		if BankDay(d) {
			n++
		}
	}
	return n
}
