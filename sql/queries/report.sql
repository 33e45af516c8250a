-- The report while it is written.

-- name: report-draft
SELECT r.fields, r.version, coalesce(p.name, '') AS writer, r.at
FROM report_drafts r
LEFT JOIN people p ON p.id = r.writer
WHERE r.application = :application;

-- name: begin-report-draft
INSERT INTO report_drafts (application, fields, version, at)
VALUES (:application, '{}', 0, :at)
ON CONFLICT (application) DO NOTHING;

-- name: lock-report-draft
SELECT r.fields, r.version, coalesce(p.name, '') AS writer, r.at
FROM report_drafts r
LEFT JOIN people p ON p.id = r.writer
WHERE r.application = :application
FOR UPDATE OF r;

-- name: write-report-draft
UPDATE report_drafts
SET fields = :fields, version = version + 1, writer = :writer, at = :at
WHERE application = :application;

-- name: drop-report-draft
DELETE FROM report_drafts
WHERE application = :application;
