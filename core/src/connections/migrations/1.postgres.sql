-- Migration 1 for PostgreSQL: links, and attempts to link. {schema} is the name of the schema with a dot.
CREATE TABLE {schema}link (
    platform     TEXT   NOT NULL,
    app_user_id  TEXT   NOT NULL,
    public_id    TEXT   NOT NULL,
    status       TEXT   NOT NULL,
    linked_at    BIGINT NOT NULL,
    refreshed_at BIGINT NOT NULL,
    lease        TEXT,
    lease_until  BIGINT,
    key_id       TEXT   NOT NULL,
    sealed       TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    PRIMARY KEY (platform, app_user_id),
    UNIQUE (platform, public_id)
);

CREATE TABLE {schema}link_attempt (
    platform    TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    app_user_id TEXT   NOT NULL,
    status      TEXT   NOT NULL,
    expires_at  BIGINT NOT NULL,
    key_id      TEXT   NOT NULL,
    sealed      TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (platform, id)
);

CREATE INDEX link_attempt_expiry ON {schema}link_attempt (platform, expires_at);

-- Version 1 of the SDK opens no other. Later migrations leave it, and count in schema_migration.
CREATE TABLE {schema}schema_version (version BIGINT NOT NULL);
INSERT INTO {schema}schema_version VALUES (1);
