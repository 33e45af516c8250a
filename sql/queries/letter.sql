-- Cases whose decision has a letter, and proposals whose letter is held. Without
-- a round: those that wait for a release.
-- name: letter-cases
SELECT a.id
FROM applications a
WHERE (:round = '' OR a.round = :round)
  AND (CASE WHEN :round = '' THEN a.record #> '{letter}' IS NOT NULL AND a.record #>> '{letter,released_at}' LIKE '0001-%'
            ELSE a.record #> '{decision}' IS NOT NULL OR a.state = 'proposed' END)
  AND a.received_at IS NOT NULL
  AND {{visible}}
ORDER BY a.id;
