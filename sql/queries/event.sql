-- The history: appended to, never changed.

-- name: last-hash
SELECT hash
FROM events
WHERE application = :application
ORDER BY version DESC
LIMIT 1;

-- name: insert-event
INSERT INTO events (application, version, at, actor, by_email, action, from_state, to_state, data, data_sha256, prev_hash, hash)
VALUES (:application, :version, :at, :actor, :by_email, :action, :from_state, :to_state, :data, :data_sha256, :prev_hash, :hash);

-- name: events
SELECT e.id, e.application, e.version, e.at, e.by_email, coalesce(p.name, '') AS by_name, e.action, e.from_state, e.to_state, e.data, e.hash
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
