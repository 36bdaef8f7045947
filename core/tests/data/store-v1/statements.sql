-- The statements of version 1 (commit `d9adee8`, core/src/link/sql.rs), to the letter; {schema} is empty for SQLite, and the schema's name
-- with a dot for PostgreSQL.

-- link
SELECT platform, app_user_id, public_id, status, linked_at, refreshed_at, lease, lease_until, key_id, sealed, version FROM {schema}link WHERE platform = $1 AND app_user_id = $2;

-- links_of
SELECT platform, app_user_id, public_id, status, linked_at, refreshed_at, lease, lease_until, key_id, sealed, version FROM {schema}link WHERE platform = $1 AND public_id = $2;

-- links_after
SELECT platform, app_user_id, public_id, status, linked_at, refreshed_at, lease, lease_until, key_id, sealed, version FROM {schema}link WHERE platform = $1 AND app_user_id > $2 ORDER BY app_user_id LIMIT $3;

-- insert_link
INSERT INTO {schema}link (platform, app_user_id, public_id, status, linked_at, refreshed_at, lease, lease_until, key_id, sealed, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING;

-- update_link
UPDATE {schema}link SET public_id = $3, status = $4, linked_at = $5, refreshed_at = $6, lease = $7, lease_until = $8, key_id = $9, sealed = $10, version = $11 WHERE platform = $1 AND app_user_id = $2 AND version = $12;

-- remove_link
DELETE FROM {schema}link WHERE platform = $1 AND app_user_id = $2 AND version = $3;

-- attempt
SELECT platform, id, app_user_id, status, expires_at, key_id, sealed, version FROM {schema}link_attempt WHERE platform = $1 AND id = $2;

-- insert_attempt
INSERT INTO {schema}link_attempt (platform, id, app_user_id, status, expires_at, key_id, sealed, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING;

-- update_attempt
UPDATE {schema}link_attempt SET app_user_id = $3, status = $4, expires_at = $5, key_id = $6, sealed = $7, version = $8 WHERE platform = $1 AND id = $2 AND version = $9;

-- remove_attempts
DELETE FROM {schema}link_attempt WHERE platform = $1 AND expires_at < $2;
