-- What the installation is, its clock, and answers that are given only once.

-- name: installation
SELECT mode
FROM installation;

-- name: insert-installation
INSERT INTO installation (mode)
VALUES (:mode)
ON CONFLICT DO NOTHING;

-- name: clock
SELECT offset_us, frozen_at, hurry
FROM clock;

-- name: clock-for-update
SELECT offset_us, frozen_at, hurry
FROM clock
FOR UPDATE;

-- name: set-clock
INSERT INTO clock (one, offset_us, frozen_at, hurry)
VALUES (true, :offset_us, :frozen_at, :hurry)
ON CONFLICT (one) DO UPDATE SET offset_us = excluded.offset_us, frozen_at = excluded.frozen_at, hurry = excluded.hurry;

-- name: reserve-key
INSERT INTO idempotency (person, key, digest, created_at)
VALUES (:person, :key, :digest, :at)
ON CONFLICT (person, key) DO UPDATE SET digest = idempotency.digest
RETURNING digest, coalesce(application, 0) AS application, coalesce(status, 0) AS status, coalesce(header, '{}') AS header, coalesce(body, '') AS body;

-- name: keep-answer
UPDATE idempotency
SET status = :status, header = :header, body = :body
WHERE person = :person AND key = :key;

-- The effect is noted in its own transaction, so that a crash before the answer is kept does not let it happen twice.
-- name: keep-effect
UPDATE idempotency
SET application = :application
WHERE person = :person AND key = :key;

-- The last save of a page that had sent others without an answer.
-- name: note-save
INSERT INTO idempotency (person, key, digest, application, status, created_at)
VALUES (:person, :key, '', :application, :n, :at)
ON CONFLICT (person, key) DO UPDATE SET status = greatest(idempotency.status, excluded.status);

-- name: last-save
SELECT coalesce(max(status), 0)
FROM idempotency
WHERE person = :person AND key = :key;

-- name: setting
SELECT value
FROM settings
WHERE name = :name;

-- name: set-setting
INSERT INTO settings (name, value, changed_by, changed_at)
VALUES (:name, :value, :by, :at)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by, changed_at = excluded.changed_at;
