-- What somebody may know of.

-- Which of some cases the reader may see.
-- name: visible-of
SELECT a.id
FROM applications a
WHERE a.id = ANY (CAST(:ids AS bigint[])) AND {{visible}};
