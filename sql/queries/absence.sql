-- Who is away, and who acts instead.

-- name: list-absences
SELECT b.id, b.role, b.first, b.last, b.note, b.at, b.ended_at, b.person, b.school, s2.name AS school_name,
       p.email, p.name, s.email AS sub_email, s.name AS sub_name, m.name AS made_by, e.name AS ended_by
FROM absences b
JOIN people p ON p.id = b.person
JOIN people s ON s.id = b.substitute
JOIN people m ON m.id = b.made_by
LEFT JOIN people e ON e.id = b.ended_by
LEFT JOIN schools s2 ON s2.id = b.school
WHERE (b.school IS NOT NULL) = :at_schools
  AND (:person = 0 OR b.person = :person)
ORDER BY b.last DESC, b.id DESC
LIMIT 200;

-- name: absence
SELECT b.id, b.role, b.first, b.last, b.note, b.at, b.ended_at, b.person, b.school, s2.name AS school_name,
       p.email, p.name, s.email AS sub_email, s.name AS sub_name
FROM absences b
JOIN people p ON p.id = b.person
JOIN people s ON s.id = b.substitute
LEFT JOIN schools s2 ON s2.id = b.school
WHERE b.id = :id;

-- The roles that a person holds for somebody who is away and still has them. The
-- days are looked at by the caller: most people have no row, and then no clock is read.
-- name: acting-for
SELECT b.role, coalesce(b.school, 0) AS school, b.first, b.last, p.id, p.email, p.name, p.org_no, p.lang,
       (SELECT jsonb_agg(jsonb_build_object('role', x.role, 'school', coalesce(x.school, 0))) FROM person_roles x WHERE x.person = p.id) AS roles
FROM absences b
JOIN people p ON p.id = b.person AND p.active
JOIN person_roles r ON r.person = p.id AND r.role = b.role AND (b.school IS NULL OR r.school = b.school)
WHERE b.substitute = :person AND b.ended_at IS NULL
ORDER BY b.id;

-- Who acts today for a school's principals, each with whom they act for.
-- name: school-substitutes
SELECT s.id, s.email, s.name, s.org_no, s.lang, b.person AS lender
FROM absences b
JOIN people s ON s.id = b.substitute AND s.active
JOIN people p ON p.id = b.person AND p.active
JOIN person_roles r ON r.person = p.id AND r.role = 'principal' AND r.school = b.school
WHERE b.school = :school AND b.ended_at IS NULL
  AND CAST(:today AS date) BETWEEN b.first AND b.last
ORDER BY b.id;

-- What begins on the day of this absence for the same two people, as long as it holds.
-- name: beginning-absences
SELECT b.id, b.role, b.first, b.last, b.note, b.at, b.ended_at, b.person, b.school, s2.name AS school_name,
       p.email, p.name, s.email AS sub_email, s.name AS sub_name, s.lang AS sub_lang
FROM absences x
JOIN absences b ON b.person = x.person AND b.substitute = x.substitute AND b.role = x.role AND b.first = x.first AND b.ended_at IS NULL
JOIN people s ON s.id = b.substitute AND s.active
JOIN people p ON p.id = b.person AND p.active
JOIN person_roles r ON r.person = p.id AND r.role = b.role AND (b.school IS NULL OR r.school = b.school)
LEFT JOIN schools s2 ON s2.id = b.school
WHERE x.id = :id
ORDER BY b.id;

-- A button pressed twice names a principal's substitute once.
-- name: insert-absence
INSERT INTO absences (person, substitute, role, school, first, last, note, made_by, at)
VALUES (:person, :substitute, :role, :school, :first, :last, :note, :by, :at)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: end-absence
UPDATE absences
SET ended_at = :at, ended_by = :by
WHERE id = :id AND ended_at IS NULL;
