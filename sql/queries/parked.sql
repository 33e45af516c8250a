-- Posts that wait for a sign-in.

-- Whose session it was, ended or not: only somebody who was signed in can leave a post behind.
-- name: person-of-session
SELECT s.person
FROM sessions s
JOIN people p ON p.id = s.person AND p.active
WHERE s.hash = :hash;

-- name: drop-parked
DELETE FROM parked_posts
WHERE created_at < :oldest
   OR person = :person AND hash NOT IN (SELECT hash FROM parked_posts WHERE person = :person ORDER BY created_at DESC LIMIT :keep);

-- name: insert-parked
INSERT INTO parked_posts (hash, person, path, content_type, body, created_at)
VALUES (:hash, :person, :path, :content_type, :body, :at);

-- name: take-parked
DELETE FROM parked_posts
WHERE hash = :hash AND person = :person AND created_at > :oldest
RETURNING path, content_type, body;
