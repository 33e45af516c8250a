-- The nightly proof that the books hold. Each check lists what does not, in few
-- words that name no person: nothing is right.

-- Every balance is the sum of its entries.
-- name: check-balances
SELECT coalesce(b.round, s.round) || ' ' || coalesce(b.account, s.account) || ' ' || coalesce(b.balance, 0) || ' / ' || coalesce(s.sum, 0)
FROM round_balances b
FULL JOIN (
    SELECT round, account, sum(amount) AS sum
    FROM (SELECT round, to_acc AS account, amount FROM ledger UNION ALL SELECT round, from_acc, -amount FROM ledger) e
    GROUP BY round, account) s ON s.round = b.round AND s.account = b.account
WHERE coalesce(b.balance, 0) <> coalesce(s.sum, 0)
LIMIT 50;

-- What the ledger calls paid is what the payments say.
-- name: check-paid
SELECT coalesce(a.dnr, CAST(a.id AS text)) || ' ' || coalesce(l.paid, 0) || ' / ' || coalesce(p.paid, 0)
FROM applications a
LEFT JOIN (SELECT application, sum(CASE kind WHEN 'paid' THEN amount ELSE -amount END) AS paid FROM ledger WHERE kind IN ('paid', 'returned') GROUP BY application) l ON l.application = a.id
LEFT JOIN (SELECT application, sum(coalesce(pay, amount)) AS paid FROM payments WHERE status = 'paid' GROUP BY application) p ON p.application = a.id
WHERE coalesce(l.paid, 0) <> coalesce(p.paid, 0)
LIMIT 50;

-- A payment that has left is in exactly one batch that was exported.
-- name: check-lines
SELECT coalesce(p.reference, CAST(p.id AS text))
FROM payments p
WHERE p.status IN ('exported', 'sent', 'accepted', 'unclear', 'paid', 'rejected', 'returned')
  AND (SELECT count(*) FROM batch_lines l JOIN batches b ON b.id = l.batch
       WHERE l.payment = p.id AND l.live AND b.state IN ('exported', 'sent', 'settled')) <> 1
LIMIT 50;

-- Stored files are the bytes that were made.
-- name: check-files
SELECT b.message_id || ' ' || d.name
FROM documents d
JOIN batches b ON b.id = d.batch
WHERE d.sha256 <> encode(sha256(coalesce((SELECT string_agg(c.body, CAST('' AS bytea) ORDER BY c.n) FROM document_chunks c WHERE c.document = d.id), CAST('' AS bytea))), 'hex')
LIMIT 50;

-- The lines that were attested are the payments, to the öre.
-- name: check-sums
SELECT b.message_id || ' ' || coalesce(l.reference, CAST(l.payment AS text))
FROM batch_lines l
JOIN batches b ON b.id = l.batch
JOIN payments p ON p.id = l.payment
WHERE l.live AND b.state IN ('exported', 'sent', 'settled') AND CAST(l.line ->> 'amount_ore' AS bigint) IS DISTINCT FROM coalesce(p.pay, p.amount) * 100
LIMIT 50;

-- An account changed after somebody attested it, and before the files were made.
-- name: check-accounts
SELECT b.message_id || ' ' || coalesce(l.reference, CAST(l.payment AS text))
FROM batch_lines l
JOIN batches b ON b.id = l.batch
JOIN applications a ON a.id = l.application
WHERE l.live AND b.state IN ('attested_1', 'attested_2') AND coalesce(CAST(l.line ->> 'account_version' AS int), 0) <> coalesce(CAST(a.record -> 'account' ->> 'version' AS int), 0)
LIMIT 50;

-- Nothing is paid without a decision.
-- name: check-undecided
SELECT coalesce(p.reference, CAST(p.id AS text))
FROM payments p
JOIN applications a ON a.id = p.application
WHERE p.status = 'paid' AND coalesce(a.record -> 'decision', 'null') = 'null' AND jsonb_array_length(coalesce(nullif(a.record -> 'annulled', 'null'), '[]')) = 0
LIMIT 50;

-- The bank has said nothing for too long.
-- name: check-unanswered
SELECT coalesce(p.reference, CAST(p.id AS text)) || ' ' || p.status
FROM payments p
JOIN batches b ON b.id = p.batch
WHERE p.channel <> 'internal' AND (p.status = 'sent' AND b.record ->> 'sent_on' < :sent_before OR p.status = 'accepted' AND b.record ->> 'sent_on' < :accepted_before)
LIMIT 50;

-- The same account, sum and day twice.
-- name: check-twice
SELECT min(x.reference) || ' ' || max(x.reference)
FROM (
    SELECT coalesce(l.reference, '') AS reference, l.line ->> 'account' AS account, l.line ->> 'amount_ore' AS ore, b.record ->> 'execution_day' AS day
    FROM batch_lines l
    JOIN batches b ON b.id = l.batch
    JOIN payments p ON p.id = l.payment
    WHERE l.live AND p.channel <> 'internal' AND p.status NOT IN ('rejected', 'returned', 'replaced', 'dropped') AND b.created_at > :since) x
GROUP BY x.account, x.ore, x.day
HAVING count(*) > 1
LIMIT 50;

-- Paid in another year than it was ordered for.
-- name: check-years
SELECT coalesce(p.reference, CAST(p.id AS text)) || ' ' || p.paid_on
FROM payments p
JOIN batches b ON b.id = p.batch
WHERE p.status = 'paid' AND b.created_at > :since AND CAST(extract(year FROM p.paid_on) AS text) <> left(b.record ->> 'execution_day', 4)
LIMIT 50;

-- Lines of the bank that nobody has placed.
-- name: check-waiting
SELECT f.message_id || ' ' || l.n
FROM bank_lines l
JOIN bank_files f ON f.id = l.file
WHERE l.waits AND f.at < :waits_before
LIMIT 50;

-- name: insert-self-check
INSERT INTO self_checks (day, at, green, result)
VALUES (CAST(:day AS date), :at, :green, :result)
ON CONFLICT (day) DO UPDATE
SET at = EXCLUDED.at, green = EXCLUDED.green, result = EXCLUDED.result;

-- name: self-check-last
SELECT day, at, green, result
FROM self_checks
ORDER BY day DESC
LIMIT 1;

-- name: self-check-green
SELECT day, at, green, result
FROM self_checks
WHERE green
ORDER BY day DESC
LIMIT 1;

-- The next night's check, unless one is waiting already.
-- name: ensure-self-check
INSERT INTO outbox (kind, data, run_at, created_at)
SELECT 'self_check', '{}', :run_at, :at
WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE kind = 'self_check' AND done_at IS NULL AND dead_at IS NULL AND id <> :own)
RETURNING id;

-- name: payments-under-way
SELECT count(*)
FROM payments
WHERE status IN ('in_batch', 'exported', 'sent', 'accepted', 'unclear') OR disputed OR return_waits;

-- What moved in each round's ledger, month by month in Swedish time.
-- name: ledger-months
SELECT l.round, to_char(l.at AT TIME ZONE 'Europe/Stockholm', 'YYYY-MM') AS month, l.kind, l.from_acc, l.to_acc, sum(l.amount) AS amount
FROM ledger l
GROUP BY l.round, month, l.kind, l.from_acc, l.to_acc
ORDER BY l.round, month;

-- The same by accounting year: an entry is the year's in which it was booked. earlier is
-- what was paid of grants that an earlier year decided.
-- name: ledger-years
SELECT round, year AS month, kind, from_acc, to_acc, sum(amount) AS amount,
       sum(CASE WHEN kind = 'paid' AND decided < year THEN amount ELSE 0 END) AS earlier
FROM (
    SELECT l.round, to_char(coalesce(l.day, CAST(l.at AT TIME ZONE 'Europe/Stockholm' AS date)), 'YYYY') AS year, l.kind, l.from_acc, l.to_acc, l.amount,
           (SELECT min(to_char(g.at AT TIME ZONE 'Europe/Stockholm', 'YYYY')) FROM ledger g WHERE g.application = l.application AND g.kind = 'granted') AS decided
    FROM ledger l) e
GROUP BY round, year, kind, from_acc, to_acc
ORDER BY round, year;

-- What was booked in a month, whenever it was told.
-- name: ledger-booked
SELECT round, :month AS month, kind, from_acc, to_acc, sum(amount) AS amount
FROM ledger
WHERE to_char(coalesce(day, CAST(at AT TIME ZONE 'Europe/Stockholm' AS date)), 'YYYY-MM') = :month
GROUP BY round, kind, from_acc, to_acc
ORDER BY round;

-- The entries behind the numbers of a month; of a case that the caller is in conflict
-- with, the sum alone.
-- name: ledger-lines
SELECT l.id, l.round, l.at, to_char(coalesce(l.day, CAST(l.at AT TIME ZONE 'Europe/Stockholm' AS date)), 'YYYY-MM-DD') AS day, l.kind, l.from_acc, l.to_acc, l.amount,
       coalesce(a.id, 0) AS application, coalesce(a.dnr, '') AS dnr, coalesce(a.title, '') AS title
FROM ledger l
LEFT JOIN applications a ON a.id = l.application
    AND NOT EXISTS (SELECT 1 FROM application_people p WHERE p.application = a.id AND p.person = :by AND p.relation = 'conflict')
WHERE l.id > :after AND (:month = '' OR to_char(l.at AT TIME ZONE 'Europe/Stockholm', 'YYYY-MM') = :month)
ORDER BY l.id
LIMIT :limit;

-- name: month-signatures
SELECT x.month, x.n, x.figures, x.sha256, x.note, p.email, x.at
FROM month_signatures x
JOIN people p ON p.id = x.signed_by
ORDER BY x.month, x.n;

-- name: insert-month-signature
INSERT INTO month_signatures (month, n, figures, sha256, note, signed_by, at)
VALUES (:month, :n, :figures, :sha256, :note, :by, :at)
ON CONFLICT DO NOTHING;
