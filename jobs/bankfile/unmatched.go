package bankfile

import (
	"context"

	"fund/jobs/bank"
	"fund/sql"
	"fund/workflow/money"
)

// Unmatched is what Import would answer for a file if there were no payment, no claim
// and no bank profile: each line with the reason why it found nothing, by the same rules.
func Unmatched(ctx context.Context, file bank.File) (bank.Answer, error) {
	j := blankJudge(file)
	j.near = map[money.SEK][]sql.BankPayment{} // none, and no database to ask
	a := file.Answer()
	for i, l := range file.Lines {
		if err := j.judge(ctx, l); err != nil {
			return a, err
		}
		led(&a.Lines[i], j.lines[i])
	}
	return a, nil
}
