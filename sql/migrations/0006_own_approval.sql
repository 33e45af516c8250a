-- +goose Up
-- Nobody approves an application of their own, nor its report's money (RF-02):
-- the program refuses it, and so does the database.
-- +goose StatementBegin
CREATE FUNCTION refuse_own_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM applications a WHERE a.id = NEW.application AND a.applicant = NEW.actor)
        OR EXISTS (SELECT FROM application_people p WHERE p.application = NEW.application AND p.person = NEW.actor AND p.relation = 'writer') THEN
        RAISE EXCEPTION 'own_approval: person % wrote application %', NEW.actor, NEW.application USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER refuse_own_approval BEFORE INSERT ON events FOR EACH ROW WHEN (NEW.action = 'approve') EXECUTE FUNCTION refuse_own_approval();
