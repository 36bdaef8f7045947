"""A PostgreSQL server of a test run's own, and a PgBouncer before it: `postgres.py -- COMMAND…` runs a command that finds them.

The server's address is in DIGIME_TEST_POSTGRES; it also speaks TLS, with a certificate for 127.0.0.1 alone from the authority in
DIGIME_TEST_POSTGRES_CA. The address of the pooler, which has two connections to the server and lends them by the transaction, is in
DIGIME_TEST_PGBOUNCER. They have a folder of their own and free ports of the loopback address, and end with the command. Debian's
packages are installed where they are missing.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from debian import install

_DEBIAN = Path("/usr/lib/postgresql")
_USER = "postgres"


class Postgres:
    """A server, which can be stopped and started again; a new one, or the standby of another."""

    def __init__(self, folder: Path, of: Postgres | None = None, settings: Sequence[str] = ()) -> None:
        self._folder = folder
        self._settings = settings
        self._programs = programs()
        self._port = _free_port()
        if os.geteuid() == 0:
            # The server refuses to run as root.
            shutil.chown(folder, _USER, _USER)
        self.authority = folder / "authority.pem"
        if of is not None:
            self._run(
                "pg_basebackup", "--dbname", of.address, "--checkpoint", "fast", "--write-recovery-conf", "--no-sync"
            )
            # What is written down in it of standbys is the other's.
            self._configure("synchronous_standby_names = ''")
            return
        self._run("initdb", "--auth", "trust", "--username", _USER, "--no-sync")
        self._certify(folder / "data")

    def _configure(self, line: str) -> None:
        with (self._folder / "data" / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"{line}\n")

    def _certify(self, data: Path) -> None:
        """Make an authority, and a certificate of it for the server."""
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "2"]
        authority_key, request = self._folder / "authority.key", self._folder / "server.csr"
        names = self._folder / "names"
        names.write_text("subjectAltName=IP:127.0.0.1\n")
        own: list[str | Path] = ["-subj", "/CN=Test authority", "-keyout", authority_key, "-out", self.authority]
        _openssl("req", "-x509", *key, *own, "-addext", "basicConstraints=critical,CA:TRUE")
        _openssl("req", *key, "-subj", "/CN=127.0.0.1", "-keyout", data / "server.key", "-out", request)
        by: list[str | Path] = ["-CA", self.authority, "-CAkey", authority_key, "-CAcreateserial", "-days", "2"]
        _openssl("x509", "-req", "-in", request, *by, "-extfile", names, "-out", data / "server.crt")
        for file in ("server.key", "server.crt"):
            (data / file).chmod(0o600)
            if os.geteuid() == 0:
                shutil.chown(data / file, _USER, _USER)
        self.authority.chmod(0o644)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    @property
    def address(self) -> str:
        """Where clients connect to."""
        return f"postgres://{_USER}@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        # What is written need not outlast this machine, but has to outlast the server's own end.
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200 -c ssl=on"
        options += "".join(f" -c {setting}" for setting in self._settings)
        self._run("pg_ctl", "-o", options, "-l", str(self._folder / "log"), "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` cuts its connections, `immediate` is as if it had crashed."""
        self._run("pg_ctl", "-m", mode, "-w", "stop")

    def promote(self) -> None:
        """Let a standby take the place of the server that it follows."""
        self._run("pg_ctl", "-w", "promote")

    def wait_for_standbys(self) -> None:
        """Let every change wait until a standby has it, and return when one follows."""
        # The number of those who follow is asked for until there is one.
        followed = "SELECT pg_reload_conf(), 1 / count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        last = time.monotonic() + 30
        while not self._is_true(followed):
            if time.monotonic() > last:
                message = "no standby follows"
                raise RuntimeError(message)
            time.sleep(0.05)
        self._configure("synchronous_standby_names = '*'")
        self._is_true("SELECT pg_reload_conf()")

    def _is_true(self, statement: str) -> bool:
        command: list[str | Path] = [self._programs / "psql", "--quiet", "--command", statement, self.address]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        command = [*_as_user(), str(self._programs / program), "-D", str(self._folder / "data"), *arguments]
        done = subprocess.run(command, cwd=self._folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            message = f"{program} failed: {done.stdout.decode(errors='replace')}"
            raise RuntimeError(message)


@contextlib.contextmanager
def running(*settings: str) -> Iterator[Postgres]:
    """Run a server until the end of the block, with settings that go before those of tests."""
    with tempfile.TemporaryDirectory(prefix="digime-postgres-", ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder), settings=settings)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")


@contextlib.contextmanager
def pooled(server: Postgres) -> Iterator[str]:
    """Run a PgBouncer before a server until the end of the block, and give its address."""
    program = shutil.which("pgbouncer") or _install("pgbouncer", lambda: shutil.which("pgbouncer"))
    with tempfile.TemporaryDirectory(prefix="digime-pgbouncer-", ignore_cleanup_errors=True) as folder:
        port = _free_port()
        settings = Path(folder) / "pgbouncer.ini"
        settings.write_text(
            f"""[databases]
* = host=127.0.0.1 port={server.port} user={_USER}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
max_client_conn = 500
logfile = {folder}/log
"""
        )
        if os.geteuid() == 0:
            # It refuses to run as root, too.
            shutil.chown(folder, _USER, _USER)
        with subprocess.Popen([*_as_user(), program, settings], stderr=subprocess.DEVNULL) as pooler:
            try:
                _wait_for(port, pooler)
                yield f"postgres://{_USER}@127.0.0.1:{port}/postgres"
            finally:
                pooler.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    last = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < last:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    message = "PgBouncer does not start"
    raise RuntimeError(message)


def _as_user() -> list[str]:
    return ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups"] if os.geteuid() == 0 else []


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


_Found = TypeVar("_Found")


def _install(package: str, find: Callable[[], _Found | None]) -> _Found:
    """Install a package of Debian's, and give what was sought."""
    install(package)
    if found := find():
        return found
    message = f"{package} is not where Debian's package puts it"
    raise RuntimeError(message)


def programs() -> Path:
    """Give the folder of the server's programs, which are installed where they are missing."""
    return _installed() or _install("postgresql", _installed)


def _installed() -> Path | None:
    on_path = shutil.which("initdb")
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda program: int(program.parts[-3]))
    places = [Path(on_path).resolve().parent] if on_path else []
    places += [program.parent for program in reversed(versions)]
    return next((place for place in places if (place / "pg_ctl").exists()), None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> int:
    """Run the command after `--` with a server beside it."""
    separator, *command = sys.argv[1:] or [""]
    if separator != "--" or not command:
        print("usage: postgres.py -- COMMAND…", file=sys.stderr)
        return 2
    with running() as server, pooled(server) as pooler:
        environment = os.environ | {
            "DIGIME_TEST_POSTGRES": server.address,
            "DIGIME_TEST_POSTGRES_CA": str(server.authority),
            "DIGIME_TEST_PGBOUNCER": pooler,
        }
        with subprocess.Popen(command, env=environment) as process:
            try:
                return process.wait()
            except KeyboardInterrupt:
                process.send_signal(signal.SIGINT)
                return process.wait()


if __name__ == "__main__":
    sys.exit(main())
