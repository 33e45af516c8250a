-- +goose Up

-- What the bank answered, as it came. A refused file is kept for a while with
-- its reason; nothing of it is applied.
CREATE TABLE bank_files (
    id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256              text NOT NULL CONSTRAINT bank_file_once UNIQUE,
    kind                text NOT NULL DEFAULT '',
    version             text NOT NULL DEFAULT '',
    message_id          text NOT NULL DEFAULT '',
    original_message_id text NOT NULL DEFAULT '',
    group_status        text NOT NULL DEFAULT '',
    findings            jsonb NOT NULL DEFAULT '[]',
    refusal             text NOT NULL DEFAULT '',
    size                bigint NOT NULL,
    uploaded_by         bigint REFERENCES people,
    at                  timestamptz NOT NULL
);
CREATE INDEX bank_files_message ON bank_files (message_id);
CREATE TABLE bank_file_chunks (
    file bigint NOT NULL REFERENCES bank_files ON DELETE CASCADE,
    n    int NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (file, n)
);

-- Each line of a file, with what it led to. waits: a person must say.
CREATE TABLE bank_lines (
    file        bigint NOT NULL REFERENCES bank_files,
    n           int NOT NULL,
    key         text NOT NULL,
    line        jsonb NOT NULL,
    outcome     text NOT NULL CONSTRAINT known_outcome CHECK (outcome IN (
        'applied', 'confirmed', 'no_change', 'unknown', 'proposed', 'conflict', 'informational', 'not_ours')),
    problem     text NOT NULL DEFAULT '',
    waits       boolean NOT NULL DEFAULT false,
    claim       bigint REFERENCES applications, -- an incoming credit that may repay this case's claim
    candidates  jsonb NOT NULL DEFAULT '[]',
    resolved_by bigint REFERENCES people,
    resolved_at timestamptz,
    reason      text NOT NULL DEFAULT '',
    PRIMARY KEY (file, n)
);
CREATE INDEX bank_lines_key ON bank_lines (key);
CREATE INDEX bank_lines_waits ON bank_lines (file, n) WHERE waits;

-- What a line did to a payment. A line about a group or a message hits many.
CREATE TABLE bank_hits (
    file      bigint NOT NULL,
    n         int NOT NULL,
    payment   bigint NOT NULL REFERENCES payments,
    outcome   text NOT NULL,
    problem   text NOT NULL DEFAULT '',
    direction text NOT NULL DEFAULT '',
    day       date,
    by_person bigint REFERENCES people,
    at        timestamptz NOT NULL,
    PRIMARY KEY (file, n, payment),
    FOREIGN KEY (file, n) REFERENCES bank_lines
);
CREATE INDEX bank_hits_payment ON bank_hits (payment);
-- A payment is booked once in each direction, whatever is told twice.
CREATE UNIQUE INDEX one_booking ON bank_hits (payment, direction) WHERE outcome = 'applied' AND direction <> '';

-- disputed: what the bank said contradicts itself; no new payment before finance has decided.
-- return_waits: the money came back before its debit was known.
ALTER TABLE payments
    ADD COLUMN disputed     boolean NOT NULL DEFAULT false,
    ADD COLUMN return_waits boolean NOT NULL DEFAULT false;

-- The ids that a payment had in each batch. An id that was once in a file is
-- never used again, so a payment of a cancelled batch gets a new one.
ALTER TABLE batch_lines
    ADD COLUMN reference text CONSTRAINT line_reference_unique UNIQUE,
    ADD COLUMN uetr      uuid,
    ADD COLUMN pmtinf    text;
UPDATE batch_lines l
SET reference = p.reference, uetr = p.uetr
FROM payments p
WHERE p.id = l.payment AND l.live;
CREATE INDEX batch_lines_pmtinf ON batch_lines (pmtinf);
CREATE INDEX batch_lines_uetr ON batch_lines (uetr);
INSERT INTO series (name, year, n)
SELECT 'payment', 2000 + CAST(substr(reference, 3, 2) AS int), max(CAST(substr(reference, 7) AS bigint))
FROM payments
WHERE reference ~ '^IF[0-9]{2}-U[0-9]+$'
GROUP BY 2
ON CONFLICT DO NOTHING;

-- Each night's proof that the books hold. result names what does not.
CREATE TABLE self_checks (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day    date NOT NULL CONSTRAINT self_check_once UNIQUE,
    at     timestamptz NOT NULL,
    green  boolean NOT NULL,
    result jsonb NOT NULL
);
