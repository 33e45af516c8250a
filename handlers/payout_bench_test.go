package handlers

import (
	"fmt"
	"net/http"
	"testing"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// manyLines is how many payments the large batch holds.
const manyLines = 10_000

// BenchmarkBatch measures what finance waits for with a batch of ten thousand payments:
// its page, what waits for this person today, the list of batches, both attests, and the
// API's answer, which holds every payment. What the same takes with a hundred payments
// stands beside it.
func BenchmarkBatch(b *testing.B) {
	for _, n := range []int{100, manyLines} {
		k := waitingBatch(b, n)
		v := pagesOf(k)
		page := fmt.Sprintf("/payouts/%d", k.batch)
		for _, get := range []struct{ name, path string }{{"page", page}, {"tasks", "/tasks"}, {"payouts", "/payouts"}} {
			b.Run(fmt.Sprintf("%s/%d", get.name, n), func(b *testing.B) {
				for b.Loop() {
					v.get("finance1", get.path, 200)
				}
			})
		}
		b.Run(fmt.Sprintf("api/%d", n), func(b *testing.B) {
			for b.Loop() {
				k.call("finance1", http.MethodGet, fmt.Sprintf("/payout-batches/%d", k.batch), "").want(200)
			}
		})
		b.Run(fmt.Sprintf("attests/%d", n), func(b *testing.B) {
			for b.Loop() {
				v.attests(b, page, k)
				if err := sqltest.Exec(k.url, fmt.Sprintf(`UPDATE batches SET state = 'draft', attest1_by = NULL, attest2_by = NULL, record = record - 'attest1' - 'attest2' WHERE id = %d`, k.batch)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// waitingBatch is a batch of n payments that nobody has attested.
func waitingBatch(t testing.TB, n int) *counter {
	t.Helper()
	k := payable(t, 1)
	made := k.call("finance1", http.MethodPost, "/payout-batches", fmt.Sprintf(`{"applications":[%d],"pay_date":"2026-07-06"}`, k.payees[0].app)).want(201)
	if _, err := fmt.Sscan(fmt.Sprint(made.at("id")), &k.batch); err != nil {
		t.Fatal(err)
	}
	sqltest.Multiply(t, k.url, k.payees[0].app, k.batch, n)
	return k
}

// attests are both steps, on the page and as a person takes them.
func (v *school) attests(t testing.TB, page string, k *counter) {
	t.Helper()
	for _, who := range []string{"finance1", "finance2"} {
		list := []string{"version", k.version()}
		for _, check := range workflow.BatchChecks {
			list = append(list, "checks."+check, "1")
		}
		v.post(who, page+"/"+map[string]string{"finance1": "attest1", "finance2": "attest2"}[who], 303, list...)
	}
}

// version is the batch's, as somebody sees it who opens the page now.
func (k *counter) version() string {
	k.t.Helper()
	var b workflow.Batch
	if err := k.store.InTx(k.t.Context(), func(tx *sql.Tx) (err error) {
		b, err = tx.BatchHead(k.t.Context(), k.batch)
		return err
	}); err != nil {
		k.t.Fatal(err)
	}
	return fmt.Sprint(b.Version)
}
