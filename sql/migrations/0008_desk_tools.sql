-- +goose Up
-- Which step of a case wrote a job: what a step that is taken back led to, and
-- has not happened yet, is stopped with it.
ALTER TABLE outbox
    ADD COLUMN step bigint,
    ADD COLUMN stopped_by bigint;
CREATE INDEX outbox_step ON outbox (application, step) WHERE step IS NOT NULL;

-- A decision whose letter has not left yet, read by somebody outside: it can't be taken back any more.
CREATE TABLE shown_outside (
    application bigint NOT NULL REFERENCES applications,
    step        bigint NOT NULL,
    person      bigint REFERENCES people,
    at          timestamptz NOT NULL,
    PRIMARY KEY (application, step)
);
