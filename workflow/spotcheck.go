package workflow

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"fund/workflow/money"
)

// Why a report is looked into, besides the draw (domain 9.4).
const (
	SpotDrawn    = "drawn"           // the lot fell on it
	SpotLate     = "late"            // it came after its day
	SpotLine     = "line_difference" // a budget line came to more than report_line_difference over or under the plan
	SpotNewPayee = "new_payee"       // paid outside the municipality, to somebody whom the fund had not paid before
)

// SpotCheck is the draw for a report, made once, when it is first filed, and the
// risks seen then. It is the office's: no page, finding or event tells the school
// of it until the officer asks for receipts.
type SpotCheck struct {
	Key     string      `json:"key"`    // what the number was made of, together with the round's secret
	Number  int64       `json:"number"` // 0…999 999
	Share   money.Share `json:"share"`  // spot_check_share of the round
	Drawn   bool        `json:"drawn"`
	Reasons []string    `json:"reasons,omitempty"` // SpotDrawn and the risks

	SeedSHA256 string `json:"seed_sha256,omitempty"` // of the secret that was used; empty: made of the key alone, before there were secrets
}

// lots is how many numbers there are in the draw.
const lots = 1_000_000

// SpotNumber makes a key's number: the first four bytes of the SHA-256 of the round's
// secret, a space and the key, read as a number below 2³², as millionths of 2³²,
// rounded down. The secret is drawn at random when the round is made and its own
// SHA-256 published with the round, so that nobody can reckon the number before
// the report is filed; when the round is over it is told, and anybody can make
// the number again:
//
//	printf %s "$SEED" | sha256sum                                 # is what was published
//	printf %s "$SEED HT26 IF 2026/0001" | sha256sum | cut -c1-8   # hexadecimal; × 1 000 000 ÷ 4 294 967 296
func SpotNumber(seed, key string) int64 {
	if seed != "" {
		key = seed + " " + key
	}
	sum := sha256.Sum256([]byte(key))
	return int64(binary.BigEndian.Uint32(sum[:4])) * lots >> 32
}

// SeedHash is what is published of a round's secret: the SHA-256 of its hexadecimal text.
func SeedHash(seed string) string {
	if seed == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(seed))
	return hex.EncodeToString(sum[:])
}

// SpotLimit is the number below which a report is drawn: 100 000 for a share of 0.1.
func SpotLimit(share money.Share) int64 { return share.Of(lots) }

// DrawSpotCheck draws for the case's report and lists its risks. The key is the
// round's id, a space and the case's number in the register.
func DrawSpotCheck(c Case) SpotCheck {
	s := SpotCheck{Key: c.Round.ID + " " + c.App.DNR, Share: c.Round.Rules.SpotCheckShare, SeedSHA256: SeedHash(c.Facts.SpotSeed)}
	s.Number = SpotNumber(c.Facts.SpotSeed, s.Key)
	s.Drawn = s.Number < SpotLimit(s.Share)
	because := func(on bool, reason string) {
		if on {
			s.Reasons = append(s.Reasons, reason)
		}
	}
	because(s.Drawn, SpotDrawn)
	due := c.ReportDueOn()
	because(!due.IsZero() && DateOf(c.App.Report.FirstSubmittedAt).After(due), SpotLate)
	because(len(lineDifferences(c)) > 0, SpotLine)
	because(Channel(c) != "internal" && !c.Facts.PaidBefore, SpotNewPayee)
	return s
}

// lineDifference is a cost that is further from its plan than the rules let pass without a word. Whole kronor.
type lineDifference struct{ line, planned, actual int64 }

// lineDifferences lists those of the case's report, over or under (report_line_difference).
func lineDifferences(c Case) (list []lineDifference) {
	for _, l := range c.App.Form.Lines() {
		for _, act := range c.App.Report.Actual {
			diff := act.Amount - l.Sum()
			if act.Line == l.Line && !c.Round.Rules.ReportLineDifference.AtMost(max(diff, -diff), l.Sum()) {
				list = append(list, lineDifference{l.Line, l.Sum(), act.Amount})
			}
		}
	}
	return list
}

// unexplained lists the differences of the case's report while the school has not said why (domain 9.4).
func unexplained(c Case) []lineDifference {
	if strings.TrimSpace(c.App.Report.Texts[DifferencesText]) != "" {
		return nil
	}
	return lineDifferences(c)
}

// Unexplained lists the budget lines of the case's report whose cost differs so much that the school is asked why (domain 9.4).
func Unexplained(c Case) (lines []int64) {
	for _, d := range unexplained(c) {
		lines = append(lines, d.line)
	}
	return lines
}

// spotCheck tells the officer, while the report waits for a word, that it is to be looked into.
func (f *finder) spotCheck() {
	s := f.c.App.Report.SpotCheck
	if f.c.App.State != ReportSubmitted || s == nil || len(s.Reasons) == 0 {
		return
	}
	f.add("", Warning, "report", SpotCheckCode, "Reasons", s.Reasons, "Key", s.Key, "Number", s.Number, "Limit", SpotLimit(s.Share),
		"Percent", f.c.Round.Rules.ReportLineDifference.Percent())
}

// SpotCheckCode is the finding's code, and the draw's name in the event of the filing.
const SpotCheckCode = "spot_check"
