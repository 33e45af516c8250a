-- +goose Up
-- Who gave or took a role, and when: a school's economist answers for money.
CREATE TABLE role_changes (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person bigint NOT NULL REFERENCES people,
    role   text NOT NULL,
    school bigint REFERENCES schools,
    given  boolean NOT NULL, -- false: taken
    by     bigint REFERENCES people, -- null: the program
    at     timestamptz NOT NULL
);
CREATE INDEX role_changes_person ON role_changes (person, role, school);

-- The secret of a round's spot checks. It is drawn before any report and never
-- changed; its SHA-256 is published with the round, the secret itself when no
-- first report can come any more.
CREATE TABLE spot_seeds (
    round text PRIMARY KEY REFERENCES rounds ON DELETE CASCADE,
    seed  bytea NOT NULL CONSTRAINT seed_of_32_bytes CHECK (octet_length(seed) = 32)
);

-- +goose StatementBegin
CREATE FUNCTION spot_seed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the secret of a draw is not changed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER spot_seed_stays BEFORE UPDATE ON spot_seeds FOR EACH ROW EXECUTE FUNCTION spot_seed_stays();

-- gen_random_uuid has 122 strong random bits; three of them are more than the 256 of the secret.
-- +goose StatementBegin
CREATE FUNCTION draw_spot_seed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO spot_seeds (round, seed)
    VALUES (NEW.id, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER draw_spot_seed AFTER INSERT ON rounds FOR EACH ROW EXECUTE FUNCTION draw_spot_seed();

INSERT INTO spot_seeds (round, seed)
SELECT id, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
FROM rounds;
