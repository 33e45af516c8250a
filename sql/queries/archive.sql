-- Anchors, packages, retention.

-- The first event of a day anchors what went before; whoever comes while it is being made goes on without.
-- name: anchor-due
SELECT NOT EXISTS (SELECT 1 FROM anchors WHERE day >= CAST(:day AS date)) AND EXISTS (SELECT 1 FROM events);

-- name: try-anchor-lock
SELECT pg_try_advisory_xact_lock(4611686018427387);

-- name: last-anchor
SELECT coalesce((SELECT hash FROM anchors ORDER BY day DESC LIMIT 1), '');

-- The last event of every case that has gone on since it was anchored.
-- name: new-tips
SELECT e.application, e.version, e.hash
FROM (SELECT DISTINCT ON (application) application, version, hash FROM events ORDER BY application, version DESC) e
WHERE NOT EXISTS (SELECT 1 FROM anchor_tips t WHERE t.application = e.application AND t.version = e.version)
ORDER BY e.application;

-- name: insert-anchor
INSERT INTO anchors (day, events, hash, prev_hash, at)
VALUES (:day, :events, :hash, :prev_hash, :at)
ON CONFLICT DO NOTHING;

-- name: insert-tip
INSERT INTO anchor_tips (day, application, version, hash)
VALUES (:day, :application, :version, :hash);

-- name: anchors
SELECT to_char(day, 'YYYY-MM-DD') AS day, events, hash, prev_hash, at
FROM anchors
ORDER BY day;

-- The lines of some days' anchors.
-- name: anchor-lines
SELECT to_char(t.day, 'YYYY-MM-DD') AS day, t.application, t.version, t.hash, coalesce(e.hash, '') AS found
FROM anchor_tips t
LEFT JOIN events e ON e.application = t.application AND e.version = t.version
WHERE t.day = ANY (CAST(:days AS date[]))
ORDER BY t.day, t.application;

-- name: anchors-of
SELECT to_char(a.day, 'YYYY-MM-DD') AS day, a.events, a.hash, a.prev_hash, a.at
FROM anchors a
JOIN anchor_tips t ON t.day = a.day
WHERE t.application = :application
ORDER BY a.day;

-- name: chain-of
SELECT application, version, at, coalesce(actor, 0) AS actor, by_email, action, from_state, to_state, data, data_sha256, prev_hash, hash, coalesce(disposal, 0) AS disposal
FROM events
WHERE application = :application
ORDER BY version;

-- name: ledger-of
SELECT id, at, kind, from_acc, to_acc, amount
FROM ledger
WHERE application = :application
ORDER BY id;

-- The register of documents (OSL 5:2): what came in, was made, or was sent, in order of time.
-- A mail to somebody who works at the office was not sent to anybody outside, and is no line.
-- The secrecy is what was found when the case was last tried for disclosure.
-- name: register-lines
SELECT x.at, a.dnr, x.direction, x.kind, x.what, a.title, coalesce(s.name, a.record #>> '{form,applicant,organisation}', '') AS applicant,
       coalesce((SELECT d.ground FROM disclosures d WHERE d.application = a.id ORDER BY d.id DESC LIMIT 1), '') AS secrecy
FROM applications a
LEFT JOIN schools s ON s.id = a.school
JOIN (
    SELECT v.application, v.received_at AS at, 'in' AS direction, CASE WHEN v.n = 1 THEN 'application' ELSE 'completion' END AS kind, '' AS what FROM versions v
    UNION ALL
    SELECT t.application, t.at, 'in', 'attachment', t.kind FROM attachments t
    UNION ALL
    SELECT d.application, d.at, 'made', 'document', d.kind FROM documents d WHERE d.application IS NOT NULL
    UNION ALL
    SELECT m.application, m.created_at, 'out', 'mail', m.subject FROM mails m
    WHERE m.application IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM people p JOIN person_roles r ON r.person = p.id WHERE p.email = lower(m.recipient) AND r.role = ANY (CAST(:office AS text[])))
    UNION ALL
    SELECT e.application, e.at, 'in', 'event', e.action FROM events e WHERE e.action IN ('submit_report', 'request_change', 'report_cancellation', 'record_appeal', 'withdraw', 'decline')
    UNION ALL
    SELECT e.application, e.at, 'made', 'event', e.action FROM events e WHERE e.action IN ('decide', 'decide_change', 'decide_recovery')
) x ON x.application = a.id
WHERE {{visible}} AND a.received_at IS NOT NULL
ORDER BY x.at, a.id, x.kind, x.what;

-- name: retention-rules
SELECT code, months, counted_from, action, basis
FROM retention_rules
ORDER BY sort;

-- What a rule may come to, with the instant it is counted from. Held: a legal hold on the case, or on a case of the person.
-- Note: what else tells it from another of the same name.
-- name: due-refused
SELECT a.id, coalesce(a.dnr, '') AS name, concat_ws(', ', nullif(a.title, ''), coalesce(s.name, a.record #>> '{form,applicant,organisation}')) AS note, coalesce(a.decided_at, a.updated_at) AS since,
       EXISTS (SELECT 1 FROM legal_holds h WHERE h.application = a.id AND h.lifted_at IS NULL) AS held
FROM applications a
LEFT JOIN schools s ON s.id = a.school
WHERE a.received_at IS NOT NULL AND a.state IN ('closed', 'withdrawn') AND a.granted = 0 AND NOT a.has_money
  AND NOT EXISTS (SELECT 1 FROM disposals d WHERE d.subject = 'application' AND d.item = a.id)
ORDER BY since, a.id;

-- name: due-draft
SELECT a.id, a.title AS name, coalesce(s.name, a.record #>> '{form,applicant,organisation}', '') AS note,
       CASE WHEN coalesce(r.data ->> 'closes_at', '0001') LIKE '0001%' THEN a.updated_at ELSE greatest(CAST(r.data ->> 'closes_at' AS timestamptz), a.created_at) END AS since,
       EXISTS (SELECT 1 FROM legal_holds h WHERE h.application = a.id AND h.lifted_at IS NULL) AS held
FROM applications a
LEFT JOIN rounds r ON r.id = a.round
LEFT JOIN schools s ON s.id = a.school
WHERE a.received_at IS NULL AND a.state IN ('draft', 'awaiting_principal', 'approved')
  AND NOT EXISTS (SELECT 1 FROM disposals d WHERE d.subject = 'application' AND d.item = a.id)
ORDER BY since, a.id;

-- name: due-payout-file
SELECT b.id, b.message_id AS name, '' AS note, b.created_at AS since,
       EXISTS (SELECT 1 FROM batch_lines l JOIN legal_holds h ON h.application = l.application AND h.lifted_at IS NULL WHERE l.batch = b.id) AS held
FROM batches b
WHERE b.state IN ('settled', 'cancelled') AND EXISTS (SELECT 1 FROM documents d WHERE d.batch = b.id)
  AND NOT EXISTS (SELECT 1 FROM disposals d WHERE d.subject = 'batch' AND d.item = b.id)
ORDER BY since, b.id;

-- name: due-sign-in
SELECT 0 AS id, '' AS name, '' AS note, min(at) AS since, false AS held
FROM (SELECT created_at AS at FROM sign_in_links UNION ALL SELECT at FROM access_log) x
HAVING count(*) > 0;

-- Who works at the office still, or has a part in a case that goes on, is in use, however long ago the last step was.
-- name: due-person
SELECT p.id, p.name, p.email AS note, greatest(p.created_at, (SELECT max(e.at) FROM events e WHERE e.actor = p.id)) AS since,
       EXISTS (SELECT 1 FROM legal_holds h JOIN events e ON e.application = h.application AND e.actor = p.id WHERE h.lifted_at IS NULL) AS held
FROM people p
WHERE p.active AND NOT EXISTS (SELECT 1 FROM disposals d WHERE d.subject = 'person' AND d.item = p.id)
  AND NOT EXISTS (SELECT 1 FROM person_roles r WHERE r.person = p.id AND r.role = ANY (CAST(:office AS text[])))
  AND NOT EXISTS (SELECT 1 FROM applications a
                  WHERE a.received_at IS NOT NULL AND a.state NOT IN ('closed', 'withdrawn', 'lapsed')
                    AND (a.applicant = p.id OR EXISTS (SELECT 1 FROM application_people k WHERE k.application = a.id AND k.person = p.id)))
ORDER BY since, p.id;

-- name: due-idea
SELECT i.id, i.name, i.organisation AS note, i.answered_at AS since, false AS held
FROM ideas i
WHERE i.answered_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM disposals d WHERE d.subject = 'idea' AND d.item = i.id)
ORDER BY since, i.id;

-- name: insert-archive-decision
INSERT INTO archive_decisions (rule, reference, decided_by, decided_at)
VALUES (:rule, :reference, :by, :at)
RETURNING id;

-- name: insert-disposal
INSERT INTO disposals (decision, subject, item, action, at)
VALUES (:decision, :subject, :item, :action, :at);

-- name: disposals
SELECT x.id, x.subject, x.item, CASE x.subject WHEN 'application' THEN coalesce(a.dnr, '') WHEN 'batch' THEN coalesce(b.message_id, '') ELSE '' END AS name, x.action, x.at, d.reference, d.rule, p.name AS by_name
FROM disposals x
JOIN archive_decisions d ON d.id = x.decision
JOIN people p ON p.id = d.decided_by
LEFT JOIN applications a ON x.subject = 'application' AND a.id = x.item
LEFT JOIN batches b ON x.subject = 'batch' AND b.id = x.item
ORDER BY x.id DESC
LIMIT 200;

-- name: empty-application
UPDATE applications
SET record = :record, title = '', search = '', applicant = NULL, school = CASE WHEN received_at IS NULL THEN NULL ELSE school END
WHERE id = :id;

-- name: empty-events
UPDATE events
SET by_email = '', data = '{}', disposal = :decision
WHERE application = :id;

-- name: empty-versions
UPDATE versions
SET form = '{}', disposal = :decision
WHERE application = :id;

-- name: drop-attachment-bytes
DELETE FROM attachment_chunks
WHERE attachment IN (SELECT a.id FROM attachments a WHERE a.application = :id);

-- name: drop-attachment-names
UPDATE attachments
SET name = '–', uploaded_by = NULL
WHERE application = :id;

-- name: drop-document-bytes
DELETE FROM document_chunks
WHERE document IN (SELECT d.id FROM documents d WHERE (:subject = 'application' AND d.application = :id) OR (:subject = 'batch' AND d.batch = :id));

-- name: drop-mails
DELETE FROM mails
WHERE application = :id;

-- name: drop-sign-ins
DELETE FROM sign_in_links
WHERE created_at < :before;

-- name: drop-access-log
DELETE FROM access_log
WHERE at < :before;

-- name: anonymise-idea
UPDATE ideas
SET name = '–', email = '', organisation = '', text = '–', answer = '–', source = ''
WHERE id = :id;

-- A person's name and address are replaced wherever they stand; what the ledger, the
-- chain and the statistics are made of does not name anybody.
-- name: anonymise-person
UPDATE people
SET email = :alias, name = :alias_name, org_no = '', active = false
WHERE id = :id;

-- name: anonymise-records
UPDATE applications
SET record = CAST(replace(replace(CAST(record AS text), :email, :alias), :name, :alias_name) AS jsonb)
WHERE CAST(record AS text) LIKE '%' || :email || '%' OR CAST(record AS text) LIKE '%' || :name || '%';

-- name: anonymise-events
UPDATE events
SET by_email = CASE WHEN by_email = :email THEN :alias ELSE by_email END,
    data = CAST(replace(replace(CAST(data AS text), :email, :alias), :name, :alias_name) AS jsonb), disposal = :decision
WHERE by_email = :email OR CAST(data AS text) LIKE '%' || :email || '%' OR CAST(data AS text) LIKE '%' || :name || '%';

-- name: anonymise-versions
UPDATE versions
SET form = CAST(replace(replace(CAST(form AS text), :email, :alias), :name, :alias_name) AS jsonb), disposal = :decision
WHERE CAST(form AS text) LIKE '%' || :email || '%' OR CAST(form AS text) LIKE '%' || :name || '%';

-- name: anonymise-mails
UPDATE mails
SET recipient = replace(recipient, :email, :alias), subject = replace(replace(subject, :email, :alias), :name, :alias_name), body = replace(replace(body, :email, :alias), :name, :alias_name)
WHERE recipient = :email OR subject || body LIKE '%' || :email || '%' OR subject || body LIKE '%' || :name || '%';

-- name: anonymise-batches
UPDATE batches
SET record = CAST(replace(replace(CAST(record AS text), :email, :alias), :name, :alias_name) AS jsonb)
WHERE CAST(record AS text) LIKE '%' || :email || '%' OR CAST(record AS text) LIKE '%' || :name || '%';

-- name: anonymise-outbox
UPDATE outbox
SET data = CAST(replace(replace(CAST(data AS text), :email, :alias), :name, :alias_name) AS jsonb)
WHERE CAST(data AS text) LIKE '%' || :email || '%' OR CAST(data AS text) LIKE '%' || :name || '%';

-- name: anonymise-ideas
UPDATE ideas
SET name = '–', email = '', source = ''
WHERE lower(email) = :email;

-- name: anonymise-report-drafts
UPDATE report_drafts
SET fields = CAST(replace(replace(CAST(fields AS text), :email, :alias), :name, :alias_name) AS jsonb)
WHERE CAST(fields AS text) LIKE '%' || :email || '%' OR CAST(fields AS text) LIKE '%' || :name || '%';

-- name: forget-absences
UPDATE absences SET note = '' WHERE person = :id OR substitute = :id OR made_by = :id OR ended_by = :id;

-- name: forget-ties
DELETE FROM ties WHERE person = :id;

-- name: forget-roles
DELETE FROM person_roles WHERE person = :id;

-- name: forget-tokens
DELETE FROM tokens WHERE person = :id;

-- name: forget-sessions
DELETE FROM sessions WHERE person = :id;

-- name: forget-links
DELETE FROM sign_in_links WHERE person = :id;

-- name: forget-answers
DELETE FROM idempotency WHERE person = :id;

-- Answers that were kept for a second sending say the case whole.
-- name: forget-answers-of
DELETE FROM idempotency WHERE application = :id;

-- name: forget-parked
DELETE FROM parked_posts WHERE person = :id;

-- name: forget-views
DELETE FROM saved_views WHERE person = :id;

-- name: forget-requests
DELETE FROM access_requests WHERE email = :email;

-- Everything that is known about a person, as one JSON, without the cases in which the reader is in conflict of
-- interest: how many of those concern the person is told, as somebody else must answer for them.
-- name: known-about
WITH kept_from AS (
    SELECT application FROM application_people WHERE person = :reader AND relation = 'conflict'
)
SELECT jsonb_build_object(
    'person', to_jsonb(p),
    'withheld', (SELECT count(*) FROM kept_from f JOIN applications a ON a.id = f.application
        WHERE a.applicant = p.id OR position(p.email IN lower(CAST(a.record AS text))) > 0
            OR EXISTS (SELECT 1 FROM application_people k WHERE k.application = a.id AND k.person = p.id)),
    'called_before', (SELECT coalesce(jsonb_agg(x.was ORDER BY x.was), '[]') FROM former_names x WHERE x.person = p.id),
    'roles', (SELECT coalesce(jsonb_agg(jsonb_build_object('role', r.role, 'school', s.name)), '[]') FROM person_roles r LEFT JOIN schools s ON s.id = r.school WHERE r.person = p.id),
    'role_changes', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', c.at, 'role', c.role, 'school', s.name, 'given', c.given) ORDER BY c.id), '[]') FROM role_changes c LEFT JOIN schools s ON s.id = c.school WHERE c.person = p.id),
    'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object('from', x.created_at, 'seen', nullif(x.seen_at, '-infinity'))), '[]') FROM sessions x WHERE x.person = p.id),
    'tokens', (SELECT coalesce(jsonb_agg(jsonb_build_object('from', x.created_at, 'until', x.expires_at)), '[]') FROM tokens x WHERE x.person = p.id),
    'applications', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'dnr', a.dnr, 'title', a.title, 'state', a.state) ORDER BY a.id), '[]') FROM applications a WHERE a.applicant = p.id AND a.id NOT IN (SELECT application FROM kept_from)),
    'concerned_with', (SELECT coalesce(jsonb_agg(jsonb_build_object('application', k.application, 'relation', k.relation) ORDER BY k.application), '[]') FROM application_people k WHERE k.person = p.id AND k.application NOT IN (SELECT application FROM kept_from)),
    'named_in', (SELECT coalesce(jsonb_agg(a.id ORDER BY a.id), '[]') FROM applications a WHERE position(p.email IN lower(CAST(a.record AS text))) > 0 AND a.id NOT IN (SELECT application FROM kept_from)),
    'actions', (SELECT coalesce(jsonb_agg(jsonb_build_object('application', e.application, 'at', e.at, 'action', e.action) ORDER BY e.id), '[]') FROM events e WHERE e.actor = p.id AND e.application NOT IN (SELECT application FROM kept_from)),
    'files', (SELECT coalesce(jsonb_agg(jsonb_build_object('application', t.application, 'name', t.name, 'at', t.at) ORDER BY t.id), '[]') FROM attachments t WHERE t.uploaded_by = p.id AND t.application NOT IN (SELECT application FROM kept_from)),
    'mails', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', m.created_at, 'kind', m.kind, 'subject', m.subject, 'body', m.body) ORDER BY m.id), '[]') FROM mails m WHERE m.recipient = p.email AND coalesce(m.application, 0) NOT IN (SELECT application FROM kept_from)),
    'reading', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', l.at, 'what', l.what, 'document', l.document) ORDER BY l.id), '[]') FROM access_log l
        WHERE l.person = p.id AND NOT EXISTS (SELECT 1 FROM documents d JOIN kept_from f ON f.application = d.application WHERE d.id = l.document)),
    'absences', (SELECT coalesce(jsonb_agg(jsonb_build_object('role', x.role, 'school', s.name, 'first', x.first, 'last', x.last, 'note', x.note, 'is', CASE WHEN x.person = p.id THEN 'away' WHEN x.substitute = p.id THEN 'substitute' ELSE 'noted it' END) ORDER BY x.id), '[]') FROM absences x LEFT JOIN schools s ON s.id = x.school WHERE p.id IN (x.person, x.substitute, x.made_by, x.ended_by)),
    'ties', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', x.kind, 'school', s.name, 'org_no', x.org_no, 'note', x.note, 'at', x.at) ORDER BY x.id), '[]') FROM ties x LEFT JOIN schools s ON s.id = x.school WHERE x.person = p.id),
    'access_requests', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', x.name, 'school', s.name, 'work', x.work, 'state', x.state, 'at', x.created_at) ORDER BY x.id), '[]') FROM access_requests x JOIN schools s ON s.id = x.school WHERE x.email = p.email OR x.decided_by = p.id),
    'saved_views', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', x.name, 'query', x.query, 'at', x.at) ORDER BY x.id), '[]') FROM saved_views x WHERE x.person = p.id),
    'report_drafts', (SELECT coalesce(jsonb_agg(jsonb_build_object('application', x.application, 'at', x.at)), '[]') FROM report_drafts x WHERE x.writer = p.id AND x.application NOT IN (SELECT application FROM kept_from)),
    'decisions_read', (SELECT coalesce(jsonb_agg(jsonb_build_object('application', x.application, 'at', x.at)), '[]') FROM shown_outside x WHERE x.person = p.id AND x.application NOT IN (SELECT application FROM kept_from)),
    'batches', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'attest', CASE WHEN x.attest1_by = p.id THEN 1 ELSE 2 END) ORDER BY x.id), '[]') FROM batches x WHERE p.id IN (x.attest1_by, x.attest2_by)),
    'bank_files', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', x.id)), '[]') FROM bank_files x WHERE x.uploaded_by = p.id),
    'bank_lines', (SELECT coalesce(jsonb_agg(jsonb_build_object('file', x.file, 'n', x.n)), '[]') FROM bank_lines x WHERE x.resolved_by = p.id),
    'bank_bookings', (SELECT coalesce(jsonb_agg(jsonb_build_object('file', x.file, 'n', x.n, 'at', x.at)), '[]') FROM bank_hits x WHERE x.by_person = p.id),
    'meetings', (SELECT coalesce(jsonb_agg(jsonb_build_object('day', x.day, 'body', x.body) ORDER BY x.day), '[]') FROM sittings x WHERE x.created_by = p.id OR position(lower(p.name) IN lower(CAST(x.record AS text))) > 0),
    'papers', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'kind', x.kind, 'at', x.made_at) ORDER BY x.id), '[]') FROM papers x WHERE x.made_by = p.id),
    'signed_months', (SELECT coalesce(jsonb_agg(jsonb_build_object('month', x.month, 'at', x.at, 'note', x.note) ORDER BY x.at), '[]') FROM month_signatures x WHERE x.signed_by = p.id),
    'disclosures', (SELECT coalesce(jsonb_agg(jsonb_build_object('application', x.application, 'at', x.made_at) ORDER BY x.id), '[]') FROM disclosures x WHERE x.made_by = p.id AND x.application NOT IN (SELECT application FROM kept_from)),
    'archive', (SELECT coalesce(jsonb_agg(x.what ORDER BY x.what), '[]') FROM (
        SELECT jsonb_build_object('decision', d.reference, 'at', d.decided_at) AS what FROM archive_decisions d WHERE d.decided_by = p.id
        UNION ALL SELECT jsonb_build_object('hold', h.application, 'at', h.placed_at) FROM legal_holds h WHERE p.id IN (h.placed_by, h.lifted_by) AND h.application NOT IN (SELECT application FROM kept_from)) x),
    'settings', (SELECT coalesce(jsonb_agg(x.what ORDER BY x.what), '[]') FROM (
        SELECT jsonb_build_object('setting', t.name, 'at', t.changed_at) AS what FROM settings t WHERE t.changed_by = p.id
        UNION ALL SELECT jsonb_build_object('funder', t.name, 'at', t.changed_at) FROM funders t WHERE t.changed_by = p.id
        UNION ALL SELECT jsonb_build_object('rules', t.scheme, 'at', t.created_at) FROM rule_sets t WHERE t.created_by = p.id
        UNION ALL SELECT jsonb_build_object('round', t.round, 'action', t.action, 'at', t.at) FROM round_events t WHERE t.actor = p.id
        UNION ALL SELECT jsonb_build_object('allocation', t.round, 'at', t.created_at) FROM allocations t WHERE t.created_by = p.id
        UNION ALL SELECT jsonb_build_object('delegation', t.number, 'at', t.created_at) FROM delegation_items t WHERE p.id IN (t.created_by, t.ended_by)
        UNION ALL SELECT jsonb_build_object('disturbance', t.id, 'at', t.created_at) FROM disturbances t WHERE p.id IN (t.created_by, t.ended_by)
        UNION ALL SELECT jsonb_build_object('words', t.key, 'at', t.at) FROM standing_texts t WHERE t.created_by = p.id
        UNION ALL SELECT jsonb_build_object('earlier_years', t.name, 'at', t.read_at) FROM earlier_imports t WHERE p.id IN (t.read_by, t.taken_by)
        UNION ALL SELECT jsonb_build_object('mail_return', t.id, 'at', t.taken_at) FROM mail_returns t WHERE t.taken_by = p.id
        UNION ALL SELECT jsonb_build_object('mail_came_back', t.id, 'at', t.bounce_done_at) FROM mails t WHERE t.bounce_done_by = p.id) x),
    'sign_in_links', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', x.created_at, 'used', x.used_at)), '[]') FROM sign_in_links x WHERE x.person = p.id),
    'answers_kept', (SELECT count(*) FROM idempotency x WHERE x.person = p.id) + (SELECT count(*) FROM parked_posts x WHERE x.person = p.id),
    'ideas_answered', (SELECT count(*) FROM ideas i WHERE i.answered_by = p.id),
    'ideas', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', i.at, 'kind', i.kind, 'text', i.text) ORDER BY i.id), '[]') FROM ideas i WHERE lower(i.email) = p.email)) AS known
FROM people p
WHERE p.id = :id;

-- name: insert-hold
INSERT INTO legal_holds (application, reason, placed_by, placed_at)
VALUES (:application, :reason, :by, :at)
ON CONFLICT DO NOTHING;

-- name: lift-hold
UPDATE legal_holds
SET lifted_by = :by, lifted_at = :at, lift_reason = :reason
WHERE id = :id AND lifted_at IS NULL;

-- name: holds
SELECT h.id, h.application, coalesce(a.dnr, '') AS dnr, a.title, h.reason, h.placed_at, p.name AS by_name, h.lifted_at, coalesce(l.name, '') AS lifted_by, h.lift_reason
FROM legal_holds h
JOIN applications a ON a.id = h.application
JOIN people p ON p.id = h.placed_by
LEFT JOIN people l ON l.id = h.lifted_by
ORDER BY h.lifted_at NULLS FIRST, h.id DESC;

-- name: filed-by-dnr
SELECT id
FROM applications
WHERE upper(dnr) = upper(:dnr) AND received_at IS NOT NULL;
