-- Grants of the years before this service (workflow.EarlierGrant).

-- name: insert-earlier-import
INSERT INTO earlier_imports (name, sha256, rows, read_by, read_at)
VALUES (:name, :sha256, :rows, :by, :at)
RETURNING id;

-- name: earlier-import
SELECT i.id, i.name, i.sha256, i.rows, i.read_at, i.taken_at, i.report, coalesce(r.name, '') AS read_by, coalesce(t.name, '') AS taken_by
FROM earlier_imports i
LEFT JOIN people r ON r.id = i.read_by
LEFT JOIN people t ON t.id = i.taken_by
WHERE i.id = :id;

-- name: earlier-imports
SELECT i.id, i.name, i.sha256, CAST('[]' AS jsonb) AS rows, i.read_at, i.taken_at, i.report, coalesce(r.name, '') AS read_by, coalesce(t.name, '') AS taken_by
FROM earlier_imports i
LEFT JOIN people r ON r.id = i.read_by
LEFT JOIN people t ON t.id = i.taken_by
ORDER BY i.id DESC
LIMIT 100;

-- One file is taken in at a time: two with the same rows must not both find them new.
-- name: earlier-lock
SELECT taken_at IS NOT NULL
FROM earlier_imports
WHERE id = :id AND pg_advisory_xact_lock(hashtext('earlier_grants')) IS NOT NULL
FOR UPDATE;

-- name: earlier-taken
UPDATE earlier_imports
SET taken_by = :by, taken_at = :at, report = :report
WHERE id = :id AND taken_at IS NULL;

-- name: earlier-grants
SELECT id, key, school, data
FROM earlier_grants
WHERE :school = 0 OR school = :school
ORDER BY id;

-- name: earlier-grant
SELECT id, key, school, data
FROM earlier_grants
WHERE id = :id;

-- name: insert-earlier-grant
INSERT INTO earlier_grants (key, school, data, granted, decided_on, import)
VALUES (:key, :school, :data, :granted, :decided_on, :import);

-- name: insert-earlier-change
INSERT INTO earlier_changes (grant_, import, before)
SELECT id, :import, data
FROM earlier_grants
WHERE key = :key;

-- name: update-earlier-grant
UPDATE earlier_grants
SET school = :school, data = :data, granted = :granted, decided_on = :decided_on, import = :import
WHERE key = :key;

-- The granted cases of a school, for "what did we get last year".
-- name: granted-of-school
SELECT id
FROM applications
WHERE school = :school AND granted > 0 AND state NOT IN ('lapsed', 'withdrawn')
ORDER BY id;
