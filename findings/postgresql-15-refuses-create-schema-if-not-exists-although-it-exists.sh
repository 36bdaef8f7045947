#!/usr/bin/env bash
# PostgreSQL 15.18 (Debian 12): `CREATE SCHEMA IF NOT EXISTS name` by a role that has not CREATE on the database fails with "permission denied for
# database", although the schema exists and nothing is to be done; so does `CREATE TABLE IF NOT EXISTS` for a table that is there. The right to
# create is looked at before the existence. A program that makes what it needs "if not exists" so fails for the careful administrator who has
# made all of it beforehand and granted what is needed to use it.
#
# Seen:
#   create schema if not exists: permission denied for database postgres
#   create table if not exists: permission denied for schema prepared
#   select: 0 rows
set -euo pipefail
folder=$(mktemp -d)
server=""
trap '[ -z "$server" ] || kill "$server"; wait; rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
# Unpacked here, and not installed.
fetch() { apt-get download --quiet --quiet postgresql-15 postgresql-client-15 libpq5 > /dev/null 2>&1; }
fetch || { apt-get update > /dev/null; fetch; }
for package in ./*.deb; do dpkg-deb --extract "$package" root; done
bin=$folder/root/usr/lib/postgresql/15/bin
export LD_LIBRARY_PATH=$(dirname "$(find root -name 'libpq.so.5' | head -1)")
"$bin/postgres" --version | grep --fixed-strings ' 15.18' > /dev/null || { "$bin/postgres" --version; exit 1; }
mkdir data && chown nobody data
as_nobody() { setpriv --reuid=nobody --clear-groups env "LD_LIBRARY_PATH=$LD_LIBRARY_PATH" "$@"; }
as_nobody "$bin/initdb" --pgdata data --auth trust --username postgres --no-sync -L "$folder/root/usr/share/postgresql/15" > /dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as_nobody "$bin/postgres" -D data -p "$port" -k "$folder/data" -c listen_addresses=127.0.0.1 > log 2>&1 &
server=$!
run() { "$bin/psql" --no-psqlrc --quiet --tuples-only --host=127.0.0.1 --port="$port" "$@"; }
for _ in $(seq 100); do run --username=postgres --command='SELECT 1' postgres > /dev/null 2>&1 && break; done
run --username=postgres postgres <<'SQL'
CREATE ROLE application LOGIN;
CREATE SCHEMA prepared;
CREATE TABLE prepared.reading (value NUMERIC);
GRANT USAGE ON SCHEMA prepared TO application;
GRANT SELECT, INSERT, UPDATE, DELETE ON prepared.reading TO application;
SQL
said() { run --username=application --command="$1" postgres 2>&1 | sed -e 's/^[A-Z]*: *//' -e 's/^ *//' | grep . | head -1; }
{
  echo "create schema if not exists: $(said 'CREATE SCHEMA IF NOT EXISTS prepared')"
  echo "create table if not exists: $(said 'CREATE TABLE IF NOT EXISTS prepared.reading (value NUMERIC)')"
  echo "select: $(said 'SELECT count(*) FROM prepared.reading') rows"
} > seen
cat seen
diff seen - <<'SEEN'
create schema if not exists: permission denied for database postgres
create table if not exists: permission denied for schema prepared
select: 0 rows
SEEN
echo "as found"
