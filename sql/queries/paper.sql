-- name: insert-paper
INSERT INTO papers (kind, application, sitting, about, title, words, sha256, body, corrects, made_by, made_at)
VALUES (:kind, :application, :sitting, :about, :title, :words, :sha256, :body, :corrects, :by, :at)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: papers-of
SELECT id, kind, coalesce(application, 0) AS application, coalesce(sitting, 0) AS sitting, about, title, words, sha256, coalesce(corrects, 0) AS corrects, made_at, length(body) = 0 AS gone
FROM papers
WHERE (kind = 'proposal' AND application = :application) OR (kind = 'minutes' AND sitting = :sitting)
ORDER BY id;

-- name: paper-row
SELECT id, kind, coalesce(application, 0) AS application, coalesce(sitting, 0) AS sitting, about, title, words, sha256, coalesce(corrects, 0) AS corrects, made_at, length(body) = 0 AS gone
FROM papers
WHERE id = :id;

-- name: paper-body
SELECT body
FROM papers
WHERE id = :id;

-- The proposals of a case whose words are deleted; minutes are kept for good.
-- name: drop-papers
UPDATE papers
SET title = '–', words = '', body = ''
WHERE application = :id;
