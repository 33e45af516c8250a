-- Copies of cases that were handed out.

-- name: insert-disclosure
INSERT INTO disclosures (application, masks, words, ground, reason, requester, sha256, size, body, made_by, made_at)
VALUES (:application, :masks, :words, :ground, :reason, :requester, :sha256, :size, :body, :by, :at)
RETURNING id;

-- name: disclosures
SELECT d.id, d.application, d.masks, d.words, d.ground, d.reason, d.requester, d.sha256, d.size, p.name AS made_by, d.made_at
FROM disclosures d
JOIN people p ON p.id = d.made_by
WHERE d.application = :application
ORDER BY d.id DESC;

-- name: disclosure-body
SELECT body
FROM disclosures
WHERE id = :id AND application = :application;

-- name: drop-disclosures
UPDATE disclosures
SET words = CAST('[]' AS jsonb), reason = '–', requester = '', body = ''
WHERE application = :id;
