-- Advice and pointers to other funders.

-- name: ideas-lately
SELECT count(*) FILTER (WHERE source = :source) AS mine, count(*) AS everyone
FROM ideas
WHERE at > :after;

-- name: insert-idea
INSERT INTO ideas (kind, name, email, organisation, lang, text, source, at)
VALUES (:kind, :name, :email, :organisation, :lang, :text, :source, :at)
RETURNING id;

-- Open ones first, the oldest first; then the newest answers.
-- name: list-ideas
SELECT i.id, i.kind, i.name, i.email, i.organisation, i.lang, i.text, i.at, i.answer, i.outcome, coalesce(p.name, '') AS by_name, i.answered_at
FROM ideas i
LEFT JOIN people p ON p.id = i.answered_by
WHERE (:open AND i.answered_at IS NULL) OR (NOT :open AND i.answered_at IS NOT NULL)
ORDER BY CASE WHEN i.answered_at IS NULL THEN i.at END, i.answered_at DESC, i.id
LIMIT 200;

-- name: idea-by-id
SELECT i.id, i.kind, i.name, i.email, i.organisation, i.lang, i.text, i.at, i.answer, i.outcome, coalesce(p.name, '') AS by_name, i.answered_at
FROM ideas i
LEFT JOIN people p ON p.id = i.answered_by
WHERE i.id = :id;

-- The guard is in the WHERE: no row means that somebody else answered. What told senders apart goes with the answer.
-- name: answer-idea
UPDATE ideas
SET answer = :answer, outcome = :outcome, answered_by = :by, answered_at = :at, source = ''
WHERE id = :id AND answered_at IS NULL;

-- name: count-ideas
SELECT to_char(at AT TIME ZONE 'Europe/Stockholm', 'YYYY') AS year, kind, count(*) AS n, count(*) FILTER (WHERE answered_at IS NOT NULL) AS answered
FROM ideas
WHERE outcome <> 'spam'
GROUP BY 1, 2
ORDER BY 1, 2;

-- name: list-funders
SELECT id, sort, name, who_sv, who_en, what_sv, what_en, url, active
FROM funders
ORDER BY sort, name COLLATE "sv-x-icu";

-- name: insert-funder
INSERT INTO funders (sort, name, who_sv, who_en, what_sv, what_en, url, active, changed_by, changed_at)
VALUES (:sort, :name, :who_sv, :who_en, :what_sv, :what_en, :url, :active, :by, :at);

-- name: update-funder
UPDATE funders
SET sort = :sort, name = :name, who_sv = :who_sv, who_en = :who_en, what_sv = :what_sv, what_en = :what_en, url = :url, active = :active, changed_by = :by, changed_at = :at
WHERE id = :id;
