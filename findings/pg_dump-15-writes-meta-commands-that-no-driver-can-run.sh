#!/usr/bin/env bash
# pg_dump 15.18 (Debian 12's postgresql-client-15), plain format with --inserts, loaded by psycopg 3.3.2 (PyPI): the dump opens with `\restrict TOKEN`
# and ends with `\unrestrict TOKEN`. These are commands of psql's, of its newer minor versions, and no SQL: a dump of plain INSERTs, which drivers
# loaded from older minor versions, is a syntax error to each of them. The token is another each time, so two dumps of one database differ too.
#
# Seen:
#   meta commands: \restrict \unrestrict
#   two dumps equal: no
#   driver: syntax error at or near "\"
set -euo pipefail
folder=$(mktemp -d)
server=""
trap '[ -z "$server" ] || kill "$server"; wait; rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
# Unpacked here, and not installed.
apt-get download --quiet --quiet postgresql-15 postgresql-client-15 libpq5 > /dev/null 2>&1 || { apt-get update > /dev/null; apt-get download --quiet --quiet postgresql-15 postgresql-client-15 libpq5 > /dev/null; }
for package in ./*.deb; do dpkg-deb --extract "$package" root; done
bin=$folder/root/usr/lib/postgresql/15/bin
export LD_LIBRARY_PATH=$(dirname "$(find root -name 'libpq.so.5' | head -1)")
"$bin/pg_dump" --version | grep --fixed-strings ' 15.18' > /dev/null || { "$bin/pg_dump" --version; exit 1; }
mkdir data && chown nobody data
as_nobody() { setpriv --reuid=nobody --clear-groups env "LD_LIBRARY_PATH=$LD_LIBRARY_PATH" "$@"; }
as_nobody "$bin/initdb" --pgdata data --auth trust --username postgres --no-sync -L "$folder/root/usr/share/postgresql/15" > /dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as_nobody "$bin/postgres" -D data -p "$port" -k "$folder/data" -c listen_addresses=127.0.0.1 > log 2>&1 &
server=$!
python3 -m venv venv && venv/bin/pip install --quiet 'psycopg[binary]==3.3.2'
cat > run.py <<'PYTHON'
import subprocess, sys, time
import psycopg

bin, port = sys.argv[1:]
address = f"host=127.0.0.1 port={port} user=postgres"
for _ in range(100):
    try:
        with psycopg.connect(address + " dbname=postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE one")
            connection.execute("CREATE DATABASE other")
        break
    except psycopg.OperationalError:
        time.sleep(0.1)
with psycopg.connect(address + " dbname=one", autocommit=True) as connection:
    connection.execute("CREATE TABLE reading (value NUMERIC); INSERT INTO reading VALUES (5.60)")

def dump():
    command = [f"{bin}/pg_dump", "--host=127.0.0.1", f"--port={port}", "--username=postgres", "--inserts", "one"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout

text = dump()
print("meta commands:", *(line.split()[0] for line in text.splitlines() if line.startswith("\\")))
print("two dumps equal:", "yes" if dump() == text else "no")
with psycopg.connect(address + " dbname=other", autocommit=True) as connection:
    try:
        connection.execute(text)
        print("driver: loaded it")
    except psycopg.Error as error:
        print("driver:", str(error).splitlines()[0])
PYTHON
venv/bin/python run.py "$bin" "$port" > seen
cat seen
diff seen - <<'SEEN'
meta commands: \restrict \unrestrict
two dumps equal: no
driver: syntax error at or near "\"
SEEN
echo "as found"
