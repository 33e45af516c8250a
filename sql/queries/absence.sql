-- Who is away, and who acts instead.

-- name: list-absences
SELECT b.id, b.role, b.first, b.last, b.note, b.ended_at, p.email, p.name, s.email AS sub_email, s.name AS sub_name, m.name AS made_by
FROM absences b
JOIN people p ON p.id = b.person
JOIN people s ON s.id = b.substitute
JOIN people m ON m.id = b.made_by
ORDER BY b.last DESC, b.id DESC
LIMIT 200;

-- The roles that a person holds today for somebody who is away and still has them.
-- name: acting-today
SELECT b.role, p.email
FROM absences b
JOIN people p ON p.id = b.person AND p.active
JOIN person_roles r ON r.person = p.id AND r.role = b.role
WHERE b.substitute = :person AND b.ended_at IS NULL
  AND CAST(:today AS date) BETWEEN b.first AND b.last
ORDER BY b.id;

-- name: insert-absence
INSERT INTO absences (person, substitute, role, first, last, note, made_by, at)
VALUES (:person, :substitute, :role, :first, :last, :note, :by, :at)
RETURNING id;

-- name: end-absence
UPDATE absences
SET ended_at = :at
WHERE id = :id AND ended_at IS NULL;
