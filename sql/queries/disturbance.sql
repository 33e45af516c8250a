-- Notices of a disturbance.

-- name: disturbances
SELECT d.id, d.text_sv, d.text_en, d.from_at, d.until_at, coalesce(p.name, '') AS by_name
FROM disturbances d
LEFT JOIN people p ON p.id = d.created_by
ORDER BY d.from_at DESC, d.id DESC
LIMIT 100;

-- Read for every page.
-- name: disturbances-now
SELECT d.id, d.text_sv, d.text_en, d.from_at, d.until_at, '' AS by_name
FROM disturbances d
WHERE d.until_at > :now AND d.from_at <= :now
ORDER BY d.from_at, d.id;

-- name: insert-disturbance
INSERT INTO disturbances (text_sv, text_en, from_at, until_at, created_by, created_at)
VALUES (:text_sv, :text_en, :from_at, :until_at, :by, :at)
RETURNING id;

-- One that has not begun ends where it begins: it is never shown.
-- name: end-disturbance
UPDATE disturbances
SET until_at = greatest(from_at, :at), ended_by = :by
WHERE id = :id AND until_at > :at;
