-- Payout batches.

-- name: insert-batch
INSERT INTO batches (state, message_id, record, created_at)
VALUES ('draft', :message_id, :record, :at)
RETURNING id;

-- name: batch-for-update
SELECT id, version, state, record
FROM batches
WHERE id = :id
FOR UPDATE;

-- name: batch
SELECT id, version, state, record
FROM batches
WHERE id = :id;

-- name: list-batches
SELECT id, version, state, record
FROM batches
WHERE id > :after
ORDER BY id
LIMIT :limit;

-- name: update-batch
UPDATE batches
SET version = :version, state = :state, record = :record, attest1_by = :attest1, attest2_by = :attest2
WHERE id = :id AND version = :version - 1;

-- name: insert-lines
INSERT INTO batch_lines (batch, payment, application, reference, uetr, place, line)
SELECT batch, payment, application, reference, uetr, place, line
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (batch bigint, payment bigint, application bigint, reference text, uetr uuid, place int, line jsonb);

-- A cancelled batch lets go of its payments; its lines keep how they stood then.
-- name: end-lines
UPDATE batch_lines l
SET live = false, line = jsonb_set(l.line, '{status}', to_jsonb(p.status))
FROM payments p
WHERE p.id = l.payment AND l.batch = :batch;

-- The lines of a batch in their order: what was attested, how each payment stands now
-- (a cancelled batch keeps how it stood), and who may not attest it.
-- name: batch-lines
SELECT l.line, p.status, p.paid_on, p.voucher, coalesce(l.reference, p.reference, '') AS reference, NOT l.live AS ended,
       coalesce(CAST(coalesce(l.uetr, p.uetr) AS text), '') AS uetr, EXISTS (SELECT 1 FROM payments s WHERE s.application = p.application AND s.n = p.n AND (s.disputed OR s.return_waits)) AS disputed,
       coalesce((SELECT jsonb_agg(ap.person) FROM application_people ap WHERE ap.application = p.application AND ap.relation = 'conflict'), '[]') AS conflicted
FROM batch_lines l
JOIN payments p ON p.id = l.payment
WHERE l.batch = :batch AND l.place > :after
ORDER BY l.place
LIMIT :limit;

-- What some batches come to, way by way: nothing of a line is read but its sum.
-- name: batch-channels
SELECT l.batch, coalesce(l.line ->> 'channel', '') AS channel, count(*) AS payments, sum(CAST(l.line ->> 'amount_ore' AS bigint)) AS ore,
       count(*) FILTER (WHERE CASE WHEN l.live THEN p.status ELSE l.line ->> 'status' END NOT IN ('paid', 'replaced')) AS open
FROM batch_lines l
JOIN payments p ON p.id = l.payment
WHERE l.batch = ANY (:batches)
GROUP BY l.batch, l.line ->> 'channel'
ORDER BY l.batch, min(l.place);

-- Who may not attest some batches: who decided a grant in it, who is in conflict, and
-- the schools whose people it pays.
-- name: batch-barred
WITH one AS MATERIALIZED ( -- each line is read once, and most say the same
    SELECT DISTINCT batch, line ->> 'decider' AS decider, line ->> 'school_id' AS school FROM batch_lines WHERE batch = ANY (:batches)
)
SELECT batch, 'decider' AS why, CAST(decider AS bigint) AS id, 0 AS lines FROM one
UNION
SELECT batch, 'school', CAST(school AS bigint), 0 FROM one
UNION
SELECT l.batch, 'conflict', ap.person, count(*)
FROM batch_lines l
JOIN payments p ON p.id = l.payment
JOIN application_people ap ON ap.application = p.application AND ap.relation = 'conflict'
WHERE l.batch = ANY (:batches)
GROUP BY l.batch, ap.person;

-- Payments of a batch that stand in one of these ways and are in no doubt, what goes by
-- the books first, and how many there are.
-- name: batch-lines-standing
SELECT p.id, coalesce(l.reference, p.reference, '') AS reference, coalesce(l.line ->> 'payee', '') AS payee, coalesce(l.line ->> 'channel', '') AS channel,
       CAST(l.line ->> 'amount_ore' AS bigint) AS ore, count(*) OVER () AS all
FROM batch_lines l
JOIN payments p ON p.id = l.payment
WHERE l.batch = :batch AND l.live AND p.status = ANY (:statuses)
  AND NOT EXISTS (SELECT 1 FROM payments s WHERE s.application = p.application AND s.n = p.n AND (s.disputed OR s.return_waits))
  AND NOT EXISTS (SELECT 1 FROM application_people k WHERE k.application = p.application AND k.person = :reader AND k.relation = 'conflict')
ORDER BY l.line ->> 'channel' <> 'internal', l.place
LIMIT :limit;

-- Payments to the bank that go to the same account with the same amount: one of them may
-- be a mistake, which the first attest must look at.
-- name: batch-twins
WITH one AS MATERIALIZED ( -- as text, since to hash and compare jsonb takes several times as long
    SELECT payment, place, reference, CAST((line -> 'account') - 'holder' AS text) || ' ' || (line ->> 'amount_ore') AS target
    FROM batch_lines
    WHERE batch = :batch AND line ->> 'channel' <> 'internal'
      AND NOT EXISTS (SELECT 1 FROM application_people k WHERE k.application = batch_lines.application AND k.person = :reader AND k.relation = 'conflict')
), twins AS (
    SELECT target, count(*) AS count, min(place) AS first FROM one GROUP BY target HAVING count(*) > 1 ORDER BY min(place) LIMIT :limit
)
SELECT t.count, (SELECT array_agg(coalesce(n.reference, p.reference, '') ORDER BY n.place)
                 FROM (SELECT payment, place, reference FROM one WHERE one.target IS NOT DISTINCT FROM t.target ORDER BY place LIMIT :names) n
                 JOIN payments p ON p.id = n.payment) AS names
FROM twins t
ORDER BY t.first;

-- What the files say of each payment, in the order of the batch.
-- name: export-lines
SELECT l.line, coalesce(l.reference, p.reference, '') AS reference, coalesce(CAST(coalesce(l.uetr, p.uetr) AS text), '') AS uetr,
       coalesce(s.name, l.line ->> 'payee', '') AS school, coalesce(s.unit_code, '') AS unit_code, CASE WHEN s.id IS NULL THEN a.org_no ELSE s.operator_org END AS org_no
FROM batch_lines l
JOIN payments p ON p.id = l.payment
JOIN applications a ON a.id = l.application
LEFT JOIN schools s ON s.id = a.school
WHERE l.batch = :batch AND (:channels = '' OR l.line ->> 'channel' = ANY (string_to_array(:channels, ',')))
ORDER BY l.place
OFFSET :skip LIMIT :count;

-- Some lines after a place: for steps that write while they read.
-- name: batch-lines-after
SELECT l.place, l.application, CAST(l.line ->> 'n' AS int) AS n, p.status
FROM batch_lines l
JOIN payments p ON p.id = l.payment
WHERE l.batch = :batch AND l.place > :after
ORDER BY l.place
LIMIT :limit;

-- Batches with what they hold and what of it has no end yet, newest first: for lists.
-- name: batch-sums
SELECT b.id, b.version, b.state, b.record, count(l.payment) AS payments, coalesce(sum(CAST(l.line ->> 'amount_ore' AS bigint)), 0) AS ore,
       count(l.payment) FILTER (WHERE l.live AND p.status IN ('exported', 'sent', 'accepted', 'unclear')) AS away,
       coalesce(sum(CAST(l.line ->> 'amount_ore' AS bigint)) FILTER (WHERE l.live AND p.status IN ('exported', 'sent', 'accepted', 'unclear')), 0) AS away_ore
FROM (SELECT * FROM batches WHERE (state NOT IN ('settled', 'cancelled')) = :open ORDER BY id DESC LIMIT :limit) b
LEFT JOIN batch_lines l ON l.batch = b.id
LEFT JOIN payments p ON p.id = l.payment
GROUP BY b.id, b.version, b.state, b.record
ORDER BY b.id DESC;
