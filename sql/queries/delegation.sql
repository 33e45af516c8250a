-- The delegation order.

-- name: list-delegation
SELECT d.id, d.number, d.text_sv, d.text_en, d.schemes, d.outcomes, d.max_kr, d.holder, d.sub_to, d.valid_from, d.valid_to,
       (SELECT count(*) FROM applications a
        WHERE a.record -> 'decision' ->> 'delegation_item' = d.number AND a.decided_at IS NOT NULL
          AND CAST(a.decided_at AT TIME ZONE 'Europe/Stockholm' AS date) BETWEEN d.valid_from AND coalesce(d.valid_to, 'infinity')) AS used
FROM delegation_items d
ORDER BY d.number COLLATE "sv-x-icu", d.valid_from DESC;

-- name: delegation-for-update
SELECT id, number, text_sv, text_en, schemes, outcomes, max_kr, holder, sub_to, valid_from, valid_to, CAST(0 AS bigint) AS used
FROM delegation_items
WHERE number = :number
ORDER BY id
FOR UPDATE;

-- name: insert-delegation
INSERT INTO delegation_items (number, text_sv, text_en, schemes, outcomes, max_kr, holder, sub_to, valid_from, valid_to, created_by, created_at)
VALUES (:number, :text_sv, :text_en, :schemes, :outcomes, :max_kr, :holder, :sub_to, :valid_from, :valid_to, :by, :at)
RETURNING id;

-- name: end-delegation
UPDATE delegation_items
SET valid_to = :valid_to, ended_by = :by, ended_at = :at
WHERE id = :id AND valid_from <= CAST(:valid_to AS date) AND (valid_to IS NULL OR valid_to > CAST(:valid_to AS date));
