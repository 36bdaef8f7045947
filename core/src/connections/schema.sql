-- The schema of a store of links, for SQLite and PostgreSQL alike. {schema} is empty for SQLite, and the schema's name with a dot
-- for PostgreSQL. The SDK makes these tables itself; who may not let it can run this beforehand.
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
