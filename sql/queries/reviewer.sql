-- Who may assess or prepare a case: conflicts are computed here, before anybody is asked.

-- The strongest reason why somebody may not: declared, the applicant, of the same
-- school or organisation, tied to it, or applying in the same round.
-- name: reviewer-choices
SELECT p.id, p.email, p.name, p.org_no, p.lang,
       CASE
           WHEN EXISTS (SELECT 1 FROM application_people k WHERE k.application = a.id AND k.person = p.id AND k.relation = 'conflict') THEN 'declared'
           WHEN a.applicant = p.id OR EXISTS (SELECT 1 FROM application_people k WHERE k.application = a.id AND k.person = p.id AND k.relation = 'writer') THEN 'applicant'
           WHEN EXISTS (SELECT 1 FROM person_roles r WHERE r.person = p.id AND r.school = a.school) OR p.org_no <> '' AND replace(p.org_no, '-', '') = replace(a.org_no, '-', '') THEN 'school'
           WHEN EXISTS (SELECT 1 FROM ties t WHERE t.person = p.id AND (t.school = a.school OR t.org_no <> '' AND replace(t.org_no, '-', '') = replace(a.org_no, '-', ''))) THEN 'tie'
           WHEN EXISTS (
               SELECT 1 FROM applications o
               WHERE o.round = a.round AND o.id <> a.id AND o.received_at IS NOT NULL AND o.state <> 'withdrawn'
                 AND (o.applicant = p.id OR EXISTS (SELECT 1 FROM application_people w WHERE w.application = o.id AND w.person = p.id AND w.relation = 'writer'))) THEN 'own_application'
           ELSE ''
       END AS conflict,
       (SELECT count(*)
        FROM application_people w
        JOIN applications o ON o.id = w.application AND o.state = 'under_assessment'
        WHERE w.person = p.id AND w.relation = 'reviewer'
          AND EXISTS (
              SELECT 1 FROM jsonb_array_elements(o.record -> 'reviews') v
              WHERE CAST(v ->> 'person' AS bigint) = p.id AND coalesce(v ->> 'submitted_at', '') < '0002')) AS open
FROM people p
CROSS JOIN applications a
WHERE a.id = :id AND p.active
  AND (:emails <> '' AND p.email = ANY (string_to_array(:emails, ','))
       OR :role <> '' AND EXISTS (SELECT 1 FROM person_roles r WHERE r.person = p.id AND r.role = :role))
ORDER BY p.email;

-- Cases of a round that somebody has assessed.
-- name: assessed-in-round
SELECT id
FROM applications
WHERE round = :round AND jsonb_array_length(coalesce(record -> 'reviews', '[]')) > 0
ORDER BY id;

-- name: list-ties
SELECT t.id, t.kind, t.note, t.org_no, coalesce(s.name, '') AS school
FROM ties t
LEFT JOIN schools s ON s.id = t.school
WHERE t.person = :person
ORDER BY t.id;

-- name: insert-tie
INSERT INTO ties (person, school, org_no, kind, note, at)
VALUES (:person, :school, :org_no, :kind, :note, :at)
RETURNING id;

-- name: drop-tie
DELETE FROM ties
WHERE id = :id AND person = :person;

-- Why somebody who had to do with a case no longer has: their own declaration, or
-- others assess it now. It tells nothing but what the person was told.
-- name: lost-case
SELECT CASE
           WHEN EXISTS (SELECT 1 FROM application_people k WHERE k.application = :id AND k.person = :me AND k.relation = 'conflict') THEN 'conflict'
           WHEN EXISTS (
               SELECT 1
               FROM events e
               CROSS JOIN jsonb_array_elements_text(CASE jsonb_typeof(e.data -> 'reviewers') WHEN 'array' THEN e.data -> 'reviewers' ELSE '[]' END) AS r (email)
               WHERE e.application = :id AND e.action = 'assign_reviewers' AND lower(trim(r.email)) = :email) THEN 'relieved'
           ELSE ''
       END;
