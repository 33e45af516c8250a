-- Files, letters and mails.

-- name: insert-attachment
INSERT INTO attachments (application, kind, name, type, size, sha256, scan, uploaded_by, at)
VALUES (:application, :kind, :name, :type, :size, :sha256, :scan, :by, :at)
RETURNING id;

-- name: insert-attachment-chunk
INSERT INTO attachment_chunks (attachment, n, body)
VALUES (:attachment, :n, :body);

-- name: attachment-row
SELECT id, application, kind, name, type, size, sha256, scan, coalesce(uploaded_by, 0) AS uploaded_by, at
FROM attachments
WHERE id = :id AND application = :application;

-- name: set-scan
UPDATE attachments
SET scan = :scan
WHERE id = :id AND application = :application;

-- name: attachment-chunks
SELECT body
FROM attachment_chunks
WHERE attachment = :attachment
ORDER BY n;

-- name: insert-document
INSERT INTO documents (application, batch, kind, name, title, type, size, sha256, corrects, made_by, at)
VALUES (:application, :batch, :kind, :name, :title, :type, :size, :sha256, :corrects, :made_by, :at)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: insert-document-chunk
INSERT INTO document_chunks (document, n, body)
VALUES (:document, :n, :body);

-- name: document-row
SELECT id, coalesce(application, 0) AS application, coalesce(batch, 0) AS batch, kind, name, title, type, size, sha256, coalesce(corrects, 0) AS corrects, at
FROM documents
WHERE id = :id AND application = :application;

-- name: document-chunks
SELECT body
FROM document_chunks
WHERE document = :document
ORDER BY n;

-- name: documents-of-kind
SELECT id, coalesce(application, 0) AS application, coalesce(batch, 0) AS batch, kind, name, title, type, size, sha256, coalesce(corrects, 0) AS corrects, at
FROM documents
WHERE application = ANY (:applications) AND kind = :kind
ORDER BY id;

-- name: batch-files
SELECT id, coalesce(application, 0) AS application, coalesce(batch, 0) AS batch, kind, name, title, type, size, sha256, coalesce(corrects, 0) AS corrects, at
FROM documents
WHERE batch = :batch
ORDER BY id;

-- name: batch-file-row
SELECT id, coalesce(application, 0) AS application, coalesce(batch, 0) AS batch, kind, name, title, type, size, sha256, coalesce(corrects, 0) AS corrects, at
FROM documents
WHERE batch = :batch AND name = :name;

-- name: insert-mail
INSERT INTO mails (application, job, recipient, kind, offset_days, lang, subject, body, created_at, sent_at)
VALUES (:application, :job, :recipient, :kind, :offset_days, :lang, :subject, :body, :at, :sent_at)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: mails
SELECT id, coalesce(application, 0) AS application, shielded(recipient, false) AS recipient, kind, offset_days, lang,
       shielded(subject, false) AS subject, shielded(body, false) AS body, created_at, sent_at, bounced_at, bounce, bounce_done
FROM mails
WHERE application = :application
ORDER BY id;

-- name: rehearsal-mails
SELECT id, coalesce(application, 0) AS application, recipient, kind, offset_days, lang, subject, body, created_at, sent_at, bounced_at, bounce, bounce_done
FROM mails
WHERE (:to = '' OR recipient = :to) AND (:application = 0 OR application = :application) AND id > :after
ORDER BY id
LIMIT :limit;

-- name: newest-mails
SELECT id, coalesce(application, 0) AS application, recipient, kind, offset_days, lang, subject, body, created_at, sent_at, bounced_at, bounce, bounce_done
FROM mails
WHERE starts_with(recipient, :to) AND (:application = 0 OR application = :application) AND (:before = 0 OR id < :before)
ORDER BY id DESC
LIMIT :limit;

-- name: mail-row
SELECT id, coalesce(application, 0) AS application, shielded(recipient, false) AS recipient, kind, offset_days, lang,
       shielded(subject, false) AS subject, shielded(body, false) AS body, created_at, sent_at, bounced_at, bounce, bounce_done
FROM mails
WHERE id = :id;

-- name: mail-sent
UPDATE mails
SET sent_at = :at
WHERE id = :id AND sent_at IS NULL;

-- name: insert-access
INSERT INTO access_log (at, person, document, what)
VALUES (:at, :person, :document, :what);

-- name: access-of
SELECT l.document, l.at, coalesce(p.name, '') AS name, l.what
FROM access_log l
LEFT JOIN people p ON p.id = l.person
WHERE l.document = ANY (:documents)
ORDER BY l.id;

-- name: document-by-sum
SELECT id, coalesce(application, 0) AS application, coalesce(batch, 0) AS batch, kind, name, title, type, size, sha256, coalesce(corrects, 0) AS corrects, at
FROM documents
WHERE sha256 = :sha256
LIMIT 1;

-- A mail that came back; the second time changes nothing.
-- name: mail-bounced
UPDATE mails
SET bounced_at = :at, bounce = :why
WHERE id = :id AND bounced_at IS NULL;

-- name: bounce-done
UPDATE mails
SET bounce_done_at = :at, bounce_done_by = :by, bounce_done = :done
WHERE id = :id AND application = :application AND bounced_at IS NOT NULL AND bounce_done_at IS NULL;

-- Mails that came back and that nobody has dealt with, of the cases that the reader may see.
-- name: bounced-mails
SELECT m.application, a.title, count(*) AS n
FROM mails m
JOIN applications a ON a.id = m.application
WHERE {{visible}}
  AND m.bounced_at IS NOT NULL AND m.bounce_done_at IS NULL
GROUP BY m.application, a.title
ORDER BY m.application;
