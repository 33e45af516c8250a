-- The officer's desk: the queue, who has how much, and the lists that people keep.

-- A page of the queue, longest in its step first. The reader's filters are put in for {{queue}}.
-- name: queue-page
SELECT a.id, coalesce(a.state_since, a.updated_at) AS since
FROM applications a
LEFT JOIN rounds r ON r.id = a.round
WHERE {{visible}}
  AND {{queue}}
  AND (:state = '' OR a.state = ANY (string_to_array(:state, ',')))
  AND (:after_id = 0 OR (coalesce(a.state_since, a.updated_at), a.id) > (CAST(:after_at AS timestamptz), :after_id))
ORDER BY coalesce(a.state_since, a.updated_at), a.id
LIMIT :limit;

-- The page before a row, nearest first.
-- name: queue-page-before
SELECT a.id, coalesce(a.state_since, a.updated_at) AS since
FROM applications a
LEFT JOIN rounds r ON r.id = a.round
WHERE {{visible}}
  AND {{queue}}
  AND (:state = '' OR a.state = ANY (string_to_array(:state, ',')))
  AND (coalesce(a.state_since, a.updated_at), a.id) < (CAST(:after_at AS timestamptz), :after_id)
ORDER BY coalesce(a.state_since, a.updated_at) DESC, a.id DESC
LIMIT :limit;

-- How many cases lie in each step, under the same filters.
-- name: queue-counts
SELECT a.state, count(*) AS n
FROM applications a
LEFT JOIN rounds r ON r.id = a.round
WHERE {{visible}}
  AND {{queue}}
GROUP BY a.state;

-- Open cases per officer and step, with those that are past what was promised.
-- name: workload
SELECT coalesce(p.id, 0) AS person, coalesce(p.email, '') AS email, coalesce(p.name, '') AS name, a.state, count(*) AS n,
       count(*) FILTER (WHERE {{promise}} < CAST(:today AS date)) AS late
FROM applications a
LEFT JOIN rounds r ON r.id = a.round
LEFT JOIN people p ON p.id = a.officer
WHERE {{visible}}
  AND a.state = ANY (string_to_array(:state, ','))
GROUP BY p.id, p.email, p.name, a.state
ORDER BY p.email NULLS FIRST;

-- name: saved-views
SELECT id, name, query
FROM saved_views
WHERE person = :person
ORDER BY name COLLATE "sv-x-icu";

-- name: save-view
INSERT INTO saved_views (person, name, query, at)
VALUES (:person, :name, :query, :at)
ON CONFLICT (person, name) DO UPDATE SET query = excluded.query, at = excluded.at;

-- name: drop-view
DELETE FROM saved_views
WHERE person = :person AND id = :id;
