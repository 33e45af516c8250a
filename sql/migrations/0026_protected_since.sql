-- +goose Up
-- Since when somebody has a protected identity. Documents keep their bytes, so what was made before may
-- still name them; NULL of somebody who had it before this was noted: then everything may.
ALTER TABLE people
    ADD COLUMN protected_since timestamptz,
    ADD CONSTRAINT protected_since_when CHECK (protected_since IS NULL OR protected_identity);

-- The cases in which somebody with protected identity has a part, or is named in what was filed.
CREATE VIEW protected_cases AS
SELECT a.id AS application, max(coalesce(p.protected_since, 'infinity')) AS since
FROM people p
JOIN applications a
  ON a.applicant = p.id
  OR EXISTS (SELECT FROM application_people k WHERE k.application = a.id AND k.person = p.id)
  OR EXISTS (SELECT FROM events e WHERE e.application = a.id AND e.actor = p.id)
  OR EXISTS (SELECT FROM former_names n JOIN versions v ON v.application = a.id
             WHERE n.person = p.id AND position(n.was IN CAST(v.form AS text)) > 0)
WHERE p.protected_identity
GROUP BY a.id;
