-- +goose Up
-- Kept papers stand under the retention table. The written proposal goes with its
-- case: an archive decision that empties the case takes its words, and that it
-- was there, when and with which hash, stays. Confirmed minutes are kept for good.
UPDATE retention_rules SET sort = sort * 10;
INSERT INTO retention_rules (code, sort, months, counted_from, action, basis) VALUES
    ('minutes', 25, NULL, 'never', 'keep', 'arkivlagen 3 §');

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION papers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fixed text[] := ARRAY['title', 'words', 'body'];
BEGIN
    IF TG_OP = 'UPDATE' AND length(NEW.body) = 0 AND (to_jsonb(NEW) - fixed) = (to_jsonb(OLD) - fixed)
        AND EXISTS (SELECT 1 FROM disposals WHERE subject = 'application' AND item = OLD.application AND action = 'delete') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a paper is never changed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$;
-- +goose StatementEnd
DROP TRIGGER papers_stay ON papers;
CREATE TRIGGER papers_stay BEFORE UPDATE OR DELETE ON papers FOR EACH ROW EXECUTE FUNCTION papers_stay();
