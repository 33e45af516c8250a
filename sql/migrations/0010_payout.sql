-- +goose Up
-- What an attest is about stands in a row for each line, so that a batch of any
-- size can be read one line at a time. The batch's record keeps the rest.
ALTER TABLE batch_lines
    ADD COLUMN place int,
    ADD COLUMN line  jsonb;
UPDATE batch_lines l
SET place = x.place, line = x.line
FROM (
    SELECT b.id AS batch, CAST(e.line ->> 'payment' AS bigint) AS payment, e.line, e.place
    FROM batches b
    CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(b.record -> 'lines') WHEN 'array' THEN b.record -> 'lines' ELSE '[]' END) WITH ORDINALITY AS e (line, place)) x
WHERE x.batch = l.batch AND x.payment = l.payment;
UPDATE batches
SET record = record - 'lines';
ALTER TABLE batch_lines
    ALTER COLUMN place SET NOT NULL,
    ALTER COLUMN line SET NOT NULL,
    ADD CONSTRAINT line_place_unique UNIQUE (batch, place);

-- The instalments of a case, also those that came to nothing.
CREATE INDEX payments_application ON payments (application, n);
