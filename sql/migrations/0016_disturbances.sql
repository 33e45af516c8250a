-- +goose Up
-- What was told on every page while the service, or something that it needs, was disturbed: also what an extension refers to (RF-05).
CREATE TABLE disturbances (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text_sv    text NOT NULL,
    text_en    text NOT NULL,
    from_at    timestamptz NOT NULL,
    until_at   timestamptz NOT NULL,
    created_by bigint REFERENCES people,
    created_at timestamptz NOT NULL,
    ended_by   bigint REFERENCES people,
    CONSTRAINT until_after_from CHECK (until_at >= from_at)
);
CREATE INDEX disturbances_until ON disturbances (until_at);
