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

-- Why the letters of a meeting wait; "" ends that. Not a version: who has the meeting open may save it still.
-- name: hold-sitting-letters
UPDATE sittings
SET record = jsonb_set(record, '{hold_letters}', to_jsonb(CAST(:reason AS text)))
WHERE id = :id;

-- When the notice of a meeting's minutes went up. Not a version, as above.
-- name: note-sitting-notice
UPDATE sittings
SET record = jsonb_set(record, '{notice_on}', to_jsonb(CAST(:day AS text)))
WHERE id = :id;

-- name: sitting-hold
SELECT coalesce(record ->> 'hold_letters', '')
FROM sittings
WHERE body = :body AND day = :day;

-- A body meets once a day at most.
-- name: sitting-on
SELECT id, version, body, day, record
FROM sittings
WHERE body = :body AND day = :day;

-- What was decided for a body between two days, of the cases that the reader may see: on delegation, which
-- comes from the committee and is reported there, and by the body's chair because it was urgent (KL 6:39).
-- name: delegated
SELECT e.application, e.at, e.action, e.by_email
FROM events e
JOIN applications a ON a.id = e.application
WHERE {{visible}}
  AND e.at >= :first AND e.at < :last
  AND (CAST(:body AS text) = 'COMMITTEE'
       AND (e.action IN ('decide', 'decide_recovery') AND e.data ->> 'body' = 'DELEGATE'
            OR e.action = 'decide_change' AND e.data ->> 'decided_by' IN ('DELEGATE', 'OFFICER'))
       OR e.action = 'decide' AND e.data ->> 'body' = :body AND e.data ->> 'urgent' = 'true')
  AND NOT EXISTS (SELECT 1 FROM events t WHERE t.application = e.application AND t.action = 'take_back' AND CAST(t.data ->> 'step' AS bigint) = e.version)
ORDER BY e.at, e.id;

-- Cases that wait for a decision, by state alone; whose decision it is follows from the rules.
-- name: waiting-for-body
SELECT a.id
FROM applications a
WHERE {{visible}}
  AND a.state = 'proposed'
ORDER BY a.dnr;

-- Cases that a body's meeting sent back (återremiss), newest first: those that name its day, and those that name
-- none and were sent back on that day.
-- name: remitted
SELECT e.application, e.data ->> 'reason' AS reason
FROM events e
JOIN applications a ON a.id = e.application
WHERE {{visible}}
  AND e.action = 'remit_back'
  AND e.data ->> 'body' = :body
  AND coalesce(CAST(e.data ->> 'meeting_date' AS date), CAST(e.at AT TIME ZONE 'Europe/Stockholm' AS date)) = CAST(:day AS date)
  AND NOT EXISTS (SELECT 1 FROM events t WHERE t.application = e.application AND t.action = 'take_back' AND CAST(t.data ->> 'step' AS bigint) = e.version)
ORDER BY e.at DESC, e.id DESC;

-- Cases whose change a body answered at its meeting of a day, in the order of the answers.
-- name: changed-at-meeting
SELECT e.application
FROM events e
JOIN applications a ON a.id = e.application
WHERE {{visible}}
  AND e.action = 'decide_change'
  AND e.data ->> 'decided_by' = :body
  AND e.data ->> 'meeting_date' = :day
  AND NOT EXISTS (SELECT 1 FROM events t WHERE t.application = e.application AND t.action = 'take_back' AND CAST(t.data ->> 'step' AS bigint) = e.version)
GROUP BY e.application
ORDER BY min(e.id);
