-- +goose Up

-- Copies of a case that were handed out, with what was masked in them and why.
-- Who asked may be unknown: nobody has to say who they are (TF 2 kap. 18 §).
CREATE TABLE disclosures (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    application bigint NOT NULL REFERENCES applications,
    masks       jsonb NOT NULL, -- kinds, and how often each was found
    words       jsonb NOT NULL, -- the registrar's own words; as secret as what they mask
    ground      text NOT NULL,
    reason      text NOT NULL CONSTRAINT disclosure_has_reason CHECK (reason <> ''),
    requester   text NOT NULL DEFAULT '',
    sha256      text NOT NULL,
    size        bigint NOT NULL,
    body        bytea NOT NULL,
    made_by     bigint NOT NULL REFERENCES people,
    made_at     timestamptz NOT NULL
);
CREATE INDEX disclosures_application ON disclosures (application);

-- A copy never changes. When an archive decision empties its case, its words go
-- too; that it was handed out, when and with which hash, stays.
-- +goose StatementBegin
CREATE FUNCTION disclosure_but_disposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fixed text[] := ARRAY['words', 'reason', 'requester', 'body'];
BEGIN
    IF TG_OP = 'UPDATE' AND length(NEW.body) = 0 AND (to_jsonb(NEW) - fixed) = (to_jsonb(OLD) - fixed)
        AND EXISTS (SELECT 1 FROM disposals WHERE subject = 'application' AND item = OLD.application AND action = 'delete') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$;
-- +goose StatementEnd
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON disclosures FOR EACH ROW EXECUTE FUNCTION disclosure_but_disposal();
