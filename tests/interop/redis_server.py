"""A Redis server of a test's own, which can be killed; Debian's package is installed where it is missing."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress

from debian import install

_PROGRAM = "redis-server"
_DURABLE = ("--appendonly", "yes", "--appendfsync", "always")
"""As the example asks for it."""


class RedisServer:
    """A server on a port and in a folder of its own."""

    def __init__(self, folder: str, settings: tuple[str, ...]) -> None:  # noqa: D107
        self.port = _free_port()
        own = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", folder, "--save", "")
        self._command = [_PROGRAM, *own, "--maxmemory-policy", "noeviction", *settings]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients connect to."""
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and return when it answers: while it reads what it has written, it says that it does."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        while not self._answers():
            time.sleep(0.005)

    def kill(self) -> None:
        """Kill it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False


@contextmanager
def running(settings: tuple[str, ...] = _DURABLE) -> Generator[RedisServer]:
    """Run a server until the end of the block."""
    if shutil.which(_PROGRAM) is None:
        install(_PROGRAM)
    with tempfile.TemporaryDirectory(prefix="digime-redis-") as folder:
        server = RedisServer(folder, settings)
        server.start()
        try:
            yield server
        finally:
            server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
