package handlers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"fund/sql/sqltest"
	"fund/workflow"
)

// parts keeps what is written, and the largest of the writes.
type parts struct {
	*httptest.ResponseRecorder
	writes, largest int
	meanwhile       func()
}

func (p *parts) Write(b []byte) (int, error) {
	if p.writes++; p.writes == 1 && p.meanwhile != nil {
		p.meanwhile()
	}
	p.largest = max(p.largest, len(b))
	return p.ResponseRecorder.Write(b)
}

// TestBatchIsAnsweredInParts: the answer is the one that is made of all lines at once,
// but no more than a part of them is ever held.
func TestBatchIsAnsweredInParts(t *testing.T) {
	t.Parallel()
	for _, n := range []int{batchPart - 1, batchPart, 3*batchPart + 7} {
		k := waitingBatch(t, n)
		path := fmt.Sprintf("%s/payout-batches/%d", apiPrefix, k.batch)
		ask := func(p *parts) *parts {
			req := httptest.NewRequest(http.MethodGet, path, nil)
			req.Header.Set("Authorization", "Bearer "+k.token("finance1"))
			p.ResponseRecorder = httptest.NewRecorder()
			k.handler.ServeHTTP(p, req)
			return p
		}
		got := ask(&parts{})
		person, err := k.store.PersonByEmail(t.Context(), "finance1@example.org")
		if err != nil {
			t.Fatal(err)
		}
		by := workflow.Act(person)
		whole, err := k.store.Batch(t.Context(), by, k.batch)
		if err != nil {
			t.Fatal(err)
		}
		want, err := representBatch(whole, nil, by)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Body.Bytes(), raw) || got.Header().Get("ETag") != etag(whole.Version) || got.Code != http.StatusOK {
			t.Errorf("%d payments: %d, ETag %s, %d bytes, want %d", n, got.Code, got.Header().Get("ETag"), got.Body.Len(), len(raw))
		}
		if n > 2*batchPart && (got.writes < 4 || got.largest > len(raw)/2) {
			t.Errorf("%d payments in %d writes, the largest of %d bytes among %d", n, got.writes, got.largest, len(raw))
		}
		if n < 2*batchPart {
			continue
		}
		func() {
			defer func() {
				if p := recover(); p != http.ErrAbortHandler {
					t.Errorf("a batch that changed meanwhile: %v, want the connection to end", p)
				}
			}()
			half := ask(&parts{meanwhile: func() {
				if err := sqltest.Exec(k.url, fmt.Sprintf("UPDATE batches SET version = version + 1 WHERE id = %d", k.batch)); err != nil {
					t.Error(err)
				}
			}})
			t.Errorf("answered %d with %d bytes", half.Code, half.Body.Len())
		}()
	}
}
