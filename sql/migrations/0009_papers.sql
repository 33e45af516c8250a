-- +goose Up
-- What was on the table: the written proposal as it was when it was made, and
-- the minutes as they were confirmed. Nothing in them is changed; what is said
-- anew is a new paper that names the one it stands instead of.
CREATE TABLE papers (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text NOT NULL CONSTRAINT known_paper CHECK (kind IN ('proposal', 'minutes')),
    application bigint REFERENCES applications,
    sitting     bigint REFERENCES sittings,
    about       timestamptz NOT NULL,
    title       text NOT NULL,
    words       text NOT NULL,
    sha256      text NOT NULL,
    body        bytea NOT NULL,
    corrects    bigint REFERENCES papers,
    made_by     bigint REFERENCES people,
    made_at     timestamptz NOT NULL,
    CONSTRAINT paper_of_one CHECK ((kind = 'proposal') = (application IS NOT NULL) AND (kind = 'minutes') = (sitting IS NOT NULL)),
    CONSTRAINT paper_corrected_once UNIQUE (corrects)
);
CREATE UNIQUE INDEX paper_of_proposal ON papers (application, about) WHERE kind = 'proposal';
CREATE INDEX papers_sitting ON papers (sitting, id) WHERE kind = 'minutes';

-- +goose StatementBegin
CREATE FUNCTION papers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a paper is never changed';
END $$;
-- +goose StatementEnd
CREATE TRIGGER papers_stay BEFORE UPDATE ON papers FOR EACH ROW EXECUTE FUNCTION papers_stay();

-- A delivery report about a mail, by its own id, so that it is taken once.
CREATE TABLE mail_returns (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256      text NOT NULL CONSTRAINT mail_return_once UNIQUE,
    mail        bigint REFERENCES mails ON DELETE CASCADE,
    status      text NOT NULL,
    action      text NOT NULL,
    taken_by    bigint REFERENCES people,
    taken_at    timestamptz NOT NULL
);
