-- A school's economists, and who gave or took a role.

-- name: school-economists
SELECT p.id, p.name, p.email, r.school, s.name AS school_name, coalesce(g.name, '') AS by_name, c.at
FROM person_roles r
JOIN people p ON p.id = r.person AND p.active
JOIN schools s ON s.id = r.school
LEFT JOIN LATERAL (
    SELECT x.by, x.at FROM role_changes x
    WHERE x.person = p.id AND x.role = r.role AND x.school = r.school AND x.given
    ORDER BY x.id DESC LIMIT 1) c ON true
LEFT JOIN people g ON g.id = c.by
WHERE r.role = 'economist' AND (:everyone OR r.school = ANY (:leads))
ORDER BY s.name COLLATE "sv-x-icu", p.name COLLATE "sv-x-icu", p.id;

-- name: insert-role-change
INSERT INTO role_changes (person, role, school, given, by, at)
VALUES (:person, :role, :school, :given, :by, :at);

-- name: delete-role
DELETE FROM person_roles
WHERE person = :person AND role = :role AND school = :school;
