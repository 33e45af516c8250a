-- +goose Up
-- A principal's substitute: named for one school, for a period.
ALTER TABLE absences
    ADD COLUMN school bigint REFERENCES schools,
    ADD COLUMN ended_by bigint REFERENCES people,
    DROP CONSTRAINT substitutable,
    ADD CONSTRAINT substitutable CHECK (role IN ('officer', 'head', 'secretary', 'principal')),
    ADD CONSTRAINT principals_school CHECK ((role = 'principal') = (school IS NOT NULL)),
    ADD CONSTRAINT principals_year CHECK (role <> 'principal' OR last - first < 366);
CREATE UNIQUE INDEX absences_once ON absences (person, substitute, school, first, last) WHERE school IS NOT NULL AND ended_at IS NULL;
CREATE INDEX absences_school ON absences (school, last) WHERE school IS NOT NULL AND ended_at IS NULL;

-- Nobody answers for an application of their own, nor for its report's money
-- (RF-02), and nobody has a substitute do it for them.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refuse_own_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who bigint;
BEGIN
    FOR who IN SELECT NEW.actor UNION SELECT p.id FROM people p WHERE p.email = NEW.data ->> 'acting_for' LOOP
        IF EXISTS (SELECT FROM applications a WHERE a.id = NEW.application AND a.applicant = who)
            OR EXISTS (SELECT FROM application_people p WHERE p.application = NEW.application AND p.person = who AND p.relation = 'writer') THEN
            RAISE EXCEPTION 'own_approval: person % wrote application %', who, NEW.application
                USING ERRCODE = 'check_violation', CONSTRAINT = 'own_approval';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
-- +goose StatementEnd
DROP TRIGGER refuse_own_approval ON events;
CREATE TRIGGER refuse_own_approval BEFORE INSERT ON events FOR EACH ROW
    WHEN (NEW.action IN ('approve', 'return_to_applicant')) EXECUTE FUNCTION refuse_own_approval();

-- What is done for a principal is done on a day on which it is lent, by the named
-- person, at that school: not before, not a second after, not when it has been ended.
-- +goose StatementBegin
CREATE FUNCTION refuse_unlent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM absences b
        JOIN people p ON p.id = b.person
        JOIN applications a ON a.id = NEW.application AND a.school = b.school
        WHERE b.role = 'principal' AND b.substitute = NEW.actor AND p.email = NEW.data ->> 'acting_for'
          AND CAST(NEW.at AT TIME ZONE 'Europe/Stockholm' AS date) BETWEEN b.first AND b.last
          AND (b.ended_at IS NULL OR b.ended_at > NEW.at)) THEN
        RAISE EXCEPTION 'lent_for_the_day: person % does not act for % in application %', NEW.actor, NEW.data ->> 'acting_for', NEW.application
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lent_for_the_day';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER refuse_unlent BEFORE INSERT ON events FOR EACH ROW
    WHEN (NEW.data ->> 'acting_role' = 'principal') EXECUTE FUNCTION refuse_unlent();
