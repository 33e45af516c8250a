package sqltest

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"

	"github.com/lib/pq"
)

// Holding names every column (table.column) of a test database in which a text
// stands, whatever its case: for tests of what must be gone. Bytes are not read.
func Holding(t testing.TB, url, text string) (columns []string) {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(
		`SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type IN ('text', 'jsonb') ORDER BY 1, 2`,
	)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all [][2]string
	for rows.Next() {
		var x [2]string
		if err := rows.Scan(&x[0], &x[1]); err != nil {
			t.Fatal(err)
		}
		all = append(all, x)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		var n int
		if err := db.QueryRow(fmt.Sprintf(`SELECT count(*) FROM %s WHERE position(lower($1) IN lower(CAST(%s AS text))) > 0`, pq.QuoteIdentifier(x[0]), pq.QuoteIdentifier(x[1])), text).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			columns = append(columns, x[0]+"."+x[1])
		}
	}
	return slices.Clip(columns)
}
