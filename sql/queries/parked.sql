-- Posts that wait for a sign-in.

-- Whose session it was, ended or not: only somebody who was signed in can leave a post behind.
-- name: person-of-session
SELECT s.person
FROM sessions s
JOIN people p ON p.id = s.person AND p.active
WHERE s.hash = :hash;

-- name: drop-parked
DELETE FROM parked_posts
WHERE refused_at IS NULL
  AND (
    created_at < :oldest
    OR person = :person
      AND hash NOT IN (SELECT hash FROM parked_posts WHERE person = :person AND refused_at IS NULL ORDER BY created_at DESC LIMIT :keep)
  );

-- name: insert-parked
INSERT INTO parked_posts (hash, person, path, content_type, body, created_at)
VALUES (:hash, :person, :path, :content_type, :body, :at);

-- It counts as refused until it was taken: whatever happens in between, it is kept.
-- name: take-parked
UPDATE parked_posts
SET refused_at = :at
WHERE hash = :hash AND person = :person AND created_at > :oldest AND refused_at IS NULL
RETURNING id, path, content_type, body, refused_at, title;

-- name: refused-posts
SELECT id, path, content_type, body, refused_at, title
FROM parked_posts
WHERE person = :person AND refused_at IS NOT NULL
ORDER BY id;

-- name: count-refused
SELECT count(*)
FROM parked_posts
WHERE person = :person AND refused_at IS NOT NULL;

-- name: name-refused
UPDATE parked_posts
SET title = :title
WHERE id = :id AND person = :person AND refused_at IS NOT NULL;

-- name: drop-refused
DELETE FROM parked_posts
WHERE id = :id AND person = :person AND refused_at IS NOT NULL;
