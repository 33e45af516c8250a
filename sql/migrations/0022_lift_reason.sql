-- +goose Up
-- Why a case is let go again stands beside why it was kept, and neither changes afterwards.
ALTER TABLE legal_holds
    ADD COLUMN lift_reason text NOT NULL DEFAULT '',
    ADD CONSTRAINT reason_of_lifted CHECK (lift_reason = '' OR lifted_at IS NOT NULL);
-- +goose StatementBegin
CREATE FUNCTION holds_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lifting text[] := ARRAY['lifted_by', 'lifted_at', 'lift_reason'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.lifted_at IS NULL AND (to_jsonb(NEW) - lifting) = (to_jsonb(OLD) - lifting) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a hold is lifted once and else never changed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$;
-- +goose StatementEnd
CREATE TRIGGER holds_stay BEFORE UPDATE OR DELETE ON legal_holds FOR EACH ROW EXECUTE FUNCTION holds_stay();
