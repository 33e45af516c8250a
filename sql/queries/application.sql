-- Applications: the row that every change locks first.

-- Locks an application until the end of the transaction.
-- name: application-lock
SELECT id, version
FROM applications
WHERE id = :id
FOR UPDATE;

-- Locks many, in the order in which everybody locks.
-- name: lock-applications
SELECT id
FROM applications
WHERE id = ANY (CAST(string_to_array(:ids, ',') AS bigint[]))
ORDER BY id
FOR UPDATE;

-- Everything that Decide may look at, in one round trip.
-- name: case-row
SELECT a.id, a.version, a.state, a.record, a.dnr, a.updated_at, coalesce(a.state_since, a.updated_at) AS state_since,
       r.data AS round_data, r.rules AS round_rules, r.state AS round_state, r.version AS round_version, r.frozen_at AS round_frozen,
       r.rule_set AS round_rule_set, r.budget AS round_budget,
       s.data AS scheme_data,
       (SELECT rs.rules FROM rule_sets rs WHERE rs.scheme = a.scheme ORDER BY rs.version DESC LIMIT 1) AS scheme_rules,
       to_jsonb(sc) AS school,
       (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.id) FROM payments p WHERE p.application = a.id) AS payments,
       CASE WHEN a.school IS NOT NULL THEN EXISTS (
           SELECT 1 FROM applications o
           WHERE o.school = a.school AND o.block_on <= CAST(:today AS date))
       ELSE a.org_no <> '' AND EXISTS (
           SELECT 1 FROM applications o
           WHERE o.school IS NULL AND replace(o.org_no, '-', '') = replace(a.org_no, '-', '') AND o.block_on <= CAST(:today AS date)) END AS blocked,
       EXISTS (SELECT 1 FROM person_roles pr WHERE pr.role = 'head')
           AND NOT EXISTS (
               SELECT 1 FROM person_roles pr JOIN people pe ON pe.id = pr.person AND pe.active
               WHERE pr.role = 'head' AND NOT EXISTS (
                   SELECT 1 FROM application_people ap
                   WHERE ap.application = a.id AND ap.person = pr.person AND ap.relation = 'conflict')) AS head_conflict,
       ARRAY(SELECT pe.name FROM application_people ap JOIN people pe ON pe.id = ap.person WHERE ap.application = a.id AND ap.relation = 'writer') AS writers,
       coalesce((SELECT b.balance FROM round_balances b WHERE b.round = a.round AND b.account = 'available'), 0) AS available,
       (SELECT count(*) FROM applications o
        WHERE o.round = a.round AND o.school = a.school AND o.id <> a.id AND o.granted > 0
          AND o.state NOT IN ('lapsed', 'withdrawn')) AS school_grants,
       a.state IN ('travelling', 'report_due') AND EXISTS (
           SELECT 1 FROM applications o JOIN payments p ON p.application = o.id AND p.status = 'paid'
           WHERE o.id <> a.id AND (o.school = a.school OR a.org_no <> '' AND replace(o.org_no, '-', '') = replace(a.org_no, '-', ''))) AS paid_before,
       coalesce((SELECT encode(ss.seed, 'hex') FROM spot_seeds ss WHERE ss.round = a.round AND a.state IN ('travelling', 'report_due')), '') AS spot_seed,
       a.record -> 'undo' IS NOT NULL AND EXISTS (
           SELECT 1 FROM outbox o
           WHERE o.application = a.id AND o.step = CAST(a.record -> 'undo' ->> 'step' AS bigint)
             AND (EXISTS (SELECT 1 FROM documents d WHERE d.made_by = o.id)
                  OR (o.data -> 'to' @> '["applicant"]' OR o.data -> 'to' @> '["principal"]')
                     AND EXISTS (SELECT 1 FROM mails m WHERE m.job = o.id))) AS told,
       a.record -> 'undo' IS NOT NULL AND EXISTS (
           SELECT 1 FROM shown_outside w
           WHERE w.application = a.id AND w.step = CAST(a.record -> 'undo' ->> 'step' AS bigint)) AS shown
FROM applications a
LEFT JOIN rounds r ON r.id = a.round
JOIN schemes s ON s.code = a.scheme
LEFT JOIN schools sc ON sc.id = a.school
WHERE a.id = :id;

-- name: insert-application
INSERT INTO applications (version, state, scheme, round, school, org_no, applicant, channel, title, requested, granted, has_money, dnr,
    received_at, decided_at, trip_start, trip_end, block_on, search, record, created_at, updated_at,
    state_since, officer, promise_on)
VALUES (:version, :state, :scheme, :round, :school, :org_no, :applicant, :channel, :title, :requested, :granted, :has_money, :dnr,
    :received_at, :decided_at, :trip_start, :trip_end, :block_on, :search, :record, :at, :at,
    :at, :officer, :promise_on)
RETURNING id;

-- The guard is in the WHERE: a row less means that somebody was faster. Each row is an
-- application's next version.
-- name: update-applications
UPDATE applications a
SET version = n.version, state = n.state, scheme = n.scheme, round = n.round, school = n.school, org_no = n.org_no, applicant = n.applicant, title = n.title,
    requested = n.requested, granted = n.granted, has_money = n.has_money, dnr = n.dnr, received_at = n.received_at, decided_at = n.decided_at,
    trip_start = n.trip_start, trip_end = n.trip_end, block_on = n.block_on, search = n.search, record = n.record, updated_at = n.at,
    state_since = CASE WHEN a.state = n.state THEN coalesce(a.state_since, a.updated_at) ELSE n.at END, officer = n.officer, promise_on = n.promise_on
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (id bigint, version bigint, state text, scheme text, round text, school bigint, org_no text, applicant bigint,
    title text, requested bigint, granted bigint, has_money boolean, dnr text, received_at timestamptz, decided_at timestamptz, trip_start date, trip_end date,
    block_on date, search text, record jsonb, at timestamptz, officer bigint, promise_on date)
WHERE a.id = n.id AND a.version = n.version - 1;

-- name: delete-people
DELETE FROM application_people
WHERE application = :id;

-- name: clear-people
DELETE FROM application_people p
USING jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (application bigint)
WHERE p.application = n.application;

-- name: insert-people-of
INSERT INTO application_people (application, person, relation)
SELECT application, person, relation
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (application bigint, person bigint, relation text)
ON CONFLICT DO NOTHING;

-- Who may see which rows is put in for {{visible}} (see visible.go).
-- name: list-cases
SELECT a.id
FROM applications a
WHERE {{visible}}
  AND a.id > :after
  AND (:round = '' OR a.round = :round)
  AND (:scheme = '' OR a.scheme = :scheme)
  AND (:state = '' OR a.state = ANY (string_to_array(:state, ',')))
  AND (:school = 0 OR a.school = :school AND {{open}})
  AND (:q = '' OR {{open}} AND strpos(a.search, :q) > 0)
  AND (NOT :claims OR a.record -> 'recovery' IS NOT NULL OR a.record -> 'overpayments' IS NOT NULL)
  AND (NOT :money OR a.record -> 'recovery' IS NOT NULL OR a.record -> 'overpayments' IS NOT NULL
       OR EXISTS (SELECT 1 FROM payments p
                  WHERE p.application = a.id AND (p.status = 'planned' OR p.status NOT IN ('paid', 'dropped', 'returned', 'rejected', 'replaced')
                        AND jsonb_array_length(coalesce(a.record -> 'account' -> 'verifications', '[]')) < 2)))
ORDER BY a.id
LIMIT :limit;

-- name: insert-version
INSERT INTO versions (application, n, received_at, sha256, form)
VALUES (:application, :n, :received_at, :sha256, :form);

-- Its hash is the filed form's, also where the name of somebody with protected identity is left out here.
-- name: versions
SELECT n, received_at, sha256, CASE WHEN :shield AND EXISTS (SELECT FROM former_names) THEN CAST(shielded(CAST(form AS text), true) AS jsonb) ELSE form END AS form
FROM versions
WHERE application = :application
ORDER BY n;

-- The next number of a series; the row stays locked until the number is used.
-- The last of so many numbers in a row.
-- name: next-in-series
INSERT INTO series (name, year, n)
VALUES (:name, :year, CAST(:count AS bigint))
ON CONFLICT (name, year) DO UPDATE SET n = series.n + EXCLUDED.n
RETURNING n;

-- name: school-applications
SELECT id
FROM applications a
WHERE state = ANY (string_to_array(:states, ','))
  AND (school = :school
       OR :school = 0 AND school IS NULL AND org_no <> ''
          AND replace(org_no, '-', '') = (SELECT replace(o.org_no, '-', '') FROM applications o WHERE o.id = :application))
ORDER BY id;

-- Whether anything of a round came in at this instant, as it may while a clock stands still.
-- name: came-in-at
SELECT EXISTS (SELECT FROM applications WHERE round = :round AND received_at >= :at);

-- name: drafts
SELECT id
FROM applications
WHERE round = :round AND state IN ('draft', 'awaiting_principal', 'approved')
ORDER BY id;

-- When each application's school last got a grant for another one (RF-16); a grant of
-- the years before this service counts where the day of its decision is known.
-- name: last-grants
SELECT a.id, max(g.at) AS at
FROM applications a
JOIN (
    SELECT school, id, decided_at AS at
    FROM applications
    WHERE granted > 0 AND state NOT IN ('lapsed', 'withdrawn')
    UNION ALL
    SELECT school, 0, (decided_on + interval '12 hours') AT TIME ZONE 'Europe/Stockholm'
    FROM earlier_grants
    WHERE granted > 0
) g ON g.school = a.school AND g.id <> a.id
WHERE a.id = ANY (:ids)
GROUP BY a.id
HAVING max(g.at) IS NOT NULL;

-- name: ranked-in-round
SELECT id
FROM applications
WHERE round = :round AND state IN ('ranked', 'proposed')
ORDER BY id;

-- The case stays as it is while somebody outside is shown it.
-- name: share-version
SELECT version
FROM applications
WHERE id = :id
FOR SHARE;

-- name: insert-shown
INSERT INTO shown_outside (application, step, person, at)
VALUES (:application, :step, :person, :at)
ON CONFLICT DO NOTHING;
