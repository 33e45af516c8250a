-- +goose Up

-- Files with grants of the years before this service, as they were brought. What
-- a file would do is looked at first; taken_at says when somebody had it done.
CREATE TABLE earlier_imports (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name     text NOT NULL,
    sha256   text NOT NULL,
    rows     jsonb NOT NULL,
    read_by  bigint REFERENCES people,
    read_at  timestamptz NOT NULL,
    taken_by bigint REFERENCES people,
    taken_at timestamptz,
    report   jsonb,
    CONSTRAINT taken_with_report CHECK ((taken_at IS NULL) = (report IS NULL))
);

-- One grant each, by the key of workflow.EarlierGrant. They are no cases and stand in no round's ledger.
CREATE TABLE earlier_grants (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key        text NOT NULL CONSTRAINT earlier_once UNIQUE,
    school     bigint REFERENCES schools,
    data       jsonb NOT NULL,
    granted    bigint NOT NULL CONSTRAINT earlier_not_negative CHECK (granted >= 0),
    decided_on date,
    import     bigint NOT NULL REFERENCES earlier_imports
);
CREATE INDEX earlier_grants_school ON earlier_grants (school);

-- What a grant said before a later file changed it.
CREATE TABLE earlier_changes (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    grant_ bigint NOT NULL REFERENCES earlier_grants,
    import bigint NOT NULL REFERENCES earlier_imports,
    before jsonb NOT NULL
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON earlier_changes FOR EACH ROW EXECUTE FUNCTION append_only();
