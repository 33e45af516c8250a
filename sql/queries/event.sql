-- The history: appended to, never changed.

-- name: last-hashes
SELECT DISTINCT ON (e.application) e.application, e.hash
FROM events e
JOIN jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (application bigint) ON n.application = e.application
ORDER BY e.application, e.version DESC;

-- name: insert-events
INSERT INTO events (application, version, at, actor, by_email, action, from_state, to_state, data, data_sha256, prev_hash, hash)
SELECT application, version, at, actor, by_email, action, from_state, to_state, data, data_sha256, prev_hash, hash
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (application bigint, version bigint, at timestamptz, actor bigint, by_email text, action text,
    from_state text, to_state text, data jsonb, data_sha256 text, prev_hash text, hash text);

-- name: events
SELECT e.id, e.application, e.version, e.at, shielded(e.by_email, false) AS by_email, coalesce(p.name, '') AS by_name, e.action, e.from_state, e.to_state,
       CASE WHEN EXISTS (SELECT FROM former_names) THEN CAST(shielded(CAST(e.data AS text), true) AS jsonb) ELSE e.data END AS data, e.hash
FROM events e
LEFT JOIN people p ON p.id = e.actor
WHERE e.application = :application
ORDER BY e.version;

-- name: all-events
SELECT application, version, at, coalesce(actor, 0) AS actor, by_email, action, from_state, to_state, data, data_sha256, prev_hash, hash, coalesce(disposal, 0) AS disposal
FROM events
WHERE application > :after_app OR application = :after_app AND version > :after_version
ORDER BY application, version
LIMIT :limit;
