-- Migration 1 for SQLite: links, and attempts to link.
CREATE TABLE link (
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

CREATE TABLE link_attempt (
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

CREATE INDEX link_attempt_expiry ON link_attempt (platform, expires_at);

-- Version 1 of the SDK opens no other. Later migrations leave it, and count in schema_migration.
PRAGMA user_version = 1;
