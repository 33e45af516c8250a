-- The office's own words for letters.

-- What held at an instant.
-- name: texts-at
SELECT key, sv, en
FROM (SELECT DISTINCT ON (key) key, sv, en FROM standing_texts WHERE at <= :at ORDER BY key, at DESC, id DESC) t
WHERE sv <> ''
ORDER BY key;

-- name: text-history
SELECT t.key, t.sv, t.en, t.at, coalesce(p.name, '') AS by_name
FROM standing_texts t
LEFT JOIN people p ON p.id = t.created_by
WHERE t.key = :key
ORDER BY t.at DESC, t.id DESC
LIMIT 100;

-- name: insert-text
INSERT INTO standing_texts (key, sv, en, created_by, at)
VALUES (:key, :sv, :en, :by, :at)
RETURNING id;
