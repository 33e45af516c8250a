-- What the bank answers. Files are taken in one after the other, so that two at
-- once give what one after the other gives.

-- name: lock-bank
SELECT pg_advisory_xact_lock(7143);

-- name: insert-bank-file
INSERT INTO bank_files (sha256, kind, version, message_id, original_message_id, group_status, findings, refusal, size, uploaded_by, at)
VALUES (:sha256, :kind, :version, :message_id, :original, :group_status, :findings, :refusal, :size, :by, :at)
RETURNING id;

-- name: insert-bank-chunk
INSERT INTO bank_file_chunks (file, n, body)
VALUES (:file, :n, :body);

-- name: bank-file-by-sum
SELECT f.id, f.sha256, f.kind, f.version, f.message_id, f.original_message_id, f.group_status, f.findings, f.refusal, f.size,
       coalesce(p.email, '') AS uploader, f.at, 0 AS lines, 0 AS waits
FROM bank_files f
LEFT JOIN people p ON p.id = f.uploaded_by
WHERE f.sha256 = :sha256;

-- name: bank-file-by-id
SELECT f.id, f.sha256, f.kind, f.version, f.message_id, f.original_message_id, f.group_status, f.findings, f.refusal, f.size,
       coalesce(p.email, '') AS uploader, f.at,
       (SELECT count(*) FROM bank_lines l WHERE l.file = f.id) AS lines,
       (SELECT count(*) FROM bank_lines l WHERE l.file = f.id AND l.waits) AS waits
FROM bank_files f
LEFT JOIN people p ON p.id = f.uploaded_by
WHERE f.id = :id;

-- name: list-bank-files
SELECT f.id, f.sha256, f.kind, f.version, f.message_id, f.original_message_id, f.group_status, f.findings, f.refusal, f.size,
       coalesce(p.email, '') AS uploader, f.at,
       (SELECT count(*) FROM bank_lines l WHERE l.file = f.id) AS lines,
       (SELECT count(*) FROM bank_lines l WHERE l.file = f.id AND l.waits) AS waits
FROM bank_files f
LEFT JOIN people p ON p.id = f.uploaded_by
WHERE f.id > :after
ORDER BY f.id
LIMIT :limit;

-- Another file under the same number of the bank's.
-- name: bank-message-seen
SELECT count(*)
FROM bank_files
WHERE message_id = :message_id AND kind = :kind AND refusal = '';

-- A refused file that is brought again is read again: it may be ours to mend.
-- name: drop-refused-file
DELETE FROM bank_files
WHERE sha256 = :sha256 AND refusal <> '';

-- name: drop-old-refused
DELETE FROM bank_files
WHERE refusal <> '' AND at < :before;

-- Payments by what a line may name them by, in each batch they were in. Only
-- those that went to the bank.
-- name: bank-payments
SELECT *
FROM bank_payments
WHERE channel <> 'internal'
  AND (batch, payment) IN (
      SELECT l.batch, l.payment FROM batch_lines l WHERE l.reference = ANY (:references) OR l.uetr = ANY (CAST(:uetrs AS uuid[])) OR l.pmtinf = ANY (:references)
      UNION
      SELECT l.batch, l.payment FROM batch_lines l WHERE l.message = ANY (:references)
      UNION
      SELECT l.batch, l.payment FROM batches b JOIN batch_lines l ON l.batch = b.id WHERE b.message_id = ANY (:references) AND l.message IS NULL)
ORDER BY batch, payment;

-- name: bank-payment-by-id
SELECT *
FROM bank_payments
WHERE channel <> 'internal' AND (batch, payment) IN (SELECT l.batch, l.payment FROM batch_lines l WHERE l.payment = :id OR l.reference = :reference)
ORDER BY live DESC, batch DESC
LIMIT 1;

-- Payments of some amounts that the bank has and that should be booked about that day: a person may choose one.
-- name: bank-payments-by-amount
SELECT *
FROM bank_payments
WHERE channel <> 'internal' AND live AND batch_state IN ('exported', 'sent', 'settled')
  AND ore = ANY (:ore)
  AND execution BETWEEN :from AND :until
ORDER BY payment
LIMIT 10000;

-- name: insert-bank-lines
INSERT INTO bank_lines (file, n, key, line, outcome, problem, waits, claim, candidates)
SELECT file, n, key, line, outcome, problem, waits, claim, candidates
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (file bigint, n int, key text, line jsonb, outcome text, problem text, waits boolean, claim bigint, candidates jsonb);

-- name: insert-bank-hits
INSERT INTO bank_hits (file, n, payment, outcome, problem, direction, day, by_person, at)
SELECT file, n, payment, outcome, problem, direction, day, "by", at
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (file bigint, n int, payment bigint, outcome text, problem text, direction text, day date, "by" bigint, at timestamptz)
ON CONFLICT (file, n, payment) DO UPDATE
SET outcome = EXCLUDED.outcome, problem = EXCLUDED.problem, direction = EXCLUDED.direction, day = EXCLUDED.day, by_person = EXCLUDED.by_person, at = EXCLUDED.at;

-- What was booked of payments so far.
-- name: bank-bookings
SELECT payment, direction, outcome, coalesce(CAST(day AS text), '') AS day
FROM bank_hits
WHERE payment = ANY (:payments) AND direction <> '' AND outcome IN ('applied', 'confirmed');

-- The lines that said the same earlier.
-- name: bank-keys-seen
SELECT l.key, coalesce(l.claim, 0) AS claim, h.payment
FROM bank_lines l
LEFT JOIN bank_hits h ON h.file = l.file AND h.n = l.n
WHERE l.key = ANY (:keys) AND (h.payment IS NOT NULL OR l.claim IS NOT NULL)
ORDER BY l.file, l.n;

-- The return that waited for its debit takes effect: the first line counts, the others confirm.
-- name: release-returns
UPDATE bank_hits h
SET outcome = CASE WHEN (h.file, h.n) = (
        SELECT x.file, x.n FROM bank_hits x WHERE x.payment = :payment AND x.problem = 'return_before_debit' ORDER BY x.file, x.n LIMIT 1)
    THEN 'applied' ELSE 'confirmed' END, direction = 'credit'
WHERE h.payment = :payment AND h.problem = 'return_before_debit';

-- name: settle-released-lines
UPDATE bank_lines l
SET outcome = h.outcome, waits = false, problem = ''
FROM bank_hits h
WHERE h.file = l.file AND h.n = l.n AND h.payment = :payment AND h.problem = 'return_before_debit';

-- Lines of a file, without the payments of cases in which the reader is in conflict of interest. A line is withheld
-- that may be about such a case, and is about no other one.
-- name: bank-lines
WITH kept_from AS (
    SELECT application FROM application_people WHERE person = :reader AND relation = 'conflict'
)
SELECT l.file, l.n, l.line, l.outcome, l.problem, l.waits, coalesce(l.claim, 0) AS claim, l.candidates, coalesce(p.email, '') AS resolver, l.resolved_at, l.reason,
       coalesce(t.open, '[]') AS payments,
       coalesce(l.claim IN (SELECT application FROM kept_from), false)
           OR t.barred AND t.open IS NULL
           OR EXISTS (SELECT 1 FROM jsonb_array_elements_text(l.candidates) c JOIN payments y ON y.id = CAST(c AS bigint) WHERE y.application IN (SELECT application FROM kept_from)) AS withheld
FROM bank_lines l
CROSS JOIN LATERAL (
    SELECT jsonb_agg(h.payment ORDER BY h.payment) FILTER (WHERE y.application NOT IN (SELECT application FROM kept_from)) AS open,
           coalesce(bool_or(y.application IN (SELECT application FROM kept_from)), false) AS barred
    FROM bank_hits h
    JOIN payments y ON y.id = h.payment
    WHERE h.file = l.file AND h.n = l.n
) t
LEFT JOIN people p ON p.id = l.resolved_by
WHERE l.file = :file AND l.n > :after
ORDER BY l.n
LIMIT :limit;

-- name: bank-line-for-update
SELECT file, n, line, outcome, problem, waits, coalesce(claim, 0) AS claim, candidates, '' AS resolver, resolved_at, reason, CAST('[]' AS jsonb) AS payments, false AS withheld
FROM bank_lines
WHERE file = :file AND n = :n
FOR UPDATE;

-- name: resolve-bank-line
UPDATE bank_lines
SET outcome = :outcome, problem = :problem, waits = :waits, resolved_by = :by, resolved_at = :at, reason = :reason
WHERE file = :file AND n = :n;

-- Payments that this line put in doubt, and no other line that still waits.
-- name: doubted-by
SELECT v.*
FROM bank_hits h
JOIN bank_payments v ON v.payment = h.payment AND v.live
WHERE h.file = :file AND h.n = :n AND h.outcome = 'conflict' AND (v.disputed OR v.return_waits)
  AND NOT EXISTS (
      SELECT 1 FROM bank_hits o JOIN bank_lines x ON x.file = o.file AND x.n = o.n
      WHERE o.payment = h.payment AND o.outcome = 'conflict' AND x.waits AND (o.file, o.n) <> (h.file, h.n))
ORDER BY v.batch, v.payment;

-- name: set-pmtinf
UPDATE batch_lines l
SET pmtinf = :pmtinf, message = :message
FROM (
    SELECT payment
    FROM batch_lines
    WHERE batch = :batch AND line ->> 'channel' = ANY (string_to_array(:channels, ','))
    ORDER BY place
    OFFSET :skip LIMIT :count) x
WHERE l.batch = :batch AND l.payment = x.payment;

-- What a person in finance must look at: payments that came to nothing or are in doubt.
-- name: failed-payments
SELECT p.id, p.application, p.n, coalesce(p.reference, '') AS reference, coalesce(p.batch, 0) AS batch, coalesce(p.pay, p.amount) AS amount, p.status, p.disputed OR p.return_waits AS disputed,
       p.reason, a.dnr, a.title, l.line, coalesce(h.problem, '') AS problem, coalesce(h.file, 0) AS file, coalesce(h.n, 0) AS line_n
FROM payments p
JOIN applications a ON a.id = p.application
LEFT JOIN LATERAL (
    SELECT x.file, x.n, x.problem FROM bank_hits x
    WHERE x.payment = p.id AND (x.outcome = 'conflict' AND (p.disputed OR p.return_waits) OR x.outcome = 'applied')
    ORDER BY x.outcome = 'conflict' DESC, x.at DESC, x.file DESC, x.n DESC LIMIT 1) h ON true
LEFT JOIN bank_lines l ON l.file = h.file AND l.n = h.n
WHERE (p.status IN ('rejected', 'returned', 'unclear') OR p.disputed OR p.return_waits) AND a.state <> 'closed'
  AND NOT EXISTS (SELECT 1 FROM application_people k WHERE k.application = a.id AND k.person = :reader AND k.relation = 'conflict')
ORDER BY p.disputed DESC, p.id
LIMIT 500;

-- Lines that wait for a person, but for those of a payment that failed-payments lists: a
-- payment and the line that contradicts it are one thing to do.
-- name: waiting-lines
SELECT count(*)
FROM bank_lines l
WHERE l.waits
  AND NOT EXISTS (
    SELECT FROM bank_hits h
    JOIN payments p ON p.id = h.payment
    JOIN applications a ON a.id = p.application
    WHERE h.file = l.file AND h.n = l.n AND h.outcome = 'conflict' AND (p.disputed OR p.return_waits) AND a.state <> 'closed');

-- Decided claims that are not yet back.
-- name: open-claims
SELECT id, dnr, record -> 'recovery' AS recovery
FROM applications
WHERE record -> 'recovery' ->> 'decided_at' > '0002';

-- Payments by number, in the batch they are in now: for showing them.
-- name: bank-payments-named
SELECT DISTINCT ON (payment) *
FROM bank_payments
WHERE payment = ANY (:payments)
  AND NOT EXISTS (SELECT 1 FROM application_people k WHERE k.application = bank_payments.application AND k.person = :reader AND k.relation = 'conflict')
ORDER BY payment, live DESC, batch DESC;

-- Payments that the bank has and that have no end yet, or are in doubt: a person may match a line to one.
-- name: bank-payments-open
SELECT *
FROM bank_payments
WHERE channel <> 'internal' AND live AND batch_state IN ('exported', 'sent', 'settled')
  AND (status IN ('exported', 'sent', 'accepted', 'unclear') OR disputed OR return_waits OR status = 'paid' AND paid_on > CAST(:since AS date))
  AND NOT EXISTS (SELECT 1 FROM application_people k WHERE k.application = bank_payments.application AND k.person = :reader AND k.relation = 'conflict')
ORDER BY payment DESC
LIMIT 300;
