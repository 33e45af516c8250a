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

-- name: insert-line
INSERT INTO batch_lines (batch, payment, application, reference, uetr)
VALUES (:batch, :payment, :application, :reference, CAST(:uetr AS uuid));

-- A cancelled batch lets go of its payments.
-- name: end-lines
UPDATE batch_lines
SET live = false
WHERE batch = :batch;

-- How each payment of the batch stands, and who may not attest it.
-- name: line-facts
SELECT p.id, p.status, p.paid_on, p.voucher, coalesce(l.reference, p.reference, '') AS reference,
       coalesce(CAST(coalesce(l.uetr, p.uetr) AS text), '') AS uetr, EXISTS (SELECT 1 FROM payments s WHERE s.application = p.application AND s.n = p.n AND (s.disputed OR s.return_waits)) AS disputed,
       coalesce((SELECT jsonb_agg(ap.person) FROM application_people ap WHERE ap.application = p.application AND ap.relation = 'conflict'), '[]') AS conflicted
FROM batch_lines l
JOIN payments p ON p.id = l.payment
WHERE l.batch = :batch
ORDER BY p.id;
