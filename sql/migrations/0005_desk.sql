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

-- Meetings of the committee and the board: agenda, who was there, who was in conflict in which case.
CREATE TABLE sittings (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version    bigint NOT NULL DEFAULT 1,
    body       text NOT NULL CONSTRAINT known_body CHECK (body IN ('COMMITTEE', 'BOARD')),
    day        date NOT NULL,
    record     jsonb NOT NULL,
    created_by bigint REFERENCES people,
    created_at timestamptz NOT NULL,
    CONSTRAINT one_sitting_a_day UNIQUE (body, day)
);

-- A mail that came back; somebody has to find another way.
ALTER TABLE mails
    ADD COLUMN bounced_at timestamptz,
    ADD COLUMN bounce text NOT NULL DEFAULT '',
    ADD COLUMN bounce_done_at timestamptz,
    ADD COLUMN bounce_done_by bigint REFERENCES people,
    ADD COLUMN bounce_done text NOT NULL DEFAULT '';
CREATE INDEX mails_bounced ON mails (id) WHERE bounced_at IS NOT NULL AND bounce_done_at IS NULL;

-- Who is away and who acts instead; both days count.
CREATE TABLE absences (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person     bigint NOT NULL REFERENCES people,
    substitute bigint NOT NULL REFERENCES people,
    role       text NOT NULL CONSTRAINT substitutable CHECK (role IN ('officer', 'head', 'secretary')),
    first      date NOT NULL,
    last       date NOT NULL,
    note       text NOT NULL DEFAULT '',
    made_by    bigint NOT NULL REFERENCES people,
    at         timestamptz NOT NULL,
    ended_at   timestamptz,
    CONSTRAINT another_person CHECK (person <> substitute),
    CONSTRAINT days_in_order CHECK (first <= last)
);
CREATE INDEX absences_substitute ON absences (substitute, last) WHERE ended_at IS NULL;

-- Schools and organisations that a reviewer or officer has, or had, to do with; they may not assess their applications.
CREATE TABLE ties (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person bigint NOT NULL REFERENCES people,
    school bigint REFERENCES schools,
    org_no text NOT NULL DEFAULT '',
    kind   text NOT NULL CONSTRAINT known_tie CHECK (kind IN ('employer', 'family', 'other')),
    note   text NOT NULL DEFAULT '',
    at     timestamptz NOT NULL,
    CONSTRAINT tied_to_something CHECK ((school IS NULL) <> (org_no = ''))
);
CREATE INDEX ties_person ON ties (person);
CREATE INDEX ties_school ON ties (school);

-- What a round did not use can be moved to another by decision.
ALTER TABLE ledger DROP CONSTRAINT known_entry;
ALTER TABLE ledger ADD CONSTRAINT known_entry CHECK (kind IN ('budget', 'granted', 'released', 'paid', 'returned', 'repaid', 'written_off', 'moved'));
