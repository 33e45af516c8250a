-- +goose Up
-- The delegation order, version by version. What was written is never changed,
-- but for the day an item ends.
CREATE TABLE delegation_items (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number     text NOT NULL CONSTRAINT number_given CHECK (number <> ''),
    text_sv    text NOT NULL,
    text_en    text NOT NULL,
    schemes    jsonb NOT NULL DEFAULT '[]',
    outcomes   jsonb NOT NULL DEFAULT '[]',
    max_kr     bigint CONSTRAINT max_kr_positive CHECK (max_kr >= 0),
    holder     text NOT NULL,
    sub_to     text NOT NULL DEFAULT '',
    valid_from date NOT NULL,
    valid_to   date,
    created_by bigint REFERENCES people,
    created_at timestamptz NOT NULL,
    ended_by   bigint REFERENCES people,
    ended_at   timestamptz,
    CONSTRAINT ends_after_it_began CHECK (valid_to >= valid_from - 1)
);
CREATE UNIQUE INDEX one_delegation_from ON delegation_items (number, valid_from) WHERE valid_to IS NULL OR valid_to >= valid_from;

-- +goose StatementBegin
CREATE FUNCTION delegation_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.number, NEW.text_sv, NEW.text_en, NEW.schemes, NEW.outcomes, NEW.max_kr, NEW.holder, NEW.sub_to, NEW.valid_from, NEW.created_by, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.number, OLD.text_sv, OLD.text_en, OLD.schemes, OLD.outcomes, OLD.max_kr, OLD.holder, OLD.sub_to, OLD.valid_from, OLD.created_by, OLD.created_at) THEN
        RAISE EXCEPTION 'a delegation item is followed by a new version, not changed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER delegation_only_ends BEFORE UPDATE OR DELETE ON delegation_items FOR EACH ROW EXECUTE FUNCTION delegation_only_ends();
