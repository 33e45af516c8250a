-- +goose Up
-- Protected identity (OSL 21:3, 22:1): such a person is called by what they do, and reached at a role
-- address. What was written of them before is public and stays as it was filed; whoever reads it
-- through the service reads the role instead.
ALTER TABLE people ADD COLUMN protected_identity boolean NOT NULL DEFAULT false;

-- What somebody with protected identity was called, or reached at, before.
CREATE TABLE former_names (
    person   bigint NOT NULL REFERENCES people ON DELETE CASCADE,
    was      text NOT NULL CONSTRAINT was_known CHECK (length(was) > 3),
    at_which boolean NOT NULL, -- an address, not a name
    PRIMARY KEY (person, was)
);

-- +goose StatementBegin
CREATE FUNCTION shielded(said text, quoted boolean) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    f record;
BEGIN
    FOR f IN SELECT n.was, CASE WHEN n.at_which THEN p.email ELSE p.name END AS now
             FROM former_names n JOIN people p ON p.id = n.person
             ORDER BY length(n.was) DESC, n.person LOOP
        IF quoted THEN -- inside a JSON text
            said := replace(said, trim(BOTH '"' FROM CAST(to_jsonb(f.was) AS text)), trim(BOTH '"' FROM CAST(to_jsonb(f.now) AS text)));
        ELSE
            said := replace(said, f.was, f.now);
        END IF;
    END LOOP;
    RETURN said;
END
$$;
-- +goose StatementEnd
