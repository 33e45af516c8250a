-- +goose Up
-- The office's own words for letters, in place of those that come with the program. The newest
-- row of a key holds from its instant; two empty texts give the program's words back.
CREATE TABLE standing_texts (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key        text NOT NULL CONSTRAINT text_key CHECK (key <> ''),
    sv         text NOT NULL,
    en         text NOT NULL,
    created_by bigint REFERENCES people,
    at         timestamptz NOT NULL,
    CONSTRAINT text_in_both CHECK ((sv = '') = (en = ''))
);
CREATE INDEX standing_texts_key ON standing_texts (key, at, id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON standing_texts FOR EACH ROW EXECUTE FUNCTION append_only();
