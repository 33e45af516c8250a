package sqltest

import (
	"fmt"
	"testing"
)

// multiply takes the application, its batch and how many payments the batch shall hold.
const multiply = `
INSERT INTO schools (name, slug, level, operator, town)
SELECT 'Skola ' || g, 'skola-' || g, s.level, s.operator, 'Skellefteå' FROM schools s, generate_series(1, 1000) g WHERE s.id = (SELECT school FROM applications WHERE id = %[1]d);
CREATE TEMPORARY TABLE pupils AS
SELECT g, nextval(pg_get_serial_sequence('applications', 'id')) AS app, nextval(pg_get_serial_sequence('payments', 'id')) AS pay,
       (SELECT min(id) FROM schools WHERE slug = 'skola-1') + g %% 1000 AS school, (ARRAY['internal', 'bankgiro', 'plusgiro', 'iban'])[1 + g %% 4] AS channel
FROM generate_series(2, %[3]d) g;
INSERT INTO applications (id, version, state, scheme, round, school, applicant, title, requested, granted, has_money, dnr, received_at, decided_at, search, record, created_at, updated_at)
OVERRIDING SYSTEM VALUE
SELECT p.app, a.version, a.state, a.scheme, a.round, p.school, a.applicant, a.title, a.requested, a.granted, true, 'M ' || p.g, a.received_at, a.decided_at, a.search, a.record, a.created_at, a.updated_at
FROM applications a, pupils p WHERE a.id = %[1]d;
INSERT INTO events (application, version, at, actor, by_email, action, from_state, to_state, data, data_sha256, prev_hash, hash)
SELECT p.app, e.version, e.at, e.actor, e.by_email, e.action, e.from_state, e.to_state, e.data, e.data_sha256, e.prev_hash, e.hash
FROM events e, pupils p WHERE e.application = %[1]d;
INSERT INTO payments (id, application, n, share, amount, pay, earliest, last, status, channel, batch, reference, uetr)
OVERRIDING SYSTEM VALUE
SELECT p.pay, p.app, y.n, y.share, y.amount, y.pay, y.earliest, y.last, y.status, p.channel, y.batch, 'IF99-U' || lpad(CAST(p.g AS text), 6, '0'), gen_random_uuid()
FROM payments y, pupils p WHERE y.application = %[1]d AND y.batch = %[2]d;
INSERT INTO batch_lines (batch, payment, application, reference, uetr, place, line)
SELECT l.batch, p.pay, p.app, y.reference, y.uetr, p.g,
       l.line || jsonb_build_object('payment', p.pay, 'application', p.app, 'channel', p.channel, 'payee', 'Friskolan nummer ' || p.g, 'town', 'Skellefteå', 'dnr', 'M ' || p.g,
           'account', jsonb_build_object('method', p.channel, 'bankgiro', '59123455', 'plusgiro', '123455', 'iban', 'SE1350000000053681234566', 'cost_centre', '6110'))
FROM batch_lines l, pupils p JOIN payments y ON y.id = p.pay WHERE l.batch = %[2]d AND l.application = %[1]d;
DROP TABLE pupils;
ANALYZE;`

// Multiply makes n cases of one that waits in a batch, at a thousand schools and each
// with its history, in the same batch: three of four are paid by the bank.
func Multiply(t testing.TB, url string, app, batch int64, n int) {
	t.Helper()
	if err := Exec(url, fmt.Sprintf(multiply, app, batch, n)); err != nil {
		t.Fatal(err)
	}
}
