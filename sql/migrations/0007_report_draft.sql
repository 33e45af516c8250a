-- +goose Up

-- What a school has written of its report, as it stands in the form, until it
-- is filed: the controls by name, in the words that were typed. It is no part of
-- the case and its events, and goes when the report is filed.
CREATE TABLE report_drafts (
    application bigint PRIMARY KEY REFERENCES applications ON DELETE CASCADE,
    fields      jsonb NOT NULL,
    version     bigint NOT NULL CONSTRAINT draft_version_counts CHECK (version >= 0),
    writer      bigint REFERENCES people,
    at          timestamptz NOT NULL
);
