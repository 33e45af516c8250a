-- +goose Up

-- The officer's desk: who prepares a case, since when it is in its step, and by which day that step was promised.
ALTER TABLE applications
    ADD COLUMN state_since timestamptz,
    ADD COLUMN officer bigint REFERENCES people,
    ADD COLUMN promise_on date;
UPDATE applications a
SET state_since = coalesce((SELECT max(e.at) FROM events e WHERE e.application = a.id AND e.from_state <> e.to_state), a.created_at);
CREATE INDEX applications_desk ON applications (coalesce(state_since, updated_at), id);
CREATE INDEX applications_officer ON applications (officer, state);

-- Lists of the queue that somebody has named; query is the address behind the question mark.
CREATE TABLE saved_views (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person bigint NOT NULL REFERENCES people,
    name   text NOT NULL CONSTRAINT view_named CHECK (name <> '' AND length(name) <= 60),
    query  text NOT NULL,
    at     timestamptz NOT NULL,
    CONSTRAINT one_view_a_name UNIQUE (person, name)
);
