-- The draw for spot checks of final reports, round by round.

-- The secret of each round with what its draws came to. Reports may still come
-- while a filed case without one is neither ended nor refused.
-- name: spot-draws
SELECT s.round, encode(s.seed, 'hex') AS seed, coalesce(t.reports, 0) AS reports, coalesce(t.drawn, 0) AS drawn, coalesce(t.risky, 0) AS risky, coalesce(t.waited, 0) AS waited
FROM spot_seeds s
LEFT JOIN (
    SELECT a.round,
           count(*) FILTER (WHERE jsonb_typeof(a.record #> '{report,spot_check}') = 'object') AS reports,
           count(*) FILTER (WHERE a.record #>> '{report,spot_check,drawn}' = 'true') AS drawn,
           count(*) FILTER (WHERE jsonb_array_length(coalesce(a.record #> '{report,spot_check,reasons}', '[]')) > 0 AND a.record #>> '{report,spot_check,drawn}' = 'false') AS risky,
           count(*) FILTER (WHERE a.received_at IS NOT NULL AND jsonb_typeof(a.record -> 'report') IS DISTINCT FROM 'object'
               AND a.state NOT IN ('settled', 'closed', 'withdrawn', 'lapsed') AND NOT (a.state = 'decided' AND a.granted = 0)) AS waited
    FROM applications a
    GROUP BY a.round) t ON t.round = s.round
ORDER BY s.round;
