-- Meetings of the committee and the board.

-- name: list-sittings
SELECT id, version, body, day, record
FROM sittings
ORDER BY day DESC, body;

-- name: sitting-by-id
SELECT id, version, body, day, record
FROM sittings
WHERE id = :id;

-- name: insert-sitting
INSERT INTO sittings (body, day, record, created_by, created_at)
VALUES (:body, :day, :record, :by, :at)
RETURNING id;

-- The guard is in the WHERE: no row means that somebody was faster.
-- name: update-sitting
UPDATE sittings
SET version = version + 1, day = :day, record = :record
WHERE id = :id AND version = :version;

-- The meeting of the same body before a day; what was decided on delegation since then is reported.
-- name: sitting-before
SELECT max(day)
FROM sittings
WHERE body = :body AND day < :day;

-- What was decided on delegation between two days, of the cases that the reader may see.
-- name: delegated
SELECT e.application, e.at, e.action, e.by_email
FROM events e
JOIN applications a ON a.id = e.application
WHERE {{visible}}
  AND e.at >= :first AND e.at < :last
  AND (e.action IN ('decide', 'decide_recovery') AND e.data ->> 'body' = 'DELEGATE'
       OR e.action = 'decide_change' AND e.data ->> 'decided_by' IN ('DELEGATE', 'OFFICER'))
  AND NOT EXISTS (SELECT 1 FROM events t WHERE t.application = e.application AND t.action = 'take_back' AND CAST(t.data ->> 'step' AS bigint) = e.version)
ORDER BY e.at, e.id;

-- Cases that wait for a decision, by state alone; whose decision it is follows from the rules.
-- name: waiting-for-body
SELECT a.id
FROM applications a
WHERE {{visible}}
  AND a.state = 'proposed'
ORDER BY a.dnr;
