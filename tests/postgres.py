"""A PostgreSQL server of a test run's own: `postgres.py -- COMMAND…` runs a command that finds it in DIGIME_TEST_POSTGRES.

The server has its own data folder and a free port of the loopback address, and ends with the command. Debian's package is installed
where it is missing.
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
from collections.abc import Iterator
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")
_USER = "postgres"


class Postgres:
    """A server, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._programs = _programs()
        self._port = _free_port()
        if os.geteuid() == 0:
            # The server refuses to run as root.
            shutil.chown(folder, _USER, _USER)
        self._run("initdb", "--auth", "trust", "--username", _USER, "--no-sync")

    @property
    def address(self) -> str:
        """Where clients connect to."""
        return f"postgres://{_USER}@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        # What is written need not outlast this machine, but has to outlast the server's own end.
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
        self._run("pg_ctl", "-o", options, "-l", str(self._folder / "log"), "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` cuts its connections, `immediate` is as if it had crashed."""
        self._run("pg_ctl", "-m", mode, "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._folder / "data"), *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups", *command]
        done = subprocess.run(command, cwd=self._folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            message = f"{program} failed: {done.stdout.decode(errors='replace')}"
            raise RuntimeError(message)


@contextlib.contextmanager
def running() -> Iterator[Postgres]:
    """Run a server until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="digime-postgres-", ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")


def _programs() -> Path:
    if found := _installed():
        return found
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "postgresql"]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "--quiet"], stdout=sys.stderr, env=environment, check=True)
    subprocess.run(command, stdout=sys.stderr, env=environment, check=True)
    if found := _installed():
        return found
    message = "PostgreSQL's server is not where Debian's package puts it"
    raise RuntimeError(message)


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
    with running() as server:
        environment = os.environ | {"DIGIME_TEST_POSTGRES": server.address}
        with subprocess.Popen(command, env=environment) as process:
            try:
                return process.wait()
            except KeyboardInterrupt:
                process.send_signal(signal.SIGINT)
                return process.wait()


if __name__ == "__main__":
    sys.exit(main())
