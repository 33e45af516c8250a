-- People, and how they are known.

-- name: person-by-email
SELECT p.id, p.email, p.name, p.org_no, p.lang, p.protected_identity,
       (SELECT jsonb_agg(jsonb_build_object('role', r.role, 'school', coalesce(r.school, 0))) FROM person_roles r WHERE r.person = p.id) AS roles
FROM people p
WHERE p.email = lower(:email) AND p.active;

-- name: person-by-id
SELECT p.id, p.email, p.name, p.org_no, p.lang, p.protected_identity,
       (SELECT jsonb_agg(jsonb_build_object('role', r.role, 'school', coalesce(r.school, 0))) FROM person_roles r WHERE r.person = p.id) AS roles
FROM people p
WHERE p.id = :id AND p.active;

-- name: people-named
SELECT p.id, p.email, p.name, p.org_no, p.lang, p.protected_identity,
       (SELECT jsonb_agg(jsonb_build_object('role', r.role, 'school', coalesce(r.school, 0))) FROM person_roles r WHERE r.person = p.id) AS roles
FROM people p
WHERE p.id = ANY (:ids) AND p.active
ORDER BY p.id;

-- name: people-by-emails
SELECT p.id, p.email, p.name, p.org_no, p.lang, p.protected_identity,
       (SELECT jsonb_agg(jsonb_build_object('role', r.role, 'school', coalesce(r.school, 0))) FROM person_roles r WHERE r.person = p.id) AS roles
FROM people p
WHERE p.email = ANY (string_to_array(:emails, ',')) AND p.active;

-- Who is behind an address, active or not: for showing names.
-- name: person-names
SELECT email, name
FROM people
WHERE email = ANY (string_to_array(:emails, ','));

-- name: list-people
SELECT p.id, p.email, p.name, p.org_no, p.lang, p.protected_identity,
       (SELECT jsonb_agg(jsonb_build_object('role', r.role, 'school', coalesce(r.school, 0))) FROM person_roles r WHERE r.person = p.id) AS roles
FROM people p
WHERE p.active AND p.id > :after
ORDER BY p.id
LIMIT :limit;

-- By name, from the person who stood last on the page before.
-- name: find-people
SELECT p.id, p.email, p.name, p.org_no, p.lang, p.protected_identity,
       (SELECT jsonb_agg(jsonb_build_object('role', r.role, 'school', coalesce(r.school, 0))) FROM person_roles r WHERE r.person = p.id) AS roles
FROM people p
WHERE p.active
  AND (:q = '' OR strpos(lower(p.name COLLATE "sv-x-icu"), :q) > 0 OR strpos(p.email, :q) > 0
       OR EXISTS (SELECT 1 FROM person_roles r JOIN schools s ON s.id = r.school WHERE r.person = p.id AND strpos(lower(s.name COLLATE "sv-x-icu"), :q) > 0))
  AND (:after = 0 OR (p.name COLLATE "sv-x-icu", p.id) > (SELECT l.name COLLATE "sv-x-icu", l.id FROM people l WHERE l.id = :after))
ORDER BY p.name COLLATE "sv-x-icu", p.id
LIMIT :limit;

-- name: insert-people
INSERT INTO people (email, name, org_no)
VALUES (lower(:email), :name, :org_no)
RETURNING id;

-- In which language somebody asked for access is how they are written to.
-- name: write-people-in
UPDATE people
SET lang = :lang
WHERE id = :id;

-- name: update-people
UPDATE people
SET email = lower(:email), name = :name, org_no = :org_no, protected_identity = :protected,
    protected_since = CASE WHEN NOT :protected THEN NULL WHEN protected_identity THEN protected_since ELSE CAST(:at AS timestamptz) END
WHERE id = :id;

-- What a person who has got a protected identity was called before.
-- name: insert-former-name
INSERT INTO former_names (person, was, at_which)
VALUES (:person, :was, :at_which)
ON CONFLICT DO NOTHING;

-- name: forget-former-names
DELETE FROM former_names
WHERE person = :id;

-- Those of the cases in which somebody with protected identity has a part, and until when what was made may name them.
-- name: protected-cases
SELECT application, CASE WHEN since = 'infinity' THEN NULL ELSE since END AS since
FROM protected_cases
WHERE application = ANY (:applications);

-- name: delete-roles
DELETE FROM person_roles
WHERE person = :person;

-- name: insert-role
INSERT INTO person_roles (person, role, school)
VALUES (:person, :role, :school)
ON CONFLICT DO NOTHING;

-- Everyone who holds one of the roles, at the school where one is given, or acts for somebody who does.
-- name: role-holders
SELECT DISTINCT p.id, p.email, p.name, p.org_no, p.lang
FROM people p
LEFT JOIN person_roles r ON r.person = p.id AND r.role = ANY (string_to_array(:roles, ',')) AND (:school = 0 OR r.school = :school)
WHERE p.active AND (r.person IS NOT NULL OR :school = 0 AND EXISTS (
    SELECT 1 FROM absences b
    WHERE b.substitute = p.id AND b.role = ANY (string_to_array(:roles, ',')) AND b.ended_at IS NULL
      AND CAST(:today AS date) BETWEEN b.first AND b.last))
ORDER BY p.id;

-- name: heads
SELECT p.id
FROM people p
JOIN person_roles r ON r.person = p.id AND r.role = 'head'
WHERE p.active;

-- name: insert-token
INSERT INTO tokens (hash, person, created_at, expires_at)
VALUES (:hash, :person, :at, :until);

-- name: person-by-token
SELECT p.id, p.email, p.name, p.org_no, p.lang, p.protected_identity,
       (SELECT jsonb_agg(jsonb_build_object('role', r.role, 'school', coalesce(r.school, 0))) FROM person_roles r WHERE r.person = p.id) AS roles
FROM tokens t
JOIN people p ON p.id = t.person AND p.active
WHERE t.hash = :hash AND t.expires_at > :at;

-- name: insert-session
INSERT INTO sessions (hash, person, created_at, seen_at)
VALUES (:hash, :person, :at, :at);

-- name: person-by-session
SELECT p.id, p.email, p.name, p.org_no, p.lang, p.protected_identity,
       (SELECT jsonb_agg(jsonb_build_object('role', r.role, 'school', coalesce(r.school, 0))) FROM person_roles r WHERE r.person = p.id) AS roles
FROM sessions s
JOIN people p ON p.id = s.person AND p.active
WHERE s.hash = :hash AND s.seen_at > :idle AND s.created_at > :oldest;

-- name: touch-session
UPDATE sessions
SET seen_at = :at
WHERE hash = :hash AND seen_at < :before AND seen_at > :idle;

-- The row stays: a form that was open in another tab is still known by it (person-of-session).
-- name: end-session
UPDATE sessions
SET seen_at = '-infinity'
WHERE hash = :hash;

-- name: recent-links
SELECT count(*)
FROM sign_in_links
WHERE person = :person AND created_at > :since;

-- name: insert-link
INSERT INTO sign_in_links (hash, person, created_at)
VALUES (:hash, :person, :at);

-- name: link-for-update
SELECT person
FROM sign_in_links
WHERE hash = :hash AND used_at IS NULL AND created_at > :oldest
FOR UPDATE;

-- name: use-link
UPDATE sign_in_links
SET used_at = :at
WHERE hash = :hash;
