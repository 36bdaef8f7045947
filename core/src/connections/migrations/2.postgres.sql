-- Migration 2 for PostgreSQL: people of one platform may share a public id, where that platform says so. {schema} is the name of the
-- schema with a dot.
ALTER TABLE {schema}link
    ADD COLUMN shares_public_id BOOLEAN NOT NULL DEFAULT FALSE,
    DROP CONSTRAINT link_platform_public_id_key;

-- By this links are found by their public id too. Where it is not shared the last part is the same for all, and the rest unique.
CREATE UNIQUE INDEX link_public_id
    ON {schema}link (platform, public_id, (CASE WHEN shares_public_id THEN app_user_id ELSE '' END));
-- By this `rotateKeys` finds what is left to do.
CREATE INDEX link_key ON {schema}link (platform, key_id, app_user_id);

-- What was done, and which migration a process has to know to work with what came of it: version 1 of the SDK still does.
CREATE TABLE {schema}schema_migration (number BIGINT NOT NULL PRIMARY KEY, oldest BIGINT NOT NULL);
INSERT INTO {schema}schema_migration VALUES (1, 1), (2, 1);
