-- +goose Up
-- A post that could not be taken after the sign-in is kept until its sender has sent it anew or lets it go.
ALTER TABLE parked_posts
    ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT parked_id_unique UNIQUE,
    ADD COLUMN refused_at timestamptz, -- null: it waits for the sign-in
    ADD COLUMN title text NOT NULL DEFAULT '';
