-- Cases and earlier grants that may be the same trip as one case (workflow.Alike judges).

-- Trips of the same applicant, and anyone's at about the same days, of those that the reader may see.
-- name: trips-near
SELECT a.id, CAST(0 AS bigint) AS earlier, coalesce(a.dnr, '') AS dnr, a.state, a.granted, a.title, coalesce(s.name, a.record #>> '{form,applicant,organisation}', '') AS applicant,
    a.school = :school AND :school <> 0 OR a.org_no <> '' AND a.org_no = :org_no AS same,
    jsonb_build_object('partner', a.record #> '{form,partner,name}', 'city', a.record #> '{form,partner,city}', 'country', a.record #> '{form,partner,country}',
        'pupils', a.record #> '{form,participants,pupils}', 'start', a.trip_start, 'end', a.trip_end) AS trip
FROM applications a
LEFT JOIN schools s ON s.id = a.school
WHERE a.id <> :id
  AND a.received_at IS NOT NULL
  AND a.state <> 'withdrawn'
  AND a.trip_start <= CAST(:last AS date) AND a.trip_end >= CAST(:first AS date)
  AND {{visible}} AND {{open}}
UNION ALL
SELECT CAST(0 AS bigint), e.id, coalesce(e.data ->> 'dnr', ''), '', e.granted, coalesce(e.data ->> 'title', ''), coalesce(s.name, e.data ->> 'organisation', ''),
    e.school = :school AND :school <> 0 OR e.data ->> 'org_no' <> '' AND e.data ->> 'org_no' = :org_no,
    jsonb_build_object('partner', e.data -> 'partner', 'city', e.data -> 'city', 'country', e.data -> 'country', 'pupils', e.data -> 'pupils', 'start', e.data -> 'start', 'end', e.data -> 'end')
FROM earlier_grants e
LEFT JOIN schools s ON s.id = e.school
WHERE e.granted > 0
  AND nullif(e.data ->> 'start', '') <= :last AND nullif(e.data ->> 'end', '') >= :first
ORDER BY 1 DESC, 2 DESC
LIMIT 500;
