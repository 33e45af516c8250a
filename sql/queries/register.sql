-- Schools, schemes, rules, rounds.

-- name: list-schools
SELECT to_jsonb(s) AS school,
       EXISTS (SELECT 1 FROM applications a WHERE a.school = s.id AND a.block_on <= CAST(:today AS date)) AS blocked
FROM schools s
ORDER BY s.name COLLATE "sv-x-icu";

-- name: school-by-id
SELECT to_jsonb(s) AS school,
       EXISTS (SELECT 1 FROM applications a WHERE a.school = s.id AND a.block_on <= CAST(:today AS date)) AS blocked
FROM schools s
WHERE s.id = :id;

-- A school is named by its unit code or by its exact name.
-- name: find-school
SELECT to_jsonb(s) AS school, false AS blocked
FROM schools s
WHERE :unit_code <> '' AND s.unit_code = :unit_code OR :unit_code = '' AND s.name = :name
LIMIT 1;

-- name: upsert-school
INSERT INTO schools (name, slug, unit_code, level, operator, operator_name, operator_org, town, cost_centre, active_from, active_to)
VALUES (:name, :slug, :unit_code, :level, :operator, :operator_name, :operator_org, :town, :cost_centre, :active_from, :active_to)
ON CONFLICT (name) DO UPDATE
SET unit_code = excluded.unit_code, level = excluded.level, operator = excluded.operator, operator_name = excluded.operator_name,
    operator_org = excluded.operator_org, town = excluded.town, cost_centre = excluded.cost_centre,
    active_from = excluded.active_from, active_to = excluded.active_to
RETURNING id;

-- name: insert-school
INSERT INTO schools (name, slug, unit_code, level, operator, operator_name, operator_org, town, cost_centre, active_from, active_to)
VALUES (:name, :slug, :unit_code, :level, :operator, :operator_name, :operator_org, :town, :cost_centre, :active_from, :active_to)
RETURNING id;

-- name: update-school
UPDATE schools
SET name = :name, unit_code = :unit_code, level = :level, operator = :operator, operator_name = :operator_name, operator_org = :operator_org,
    town = :town, cost_centre = :cost_centre, active_from = :active_from, active_to = :active_to
WHERE id = :id
RETURNING id;

-- name: scheme
SELECT data
FROM schemes
WHERE code = :code;

-- name: list-schemes
SELECT data
FROM schemes
ORDER BY code DESC;

-- name: upsert-scheme
INSERT INTO schemes (code, data)
VALUES (:code, :data)
ON CONFLICT (code) DO UPDATE SET data = excluded.data;

-- name: newest-rules
SELECT version, rules
FROM rule_sets
WHERE scheme = :scheme
ORDER BY version DESC
LIMIT 1;

-- name: insert-rules
INSERT INTO rule_sets (scheme, version, rules, note, created_by, created_at)
VALUES (:scheme, :version, :rules, :note, :by, :at);

-- name: insert-round
INSERT INTO rounds (id, scheme, state, data, parameters, rules, rule_set, budget, opens_at)
VALUES (:id, :scheme, 'draft', :data, :parameters, :rules, :rule_set, :budget, :opens_at);

-- name: round-by-id
SELECT id, version, scheme, state, data, parameters, rules, rule_set, budget, frozen_at
FROM rounds
WHERE id = :id;

-- name: round-for-update
SELECT id, version, scheme, state, data, parameters, rules, rule_set, budget, frozen_at
FROM rounds
WHERE id = :id
FOR UPDATE;

-- name: update-round
UPDATE rounds
SET version = version + 1, state = :state, data = :data, parameters = :parameters, rules = :rules, rule_set = :rule_set,
    budget = :budget, opens_at = :opens_at
WHERE id = :id AND version = :version;

-- name: list-rounds
SELECT id, version, scheme, state, data, parameters, rules, rule_set, budget, frozen_at
FROM rounds
WHERE (:all OR state = 'published')
ORDER BY opens_at DESC, id;

-- The rules of a round are fixed when its first application arrives (KL 2:4).
-- name: freeze-round
UPDATE rounds
SET frozen_at = :at
WHERE id = :id AND frozen_at IS NULL;

-- name: insert-round-event
INSERT INTO round_events (round, at, actor, action, data)
VALUES (:round, :at, :actor, :action, :data);

-- name: round-events
SELECT e.at, e.action, e.data, coalesce(p.name, '') AS by_name
FROM round_events e
LEFT JOIN people p ON p.id = e.actor
WHERE e.round = :round
ORDER BY e.id;

-- name: insert-allocation
INSERT INTO allocations (round, name, result, created_by, created_at)
VALUES (:round, :name, :result, :by, :at)
RETURNING id;

-- name: allocation-by-id
SELECT id, round, name, result, chosen, created_at
FROM allocations
WHERE id = :id AND round = :round;

-- name: list-allocations
SELECT id, round, name, result, chosen, created_at
FROM allocations
WHERE round = :round
ORDER BY id;

-- name: choose-allocation
UPDATE allocations
SET chosen = (id = :id)
WHERE round = :round;

-- Every version of a scheme's rules, newest first.
-- name: list-rules
SELECT s.version, s.rules, s.note, coalesce(p.name, '') AS by_name, s.created_at
FROM rule_sets s
LEFT JOIN people p ON p.id = s.created_by
WHERE s.scheme = :scheme
ORDER BY s.version DESC;

-- What lies in a round, for who is about to cancel it.
-- name: round-count
SELECT count(*) FILTER (WHERE received_at IS NULL) AS drafts, count(*) FILTER (WHERE received_at IS NOT NULL) AS filed,
       count(*) FILTER (WHERE has_money) AS grants
FROM applications
WHERE round = :round;
