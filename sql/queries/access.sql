-- Access for people whom nobody registered, and applications that change hands.

-- name: insert-access-request
INSERT INTO access_requests (email, name, school, work, lang, hash, state, created_at, asked_wall)
VALUES (lower(:email), :name, :school, :work, :lang, :hash, 'asked', :at, :wall);

-- How often an address, and anybody, has asked of late.
-- name: recent-access
SELECT count(*) FILTER (WHERE email = lower(:email)) AS mine, count(*) AS everyone
FROM access_requests
WHERE asked_wall > :since;

-- The link shows that the address is theirs. A school is asked once for each address.
-- name: confirm-access
UPDATE access_requests r
SET state = 'confirmed', confirmed_at = :at
WHERE hash = :hash AND state = 'asked' AND asked_wall > :oldest
  AND NOT EXISTS (SELECT 1 FROM access_requests o WHERE o.email = r.email AND o.school = r.school AND o.state = 'confirmed')
RETURNING id;

-- name: access-row
SELECT r.id, r.email, r.name, r.school, s.name AS school_name, r.work, r.lang, r.state, r.confirmed_at
FROM access_requests r
JOIN schools s ON s.id = r.school
WHERE r.id = :id;

-- Who asked twice and confirmed one of the links has confirmed the address.
-- name: access-by-word
SELECT r.id, r.email, r.name, r.school, s.name AS school_name, r.work, r.lang, r.confirmed_at,
       CASE WHEN r.state = 'asked' AND EXISTS (
              SELECT 1 FROM access_requests o WHERE o.email = r.email AND o.school = r.school AND o.state = 'confirmed')
            THEN 'confirmed' ELSE r.state END AS state
FROM access_requests r
JOIN schools s ON s.id = r.school
WHERE r.hash = :hash AND r.asked_wall > :oldest;

-- name: access-requests
SELECT r.id, r.email, r.name, r.school, s.name AS school_name, r.work, r.lang, r.state, r.confirmed_at
FROM access_requests r
JOIN schools s ON s.id = r.school
WHERE r.state = 'confirmed' AND (:everyone OR r.school = ANY (:leads))
ORDER BY r.confirmed_at, r.id;

-- name: decide-access
UPDATE access_requests
SET state = :state, decided_at = :at, decided_by = :by
WHERE id = :id AND state = 'confirmed';

-- Open applications with an applicant, of the schools that somebody leads or of one person.
-- name: to-hand-over
SELECT a.id, a.school, coalesce(s.name, '') AS school_name, p.name, p.email, a.state, a.title, coalesce(a.dnr, '') AS dnr, p.active AND EXISTS (
       SELECT 1 FROM person_roles t WHERE t.person = p.id AND t.role = 'teacher' AND t.school = a.school) AS here
FROM applications a
JOIN people p ON p.id = a.applicant
JOIN schools s ON s.id = a.school
WHERE a.channel <> 'paper' AND a.state NOT IN ('closed', 'withdrawn', 'lapsed')
  AND (a.school = ANY (:leads) OR CAST(:email AS text) <> '' AND p.email = lower(:email))
ORDER BY s.name COLLATE "sv-x-icu", p.name COLLATE "sv-x-icu", a.id
LIMIT 200;
