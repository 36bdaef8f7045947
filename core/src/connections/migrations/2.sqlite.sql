-- Migration 2 for SQLite: people of one platform may share a public id, where that platform says so.
-- A constraint of a table stays for as long as the table does, so the table is made anew. `SELECT *` fails where it has columns that
-- are not the SDK's, and nothing is done then.
CREATE TABLE link_2 (
    platform         TEXT    NOT NULL,
    app_user_id      TEXT    NOT NULL,
    public_id        TEXT    NOT NULL,
    status           TEXT    NOT NULL,
    linked_at        BIGINT  NOT NULL,
    refreshed_at     BIGINT  NOT NULL,
    lease            TEXT,
    lease_until      BIGINT,
    key_id           TEXT    NOT NULL,
    sealed           TEXT    NOT NULL,
    version          BIGINT  NOT NULL,
    shares_public_id BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (platform, app_user_id)
);
INSERT INTO link_2 SELECT *, FALSE FROM link;
DROP TABLE link;
ALTER TABLE link_2 RENAME TO link;

-- By this links are found by their public id too. Where it is not shared the last part is the same for all, and the rest unique.
CREATE UNIQUE INDEX link_public_id
    ON link (platform, public_id, (CASE WHEN shares_public_id THEN app_user_id ELSE '' END));

-- What was done, and which migration a process has to know to work with what came of it: version 1 of the SDK still does.
CREATE TABLE schema_migration (number BIGINT NOT NULL PRIMARY KEY, oldest BIGINT NOT NULL);
INSERT INTO schema_migration VALUES (1, 1), (2, 1);
