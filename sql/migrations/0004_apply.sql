-- +goose Up

-- A post that met an expired sign-in: kept until the same person has signed in again, a day at most.
CREATE TABLE parked_posts (
    hash         bytea PRIMARY KEY,
    person       bigint NOT NULL REFERENCES people,
    path         text NOT NULL,
    content_type text NOT NULL,
    body         bytea NOT NULL,
    created_at   timestamptz NOT NULL
);
CREATE INDEX parked_posts_person ON parked_posts (person, created_at);

-- People who ask for access with a work address; a principal or the office says whether they belong to the school.
CREATE TABLE access_requests (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email        text NOT NULL CONSTRAINT access_email_lower CHECK (email = lower(email)),
    name         text NOT NULL,
    school       bigint NOT NULL REFERENCES schools,
    work         text NOT NULL DEFAULT '',
    lang         text NOT NULL DEFAULT 'sv',
    hash         bytea NOT NULL CONSTRAINT access_hash_unique UNIQUE,
    state        text NOT NULL CONSTRAINT known_access_state CHECK (state IN ('asked', 'confirmed', 'granted', 'refused')),
    created_at   timestamptz NOT NULL,
    asked_wall   timestamptz NOT NULL,
    confirmed_at timestamptz,
    decided_at   timestamptz,
    decided_by   bigint REFERENCES people,
    CONSTRAINT access_decided CHECK ((state IN ('granted', 'refused')) = (decided_by IS NOT NULL))
);
CREATE INDEX access_requests_open ON access_requests (school, id) WHERE state = 'confirmed';
CREATE UNIQUE INDEX access_once ON access_requests (email, school) WHERE state = 'confirmed';
