-- +goose Up

-- Anchors: each follows from the one before it and holds the last event of every
-- case that went on since. Made with the first event of a day.
ALTER TABLE anchors ADD COLUMN prev_hash text NOT NULL DEFAULT '';
CREATE TABLE anchor_tips (
    day         date NOT NULL REFERENCES anchors,
    application bigint NOT NULL REFERENCES applications,
    version     bigint NOT NULL,
    hash        text NOT NULL,
    PRIMARY KEY (application, version)
);
CREATE INDEX anchor_tips_day ON anchor_tips (day);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON anchors FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON anchor_tips FOR EACH ROW EXECUTE FUNCTION append_only();

-- How long each kind of record is kept, counted from what, and what happens then.
CREATE TABLE retention_rules (
    code         text PRIMARY KEY,
    sort         int NOT NULL,
    months       int CONSTRAINT kept_for_good_has_no_end CHECK ((months IS NULL) = (action = 'keep')),
    counted_from text NOT NULL CONSTRAINT known_start CHECK (counted_from IN ('never', 'round_closed', 'decision', 'year_end', 'event', 'last_case', 'answer')),
    action       text NOT NULL CONSTRAINT known_action CHECK (action IN ('keep', 'delete', 'anonymise')),
    basis        text NOT NULL DEFAULT ''
);
INSERT INTO retention_rules (code, sort, months, counted_from, action, basis) VALUES
    ('granted', 1, NULL, 'never', 'keep', 'arkivlagen 3 §'),
    ('decision', 2, NULL, 'never', 'keep', 'arkivlagen 3 §'),
    ('statistics', 3, NULL, 'never', 'keep', 'arkivlagen 3 §'),
    ('ledger', 4, NULL, 'never', 'keep', 'KL 11 kap.'),
    ('refused', 5, 60, 'decision', 'delete', 'arkivlagen 10 §'),
    ('draft', 6, 3, 'round_closed', 'delete', 'TF 2 kap.'),
    ('payout_file', 7, 84, 'year_end', 'delete', 'LKBR 3 kap.'),
    ('sign_in', 8, 24, 'event', 'delete', 'GDPR art. 5'),
    ('person', 9, 24, 'last_case', 'anonymise', 'GDPR art. 5'),
    ('idea', 10, 24, 'answer', 'anonymise', 'arkivlagen 10 §');

-- A decision of the archive authority. Nothing is deleted or made anonymous without one.
CREATE TABLE archive_decisions (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule       text NOT NULL REFERENCES retention_rules,
    reference  text NOT NULL CONSTRAINT decision_has_reference CHECK (reference <> ''),
    decided_by bigint NOT NULL REFERENCES people,
    decided_at timestamptz NOT NULL
);
-- What was done under it, item by item, without what was taken away.
CREATE TABLE disposals (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decision bigint NOT NULL REFERENCES archive_decisions,
    subject  text NOT NULL,
    item     bigint NOT NULL,
    action   text NOT NULL,
    at       timestamptz NOT NULL,
    CONSTRAINT disposed_once UNIQUE (subject, item)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON archive_decisions FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON disposals FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TABLE legal_holds (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    application bigint NOT NULL REFERENCES applications,
    reason      text NOT NULL CONSTRAINT hold_has_reason CHECK (reason <> ''),
    placed_by   bigint NOT NULL REFERENCES people,
    placed_at   timestamptz NOT NULL,
    lifted_by   bigint REFERENCES people,
    lifted_at   timestamptz
);
CREATE UNIQUE INDEX one_hold ON legal_holds (application) WHERE lifted_at IS NULL;

-- Where a disposal emptied or changed words, the row says under which decision. The
-- chain's own columns never change: the proof holds without the words.
ALTER TABLE events ADD COLUMN disposal bigint REFERENCES archive_decisions;
ALTER TABLE versions ADD COLUMN disposal bigint REFERENCES archive_decisions;
-- +goose StatementBegin
CREATE FUNCTION append_only_but_disposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fixed text[] := CASE TG_TABLE_NAME
        WHEN 'events' THEN ARRAY['by_email', 'data', 'disposal']
        ELSE ARRAY['form', 'disposal'] END;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.disposal IS NOT NULL AND (to_jsonb(NEW) - fixed) = (to_jsonb(OLD) - fixed) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$;
-- +goose StatementEnd
DROP TRIGGER append_only ON events;
DROP TRIGGER append_only ON versions;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION append_only_but_disposal();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON versions FOR EACH ROW EXECUTE FUNCTION append_only_but_disposal();

-- The bytes of a document may go when a disposal names it; its row, with name and hash, stays.
-- +goose StatementBegin
CREATE FUNCTION chunks_need_disposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM documents d JOIN disposals x
        ON (x.subject = 'application' AND x.item = d.application) OR (x.subject = 'batch' AND x.item = d.batch)
        WHERE d.id = OLD.document AND x.action = 'delete') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$;
-- +goose StatementEnd
DROP TRIGGER append_only ON document_chunks;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON document_chunks FOR EACH ROW EXECUTE FUNCTION chunks_need_disposal();

-- Advice: questions and ideas from anyone (domain 8, stage 0).
CREATE TABLE ideas (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL CONSTRAINT known_idea CHECK (kind IN ('question', 'idea', 'europe_direct')),
    name         text NOT NULL,
    email        text NOT NULL,
    organisation text NOT NULL DEFAULT '',
    lang         text NOT NULL DEFAULT 'sv',
    text         text NOT NULL,
    source       text NOT NULL,
    at           timestamptz NOT NULL,
    answer       text NOT NULL DEFAULT '',
    outcome      text NOT NULL DEFAULT '' CONSTRAINT known_idea_outcome CHECK (outcome IN ('', 'answered', 'referred', 'spam')),
    answered_by  bigint REFERENCES people,
    answered_at  timestamptz,
    CONSTRAINT answered_whole CHECK ((outcome = '') = (answered_at IS NULL))
);
CREATE INDEX ideas_open ON ideas (at) WHERE answered_at IS NULL;

-- Pointers to other funders, kept by the office.
CREATE TABLE funders (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sort       int NOT NULL DEFAULT 0,
    name       text NOT NULL CONSTRAINT funder_has_name CHECK (name <> ''),
    who_sv     text NOT NULL,
    who_en     text NOT NULL,
    what_sv    text NOT NULL,
    what_en    text NOT NULL,
    url        text NOT NULL DEFAULT '' CONSTRAINT funder_address CHECK (url = '' OR url LIKE 'https://%'),
    active     boolean NOT NULL DEFAULT true,
    changed_by bigint REFERENCES people,
    changed_at timestamptz
);
INSERT INTO funders (sort, name, who_sv, who_en, what_sv, what_en, url) VALUES
    (1, 'Erasmus+', 'Skolor i Europa', 'Schools in Europe', 'Resor för elever och personal till skolor i andra länder. Söks hos Universitets- och högskolerådet.', 'Travel for pupils and staff to schools in other countries. Applied for at the Swedish Council for Higher Education.', 'https://www.utbyten.se'),
    (2, 'Nordplus Junior', 'Förskolor, grundskolor och gymnasieskolor i Norden och Baltikum', 'Preschools and schools in the Nordic and Baltic countries', 'Klassutbyten, personalutbyten och gemensamma projekt.', 'Class exchanges, staff exchanges and joint projects.', 'https://www.nordplusonline.org'),
    (3, 'Atlas', 'Skolor som samarbetar utanför Europa', 'Schools that work together outside Europe', 'Förberedande besök och utbyten. Söks hos Universitets- och högskolerådet.', 'Preparatory visits and exchanges. Applied for at the Swedish Council for Higher Education.', 'https://www.utbyten.se'),
    (4, 'Folke Bernadottes minnesfond', 'Grupper av unga', 'Groups of young people', 'Ungdomsutbyten där minst halva tiden är tillsammans med unga i det andra landet.', 'Youth exchanges where at least half of the time is together with young people of the other country.', 'https://www.folkebernadottesminnesfond.se'),
    (5, 'Kulturfonden för Sverige och Finland', 'Klasser och föreningar i Sverige och Finland', 'Classes and associations in Sweden and Finland', 'Lägerskolor och samarbeten mellan Sverige och Finland.', 'Camp schools and cooperation between Sweden and Finland.', 'https://www.kulturfonden.net');
