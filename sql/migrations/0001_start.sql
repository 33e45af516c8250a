-- +goose Up

-- What this database is. A rehearsal never becomes production, nor the other way round.
CREATE TABLE installation (
    one        boolean PRIMARY KEY DEFAULT true CHECK (one),
    mode       text NOT NULL CONSTRAINT known_mode CHECK (mode IN ('production', 'rehearsal')),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- The rehearsal clock: real time plus an offset, or standing still.
CREATE TABLE clock (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    offset_us bigint NOT NULL DEFAULT 0,
    frozen_at timestamptz,
    hurry     boolean NOT NULL DEFAULT false
);

CREATE TABLE schools (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text NOT NULL CONSTRAINT school_name_unique UNIQUE,
    slug          text NOT NULL CONSTRAINT school_slug_unique UNIQUE,
    unit_code     text CONSTRAINT unit_code_unique UNIQUE,
    level         text NOT NULL,
    operator      text NOT NULL,
    operator_name text NOT NULL DEFAULT '',
    operator_org  text NOT NULL DEFAULT '',
    town          text NOT NULL DEFAULT '',
    cost_centre   text NOT NULL DEFAULT '',
    active_from   date,
    active_to     date
);

CREATE TABLE people (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email      text NOT NULL CONSTRAINT email_unique UNIQUE CONSTRAINT email_lower CHECK (email = lower(email)),
    name       text NOT NULL,
    org_no     text NOT NULL DEFAULT '',
    lang       text NOT NULL DEFAULT 'sv',
    active     boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE person_roles (
    person bigint NOT NULL REFERENCES people,
    role   text NOT NULL,
    school bigint REFERENCES schools,
    CONSTRAINT role_once UNIQUE NULLS NOT DISTINCT (person, role, school)
);
CREATE INDEX person_roles_role ON person_roles (role, school);

CREATE TABLE tokens (
    hash       bytea PRIMARY KEY,
    person     bigint NOT NULL REFERENCES people,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TABLE sessions (
    hash       bytea PRIMARY KEY,
    person     bigint NOT NULL REFERENCES people,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL
);

-- One-time links that sign in people without a municipal identity.
CREATE TABLE sign_in_links (
    hash       bytea PRIMARY KEY,
    person     bigint NOT NULL REFERENCES people,
    created_at timestamptz NOT NULL,
    used_at    timestamptz
);

CREATE TABLE schemes (
    code text PRIMARY KEY,
    data jsonb NOT NULL
);

-- The rules of a scheme, version by version; never changed, only followed by a new one.
CREATE TABLE rule_sets (
    scheme     text NOT NULL REFERENCES schemes,
    version    bigint NOT NULL,
    rules      jsonb NOT NULL,
    note       text NOT NULL DEFAULT '',
    created_by bigint REFERENCES people,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (scheme, version)
);

CREATE TABLE rounds (
    id         text PRIMARY KEY,
    version    bigint NOT NULL DEFAULT 1,
    scheme     text NOT NULL REFERENCES schemes,
    state      text NOT NULL CONSTRAINT known_round_state CHECK (state IN ('draft', 'published', 'cancelled')),
    data       jsonb NOT NULL,
    parameters jsonb NOT NULL DEFAULT '{}',
    rules      jsonb NOT NULL,
    rule_set   bigint NOT NULL,
    budget     bigint NOT NULL CONSTRAINT budget_positive CHECK (budget >= 0),
    opens_at   timestamptz NOT NULL,
    frozen_at  timestamptz,
    FOREIGN KEY (scheme, rule_set) REFERENCES rule_sets (scheme, version)
);

CREATE TABLE round_events (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round  text NOT NULL REFERENCES rounds,
    at     timestamptz NOT NULL,
    actor  bigint REFERENCES people,
    action text NOT NULL,
    data   jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE applications (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version     bigint NOT NULL,
    state       text NOT NULL CONSTRAINT known_state CHECK (state IN (
        'draft', 'awaiting_principal', 'approved', 'submitted', 'under_check', 'completion_requested', 'under_assessment',
        'ranked', 'proposed', 'decided', 'conditions_accepted', 'payable', 'paid_1', 'travelling', 'report_due',
        'report_submitted', 'report_returned', 'report_accepted', 'settled', 'closed', 'withdrawn', 'lapsed')),
    scheme      text NOT NULL REFERENCES schemes,
    round       text REFERENCES rounds,
    school      bigint REFERENCES schools,
    org_no      text NOT NULL DEFAULT '',
    applicant   bigint REFERENCES people,
    channel     text NOT NULL DEFAULT 'web' CHECK (channel IN ('web', 'paper')),
    title       text NOT NULL DEFAULT '',
    requested   bigint NOT NULL DEFAULT 0,
    granted     bigint NOT NULL DEFAULT 0 CONSTRAINT granted_positive CHECK (granted >= 0),
    has_money   boolean NOT NULL DEFAULT false,
    dnr         text CONSTRAINT dnr_unique UNIQUE,
    received_at timestamptz,
    decided_at  timestamptz,
    trip_start  date,
    trip_end    date,
    block_on    date,
    search      text NOT NULL DEFAULT '',
    record      jsonb NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT filed_has_number CHECK (received_at IS NULL OR dnr IS NOT NULL)
);
CREATE INDEX applications_round ON applications (round, state, id);
CREATE INDEX applications_school ON applications (school, state);
CREATE INDEX applications_applicant ON applications (applicant, id);
CREATE INDEX applications_state ON applications (state, id);
CREATE INDEX applications_block ON applications (school, block_on) WHERE block_on IS NOT NULL;

-- Who has to do with a case besides by role: co-writers, reviewers, and those in conflict of interest.
CREATE TABLE application_people (
    application bigint NOT NULL REFERENCES applications,
    person      bigint NOT NULL REFERENCES people,
    relation    text NOT NULL CONSTRAINT known_relation CHECK (relation IN ('writer', 'reviewer', 'conflict')),
    PRIMARY KEY (application, person, relation)
);
CREATE INDEX application_people_person ON application_people (person, relation, application);

-- What was filed, unchangeable.
CREATE TABLE versions (
    application bigint NOT NULL REFERENCES applications,
    n           int NOT NULL,
    received_at timestamptz NOT NULL,
    sha256      text NOT NULL,
    form        jsonb NOT NULL,
    PRIMARY KEY (application, n)
);

-- What was done. Each event's hash covers the one before it in the same case.
CREATE TABLE events (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    application bigint NOT NULL REFERENCES applications,
    version     bigint NOT NULL,
    at          timestamptz NOT NULL,
    actor       bigint REFERENCES people,
    by_email    text NOT NULL DEFAULT '',
    action      text NOT NULL,
    from_state  text NOT NULL DEFAULT '',
    to_state    text NOT NULL,
    data        jsonb NOT NULL DEFAULT '{}',
    data_sha256 text NOT NULL,
    prev_hash   text NOT NULL,
    hash        text NOT NULL,
    CONSTRAINT one_event_a_version UNIQUE (application, version)
);

-- The chains anchored per day: the hash over the last hash of every case.
CREATE TABLE anchors (
    day    date PRIMARY KEY,
    events bigint NOT NULL,
    hash   text NOT NULL,
    at     timestamptz NOT NULL
);

-- What must follow. A job is its row; Redis only rings.
CREATE TABLE outbox (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    application bigint REFERENCES applications,
    batch       bigint,
    round       text REFERENCES rounds,
    kind        text NOT NULL,
    data        jsonb NOT NULL DEFAULT '{}',
    run_at      timestamptz NOT NULL,
    created_at  timestamptz NOT NULL,
    turn        int NOT NULL DEFAULT 0,
    tries       int NOT NULL DEFAULT 0,
    hurried     int NOT NULL DEFAULT 0,
    sent_at     timestamptz,
    next_try_at timestamptz,
    done_at     timestamptz,
    done_wall   timestamptz,
    dead_at     timestamptz,
    last_error  text NOT NULL DEFAULT '',
    CONSTRAINT one_end CHECK (done_at IS NULL OR dead_at IS NULL)
);
CREATE INDEX outbox_open ON outbox (run_at, id) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (id) WHERE dead_at IS NOT NULL;
CREATE INDEX outbox_done_wall ON outbox (done_wall);

CREATE TABLE payments (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    application bigint NOT NULL REFERENCES applications,
    n           int NOT NULL,
    share       numeric NOT NULL,
    amount      bigint NOT NULL CONSTRAINT amount_positive CHECK (amount >= 0),
    pay         bigint CONSTRAINT pay_positive CHECK (pay >= 0),
    earliest    date,
    last        boolean NOT NULL,
    status      text NOT NULL CONSTRAINT known_payment_status CHECK (status IN (
        'planned', 'in_batch', 'exported', 'sent', 'accepted', 'unclear', 'paid', 'rejected', 'returned', 'replaced', 'dropped')),
    channel     text NOT NULL,
    paid_on     date,
    voucher     text NOT NULL DEFAULT '',
    batch       bigint,
    reference   text CONSTRAINT end_to_end_unique UNIQUE,
    uetr        uuid,
    reason      text NOT NULL DEFAULT '',
    CONSTRAINT paid_has_day CHECK ((status = 'paid') = (paid_on IS NOT NULL))
);
CREATE UNIQUE INDEX one_live_payment ON payments (application, n) WHERE status NOT IN ('rejected', 'returned', 'replaced', 'dropped');
CREATE INDEX payments_batch ON payments (batch);

CREATE TABLE batches (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version    bigint NOT NULL DEFAULT 1,
    state      text NOT NULL CONSTRAINT known_batch_state CHECK (state IN ('draft', 'attested_1', 'attested_2', 'exported', 'sent', 'settled', 'cancelled')),
    message_id text NOT NULL CONSTRAINT message_id_unique UNIQUE,
    attest1_by bigint REFERENCES people,
    attest2_by bigint REFERENCES people,
    record     jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT four_eyes CHECK (attest1_by IS NULL OR attest2_by IS NULL OR attest1_by <> attest2_by),
    CONSTRAINT export_needs_two CHECK (state NOT IN ('exported', 'sent', 'settled') OR (attest1_by IS NOT NULL AND attest2_by IS NOT NULL))
);

CREATE TABLE batch_lines (
    batch       bigint NOT NULL REFERENCES batches,
    payment     bigint NOT NULL REFERENCES payments,
    application bigint NOT NULL REFERENCES applications,
    live        boolean NOT NULL DEFAULT true,
    PRIMARY KEY (batch, payment)
);
CREATE UNIQUE INDEX one_live_batch ON batch_lines (payment) WHERE live;

-- Money of a round, double entry, in whole kronor.
CREATE TABLE ledger (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round       text NOT NULL REFERENCES rounds,
    application bigint REFERENCES applications,
    version     bigint,
    at          timestamptz NOT NULL,
    kind        text NOT NULL CONSTRAINT known_entry CHECK (kind IN ('budget', 'granted', 'released', 'paid', 'returned', 'repaid', 'written_off')),
    from_acc    text NOT NULL,
    to_acc      text NOT NULL,
    amount      bigint NOT NULL CONSTRAINT entry_positive CHECK (amount > 0),
    CONSTRAINT two_accounts CHECK (from_acc <> to_acc)
);
CREATE INDEX ledger_round ON ledger (round, id);
CREATE INDEX ledger_application ON ledger (application);

CREATE TABLE round_balances (
    round   text NOT NULL REFERENCES rounds,
    account text NOT NULL CONSTRAINT known_account CHECK (account IN ('budget', 'available', 'reserved', 'paid', 'written_off')),
    balance bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (round, account),
    CONSTRAINT within_budget CHECK (account = 'budget' OR balance >= 0)
);

-- +goose StatementBegin
CREATE FUNCTION post_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO round_balances (round, account, balance)
    VALUES (NEW.round, NEW.from_acc, 0), (NEW.round, NEW.to_acc, 0)
    ON CONFLICT DO NOTHING;
    UPDATE round_balances
    SET balance = balance + CASE WHEN account = NEW.to_acc THEN NEW.amount ELSE -NEW.amount END
    WHERE round = NEW.round AND account IN (NEW.from_acc, NEW.to_acc);
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER post_entry AFTER INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION post_entry();

-- Paid and planned never exceed what was granted.
-- +goose StatementBegin
CREATE FUNCTION payments_within_grant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    planned bigint;
    granted bigint;
BEGIN
    SELECT coalesce(sum(coalesce(p.pay, p.amount)), 0) INTO planned
    FROM payments p
    WHERE p.application = NEW.application AND p.status NOT IN ('rejected', 'returned', 'replaced', 'dropped');
    SELECT greatest(a.granted, coalesce((a.record -> 'decision' ->> 'granted')::bigint, 0),
                    (SELECT coalesce(max((d ->> 'granted')::bigint), 0) FROM jsonb_array_elements(coalesce(a.record -> 'annulled', '[]')) d))
    INTO granted
    FROM applications a WHERE a.id = NEW.application;
    IF planned > granted THEN
        RAISE EXCEPTION 'payments % exceed the grant % of application %', planned, granted, NEW.application
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_within_grant';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER payments_within_grant AFTER INSERT OR UPDATE ON payments
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_within_grant();

-- History is only added to.
-- +goose StatementBegin
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$;
-- +goose StatementEnd
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON versions FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON rule_sets FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON round_events FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TABLE attachments (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    application bigint NOT NULL REFERENCES applications,
    kind        text NOT NULL,
    name        text NOT NULL,
    type        text NOT NULL,
    size        bigint NOT NULL,
    sha256      text NOT NULL,
    scan        text NOT NULL DEFAULT 'not_scanned',
    uploaded_by bigint REFERENCES people,
    at          timestamptz NOT NULL
);
CREATE TABLE attachment_chunks (
    attachment bigint NOT NULL REFERENCES attachments,
    n          int NOT NULL,
    body       bytea NOT NULL,
    PRIMARY KEY (attachment, n)
);

-- Letters, receipts and payout files: made once, never changed.
CREATE TABLE documents (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    application bigint REFERENCES applications,
    batch       bigint REFERENCES batches,
    kind        text NOT NULL,
    name        text NOT NULL,
    title       text NOT NULL DEFAULT '',
    type        text NOT NULL,
    size        bigint NOT NULL,
    sha256      text NOT NULL,
    corrects    bigint REFERENCES documents,
    made_by     bigint REFERENCES outbox,
    at          timestamptz NOT NULL,
    CONSTRAINT batch_file_once UNIQUE (batch, name),
    CONSTRAINT made_once UNIQUE (made_by, name)
);
CREATE TABLE document_chunks (
    document bigint NOT NULL REFERENCES documents,
    n        int NOT NULL,
    body     bytea NOT NULL,
    PRIMARY KEY (document, n)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON documents FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON document_chunks FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TABLE mails (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    application bigint REFERENCES applications,
    job         bigint REFERENCES outbox,
    recipient   text NOT NULL,
    kind        text NOT NULL,
    offset_days int,
    lang        text NOT NULL DEFAULT 'sv',
    subject     text NOT NULL,
    body        text NOT NULL,
    created_at  timestamptz NOT NULL,
    sent_at     timestamptz,
    CONSTRAINT mail_once UNIQUE (job, recipient)
);
CREATE INDEX mails_application ON mails (application, id);
CREATE INDEX mails_recipient ON mails (recipient, id);

CREATE TABLE idempotency (
    person      bigint NOT NULL REFERENCES people,
    key         text NOT NULL,
    digest      text NOT NULL,
    application bigint,
    status      int,
    header      jsonb,
    body        bytea,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (person, key)
);

CREATE TABLE series (
    name text NOT NULL,
    year int NOT NULL,
    n    bigint NOT NULL,
    PRIMARY KEY (name, year)
);

CREATE TABLE allocations (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round      text NOT NULL REFERENCES rounds,
    name       text NOT NULL DEFAULT '',
    result     jsonb NOT NULL,
    chosen     boolean NOT NULL DEFAULT false,
    created_by bigint REFERENCES people,
    created_at timestamptz NOT NULL
);

CREATE TABLE settings (
    name       text PRIMARY KEY,
    value      jsonb NOT NULL,
    changed_by bigint REFERENCES people,
    changed_at timestamptz NOT NULL
);

CREATE TABLE access_log (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL,
    person   bigint REFERENCES people,
    document bigint,
    what     text NOT NULL
);
