-- What must follow. Times of trying are real; run_at is the fund's clock.

-- name: insert-jobs
INSERT INTO outbox (application, batch, round, kind, data, run_at, step, created_at)
SELECT application, batch, round, kind, data, run_at, step, at
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (application bigint, batch bigint, round text, kind text, data jsonb, run_at timestamptz, step bigint, at timestamptz);

-- Due rows that were never sent, or so long ago that Redis must have lost them.
-- name: due-jobs
SELECT id, coalesce(application, 0) AS application, coalesce(batch, 0) AS batch, coalesce(round, '') AS round, kind, data, run_at, tries, turn
FROM outbox
WHERE done_at IS NULL AND dead_at IS NULL
  AND run_at <= :now
  AND (sent_at IS NULL OR sent_at < :lost_before)
  AND (next_try_at IS NULL OR next_try_at <= :wall)
ORDER BY run_at, id
LIMIT :limit
FOR UPDATE SKIP LOCKED;

-- name: mark-sent
UPDATE outbox
SET sent_at = :wall
WHERE id = :id;

-- name: job-for-update
SELECT id, coalesce(application, 0) AS application, coalesce(batch, 0) AS batch, coalesce(round, '') AS round, kind, data, run_at, tries, turn
FROM outbox
WHERE id = :id AND done_at IS NULL AND dead_at IS NULL
FOR UPDATE;

-- name: job-done
UPDATE outbox
SET done_at = :now, done_wall = clock_timestamp(), last_error = ''
WHERE id = :id;

-- A failed try: sent again later under a new turn, dead after eight.
-- name: job-failed
UPDATE outbox
SET tries = tries + 1, turn = turn + 1, hurried = hurried + 1, sent_at = NULL, next_try_at = :next, last_error = :error,
    dead_at = CASE WHEN :final OR tries + 1 >= 8 AND NOT :hurry AND NOT :patient THEN CAST(:now AS timestamptz) END
WHERE id = :id AND done_at IS NULL;

-- name: next-due
SELECT min(run_at)
FROM outbox
WHERE done_at IS NULL AND dead_at IS NULL AND run_at <= :until AND hurried < 3;

-- name: open-before
SELECT count(*)
FROM outbox
WHERE done_at IS NULL AND dead_at IS NULL AND run_at <= :until AND hurried < 3;

-- name: reset-hurry
UPDATE outbox
SET hurried = 0, next_try_at = NULL
WHERE done_at IS NULL AND dead_at IS NULL AND (hurried > 0 OR next_try_at IS NOT NULL);

-- name: count-done
SELECT count(*)
FROM outbox
WHERE done_wall >= :since;

-- name: failed-hurried
SELECT id, coalesce(application, 0) AS application, kind, last_error
FROM outbox
WHERE done_at IS NULL AND (hurried >= 3 OR dead_at IS NOT NULL AND dead_at >= :from) AND run_at <= :until
ORDER BY id;

-- name: stuck-jobs
SELECT o.id, coalesce(o.application, 0) AS application, coalesce(a.dnr, '') AS dnr, o.kind, o.run_at, o.tries, o.last_error,
       o.dead_at IS NOT NULL AS dead
FROM outbox o
LEFT JOIN applications a ON a.id = o.application
WHERE o.done_at IS NULL AND (o.dead_at IS NOT NULL OR o.tries > 0 OR o.run_at < :old)
ORDER BY o.id
LIMIT 200;

-- name: retry-job
UPDATE outbox
SET dead_at = NULL, tries = 0, turn = turn + 1, sent_at = NULL, next_try_at = NULL
WHERE id = :id AND done_at IS NULL;

-- What is to come for a case: shown in its history.
-- name: open-jobs
SELECT id, coalesce(application, 0) AS application, coalesce(batch, 0) AS batch, coalesce(round, '') AS round, kind, data, run_at, tries, turn
FROM outbox
WHERE application = :application AND done_at IS NULL AND dead_at IS NULL
ORDER BY run_at, id;

-- name: unsend
UPDATE outbox
SET sent_at = NULL
WHERE done_at IS NULL AND dead_at IS NULL AND sent_at IS NOT NULL;

-- Locked before the case itself, as every worker does: a mail that is being sent is waited for.
-- name: lock-jobs-of
SELECT id
FROM outbox
WHERE application = :application AND done_at IS NULL AND dead_at IS NULL
ORDER BY id
FOR UPDATE;

-- What was to follow from a step that is taken back; also what had failed, so that nobody tries it again.
-- name: stop-jobs
UPDATE outbox
SET done_at = :at, done_wall = clock_timestamp(), dead_at = NULL, stopped_by = :version
WHERE application = :application AND step = :step AND done_at IS NULL;

-- What the program will do by itself, day by day: so many jobs of a kind, by round.
-- name: upcoming-jobs
SELECT min(o.run_at) AS at, o.kind, coalesce(o.round, a.round, '') AS round, count(*) AS n
FROM outbox o
LEFT JOIN applications a ON a.id = o.application
WHERE o.done_at IS NULL AND o.dead_at IS NULL AND o.run_at > :now
GROUP BY date_trunc('minute', o.run_at), o.kind, coalesce(o.round, a.round, '')
ORDER BY min(o.run_at), o.kind
LIMIT :limit;
